"""A strategy's orders and positions, folded from order events."""

import pytest

from aipx.model.ids import BrokerOrderNumber, ClientOrderId, OrderId, StrategyId
from aipx.model.instrument import Shares, Won
from aipx.model.order import (
    AnyOrderFact,
    Evidence,
    OrderCanceled,
    OrderExpired,
    OrderFilled,
    OrderKind,
    OrderLost,
    OrderRefused,
    OrderRejected,
    OrderSubmitted,
    Side,
    SubmitOrder,
)
from aipx.services.strategy_worker.own_orders import OwnOrders
from tests.support.market_facts import SAMSUNG, at

MINE = StrategyId("mine")
ORDER = OrderId("oms-1")
CLIENT = ClientOrderId("mine-20211229-000001")
NOW = at("10:00:00")


def _wish(
    side: Side = Side.BUY,
    *,
    client_order_id: ClientOrderId = CLIENT,
    strategy_id: StrategyId = MINE,
) -> SubmitOrder:
    return SubmitOrder(
        client_order_id=client_order_id,
        strategy_id=strategy_id,
        symbol=SAMSUNG,
        side=side,
        kind=OrderKind.LIMIT,
        quantity=Shares(10),
        price=Won(80_000),
    )


def _submitted(wish: SubmitOrder, order_id: OrderId = ORDER) -> OrderSubmitted:
    return OrderSubmitted(order_id=order_id, wish=wish, content_hash="h")


def _filled(quantity: int, order_id: OrderId = ORDER) -> OrderFilled:
    return OrderFilled(
        order_id=order_id,
        number=BrokerOrderNumber("0000000001"),
        quantity=Shares(quantity),
        amount=Won(quantity * 80_000),
        cumulative_quantity=Shares(quantity),
        cumulative_amount=Won(quantity * 80_000),
        fee=Won(0),
        tax=Won(0),
        by=Evidence.NOTICE,
    )


def _own(*, held: int = 0, orders_kept_max: int = 100) -> OwnOrders:
    positions = {SAMSUNG: Shares(held)} if held else {}
    return OwnOrders(MINE, positions=positions, orders_kept_max=orders_kept_max)


def _with_order(side: Side = Side.BUY, *, held: int = 0) -> OwnOrders:
    own = _own(held=held)
    own.wished(_wish(side), at=NOW)
    own.fold(_submitted(_wish(side)), at=NOW)
    return own


def test_an_order_works_from_its_wish_on():
    own = _own()

    own.wished(_wish(), at=NOW)

    assert [(o.client_order_id, o.quantity, o.since) for o in own.working] == [(CLIENT, 10, NOW)]
    assert own.is_live(CLIENT)


def test_a_partial_fill_moves_shares_from_the_order_to_the_position():
    own = _with_order()

    own.fold(_filled(4), at=NOW)

    assert own.positions == {SAMSUNG: 4}
    assert [order.quantity for order in own.working] == [6]


def test_a_complete_fill_ends_the_order():
    own = _with_order()

    own.fold(_filled(4), at=NOW)
    own.fold(_filled(6), at=NOW)

    assert own.positions == {SAMSUNG: 10}
    assert own.working == ()


def test_selling_everything_leaves_no_entry():
    own = _with_order(Side.SELL, held=10)

    own.fold(_filled(10), at=NOW)

    assert own.positions == {}


@pytest.mark.parametrize(
    "fact",
    [
        OrderRefused(order_id=ORDER, reason="tick", found="1", allowed="5"),
        OrderRejected(order_id=ORDER, code="APBK0918", message="closed"),
        OrderLost(order_id=ORDER, reason="proven absent"),
        OrderCanceled(order_id=ORDER, quantity=Shares(10)),
        OrderExpired(order_id=ORDER, quantity=Shares(10)),
    ],
    ids=lambda fact: type(fact).__name__,
)
def test_every_ending_ends_the_order(fact: AnyOrderFact):
    own = _with_order()

    own.fold(fact, at=NOW)

    assert own.working == ()
    assert not own.is_live(CLIENT)


def test_a_fill_that_crossed_the_cancel_is_booked():
    own = _with_order()
    own.fold(OrderCanceled(order_id=ORDER, quantity=Shares(10)), at=NOW)

    own.fold(_filled(3), at=NOW)

    assert own.positions == {SAMSUNG: 3}
    assert own.working == ()


def test_orders_of_other_strategies_change_nothing():
    own = _own()
    other = _wish(client_order_id=ClientOrderId("x-1"), strategy_id=StrategyId("other"))

    own.fold(_submitted(other), at=NOW)
    own.fold(_filled(3), at=NOW)

    assert own.positions == {}
    assert own.working == ()
    assert own.next_number() == 1


def test_an_order_given_up_as_unanswered_comes_back_when_the_oms_had_it():
    own = _own()
    own.wished(_wish(), at=NOW)
    own.ended(CLIENT)

    own.fold(_submitted(_wish()), at=NOW)

    assert own.is_live(CLIENT)


def test_orders_of_a_former_run_are_taken_over_and_their_numbers_not_used_again():
    own = _own()
    former = _wish(client_order_id=ClientOrderId("mine-20211229-000041"))

    own.fold(_submitted(former), at=NOW)

    assert [order.client_order_id for order in own.working] == [former.client_order_id]
    assert own.next_number() == 42


def test_the_oldest_ended_orders_are_forgotten_beyond_the_bound():
    own = _own(orders_kept_max=2)
    for number in range(1, 5):
        client_order_id = ClientOrderId(f"mine-20211229-{number:06d}")
        order_id = OrderId(f"oms-{number}")
        own.wished(_wish(client_order_id=client_order_id), at=NOW)
        own.fold(_submitted(_wish(client_order_id=client_order_id), order_id), at=NOW)
        own.fold(OrderCanceled(order_id=order_id, quantity=Shares(10)), at=NOW)

    own.fold(_filled(5, OrderId("oms-1")), at=NOW)
    own.fold(_filled(7, OrderId("oms-4")), at=NOW)

    assert own.positions == {SAMSUNG: 7}


def test_views_handed_out_earlier_do_not_change():
    own = _with_order()
    before = own.positions

    own.fold(_filled(4), at=NOW)

    assert before == {}
