"""Where recordings go: typed columns, in files that are whole or not there."""

from collections.abc import Sequence
from datetime import date
from enum import Enum
from typing import Protocol

import msgspec

from aipx.ports.bus import Delivery


class RecordKind(Enum):
    """The tables of the lake; the value is the folder `kind=…`."""

    TRADE = "trade"
    BOOK = "book"
    ORDER_EVENT = "order_event"


class WrittenFile(msgspec.Struct, frozen=True, kw_only=True):
    """One file that is whole and durable."""

    path: str
    rows: int
    size: int


class Lake(Protocol):
    """A place that keeps recordings."""

    async def write(
        self, kind: RecordKind, day: date, deliveries: Sequence[Delivery]
    ) -> WrittenFile:
        """Write one file of one kind and business date; on return it is whole and durable.

        Raises:
            InputError: the place cannot be written; nothing of the file is visible.
        """
        ...
