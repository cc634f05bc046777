"""Data frames of the WebSocket: `<e>|<TR>|<NNN>|<payload>`, into trades and books.

Every text gives models or BadPeerData. The expressions below read and check one record in one
pass; int() then sees nothing but 1-18 ASCII digits, so its own generosity never matters.
"""

import re
from collections.abc import Callable, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, Protocol, cast

import msgspec

from aipx.errors import BadPeerData
from aipx.model.ids import Symbol
from aipx.model.instrument import Shares, Venue, Won
from aipx.model.market import Book, Trade, TradingPhase
from aipx.model.time import Nanos, kst_midnight
from aipx.wire.kis.codes import (
    AGGRESSOR_BY_CODE,
    PHASE_BY_HOUR_CLASS,
    PHASE_BY_MARKET_CLASS,
    REGULAR_MARKET_CLASS,
    VENUE_BY_TR_ID,
)
from aipx.wire.kis.layout import TABLES, is_known_width
from aipx.wire.kis.texts import MIDNIGHT_NS, TIME_OF_DAY_NS, shown

# Possessive and written out, not repeated by count: a third faster, and there is nothing to retry.
_NUMBER = "[0-9]{1,18}+"
_ANY = "[^^]*+"
_SYMBOL_AND_TIME = r"([0-9A-Z]{6,9}+)\^([0-9]{6})\^"


def _run(field: str, count: int) -> str:
    return r"\^".join([field] * count)


# The groups of a trade record: #0 #1 #2, #10-#14 as one text, #21 #33 #43 and, since the 47-field
# layout, #46.
_TRADE = re.compile(
    rf"{_SYMBOL_AND_TIME}({_NUMBER})\^{_run(_ANY, 7)}\^({_run(_NUMBER, 5)})\^"
    rf"{_run(_ANY, 6)}\^({_ANY})\^{_run(_ANY, 11)}\^([0-9]{{8}})\^{_run(_ANY, 9)}\^({_ANY})\^"
    rf"{_run(_ANY, 2)}(?:\^({_ANY}))?+"
)
# #0 #1 #2, #3-#48 as one text, #53, and #62 where the record has it.
_BOOK = re.compile(
    rf"{_SYMBOL_AND_TIME}({_ANY})\^({_run(_NUMBER, 46)})\^{_run(_ANY, 4)}\^({_NUMBER})\^"
    rf"{_run(_ANY, 5)}(?:\^{_run(_ANY, 3)}\^({_ANY}))?+"
)


class _TradeMatch(Protocol):
    def groups(self) -> tuple[Symbol, str, str, str, str, str, str, str | None]: ...


class _BookMatch(Protocol):
    def groups(self) -> tuple[Symbol, str, str, str, str, str | None]: ...


_match_trade = cast("Callable[[str], _TradeMatch | None]", _TRADE.match)
_match_book = cast("Callable[[str], _BookMatch | None]", _BOOK.match)


def _decoder(count: int) -> Callable[[str], tuple[Any, ...]]:
    return msgspec.json.Decoder(tuple.__class_getitem__((int,) * count)).decode


_decode_levels = _decoder(46)
_decode_quote = _decoder(5)

_PHASES: dict[tuple[str, str | None], TradingPhase] = {
    (hour_class, market_class): PHASE_BY_MARKET_CLASS.get(market_class or "", phase)
    for hour_class, phase in PHASE_BY_HOUR_CLASS.items()
    for market_class in (None, "", REGULAR_MARKET_CLASS, *PHASE_BY_MARKET_CLASS)
}
_AGGRESSORS = dict(AGGRESSOR_BY_CODE)
_VENUES = dict(VENUE_BY_TR_ID)

# The types of `model` at no cost: calling a NewType is a call more.
_won = cast("Callable[[str], Won]", int)
_shares = cast("Callable[[str], Shares]", int)
_nanos = cast("Callable[[int], Nanos]", int)

_DAYS_CACHED_MAX = 64
_midnight = lru_cache(maxsize=_DAYS_CACHED_MAX)(kst_midnight)


class DataFrame(msgspec.Struct, frozen=True):
    """A frame cut at its first three bars; the payload is still one text."""

    is_encrypted: bool
    tr_id: str
    count: int
    payload: str

    @property
    def width(self) -> int:
        """Fields per record, as sent; 0 where the fields do not divide by the count."""
        width, rest = divmod(self.payload.count("^") + 1, self.count)
        return 0 if rest else width

    @property
    def is_known_width(self) -> bool:
        """Tell whether KIS was seen to send this TR in this width before."""
        return is_known_width(self.tr_id, self.width)


def split_frame(raw: str) -> DataFrame:
    """Cut a frame.

    Raises:
        BadPeerData: not four parts, an unknown first character, or a count that is not 001-999.
    """
    try:
        encrypted, tr_id, number, payload = raw.split("|", 3)
    except ValueError:
        raise BadPeerData(f"frame is {shown(raw)}, not <0 or 1>|<TR>|<count>|<records>") from None
    if number == "001" and encrypted == "0":
        return DataFrame(False, tr_id, 1, payload)
    if encrypted not in ("0", "1"):
        raise BadPeerData(f"frame begins with {shown(encrypted)}, must be 0 or 1")
    if len(number) != 3 or not (number.isascii() and number.isdigit()) or number == "000":
        raise BadPeerData(f"record count of a {shown(tr_id)} frame is {shown(number)}")
    return DataFrame(encrypted == "1", tr_id, int(number), payload)


def join_frame(tr_id: str, records: Sequence[str], *, encrypted: bool = False) -> str:
    """Return a frame of 1-999 records; an encrypted one carries its one Base64 text as record."""
    assert 1 <= len(records) <= 999, len(records)
    return f"{'1' if encrypted else '0'}|{tr_id}|{len(records):03d}|{'^'.join(records)}"


def split_records(frame: DataFrame) -> list[str]:
    """Return the records of a plain frame, each as one text.

    Raises:
        BadPeerData: encrypted, or the fields do not divide by the record count.
    """
    if frame.is_encrypted:
        raise BadPeerData(_unreadable(frame))
    if frame.count == 1:
        return [frame.payload]
    fields = frame.payload.split("^")
    width, rest = divmod(len(fields), frame.count)
    if rest or not width:
        raise BadPeerData(
            f"{shown(frame.tr_id)} frame has {len(fields)} fields for {frame.count} records"
        )
    return ["^".join(fields[at : at + width]) for at in range(0, len(fields), width)]


def parse_trades(frame: DataFrame) -> list[tuple[Nanos, Trade]]:
    """Return the trades of a frame in their order, each with the exchange's moment.

    Raises:
        BadPeerData: any record is not a trade as specified; then none of the frame is given.
    """
    venue = _VENUES.get(frame.tr_id)
    if venue is None or frame.is_encrypted:
        raise BadPeerData(_unreadable(frame))
    if frame.count == 1:
        return [_trade(frame.payload, venue)]
    return [_trade(record, venue) for record in split_records(frame)]


def parse_books(frame: DataFrame, *, day: date) -> list[tuple[Nanos, Book]]:
    """Return the books of a frame in their order; they carry no date, `day` is the business date.

    Raises:
        BadPeerData: any record is not a book as specified; then none of the frame is given.
    """
    venue = _VENUES.get(frame.tr_id)
    if venue is None or frame.is_encrypted:
        raise BadPeerData(_unreadable(frame))
    midnight = _midnight(day)
    if frame.count == 1:
        return [_book(frame.payload, venue, midnight)]
    return [_book(record, venue, midnight) for record in split_records(frame)]


def _unreadable(frame: DataFrame) -> str:
    kind = "encrypted" if frame.is_encrypted else "plain"
    return f"{kind} frame of {shown(frame.tr_id)}; plain ones of {', '.join(_VENUES)} are read"


def _trade(record: str, venue: Venue) -> tuple[Nanos, Trade]:
    match = _match_trade(record)
    if match is None:
        raise BadPeerData(_trade_defect(record))
    symbol, at, price, quote, side, day, hour, market = match.groups()
    aggressor, phase = _AGGRESSORS.get(side), _PHASES.get((hour, market))
    if aggressor is None or phase is None:
        raise BadPeerData(_unknown_code(symbol, at, hour, market, side))
    ask, bid, size, volume, value = _numbers(quote, _decode_quote)
    trade = Trade(
        symbol=symbol,
        venue=venue,
        price=_won(price),
        size=size,
        aggressor=aggressor,
        phase=phase,
        day_volume=volume,
        day_value=value,
        ask_price=ask,
        bid_price=bid,
    )
    if not trade.price or not size:
        raise BadPeerData(f"trade of {symbol} at {at} has price {price} and size {size}")
    return _nanos(MIDNIGHT_NS[day] + TIME_OF_DAY_NS[at]), trade


def _book(record: str, venue: Venue, midnight: int) -> tuple[Nanos, Book]:
    match = _match_book(record)
    if match is None:
        raise BadPeerData(_book_defect(record))
    symbol, at, hour, levels, volume, market = match.groups()
    phase = _PHASES.get((hour, market))
    if phase is None:
        raise BadPeerData(_unknown_code(symbol, at, hour, market, "1"))
    numbers = _numbers(levels, _decode_levels)
    book = Book(
        symbol=symbol,
        venue=venue,
        phase=phase,
        ask_prices=numbers[0:10],
        bid_prices=numbers[10:20],
        ask_sizes=numbers[20:30],
        bid_sizes=numbers[30:40],
        total_ask_size=numbers[40],
        total_bid_size=numbers[41],
        indicative_price=numbers[44],
        indicative_size=numbers[45],
        day_volume=_shares(volume),
    )
    return _nanos(midnight + TIME_OF_DAY_NS[at]), book


def _numbers(texts: str, decode: Callable[[str], tuple[Any, ...]]) -> tuple[Any, ...]:
    """Return numbers that stand between carets; Any, so that they are Won and Shares unconverted.

    Read as JSON they cost a third of as many calls of int(). JSON forbids zeros in front, which KIS
    does not send here but may: those take the slow way.
    """
    try:
        return decode(f"[{texts.replace('^', ',')}]")
    except msgspec.DecodeError:
        return tuple(map(int, texts.split("^")))


def _unknown_code(symbol: str, at: str, hour: str, market: str | None, side: str) -> str:
    return (
        f"{symbol} at {at}: hour class {shown(hour)}, market class {shown(market or '')},"
        f" aggressor {shown(side)}: not all of these codes are known"
    )


def _trade_defect(record: str) -> str:
    numbers = {2: "STCK_PRPR"} | {
        at: TABLES["H0STCNT0"][0].fields[at] for at in (10, 11, 12, 13, 14)
    }
    return _defect(record, what="trade", width_min=46, numbers=numbers, digits={33: 8})


def _book_defect(record: str) -> str:
    fields = TABLES["H0STASP0"][0].fields
    numbers = {at: fields[at] for at in (*range(3, 49), 53)}
    return _defect(record, what="book", width_min=59, numbers=numbers, digits={})


def _defect(
    record: str, *, what: str, width_min: int, numbers: dict[int, str], digits: dict[int, int]
) -> str:
    """Say why a record was not matched; only ever run for one that was not."""
    fields = record.split("^")
    if len(fields) < width_min:
        return f"{what} has {len(fields)} fields, at least {width_min} are needed"
    for at, name in numbers.items():
        if re.fullmatch(r"[0-9]{1,18}", fields[at]) is None:
            return f"{what} field {at} {name} is {shown(fields[at])}, not a whole number"
    wrong = [at for at, length in digits.items() if len(fields[at]) != length]
    places = ", ".join(f"{at} is {shown(fields[at])}" for at in (0, 1, *wrong))
    return f"{what} field {places}: no symbol, time or date"
