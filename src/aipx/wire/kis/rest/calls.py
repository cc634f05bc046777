"""The REST calls that carry a TR id, and their ids on KIS's two systems."""

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType

from aipx.errors import InputError
from aipx.wire.kis.codes import Environment


class Call(Enum):
    """A call; the value is KIS's name of the address."""

    BUY = "order-cash buy"
    SELL = "order-cash sell"
    MODIFY_OR_CANCEL = "order-rvsecncl"
    BALANCE = "inquire-balance"
    DAILY_ORDERS = "inquire-daily-ccld"
    OLD_DAILY_ORDERS = "inquire-daily-ccld beyond three months"
    BUYING_POWER = "inquire-psbl-order"
    OPEN_ORDERS = "inquire-psbl-rvsecncl"
    SELLABLE = "inquire-psbl-sell"
    PRICE = "inquire-price"
    ASKING_PRICE = "inquire-asking-price-exp-ccn"
    LATEST_TRADES = "inquire-ccnl"
    DAILY_CHART = "inquire-daily-itemchartprice"
    MINUTE_CHART = "inquire-time-itemchartprice"
    PAST_MINUTE_CHART = "inquire-time-dailychartprice"
    HOLIDAYS = "chk-holiday"
    STOCK_INFO = "search-stock-info"
    VI_STATUS = "inquire-vi-status"


NOT_SERVED = ""
"""In place of a TR id: the paper system does not have the call."""

_TR_IDS: Mapping[Call, tuple[str, str]] = MappingProxyType(
    {
        Call.SELL: ("TTTC0011U", "VTTC0011U"),
        Call.BUY: ("TTTC0012U", "VTTC0012U"),
        Call.MODIFY_OR_CANCEL: ("TTTC0013U", "VTTC0013U"),
        Call.BALANCE: ("TTTC8434R", "VTTC8434R"),
        Call.DAILY_ORDERS: ("TTTC0081R", "VTTC0081R"),
        Call.OLD_DAILY_ORDERS: ("CTSC9215R", "VTSC9215R"),
        Call.BUYING_POWER: ("TTTC8908R", "VTTC8908R"),
        Call.OPEN_ORDERS: ("TTTC0084R", NOT_SERVED),
        Call.SELLABLE: ("TTTC8408R", NOT_SERVED),
        Call.PRICE: ("FHKST01010100", "FHKST01010100"),
        Call.ASKING_PRICE: ("FHKST01010200", "FHKST01010200"),
        Call.LATEST_TRADES: ("FHKST01010300", "FHKST01010300"),
        Call.DAILY_CHART: ("FHKST03010100", "FHKST03010100"),
        Call.MINUTE_CHART: ("FHKST03010200", "FHKST03010200"),
        Call.PAST_MINUTE_CHART: ("FHKST03010230", NOT_SERVED),
        Call.HOLIDAYS: ("CTCA0903R", NOT_SERVED),
        Call.STOCK_INFO: ("CTPF1002R", NOT_SERVED),
        Call.VI_STATUS: ("FHPST01390000", NOT_SERVED),
    }
)

OLD_TR_IDS: Mapping[str, str] = MappingProxyType(
    {
        "TTTC0801U": "TTTC0011U",
        "VTTC0801U": "VTTC0011U",
        "TTTC0802U": "TTTC0012U",
        "VTTC0802U": "VTTC0012U",
        "TTTC0803U": "TTTC0013U",
        "VTTC0803U": "VTTC0013U",
        "TTTC8001R": "TTTC0081R",
        "VTTC8001R": "VTTC0081R",
        "CTSC9115R": "CTSC9215R",
        "VTSC9115R": "VTSC9215R",
        "TTTC8036R": "TTTC0084R",
    }
)
"""TR ids that KIS replaced in 2025 and still takes, and their successors."""


def tr_id(call: Call, environment: Environment) -> str:
    """Return the current TR id of a call on one of the two systems.

    Raises:
        InputError: the paper system does not serve the call.
    """
    real, paper = _TR_IDS[call]
    if environment is Environment.REAL:
        return real
    if paper == NOT_SERVED:
        raise InputError(f"{call.value} is asked of KIS's paper system; only the real one has it")
    return paper


def is_served(call: Call, environment: Environment) -> bool:
    """Tell whether a system has the call at all."""
    return environment is Environment.REAL or _TR_IDS[call][1] != NOT_SERVED
