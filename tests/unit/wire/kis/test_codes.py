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
    meaning,
    notice_tr_id,
)


def test_every_order_kind_has_one_code() -> None:
    assert set(CODE_BY_KIND) == set(OrderKind)
    assert {KIND_BY_CODE[code] for code in CODE_BY_KIND.values()} == set(OrderKind)


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
