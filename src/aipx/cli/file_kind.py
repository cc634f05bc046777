"""How market data are written to files; apart, so that `aipx --help` loads nothing heavy."""

from enum import Enum


class FileKind(Enum):
    """The format of a file of bars."""

    CSV = "csv"
    PARQUET = "parquet"
