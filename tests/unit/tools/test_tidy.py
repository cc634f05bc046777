"""The house rules find what they name, and leave the rest alone."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest


def _load_tidy() -> ModuleType:
    """Import tools/tidy.py, which is a script and no part of a package."""
    path = Path(__file__).resolve().parents[3] / "tools" / "tidy.py"
    spec = importlib.util.spec_from_file_location("tidy", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    # Dataclasses look their module up by name while it is being made.
    sys.modules["tidy"] = module
    spec.loader.exec_module(module)
    return module


tidy = _load_tidy()


def found(path: str, text: str, *others: str) -> list[str]:
    sources = [tidy.Source(path, text), *(tidy.Source(other, "") for other in others)]
    return [str(finding) for finding in tidy.findings(sources)]


def test_a_clean_module_has_no_findings():
    assert found("src/aipx/cli/app.py", '"""Commands."""\n') == []


def test_a_module_without_docstring_is_found():
    assert found("src/aipx/cli/app.py", "x = 1\n") == ["src/aipx/cli/app.py:1: no module docstring"]


def test_a_test_file_needs_no_docstring_and_may_be_longer():
    assert found("tests/unit/cli/test_app.py", "x = 1\n" * 600) == []
    assert found("tests/unit/cli/test_app.py", "x = 1\n" * 601) == [
        "tests/unit/cli/test_app.py:1: 601 lines, at most 600: split by subject"
    ]


def test_a_file_over_the_limit_is_found():
    text = '"""Long."""\n' + "x = 1\n" * 400

    assert found("src/aipx/cli/app.py", text) == [
        "src/aipx/cli/app.py:1: 401 lines, at most 400: split by subject"
    ]


def test_a_function_over_the_limit_is_found():
    text = '"""Long."""\n\n\ndef f():\n' + "    x = 1\n" * 60

    assert found("src/aipx/cli/app.py", text) == [
        "src/aipx/cli/app.py:4: f() has 61 lines, at most 60"
    ]


def test_code_that_does_not_parse_is_found():
    (line,) = found("src/aipx/cli/app.py", '"""Broken."""\ndef f(:\n')

    assert line.startswith("src/aipx/cli/app.py:2: does not parse")


def test_a_core_module_with_logic_needs_its_unit_test():
    text = '"""Book."""\n\n\ndef best(levels):\n    for level in levels:\n        return level\n'

    assert found("src/aipx/engine/book.py", text) == [
        "src/aipx/engine/book.py:1: no unit test: tests/unit/engine/test_book.py is not there"
    ]
    assert found("src/aipx/engine/book.py", text, "tests/unit/engine/test_book.py") == []


def test_a_module_of_declarations_needs_none():
    text = '"""Nouns."""\n\n\nclass A:\n    @property\n    def b(self):\n        return 1\n'

    assert found("src/aipx/model/noun.py", text) == []


def test_a_module_outside_the_core_needs_none():
    text = '"""I/O."""\n\n\ndef send(a, b):\n    a(b)\n'

    assert found("src/aipx/adapters/http/send.py", text) == []


def test_a_unit_test_without_its_module_is_found():
    assert found("tests/unit/engine/test_gone.py", '"""Gone."""\n') == [
        "tests/unit/engine/test_gone.py:1: tests no module: src/aipx/engine/gone.py is not there"
    ]


def test_a_test_of_a_package_file_is_named_init():
    package = "src/aipx/strategies/__init__.py"

    assert found("tests/unit/strategies/test_init.py", '"""Registry."""\n', package) == []


@pytest.mark.parametrize("line", ["# TODO: later", "# TODO(me): later", "# TODO"])
def test_a_todo_without_issue_is_found(line: str):
    text = f'"""Commands."""\n{line}\n'

    assert found("src/aipx/cli/app.py", text) == [
        "src/aipx/cli/app.py:2: a TODO without its issue; write TODO(#12)"
    ]


def test_a_todo_with_its_issue_is_allowed():
    assert found("src/aipx/cli/app.py", '"""Commands."""\n# TODO(#12): later\n') == []


def test_approved_is_found_outside_risk():
    text = '"""Commands."""\nx = verdict.Approved(1)\n'

    assert found("src/aipx/cli/app.py", text) == [
        "src/aipx/cli/app.py:2: Approved() outside src/aipx/engine/risk.py"
    ]


def test_approved_is_allowed_in_risk_and_tests():
    text = '"""Risk."""\nx = Approved(1)\n'

    assert found("src/aipx/engine/risk.py", text, "tests/unit/engine/test_risk.py") == []
    assert found("tests/unit/cli/test_app.py", text) == []


def test_a_page_has_exactly_one_title():
    assert found("docs/a.md", "# One\n\n# Two\n") == [
        "docs/a.md:1: 2 titles (`# ...`), exactly 1 is allowed"
    ]
    assert found("docs/a.md", "# One\n\n```sh\n# a comment\n```\n") == []


def test_an_absolute_home_path_is_found():
    path = "/ho" + "me/someone/x"

    (line,) = found("docs/a.md", f"# One\n{path}\n")

    assert line.startswith("docs/a.md:2:")


def test_a_wheel_in_the_tree_is_found(tmp_path: Path):
    (tmp_path / "x-1-py3-none-any.whl").write_bytes(b"\x00\xff")
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / "y.whl").write_bytes(b"\x00")

    lines = [str(finding) for finding in tidy.findings(tidy.read_tree(tmp_path))]

    assert lines == ["x-1-py3-none-any.whl:1: a built or recorded file does not belong in the tree"]


def test_findings_come_in_order_of_place():
    text = "x = 1\n# TODO\n"

    places = [line.rsplit(": ", 1)[0] for line in found("src/aipx/cli/app.py", text)]

    assert places == sorted(places)
