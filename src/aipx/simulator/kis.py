"""The whole simulated KIS: exchange, broker, REST host and WebSocket sessions in one object.

It lives through one market day after another: `begin_day` opens the next one, and with it go the
accounts, the tokens and the sessions; the exchange and the order numbers begin anew.

It is a function of what it is told: market time comes by `advance`, wall time with each request.
It opens no socket and reads no clock; servers and in-process transports are shells around it.
"""

from collections.abc import Mapping, Sequence

import msgspec

from aipx.model.ids import AccountId, BrokerOrderNumber, Symbol
from aipx.model.instrument import Shares, Won
from aipx.model.order import OrderKind, Side
from aipx.model.time import NANOS_PER_MINUTE, Nanos
from aipx.ports.transport import HttpRequest
from aipx.rules.calendar import next_session
from aipx.rules.sessions import Session
from aipx.rules.settlement import settlement_date
from aipx.simulator.accounts import BrokerAccount, costs_of
from aipx.simulator.company import company_of
from aipx.simulator.courier import Courier
from aipx.simulator.desk import OrderDesk
from aipx.simulator.exchange import (
    BookChanged,
    DailyBar,
    Exchange,
    ExchangeEvent,
    Listing,
    TradePrinted,
)
from aipx.simulator.faults import FaultPlan
from aipx.simulator.frames import FramePublisher
from aipx.simulator.market_faults import MARKET_FAULTS, MarketTroubles
from aipx.simulator.orders import DatedOrder, OrderLedger, OrderRow, PastOrders
from aipx.simulator.rest.api import RestApi
from aipx.simulator.rest.envelope import RestReply
from aipx.simulator.rest.gate import Gate
from aipx.simulator.rest.office import DailyHistory, Office
from aipx.simulator.rest.past import Pasts
from aipx.simulator.rest.troubled import TroubledApi
from aipx.simulator.sessions import FrameCounters, SessionHub, SocketSession
from aipx.simulator.settings import SimulatorSettings
from aipx.simulator.tape import Tape

START_BEFORE_AUCTION_NS = NANOS_PER_MINUTE
"""The day begins a little early, so that whoever connects first misses nothing."""


class LedgerOrder(msgspec.Struct, frozen=True, kw_only=True):
    """One broker number as it truly is, for checkers."""

    number: BrokerOrderNumber
    original_number: BrokerOrderNumber
    organisation: str
    side: Side
    kind: OrderKind
    symbol: Symbol
    quantity: Shares
    price: Won
    at: Nanos
    filled: Shares
    amount: Won
    canceled: Shares
    rejected: Shares
    expired: Shares
    open: Shares
    fee: Won
    tax: Won
    is_cancel: bool
    state: str


class LedgerHolding(msgspec.Struct, frozen=True, kw_only=True):
    """Shares held by trade date; sold-out symbols are not listed."""

    symbol: Symbol
    quantity: Shares
    cost: Won


class AccountLedger(msgspec.Struct, frozen=True, kw_only=True):
    """An account as it truly is, whatever answers and notices said."""

    account: AccountId
    opening_cash: Won
    cash_settled: Won
    """Cash at D+2."""
    orderable_cash: Won
    bought: Won
    sold: Won
    fees: Won
    taxes: Won
    holdings: tuple[LedgerHolding, ...]
    orders: tuple[LedgerOrder, ...]


def _no_history(_: Symbol) -> tuple[()]:
    return ()


class SimulatedKis:
    """One market day at KIS, from before the opening auction until after the close."""

    def __init__(
        self,
        *,
        settings: SimulatorSettings,
        exchange: Exchange,
        faults: FaultPlan | None = None,
        history: DailyHistory = _no_history,
        start: Nanos | None = None,
    ) -> None:
        self.faults = faults = FaultPlan() if faults is None else faults
        self._accounts = _accounts(settings)
        self._past_orders = PastOrders()
        self._gate = Gate(
            settings.accounts,
            seed=settings.seed,
            requests_per_second_max=settings.requests_per_second_max,
            is_paper=settings.is_paper,
        )
        self._troubles = MarketTroubles(faults) if faults.plans_any(MARKET_FAULTS) else None
        self._hub = SessionHub(
            settings,
            symbols=frozenset(exchange.symbols),
            appkey_of_approval=self._gate.appkey_of_approval,
            faults=faults,
        )
        self._open_day(settings, exchange, history)
        if start is not None:
            self.market_now = start

    def begin_day(self, exchange: Exchange, *, history: DailyHistory) -> None:
        """Let the exchange's day, a later one, begin; the night in between is skipped."""
        day = exchange.session.day
        assert day > self.settings.day, "days go forward only"
        for row in self._ledger:
            fee, tax = self._accounts[row.account].costs_booked(row.number)
            order = DatedOrder(day=self.settings.day, row=row, costs=Won(fee + tax))
            self._past_orders.add(order)
        for account in self._accounts.values():
            account.roll(day=day, next_day=next_session(day), settlement_day=settlement_date(day))
        settings = msgspec.structs.replace(self.settings, day=day)
        self._open_day(settings, exchange, history)

    def _open_day(
        self, settings: SimulatorSettings, exchange: Exchange, history: DailyHistory
    ) -> None:
        assert exchange.session.day == settings.day, "exchange and broker live on one day"
        self.settings = settings
        self.session: Session = exchange.session
        self.listings: Mapping[Symbol, Listing] = {
            symbol: exchange.listing(symbol) for symbol in exchange.symbols
        }
        self.market_now = Nanos(self.session.opening_auction_start - START_BEFORE_AUCTION_NS)
        self._exchange = exchange
        self._ledger = OrderLedger(number_base=settings.order_number_base)
        self._tape = Tape()
        self._build(history)

    def _build(self, history: DailyHistory) -> None:
        settings, listings, faults = self.settings, self.listings, self.faults
        self._publisher = FramePublisher(settings, listings=listings, hub=self._hub, faults=faults)
        self._courier = Courier(settings, listings=listings, hub=self._hub, faults=faults)
        costs = {
            symbol: costs_of(listing.instrument, settings.day)
            for symbol, listing in listings.items()
        }
        self._desk = OrderDesk(
            is_paper=settings.is_paper,
            exchange=self._exchange,
            accounts=self._accounts,
            listings=listings,
            costs=costs,
            ledger=self._ledger,
            on_notice=self._courier.send,
            on_events=self._process,
        )
        office = Office(
            settings=settings,
            session=self.session,
            exchange=self._exchange,
            listings=listings,
            accounts=self._accounts,
            costs=costs,
            ledger=self._ledger,
            past=self._past_orders,
            desk=self._desk,
            tape=self._tape,
            history=history,
            faults=faults,
            companies={
                symbol: company_of(each.instrument, each.limits.base, each.listed_shares)
                for symbol, each in listings.items()
            },
            pasts=Pasts(history),
        )
        self._api = TroubledApi(
            RestApi(office, self._gate), self._gate, faults, is_paper=settings.is_paper
        )

    @property
    def frames_sent(self) -> FrameCounters:
        """What went to sessions so far."""
        return self._hub.counters

    @property
    def sessions(self) -> tuple[SocketSession, ...]:
        """The WebSocket sessions that are up."""
        return self._hub.sessions

    def next_time(self) -> Nanos | None:
        """Return when something happens next by itself; None when the day is over."""
        times = [
            at for at in (self._exchange.next_time(), self._courier.next_time()) if at is not None
        ]
        return min(times) if times else None

    def late_notice_time(self) -> Nanos | None:
        """Return when the next notice that a fault holds back is due."""
        return self._courier.next_time()

    def advance(self, until: Nanos) -> None:
        """Let market time come to `until`; what happens fills the sessions' outboxes."""
        assert until >= self.market_now, "market time goes forward only"
        while True:
            due = self._courier.next_time()
            stop = until if due is None or due > until else max(due, self.market_now)
            self._process(self._exchange.advance(stop))
            self._courier.release(stop)
            self.market_now = stop
            if stop == until:
                break

    def rest(self, request: HttpRequest, *, wall: Nanos) -> RestReply:
        """Answer a REST request that came at host time `wall`, now in market time."""
        self.advance(self.market_now)  # what is due at this very moment comes before the request
        headers = {name.lower(): value for name, value in request.headers.items()}
        plain = msgspec.structs.replace(request, headers=headers)
        return self._api.reply(plain, wall=wall, at=self.market_now)

    def connect(self, *, wall: Nanos) -> SocketSession:
        """Open a WebSocket session."""
        return self._hub.connect(wall=wall)

    def tick(self, *, wall: Nanos) -> None:
        """Let wall time pass for the sessions: PINGPONG, and the end of the silent ones."""
        self._hub.tick(wall=wall)

    def expire_tokens(self, *, wall: Nanos) -> None:
        """End every access token, as KIS's maintenance does."""
        self._gate.expire_tokens(wall)

    def drop_sessions(self) -> int:
        """End every WebSocket session without a close frame; return how many there were."""
        sessions = self.sessions
        for session in sessions:
            session.close()
        return len(sessions)

    def halt(self, symbol: Symbol) -> None:
        """Stop a symbol's trading now.

        Raises:
            InputError: it is not listed, or is not trading.
        """
        self.advance(self.market_now)
        self._process(self._exchange.halt(symbol, self.market_now))

    def resume(self, symbol: Symbol) -> None:
        """End a symbol's halt now, by an auction.

        Raises:
            InputError: it is not listed, or not halted.
        """
        self.advance(self.market_now)
        self._process(self._exchange.resume(symbol, self.market_now))

    def break_circuit(self, stage: int) -> None:
        """Let a stage of the circuit breaker, from 1, stop the whole market now.

        Raises:
            InputError: it is not the day's next stage, or not now.
        """
        self.advance(self.market_now)
        self._process(self._exchange.break_circuit(stage, self.market_now))

    def day_bars(self) -> tuple[DailyBar, ...]:
        """Return each symbol's day as it traded so far; symbols without a print are left out."""
        trades = [trade for symbol in self.listings if (trade := self._exchange.last(symbol))]
        return tuple(
            DailyBar(
                symbol=trade.symbol,
                day=self.settings.day,
                open=trade.open,
                high=trade.high,
                low=trade.low,
                close=trade.price,
                volume=trade.day_volume,
                previous_close=self.listings[trade.symbol].limits.base,
                previous_volume=trade.previous_volume,
                source="simulated",
            )
            for trade in trades
        )

    def ledger(self, account: AccountId) -> AccountLedger:
        """Return an account's true state, for checkers."""
        means = self._accounts[account]
        return AccountLedger(
            account=account,
            opening_cash=means.opening_cash,
            cash_settled=means.cash_settled,
            orderable_cash=means.orderable_cash,
            bought=means.bought,
            sold=means.sold,
            fees=means.fees,
            taxes=means.taxes,
            holdings=tuple(
                LedgerHolding(symbol=each.symbol, quantity=each.quantity, cost=each.cost)
                for each in means.holdings
                if each.quantity
            ),
            orders=tuple(self._ledger_order(row) for row in self._ledger.of_account(account)),
        )

    def _process(self, events: Sequence[ExchangeEvent]) -> None:
        publisher, tape = self._publisher, self._tape
        if self._troubles is not None:
            events = [self._troubles.told(event) for event in events]
        for event in events:
            if isinstance(event, BookChanged):
                tape.note_book(event)
                publisher.book(event)
            elif isinstance(event, TradePrinted):
                tape.add(event)
                publisher.trade(event)
            else:
                self._desk.take(event)
        publisher.flush()

    def _ledger_order(self, row: OrderRow) -> LedgerOrder:
        fee, tax = self._accounts[row.account].costs_booked(row.number)
        return LedgerOrder(
            number=row.number,
            original_number=row.original_number,
            organisation=self.settings.organisation,
            side=row.side,
            kind=row.kind,
            symbol=row.symbol,
            quantity=Shares(row.quantity),
            price=row.price,
            at=row.at,
            filled=Shares(row.filled_quantity),
            amount=Won(row.filled_amount),
            canceled=Shares(row.canceled_quantity),
            rejected=Shares(row.rejected_quantity),
            expired=Shares(row.expired_quantity),
            open=Shares(row.open_quantity),
            fee=fee,
            tax=tax,
            is_cancel=row.is_cancel,
            state=row.state,
        )


def _accounts(settings: SimulatorSettings) -> dict[AccountId, BrokerAccount]:
    next_day, settles = next_session(settings.day), settlement_date(settings.day)
    return {
        account.account_id: BrokerAccount(
            cash=account.cash,
            holdings=account.holdings,
            next_day=next_day,
            settlement_day=settles,
        )
        for account in settings.accounts
    }
