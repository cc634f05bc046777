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
        "03": OrderKind.BEST,
        "04": OrderKind.PRIORITY,
        "11": OrderKind.LIMIT_IOC,
        "12": OrderKind.LIMIT_FOK,
        "13": OrderKind.MARKET_IOC,
        "14": OrderKind.MARKET_FOK,
    }
)
CODE_BY_KIND: Mapping[OrderKind, str] = MappingProxyType(
    {kind: code for code, kind in KIND_BY_CODE.items()}
)

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
        # The overtime single-price session, abolished on 2026-09-14, took none of our order kinds.
        "D": TradingPhase.CLOSED,
    }
)
HOUR_CLASS_BY_PHASE: Mapping[TradingPhase, str] = MappingProxyType(
    {
        TradingPhase.CLOSED: "0",
        TradingPhase.OPENING_AUCTION: "B",
        TradingPhase.CONTINUOUS: "0",
        TradingPhase.VOLATILITY_AUCTION: "C",
        TradingPhase.CLOSING_AUCTION: "A",
    }
)

REGULAR_MARKET_CLASS = "2"
OTHER_MARKET_CLASSES = frozenset({"1", "3", "5"})
"""Pre-market, after-market, close-price trading: none takes an order of the regular session."""

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


def meaning(table: Mapping[str, _Meaning], code: str, *, field: str) -> _Meaning:
    """Look a code up.

    Raises:
        BadPeerData: the table does not have it.
    """
    found = table.get(code)
    if found is None:
        raise BadPeerData(f"{field} is {code!r}, known are {', '.join(sorted(table))}")
    return found
