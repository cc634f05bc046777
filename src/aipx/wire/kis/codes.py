"""KIS's codes and what they mean here: order kinds, sides, hour classes, venues, messages.

A code that matters to money and is not in these tables is refused, never guessed.
"""

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType
from typing import TypeVar

from aipx.errors import BadPeerData
from aipx.model.instrument import Venue
from aipx.model.market import Aggressor, TradingPhase
from aipx.model.order import NoticeRequest, NoticeStage, OrderKind, Side


class Environment(Enum):
    """Which of KIS's two systems: keys, accounts and hosts of one never work on the other."""

    REAL = "real"
    PAPER = "paper"


TRADE_TR_ID = "H0STCNT0"
BOOK_TR_ID = "H0STASP0"
NXT_TRADE_TR_ID = "H0NXCNT0"
NXT_BOOK_TR_ID = "H0NXASP0"
REAL_NOTICE_TR_ID = "H0STCNI0"
PAPER_NOTICE_TR_ID = "H0STCNI9"
NOTICE_TR_IDS = frozenset({REAL_NOTICE_TR_ID, PAPER_NOTICE_TR_ID})
PINGPONG_TR_ID = "PINGPONG"

VENUE_BY_TR_ID: Mapping[str, Venue] = MappingProxyType(
    {
        TRADE_TR_ID: Venue.KRX,
        BOOK_TR_ID: Venue.KRX,
        NXT_TRADE_TR_ID: Venue.NXT,
        NXT_BOOK_TR_ID: Venue.NXT,
    }
)

SUBSCRIBED = "OPSP0000"
UNSUBSCRIBED = "OPSP0001"
ALREADY_SUBSCRIBED = "OPSP0002"
NOT_SUBSCRIBED = "OPSP0003"
SUBSCRIPTIONS_EXHAUSTED = "OPSP0008"
APPROVAL_NOT_FOUND = "OPSP0011"
APPKEY_IN_USE = "OPSP8996"

REGISTRATIONS_MAX = 41
"""Registrations of one session, notices included. Measured 2026-08-17 on the real system."""

TOKEN_INVALID = "EGW00121"  # noqa: S105 - a message code, not a secret
TOKEN_EXPIRED = "EGW00123"  # noqa: S105 - a message code, not a secret
TOKEN_TOO_SOON = "EGW00133"  # noqa: S105 - a message code, not a secret
REQUESTS_EXHAUSTED = "EGW00201"
LEDGER_EXHAUSTED = "EGW00215"

KIND_BY_CODE: Mapping[str, OrderKind] = MappingProxyType(
    {
        "00": OrderKind.LIMIT,
        "01": OrderKind.MARKET,
        "02": OrderKind.CONDITIONAL,
        "03": OrderKind.BEST,
        "04": OrderKind.PRIORITY,
        "05": OrderKind.PRE_OPEN_CLOSE_PRICE,
        "06": OrderKind.AFTER_CLOSE_PRICE,
        "07": OrderKind.OVERTIME_SINGLE_PRICE,
        "11": OrderKind.LIMIT_IOC,
        "12": OrderKind.LIMIT_FOK,
        "13": OrderKind.MARKET_IOC,
        "14": OrderKind.MARKET_FOK,
        "15": OrderKind.BEST_IOC,
        "16": OrderKind.BEST_FOK,
        "21": OrderKind.MID,
        "22": OrderKind.STOP_LIMIT,
        "23": OrderKind.MID_IOC,
        "24": OrderKind.MID_FOK,
        "27": OrderKind.GTP_LIMIT,
        "28": OrderKind.GTP_BEST,
        "29": OrderKind.GTP_PRIORITY,
        "41": OrderKind.AFTER_LIMIT,
        "42": OrderKind.AFTER_LIMIT_IOC,
        "43": OrderKind.AFTER_LIMIT_FOK,
        "44": OrderKind.AFTER_BEST,
        "45": OrderKind.AFTER_BEST_IOC,
        "46": OrderKind.AFTER_BEST_FOK,
        "47": OrderKind.AFTER_PRIORITY,
    }
)
CODE_BY_KIND: Mapping[OrderKind, str] = MappingProxyType(
    {kind: code for code, kind in KIND_BY_CODE.items()}
)
"""Every kind but OTHER, which is never sent."""

SIDE_BY_CODE: Mapping[str, Side] = MappingProxyType({"01": Side.SELL, "02": Side.BUY})
CODE_BY_SIDE: Mapping[Side, str] = MappingProxyType({Side.SELL: "01", Side.BUY: "02"})

AGGRESSOR_BY_CODE: Mapping[str, Aggressor] = MappingProxyType(
    {"1": Aggressor.BUYER, "3": Aggressor.NONE, "5": Aggressor.SELLER}
)
CODE_BY_AGGRESSOR: Mapping[Aggressor, str] = MappingProxyType(
    {aggressor: code for code, aggressor in AGGRESSOR_BY_CODE.items()}
)

PHASE_BY_HOUR_CLASS: Mapping[str, TradingPhase] = MappingProxyType(
    {
        "0": TradingPhase.CONTINUOUS,
        "A": TradingPhase.CLOSING_AUCTION,
        "B": TradingPhase.OPENING_AUCTION,
        "C": TradingPhase.VOLATILITY_AUCTION,
        "D": TradingPhase.OVERTIME_SINGLE_PRICE,
    }
)
HOUR_CLASS_BY_PHASE: Mapping[TradingPhase, str] = MappingProxyType(
    {
        TradingPhase.CLOSED: "0",
        TradingPhase.OPENING_AUCTION: "B",
        TradingPhase.CONTINUOUS: "0",
        TradingPhase.VOLATILITY_AUCTION: "C",
        TradingPhase.CLOSING_AUCTION: "A",
        TradingPhase.PRE_MARKET: "0",
        TradingPhase.PRE_OPEN_CLOSE_PRICE: "B",
        TradingPhase.AFTER_CLOSE_PRICE: "0",
        # "Expected, after 09:00": the nearest code to a single price in the afternoon (assumed).
        TradingPhase.AFTER_MARKET_AUCTION: "C",
        TradingPhase.AFTER_MARKET: "0",
        TradingPhase.OVERTIME_SINGLE_PRICE: "D",
        TradingPhase.HALTED_BY_CIRCUIT_BREAKER: "0",
    }
)

REGULAR_MARKET_CLASS = "2"
PHASE_BY_MARKET_CLASS: Mapping[str, TradingPhase] = MappingProxyType(
    # None of these takes an order of the regular session, whatever the hour class says.
    {
        "1": TradingPhase.PRE_MARKET,
        "3": TradingPhase.AFTER_MARKET,
        "5": TradingPhase.AFTER_CLOSE_PRICE,
    }
)
"""MARKET_CLS_CODE of the other markets; 5 is trading at a close, before the open as well."""

VENUE_BY_NOTICE_CODE: Mapping[str, Venue] = MappingProxyType(
    # 3 and 4 are the legs of a smart-routed order; the notice speaks of the leg's venue.
    {"1": Venue.KRX, "2": Venue.NXT, "3": Venue.KRX, "4": Venue.NXT}
)
NOTICE_CODE_BY_VENUE: Mapping[Venue, str] = MappingProxyType({Venue.KRX: "1", Venue.NXT: "2"})

REQUEST_BY_CODE: Mapping[str, NoticeRequest] = MappingProxyType(
    {"0": NoticeRequest.NEW, "1": NoticeRequest.MODIFY, "2": NoticeRequest.CANCEL}
)
CODE_BY_REQUEST: Mapping[NoticeRequest, str] = MappingProxyType(
    {request: code for code, request in REQUEST_BY_CODE.items()}
)

STAGE_BY_CODES: Mapping[tuple[str, str], NoticeStage] = MappingProxyType(
    # (CNTG_YN, ACPT_YN)
    {
        ("1", "1"): NoticeStage.RECEIVED,
        ("1", "2"): NoticeStage.CONFIRMED,
        ("1", "3"): NoticeStage.LAPSED,
        ("2", "2"): NoticeStage.FILLED,
    }
)
CODES_BY_STAGE: Mapping[NoticeStage, tuple[str, str]] = MappingProxyType(
    {stage: codes for codes, stage in STAGE_BY_CODES.items()}
)

_Meaning = TypeVar("_Meaning")


def notice_tr_id(environment: Environment) -> str:
    """Return the TR id of order and fill notices."""
    return REAL_NOTICE_TR_ID if environment is Environment.REAL else PAPER_NOTICE_TR_ID


def kind_of(code: str) -> OrderKind:
    """Return the kind of a row in a list; OTHER for a code that is not known.

    A list is read to find what is ours in it: one row of a kind that came later breaks it not.
    """
    return KIND_BY_CODE.get(code, OrderKind.OTHER)


def meaning(table: Mapping[str, _Meaning], code: str, *, field: str) -> _Meaning:
    """Look a code up.

    Raises:
        BadPeerData: the table does not have it.
    """
    found = table.get(code)
    if found is None:
        raise BadPeerData(f"{field} is {code!r}, known are {', '.join(sorted(table))}")
    return found
