"""From messages to feed items."""

from typing import Any

import pytest
from msgspec.structs import replace

from aipx.adapters.kis.reading import FeedCounters, FrameReader, is_data
from aipx.model.market import Book, MarketGap, Trade
from aipx.model.order import BrokerNotice
from aipx.model.time import NANOS_PER_DAY, Nanos, kst_midnight
from aipx.ports.feed import FeedFact, FeedItem
from aipx.wire.kis.crypto import AesKey, encrypt
from aipx.wire.kis.frames import join_frame
from aipx.wire.kis.layout import Layout
from aipx.wire.kis.notices import format_notice
from aipx.wire.kis.records import format_book, format_trade
from tests.support.kis_transports import CREDENTIALS, KEY
from tests.support.kis_wire import DAY, book, notice, trade


class Reader:
    """A reader with its counters, at noon of the day."""

    def __init__(self) -> None:
        self.counters = FeedCounters()
        self.now = Nanos(kst_midnight(DAY) + NANOS_PER_DAY // 2)
        self.reader = FrameReader(
            account=CREDENTIALS.account_id, counters=self.counters, market_now=lambda: self.now
        )

    def read(self, *texts: str) -> list[FeedItem]:
        items: list[FeedItem] = []
        for text in texts:
            self.reader.read(text, items)
        return items


def trade_frame(*volumes: int, **changes: Any) -> str:
    records = [
        format_trade(trade(day_volume=volume, **changes), Layout.CURRENT) for volume in volumes
    ]
    return join_frame("H0STCNT0", records)


def notice_frame(key: AesKey = KEY, tr_id: str = "H0STCNI0", **changes: Any) -> str:
    plain = format_notice(notice(**changes), Layout.CURRENT)
    return join_frame(tr_id, [encrypt(plain, key)], encrypted=True)


def facts(items: list[FeedItem]) -> list[object]:
    return [item.fact for item in items if isinstance(item, FeedFact)]


def test_trades_and_books_become_facts_in_order() -> None:
    of = Reader()

    found = facts(
        of.read(
            trade_frame(100, 110),
            join_frame("H0STASP0", [format_book(book(), Layout.LEGACY)]),
        )
    )

    assert [type(fact) for fact in found] == [Trade, Trade, Book]
    assert (of.counters.frames, of.counters.trades, of.counters.books) == (2, 2, 1)


def test_first_trade_sets_the_baseline() -> None:
    of = Reader()

    assert [type(fact) for fact in facts(of.read(trade_frame(3_000_000)))] == [Trade]
    assert of.counters.gaps == 0


def test_jump_of_the_day_volume_is_a_gap_before_the_trade() -> None:
    of = Reader()

    found = facts(of.read(trade_frame(100), trade_frame(145)))

    assert [type(fact) for fact in found] == [Trade, MarketGap, Trade]
    assert isinstance(found[1], MarketGap)
    assert found[1].missed == 35
    assert (of.counters.gaps, of.counters.missed_shares) == (1, 35)


def test_trade_that_comes_again_is_not_given_on() -> None:
    of = Reader()

    found = facts(of.read(trade_frame(100), trade_frame(100), trade_frame(110)))

    assert [fact.day_volume for fact in found if isinstance(fact, Trade)] == [100, 110]
    assert (of.counters.repeats, of.counters.gaps) == (1, 0)


def test_late_trade_is_given_on_and_counted() -> None:
    of = Reader()

    found = facts(of.read(trade_frame(100), trade_frame(120), trade_frame(110)))

    assert [type(fact) for fact in found] == [Trade, MarketGap, Trade, Trade]
    assert of.counters.late == 1


def test_next_day_begins_anew() -> None:
    of = Reader()

    found = facts(of.read(trade_frame(1_000), trade_frame(10, date="20260916")))

    assert [type(fact) for fact in found] == [Trade, Trade]
    assert of.counters.late == 0


def test_volume_of_one_symbol_says_nothing_of_another() -> None:
    of = Reader()

    found = facts(of.read(trade_frame(100), trade_frame(9_000, symbol="000660")))

    assert [type(fact) for fact in found] == [Trade, Trade]


def test_notice_is_decrypted_by_the_newest_key() -> None:
    of = Reader()
    newer = AesKey(key=KEY.key[::-1], iv=KEY.iv)
    of.reader.use_key("H0STCNI0", KEY)
    of.reader.use_key("H0STCNI0", newer)

    (item,) = of.read(notice_frame(newer))

    assert isinstance(item, BrokerNotice)
    assert (item.quantity, item.receive_time) == (3, of.now)
    assert item.event_id == "kis-notice-1"


def test_notices_are_named_apart() -> None:
    of = Reader()
    of.reader.use_key("H0STCNI0", KEY)

    items = of.read(notice_frame(), notice_frame())

    assert [item.event_id for item in items if isinstance(item, BrokerNotice)] == [
        "kis-notice-1",
        "kis-notice-2",
    ]


def test_notice_of_another_account_is_not_given_on() -> None:
    of = Reader()
    of.reader.use_key("H0STCNI0", KEY)

    assert of.read(notice_frame(account="9999999901")) == []
    assert (of.counters.foreign_notices, of.counters.notices) == (1, 0)


@pytest.mark.parametrize(
    "text",
    [
        "0|H0STCNT0|001|x",
        "0|H0STCNT0|009|a^b",
        "0|H0UNKNWN|001|x",
        "1|H0STCNI0|001|not base64",
        notice_frame(),
        "0|",
        "nonsense",
    ],
)
def test_bad_frame_is_counted_and_survived(text: str) -> None:
    of = Reader()

    found = of.read(text, trade_frame(100))

    assert [type(fact) for fact in facts(found)] == [Trade]
    assert of.counters.bad_frames == 1
    assert sum(of.counters.bad_frames_by_reason.values()) == 1


def test_reasons_kept_are_bounded() -> None:
    of = Reader()

    of.read(*(f"0|H0TR{number:04d}|001|x" for number in range(300)))

    assert of.counters.bad_frames == 300
    assert len(of.counters.bad_frames_by_reason) <= 101
    assert sum(of.counters.bad_frames_by_reason.values()) == 300


def test_unknown_width_is_counted_and_read() -> None:
    of = Reader()
    wide = f"{format_trade(trade(), Layout.CURRENT)}^new"

    assert len(of.read(join_frame("H0STCNT0", [wide]))) == 1
    assert of.counters.unknown_widths == {"H0STCNT0/48": 1}


def test_counters_of_two_readers_are_apart() -> None:
    first, second = Reader(), Reader()

    first.read("nonsense")

    assert second.counters == replace(FeedCounters())


def test_data_is_told_from_control_by_its_beginning() -> None:
    assert is_data("0|H0STCNT0|001|x")
    assert not is_data('{"header":{}}')
    assert not is_data("")
