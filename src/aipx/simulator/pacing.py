"""Moves the simulated market's time: as fast as the clock, some times faster, or as fast as can be.

At full speed market time goes in steps; after a step that sent something the pacer waits until
the injected `settle` returns: whoever listens says there when it is idle, so that no consumer is
overrun and every run sees the same order of things.
"""

import asyncio
from collections.abc import Awaitable, Callable

from aipx.errors import SettingsError
from aipx.model.time import NANOS_PER_MILLISECOND, NANOS_PER_MINUTE, NANOS_PER_SECOND, Nanos
from aipx.ports.clock import MonotonicClock
from aipx.simulator.kis import SimulatedKis

SPEED_MAX = 100_000.0
STEP_NS_DEFAULT = NANOS_PER_SECOND
_TICK_NS_MIN = 5 * NANOS_PER_MILLISECOND
_TICK_NS_MAX = 100 * NANOS_PER_MILLISECOND
_AFTER_CLOSE_NS = NANOS_PER_MINUTE

Settle = Callable[[], Awaitable[None]]


def speed_of(text: str) -> float | None:
    """Read `--speed`: a factor, or `max`, which is None.

    Raises:
        SettingsError: neither.
    """
    if text == "max":
        return None
    try:
        speed = float(text)
    except ValueError:
        speed = float("nan")
    if not 0 < speed <= SPEED_MAX:
        raise SettingsError(f"speed is {text!r}; allowed: max, or above 0 up to {SPEED_MAX:g}")
    return speed


async def settle_at_once() -> None:
    """Let other tasks run once: nobody has to be waited for."""
    await asyncio.sleep(0)


class Pacer:
    """Drives one day. `speed` None is full speed, 1.0 the clock's own."""

    def __init__(
        self,
        kis: SimulatedKis,
        *,
        monotonic: MonotonicClock,
        speed: float | None = None,
        settle: Settle = settle_at_once,
        step_ns: int = STEP_NS_DEFAULT,
        end: Nanos | None = None,
    ) -> None:
        self._kis = kis
        self._monotonic = monotonic
        self._speed = speed
        self._settle = settle
        self._step_ns = step_ns
        self._end = Nanos(kis.session.close + _AFTER_CLOSE_NS) if end is None else end
        self._skipped_ns = 0

    @property
    def end(self) -> Nanos:
        """Market time at which the pacer stops: after the close, when all prints are out."""
        return self._end

    def skip(self, duration_ns: int) -> None:
        """Let the market go on at once by so much, no further than its end, and run on there."""
        until = Nanos(min(self._kis.market_now + duration_ns, self._end))
        self._skipped_ns += until - self._kis.market_now
        self._kis.advance(until)

    async def run(self) -> None:
        """Let the market's day pass; returns when it is over and settled."""
        if self._speed is None:
            await self._run_in_steps()
        else:
            await self._run_by_clock(self._speed)

    async def _run_in_steps(self) -> None:
        kis = self._kis
        while kis.market_now < self._end:
            due = kis.next_time()
            until = self._end if due is None else min(self._step_end(due), self._end)
            frames = kis.frames_sent.frames
            kis.advance(until)
            if kis.frames_sent.frames != frames:
                await self._settle()
            else:
                await settle_at_once()
        await self._drain_late_notices()
        await self._settle()

    def _step_end(self, due: Nanos) -> Nanos:
        """Return the end of the step that `due` is in; time in which nothing happens is skipped."""
        later = max(due, self._kis.market_now + 1)
        return Nanos(-(-later // self._step_ns) * self._step_ns)

    async def _drain_late_notices(self) -> None:
        """Let notices that a fault holds back past the end of the day come out."""
        while (due := self._kis.late_notice_time()) is not None:
            self._kis.advance(max(due, self._kis.market_now))
            await self._settle()

    async def _run_by_clock(self, speed: float) -> None:
        kis, start = self._kis, self._kis.market_now
        began = self._monotonic.now()
        tick = min(max(round(self._step_ns / speed), _TICK_NS_MIN), _TICK_NS_MAX)
        while kis.market_now < self._end:
            elapsed = self._monotonic.now() - began
            passed = round(elapsed * speed) + self._skipped_ns
            until = Nanos(min(start + passed, self._end))
            if until > kis.market_now:
                kis.advance(until)
            await asyncio.sleep(tick / NANOS_PER_SECOND)
        await self._drain_late_notices()


class ExactPacer:
    """Drives one day event by event, each at its own moment: for loops on virtual time.

    Market time runs with the monotonic clock from the moment the pacer is made; `now` is the
    market's clock for everybody, and `catch_up` brings the market itself there.
    """

    def __init__(
        self, kis: SimulatedKis, *, monotonic: MonotonicClock, end: Nanos | None = None
    ) -> None:
        self._kis = kis
        self._monotonic = monotonic
        self._start = kis.market_now
        self._began = monotonic.now()
        self.end = Nanos(kis.session.close + _AFTER_CLOSE_NS) if end is None else end

    def now(self) -> Nanos:
        """Return the moment it is at the exchange."""
        return Nanos(self._start + self._monotonic.now() - self._began)

    def catch_up(self) -> None:
        """Let everything happen that is due by now."""
        self._kis.advance(max(self.now(), self._kis.market_now))

    async def run(self) -> None:
        """Let the day pass, notices that a fault held back included."""
        while (due := self._next()) is not None:
            await asyncio.sleep((due - self.now()) / NANOS_PER_SECOND)
            self._kis.advance(max(due, self.now(), self._kis.market_now))

    def _next(self) -> Nanos | None:
        if self._kis.market_now >= self.end:
            return self._kis.late_notice_time()
        due = self._kis.next_time()
        return self.end if due is None else min(due, self.end)
