"""A recorder killed at any instant leaves files that are whole, and can go on in its folder."""

import signal
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from aipx.adapters.parquet.lake import ParquetLake
from aipx.ports.lake import RecordKind
from tests.support import recordings

pytestmark = pytest.mark.integration

ROOT = Path(__file__).resolve().parents[2]
ROWS = 500
KILLS = 4

WRITER = f"""
import sys
from pathlib import Path
from aipx.adapters.parquet.lake import ParquetLake
from aipx.ports.lake import RecordKind
from tests.support import recordings

lake = ParquetLake(Path(sys.argv[1]))
first = int(sys.argv[2])
while True:
    offsets = range(first, first + {ROWS})
    rows = [recordings.market_delivery(n, recordings.trade(n)) for n in offsets]
    lake.write_now(RecordKind.TRADE, recordings.DAY, rows)
    first += {ROWS}
    print(first, flush=True)
"""


def write_until_killed(folder: Path, first: int, files: int) -> int:
    """Let a process write `files` files and kill it in the next; return the rows it told of."""
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(folder), str(first)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        told = first
        for _ in range(files):
            told = int(process.stdout.readline())
        process.send_signal(signal.SIGKILL)
        # What it told between the last line read and its end counts as told, too.
        later = process.stdout.read().split()
    return int(later[-1]) if later else told


def test_a_killed_recorder_leaves_whole_files_and_the_next_goes_on(tmp_path: Path):
    told = 0
    for kill in range(KILLS):
        told = write_until_killed(tmp_path, told, files=kill + 1)

    rows = [pq.read_table(file).num_rows for file in ParquetLake(tmp_path).files()]
    assert set(rows) == {ROWS}
    # The file that was being written at a kill may be there, although nobody told of it.
    assert told <= sum(rows) <= told + ROWS


def test_the_recorder_that_follows_writes_the_same_rows_again_without_a_double(tmp_path: Path):
    told = write_until_killed(tmp_path, 0, files=2)
    again = [recordings.market_delivery(n, recordings.trade(n)) for n in range(ROWS)]

    ParquetLake(tmp_path).write_now(RecordKind.TRADE, recordings.DAY, again)

    files = ParquetLake(tmp_path).files()
    assert sum(pq.read_table(file).num_rows for file in files) >= told
    assert len({file.name for file in files}) == len(files)
