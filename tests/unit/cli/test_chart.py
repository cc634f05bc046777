"""A chart is a picture file, whatever the day was like."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from aipx.cli.chart import POINTS_MAX, PricePath, TradeMark, _thinned, write_chart
from aipx.errors import InputError
from aipx.model.ids import Symbol
from aipx.model.instrument import Won
from aipx.model.order import Side
from aipx.model.time import NANOS_PER_SECOND, Nanos
from tests.support.recordings import OPEN

PNG_START = b"\x89PNG\r\n\x1a\n"


def points(count: int) -> list[tuple[Nanos, int]]:
    return [(Nanos(OPEN + n * NANOS_PER_SECOND), 80_000 + n % 7 * 100) for n in range(count)]


def draw(path: Path, prices: Sequence[PricePath], profit: Sequence[tuple[Nanos, int]]) -> bytes:
    return write_chart(path, title="a day", prices=prices, profit=profit).read_bytes()


def test_prices_marks_and_profit_become_a_png(tmp_path: Path):
    marks = [TradeMark(at=points(5)[4][0], price=Won(80_400), side=Side.BUY)]
    path = PricePath(symbol=Symbol("005930"), points=points(100), marks=marks)

    assert draw(tmp_path / "new" / "chart.png", [path, path], points(10)).startswith(PNG_START)


def test_a_day_without_prices_or_profit_is_drawn(tmp_path: Path):
    empty = PricePath(symbol=Symbol("005930"), points=())

    assert draw(tmp_path / "a.png", [], []).startswith(PNG_START)
    assert draw(tmp_path / "b.png", [empty], points(1)).startswith(PNG_START)


def test_a_long_path_is_thinned_and_keeps_its_ends():
    times, values = _thinned(points(50_000))

    assert len(times) <= 2 * POINTS_MAX
    assert (values[0], values[-1]) == (points(1)[0][1], points(50_000)[-1][1])


def test_a_place_that_cannot_be_written_is_one_line(tmp_path: Path):
    (tmp_path / "taken").write_text("no folder")

    with pytest.raises(InputError, match=r"^the chart cannot be written: .*taken"):
        draw(tmp_path / "taken" / "chart.png", [], [])
