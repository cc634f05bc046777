"""The picture of the order machine is the table's, and stays so."""

from pathlib import Path

import pytest

from aipx.engine.orders import TRANSITIONS
from tools import order_machine


def test_page_shows_the_machine_of_today():
    assert order_machine.main(["--check"]) == 0


def test_every_state_and_every_change_of_state_is_drawn():
    picture = order_machine.drawn()

    for state, steps in TRANSITIONS.items():
        assert state.value in picture
        for fact, targets in steps.items():
            for target in targets - {state}:
                (line,) = [
                    line
                    for line in picture.splitlines()
                    if line.strip().startswith(f"{state.value} --> {target.value}:")
                ]
                assert fact.__name__ in line


def test_stale_picture_is_told_and_drawn_anew(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    page = tmp_path / "PAGE.md"
    page.write_text(f"above\n\n{order_machine.BEGIN}\nold\n{order_machine.END}\n\nbelow\n")

    assert order_machine.main(["--check"], page) == 1
    assert "run tools/order_machine.py" in capsys.readouterr().out
    assert order_machine.main([], page) == 0
    assert order_machine.main(["--check"], page) == 0
    assert page.read_text().startswith("above\n")
    assert page.read_text().endswith("below\n")


def test_page_without_marks_is_an_error():
    with pytest.raises(ValueError, match="lacks"):
        order_machine.replaced("no marks here")
