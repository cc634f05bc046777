from aipx.engine.matching import Arrival
from aipx.model.instrument import Shares, Won
from aipx.model.order import OrderKind, Side
from aipx.simulator.market.stops import Stops


def stop(key: int, side: Side, trigger: int) -> Arrival:
    return Arrival(
        key=key,
        side=side,
        kind=OrderKind.STOP_LIMIT,
        quantity=Shares(10),
        price=Won(100),
        trigger_price=Won(trigger),
    )


def with_orders(*orders: Arrival) -> Stops:
    stops = Stops()
    for order in orders:
        stops.add(order)
    return stops


def test_a_buy_wakes_at_its_trigger_or_above_and_a_sell_at_it_or_below() -> None:
    stops = with_orders(stop(1, Side.BUY, 101), stop(2, Side.SELL, 99), stop(3, Side.BUY, 100))

    stops.touch(100)
    assert list(stops.woken) == [3]
    stops.touch(101)
    stops.touch(99)

    assert [stops.next_woken().key for _ in range(3)] == [3, 1, 2]
    assert not stops.asleep


def test_a_woken_order_is_a_limit_order_at_its_price() -> None:
    stops = with_orders(stop(1, Side.BUY, 101))
    stops.touch(105)

    woken = stops.next_woken()

    assert (woken.kind, woken.price, woken.quantity) == (OrderKind.LIMIT, 100, 10)


def test_a_sleeping_order_is_canceled_in_part_or_in_whole() -> None:
    stops = with_orders(stop(1, Side.BUY, 101))

    assert stops.cancel(1, Shares(4)) == 4
    assert stops.open_size(1) == 6
    assert stops.cancel(1, None) == 6
    assert stops.open_size(1) == 0
    assert stops.cancel(1, None) == 0


def test_the_session_s_end_takes_all_out() -> None:
    stops = with_orders(stop(1, Side.BUY, 101), stop(2, Side.SELL, 99))
    stops.touch(99)

    assert [order.key for order in stops.clear()] == [2, 1]
    assert stops.clear() == []
