"""Tables of real data, read at once."""

import csv

from tests.support.shared_data import shared


def shared_rows(path: str) -> list[dict[str, str]]:
    """Return the rows of a CSV file below `../shared`, or skip the test."""
    with shared(path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
