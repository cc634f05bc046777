"""Builders of KIS records, notices and answers; a test names only what matters to it."""

from datetime import date
from typing import Any

import msgspec

from aipx.model.ids import BrokerOrderNumber, Symbol
from aipx.model.instrument import Shares, Won
from aipx.model.order import NoticeRequest, NoticeStage, OrderKind, Side
from aipx.wire.kis.notices import KisNotice
from aipx.wire.kis.records import KisBook, KisTrade

DAY = date(2026, 9, 15)
KEY_TEXT = "abcdefghijklmnopabcdefghijklmnop"
IV_TEXT = "0123456789abcdef"


def trade(**changes: Any) -> KisTrade:
    """Return a trade record of Samsung Electronics in the morning."""
    record = KisTrade(
        symbol=Symbol("005930"),
        time="093354",
        date="20260915",
        price=71_900,
        size=10,
        aggressor="1",
        previous_close=72_000,
        open=72_100,
        high=72_400,
        low=71_700,
        open_time="090020",
        high_time="090820",
        low_time="092619",
        ask_price=71_900,
        bid_price=71_800,
        ask_size=65_945,
        bid_size=216_924,
        total_ask_size=1_118_750,
        total_bid_size=2_199_206,
        day_volume=3_052_507,
        day_value=219_853_241_700,
        sell_count=5_105,
        buy_count=6_937,
        sell_volume=1_366_314,
        buy_volume=1_159_996,
        vi_price=72_100,
    )
    return msgspec.structs.replace(record, **changes)


def book(**changes: Any) -> KisBook:
    """Return a full book of Samsung Electronics in the morning."""
    record = KisBook(
        symbol=Symbol("005930"),
        time="093730",
        hour_class="0",
        ask_prices=tuple(range(71_900, 72_900, 100)),
        bid_prices=tuple(range(71_800, 70_800, -100)),
        ask_sizes=tuple(range(101, 111)),
        bid_sizes=tuple(range(201, 211)),
        total_ask_size=1_055,
        total_bid_size=2_055,
        day_volume=3_159_115,
        previous_close=72_000,
    )
    return msgspec.structs.replace(record, **changes)


def notice(**changes: Any) -> KisNotice:
    """Return the notice of a fill."""
    record = KisNotice(
        hts_id="TESTID01",
        account="1234567801",
        number=BrokerOrderNumber("0000000002"),
        side=Side.BUY,
        request=NoticeRequest.NEW,
        stage=NoticeStage.FILLED,
        kind=OrderKind.LIMIT,
        symbol=Symbol("005930"),
        quantity=Shares(3),
        price=Won(70_100),
        time="100001",
        organisation="06010",
        order_quantity=Shares(10),
        order_price=Won(70_100),
        symbol_name="삼성전자",
    )
    return msgspec.structs.replace(record, **changes)


def answer(**fields: Any) -> bytes:
    """Return the body of a successful answer."""
    return msgspec.json.encode(
        {"rt_cd": "0", "msg_cd": "MCA00000", "msg1": "정상처리 되었습니다."} | fields
    )


def refusal(code: str, message: str = "거부", result: str = "1") -> bytes:
    """Return the body of an unsuccessful answer."""
    return msgspec.json.encode({"rt_cd": result, "msg_cd": code, "msg1": message})


ORDER_ROW = {
    "ord_dt": "20260915",
    "ord_gno_brno": "06010",
    "odno": "0000000007",
    "orgn_odno": "",
    "ord_dvsn_name": "지정가",
    "sll_buy_dvsn_cd": "02",
    "sll_buy_dvsn_cd_name": "매수",
    "pdno": "005930",
    "ord_qty": "10",
    "ord_unpr": "71900",
    "ord_tmd": "093354",
    "tot_ccld_qty": "4",
    "tot_ccld_amt": "287600",
    "cncl_yn": "N",
    "ord_dvsn_cd": "00",
    "cncl_cfrm_qty": "0",
    "rmn_qty": "6",
    "rjct_qty": "0",
    "excg_id_dvsn_Cd": "KRX",
}

HOLDING_ROW = {"pdno": "005930", "hldg_qty": "10", "ord_psbl_qty": "4", "pchs_amt": "719000"}

CASH_ROW = {
    "dnca_tot_amt": "1000000",
    "nxdy_excc_amt": "900000",
    "prvs_rcdl_excc_amt": "-5",
    "thdt_buy_amt": "719000",
    "thdt_sll_amt": "0",
    "thdt_tlex_amt": "101",
}

PRICE_OUTPUT = {
    "stck_prpr": "71900",
    "stck_sdpr": "72000",
    "stck_mxpr": "93600",
    "stck_llam": "50400",
    "rprs_mrkt_kor_name": "KOSPI200",
    "iscd_stat_cls_code": "55",
    "temp_stop_yn": "N",
}
