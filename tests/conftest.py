"""Settings for every test: property tests count examples, never seconds."""

import logging
from collections.abc import Iterator

import pytest
import structlog
from hypothesis import HealthCheck, settings

# Two busy cores make any deadline a coin toss, and a test on time is no test of ours.
settings.register_profile(
    "house",
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("house")

# What a test wants to know of a log it captures itself; the rest would only slow it down.
structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))


@pytest.fixture(autouse=True)
def _logging_as_it_was() -> Iterator[None]:
    """Undo what a command did to the logs: its stream is closed once its test has ended."""
    kept = structlog.get_config()
    yield
    structlog.configure(**kept)


@pytest.fixture
def every_log_level(_logging_as_it_was: None) -> None:
    """Let a test that captures logs see all of them."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.DEBUG))
