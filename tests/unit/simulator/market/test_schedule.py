from aipx.model.time import NANOS_PER_SECOND, Nanos
from aipx.simulator.market.path import Point
from aipx.simulator.market.plan import AuctionStep, QuoteStep, Step, TradeStep, UncrossStep
from aipx.simulator.market.schedule import PauseStep, ResumeStep, Schedule

POINT = Point(1, 2, True)
CLOSING = 1_000


def at(second: int) -> Nanos:
    return Nanos(second * NANOS_PER_SECOND)


def steps() -> list[Step]:
    return [
        QuoteStep(at(100), POINT, 5, False),
        TradeStep(at(101), POINT, 5),
        QuoteStep(at(500), POINT, 0, False),
        QuoteStep(at(999), POINT, 0, False),
        AuctionStep(at(CLOSING), 1, 1, False),
        UncrossStep(at(1_600), 1, 1, False, None),
    ]


def schedule() -> Schedule:
    return Schedule(steps(), at(CLOSING))


def times(of: Schedule) -> list[float]:
    found = []
    while of.next_at is not None:
        of.pop()
        found.append(of.last_at / NANOS_PER_SECOND)
    return found


def pause(start: int, end: int) -> list[PauseStep | ResumeStep]:
    return [PauseStep(at(start + 1), 1, 1), ResumeStep(at(end), 1, 1, POINT, 0)]


def test_without_a_pause_the_plan_is_carried_out_as_it_is() -> None:
    assert times(schedule()) == [100, 101, 500, 999, 1_000, 1_600]


def test_a_pause_moves_what_comes_until_the_closing_auction_in_order() -> None:
    its = schedule()
    its.pop()
    its.pause(pause(101, 201), now=at(101), until=at(201))

    found = times(its)

    assert found[:3] == [102, 201, 201 + 1e-9]
    assert found[-2:] == [1_000, 1_600]
    assert 500 < found[3] < 700
    assert found == sorted(set(found))


def test_pauses_add_up_and_no_time_goes_back() -> None:
    its = schedule()
    last = Nanos(0)
    for start in range(110, 900, 150):
        its.pause(pause(start, start + 100), now=at(start), until=at(start + 100))
        while its.next_at is not None and its.next_at <= at(start + 120):
            its.pop()
            assert its.last_at > last
            last = its.last_at

    assert times(its)[-2:] == [1_000, 1_600]


def test_a_pause_that_lasts_into_the_closing_auction_leaves_the_rest_out() -> None:
    its = schedule()
    its.pause(pause(900, 990), now=at(900), until=at(990))

    assert times(its) == [901, 1_000, 1_600]


def test_a_halted_day_has_its_end_only() -> None:
    its = schedule()
    its.hold()

    assert its.due is None
    assert times(its) == [1_600]


def test_a_halt_that_ends_within_the_closing_auction_goes_on_with_that() -> None:
    its = Schedule([*steps()[:-1], AuctionStep(at(1_300), 1, 1, False), steps()[-1]], at(CLOSING))
    its.hold()
    its.pause(pause(1_200, 1_400), now=at(1_200), until=at(1_400))

    assert times(its) == [1_300, 1_600]


def test_the_next_trade_is_that_of_the_next_step_or_of_none() -> None:
    its = schedule()

    assert its.next_trade() == (POINT, 5, 2)
    its.pop()
    assert its.next_trade() == (POINT, 5, 1)
    its.pop()
    assert its.next_trade() is None


def test_an_ended_day_has_nothing_left() -> None:
    its = schedule()
    its.end()

    assert its.next_at is None
