"""Data frames into trades and books."""

from datetime import date, time

import msgspec
import pytest

from aipx.errors import BadPeerData
from aipx.model.instrument import Venue
from aipx.model.market import Aggressor, TradingPhase
from aipx.model.time import kst_moment
from aipx.wire.kis.frames import (
    DataFrame,
    join_frame,
    parse_books,
    parse_trades,
    split_frame,
    split_records,
)
from aipx.wire.kis.layout import Layout
from aipx.wire.kis.records import format_book, format_trade
from tests.support.kis_wire import DAY, book, trade
from tests.support.shared_data import shared

TRADE = format_trade(trade(), Layout.CURRENT)
BOOK = format_book(book(), Layout.CURRENT)


class _Recorded(msgspec.Struct):
    tr_id: str
    raw: str
    count: int
    fields_per_record: int


def recorded(tr_id: str) -> list[_Recorded]:
    """Return the recorded frames of a TR, or skip."""
    lines = shared("data/kis_frames/kis_ws_frames.jsonl").read_bytes().splitlines()
    frames = [msgspec.json.decode(line, type=_Recorded) for line in lines]
    return [frame for frame in frames if frame.tr_id == tr_id]


def changed(record: str, at: int, text: str) -> str:
    """Return a record with another text in one field."""
    fields = record.split("^")
    fields[at] = text
    return "^".join(fields)


def trades_of(*records: str) -> DataFrame:
    return split_frame(join_frame("H0STCNT0", records))


def books_of(*records: str) -> DataFrame:
    return split_frame(join_frame("H0STASP0", records))


def test_recorded_trades_are_read_as_they_stand() -> None:
    for line in recorded("H0STCNT0"):
        frame = split_frame(line.raw)
        trades = parse_trades(frame)
        fields = line.raw.split("|", 3)[3].split("^")

        assert len(trades) == line.count
        assert frame.width == line.fields_per_record
        assert frame.is_known_width
        for place, (_, found) in enumerate(trades):
            record = fields[place * frame.width :]
            assert found.symbol == record[0]
            assert [found.price, found.size] == [int(record[2]), int(record[12])]
            assert [found.day_volume, found.day_value] == [int(record[13]), int(record[14])]
            assert [found.ask_price, found.bid_price] == [int(record[10]), int(record[11])]


def test_recorded_half_tick_print_is_taken() -> None:
    (line,) = [line for line in recorded("H0STCNT0") if line.count == 3]

    prices = [found.price for _, found in parse_trades(split_frame(line.raw))]

    assert prices == [71_950, 71_900, 72_000]


def test_recorded_books_are_read_as_they_stand() -> None:
    for line in recorded("H0STASP0"):
        ((_, found),) = parse_books(split_frame(line.raw), day=date(2023, 6, 12))
        fields = line.raw.split("|", 3)[3].split("^")

        assert found.ask_prices == tuple(map(int, fields[3:13]))
        assert found.bid_prices == tuple(map(int, fields[13:23]))
        assert found.ask_sizes == tuple(map(int, fields[23:33]))
        assert found.bid_sizes == tuple(map(int, fields[33:43]))
        assert [found.total_ask_size, found.total_bid_size] == [
            sum(found.ask_sizes),
            sum(found.bid_sizes),
        ]
        assert found.day_volume == int(fields[53])


def test_recorded_frame_of_another_tr_is_refused() -> None:
    for line in recorded("H0STMKO0"):
        with pytest.raises(BadPeerData, match="H0STMKO0"):
            parse_trades(split_frame(line.raw))


@pytest.mark.parametrize("layout", Layout)
def test_trade_of_each_layout_is_read(layout: Layout) -> None:
    record = format_trade(trade(), layout)

    ((at, found),) = parse_trades(trades_of(record))

    assert at == kst_moment(DAY, time(9, 33, 54))
    assert (found.symbol, found.venue, found.price, found.size) == (
        "005930",
        Venue.KRX,
        71_900,
        10,
    )
    assert (found.aggressor, found.phase) == (Aggressor.BUYER, TradingPhase.CONTINUOUS)


@pytest.mark.parametrize("layout", Layout)
def test_book_of_each_layout_is_read(layout: Layout) -> None:
    source = book(hour_class="A", indicative_price=71_900, indicative_size=7)

    ((at, found),) = parse_books(books_of(format_book(source, layout)), day=DAY)

    assert at == kst_moment(DAY, time(9, 37, 30))
    assert found.ask_prices == source.ask_prices
    assert found.bid_sizes == source.bid_sizes
    assert found.phase is TradingPhase.CLOSING_AUCTION
    assert (found.indicative_price, found.indicative_size) == (71_900, 7)


def test_several_records_keep_their_order() -> None:
    records = [format_trade(trade(day_volume=volume), Layout.CURRENT) for volume in (11, 12, 13)]

    found = parse_trades(trades_of(*records))

    assert [one.day_volume for _, one in found] == [11, 12, 13]


@pytest.mark.parametrize("records", [1, 3])
def test_extra_fields_at_the_end_are_tolerated_and_told(records: int) -> None:
    frame = trades_of(*[f"{TRADE}^new"] * records)

    assert len(parse_trades(frame)) == records
    assert frame.width == 48
    assert not frame.is_known_width


def test_extra_fields_of_a_book_are_tolerated_and_told() -> None:
    frame = books_of(f"{BOOK}^new^")

    assert len(parse_books(frame, day=DAY)) == 1
    assert (frame.width, frame.is_known_width) == (65, False)


def test_middle_width_of_the_book_is_known() -> None:
    frame = books_of(BOOK.rpartition("^")[0])

    assert len(parse_books(frame, day=DAY)) == 1
    assert (frame.width, frame.is_known_width) == (62, True)


@pytest.mark.parametrize("missing", [2, 20, 46])
def test_record_narrower_than_the_legacy_layout_is_refused(missing: int) -> None:
    with pytest.raises(BadPeerData, match="at least 46 are needed"):
        parse_trades(trades_of(TRADE.rsplit("^", missing)[0]))


def test_book_narrower_than_the_legacy_layout_is_refused() -> None:
    with pytest.raises(BadPeerData, match="at least 59 are needed"):
        parse_books(books_of(BOOK.rsplit("^", 5)[0]), day=DAY)


@pytest.mark.parametrize("at", [2, 10, 11, 12, 13, 14])
@pytest.mark.parametrize("text", ["", "-1", "+1", "1_0", " 1", "\uff11", "1.5", "NaN", "9" * 19])
def test_trade_with_a_number_that_is_none_is_refused(at: int, text: str) -> None:
    with pytest.raises(BadPeerData, match=f"trade field {at} "):
        parse_trades(trades_of(changed(TRADE, at, text)))


@pytest.mark.parametrize("at", [3, 12, 23, 42, 43, 44, 47, 48, 53])
@pytest.mark.parametrize("text", ["", "-1", "+1", "1_0", " 1", "\uff11", "1.5", "NaN", "9" * 19])
def test_book_with_a_number_that_is_none_is_refused(at: int, text: str) -> None:
    with pytest.raises(BadPeerData, match=f"book field {at} "):
        parse_books(books_of(changed(BOOK, at, text)), day=DAY)


@pytest.mark.parametrize("at", [2, 12])
def test_trade_of_nothing_or_for_nothing_is_refused(at: int) -> None:
    with pytest.raises(BadPeerData):
        parse_trades(trades_of(changed(TRADE, at, "0")))


def test_zeros_in_front_of_book_numbers_are_read() -> None:
    ((_, found),) = parse_books(books_of(changed(BOOK, 3, "00071900")), day=DAY)

    assert found.ask_prices[0] == 71_900


@pytest.mark.parametrize(("at", "text"), [(21, "2"), (21, ""), (43, "Z"), (43, ""), (46, "9")])
def test_trade_with_an_unknown_code_is_refused(at: int, text: str) -> None:
    with pytest.raises(BadPeerData, match="not all of these codes are known"):
        parse_trades(trades_of(changed(TRADE, at, text)))


@pytest.mark.parametrize(("at", "text"), [(2, "E"), (2, ""), (62, "9")])
def test_book_with_an_unknown_code_is_refused(at: int, text: str) -> None:
    with pytest.raises(BadPeerData, match="not all of these codes are known"):
        parse_books(books_of(changed(BOOK, at, text)), day=DAY)


@pytest.mark.parametrize(
    ("at", "text"),
    [(0, ""), (0, "00593"), (0, "삼성전자전자"), (1, "250000"), (1, "9"), (33, "20261399")],
)
def test_trade_without_symbol_time_or_date_is_refused(at: int, text: str) -> None:
    with pytest.raises(BadPeerData):
        parse_trades(trades_of(changed(TRADE, at, text)))


@pytest.mark.parametrize(
    ("code", "phase"),
    [
        ("0", TradingPhase.CONTINUOUS),
        ("A", TradingPhase.CLOSING_AUCTION),
        ("B", TradingPhase.OPENING_AUCTION),
        ("C", TradingPhase.VOLATILITY_AUCTION),
        ("D", TradingPhase.OVERTIME_SINGLE_PRICE),
    ],
)
def test_hour_class_tells_the_phase(code: str, phase: TradingPhase) -> None:
    ((_, found),) = parse_books(books_of(changed(BOOK, 2, code)), day=DAY)

    assert found.phase is phase


@pytest.mark.parametrize(
    ("market_class", "phase"),
    [
        ("1", TradingPhase.PRE_MARKET),
        ("2", TradingPhase.CONTINUOUS),
        ("3", TradingPhase.AFTER_MARKET),
        ("5", TradingPhase.AFTER_CLOSE_PRICE),
    ],
)
def test_market_class_tells_other_markets_apart(market_class: str, phase: TradingPhase) -> None:
    ((_, found),) = parse_trades(trades_of(changed(TRADE, 46, market_class)))

    assert found.phase is phase


def test_closing_auction_with_three_levels_is_read() -> None:
    zeros = (0,) * 7
    source = book(ask_prices=(71_900, 72_000, 72_100, *zeros), ask_sizes=(1, 2, 3, *zeros))

    ((_, found),) = parse_books(books_of(format_book(source, Layout.CURRENT)), day=DAY)

    assert found.ask_prices[3:] == zeros
    assert found.ask_sizes == (1, 2, 3, *zeros)


def test_zeros_in_front_of_trade_numbers_are_read() -> None:
    ((_, found),) = parse_trades(trades_of(changed(TRADE, 12, "0000000010")))

    assert found.size == 10


def test_frame_of_no_tr_is_no_market_data() -> None:
    with pytest.raises(BadPeerData):
        parse_trades(split_frame("0||001|x"))


def test_other_venue_is_told_by_the_tr() -> None:
    ((_, found),) = parse_trades(split_frame(join_frame("H0NXCNT0", [TRADE])))

    assert found.venue is Venue.NXT


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "0|H0STCNT0|001",
        "2|H0STCNT0|001|x",
        "0|H0STCNT0|000|x",
        "0|H0STCNT0|1|x",
        "0|H0STCNT0|-01|x",
        "0|H0STCNT0|\uff1001|x",
        "0|H0STCNT0|1_0|x",
    ],
)
def test_text_that_is_no_frame_is_refused(raw: str) -> None:
    with pytest.raises(BadPeerData):
        split_frame(raw)


def test_bars_within_the_payload_belong_to_it() -> None:
    assert split_frame("0|H0STCNT0|002|a|b^c").payload == "a|b^c"


def test_fields_that_do_not_divide_by_the_count_are_refused() -> None:
    frame = split_frame("0|H0STCNT0|002|a^b^c")

    assert frame.width == 0
    with pytest.raises(BadPeerData, match="3 fields for 2 records"):
        split_records(frame)


def test_encrypted_frame_is_no_market_data() -> None:
    with pytest.raises(BadPeerData, match="encrypted"):
        parse_trades(split_frame(join_frame("H0STCNT0", [TRADE], encrypted=True)))


def test_one_bad_record_spoils_its_frame() -> None:
    with pytest.raises(BadPeerData):
        parse_trades(trades_of(TRADE, changed(TRADE, 2, "")))
