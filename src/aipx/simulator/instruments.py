"""The built-in master of well-known shares, and `instruments.csv` of a data folder beside it.

Listed shares are those of about 2021 where they are well known, 0 where not: they only feed the
turnover rate. Reference prices are round figures to draw a synthetic market around.
"""

import csv
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import msgspec

from aipx.errors import InputError
from aipx.model.ids import Symbol
from aipx.model.instrument import Instrument, InstrumentKind, ListingMarket, Shares, Won

INSTRUMENTS_FILE = "instruments.csv"
SYMBOL_LENGTH = 6
_KNOWN_SHOWN_MAX = 5
"""Symbols that a refusal names, so that it stays one line on a terminal."""


class MasterRow(msgspec.Struct, frozen=True):
    """One share of the built-in master."""

    symbol: str
    name: str
    market: ListingMarket
    reference_price: int
    listed_shares: int = 0


_KOSPI = ListingMarket.KOSPI
_KOSDAQ = ListingMarket.KOSDAQ

MASTER = (
    MasterRow("005930", "삼성전자", _KOSPI, 70_000, 5_969_782_550),
    MasterRow("000660", "SK하이닉스", _KOSPI, 130_000, 728_002_365),
    MasterRow("005380", "현대차", _KOSPI, 210_000, 213_668_187),
    MasterRow("035720", "카카오", _KOSPI, 50_000),
    MasterRow("000270", "기아", _KOSPI, 90_000, 405_363_347),
    MasterRow("005490", "POSCO홀딩스", _KOSPI, 350_000, 87_186_835),
    MasterRow("030200", "KT", _KOSPI, 35_000, 261_111_808),
    MasterRow("035420", "NAVER", _KOSPI, 200_000, 164_263_395),
    MasterRow("051910", "LG화학", _KOSPI, 400_000, 70_592_343),
    MasterRow("006400", "삼성SDI", _KOSPI, 380_000, 68_764_530),
    MasterRow("068270", "셀트리온", _KOSPI, 180_000),
    MasterRow("105560", "KB금융", _KOSPI, 60_000, 415_807_920),
    MasterRow("055550", "신한지주", _KOSPI, 40_000),
    MasterRow("012330", "현대모비스", _KOSPI, 220_000),
    MasterRow("028260", "삼성물산", _KOSPI, 130_000),
    MasterRow("066570", "LG전자", _KOSPI, 100_000, 163_647_814),
    MasterRow("207940", "삼성바이오로직스", _KOSPI, 800_000, 66_165_000),
    MasterRow("373220", "LG에너지솔루션", _KOSPI, 400_000, 234_000_000),
    MasterRow("003670", "포스코퓨처엠", _KOSPI, 250_000),
    MasterRow("017670", "SK텔레콤", _KOSPI, 52_000),
    MasterRow("032830", "삼성생명", _KOSPI, 75_000, 200_000_000),
    MasterRow("096770", "SK이노베이션", _KOSPI, 120_000),
    MasterRow("034730", "SK", _KOSPI, 160_000),
    MasterRow("015760", "한국전력", _KOSPI, 20_000, 641_964_077),
    MasterRow("033780", "KT&G", _KOSPI, 90_000, 137_292_497),
    MasterRow("086790", "하나금융지주", _KOSPI, 48_000),
    MasterRow("003550", "LG", _KOSPI, 80_000),
    MasterRow("011200", "HMM", _KOSPI, 18_000),
    MasterRow("009150", "삼성전기", _KOSPI, 150_000, 74_693_696),
    MasterRow("010130", "고려아연", _KOSPI, 500_000),
    MasterRow("018260", "삼성에스디에스", _KOSPI, 150_000, 77_377_800),
    MasterRow("323410", "카카오뱅크", _KOSPI, 26_000),
    MasterRow("259960", "크래프톤", _KOSPI, 220_000),
    MasterRow("036570", "엔씨소프트", _KOSPI, 220_000, 21_954_022),
    MasterRow("090430", "아모레퍼시픽", _KOSPI, 130_000, 58_492_759),
    MasterRow("042700", "한미반도체", _KOSPI, 90_000),
    MasterRow("352820", "하이브", _KOSPI, 200_000),
    MasterRow("316140", "우리금융지주", _KOSPI, 14_000),
    MasterRow("000810", "삼성화재", _KOSPI, 280_000),
    MasterRow("009540", "HD한국조선해양", _KOSPI, 120_000, 70_773_116),
    MasterRow("012450", "한화에어로스페이스", _KOSPI, 200_000),
    MasterRow("010950", "S-Oil", _KOSPI, 70_000, 112_582_792),
    MasterRow("024110", "기업은행", _KOSPI, 13_000),
    MasterRow("247540", "에코프로비엠", _KOSDAQ, 230_000),
    MasterRow("086520", "에코프로", _KOSDAQ, 100_000),
    MasterRow("196170", "알테오젠", _KOSDAQ, 180_000),
    MasterRow("263750", "펄어비스", _KOSDAQ, 40_000),
    MasterRow("293490", "카카오게임즈", _KOSDAQ, 20_000),
    MasterRow("035900", "JYP Ent.", _KOSDAQ, 60_000, 35_497_492),
    MasterRow("041510", "에스엠", _KOSDAQ, 80_000),
)

_BY_SYMBOL: Mapping[str, MasterRow] = {row.symbol: row for row in MASTER}


def instrument(symbol: Symbol, *, folder: Path | None = None) -> Instrument:
    """Return an instrument of `instruments.csv` in `folder`, else of the built-in master.

    Raises:
        InputError: neither knows the symbol, or the file cannot be used.
    """
    added = {} if folder is None else _added(folder)
    if symbol in added:
        return added[symbol]
    row = _BY_SYMBOL.get(symbol)
    if row is None:
        known = list(dict.fromkeys((*added, *_BY_SYMBOL)))
        raise InputError(
            f"symbol is {symbol!r}; {len(known)} are known, such as "
            f"{', '.join(known[:_KNOWN_SHOWN_MAX])}; {INSTRUMENTS_FILE} in --data adds more"
        )
    return Instrument(symbol=symbol, name=row.name, market=row.market)


def listed_shares(symbol: Symbol) -> Shares:
    """Return the number of listed shares, 0 where it is not known."""
    row = _BY_SYMBOL.get(symbol)
    return Shares(0 if row is None else row.listed_shares)


def reference_price(symbol: Symbol) -> Won:
    """Return a round price to draw a synthetic market around, 0 where none is known."""
    row = _BY_SYMBOL.get(symbol)
    return Won(0 if row is None else row.reference_price)


@lru_cache(maxsize=8)
def _added(folder: Path) -> dict[str, Instrument]:
    path = folder / INSTRUMENTS_FILE
    if not path.is_file():
        return {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            rows = [_read(path, reader.line_num, row) for row in reader]
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{path}: no CSV text in UTF-8 ({error})") from error
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from error
    return {row.symbol: row for row in rows}


def _read(path: Path, line: int, row: Mapping[str, str | None]) -> Instrument:
    symbol, name, market = ((row.get(key) or "").strip() for key in ("code", "name", "market"))
    kind = (row.get("kind") or InstrumentKind.STOCK.value).strip()
    if len(symbol) != SYMBOL_LENGTH or not (symbol.isascii() and symbol.isalnum()):
        raise InputError(f"{path}:{line}: code is {symbol!r}; it must be 6 digits or letters")
    if market not in ListingMarket.__members__:
        allowed = ", ".join(ListingMarket.__members__)
        raise InputError(f"{path}:{line}: market is {market!r}; it must be one of {allowed}")
    if kind not in InstrumentKind.__members__:
        allowed = ", ".join(InstrumentKind.__members__)
        raise InputError(f"{path}:{line}: kind is {kind!r}; it must be one of {allowed}")
    return Instrument(
        symbol=Symbol(symbol),
        name=name or symbol,
        market=ListingMarket[market],
        kind=InstrumentKind[kind],
    )
