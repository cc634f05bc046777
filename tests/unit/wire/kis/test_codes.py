"""KIS's codes."""

import pytest

from aipx.errors import BadPeerData
from aipx.model.market import TradingPhase
from aipx.model.order import OrderKind, Side
from aipx.wire.kis.codes import (
    CODE_BY_KIND,
    CODE_BY_SIDE,
    HOUR_CLASS_BY_PHASE,
    KIND_BY_CODE,
    SIDE_BY_CODE,
    Environment,
    kind_of,
    meaning,
    notice_tr_id,
)


def test_every_order_kind_has_one_code() -> None:
    assert set(CODE_BY_KIND) == set(OrderKind) - {OrderKind.OTHER}
    assert {KIND_BY_CODE[code] for code in CODE_BY_KIND.values()} == set(CODE_BY_KIND)


@pytest.mark.parametrize("code", ["", "99", "0", "LIMIT"])
def test_unknown_order_code_in_a_list_is_another_kind(code: str) -> None:
    assert kind_of(code) is OrderKind.OTHER


def test_codes_follow_the_table_of_kis() -> None:
    codes = "00 01 02 03 04 05 06 07 11 12 13 14 15 16 21 22 23 24 27 28 29 41 42 43 44 45 46 47"

    assert set(KIND_BY_CODE) == set(codes.split())
    assert kind_of("22") is OrderKind.STOP_LIMIT
    assert kind_of("45") is OrderKind.AFTER_BEST_IOC


def test_sides_go_both_ways() -> None:
    assert {SIDE_BY_CODE[CODE_BY_SIDE[side]] for side in Side} == set(Side)


def test_every_phase_has_an_hour_class() -> None:
    assert set(HOUR_CLASS_BY_PHASE) == set(TradingPhase)


def test_notices_have_a_tr_of_their_own_on_paper() -> None:
    assert notice_tr_id(Environment.REAL) == "H0STCNI0"
    assert notice_tr_id(Environment.PAPER) == "H0STCNI9"


def test_unknown_code_is_refused_with_what_is_known() -> None:
    with pytest.raises(BadPeerData, match=r"SLL_BUY_DVSN_CD is '03', known are 01, 02"):
        meaning(SIDE_BY_CODE, "03", field="SLL_BUY_DVSN_CD")
