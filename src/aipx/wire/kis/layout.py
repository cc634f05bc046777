"""Field tables of the WebSocket frames, by TR and by the date from which KIS sent them.

A frame names no fields, so these tables are the only key to it. Widths grow over night: extra
fields always came at the end, so a wider frame is read and counted, a narrower one refused.
"""

from collections.abc import Mapping
from datetime import date
from enum import Enum
from itertools import pairwise
from types import MappingProxyType

import msgspec

from aipx.wire.kis.codes import (
    BOOK_TR_ID,
    NXT_BOOK_TR_ID,
    NXT_TRADE_TR_ID,
    PAPER_NOTICE_TR_ID,
    REAL_NOTICE_TR_ID,
    TRADE_TR_ID,
)


class Layout(Enum):
    """LEGACY: before the KRX after-market (46, 59, 23). CURRENT: since 2026-09-14 (47, 63, 26)."""

    LEGACY = "legacy"
    CURRENT = "current"


class FieldTable(msgspec.Struct, frozen=True, kw_only=True):
    """The fields of one record, in order, from one date on (None: since ever)."""

    tr_id: str
    since: date | None
    fields: tuple[str, ...]

    @property
    def width(self) -> int:
        """Number of fields of one record."""
        return len(self.fields)


def _levels(stem: str) -> str:
    return " ".join(f"{stem}{level}" for level in range(1, 11))


_TRADE_46 = tuple(
    """MKSC_SHRN_ISCD STCK_CNTG_HOUR STCK_PRPR PRDY_VRSS_SIGN PRDY_VRSS PRDY_CTRT
    WGHN_AVRG_STCK_PRC STCK_OPRC STCK_HGPR STCK_LWPR ASKP1 BIDP1 CNTG_VOL ACML_VOL ACML_TR_PBMN
    SELN_CNTG_CSNU SHNU_CNTG_CSNU NTBY_CNTG_CSNU CTTR SELN_CNTG_SMTN SHNU_CNTG_SMTN CCLD_DVSN
    SHNU_RATE PRDY_VOL_VRSS_ACML_VOL_RATE OPRC_HOUR OPRC_VRSS_PRPR_SIGN OPRC_VRSS_PRPR HGPR_HOUR
    HGPR_VRSS_PRPR_SIGN HGPR_VRSS_PRPR LWPR_HOUR LWPR_VRSS_PRPR_SIGN LWPR_VRSS_PRPR BSOP_DATE
    NEW_MKOP_CLS_CODE TRHT_YN ASKP_RSQN1 BIDP_RSQN1 TOTAL_ASKP_RSQN TOTAL_BIDP_RSQN VOL_TNRT
    PRDY_SMNS_HOUR_ACML_VOL PRDY_SMNS_HOUR_ACML_VOL_RATE HOUR_CLS_CODE MRKT_TRTM_CLS_CODE
    VI_STND_PRC""".split()  # noqa: SIM905 - 46 quoted names would take a page
)
_TRADE_47 = (*_TRADE_46, "MARKET_CLS_CODE")
_BOOK_59 = tuple(
    f"""MKSC_SHRN_ISCD BSOP_HOUR HOUR_CLS_CODE {_levels("ASKP")} {_levels("BIDP")}
    {_levels("ASKP_RSQN")} {_levels("BIDP_RSQN")} TOTAL_ASKP_RSQN TOTAL_BIDP_RSQN
    OVTM_TOTAL_ASKP_RSQN OVTM_TOTAL_BIDP_RSQN ANTC_CNPR ANTC_CNQN ANTC_VOL ANTC_CNTG_VRSS
    ANTC_CNTG_VRSS_SIGN ANTC_CNTG_PRDY_CTRT ACML_VOL TOTAL_ASKP_RSQN_ICDC TOTAL_BIDP_RSQN_ICDC
    OVTM_TOTAL_ASKP_ICDC OVTM_TOTAL_BIDP_ICDC STCK_DEAL_CLS_CODE""".split()
)
_BOOK_62 = (*_BOOK_59, "MID_PRC", "MIDP_TOTAL_RSQN", "MIDP_CLS_CODE")
_BOOK_63 = (*_BOOK_62, "MARKET_CLS_CODE")
_NXT_BOOK_62 = (*_BOOK_59, "NMID_PRC", "NMID_TOTAL_RSQN", "NMID_CLS_CODE")
_NOTICE_HEAD = tuple(
    """CUST_ID ACNT_NO ODER_NO OODER_NO SELN_BYOV_CLS RCTF_CLS ODER_KIND ODER_COND STCK_SHRN_ISCD
    CNTG_QTY CNTG_UNPR STCK_CNTG_HOUR RFUS_YN CNTG_YN ACPT_YN BRNC_NO ODER_QTY
    ACNT_NAME""".split()  # noqa: SIM905 - as above
)
_NOTICE_23 = (*_NOTICE_HEAD, "CNTG_ISNM", "CRDT_CLS", "CRDT_LOAN_DATE", "CNTG_ISNM40", "ODER_PRC")
_NOTICE_26 = (
    *_NOTICE_HEAD,
    *("ORD_COND_PRC", "ORD_EXG_GB", "POPUP_YN", "FILLER"),
    *("CRDT_CLS", "CRDT_LOAN_DATE", "CNTG_ISNM40", "ODER_PRC"),
)

_AFTER_MARKET_LAUNCH = date(2026, 9, 14)
_MID_PRICE_LAUNCH = date(2025, 7, 1)  # the month only is known
_NXT_LAUNCH = date(2025, 3, 4)


def _table(tr_id: str, since: date | None, fields: tuple[str, ...]) -> FieldTable:
    return FieldTable(tr_id=tr_id, since=since, fields=fields)


TABLES: Mapping[str, tuple[FieldTable, ...]] = MappingProxyType(
    {
        TRADE_TR_ID: (
            _table(TRADE_TR_ID, None, _TRADE_46),
            _table(TRADE_TR_ID, _AFTER_MARKET_LAUNCH, _TRADE_47),
        ),
        BOOK_TR_ID: (
            _table(BOOK_TR_ID, None, _BOOK_59),
            _table(BOOK_TR_ID, _MID_PRICE_LAUNCH, _BOOK_62),
            _table(BOOK_TR_ID, _AFTER_MARKET_LAUNCH, _BOOK_63),
        ),
        NXT_TRADE_TR_ID: (
            _table(NXT_TRADE_TR_ID, _NXT_LAUNCH, _TRADE_46),
            _table(NXT_TRADE_TR_ID, _AFTER_MARKET_LAUNCH, _TRADE_47),
        ),
        NXT_BOOK_TR_ID: (_table(NXT_BOOK_TR_ID, _NXT_LAUNCH, _NXT_BOOK_62),),
        REAL_NOTICE_TR_ID: (
            _table(REAL_NOTICE_TR_ID, None, _NOTICE_23),
            _table(REAL_NOTICE_TR_ID, _NXT_LAUNCH, _NOTICE_26),
        ),
        PAPER_NOTICE_TR_ID: (
            _table(PAPER_NOTICE_TR_ID, None, _NOTICE_23),
            _table(PAPER_NOTICE_TR_ID, _NXT_LAUNCH, _NOTICE_26),
        ),
    }
)
"""Oldest first. `since` of the notice's 26 fields is assumed: they came with the second venue."""

assert all(
    earlier.width < later.width for tables in TABLES.values() for earlier, later in pairwise(tables)
)

_KNOWN_WIDTHS = {tr_id: frozenset(t.width for t in tables) for tr_id, tables in TABLES.items()}


def fields_of(tr_id: str, layout: Layout) -> tuple[str, ...]:
    """Return the field names of one record in one of the two layouts that the simulator speaks."""
    return TABLES[tr_id][0 if layout is Layout.LEGACY else -1].fields


def is_known_width(tr_id: str, width: int) -> bool:
    """Tell whether KIS was ever seen to send this TR in this width."""
    return width in _KNOWN_WIDTHS.get(tr_id, ())
