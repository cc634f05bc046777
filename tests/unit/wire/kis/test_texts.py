"""Numbers, dates and times in text."""

from datetime import date, time

import pytest

from aipx.errors import BadPeerData
from aipx.model.time import kst_moment
from aipx.wire.kis.texts import (
    MIDNIGHT_NS,
    TIME_OF_DAY_NS,
    count,
    day_of,
    moment,
    shown,
    time_text,
    whole,
)


@pytest.mark.parametrize(
    ("text", "number"),
    [("0", 0), ("-100", -100), ("000070100", 70_100), ("  12 ", 12), ("719000.0000", 719_000)],
)
def test_whole_numbers_may_be_padded(text: str, number: int) -> None:
    assert whole(text, field="x") == number


@pytest.mark.parametrize(
    "text", ["", " ", "1_000", "+5", "\uff15", "1,000", "0.5", "1e3", "NaN", "--1", "9" * 19, "1\n"]
)
def test_what_int_would_take_or_guess_is_refused(text: str) -> None:
    with pytest.raises(BadPeerData, match="ord_qty is"):
        whole(text, field="ord_qty")


def test_count_is_never_negative() -> None:
    with pytest.raises(BadPeerData, match="must not be negative"):
        count("-1", field="ord_qty")


@pytest.mark.parametrize(
    "text",
    ["", "20260230", "2026-09-15", "\uff12\uff10\uff12\uff16\uff10\uff19\uff11\uff15", "00000000"],
)
def test_no_day_is_made_of_a_text_that_is_none(text: str) -> None:
    with pytest.raises(BadPeerData):
        day_of(text, field="BSOP_DATE")


@pytest.mark.parametrize(
    "text", ["", "240000", "096000", "9354", "09:33:54", "\uff10\uff19\uff13\uff13\uff15\uff14"]
)
def test_no_time_is_made_of_a_text_that_is_none(text: str) -> None:
    with pytest.raises(BadPeerData):
        TIME_OF_DAY_NS[text]
    with pytest.raises(BadPeerData):
        time_text(text)


def test_time_joins_the_business_date_in_korea() -> None:
    expected = kst_moment(date(2026, 9, 15), time(9, 33, 54))

    assert moment(date(2026, 9, 15), "093354") == expected
    assert MIDNIGHT_NS["20260915"] + TIME_OF_DAY_NS["093354"] == expected


def test_dates_kept_are_bounded() -> None:
    for year in range(1900, 2100):
        assert MIDNIGHT_NS[f"{year}0101"]

    assert len(MIDNIGHT_NS) <= 64


def test_long_text_is_cut_for_a_message() -> None:
    assert len(shown("x" * 1_000)) < 50
