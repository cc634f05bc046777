"""From the exchange's prints and books to KIS's frames, once each, for all who registered."""

from collections.abc import Mapping
from random import Random

from aipx.model.ids import Symbol
from aipx.model.market import Aggressor, TradingPhase
from aipx.model.time import NANOS_PER_SECOND, Nanos, kst_hhmmss, kst_yyyymmdd
from aipx.simulator.exchange import BookChanged, Listing, TradePrinted
from aipx.simulator.faults import FaultName, FaultPlan
from aipx.simulator.sessions import SessionHub
from aipx.simulator.settings import SimulatorSettings
from aipx.wire.kis.codes import (
    BOOK_TR_ID,
    CODE_BY_AGGRESSOR,
    HOUR_CLASS_BY_PHASE,
    TRADE_TR_ID,
)
from aipx.wire.kis.frames import join_frame
from aipx.wire.kis.records import KisBook, KisTrade, format_book, format_trade

_AUCTIONS = (
    TradingPhase.OPENING_AUCTION,
    TradingPhase.VOLATILITY_AUCTION,
    TradingPhase.CLOSING_AUCTION,
)
# By the enums' texts: an enum's own hash is computed anew, in Python, each time.
_HOUR_CLASSES = {phase.value: code for phase, code in HOUR_CLASS_BY_PHASE.items()}
_AGGRESSOR_CODES = {aggressor.value: code for aggressor, code in CODE_BY_AGGRESSOR.items()}


class _Seconds(dict[int, str]):
    """HHMMSS by second; the moments of one day repeat, and are some ten thousand at most."""

    def __missing__(self, second: int) -> str:
        text = self[second] = kst_hhmmss(Nanos(second * NANOS_PER_SECOND))
        return text


class _Pending:
    """Trade records of one symbol that wait for company in their frame."""

    __slots__ = ("opening_volume", "random", "records")

    def __init__(self, seed: str) -> None:
        self.records: list[str] = []
        self.random = Random(seed)  # noqa: S311 - frames must be the same in every run
        self.opening_volume = 0


class FramePublisher:
    """Formats and queues market data.

    Trades of one symbol within one step of the market may share a frame; books never wait. So a
    book may overtake the trade before it, as at KIS, where the two come by separate channels.
    """

    def __init__(
        self,
        settings: SimulatorSettings,
        *,
        listings: Mapping[Symbol, Listing],
        hub: SessionHub,
        faults: FaultPlan,
    ) -> None:
        self._layout = settings.layout
        self._date = kst_yyyymmdd(settings.day)
        self._ratio = settings.multi_record_ratio
        self._records_max = settings.frame_records_max
        self._listings = listings
        self._hub = hub
        self._faults = faults
        self._loses_ticks = faults.plans(FaultName.TICKS_MISSING)
        self._seconds = _Seconds()
        self._pending = {
            symbol: _Pending(f"{settings.seed}/frames/{symbol}") for symbol in listings
        }

    def trade(self, event: TradePrinted) -> None:
        """Take a print; it goes out at once, or with the next of its symbol in this step."""
        pending = self._pending[event.symbol]
        if event.day_volume == event.size and event.aggressor is Aggressor.NONE:
            pending.opening_volume = event.size
        if not self._hub.has_listeners(TRADE_TR_ID, event.symbol):
            pending.records.clear()
            return
        now = self._seconds[event.at // NANOS_PER_SECOND]
        if self._loses_ticks and self._faults.strikes(FaultName.TICKS_MISSING, now):
            return
        records = pending.records
        if records and not (
            len(records) < self._records_max and pending.random.random() < self._ratio
        ):
            self._send(event.symbol, pending)
        pending.records.append(format_trade(self._trade_record(event, now), self._layout))

    def book(self, event: BookChanged) -> None:
        """Send a snapshot."""
        if not self._hub.has_listeners(BOOK_TR_ID, event.symbol):
            return
        now = self._seconds[event.at // NANOS_PER_SECOND]
        record = self._book_record(event, now)
        frame = join_frame(BOOK_TR_ID, [format_book(record, self._layout)])
        taken = self._hub.publish(BOOK_TR_ID, event.symbol, frame, now=now)
        self._hub.counters.books += taken

    def flush(self) -> None:
        """Send what waits: the step is over."""
        for symbol, pending in self._pending.items():
            if pending.records:
                self._send(symbol, pending)

    def _send(self, symbol: Symbol, pending: _Pending) -> None:
        records, pending.records = pending.records, []
        frame = join_frame(TRADE_TR_ID, records)
        now = records[0].split("^", 2)[1]
        taken = self._hub.publish(TRADE_TR_ID, symbol, frame, now=now)
        self._hub.counters.trades += taken * len(records)

    def _trade_record(self, event: TradePrinted, now: str) -> KisTrade:
        limits = self._listings[event.symbol].limits
        seconds = self._seconds
        return KisTrade(
            symbol=event.symbol,
            time=now,
            date=self._date,
            price=event.price,
            size=event.size,
            aggressor=_AGGRESSOR_CODES[event.aggressor._value_],
            previous_close=limits.base,
            open=event.open,
            high=event.high,
            low=event.low,
            open_time=seconds[event.open_at // NANOS_PER_SECOND],
            high_time=seconds[event.high_at // NANOS_PER_SECOND],
            low_time=seconds[event.low_at // NANOS_PER_SECOND],
            ask_price=event.ask_price,
            bid_price=event.bid_price,
            ask_size=event.ask_size,
            bid_size=event.bid_size,
            total_ask_size=event.total_ask_size,
            total_bid_size=event.total_bid_size,
            day_volume=event.day_volume,
            day_value=event.day_value,
            sell_count=event.sell_count,
            buy_count=event.buy_count,
            sell_volume=event.sell_volume,
            buy_volume=event.buy_volume,
            vi_price=event.reference_price,
            upper_limit=limits.upper,
            lower_limit=limits.lower,
            previous_volume=event.previous_volume,
            previous_volume_by_now=event.previous_volume_by_now,
            listed_shares=event.listed_shares,
        )

    def _book_record(self, event: BookChanged, now: str) -> KisBook:
        limits = self._listings[event.symbol].limits
        is_auction = event.phase in _AUCTIONS
        ask, bid = event.ask_prices[0], event.bid_prices[0]
        return KisBook(
            symbol=event.symbol,
            time=now,
            hour_class=_HOUR_CLASSES[event.phase._value_],
            ask_prices=event.ask_prices,
            bid_prices=event.bid_prices,
            ask_sizes=event.ask_sizes,
            bid_sizes=event.bid_sizes,
            total_ask_size=event.total_ask_size,
            total_bid_size=event.total_bid_size,
            day_volume=event.day_volume,
            previous_close=limits.base,
            indicative_price=event.indicative_price,
            indicative_size=event.indicative_size,
            indicative_volume=(
                event.indicative_size if is_auction else self._pending[event.symbol].opening_volume
            ),
            total_ask_change=event.total_ask_change,
            total_bid_change=event.total_bid_change,
            upper_limit=limits.upper,
            lower_limit=limits.lower,
            mid_price=(ask + bid) // 2 if ask and bid and not is_auction else 0,
        )
