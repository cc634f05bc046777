import gc
from collections.abc import Iterator

import pytest

from aipx.runtime.garbage import YOUNG_OBJECTS_MAX, collect_rarely


@pytest.fixture(autouse=True)
def pythons_own_collection() -> Iterator[None]:
    threshold = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*threshold)


def test_searches_become_rare_and_spare_what_is_loaded():
    collect_rarely()

    assert gc.get_threshold()[0] == YOUNG_OBJECTS_MAX
    assert gc.get_freeze_count() > 0


def test_cycles_are_still_found():
    collect_rarely()
    cycle: list[object] = []
    cycle.append(cycle)
    del cycle

    assert gc.collect() > 0
