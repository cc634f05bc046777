from aipx.engine.inputs import Balanced, CancelGiven, Inquire
from aipx.model.ids import AccountId, ClientOrderId
from aipx.model.order import (
    CancelOrder,
    NoticeRequest,
    NoticeStage,
    OrderState,
    Side,
    TradingState,
)
from tests.support.market_facts import SAMSUNG, at
from tests.support.oms import CASH, NO_ANSWER, Desk, balance, fill, notice, row, wish

NUMBER = "0000000001"
OTHER = "0000000002"


def unknown(desk: Desk, name: str = "w-1", price: int = 80_000):
    desk.submit(wish(name, price=price))
    order = desk.order(name)
    desk.answer(order.order_id, NO_ANSWER)
    return order


def test_identical_notice_is_a_suspect_and_never_booked():
    desk = Desk()
    order = desk.working(NUMBER)
    desk.notify(fill(NUMBER, 4, 80_000))

    decision = desk.notify(fill(NUMBER, 4, 80_000))

    assert order.filled_quantity == 4
    assert decision.facts == ()
    assert isinstance(decision.effects[0], Inquire)


def test_second_equal_fill_is_booked_when_the_inquiry_tells_it():
    desk = Desk()
    order = desk.working(NUMBER)
    desk.notify(fill(NUMBER, 4, 80_000))
    desk.notify(fill(NUMBER, 4, 80_000))

    desk.inquire(row(NUMBER, filled=8, amount=640_000))

    assert (order.filled_quantity, order.filled_amount) == (8, 640_000)


def test_notice_that_comes_after_the_inquiry_booked_it_adds_nothing():
    desk = Desk()
    order = desk.working(NUMBER)
    desk.inquire(row(NUMBER, filled=4, amount=320_000))

    decision = desk.notify(fill(NUMBER, 4, 80_000))

    assert (order.filled_quantity, desk.account.ledger.quantity(SAMSUNG)) == (4, 4)
    assert isinstance(decision.effects[0], Inquire)


def test_listing_that_lags_takes_nothing_back():
    desk = Desk()
    order = desk.working(NUMBER)
    desk.inquire(row(NUMBER, filled=4, amount=320_000))

    desk.inquire(row(NUMBER, filled=2, amount=160_000))

    assert order.filled_quantity == 4


def test_notice_of_another_account_of_the_same_id_is_ignored():
    desk = Desk()
    desk.working(NUMBER)

    decision = desk.notify(fill(NUMBER, 4, 80_000, account=AccountId("99999999-01")))

    assert (decision.facts, decision.effects) == ((), ())


def test_notice_of_nobody_s_number_asks_unless_an_answer_is_under_way():
    desk = Desk()

    assert isinstance(desk.notify(fill("0000000008", 1, 80_000)).effects[0], Inquire)

    desk.submit()
    assert desk.notify(fill(NUMBER, 1, 80_000)).effects == ()


def test_cancellation_of_fewer_shares_than_open_tells_of_an_untold_fill():
    desk = Desk()
    order = desk.working(NUMBER)
    desk.give(CancelGiven(wish=CancelOrder(client_order_id=ClientOrderId("w-1"))))

    decision = desk.notify(
        notice(
            OTHER,
            stage=NoticeStage.CONFIRMED,
            request=NoticeRequest.CANCEL,
            original=NUMBER,
            quantity=7,
        )
    )
    assert order.state is OrderState.CANCELED
    assert order.missing_quantity == 3
    assert isinstance(decision.effects[0], Inquire)

    desk.notify(fill(NUMBER, 3, 80_000))
    assert (order.filled_quantity, order.missing_quantity) == (3, 0)


def test_modification_by_hand_halts():
    desk = Desk()
    desk.working(NUMBER)

    desk.notify(
        notice(OTHER, stage=NoticeStage.RECEIVED, request=NoticeRequest.MODIFY, original=NUMBER)
    )

    assert desk.account.trading_state is TradingState.HALTED


def test_presence_is_proven_by_exactly_one_candidate():
    desk = Desk()
    order = unknown(desk)

    desk.inquire(row(NUMBER, filled=4, amount=320_000))

    assert order.state is OrderState.PARTIALLY_FILLED
    assert (order.number, order.filled_quantity) == (NUMBER, 4)


def test_two_candidates_prove_nothing():
    desk = Desk()
    order = unknown(desk)

    desk.inquire(row(NUMBER), row(OTHER))

    assert order.state is OrderState.UNKNOWN
    assert desk.account.trading_state is TradingState.ACTIVE


def test_row_of_another_time_price_or_side_is_no_candidate():
    desk = Desk()
    order = unknown(desk)

    desk.inquire(
        row(NUMBER, order_time="095957"),
        row(OTHER, wished=wish(price=79_900)),
        is_confirmed=False,
    )

    assert order.state is OrderState.UNKNOWN


def test_nothing_is_judged_while_an_answer_is_under_way():
    desk = Desk()
    order = unknown(desk)
    desk.submit(wish("w-2", price=79_900))

    desk.inquire(row(NUMBER), row(OTHER, wished=wish(price=79_900)))

    assert order.state is OrderState.UNKNOWN
    assert desk.account.trading_state is TradingState.ACTIVE


def test_absence_needs_quarantine_agreement_and_a_listing_that_shows_itself_alive():
    desk = Desk()
    desk.working(OTHER, wish("w-0", price=79_900))
    order = unknown(desk)
    canary = row(OTHER, wished=wish(price=79_900))

    desk.inquire(canary)
    assert order.state is OrderState.UNKNOWN
    desk.inquire(canary, settled=(order.order_id,), is_confirmed=False)
    assert order.state is OrderState.UNKNOWN
    desk.inquire(settled=(order.order_id,))
    assert order.state is OrderState.UNKNOWN

    desk.inquire(canary, settled=(order.order_id,))
    assert order.state is OrderState.REJECTED
    assert not desk.account.live or order.order_id not in desk.account.live


def test_empty_listing_proves_no_absence_even_without_other_orders():
    desk = Desk()
    order = unknown(desk)

    desk.inquire(settled=(order.order_id,))

    assert order.state is OrderState.UNKNOWN


def test_order_that_nobody_here_sent_is_foreign_and_halts():
    desk = Desk()

    desk.inquire(row("0000000008"))

    assert desk.account.trading_state is TradingState.HALTED
    assert "0000000008" in desk.account.foreign


def test_listing_tells_rejections_cancellations_and_the_session_s_end():
    desk = Desk()
    rejected = desk.working("0000000001", wish("w-1", price=79_100))
    canceled = desk.working("0000000002", wish("w-2", price=79_200))
    expired = desk.working("0000000003", wish("w-3", price=79_300))
    rows = (
        row("0000000001", wished=rejected.wish, rejected=10),
        row("0000000002", wished=canceled.wish, canceled=10),
        row("0000000003", wished=expired.wish, filled=3, amount=237_900),
    )

    desk.inquire(*rows)
    assert (rejected.state, canceled.state) == (OrderState.REJECTED, OrderState.CANCELED)
    assert expired.state is OrderState.PARTIALLY_FILLED

    desk.inquire(*rows, is_session_over=True)
    assert (expired.state, expired.filled_quantity) == (OrderState.EXPIRED, 3)


def test_equal_balance_is_reconciled_and_the_same_again_says_nothing():
    desk = Desk()
    desk.working(NUMBER)
    desk.notify(fill(NUMBER, 10, 80_000))
    cash = CASH - 800_000 - 112

    first = desk.give(Balanced(balance=balance(cash=cash, holdings={SAMSUNG: 10})))
    again = desk.give(Balanced(balance=balance(cash=cash, holdings={SAMSUNG: 10})))

    assert [type(fact).__name__ for fact in first.facts] == ["Reconciled"]
    assert again.facts == ()


def test_difference_is_asked_about_once_and_halts_when_it_persists():
    desk = Desk()

    first = desk.give(Balanced(balance=balance(cash=CASH - 1)))
    assert isinstance(first.effects[0], Inquire)
    assert desk.account.trading_state is TradingState.ACTIVE

    desk.give(Balanced(balance=balance(cash=CASH - 1)))
    assert desk.account.trading_state is TradingState.HALTED
    assert "cash" in desk.account.state_reason
    assert desk.give(Balanced(balance=balance(cash=CASH - 1))).facts == ()


def test_holding_listed_twice_is_one_holding():
    desk = Desk(holdings={SAMSUNG: 5})
    twice = balance(holdings={SAMSUNG: 5})
    doubled = type(twice)(
        **{
            **{name: getattr(twice, name) for name in twice.__struct_fields__},
            "holdings": twice.holdings * 2,
        }
    )

    assert desk.give(Balanced(balance=doubled)).facts == ()


def test_balance_is_not_compared_while_an_outcome_is_unknown():
    desk = Desk()
    unknown(desk)

    assert desk.give(Balanced(balance=balance(cash=1))).facts == ()


def test_candidate_filled_by_notice_before_the_inquiry_is_booked_once():
    desk = Desk()
    order = unknown(desk)
    desk.notify(fill(NUMBER, 10, 80_000))

    desk.inquire(row(NUMBER, filled=10, amount=800_000))

    assert (order.state, order.filled_quantity) == (OrderState.FILLED, 10)
    assert desk.account.ledger.quantity(SAMSUNG) == 10


def test_sale_books_cash_less_costs():
    desk = Desk(holdings={SAMSUNG: 10})
    desk.working(NUMBER, wish(side=Side.SELL))

    desk.notify(fill(NUMBER, 10, 80_000, side=Side.SELL))

    # 800,000 won: fee 112, tax 640 + 1,200.
    assert desk.account.ledger.cash == CASH + 800_000 - 112 - 1_840


def test_time_window_is_the_broker_s_clock():
    desk = Desk()
    desk.now = at("10:00:00")
    order = unknown(desk)

    desk.inquire(row(NUMBER, order_time="100230"), is_confirmed=False)
    assert order.state is OrderState.UNKNOWN

    desk.inquire(row(NUMBER, order_time="095959"), is_confirmed=False)
    assert order.state is OrderState.ACCEPTED
