"""Market time under a pacer, on virtual time."""

import asyncio

import pytest

from aipx.errors import SettingsError
from aipx.model.time import NANOS_PER_MINUTE, NANOS_PER_SECOND, Nanos
from aipx.runtime.clocks import CallableClock
from aipx.runtime.virtual_time import run_virtual
from aipx.simulator.faults import Fault, FaultName, FaultPlan
from aipx.simulator.pacing import ExactPacer, Pacer, speed_of
from tests.support.kis_user import SYMBOL, KisUser, kis


def loop_clock() -> CallableClock:
    loop = asyncio.get_running_loop()
    return CallableClock(lambda: round(loop.time() * NANOS_PER_SECOND))


def test_full_speed_runs_to_the_end_and_settles_after_each_step_that_sent_something():
    async def run():
        host = kis()
        session = KisUser(host).session(("H0STCNT0", SYMBOL), ("H0STASP0", SYMBOL))
        taken: list[int] = []

        async def settle() -> None:
            taken.append(len(session.take()))

        await Pacer(host, monotonic=loop_clock(), settle=settle).run()
        return host, taken

    host, taken = run_virtual(run())

    assert sum(taken) == host.frames_sent.frames > 0
    # The last settling is the day's end; every one before it had something to take.
    assert all(taken[:-1])
    assert host.market_now == host.session.close + NANOS_PER_MINUTE
    assert host.next_time() is None


def test_full_speed_makes_the_same_steps_whoever_listens():
    async def steps(*channels: str) -> list[int]:
        host = kis()
        KisUser(host).session(*((tr_id, SYMBOL) for tr_id in channels))
        seen: list[int] = []

        async def settle() -> None:
            seen.append(host.market_now)

        await Pacer(host, monotonic=loop_clock(), settle=settle).run()
        return seen

    both = run_virtual(steps("H0STCNT0", "H0STASP0"))
    trades = run_virtual(steps("H0STCNT0"))

    assert set(trades) <= set(both)
    # The last step is the pacer's end, a whole minute; all steps end on whole seconds.
    assert all(at % NANOS_PER_SECOND == 0 for at in both)


def test_clocked_pace_follows_the_clock_times_the_factor():
    async def run() -> tuple[float, Nanos]:
        host = kis()
        end = Nanos(host.market_now + 40 * NANOS_PER_MINUTE)
        began = asyncio.get_running_loop().time()
        await Pacer(host, monotonic=loop_clock(), speed=60.0, end=end).run()
        return asyncio.get_running_loop().time() - began, Nanos(host.market_now - end)

    elapsed, over = run_virtual(run())

    assert 40 <= elapsed < 40.2
    assert over == 0


def test_notices_held_back_past_the_end_still_come_out():
    hour = 3_600 * NANOS_PER_SECOND
    late = Fault(
        name=FaultName.NOTICE_LATE, probability=1, delay_ns_min=9 * hour, delay_ns_max=9 * hour
    )

    async def run() -> int:
        host = kis(faults=FaultPlan([late]))
        host.advance(Nanos(host.session.open + NANOS_PER_MINUTE))
        user = KisUser(host).log_in()
        session = user.session(("H0STCNI0", user.account.hts_id))
        user.order("buy", 1, host.listings[SYMBOL].limits.upper)
        await Pacer(host, monotonic=loop_clock()).run()
        return len(session.take())

    assert run_virtual(run()) == 2


def test_exact_pace_reaches_each_event_at_its_own_moment():
    async def run() -> tuple[list[bool], float, Nanos]:
        host = kis()
        session = KisUser(host).session(("H0STCNT0", SYMBOL))
        pacer = ExactPacer(host, monotonic=loop_clock())
        on_time: list[bool] = []
        session.on_output = lambda: on_time.append(pacer.now() >= host.session.open)
        await pacer.run()
        return on_time, asyncio.get_running_loop().time(), host.market_now

    on_time, elapsed, ended_at = run_virtual(run())

    session = kis().session
    assert on_time == [True]
    assert elapsed == pytest.approx(7 * 3_600 + 2 * 60)
    assert ended_at >= session.close + NANOS_PER_MINUTE


def test_exact_pace_catches_up_when_it_is_asked():
    async def run() -> int:
        host = kis()
        pacer = ExactPacer(host, monotonic=loop_clock())
        before = host.market_now
        await asyncio.sleep(5)
        pacer.catch_up()
        return host.market_now - before

    assert run_virtual(run()) == 5 * NANOS_PER_SECOND


def test_speed_is_a_factor_or_max():
    assert speed_of("max") is None
    assert speed_of("2.5") == 2.5


@pytest.mark.parametrize("text", ["0", "-1", "nan", "inf", "fast", ""])
def test_other_speeds_are_refused(text):
    with pytest.raises(SettingsError, match="allowed: max, or above 0"):
        speed_of(text)
