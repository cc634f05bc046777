"""A snapshot knows how far the day has gone."""

from aipx.model.time import Nanos
from tests.support import demo


def test_the_day_goes_from_nothing_to_all():
    opens_at, closes_at = Nanos(100), Nanos(300)

    def progress(now: int) -> float:
        return demo.snapshot(now=Nanos(now), opens_at=opens_at, closes_at=closes_at).progress

    assert [progress(now) for now in (0, 100, 200, 300, 999)] == [0.0, 0.0, 0.5, 1.0, 1.0]


def test_a_day_without_length_is_no_error():
    day = demo.snapshot(now=Nanos(5), opens_at=Nanos(5), closes_at=Nanos(5))

    assert day.progress == 0.0
