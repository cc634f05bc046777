"""What the worker holds at most, and how long it tries."""

import msgspec


class WorkerBounds(msgspec.Struct, frozen=True, kw_only=True):
    """At a full queue a wish is dropped, counted and logged; it was never an order.

    An unanswered wish is sent again after a pause, the same, up to the attempts; the oldest ended
    orders are forgotten beyond `orders_kept_max`.
    """

    wishes_in_flight_max: int = 64
    """Per strategy: queued and being answered."""
    send_attempts_max: int = 5
    send_pause_ns: int = 500_000_000
    orders_kept_max: int = 100_000
