import pytest

from aipx.engine.orders import ENDED, TRANSITIONS, UNRESOLVED, WORKING, Order, next_state
from aipx.errors import IllegalTransition
from aipx.model.ids import OrderId
from aipx.model.instrument import Shares
from aipx.model.order import (
    CancelRefused,
    OrderCanceled,
    OrderExpired,
    OrderFilled,
    OrderRejected,
    OrderState,
)
from tests.support.oms import Desk, fill, wish

ORDER = OrderId("a.2")


def order(state: OrderState, *, filled: int = 0, canceled: int = 0) -> Order:
    return Order(
        order_id=ORDER,
        wish=wish(quantity=10),
        state=state,
        filled_quantity=filled,
        canceled_quantity=canceled,
    )


def filled_fact() -> OrderFilled:
    desk = Desk()
    desk.working("0000000001")
    desk.notify(fill("0000000001", 4, 80_000))
    fact = desk.events[-1].fact
    assert isinstance(fact, OrderFilled)
    return fact


def test_every_state_is_in_the_table_and_belongs_to_one_group():
    grouped = [*ENDED, *UNRESOLVED, *WORKING, OrderState.NEW]

    assert set(TRANSITIONS) == set(OrderState)
    assert sorted(state.value for state in grouped) == sorted(s.value for s in OrderState)


def test_ended_order_never_lives_again():
    for state in ENDED:
        for targets in TRANSITIONS[state].values():
            assert targets <= ENDED


def test_fill_of_a_part_and_of_the_rest():
    fact = filled_fact()

    assert next_state(order(OrderState.ACCEPTED, filled=4), fact) is OrderState.PARTIALLY_FILLED
    assert next_state(order(OrderState.ACCEPTED, filled=10), fact) is OrderState.FILLED


def test_fill_that_crossed_the_cancel_is_booked():
    state = next_state(order(OrderState.CANCELED, filled=4, canceled=6), filled_fact())

    assert state is OrderState.CANCELED


def test_refused_cancel_gives_the_order_back_as_it_was():
    refused = CancelRefused(order_id=ORDER, code="x", message="")

    assert next_state(order(OrderState.PENDING_CANCEL), refused) is OrderState.ACCEPTED
    assert (
        next_state(order(OrderState.PENDING_CANCEL, filled=3), refused)
        is OrderState.PARTIALLY_FILLED
    )


def test_answer_of_a_cancel_that_crossed_the_end_changes_nothing():
    refused = CancelRefused(order_id=ORDER, code="x", message="")

    assert next_state(order(OrderState.FILLED, filled=10), refused) is OrderState.FILLED


@pytest.mark.parametrize(
    ("state", "fact"),
    [
        (OrderState.SENDING, OrderCanceled(order_id=ORDER, quantity=Shares(1))),
        (OrderState.UNKNOWN, OrderExpired(order_id=ORDER, quantity=Shares(1))),
        (OrderState.FILLED, OrderRejected(order_id=ORDER, code="", message="")),
        (OrderState.REFUSED, OrderRejected(order_id=ORDER, code="", message="")),
    ],
)
def test_step_that_the_table_lacks_is_illegal(state, fact):
    with pytest.raises(IllegalTransition, match=state.value):
        next_state(order(state), fact)


def test_open_quantity_is_what_may_still_trade():
    assert order(OrderState.ACCEPTED, filled=3).open_quantity == 7
    assert order(OrderState.UNKNOWN).open_quantity == 10
    assert order(OrderState.EXPIRED, filled=3).open_quantity == 0
    assert order(OrderState.FILLED, filled=12).open_quantity == 0


def test_cancelled_order_tells_the_shares_that_nothing_accounts_for():
    assert order(OrderState.CANCELED, filled=3, canceled=5).missing_quantity == 2
    assert order(OrderState.ACCEPTED, filled=3).missing_quantity == 0
