"""Order kinds: what their properties say."""

from aipx.model.order import OrderKind
from aipx.wire.kis.codes import KIND_BY_CODE


def test_immediate_kinds_are_those_of_kis():
    codes = {kind: code for code, kind in KIND_BY_CODE.items()}

    assert {codes[kind] for kind in codes if kind.is_ioc} == {"11", "13", "15", "23", "42", "45"}
    assert {codes[kind] for kind in codes if kind.is_fok} == {"12", "14", "16", "24", "43", "46"}


def test_kinds_that_carry_a_price_are_the_limits_and_the_conditional():
    priced = {kind for kind in OrderKind if kind.is_priced}

    assert priced == {
        *(kind for kind in OrderKind if "LIMIT" in kind.name),
        OrderKind.CONDITIONAL,
        OrderKind.OVERTIME_SINGLE_PRICE,
    }


def test_a_conditional_order_may_leave_its_price_in_the_closing_auction():
    held = {kind for kind in OrderKind if kind.is_held_to_price}

    assert held == {kind for kind in OrderKind if kind.is_priced} - {OrderKind.CONDITIONAL}


def test_an_unknown_kind_promises_nothing():
    assert not OrderKind.OTHER.is_priced
    assert not OrderKind.OTHER.is_held_to_price
