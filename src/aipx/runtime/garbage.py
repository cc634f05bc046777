"""How often Python looks for cycles of garbage.

Facts hold no cycles, so a process that handles many of them gains nothing from frequent looks:
reference counts free what is done with. Whatever does make cycles (tasks that failed, exceptions
with their frames) is rare, and is still found.
"""

import gc

YOUNG_OBJECTS_MAX = 50_000
"""Containers made and not yet freed before the youngest are looked through; Python's own is 700."""


def collect_rarely() -> None:
    """Leave what is loaded by now out of all searches, and search less often from here on.

    For a composition root, once, when imports are done and before services start.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS_MAX, *gc.get_threshold()[1:])
