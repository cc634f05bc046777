"""Records as KIS writes them."""

import msgspec
import pytest

from aipx.wire.kis.layout import Layout, fields_of
from aipx.wire.kis.records import KisTrade, format_book, format_trade, limit_sign, percent
from tests.support.kis_wire import book, trade
from tests.support.shared_data import shared

_LISTED = {"005930": 5_969_782_550, "000660": 728_002_365}
_VWAP = 6


class _Line(msgspec.Struct):
    tr_id: str
    raw: str
    count: int


def recorded_trades() -> list[list[str]]:
    """Return the fields of every recorded trade record, or skip."""
    lines = shared("data/kis_frames/kis_ws_frames.jsonl").read_bytes().splitlines()
    records = []
    for line in (msgspec.json.decode(line, type=_Line) for line in lines):
        fields = line.raw.split("|", 3)[3].split("^")
        if line.tr_id == "H0STCNT0":
            records += [fields[at : at + 46] for at in range(0, len(fields), 46)]
    return records


def rebuilt(fields: list[str]) -> KisTrade:
    """Return the record whose independent fields are these."""
    number = [int(text) if text.lstrip("-").isdigit() else 0 for text in fields]
    return trade(
        symbol=fields[0],
        time=fields[1],
        date=fields[33],
        price=number[2],
        size=number[12],
        aggressor=fields[21],
        previous_close=number[2] - number[4],
        open=number[7],
        high=number[8],
        low=number[9],
        open_time=fields[24],
        high_time=fields[27],
        low_time=fields[30],
        ask_price=number[10],
        bid_price=number[11],
        ask_size=number[36],
        bid_size=number[37],
        total_ask_size=number[38],
        total_bid_size=number[39],
        day_volume=number[13],
        day_value=number[14],
        sell_count=number[15],
        buy_count=number[16],
        sell_volume=number[19],
        buy_volume=number[20],
        vi_price=number[45],
        previous_volume=round(number[13] / float(fields[23]) * 100),
        previous_volume_by_now=number[41],
        listed_shares=_LISTED[fields[0]],
    )


def test_recorded_trades_are_written_as_recorded() -> None:
    for fields in recorded_trades():
        written = format_trade(rebuilt(fields), Layout.LEGACY).split("^")

        # KIS's own average is up to 13 jeon off day value over day volume.
        assert abs(float(written[_VWAP]) - float(fields[_VWAP])) < 0.2
        written[_VWAP] = fields[_VWAP]
        assert written == fields


@pytest.mark.parametrize("layout", Layout)
def test_records_have_the_width_of_their_layout(layout: Layout) -> None:
    written_trade = format_trade(trade(), layout).split("^")
    written_book = format_book(book(), layout).split("^")

    assert len(written_trade) == len(fields_of("H0STCNT0", layout))
    assert len(written_book) == len(fields_of("H0STASP0", layout))


def test_book_outside_auctions_has_the_previous_close_as_change() -> None:
    fields = format_book(book(previous_close=72_000), Layout.CURRENT).split("^")

    assert fields[47:53] == ["0", "0", "0", "-72000", "5", "-100.00"]


@pytest.mark.parametrize(
    ("change", "price", "sign"),
    [(0, 100, "3"), (1, 101, "2"), (-1, 99, "5"), (30, 130, "1"), (-30, 70, "4")],
)
def test_sign_tells_the_limits_apart(change: int, price: int, sign: str) -> None:
    assert limit_sign(change, price, upper=130, lower=70) == sign


def test_unknown_limit_is_never_reached() -> None:
    assert limit_sign(-100, 0, upper=0, lower=0) == "5"


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [(1, 3, "33.33"), (2, 3, "66.67"), (-1, 800, "-0.13"), (-1, 10**6, "0.00"), (5, 0, "0.00")],
)
def test_percent_has_two_rounded_decimals(part: int, whole: int, text: str) -> None:
    assert percent(part, whole) == text


def test_first_trade_of_a_day_divides_by_nothing() -> None:
    record = trade(day_volume=0, day_value=0, buy_volume=0, sell_volume=0)

    assert "0.00" in format_trade(record, Layout.CURRENT)
