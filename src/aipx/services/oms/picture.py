"""What the gate sees of the market, kept from the bus and the broker's reference answers."""

from datetime import date

from aipx.engine.risk import MarketPicture, Quote
from aipx.errors import InputError
from aipx.model.ids import Symbol
from aipx.model.instrument import Won
from aipx.model.market import Book, MarketEvent, Trade, TradingPhase
from aipx.model.time import Nanos
from aipx.ports.broker import InstrumentReference
from aipx.rules.sessions import krx_session


class Pictures:
    """The latest quote and today's reference of each symbol, in memory only."""

    def __init__(self, *, is_paper: bool) -> None:
        self._is_paper = is_paper
        self._references: dict[Symbol, tuple[InstrumentReference, date]] = {}
        self._quotes: dict[Symbol, Quote] = {}

    def learn(self, reference: InstrumentReference, day: date) -> None:
        """Take what the broker says of an instrument on `day`; it holds for that day only."""
        self._references[reference.instrument.symbol] = (reference, day)

    def see(self, event: MarketEvent) -> None:
        """Take a trade or book in as the symbol's quote."""
        fact = event.fact
        if isinstance(fact, Book):
            ask, bid = Won(fact.ask_prices[0]), Won(fact.bid_prices[0])
        elif isinstance(fact, Trade):
            ask, bid = fact.ask_price, fact.bid_price
        else:
            return
        self._quotes[fact.symbol] = Quote(ask_price=ask, bid_price=bid, at=event.receive_time)

    def of(self, symbol: Symbol, *, day: date, now: Nanos) -> MarketPicture:
        """Return what is known of a symbol at market time `now`."""
        known = self._references.get(symbol)
        reference = known[0] if known is not None and known[1] == day else None
        return MarketPicture(
            day=day,
            phase=_phase(day, now),
            is_paper=self._is_paper,
            instrument=None if reference is None else reference.instrument,
            limits=None if reference is None else reference.limits,
            is_halted=reference is None or reference.is_halted,
            quote=self._quotes.get(symbol),
        )

    def is_session_over(self, day: date, now: Nanos) -> bool:
        """True where the day's session has ended, or there was none."""
        try:
            return now >= krx_session(day).close
        except InputError:
            return True


def _phase(day: date, now: Nanos) -> TradingPhase:
    try:
        return krx_session(day).phase_at(now)
    except InputError:
        # A day that the rulebook does not know is a day on which nothing is sent.
        return TradingPhase.CLOSED
