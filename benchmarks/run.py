"""Run the benchmarks, print a table, write bench.json: `python -m benchmarks.run [--only a,b]`.

A benchmark is a module of this folder with `measure() -> list[BenchResult]`; its name is the
module's. Exit 0: measured; 1: one of them failed, the others are reported; 2: no such benchmark.
"""

import argparse
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType

import msgspec
from rich.console import Console
from rich.table import Table

from benchmarks.result import BenchResult

Measure = Callable[[], list[BenchResult]]
OUTPUT = Path("bench.json")
PIPE_COLUMNS = 140


def discover(package: ModuleType) -> dict[str, Measure]:
    """Return the benchmarks of a package by name, in the order of their names."""
    names = (found.name for found in iter_modules(package.__path__) if found.name != "run")
    measures = {name: _measure_of(f"{package.__name__}.{name}") for name in names}
    return {name: measure for name, measure in measures.items() if measure is not None}


def _measure_of(module_name: str) -> Measure | None:
    """Return a module's `measure`, None where it has none; one that fails where it has errors."""
    try:
        measure: Measure | None = getattr(import_module(module_name), "measure", None)
    except Exception as error:  # noqa: BLE001 - reported when measured, as any other failure
        return _failing(error)
    return measure


def _failing(error: Exception) -> Measure:
    def measure() -> list[BenchResult]:
        raise error

    return measure


def choose(measures: Mapping[str, Measure], only: Sequence[str]) -> dict[str, Measure]:
    """Return the named benchmarks, all where none is named.

    Raises:
        KeyError: there is no such benchmark; the text says which there are.
    """
    for name in only:
        if name not in measures:
            raise KeyError(f"no benchmark {name!r}; there are: {', '.join(measures) or 'none'}")
    return {name: measures[name] for name in only or measures}


def measure_all(measures: Mapping[str, Measure], report: Console) -> tuple[list[BenchResult], int]:
    """Return all results, and how many benchmarks failed; each failure is reported in a line."""
    results: list[BenchResult] = []
    failures = 0
    for name, measure in measures.items():
        report.print(f"measuring {name} ...", style="dim")
        try:
            results += measure()
        except Exception as error:  # noqa: BLE001 - one broken benchmark must not hide the rest
            failures += 1
            report.print(f"{name}: {type(error).__name__}: {error}", style="red", markup=False)
    return results, failures


def rendered(results: Iterable[BenchResult]) -> Table:
    """Return the results as a table for a terminal."""
    table = Table(title="AIPX benchmarks", title_justify="left", header_style="bold")
    table.add_column("name", no_wrap=True)
    table.add_column("value", justify="right", no_wrap=True)
    table.add_column("unit", no_wrap=True)
    table.add_column("ratio", justify="right", no_wrap=True)
    table.add_column("against")
    table.add_column("goal")
    for result in results:
        ratio = "" if result.ratio is None else f"{result.ratio:.3g}"
        value = f"{result.value:,.0f}" if abs(result.value) >= 100 else f"{result.value:,.2f}"
        table.add_row(result.name, value, result.unit, ratio, result.against, result.goal)
    return table


def main(arguments: Sequence[str], output: Path = OUTPUT) -> int:
    """Do as the module's docstring says; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run", description=__doc__)
    parser.add_argument("--only", default="", help="names of benchmarks, with commas between")
    only = [name.strip() for name in parser.parse_args(arguments).only.split(",") if name.strip()]
    report = Console(stderr=True)
    try:
        measures = choose(discover(import_module("benchmarks")), only)
    except KeyError as error:
        report.print(error.args[0], style="red", markup=False)
        return 2
    results, failures = measure_all(measures, report)
    output.write_bytes(msgspec.json.format(msgspec.json.encode(results)) + b"\n")
    # A pipe or a log has no width of its own; the table's columns need this much.
    Console(width=None if sys.stdout.isatty() else PIPE_COLUMNS).print(rendered(results))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
