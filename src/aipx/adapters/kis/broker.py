"""The broker port on KIS's REST API: orders are sent once, inquiries repeat within bounds."""

from collections.abc import Sequence
from datetime import date

from aipx.adapters.kis.access import KisAccess
from aipx.adapters.kis.acts import Acts
from aipx.adapters.kis.inquiries import Inquiries
from aipx.adapters.kis.limiter import Priority
from aipx.errors import Refused
from aipx.model.ids import Symbol
from aipx.model.instrument import Shares, Won
from aipx.model.order import BrokerBalance, BrokerHolding, BrokerOrder, OrderKind, Side
from aipx.model.outcome import CancelTarget, Outcome
from aipx.model.verdict import Approved
from aipx.ports.broker import InstrumentReference
from aipx.wire.kis.rest.account import (
    BuyingPower,
    CashPart,
    balance_request,
    buying_power_request,
    daily_orders_request,
    join_balance,
    parse_balance_page,
    parse_buying_power,
    parse_daily_orders_page,
)
from aipx.wire.kis.rest.envelope import RestRequest
from aipx.wire.kis.rest.open_orders import (
    OpenOrder,
    Sellable,
    open_orders_request,
    parse_open_orders_page,
    parse_sellable,
    sellable_request,
)
from aipx.wire.kis.rest.quotes import parse_price, price_request
from aipx.wire.kis.rest.trading import cancel_request, replace_request, submit_request


class KisBroker:
    """One account at KIS."""

    def __init__(self, access: KisAccess) -> None:
        self._access = access
        self._account = access.credentials.account_id
        self._environment = access.credentials.environment
        self._inquiries = Inquiries(access)
        self._acts = Acts(access)

    async def submit(self, approved: Approved) -> Outcome:
        """Send the order once and tell its outcome; never raises a RemoteError."""
        request = submit_request(
            approved.wish, account=self._account, environment=self._environment
        )
        return await self._acts.act(request, _priority(approved))

    async def cancel(self, target: CancelTarget) -> Outcome:
        """Ask once for the whole remainder to be cancelled; never raises a RemoteError."""
        request = cancel_request(target, account=self._account, environment=self._environment)
        return await self._acts.act(request, Priority.CANCEL)

    async def cancel_part(self, target: CancelTarget, quantity: Shares) -> Outcome:
        """Ask once for `quantity` shares of the remainder to be cancelled; never raises.

        Unlike a whole cancel it must not be repeated while its outcome is unknown.
        """
        request = cancel_request(
            target, account=self._account, environment=self._environment, quantity=quantity
        )
        return await self._acts.act(request, Priority.CANCEL)

    async def replace(self, target: CancelTarget, approved: Approved) -> Outcome:
        """Ask once for an order to become `approved`, in price, kind or quantity; never raises.

        The modified shares get a new number, in the Acceptance; less than the remainder splits
        the order. It must not be repeated while its outcome is unknown.
        """
        wish = approved.wish
        assert (wish.symbol, wish.side, wish.venue) == (target.symbol, target.side, target.venue), (
            "KIS modifies neither symbol nor side nor venue"
        )
        request = replace_request(
            target, wish, account=self._account, environment=self._environment
        )
        return await self._acts.act(request, _priority(approved))

    async def orders(self, day: date) -> Sequence[BrokerOrder]:
        """Return all of the account's orders of `day`, oldest first, of one unchanged listing.

        Raises:
            RemoteError: no complete and consistent listing could be had.
        """

        def page(continuation: tuple[str, str]) -> RestRequest:
            return daily_orders_request(
                self._account,
                environment=self._environment,
                day=day,
                continuation=continuation,
            )

        pages = await self._inquiries.pages(page, parse_daily_orders_page, is_whole=_is_whole)
        return [order for orders in pages for order in orders]

    async def past_orders(self, first: date, last: date, *, is_old: bool) -> Sequence[BrokerOrder]:
        """Return all orders of past days, oldest first; `is_old` where over three months back.

        Raises:
            RemoteError: no complete and consistent listing could be had.
        """

        def page(continuation: tuple[str, str]) -> RestRequest:
            return daily_orders_request(
                self._account,
                environment=self._environment,
                day=first,
                last=last,
                is_old=is_old,
                continuation=continuation,
            )

        pages = await self._inquiries.pages(page, parse_daily_orders_page, is_whole=_is_whole)
        return [order for orders in pages for order in orders]

    async def open_orders(self) -> Sequence[OpenOrder]:
        """Return what can be modified or cancelled, of one unchanged listing; real system only.

        Raises:
            InputError: on paper, where the day's orders tell it.
            RemoteError: no complete and consistent listing could be had.
        """

        def page(continuation: tuple[str, str]) -> RestRequest:
            return open_orders_request(
                self._account, environment=self._environment, continuation=continuation
            )

        pages = await self._inquiries.pages(page, parse_open_orders_page, is_whole=_is_whole)
        return [order for orders in pages for order in orders]

    async def sellable(self, symbol: Symbol) -> Sellable:
        """Return what of a symbol may be sold; real system only.

        Raises:
            InputError: on paper, where the balance tells it.
            RemoteError: no answer.
        """
        request = sellable_request(self._account, environment=self._environment, symbol=symbol)
        return await self._inquiries.one(request, parse_sellable)

    async def balance(self) -> BrokerBalance:
        """Return holdings and cash.

        Raises:
            RemoteError: no complete answer could be had.
        """

        def page(continuation: tuple[str, str]) -> RestRequest:
            return balance_request(
                self._account, environment=self._environment, continuation=continuation
            )

        pages = await self._inquiries.pages(page, parse_balance_page, is_whole=_is_one_moment)
        holdings = tuple(holding for found, _ in pages for holding in found)
        return join_balance(holdings, pages[-1][1])

    async def reference(self, symbol: Symbol) -> InstrumentReference:
        """Return price limits, base price and state of an instrument today.

        Raises:
            RemoteError: no answer; Refused for a symbol the broker does not know.
        """
        answer = await self._inquiries.one(
            price_request(symbol, environment=self._environment),
            lambda body: parse_price(body, symbol=symbol),
        )
        if answer is None:
            raise Refused(f"KIS knows no symbol {symbol}", code="", reason="base price 0")
        return InstrumentReference(
            instrument=answer.instrument,
            limits=answer.limits,
            last_price=answer.last_price,
            is_halted=answer.is_halted,
        )

    async def buying_power(self, symbol: Symbol, kind: OrderKind, price: Won) -> BuyingPower:
        """Return what KIS would let the account buy; a market order is reckoned at the limit.

        Raises:
            RemoteError: no answer.
        """
        request = buying_power_request(
            self._account, environment=self._environment, symbol=symbol, kind=kind, price=price
        )
        return await self._inquiries.one(request, parse_buying_power)


def _priority(approved: Approved) -> Priority:
    # A KIS cash account cannot sell short, so a sell only lessens what is held.
    return Priority.REDUCE if approved.wish.side is Side.SELL else Priority.OPEN


def _is_whole(pages: Sequence[tuple[BrokerOrder, ...]] | Sequence[tuple[OpenOrder, ...]]) -> bool:
    # A row that moved to the next page while an order came in shows twice, or hides another.
    numbers = [(order.organisation, order.number) for orders in pages for order in orders]
    return len(numbers) == len(set(numbers))


def _is_one_moment(pages: Sequence[tuple[tuple[BrokerHolding, ...], CashPart]]) -> bool:
    # Every page repeats the amounts: where they differ, a fill came between.
    return all(cash == pages[0][1] for _, cash in pages)
