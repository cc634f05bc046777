"""Real data beside the repository, read-only; a test that needs it skips where it is absent."""

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[3] / "shared"


def shared(path: str) -> Path:
    """Return a path below `../shared`, or skip the test with the reason."""
    found = SHARED / path
    if not found.exists():
        pytest.skip(f"real data is not there: {found}")
    return found
