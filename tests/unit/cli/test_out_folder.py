"""A demo clears its own earlier files, and nobody else's."""

import fcntl
from pathlib import Path

import pytest

from aipx.cli import out_folder
from aipx.errors import InputError


def ran(out: Path) -> Path:
    """Leave in `out` what a demo leaves."""
    (out / "kind=trade" / "date=2026-11-20").mkdir(parents=True)
    (out / "kind=trade" / "date=2026-11-20" / "a.parquet").write_bytes(b"x")
    for name in (out_folder.JOURNAL, out_folder.JOURNAL_LOCK, out_folder.TOKENS, out_folder.CHART):
        (out / name).write_bytes(b"x")
    (out / out_folder.MARKER).write_text("{}")
    return out


def test_a_new_folder_is_made_and_marked(tmp_path: Path):
    out_folder.prepare(tmp_path / "a" / "b")

    assert [path.name for path in (tmp_path / "a" / "b").iterdir()] == [out_folder.MARKER]


def test_an_earlier_run_makes_room_for_the_next(tmp_path: Path):
    out_folder.prepare(ran(tmp_path))

    assert [path.name for path in tmp_path.iterdir()] == [out_folder.MARKER]


def test_what_is_not_the_demos_stays(tmp_path: Path):
    notes = ran(tmp_path) / "notes.txt"
    notes.write_text("mine")

    out_folder.prepare(tmp_path)

    assert notes.read_text() == "mine"


@pytest.mark.parametrize("name", ["kind=trade", out_folder.JOURNAL])
def test_recordings_that_no_demo_made_are_not_touched(tmp_path: Path, name: str):
    (tmp_path / name).mkdir()

    with pytest.raises(InputError, match="no demo's: choose another folder"):
        out_folder.prepare(tmp_path)

    assert (tmp_path / name).exists()
    assert not (tmp_path / out_folder.MARKER).exists()


def test_a_demo_that_runs_keeps_its_folder(tmp_path: Path):
    ran(tmp_path)
    with (tmp_path / out_folder.JOURNAL_LOCK).open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)

        with pytest.raises(InputError, match="another demo writes there"):
            out_folder.prepare(tmp_path)

    assert (tmp_path / "kind=trade").exists()
    out_folder.prepare(tmp_path)
    assert not (tmp_path / "kind=trade").exists()


def test_a_file_in_the_way_is_told(tmp_path: Path):
    (tmp_path / "out").write_text("a file")

    with pytest.raises(InputError, match=r"--out is .*; it cannot be written: "):
        out_folder.prepare(tmp_path / "out" / "below")
