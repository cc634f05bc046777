"""The broker's order desk: takes orders in, passes them to the exchange, books what comes back."""

from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from typing import assert_never

import msgspec

from aipx.model.ids import AccountId, BrokerOrderNumber, Symbol
from aipx.model.instrument import Shares, Won
from aipx.model.market import TradingPhase
from aipx.model.order import NoticeRequest, NoticeStage, OrderKind, Side
from aipx.model.time import Nanos
from aipx.simulator.accounts import BrokerAccount, TradingCosts, buy_claim
from aipx.simulator.checks import (
    CASH_SHORT,
    NOTHING_TO_CHANGE,
    SHARES_SHORT,
    OrderTerms,
    check_hours,
    check_terms,
    worst_price,
)
from aipx.simulator.exchange import (
    Exchange,
    ExchangeEvent,
    ExchangeOrder,
    LapseReason,
    Listing,
    OrderCanceled,
    OrderExecuted,
    OrderLapsed,
    OrderRefusedByExchange,
    OrderReplaced,
    OrderRested,
    OrderTriggered,
)
from aipx.simulator.orders import OrderLedger, OrderRow
from aipx.simulator.rest.envelope import Rejection

_PHASES_OF_SYMBOLS = frozenset(
    {TradingPhase.VOLATILITY_AUCTION, TradingPhase.HALTED_BY_CIRCUIT_BREAKER}
)
"""What the hours alone do not tell."""

AccountEvent = (
    OrderRested
    | OrderTriggered
    | OrderExecuted
    | OrderCanceled
    | OrderReplaced
    | OrderLapsed
    | OrderRefusedByExchange
)


class DeskNotice(msgspec.Struct, frozen=True, kw_only=True):
    """Something to tell the account's owner; `quantity` and `price` are this step's."""

    row: OrderRow
    stage: NoticeStage
    at: Nanos
    quantity: Shares
    price: Won
    is_rejected: bool = False


class Change(Enum):
    """What a client wants done with a standing order."""

    MODIFY = "01"
    CANCEL = "02"


class ChangeTerms(msgspec.Struct, frozen=True, kw_only=True):
    """A modify or cancel; `quantity` None is the whole remainder. Kind and price: modify only."""

    change: Change
    number: str
    quantity: Shares | None
    kind: OrderKind
    price: Won
    trigger_price: Won = Won(0)


class OrderDesk:
    """All accounts of a run and their orders."""

    def __init__(
        self,
        *,
        is_paper: bool,
        exchange: Exchange,
        accounts: Mapping[AccountId, BrokerAccount],
        listings: Mapping[Symbol, Listing],
        costs: Mapping[Symbol, TradingCosts],
        ledger: OrderLedger,
        on_notice: Callable[[DeskNotice], None],
        on_events: Callable[[Sequence[ExchangeEvent]], None],
    ) -> None:
        self._is_paper = is_paper
        self._session = exchange.session
        self._exchange = exchange
        self._accounts = accounts
        self._listings = listings
        self._costs = costs
        self._ledger = ledger
        self._on_notice = on_notice
        self._on_events = on_events
        self._change_by_target: dict[int, OrderRow] = {}

    def place(self, account: AccountId, terms: OrderTerms, at: Nanos) -> OrderRow | Rejection:
        """Take a new order and pass it on, or refuse it as KIS does."""
        listing = self._listings.get(terms.symbol)
        rejection = self._check_terms(terms, at)
        if rejection:
            return rejection
        assert listing is not None, "check_terms refuses a symbol that is not listed"
        worst = worst_price(terms, listing)
        rejection = self._check_means(account, terms, worst)
        if rejection:
            return rejection
        row = self._new_row(account, terms, worst, at)
        self._claim(row, terms.quantity)
        row.open_quantity = row.quantity
        self._tell(row, NoticeStage.RECEIVED, at, Shares(row.quantity), row.price)
        self._on_events(self._exchange.submit(_exchange_order(row), at))
        return row

    def change(self, account: AccountId, terms: ChangeTerms, at: Nanos) -> OrderRow | Rejection:
        """Take a modify or cancel and pass it on, or refuse it as KIS does."""
        target = self._ledger.find(terms.number, account)
        rejection = check_hours(self._session, at, is_paper=self._is_paper)
        if rejection:
            return rejection
        if target is None or target.is_cancel or target.open_quantity == 0:
            return NOTHING_TO_CHANGE.of(is_paper=self._is_paper)
        quantity = Shares(target.open_quantity) if terms.quantity is None else terms.quantity
        if not 1 <= quantity <= target.open_quantity:
            return NOTHING_TO_CHANGE.of(is_paper=self._is_paper)
        if terms.change is Change.CANCEL:
            return self._cancel(target, quantity, at)
        return self._modify(target, terms, quantity, at)

    def take(self, event: AccountEvent) -> None:
        """Book what the exchange says of an account's order, and tell its owner."""
        match event:
            case OrderRested():
                return
            case OrderTriggered():
                self._ledger.by_key(event.key).triggered_at = event.at
            case OrderExecuted():
                self._executed(event)
            case OrderCanceled():
                self._canceled(event)
            case OrderReplaced():
                self._replaced(event)
            case OrderLapsed():
                self._lapsed(event)
            case OrderRefusedByExchange():
                self._refused(event)
            case _:
                assert_never(event)

    def _check_terms(self, terms: OrderTerms, at: Nanos) -> Rejection | None:
        phase = self._session.phase_at(at)
        listing = self._listings.get(terms.symbol)
        if listing is not None and self._exchange.phase(terms.symbol) in _PHASES_OF_SYMBOLS:
            phase = self._exchange.phase(terms.symbol)
        return check_terms(
            terms,
            listing,
            session=self._session,
            phase=phase,
            is_halted=listing is not None and self._exchange.is_halted(terms.symbol),
            now=at,
            is_paper=self._is_paper,
        )

    def _check_means(
        self, account: AccountId, terms: OrderTerms, worst: Won, *, freed: int = 0
    ) -> Rejection | None:
        """Check cash or shares; `freed` is what the order to be replaced gives back."""
        means = self._accounts[account]
        if terms.side is Side.BUY:
            needed = buy_claim(terms.quantity, worst, self._costs[terms.symbol])
            if needed > means.orderable_cash + freed:
                return CASH_SHORT.of(is_paper=self._is_paper)
        elif terms.quantity > means.holding(terms.symbol).sellable + freed:
            return SHARES_SHORT.of(is_paper=self._is_paper)
        return None

    def _new_row(
        self,
        account: AccountId,
        terms: OrderTerms,
        worst: Won,
        at: Nanos,
        *,
        request: NoticeRequest = NoticeRequest.NEW,
        original: BrokerOrderNumber = BrokerOrderNumber(""),  # noqa: B008 - a NewType of str
    ) -> OrderRow:
        row = OrderRow(
            number=self._ledger.next_number(),
            original_number=original,
            account=account,
            side=terms.side,
            kind=terms.kind,
            symbol=terms.symbol,
            quantity=terms.quantity,
            price=terms.price if terms.kind.is_priced else Won(0),
            at=at,
            request=request,
            open_quantity=0,
            worst_price=worst,
            trigger_price=terms.trigger_price,
        )
        self._ledger.add(row)
        return row

    def _claim(self, row: OrderRow, quantity: Shares) -> None:
        self._accounts[row.account].claim(
            row.number,
            symbol=row.symbol,
            side=row.side,
            worst_price=row.worst_price,
            quantity=quantity,
            costs=self._costs[row.symbol],
        )

    def _cancel(self, target: OrderRow, quantity: Shares, at: Nanos) -> OrderRow:
        row = self._new_row(
            target.account,
            _terms(target, quantity),
            target.worst_price,
            at,
            request=NoticeRequest.CANCEL,
            original=target.number,
        )
        self._tell(row, NoticeStage.RECEIVED, at, quantity, row.price)
        key = int(target.number)
        self._change_by_target[key] = row
        self._on_events(self._exchange.cancel(key, quantity, at))
        self._change_by_target.pop(key, None)
        return row

    def _modify(
        self, target: OrderRow, change: ChangeTerms, quantity: Shares, at: Nanos
    ) -> OrderRow | Rejection:
        listing = self._listings[target.symbol]
        terms = OrderTerms(
            symbol=target.symbol,
            side=target.side,
            kind=change.kind,
            quantity=quantity,
            price=change.price,
            trigger_price=change.trigger_price or target.trigger_price,
        )
        worst = worst_price(terms, listing)
        freed = self._accounts[target.account].freed_by(target.number, quantity)
        rejection = self._check_terms(terms, at) or self._check_means(
            target.account, terms, worst, freed=freed
        )
        if rejection:
            return rejection
        row = self._new_row(
            target.account,
            terms,
            worst,
            at,
            request=NoticeRequest.MODIFY,
            original=target.number,
        )
        self._tell(row, NoticeStage.RECEIVED, at, quantity, row.price)
        key = int(target.number)
        self._change_by_target[key] = row
        events = self._exchange.replace(
            key,
            new_key=int(row.number),
            kind=row.kind,
            price=row.price,
            quantity=quantity,
            at=at,
            trigger_price=row.trigger_price,
        )
        self._on_events(events)
        self._change_by_target.pop(key, None)
        return row

    def _executed(self, event: OrderExecuted) -> None:
        row = self._ledger.by_key(event.key)
        self._accounts[row.account].fill(row.number, quantity=event.quantity, price=event.price)
        row.open_quantity -= event.quantity
        row.filled_quantity += event.quantity
        row.filled_amount += event.quantity * event.price
        # The exchange may have filled more already, and tells it with the events that follow.
        assert row.open_quantity >= event.remaining, "desk and exchange count the same remainder"
        self._tell(row, NoticeStage.FILLED, event.at, event.quantity, event.price)

    def _canceled(self, event: OrderCanceled) -> None:
        target = self._ledger.by_key(event.key)
        self._take_off(target, event.quantity)
        target.canceled_quantity += event.quantity
        row = self._change_by_target.pop(event.key)
        self._tell(row, NoticeStage.CONFIRMED, event.at, event.quantity, row.price)

    def _replaced(self, event: OrderReplaced) -> None:
        target = self._ledger.by_key(event.key)
        self._take_off(target, event.quantity)
        target.canceled_quantity += event.quantity
        row = self._change_by_target.pop(event.key)
        row.open_quantity = event.quantity
        self._claim(row, event.quantity)
        self._tell(row, NoticeStage.CONFIRMED, event.at, event.quantity, row.price)

    def _lapsed(self, event: OrderLapsed) -> None:
        row = self._ledger.by_key(event.key)
        self._take_off(row, event.quantity)
        if event.reason is LapseReason.SESSION_END:
            # KIS says nothing when the session ends an order (assumed).
            row.expired_quantity += event.quantity
            return
        row.canceled_quantity += event.quantity
        self._tell(row, NoticeStage.LAPSED, event.at, event.quantity, row.price)

    def _refused(self, event: OrderRefusedByExchange) -> None:
        # A cancel is refused under its target's key, a modify under its own new one.
        row = self._change_by_target.pop(event.key, None) or self._ledger.by_key(event.key)
        if row.open_quantity:
            self._take_off(row, Shares(row.open_quantity))
        row.rejected_quantity = row.quantity
        self._tell(
            row,
            NoticeStage.RECEIVED,
            event.at,
            Shares(row.quantity),
            row.price,
            is_rejected=True,
        )

    def _take_off(self, row: OrderRow, quantity: Shares) -> None:
        self._accounts[row.account].release(row.number, quantity)
        row.open_quantity -= quantity

    def _tell(
        self,
        row: OrderRow,
        stage: NoticeStage,
        at: Nanos,
        quantity: Shares,
        price: Won,
        *,
        is_rejected: bool = False,
    ) -> None:
        self._on_notice(
            DeskNotice(
                row=row,
                stage=stage,
                at=at,
                quantity=quantity,
                price=price,
                is_rejected=is_rejected,
            )
        )


def _terms(row: OrderRow, quantity: Shares) -> OrderTerms:
    return OrderTerms(
        symbol=row.symbol,
        side=row.side,
        kind=row.kind,
        quantity=quantity,
        price=row.price,
        trigger_price=row.trigger_price,
    )


def _exchange_order(row: OrderRow) -> ExchangeOrder:
    return ExchangeOrder(
        key=int(row.number),
        symbol=row.symbol,
        side=row.side,
        kind=row.kind,
        quantity=Shares(row.quantity),
        price=row.price,
        trigger_price=row.trigger_price,
    )
