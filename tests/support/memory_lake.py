"""A lake in memory, which can be slow, or refuse."""

import asyncio
from collections.abc import Sequence
from datetime import date

from aipx.errors import InputError
from aipx.ports.bus import Delivery
from aipx.ports.lake import RecordKind, WrittenFile


class MemoryLake:
    """Keeps what is written; can be slow, or refuse."""

    def __init__(self) -> None:
        self.files: list[tuple[RecordKind, date, list[int]]] = []
        self.rows: dict[RecordKind, list[Delivery]] = {kind: [] for kind in RecordKind}
        self.gate: asyncio.Event | None = None
        self.begun = asyncio.Event()
        self.is_broken = False

    async def write(
        self, kind: RecordKind, day: date, deliveries: Sequence[Delivery]
    ) -> WrittenFile:
        self.begun.set()
        if self.gate is not None:
            await self.gate.wait()
        if self.is_broken:
            raise InputError("recordings cannot be written: out: No space left on device")
        self.rows[kind] += deliveries
        self.files.append((kind, day, [delivery.offset for delivery in deliveries]))
        return WrittenFile(path="", rows=len(deliveries), size=100)

    def offsets(self, kind: RecordKind) -> list[int]:
        return [offset for found, _, offsets in self.files if found is kind for offset in offsets]
