"""When a symbol's background acts: the day's plan, moved where trading has paused.

What a pause holds up is carried out after it: all that is planned until the closing auction moves
together, a little faster than planned, so that the day is still the plan's.
"""

from collections import deque
from collections.abc import Sequence

import msgspec

from aipx.model.time import NANOS_PER_SECOND, Nanos
from aipx.simulator.market.path import Point
from aipx.simulator.market.plan import QuoteStep, Step, TradeStep

CATCH_UP_NS_LEAST = 30 * NANOS_PER_SECOND
"""What is planned needs so long before the closing auction; else the pause lasts into that."""


class PauseStep(msgspec.Struct, frozen=True, gc=False):
    """Shape the auction of a pause: `size` shares would meet at grid place `center`."""

    at: Nanos
    center: int
    size: int


class ResumeStep(msgspec.Struct, frozen=True, gc=False):
    """Uncross the auction of a pause; `after` are the quotes then, None for those before it.

    The auction trades what the next `consumed` steps of the plan would have traded.
    """

    at: Nanos
    center: int
    size: int
    after: Point | None
    consumed: int


Pause = Sequence[PauseStep | ResumeStep]


class Schedule:
    """The steps to come. Their times only increase, whatever has been moved."""

    __slots__ = (
        "_closing",
        "_is_held",
        "_moved_to",
        "_pause",
        "_place",
        "_planned_at",
        "_steps",
        "due",
        "last_at",
        "next_at",
    )

    def __init__(self, steps: list[Step], closing_auction_start: Nanos) -> None:
        self._steps = steps
        self._closing = closing_auction_start
        self._place = 0
        self._pause: deque[PauseStep | ResumeStep] = deque()
        self._is_held = False
        # What was planned at the one is done at the other; at the closing auction they are one.
        self._planned_at = self._moved_to = closing_auction_start
        self.last_at = Nanos(0)
        """When the step was due that was taken last."""
        self.next_at: Nanos | None = None
        """When the next step is due; None when the day is over."""
        self.due: Step | None = None
        """The plan's next step; None while a pause has steps, and when the plan is done."""
        self._look()

    @property
    def place(self) -> int:
        """How many steps of the plan are done."""
        return self._place

    def pop(self) -> Step | PauseStep | ResumeStep:
        """Take the next step."""
        assert self.next_at is not None, "the day is over"
        self.last_at = self.next_at
        step: Step | PauseStep | ResumeStep
        if self._pause:
            step = self._pause.popleft()
        else:
            self._place = len(self._steps) if self._is_held else self._place + 1
            step = self._steps[self._place - 1]
        self._look()
        return step

    def next_trade(self) -> tuple[Point, int, int] | None:
        """Return where the plan trades next, how much, and in how many steps; None if not next."""
        step = self._steps[self._place] if self._place < len(self._steps) else None
        if isinstance(step, QuoteStep) and step.size:
            return step.point, step.size, 2
        if isinstance(step, TradeStep):
            return step.point, step.size, 1
        return None

    def hold(self) -> None:
        """Let nothing happen until `pause` says when it does again; else until the close."""
        self._is_held = True
        self._pause.clear()
        self._look()

    def is_too_late(self, until: Nanos) -> bool:
        """Return whether a pause until then would last into the closing auction."""
        return until > self._closing - CATCH_UP_NS_LEAST

    def pause(self, steps: Pause, *, now: Nanos, until: Nanos) -> None:
        """Carry out `steps`, which come after `now`, and go on with the plan at `until`.

        Where that is too late to catch up before the closing auction, what was planned until then
        is left out, and orders wait for that auction.
        """
        self._is_held = False
        if self.is_too_late(until):
            self._pause = deque(
                step for step in steps if isinstance(step, PauseStep) and step.at < self._closing
            )
            while self._steps[self._place].at < max(self._closing, now + 1):
                self._place += 1
        else:
            self._pause = deque(steps)
            self._planned_at, self._moved_to = self._steps[self._place].at, until
        self._look()

    def skip(self, count: int) -> None:
        """Leave out the plan's next steps: a pause's auction has traded for them."""
        self._place += count
        self._look()

    def end(self) -> None:
        """Leave out all that is left of the day."""
        self._pause.clear()
        self._place = len(self._steps)
        self._look()

    def _look(self) -> None:
        """See what comes next, and when."""
        self.due = None
        if self._pause:
            self.next_at = self._pause[0].at
        elif self._place == len(self._steps):
            self.next_at = None
        elif self._is_held:
            self.next_at = self._steps[-1].at
        else:
            self.due = self._steps[self._place]
            self.next_at = self._moved(self.due.at)

    def _moved(self, planned_at: Nanos) -> Nanos:
        if self._moved_to == self._planned_at or planned_at >= self._closing:
            return planned_at
        done = (planned_at - self._planned_at) * (self._closing - self._moved_to)
        moved = self._moved_to + done // (self._closing - self._planned_at)
        return Nanos(max(moved, self.last_at + 1))
