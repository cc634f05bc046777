from pathlib import Path

import pytest

from aipx.errors import InputError
from aipx.model.ids import Symbol
from aipx.model.instrument import InstrumentKind, ListingMarket
from aipx.simulator.instruments import MASTER, instrument, listed_shares, reference_price


def test_well_known_shares_are_built_in() -> None:
    for symbol in ("005930", "000660", "005380", "035720", "000270", "005490", "030200"):
        assert instrument(Symbol(symbol)).market is ListingMarket.KOSPI
    assert instrument(Symbol("005930")).name == "삼성전자"
    assert len({row.symbol for row in MASTER}) == len(MASTER) >= 40


def test_an_unknown_symbol_is_refused_with_those_known() -> None:
    with pytest.raises(InputError, match=r"symbol is '999999'; \d+ are known, such as 005930"):
        instrument(Symbol("999999"))


def test_a_data_folder_adds_instruments(tmp_path: Path) -> None:
    text = "code,name,market,kind\n0001A0,New,KOSDAQ,\n069500,KODEX 200,KOSPI,ETF\n"
    (tmp_path / "instruments.csv").write_text(text, encoding="utf-8")

    assert instrument(Symbol("0001A0"), folder=tmp_path).market is ListingMarket.KOSDAQ
    assert instrument(Symbol("069500"), folder=tmp_path).kind is InstrumentKind.ETF
    assert instrument(Symbol("005930"), folder=tmp_path).name == "삼성전자"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("5930,x,KOSPI", ":2: code is '5930'"),
        ("005930,x,NYSE", ":2: market is 'NYSE'; it must be one of KOSPI"),
        ("005930,x,KOSPI,BOND", ":2: kind is 'BOND'; it must be one of STOCK"),
    ],
)
def test_a_bad_row_is_refused_with_its_line(tmp_path: Path, row: str, reason: str) -> None:
    (tmp_path / "instruments.csv").write_text(f"code,name,market,kind\n{row}\n", encoding="utf-8")

    with pytest.raises(InputError, match=reason):
        instrument(Symbol("005930"), folder=tmp_path)


def test_figures_that_are_not_known_are_zero() -> None:
    assert listed_shares(Symbol("005930")) == 5_969_782_550
    assert listed_shares(Symbol("999999")) == 0
    assert reference_price(Symbol("005930")) > 0
    assert reference_price(Symbol("999999")) == 0
