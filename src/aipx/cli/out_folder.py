"""The folder a demo writes: recordings, journal, chart, result. Never anybody else's files."""

import fcntl
import shutil
from pathlib import Path

from aipx.errors import InputError

MARKER = "result.json"
"""The demo's result; where it stands, the files beside it are a demo's and may be replaced."""

JOURNAL = "journal.sqlite"
JOURNAL_LOCK = f"{JOURNAL}.lock"
TOKENS = "tokens.json"
CHART = "chart.png"
LOG = "demo.log"

_MADE_BY_DEMO = ("kind=*", "_staging", ".staging", f"{JOURNAL}*", f"{TOKENS}*", CHART, LOG)


def prepare(out: Path) -> None:
    """Make the folder ready: without an earlier demo's files, and with everything else in it.

    Raises:
        InputError: it cannot be written, a demo writes there now, or it holds recordings that no
            demo made.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        if _is_in_use(out):
            raise InputError(f"--out is {out}; another demo writes there: choose another folder")
        if (out / MARKER).exists():
            _remove_earlier(out)
        elif any(out.glob("kind=*")) or (out / JOURNAL).exists():
            raise InputError(
                f"--out is {out}; it holds recordings that are no demo's: choose another folder"
            )
        (out / MARKER).write_text("{}\n", encoding="utf-8")
    except OSError as error:
        raise InputError(f"--out is {out}; it cannot be written: {error.strerror}") from error


def _remove_earlier(out: Path) -> None:
    for pattern in _MADE_BY_DEMO:
        for path in sorted(out.glob(pattern)):
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()


def _is_in_use(out: Path) -> bool:
    """True where a running demo holds its journal, whose lock the kernel drops with its process."""
    lock = out / JOURNAL_LOCK
    if not lock.exists():
        return False
    with lock.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
