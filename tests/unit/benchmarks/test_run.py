"""The runner finds benchmarks, says which there are, and lets one failure hide no other."""

import io
from pathlib import Path

import msgspec
import pytest
from rich.console import Console

from benchmarks import run
from benchmarks.result import BenchResult


def result(name: str) -> BenchResult:
    return BenchResult(name=name, value=1_234.5, unit="rows/s", against="bare", ratio=0.5)


def broken() -> list[BenchResult]:
    raise RuntimeError("no such place")


def package(name: str, folder: Path, monkeypatch: pytest.MonkeyPatch, **modules: str):
    """Make a package out of source texts, and import it."""
    root = folder / name
    root.mkdir()
    for module, text in {"__init__": "", **modules}.items():
        (root / f"{module}.py").write_text(text)
    monkeypatch.syspath_prepend(str(folder))
    return run.import_module(name)


def test_a_module_with_measure_is_a_benchmark(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    found = run.discover(
        package(
            "two_modules", tmp_path, monkeypatch, b="def measure():\n    return []\n", a="x = 1\n"
        )
    )

    assert list(found) == ["b"]
    assert found["b"]() == []


def test_a_module_that_cannot_be_imported_fails_only_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    found = run.discover(
        package("one_broken", tmp_path, monkeypatch, wrong="raise RuntimeError('broken')\n")
    )

    with pytest.raises(RuntimeError, match="broken"):
        found["wrong"]()


def test_an_unknown_name_is_answered_with_what_exists():
    with pytest.raises(KeyError, match="no benchmark 'c'; there are: a, b"):
        run.choose({"a": list, "b": list}, ["c"])


def test_no_name_means_all():
    assert list(run.choose({"a": list, "b": list}, [])) == ["a", "b"]
    assert list(run.choose({"a": list, "b": list}, ["b"])) == ["b"]


def test_one_failure_is_counted_and_the_rest_is_measured():
    said = io.StringIO()

    results, failures = run.measure_all(
        {"broken": broken, "good": lambda: [result("good")]}, Console(file=said)
    )

    assert (results, failures) == ([result("good")], 1)
    assert "broken: RuntimeError: no such place" in said.getvalue()


def test_the_table_shows_name_value_unit_and_ratio():
    said = io.StringIO()
    Console(file=said, width=120).print(run.rendered([result("replay_day")]))

    for text in ("replay_day", "1,234", "rows/s", "0.5", "bare"):
        assert text in said.getvalue()


def test_the_document_has_the_six_keys_of_the_format():
    document = msgspec.json.decode(msgspec.json.encode([result("replay_day")]))

    assert list(document[0]) == ["name", "value", "unit", "against", "ratio", "goal"]


def test_an_unknown_name_ends_with_2_and_writes_nothing(tmp_path: Path):
    assert run.main(["--only", "no_such_benchmark"], tmp_path / "bench.json") == 2
    assert not (tmp_path / "bench.json").exists()
