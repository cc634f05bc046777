"""Settings for every test: property tests count examples, never seconds."""

from hypothesis import HealthCheck, settings

# Two busy cores make any deadline a coin toss, and a test on time is no test of ours.
settings.register_profile(
    "house",
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("house")
