"""`make simulate SEED=n`: one story again, with its plan, its outcome and its verdict."""

import logging
import sys
from collections import Counter

import structlog

from tests.simulation.stories import story, tell, verdict


def main(arguments: list[str]) -> int:
    """Replay the seed in `arguments`; 0 where nothing is wrong, 2 where it is no seed."""
    if len(arguments) != 1 or not arguments[0].isdigit():
        sys.stderr.write("usage: make simulate SEED=n, n a whole number from 0\n")
        return 2
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    found = story(int(arguments[0]))
    lines = [f"seed {found.seed}"]
    lines += [
        f"  fault {fault.name.value}: probability {fault.probability:.4f}" for fault in found.faults
    ]
    lines += [f"  crash at {part:.1%} of the day" for part in found.crashes]
    sys.stdout.write("\n".join(lines) + "\n")
    ended = tell(found)
    states = Counter(order.state.value for order in ended.account.orders.values())
    wrong = verdict(ended)
    lines = [
        f"struck {dict(ended.scenario.faults.counts) if ended.scenario.faults else {}}",
        f"orders {dict(sorted(states.items()))}",
        f"history {ended.history_hash}",
        *(f"WRONG  {what}" for what in wrong),
        "verdict " + ("pass" if not wrong else f"{len(wrong)} wrong"),
    ]
    sys.stdout.write("\n".join(lines) + "\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
