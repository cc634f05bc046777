"""One liquid symbol-day at full speed, as a user runs it: wall seconds and peak resident memory.

`aipx demo --speed max --headless --json` in a process of its own: sockets, ingestion, strategy,
OMS, recorder and simulator in one. Each figure is the median of the rounds.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import msgspec

from benchmarks.result import BenchResult

SYMBOL = "005930"
ROUNDS_COUNT = 3
SECONDS_MAX = 10.0
MEGABYTES_MAX = 400.0
BYTES_PER_MEGABYTE = 1_000_000
RSS_UNIT_BYTES = 1 if sys.platform == "darwin" else 1_024
"""`ru_maxrss` counts in bytes on macOS, in kibibytes elsewhere."""


class Day(msgspec.Struct, frozen=True, kw_only=True):
    """What one run took, and that it was a whole day."""

    seconds: float
    megabytes: float
    frames: int


def measure() -> list[BenchResult]:
    """Return seconds and megabytes of a symbol-day, from the start of the process to its end."""
    days = [_one_day() for _ in range(ROUNDS_COUNT)]
    frames = days[0].frames
    seconds = statistics.median(day.seconds for day in days)
    megabytes = statistics.median(day.megabytes for day in days)
    return [
        BenchResult(
            name="demo_day",
            value=round(seconds, 2),
            unit="s",
            against=f"the goal of {SECONDS_MAX:g} s; {frames:,} frames",
            ratio=round(seconds / SECONDS_MAX, 2),
            goal=f"under {SECONDS_MAX:g} s",
        ),
        BenchResult(
            name="demo_day_memory",
            value=round(megabytes),
            unit="MB",
            against=f"the goal of {MEGABYTES_MAX:g} MB",
            ratio=round(megabytes / MEGABYTES_MAX, 2),
            goal=f"under {MEGABYTES_MAX:g} MB resident",
        ),
    ]


def _one_day() -> Day:
    with tempfile.TemporaryDirectory() as folder:
        aipx = str(Path(sys.executable).with_name("aipx"))
        out = str(Path(folder) / "out")
        options = ["--symbols", SYMBOL, "--speed", "max", "--headless", "--json", "--out", out]
        printed = Path(folder) / "printed.json"
        began = time.perf_counter()
        with printed.open("wb") as output:
            process = subprocess.Popen([aipx, "demo", *options], stdout=output)
            # Only `wait4` tells the memory of this one child; it reaps it, so Popen must not.
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.perf_counter() - began
        if process.returncode:
            raise RuntimeError(f"aipx demo ended with {process.returncode}")
        document = msgspec.json.decode(printed.read_bytes())
    assert document["ledger_equals_broker"], "a day whose books do not agree is no day"
    return Day(
        seconds=seconds,
        megabytes=usage.ru_maxrss * RSS_UNIT_BYTES / BYTES_PER_MEGABYTE,
        frames=document["frames"]["received"],
    )


if __name__ == "__main__":
    for line in measure():
        print(line)
