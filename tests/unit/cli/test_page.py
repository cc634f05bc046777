"""The page fits the terminal and shows what matters at each width."""

import io

import pytest
from rich.cells import cell_len
from rich.console import Console

from aipx.cli.page import page
from aipx.cli.snapshot import DemoSnapshot
from aipx.model.order import OrderState, TradingState
from tests.support import demo


def drawn(snapshot: DemoSnapshot, columns: int = 100, lines: int = 30) -> list[str]:
    said = io.StringIO()
    console = Console(file=said, width=columns, height=lines, color_system=None)
    paths = {demo.SAMSUNG: [1, 2, 3]}
    console.print(page(snapshot, paths, columns=columns, lines=lines), end="")
    return said.getvalue().splitlines()


@pytest.mark.parametrize(("columns", "lines"), [(100, 30), (80, 24), (160, 50), (97, 28)])
def test_the_page_fills_the_terminal_and_never_more(columns: int, lines: int):
    rows = drawn(demo.snapshot(), columns, lines)

    assert len(rows) == lines
    assert max(cell_len(row) for row in rows) <= columns


def test_a_wide_page_shows_everything():
    text = "\n".join(drawn(demo.snapshot()))

    for expected in (
        "2021-12-29",
        "real bars, generated order flow",
        "book_imbalance",
        "speed max",
        "ACTIVE",
        "12:00:00",
        "50%",
        "삼성전자",
        "80,800",
        "+0.62%",
        "12,345",
        "17,815,315",
        "▁▄█",
        "+2,010",
        "-95,402",
        "97,345,678",
        "212 µs",
        "1.9 ms",
        "book_imbalance-20211229-000040",
        "4/10",
        "FILLED",
        "203,456",
    ):
        assert expected in text


def test_a_narrow_page_shortens_names_and_keeps_the_latencies():
    text = "\n".join(drawn(demo.snapshot(), 80, 24))

    assert "book_imbalance-000040" in text
    assert "삼성전자" not in text
    assert "tick→wish 212 µs / 1.9 ms" in text


def test_a_synthetic_market_says_so():
    assert "SYNTHETIC" in "\n".join(drawn(demo.snapshot(is_synthetic=True)))


def test_an_order_without_a_price_is_a_market_order():
    order = demo.order(1, OrderState.UNKNOWN, price=0)

    text = "\n".join(drawn(demo.snapshot(orders=(order,))))

    assert "market" in text
    assert "UNKNOWN" in text


def test_what_has_no_room_is_counted():
    quotes = tuple(demo.quote(f"00593{number}") for number in range(10))

    text = "\n".join(drawn(demo.snapshot(quotes=quotes)))

    assert "and 2 more" in text


def test_the_newest_message_is_shown_and_a_halt_stands_out():
    text = "\n".join(
        drawn(
            demo.snapshot(messages=("order is UNKNOWN", "older"), trading_state=TradingState.HALTED)
        )
    )

    assert "order is UNKNOWN" in text
    assert "older" not in text
    assert "HALTED" in text


def test_text_from_outside_is_never_read_as_markup():
    snapshot = demo.snapshot(strategy="[bold]x[/]", messages=("[red]no[/red] such [/] thing",))

    text = "\n".join(drawn(snapshot))

    assert "[bold]x[/]" in text
    assert "[red]no[/red] such [/] thing" in text


def test_a_day_that_has_not_begun_is_drawn():
    empty = demo.snapshot(quotes=(), orders=(), positions=(), latencies=())

    assert len(drawn(empty)) == 30
