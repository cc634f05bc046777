import pytest

from aipx.engine.inputs import (
    CancelAnswered,
    CancelGiven,
    DayBegan,
    Inquire,
    Opened,
    Restarted,
    SendCancel,
    SendOrder,
    StateWished,
)
from aipx.model.ids import ClientOrderId
from aipx.model.order import CancelOrder, NoticeRequest, NoticeStage, OrderState, TradingState
from aipx.model.verdict import WishRefused, WishTaken
from tests.support.market_facts import DAY
from tests.support.oms import (
    NO_ANSWER,
    REFUSAL,
    Desk,
    acceptance,
    balance,
    fill,
    notice,
    row,
    wish,
)

NUMBER = "0000000001"


def cancel(desk: Desk, name: str = "w-1"):
    return desk.give(CancelGiven(wish=CancelOrder(client_order_id=ClientOrderId(name))))


def test_order_is_journalled_as_sending_before_the_effect_that_sends_it():
    desk = Desk()

    decision = desk.submit()

    assert [type(fact).__name__ for fact in decision.facts] == ["OrderSubmitted", "OrderSending"]
    assert isinstance(decision.effects[0], SendOrder)
    assert isinstance(decision.answer, WishTaken)
    assert desk.order().state is OrderState.SENDING


def test_refused_wish_is_journalled_with_its_reason_and_sends_nothing():
    desk = Desk()

    decision = desk.submit(wish(price=80_001))

    assert isinstance(decision.answer, WishRefused)
    assert decision.answer.reason == "TICK"
    assert decision.effects == ()
    assert desk.order().state is OrderState.REFUSED


def test_same_client_order_id_with_the_same_content_is_the_same_order():
    desk = Desk()
    first = desk.submit()

    again = desk.submit()

    assert again.answer == first.answer
    assert (again.facts, again.effects) == ((), ())


def test_same_client_order_id_of_a_refused_wish_gets_the_same_no():
    desk = Desk()
    first = desk.submit(wish(price=80_001))

    assert desk.submit(wish(price=80_001)).answer == first.answer


def test_same_client_order_id_with_other_content_is_refused():
    desk = Desk()
    desk.submit()

    again = desk.submit(wish(quantity=11))

    assert isinstance(again.answer, WishRefused)
    assert again.answer.reason == "CLIENT_ORDER_ID_REUSED"
    assert again.effects == ()


@pytest.mark.parametrize("name", ["", "x" * 65, "line\nbreak"])
def test_client_order_id_that_cannot_be_kept_is_refused(name):
    answer = Desk().submit(wish(name)).answer

    assert isinstance(answer, WishRefused)
    assert answer.reason == "CLIENT_ORDER_ID"


def test_refusal_of_the_broker_rejects():
    desk = Desk()
    desk.submit()

    desk.answer(desk.order().order_id, REFUSAL)

    assert desk.order().state is OrderState.REJECTED


def test_order_without_an_answer_is_unknown_and_never_sent_again():
    desk = Desk()
    desk.submit()

    decision = desk.answer(desk.order().order_id, NO_ANSWER)

    assert desk.order().state is OrderState.UNKNOWN
    assert all(isinstance(effect, Inquire) for effect in decision.effects)


def test_fill_that_came_before_the_answer_is_booked_with_it():
    desk = Desk()
    desk.submit()
    desk.notify(fill(NUMBER, 4, 80_000))
    assert desk.order().filled_quantity == 0

    desk.answer(desk.order().order_id, acceptance(NUMBER))

    assert desk.order().filled_quantity == 4
    assert desk.order().state is OrderState.PARTIALLY_FILLED


def test_rejection_that_came_before_the_answer_is_not_forgotten():
    desk = Desk()
    desk.submit()
    desk.notify(notice(NUMBER, stage=NoticeStage.RECEIVED, rejected=True))

    desk.answer(desk.order().order_id, acceptance(NUMBER))

    assert desk.order().state is OrderState.REJECTED


def test_number_that_is_another_order_s_halts_and_leaves_the_order_unknown():
    desk = Desk()
    desk.working(NUMBER)
    desk.submit(wish("w-2", price=79_900))

    desk.answer(desk.order("w-2").order_id, acceptance(NUMBER))

    assert desk.order("w-2").state is OrderState.UNKNOWN
    assert desk.account.trading_state is TradingState.HALTED


def test_answer_that_contradicts_an_inquiry_halts():
    desk = Desk()
    desk.working("0000000009")
    desk.submit(wish("w-2", price=79_900))
    second = desk.order("w-2")
    desk.answer(second.order_id, NO_ANSWER)
    desk.inquire(row("0000000009"), row(NUMBER, wished=wish(price=79_900)))
    assert second.number == NUMBER

    desk.answer(second.order_id, acceptance("0000000002"))

    assert desk.account.trading_state is TradingState.HALTED


def test_cancel_of_a_working_order_is_journalled_then_sent():
    desk = Desk()
    desk.working(NUMBER)

    decision = cancel(desk)

    assert isinstance(decision.effects[0], SendCancel)
    assert decision.effects[0].target.number == NUMBER
    assert desk.order().state is OrderState.PENDING_CANCEL
    assert cancel(desk).effects == ()


@pytest.mark.parametrize(
    ("prepare", "reason"),
    [
        (lambda _: None, "ORDER_UNKNOWN"),
        (lambda desk: desk.submit(), "ORDER_UNRESOLVED"),
        (
            lambda desk: (desk.working(NUMBER), desk.notify(fill(NUMBER, 10, 80_000))),
            "ORDER_ENDED",
        ),
    ],
)
def test_cancel_of_what_cannot_be_cancelled_is_refused(prepare, reason):
    desk = Desk()
    prepare(desk)

    answer = cancel(desk).answer

    assert isinstance(answer, WishRefused)
    assert answer.reason == reason


def test_accepted_cancel_is_not_yet_a_cancellation():
    desk = Desk()
    order = desk.working(NUMBER)
    cancel(desk)

    desk.give(CancelAnswered(order_id=order.order_id, outcome=acceptance("0000000002")))
    assert order.state is OrderState.PENDING_CANCEL

    confirmed = notice(
        "0000000002",
        stage=NoticeStage.CONFIRMED,
        request=NoticeRequest.CANCEL,
        original=NUMBER,
        quantity=10,
    )
    desk.notify(confirmed)
    assert order.state is OrderState.CANCELED


def test_refused_cancel_asks_the_broker_instead_of_believing():
    desk = Desk()
    order = desk.working(NUMBER)
    cancel(desk)

    decision = desk.give(CancelAnswered(order_id=order.order_id, outcome=REFUSAL))

    assert order.state is OrderState.ACCEPTED
    assert isinstance(decision.effects[0], Inquire)


def test_cancel_without_an_answer_may_be_repeated_after_an_inquiry_up_to_its_bound():
    desk = Desk()
    order = desk.working(NUMBER)
    cancel(desk)
    sent = 1
    for _ in range(5):
        desk.give(CancelAnswered(order_id=order.order_id, outcome=NO_ANSWER))
        decision = desk.inquire(row(NUMBER))
        sent += sum(isinstance(effect, SendCancel) for effect in decision.effects)

    assert sent == desk.policy.cancel_attempts_max
    assert order.state is OrderState.PENDING_CANCEL


def test_answer_of_a_cancel_that_a_notice_had_refused_is_survived():
    desk = Desk()
    order = desk.working(NUMBER)
    cancel(desk)
    desk.notify(
        notice(
            "0000000002",
            stage=NoticeStage.RECEIVED,
            request=NoticeRequest.CANCEL,
            original=NUMBER,
            rejected=True,
        )
    )

    decision = desk.give(CancelAnswered(order_id=order.order_id, outcome=REFUSAL))

    assert order.state is OrderState.ACCEPTED
    assert isinstance(decision.effects[0], Inquire)


def test_restart_turns_what_was_in_flight_into_unknown():
    desk = Desk()
    desk.working(NUMBER)
    cancel(desk)
    desk.submit(wish("w-2", price=79_900))

    desk.give(Restarted())

    assert desk.order("w-2").state is OrderState.UNKNOWN
    assert desk.order("w-1").is_cancel_unknown


def test_orders_of_the_first_opening_are_foreign_and_not_an_alarm():
    desk = Desk()
    opened = Opened(business_date=DAY, balance=balance(), orders=(row("0000000007"),))
    fresh = Desk.__new__(Desk)
    fresh.__dict__.update(desk.__dict__)
    fresh.account = type(desk.account)(account=desk.account.account)
    fresh.give(opened)

    fresh.inquire(row("0000000007"))

    assert fresh.account.trading_state is TradingState.ACTIVE


def test_new_day_expires_what_worked_and_forgets_its_numbers():
    desk = Desk()
    order = desk.working(NUMBER)

    desk.give(DayBegan(business_date=DAY.replace(day=30)))

    assert order.state is OrderState.EXPIRED
    assert not desk.account.order_by_number
    assert desk.account.business_date == DAY.replace(day=30)


def test_trading_state_changes_with_its_reason():
    desk = Desk()

    desk.give(StateWished(state=TradingState.REDUCING, reason="lunch"))

    assert desk.submit().answer.reason == "TRADING_STATE"
    assert "lunch" in desk.submit(wish("w-2")).answer.found
