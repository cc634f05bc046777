from datetime import date
from pathlib import Path

import pytest

from aipx.errors import InputError
from aipx.model.ids import Symbol
from aipx.simulator.market.history import ignored_files, load, recent
from tests.support.shared_data import shared

HEADER = "date,code,open,high,low,close,volume"
SAMSUNG = Symbol("005930")
KIA = Symbol("000270")
MONDAY = date(2021, 3, 8)


def write(folder: Path, name: str, *lines: str) -> None:
    (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


def row(day: str, prices: str = "100,110,90,105,1000", code: str = "005930") -> str:
    return f"{day},{code},{prices}"


def test_a_bar_comes_with_the_day_before(tmp_path: Path) -> None:
    write(
        tmp_path,
        "a.csv",
        HEADER,
        row("2021-03-04"),
        row("2021-03-05", "1,4,1,3,7"),
        row("2021-03-08"),
    )

    bar = load(tmp_path, [SAMSUNG], MONDAY)[0]

    assert (bar.open, bar.high, bar.low, bar.close, bar.volume) == (100, 110, 90, 105, 1000)
    assert (bar.previous_close, bar.previous_volume) == (3, 7)
    assert bar.source == f"{tmp_path}/a.csv:4"


def test_one_file_may_hold_several_symbols_and_columns_any_order(tmp_path: Path) -> None:
    write(
        tmp_path,
        "all.csv",
        "code,Date,volume,open,high,low,close,extra",
        "005930,2021-03-08,1000,100,110,90,105,x",
        "000270,2021-03-08,9,1,1,1,1,x",
    )

    bars = load(tmp_path, [KIA, SAMSUNG], MONDAY)

    assert [(bar.symbol, bar.close) for bar in bars] == [(KIA, 1), (SAMSUNG, 105)]
    assert bars[0].previous_close == 0


def test_of_several_files_the_one_with_the_date_counts(tmp_path: Path) -> None:
    write(tmp_path, "old.csv", HEADER, row("2021-03-05", "7,7,7,7,7"))
    write(tmp_path, "new.csv", HEADER, row("2021-03-08"))

    bar = load(tmp_path, [SAMSUNG], MONDAY)[0]

    assert (bar.close, bar.previous_close) == (105, 7)


def test_two_files_that_agree_are_one_and_two_that_differ_are_refused(tmp_path: Path) -> None:
    write(tmp_path, "a.csv", HEADER, row("2021-03-08"))
    write(tmp_path, "b.csv", HEADER, row("2021-03-08"))
    assert load(tmp_path, [SAMSUNG], MONDAY)[0].close == 105

    write(tmp_path, "c.csv", HEADER, row("2021-03-08", "5,5,5,5,5"))
    with pytest.raises(InputError, match=r"c\.csv:2: differs from .*a\.csv:2 for 005930"):
        load(tmp_path, [SAMSUNG], MONDAY)


def test_a_date_without_a_row_names_the_file_and_the_nearest_dates(tmp_path: Path) -> None:
    write(tmp_path, "a.csv", HEADER, row("2021-03-05"), row("2021-03-10"), row("2021-03-04"))

    with pytest.raises(
        InputError, match=r"a\.csv: no row of 005930 for 2021-03-08; .*2021-03-05 and 2021-03-10"
    ):
        load(tmp_path, [SAMSUNG], MONDAY)


def test_a_symbol_in_no_file_names_what_was_passed_over(tmp_path: Path) -> None:
    write(tmp_path, "index.csv", "date,open,close", "2021-03-08,1,2")
    write(tmp_path, "empty.csv")

    with pytest.raises(InputError, match=r"no file has rows of 005930 .*empty\.csv, index\.csv"):
        load(tmp_path, [SAMSUNG], MONDAY)
    assert ignored_files(tmp_path) == ("empty.csv", "index.csv")


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such folder"):
        load(tmp_path / "nowhere", [SAMSUNG], MONDAY)


@pytest.mark.parametrize(
    ("prices", "reason"),
    [
        ("NaN,110,90,105,1000", "open is 'NaN'"),
        ("100,110,90,,1000", "close is ''"),
        ("100,110,90,105,-5", "volume is '-5'"),
        ("100,110,90,105.5,1000", "close is '105.5'"),
        ("100,110,90,1_05,1000", "close is '1_05'"),
        ("100,110,90,105,9999999999999999", "volume is"),
        ("100,99,90,98,1000", ".* contradict each other"),
        ("100,110,101,105,1000", ".* contradict each other"),
        ("0,110,0,105,1000", "a price is 0"),
        ("0,0,0,0,0", "a price is 0"),
        ("100,110", "low is ''"),
    ],
)
def test_a_row_that_cannot_be_used_is_refused_with_its_place(
    tmp_path: Path, prices: str, reason: str
) -> None:
    write(tmp_path, "a.csv", HEADER, row("2021-03-05"), row("2021-03-08", prices))

    with pytest.raises(InputError, match=rf"a\.csv:3: {reason}"):
        load(tmp_path, [SAMSUNG], MONDAY)


def test_bad_rows_that_nobody_asks_for_do_no_harm(tmp_path: Path) -> None:
    write(
        tmp_path,
        "a.csv",
        HEADER,
        row("2021-03-03", "NaN,,,,"),
        "not a date,005930,1,1,1,1,1",
        row("2021-03-05"),
        row("2021-03-08"),
        "",
        "005930",
    )

    assert load(tmp_path, [SAMSUNG], MONDAY)[0].previous_close == 105


def test_a_bad_day_before_is_refused_since_its_close_is_needed(tmp_path: Path) -> None:
    write(tmp_path, "a.csv", HEADER, row("2021-03-05", "1,1,1,x,1"), row("2021-03-08"))

    with pytest.raises(InputError, match=r"a\.csv:2: close is 'x'"):
        load(tmp_path, [SAMSUNG], MONDAY)


def test_a_halted_day_is_flat_at_its_close(tmp_path: Path) -> None:
    write(tmp_path, "a.csv", HEADER, row("2021-03-08", "0,0,0,105,0"))

    bar = load(tmp_path, [SAMSUNG], MONDAY)[0]

    assert (bar.open, bar.high, bar.low, bar.close, bar.volume) == (105, 105, 105, 105, 0)


def test_whole_numbers_written_with_a_point_are_whole(tmp_path: Path) -> None:
    write(tmp_path, "a.csv", "\ufeff" + HEADER, row("2021-03-08", "100.0,110.,90.00,105,1000.0"))

    assert load(tmp_path, [SAMSUNG], MONDAY)[0].high == 110


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"\xff\xfe\x00binary")

    with pytest.raises(InputError, match=r"a\.csv:1: no CSV text in UTF-8"):
        load(tmp_path, [SAMSUNG], MONDAY)


def test_recent_bars_come_newest_first_without_the_unusable_ones(tmp_path: Path) -> None:
    write(
        tmp_path,
        "a.csv",
        HEADER,
        row("2021-03-02", "1,1,1,1,1"),
        row("2021-03-03", "x,,,,"),
        row("2021-03-05", "3,3,3,3,3"),
        row("2021-03-08"),
        row("2021-03-09"),
    )

    bars = recent(tmp_path, SAMSUNG, MONDAY, rows_max=2)

    assert [bar.close for bar in bars] == [3]
    assert [bar.close for bar in recent(tmp_path, SAMSUNG, MONDAY, rows_max=3)] == [3, 1]


def test_the_bad_row_of_the_real_files_is_refused_with_file_and_line() -> None:
    with pytest.raises(InputError, match=r"000270_long_to_2018_adj\.csv:24: .*contradict"):
        load(shared("data/krx_daily"), [KIA], date(1985, 1, 30))


def test_real_files_give_the_bars_of_several_symbols() -> None:
    folder = shared("data/krx_daily")

    bars = load(folder, [SAMSUNG, Symbol("035720")], date(2021, 12, 29))

    assert [(bar.close, bar.volume) for bar in bars] == [(78_800, 19_794_795), (114_000, 1_791_503)]
    assert bars[0].previous_close == 80_300
    assert "KOSPI_index_to_2018.csv" in ignored_files(folder)


def test_the_first_row_of_a_real_file_takes_its_previous_close_from_another() -> None:
    bar = load(shared("data/krx_daily"), [SAMSUNG], date(2022, 1, 3))[0]

    assert (bar.close, bar.previous_close) == (78_600, 78_300)


def test_real_files_that_adjust_differently_are_refused_where_they_overlap() -> None:
    with pytest.raises(InputError, match="differs from"):
        load(shared("data/krx_daily"), [SAMSUNG], date(2018, 2, 14))
