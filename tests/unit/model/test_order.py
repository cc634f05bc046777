"""Order kinds: what their properties say."""

import pytest

from aipx.model.order import OrderKind


@pytest.mark.parametrize("kind", list(OrderKind), ids=lambda kind: kind.value)
def test_a_kind_is_immediate_as_its_name_says(kind: OrderKind):
    assert kind.is_ioc == kind.name.endswith("_IOC")
    assert kind.is_fok == kind.name.endswith("_FOK")


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
