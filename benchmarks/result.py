"""What a benchmark says: one figure, what it is compared with, and what it should reach."""

import msgspec


class BenchResult(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the table, one object of bench.json.

    `ratio` is `value` over the figure of `against`, measured in the same run on the same machine;
    None where there is nothing to compare with. `goal` is a sentence for a person, such as
    "at least 200,000/s".
    """

    name: str
    value: float
    unit: str
    against: str = ""
    ratio: float | None = None
    goal: str = ""
