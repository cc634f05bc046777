"""The auctions that end a pause of one symbol: after an interruption, a halt, a circuit breaker."""

from random import Random

import msgspec

from aipx.model.instrument import Won
from aipx.model.time import NANOS_PER_SECOND, Nanos
from aipx.rules.volatility import auction_length
from aipx.simulator.market.bar import Listing
from aipx.simulator.market.grid import Grid
from aipx.simulator.market.guard import Band, Guard
from aipx.simulator.market.schedule import PauseStep, ResumeStep, Schedule

STEP_NS = 10 * NANOS_PER_SECOND
"""The book of such an auction is told so often."""

INTERRUPTIONS_MAX = 20
"""A day's interruptions of one symbol; more of them are left out (assumed: a guard of ours)."""


class Interruption(msgspec.Struct, frozen=True, kw_only=True):
    """A volatility interruption: what would have traded, and how far from which price."""

    at: Nanos
    until: Nanos
    price: Won
    is_static: bool
    reference: Won
    """The last single price for a static interruption, the last trade for a dynamic one."""


class Pauses:
    """Says what interrupts a symbol, and puts its auctions into the schedule."""

    __slots__ = ("_grid", "_guard", "_length_ns", "_random_ns_max", "_rng", "_schedule", "past")

    def __init__(self, listing: Listing, grid: Grid, schedule: Schedule, rng: Random) -> None:
        self._grid = grid
        self._schedule = schedule
        self._rng = rng
        self._guard = Guard(listing, grid)
        self._length_ns = self._random_ns_max = 0
        if self._guard.is_armed:
            row = auction_length(listing.bar.day)
            self._length_ns, self._random_ns_max = row.length_ns, row.random_end_ns_max
        self.past: list[Interruption] = []
        """The day's interruptions, the last of which may still last."""

    def band(self, at: Nanos, *, last: Won, reference: Won) -> Band | None:
        """Return where the symbol may trade at a moment; None where nothing would interrupt it."""
        if not (self._guard.is_armed and reference):
            return None
        until = Nanos(at + self._length_ns + self._random_ns_max)
        if self._schedule.is_too_late(until) or len(self.past) >= INTERRUPTIONS_MAX:
            return None
        return self._guard.band(last=last, reference=reference)

    def interrupt(self, at: Nanos, price: Won, *, last: Won, reference: Won) -> None:
        """Begin an interruption: somebody would have traded at `price`."""
        is_static = self._guard.is_static(price, reference)
        until = self.volatility_end(at)
        self.past.append(
            Interruption(
                at=at,
                until=until,
                price=price,
                is_static=is_static,
                reference=reference if is_static else last,
            )
        )
        self.auction(at, until, now=at, last=last)

    def volatility_end(self, start: Nanos) -> Nanos:
        """Draw when a volatility auction ends that begins at `start`."""
        extra_ns = int(self._rng.random() * self._random_ns_max)
        return Nanos(start + self._length_ns + extra_ns - extra_ns % 1_000)

    def auction(self, start: Nanos, until: Nanos, *, now: Nanos, last: Won) -> None:
        """Hold trading up until the end of an auction, in which the plan's next trade is made.

        Where the plan has none next, accounts trade with what they bring and find around `last`.
        What is due at `start` itself is left to the caller when that is `now`.
        """
        trade = self._schedule.next_trade()
        point, size, consumed = trade or (None, 0, 0)
        center = self._grid.index(last) if point is None else point.price
        length_ns = max(until - start, 1)
        times = range(start if start > now else start + STEP_NS, until, STEP_NS)
        steps: list[PauseStep | ResumeStep] = [
            PauseStep(Nanos(at), center, size * (at - start) // length_ns) for at in times
        ]
        steps.append(ResumeStep(until, center, size, point, consumed))
        self._schedule.pause(steps, now=now, until=until)
