"""A journal on a simulated disk that keeps what was synced."""

from collections.abc import Iterator, Sequence

from aipx.model.ids import Sequence as SequenceNumber
from aipx.model.order import OrderEvent
from aipx.wire.facts import ORDER_EVENT


class Disk:
    """What survives a crash. Records are kept as bytes, as the real journal keeps them."""

    def __init__(self) -> None:
        self.records: list[bytes] = []
        self.published = 0
        self.epoch = 0


class DiskJournal:
    """The journal port on a `Disk`; opening takes the lease from whoever had it."""

    def __init__(self, disk: Disk) -> None:
        self._disk = disk
        disk.epoch += 1
        self._epoch = disk.epoch
        self._published = disk.published

    def append(self, events: Sequence[OrderEvent]) -> None:
        assert self._epoch == self._disk.epoch, "a replaced OMS must not write"
        self._disk.records += [ORDER_EVENT.encode(event) for event in events]
        self._disk.published = self._published

    def read(self, *, after: SequenceNumber) -> Iterator[OrderEvent]:
        return (ORDER_EVENT.decode(record) for record in self._disk.records[after:])

    def published(self) -> SequenceNumber:
        return SequenceNumber(self._published)

    def mark_published(self, sequence: SequenceNumber) -> None:
        self._published = max(self._published, sequence)

    def close(self) -> None:
        """Nothing is open."""
