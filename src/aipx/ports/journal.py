"""The OMS's journal: append-only, numbered per account, hash-chained, and also the outbox."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from aipx.model.ids import Sequence as SequenceNumber
from aipx.model.order import OrderEvent


class Journal(Protocol):
    """One account's journal, held under a lease. Calls are synchronous: durable on return."""

    def append(self, events: Sequence[OrderEvent]) -> None:
        """Write all the events or none, and return when they would survive a power cut.

        Raises:
            LeaseLost: another process has taken the account; nothing was written.
        """
        ...

    def read(self, *, after: SequenceNumber) -> Iterator[OrderEvent]:
        """Return the events behind `after`, in order."""
        ...

    def published(self) -> SequenceNumber:
        """Return the last sequence number that the relay has handed to the bus."""
        ...

    def mark_published(self, sequence: SequenceNumber) -> None:
        """Remember the relay's place; it may be lost in a crash (then events repeat)."""
        ...

    def close(self) -> None:
        """Release the lease and the file."""
        ...
