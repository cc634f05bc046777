"""The command line answers a mistake with one line, and touches nothing."""

import errno
from pathlib import Path

import pytest

from aipx.cli import app
from aipx.errors import Unreachable


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--date", "tomorrow"], "--date is 'tomorrow'; allowed: a day as YYYY-MM-DD"),
        (["--date", "2026-11-21"], "(Saturday); KRX is closed on it"),
        (["--date", "1950-01-04"], "the rulebook covers"),
        (["--symbols", " , "], "--symbols is ' , '; allowed: codes such as 005930"),
        (["--symbols", "999999"], "are known, such as 005930, 000660"),
        (["--symbols", "005930,005930"], "allowed: each once"),
        (["--speed", "fast"], "speed is 'fast'; allowed: max, or above 0"),
        (["--speed", "nan"], "speed is 'nan'"),
        (["--speed", "0"], "speed is '0'"),
        (["--seconds", "nan"], "--seconds is nan; allowed: above 0"),
        (["--seconds", "-1"], "--seconds is -1.0; allowed: above 0"),
        (["--seconds", "soon"], "Invalid value for '--seconds'"),
        (["--seed", "1.5"], "Invalid value for '--seed'"),
        (["--strategy", "luck"], "strategy is 'luck'; there are book_imbalance, sma_cross"),
        (["--data", "nowhere"], "--data is nowhere; there is no such folder"),
        (["--colour", "red"], "No such option: --colour"),
    ],
)
def test_wrong_use_is_one_line_exit_2_and_no_folder(
    arguments: list[str],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    monkeypatch.chdir(tmp_path)

    code = app.main(["demo", *arguments, "--headless", "--json"])

    out, err = capsys.readouterr()
    assert code == 2
    assert out == ""
    assert err.startswith("aipx: ")
    assert err.count("\n") == 1
    assert said in err
    assert list(tmp_path.iterdir()) == []


def test_a_mistake_leaves_the_recordings_of_an_earlier_run_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    kept = tmp_path / "kind=trade" / "kept.parquet"
    kept.parent.mkdir()
    kept.write_bytes(b"recorded")
    (tmp_path / "result.json").write_text("{}")

    code = app.main(["demo", "--symbols", "999999", "--out", str(tmp_path)])

    assert code == 2
    assert "symbol is '999999'" in capsys.readouterr().err
    assert kept.read_bytes() == b"recorded"


def test_an_unknown_command_is_one_line(capsys: pytest.CaptureFixture[str]):
    assert app.main(["fly"]) == 2

    assert capsys.readouterr().err == "aipx: No such command 'fly'.\n"


def test_help_and_version_are_no_mistakes(capsys: pytest.CaptureFixture[str]):
    assert app.main(["--version"]) == 0
    assert app.main(["demo", "--help"]) == 0

    said = capsys.readouterr().out
    assert said.startswith("aipx ")
    assert "--speed" in said


def test_no_command_at_all_shows_the_help(capsys: pytest.CaptureFixture[str]):
    assert app.main([]) == 2

    assert "demo" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (Unreachable("no answer\n  within 3 s"), "aipx: no answer within 3 s\n"),
        (OSError(errno.ENOSPC, "No space left on device", "chart.png"), "No space left on device"),
    ],
)
def test_a_failure_of_the_world_is_one_line_and_exit_1(
    error: Exception,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
):
    def fail(_: object) -> None:
        raise error

    monkeypatch.setattr("aipx.cli.demo.run_demo", fail)

    assert app.main(["demo", "--out", str(tmp_path)]) == 1

    err = capsys.readouterr().err
    assert said in err
    assert err.count("\n") == 1


def test_without_out_each_run_gets_a_folder_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "out" / "demo-001").mkdir(parents=True)

    assert app._default_out() == Path("out/demo-002")
