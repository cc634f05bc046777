"""`aipx demo` as its users run it: a process of its own, judged by what it says and leaves."""

import json
import re
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

import msgspec

AIPX = Path(sys.executable).with_name("aipx")
SECONDS_MAX = 110
"""Just below the limit of a test, so that a demo that hangs is named as such."""
LINES_MAX = 60
_PROGRESS = re.compile(r"^\d\d:\d\d:\d\d +\d+%")


class Ended(msgspec.Struct, frozen=True, kw_only=True):
    """A command that has ended."""

    code: int
    stdout: str
    stderr: str

    @property
    def document(self) -> dict[str, Any]:
        """The one JSON document that is all of stdout."""
        found = json.loads(self.stdout)
        assert isinstance(found, dict)
        return found


def aipx(*arguments: str | Path, cwd: Path | None = None) -> Ended:
    """Run the command to its end."""
    done = subprocess.run(
        [AIPX, *arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=SECONDS_MAX,
        check=False,
    )
    return Ended(code=done.returncode, stdout=done.stdout, stderr=done.stderr)


class RunningDemo:
    """A demo at work, without a terminal: it tells its progress on stderr, line by line."""

    def __init__(self, arguments: Sequence[str | Path]) -> None:
        self._said: list[str] = []
        self._process = subprocess.Popen(
            [AIPX, "demo", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()

    def wait_for_fills(self) -> None:
        """Return when the demo has told of its first fill."""
        stderr = self._process.stderr
        assert stderr is not None
        for _ in range(LINES_MAX):
            line = stderr.readline()
            self._said.append(line)
            if not line:
                break
            if _PROGRESS.match(line) and "fills 0 " not in line:
                return
        raise AssertionError(f"no fill was told of: {self._said}")

    def end(self, number: signal.Signals) -> Ended:
        """Send a signal and wait for the end."""
        self._process.send_signal(number)
        stdout, stderr = self._process.communicate(timeout=SECONDS_MAX)
        return Ended(
            code=self._process.returncode, stdout=stdout, stderr="".join(self._said) + stderr
        )

    def end_unread(self) -> Ended:
        """Close the pipe that stdout goes to, and wait for the end."""
        assert self._process.stdout is not None
        assert self._process.stderr is not None
        self._process.stdout.close()
        stderr = self._process.stderr.read()
        code = self._process.wait(timeout=SECONDS_MAX)
        return Ended(code=code, stdout="", stderr="".join(self._said) + stderr)
