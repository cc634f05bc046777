"""Two clocks. Time enters the program through these and nowhere else."""

from typing import Protocol

from aipx.model.time import Nanos


class MarketClock(Protocol):
    """The exchange's time: sessions, staleness, stamps. Simulated time in a simulation."""

    def now(self) -> Nanos:
        """Return the moment it is at the exchange."""
        ...


class MonotonicClock(Protocol):
    """Time that only goes forward: timeouts, request rates, latencies."""

    def now(self) -> int:
        """Return nanoseconds from an arbitrary origin."""
        ...


class WallClock(Protocol):
    """The host's own idea of the time: token expiry, and nothing about the market."""

    def now(self) -> Nanos:
        """Return the host's moment."""
        ...
