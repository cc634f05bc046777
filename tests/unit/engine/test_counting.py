from aipx.engine.counting import booked, ending
from aipx.engine.fills import FillCount
from aipx.model.ids import BrokerOrderNumber
from aipx.model.order import (
    Evidence,
    FillAmended,
    NoticeStage,
    OrderCanceled,
    OrderFilled,
    OrderRejected,
    TradingState,
    TradingStateChanged,
)
from tests.support.oms import Desk, fill, notice

NUMBER = BrokerOrderNumber("0000000001")


def test_what_is_counted_beyond_what_is_booked_becomes_a_fill():
    desk = Desk()
    order = desk.working(NUMBER)
    desk.notify(fill(NUMBER, 4, 80_000))
    count = FillCount(inquired_quantity=10, inquired_amount=800_500)

    facts = booked(desk.account, order, NUMBER, count, by=Evidence.INQUIRY)

    assert len(facts) == 1
    assert isinstance(facts[0], OrderFilled)
    assert (facts[0].quantity, facts[0].amount) == (6, 480_500)
    assert (facts[0].cumulative_quantity, facts[0].cumulative_amount) == (10, 800_500)


def test_other_amount_at_the_same_quantity_amends():
    desk = Desk()
    order = desk.working(NUMBER)
    desk.notify(fill(NUMBER, 4, 80_000))
    count = FillCount(inquired_quantity=4, inquired_amount=319_600)

    facts = booked(desk.account, order, NUMBER, count, by=Evidence.INQUIRY)

    assert isinstance(facts[0], FillAmended)
    assert facts[0].amount == -400


def test_less_counted_than_booked_changes_nothing():
    desk = Desk()
    order = desk.working(NUMBER)
    desk.notify(fill(NUMBER, 4, 80_000))

    assert booked(desk.account, order, NUMBER, FillCount(), by=Evidence.INQUIRY) == []


def test_over_fill_is_booked_and_halts():
    desk = Desk()
    order = desk.working(NUMBER)
    count = FillCount(inquired_quantity=11, inquired_amount=880_000)

    facts = booked(desk.account, order, NUMBER, count, by=Evidence.INQUIRY)

    assert isinstance(facts[0], OrderFilled)
    assert isinstance(facts[1], TradingStateChanged)
    assert facts[1].state is TradingState.HALTED
    assert "over-fill" in facts[1].reason


def test_rejection_without_fills_rejects_and_with_fills_cancels_the_rest():
    order = Desk().working(NUMBER)
    refused = notice(NUMBER, stage=NoticeStage.RECEIVED, rejected=True)

    assert isinstance(ending(order, [refused], filled_quantity=0)[0], OrderRejected)
    rest = ending(order, [refused], filled_quantity=4)[0]
    assert isinstance(rest, OrderCanceled)
    assert rest.quantity == 6


def test_lapsed_remainder_is_cancelled_and_a_filled_order_has_none():
    order = Desk().working(NUMBER)
    lapsed = notice(NUMBER, stage=NoticeStage.LAPSED, quantity=6)

    assert ending(order, [lapsed], filled_quantity=4) == [
        OrderCanceled(order_id=order.order_id, quantity=6)
    ]
    assert ending(order, [lapsed], filled_quantity=10) == []
