from aipx.engine.fills import FillCount
from tests.support.oms import fill


def test_two_notices_of_other_seconds_both_count():
    count = FillCount()

    count.take_notice(fill("1", 5, 80_000, second=2))
    count.take_notice(fill("1", 5, 80_000, second=3))

    assert count.total() == (10, 800_000)


def test_identical_notice_is_not_distinct():
    count = FillCount()
    count.take_notice(fill("1", 5, 80_000))

    assert not count.is_distinct(fill("1", 5, 80_000))
    assert count.is_distinct(fill("1", 5, 80_100))
    assert count.is_distinct(fill("1", 4, 80_000))


def test_inquiry_that_knows_as_much_gives_the_amount():
    count = FillCount()
    count.take_notice(fill("1", 5, 80_000))
    count.inquired_quantity, count.inquired_amount = 5, 399_500

    assert count.total() == (5, 399_500)


def test_inquiry_that_lags_leaves_the_notices_to_count():
    count = FillCount()
    count.take_notice(fill("1", 5, 80_000))
    count.inquired_quantity, count.inquired_amount = 2, 160_000

    assert count.total() == (5, 400_000)
