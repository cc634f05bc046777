from aipx.runtime.clocks import CallableClock, SystemMonotonicClock, SystemWallClock


def test_monotonic_clock_does_not_go_back():
    clock = SystemMonotonicClock()

    assert clock.now() <= clock.now()


def test_wall_clock_is_in_unix_nanoseconds():
    assert SystemWallClock().now() > 1_700_000_000_000_000_000


def test_callable_clock_says_what_its_source_says():
    assert CallableClock(lambda: 42).now() == 42
