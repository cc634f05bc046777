"""The broker port on KIS's REST API: orders are sent once, inquiries repeat within bounds."""

import asyncio
from collections.abc import Sequence
from datetime import date

import structlog

from aipx.adapters.kis.access import KisAccess
from aipx.adapters.kis.inquiries import Inquiries
from aipx.adapters.kis.limiter import Priority
from aipx.adapters.kis.verdicts import TokenDead, judge
from aipx.errors import Refused, RemoteError
from aipx.model.ids import Symbol
from aipx.model.instrument import Won
from aipx.model.order import BrokerBalance, BrokerHolding, BrokerOrder, OrderKind
from aipx.model.outcome import CancelTarget, Outcome, Refusal, UnknownOutcome
from aipx.model.time import NANOS_PER_SECOND
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
from aipx.wire.kis.rest.quotes import parse_price, price_request
from aipx.wire.kis.rest.trading import cancel_request, submit_request

NOT_SENT = "AIPX-NOT-SENT"
"""Code of a refusal of our own: no token or no turn in time, so nothing left."""

_log = structlog.get_logger()


class KisBroker:
    """One account at KIS."""

    def __init__(self, access: KisAccess) -> None:
        self._access = access
        self._account = access.credentials.account_id
        self._environment = access.credentials.environment
        self._inquiries = Inquiries(access)

    async def submit(self, approved: Approved) -> Outcome:
        """Send the order once and tell its outcome; never raises a RemoteError."""
        request = submit_request(
            approved.wish, account=self._account, environment=self._environment
        )
        return await self._act(request, Priority.ORDER)

    async def cancel(self, target: CancelTarget) -> Outcome:
        """Ask once for the whole remainder to be cancelled; never raises a RemoteError."""
        request = cancel_request(target, account=self._account, environment=self._environment)
        return await self._act(request, Priority.CANCEL)

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

    async def _act(self, request: RestRequest, priority: Priority) -> Outcome:
        """Send once; once more only where the gateway refused the token, before KIS's ledger."""
        token = await self._admit(priority)
        if isinstance(token, Refusal):
            return token
        verdict = await self._send(request, token)
        if not isinstance(verdict, TokenDead):
            return verdict
        renewed = await self._admit(priority, dead=token)
        if isinstance(renewed, Refusal):
            return renewed
        verdict = await self._send(request, renewed)
        return verdict.refusal if isinstance(verdict, TokenDead) else verdict

    async def _admit(self, priority: Priority, *, dead: str = "") -> str | Refusal:
        """Return a token when the order may go; a Refusal is certain, for nothing was sent."""
        clock = self._access.monotonic_clock
        limit_ns = self._access.settings.order_preparation_ns_max
        tokens = self._access.tokens
        try:
            async with asyncio.timeout(limit_ns / NANOS_PER_SECOND):
                token = await (tokens.renew(dead) if dead else tokens.token())
                await self._access.rest.admit(priority)
        except TimeoutError:
            reason = f"no token and turn within {limit_ns / NANOS_PER_SECOND:g} s"
        except RemoteError as error:
            reason = str(error)
        else:
            return token
        _log.warning("order.withheld", reason=reason)
        return Refusal(code=NOT_SENT, message=reason, sent_monotonic_ns=clock.now())

    async def _send(self, request: RestRequest, token: str) -> Outcome | TokenDead:
        started_at = self._access.monotonic_clock.now()
        try:
            response = await self._access.rest.send_admitted(
                request, timeout_ns=self._access.settings.order_timeout_ns, token=token
            )
        except RemoteError as error:
            _log.warning("order.outcome_unknown", path=request.path, reason=str(error))
            return UnknownOutcome(reason=str(error), sent_monotonic_ns=started_at)
        return judge(response)


def _is_whole(pages: Sequence[tuple[BrokerOrder, ...]]) -> bool:
    # A row that moved to the next page while an order came in shows twice, or hides another.
    numbers = [(order.organisation, order.number) for orders in pages for order in orders]
    return len(numbers) == len(set(numbers))


def _is_one_moment(pages: Sequence[tuple[tuple[BrokerHolding, ...], CashPart]]) -> bool:
    # Every page repeats the amounts: where they differ, a fill came between.
    return all(cash == pages[0][1] for _, cash in pages)
