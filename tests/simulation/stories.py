"""Seeded stories: a day, a restless strategy, and what goes wrong in it."""

from collections.abc import Sequence
from random import Random

import msgspec

from aipx.simulator.faults import Fault, FaultName, FaultPlan
from tests.support.checker import still_live, violations
from tests.support.virtual_platform import Run, Scenario, run

EVENTS_MAX = 2_000
FAULTS_MAX = 5

_RANGES = {
    FaultName.NOTICE_MISSING: (0.05, 0.4),
    FaultName.NOTICE_REPEATED: (0.05, 0.5),
    FaultName.NOTICE_LATE: (0.1, 0.6),
    FaultName.NOTICE_BEFORE_ANSWER: (0.1, 0.6),
    FaultName.ORDER_TIMEOUT: (0.02, 0.2),
    FaultName.ORDER_REFUSED_TIMEOUT: (0.02, 0.2),
    FaultName.CANCEL_TIMEOUT: (0.1, 0.5),
    FaultName.SUCCESS_WITHOUT_NUMBER: (0.02, 0.1),
    FaultName.HTML_ERROR: (0.01, 0.05),
    FaultName.SLOW: (0.02, 0.1),
    FaultName.THROTTLED: (0.01, 0.1),
    FaultName.SOCKET_CLOSED: (0.0005, 0.002),
    FaultName.TICKS_MISSING: (0.01, 0.1),
    FaultName.PAGING_CHANGED: (0.05, 0.3),
}
"""Least and greatest probability per opportunity, where a fault is in a story's plan."""


class Story(msgspec.Struct, frozen=True, kw_only=True):
    """What a seed means."""

    seed: int
    faults: tuple[Fault, ...]
    crashes: tuple[float, ...]
    """Parts of the day, ascending, at which the whole platform is killed and started again."""


def story(seed: int) -> Story:
    """Return the story of a seed: one to five faults, and in every third one a crash or two."""
    draw = Random(f"{seed}/story")
    names = draw.sample(sorted(_RANGES, key=lambda name: name.value), draw.randint(1, FAULTS_MAX))
    faults = tuple(Fault(name=name, probability=draw.uniform(*_RANGES[name])) for name in names)
    crashes = tuple(sorted(draw.random() for _ in range(draw.randint(1, 2))))
    return Story(seed=seed, faults=faults, crashes=crashes if seed % 3 == 0 else ())


def tell(found: Story) -> Run:
    """Live through a story."""
    return run(
        Scenario(
            seed=found.seed,
            strategy="restless",
            events_max=EVENTS_MAX,
            faults=FaultPlan(found.faults, seed=found.seed),
            crashes=found.crashes,
        )
    )


def verdict(ended: Run) -> Sequence[str]:
    """Return everything that is wrong with a run; empty is a pass."""
    found = [*violations(ended.account, ended.ledger), *still_live(ended.account)]
    has_unknown = any(order.state.value == "UNKNOWN" for order in ended.account.orders.values())
    if not ended.is_reconciled and not has_unknown:
        found.append("the books were not reconciled")
    if ended.bad_frames:
        found.append(f"{ended.bad_frames} frames could not be read")
    if ended.stopped_strategies:
        found.append(f"strategies stopped: {ended.stopped_strategies}")
    if ended.folded != ended.account:
        found.append("a fold of the journal gives another account")
    return found
