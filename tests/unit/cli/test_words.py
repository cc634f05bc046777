"""Numbers are written for a person, in Korean colors."""

import pytest

from aipx.cli import words
from aipx.model.order import Side


def test_red_rises_and_blue_falls():
    assert words.direction(5) == words.RISE
    assert words.direction(-5) == words.FALL
    assert words.direction(0) == words.FLAT


def test_a_signed_amount_has_its_sign_and_color():
    assert (words.signed(1_234).plain, words.signed(1_234).style) == ("+1,234", words.RISE)
    assert (words.signed(-1_234).plain, words.signed(-1_234).style) == ("-1,234", words.FALL)
    assert words.signed(0).plain == "0"


def test_a_change_is_in_percent_of_the_previous_close():
    assert words.percent_change(103, 100).plain == "+3.00%"
    assert words.percent_change(99, 100).plain == "-1.00%"


@pytest.mark.parametrize(("price", "base"), [(0, 100), (100, 0)])
def test_a_change_from_or_to_nothing_is_not_written(price: int, base: int):
    assert words.percent_change(price, base).plain == ""


def test_an_empty_side_of_the_book_is_a_dash():
    assert words.price_text(0, 100).plain == "-"
    assert words.price_text(80_300, 80_000).plain == "80,300"


def test_a_buyer_is_red():
    assert words.side_text(Side.BUY).style == words.RISE
    assert words.side_text(Side.SELL).style == words.FALL


@pytest.mark.parametrize(
    ("amount", "text"),
    [(0.4, "0 µs"), (212.0, "212 µs"), (1_890.0, "1.9 ms"), (2_500_000.0, "2.5 s")],
)
def test_a_duration_has_the_unit_that_reads_best(amount: float, text: str):
    assert words.microseconds(amount) == text


def test_a_sparkline_reaches_from_the_lowest_to_the_highest():
    assert words.sparkline([1, 2, 3, 4, 5, 6, 7, 8], 8) == "▁▂▃▄▅▆▇█"


def test_a_sparkline_ends_with_the_newest_value_however_many_there_are():
    assert words.sparkline([0] * 99 + [10], 10) == "▁" * 9 + "█"


def test_a_sparkline_of_one_price_is_flat():
    assert words.sparkline([5, 5, 5], 8) == "▁▁▁"
    assert words.sparkline([], 8) == ""
