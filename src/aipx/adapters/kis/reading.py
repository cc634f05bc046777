"""From messages of a KIS session to feed items: pure but for its counters, baselines and keys."""

from collections.abc import Callable
from datetime import date

import msgspec
import structlog

from aipx.errors import BadPeerData
from aipx.model.ids import AccountId, Symbol
from aipx.model.instrument import Shares
from aipx.model.market import MarketGap, Trade
from aipx.model.time import NANOS_PER_DAY, Nanos, kst_date, kst_midnight
from aipx.ports.feed import FeedFact, FeedItem
from aipx.wire.kis.codes import (
    BOOK_TR_ID,
    NOTICE_TR_IDS,
    NXT_BOOK_TR_ID,
    NXT_TRADE_TR_ID,
    TRADE_TR_ID,
)
from aipx.wire.kis.crypto import AesKey, decrypt
from aipx.wire.kis.frames import DataFrame, parse_books, parse_trades, split_frame
from aipx.wire.kis.layout import is_known_width
from aipx.wire.kis.notices import parse_notice, split_notices

_REASONS_MAX = 100
"""Kinds of bad frames told apart; all further ones count as `other`."""

_log = structlog.get_logger()


class FeedCounters(msgspec.Struct, kw_only=True):
    """What a feed has seen since it was made; read by the service, written by the feed only."""

    frames: int = 0
    trades: int = 0
    books: int = 0
    notices: int = 0
    gaps: int = 0
    missed_shares: int = 0
    repeats: int = 0
    """Trades that came a second time, and were not given on."""
    late: int = 0
    """Trades whose day volume lies before one already seen; given on."""
    foreign_notices: int = 0
    """Notices of other accounts of the same HTS id."""
    pings: int = 0
    reconnects: int = 0
    bad_frames: int = 0
    bad_frames_by_reason: dict[str, int] = {}
    unknown_widths: dict[str, int] = {}
    """By `TR/width`; the frames were read all the same."""


class FrameReader:
    """Turns data frames into items, in order, and never raises on what the peer sends."""

    def __init__(
        self, *, account: AccountId, counters: FeedCounters, market_now: Callable[[], Nanos]
    ) -> None:
        self._account = account
        self._counters = counters
        self._market_now = market_now
        self._volumes: dict[str, dict[Symbol, tuple[Nanos, Shares]]] = {}
        self._keys: dict[str, AesKey] = {}
        self._widths_known: set[tuple[str, int]] = set()
        self._notices_count = 0
        self._day = kst_date(market_now())
        self._day_start = kst_midnight(self._day)
        self._readers: dict[str, Callable[[DataFrame, list[FeedItem]], None]] = {
            TRADE_TR_ID: self._trades,
            NXT_TRADE_TR_ID: self._trades,
            BOOK_TR_ID: self._books,
            NXT_BOOK_TR_ID: self._books,
            **dict.fromkeys(sorted(NOTICE_TR_IDS), self._notices),
        }

    def use_key(self, tr_id: str, key: AesKey) -> None:
        """Decrypt this TR by a new key from now on."""
        self._keys[tr_id] = key

    def read(self, text: str, into: list[FeedItem]) -> None:
        """Append the items of a data frame; a frame that cannot be read is counted and logged."""
        self._counters.frames += 1
        try:
            frame = split_frame(text)
            self._readers.get(frame.tr_id, _refuse)(frame, into)
        except BadPeerData as error:
            self.count_bad(error, text)

    def count_bad(self, error: BadPeerData, text: str) -> None:
        """Count what could not be read, by the beginning of its reason."""
        counters = self._counters
        counters.bad_frames += 1
        reason = " ".join(str(error).split(" ", 4)[:4])
        if reason not in counters.bad_frames_by_reason and (
            len(counters.bad_frames_by_reason) >= _REASONS_MAX
        ):
            reason = "other"
        by_reason = counters.bad_frames_by_reason
        by_reason[reason] = by_reason.get(reason, 0) + 1
        if by_reason[reason] == 1:
            _log.warning("frame.unreadable", reason=str(error), characters=len(text))

    def _trades(self, frame: DataFrame, into: list[FeedItem]) -> None:
        trades = parse_trades(frame)
        self._watch_width(frame)
        # A symbol's volume is a venue's own, and the TR names the venue.
        volumes = self._volumes.setdefault(frame.tr_id, {})
        for at, trade in trades:
            gap = self._gap_before(at, trade, volumes)
            if gap is None:
                continue
            if gap:
                into.append(self._missed(at, trade, gap))
            self._counters.trades += 1
            into.append(FeedFact(exchange_time=at, fact=trade))

    def _gap_before(
        self, at: Nanos, trade: Trade, volumes: dict[Symbol, tuple[Nanos, Shares]]
    ) -> Shares | None:
        """Return how many shares were missed before a trade; None for one already given on."""
        seen = volumes.get(trade.symbol)
        if seen is not None and trade.day_volume <= seen[1] and kst_date(at) == kst_date(seen[0]):
            if trade.day_volume == seen[1]:
                self._counters.repeats += 1
                return None
            self._counters.late += 1
            return Shares(0)
        volumes[trade.symbol] = (at, trade.day_volume)
        if seen is None or trade.day_volume <= seen[1]:
            return Shares(0)
        return Shares(max(trade.day_volume - trade.size - seen[1], 0))

    def _missed(self, at: Nanos, trade: Trade, missed: Shares) -> FeedFact:
        self._counters.gaps += 1
        self._counters.missed_shares += missed
        gap = MarketGap(
            symbol=trade.symbol, venue=trade.venue, missed=missed, reason="day volume jumped"
        )
        return FeedFact(exchange_time=at, fact=gap)

    def _books(self, frame: DataFrame, into: list[FeedItem]) -> None:
        books = parse_books(frame, day=self._today())
        self._watch_width(frame)
        self._counters.books += len(books)
        for at, book in books:
            into.append(FeedFact(exchange_time=at, fact=book))

    def _notices(self, frame: DataFrame, into: list[FeedItem]) -> None:
        plain = frame.payload
        if frame.is_encrypted:
            key = self._keys.get(frame.tr_id)
            if key is None:
                raise BadPeerData(f"{frame.tr_id} frame came before its key")
            plain = decrypt(frame.payload, key)
        now = self._market_now()
        # All records are read before the first is given on: a frame counts whole or not at all.
        notices = [
            parse_notice(
                record,
                day=self._today(),
                receive_time=now,
                event_id=f"kis-notice-{self._notices_count + place}",
                trace_id=f"kis-notice-{self._notices_count + place}",
            )
            for place, record in enumerate(split_notices(plain, records=frame.count), start=1)
        ]
        self._notices_count += len(notices)
        own = [notice for notice in notices if notice.account == self._account]
        self._counters.notices += len(own)
        self._counters.foreign_notices += len(notices) - len(own)
        into.extend(own)

    def _today(self) -> date:
        now = self._market_now()
        if not self._day_start <= now < self._day_start + NANOS_PER_DAY:
            self._day = kst_date(now)
            self._day_start = kst_midnight(self._day)
        return self._day

    def _watch_width(self, frame: DataFrame) -> None:
        width = frame.width
        if (frame.tr_id, width) in self._widths_known:
            return
        if is_known_width(frame.tr_id, width):
            self._widths_known.add((frame.tr_id, width))
            return
        counts = self._counters.unknown_widths
        name = f"{frame.tr_id}/{width}"
        if name not in counts and len(counts) >= _REASONS_MAX:
            return
        counts[name] = counts.get(name, 0) + 1
        if counts[name] == 1:
            _log.warning("frame.width_unknown", tr_id=frame.tr_id, width=width)


def _refuse(frame: DataFrame, into: list[FeedItem]) -> None:  # noqa: ARG001 - as its siblings
    raise BadPeerData(f"TR {frame.tr_id[:20]!r} was not registered")


def is_data(text: str) -> bool:
    """Tell a data frame from a control message by its beginning."""
    return text[1:2] == "|"
