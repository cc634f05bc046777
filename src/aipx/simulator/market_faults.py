"""Faults of the market's own news: prints off the tick, thin books, frames of an unknown shape."""

from collections.abc import Mapping

import msgspec

from aipx.model.instrument import Shares, Won
from aipx.model.market import BOOK_LEVELS
from aipx.model.time import kst_hhmmss
from aipx.simulator.exchange import BookChanged, ExchangeEvent, TradePrinted
from aipx.simulator.faults import FaultName, FaultPlan
from aipx.wire.kis.codes import BOOK_TR_ID, TRADE_TR_ID

MARKET_FAULTS = frozenset({FaultName.OFF_TICK_PRINT, FaultName.BOOK_THREE_LEVELS})
FRAME_FAULTS = frozenset({FaultName.FRAME_WIDTH, FaultName.SESSION_CHANGE})
LEVELS_LEFT = 3

NEW_HOUR_CLASS = "E"
"""An hour class that no document has: what a client sees on the first day of a new session."""

_EXTRA_FIELD = "0"
_HOUR_CLASS_PLACE: Mapping[str, int] = {TRADE_TR_ID: 43, BOOK_TR_ID: 2}


class MarketTroubles:
    """Alters what the exchange tells before anyone is told."""

    def __init__(self, faults: FaultPlan) -> None:
        self._faults = faults

    def told(self, event: ExchangeEvent) -> ExchangeEvent:
        """Return the event as it will be told."""
        if isinstance(event, TradePrinted):
            return self._trade(event)
        if isinstance(event, BookChanged):
            return self._book(event)
        return event

    def _trade(self, event: TradePrinted) -> TradePrinted:
        """Print in the middle of the quotes, as mid-price orders do: half a tick off, at times."""
        ask, bid = event.ask_price, event.bid_price
        if not (ask and bid) or not self._strikes(FaultName.OFF_TICK_PRINT, event):
            return event
        price = Won((ask + bid) // 2)
        return msgspec.structs.replace(
            event,
            price=price,
            high=max(event.high, price),
            low=min(event.low, price),
        )

    def _book(self, event: BookChanged) -> BookChanged:
        if not self._strikes(FaultName.BOOK_THREE_LEVELS, event):
            return event
        ask_total = sum(event.ask_sizes[:LEVELS_LEFT])
        bid_total = sum(event.bid_sizes[:LEVELS_LEFT])
        return msgspec.structs.replace(
            event,
            ask_prices=_thinned(event.ask_prices),
            ask_sizes=_thinned(event.ask_sizes),
            bid_prices=_thinned(event.bid_prices),
            bid_sizes=_thinned(event.bid_sizes),
            total_ask_change=event.total_ask_change + ask_total - event.total_ask_size,
            total_bid_change=event.total_bid_change + bid_total - event.total_bid_size,
            total_ask_size=Shares(ask_total),
            total_bid_size=Shares(bid_total),
        )

    def _strikes(self, name: FaultName, event: TradePrinted | BookChanged) -> bool:
        return self._faults.strikes(name, kst_hhmmss(event.at))


class FrameTroubles:
    """Alters data frames on their way to the sessions."""

    def __init__(self, faults: FaultPlan) -> None:
        self._faults = faults

    def altered(self, tr_id: str, frame: str, now: str) -> str:
        """Return the frame as it goes out."""
        if self._faults.strikes(FaultName.FRAME_WIDTH, now):
            frame = _rewritten(frame, extra=_EXTRA_FIELD)
        if tr_id in _HOUR_CLASS_PLACE and self._faults.strikes(FaultName.SESSION_CHANGE, now):
            frame = _rewritten(frame, place=_HOUR_CLASS_PLACE[tr_id], value=NEW_HOUR_CLASS)
        return frame


def _rewritten(frame: str, *, extra: str = "", place: int = -1, value: str = "") -> str:
    """Append a field to every record of a frame, or put `value` at `place` of each."""
    head, tr_id, count, payload = frame.split("|", 3)
    fields = payload.split("^")
    width = len(fields) // int(count)
    records = [fields[start : start + width] for start in range(0, len(fields), width)]
    for record in records:
        if place >= 0:
            record[place] = value
        if extra:
            record.append(extra)
    joined = "^".join("^".join(record) for record in records)
    return f"{head}|{tr_id}|{count}|{joined}"


def _thinned(values: tuple[int, ...]) -> tuple[int, ...]:
    return values[:LEVELS_LEFT] + (0,) * (BOOK_LEVELS - LEVELS_LEFT)
