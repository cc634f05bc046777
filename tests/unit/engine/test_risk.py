from datetime import date

import msgspec
import pytest

from aipx.engine.inputs import Policy, StateWished
from aipx.engine.risk import RULES, reserved_cash
from aipx.model.ids import Symbol
from aipx.model.instrument import Venue, Won
from aipx.model.market import TradingPhase
from aipx.model.order import OrderKind, Side, SubmitOrder, TradingState
from aipx.model.time import NANOS_PER_SECOND, Nanos
from aipx.model.verdict import WishRefused, WishTaken
from tests.support.market_facts import DAY, SAMSUNG, at
from tests.support.oms import LIMITS, NO_ANSWER, Desk, acceptance, fill, wish


def reason(desk: Desk, order=None, **market) -> str:
    answer = desk.submit(order, **market).answer
    if isinstance(answer, WishTaken):
        return "taken"
    assert isinstance(answer, WishRefused)
    assert answer.found
    assert answer.allowed
    return answer.reason


def test_plain_order_within_all_limits_is_approved():
    assert reason(Desk()) == "taken"


def stop(trigger: int, kind: OrderKind = OrderKind.STOP_LIMIT) -> SubmitOrder:
    return msgspec.structs.replace(wish(kind=kind), trigger_price=Won(trigger))


@pytest.mark.parametrize(
    ("trigger", "expected"),
    [(80_500, "taken"), (0, "TRIGGER"), (104_500, "TRIGGER"), (80_550, "TICK")],
)
def test_stop_limit_needs_a_trigger_that_could_trade(trigger, expected):
    # The kind came with the second venue; the desk's own day is years before.
    day = date(2025, 3, 4)

    assert reason(Desk(), stop(trigger), day=day) == expected


def test_conditional_order_is_taken_at_the_upper_limit_for_the_auction_may_go_there():
    conditional = wish(kind=OrderKind.CONDITIONAL, quantity=500)

    assert reason(Desk(), conditional) == "ORDER_VALUE"
    assert reason(Desk(), wish(quantity=500)) == "taken"


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (wish(quantity=0), "QUANTITY"),
        (wish(quantity=-5), "QUANTITY"),
        (wish(quantity=10_001), "QUANTITY"),
        (wish(price=80_050), "TICK"),
        (wish(price=0), "PRICE"),
        (wish(price=-100), "PRICE"),
        (wish(price=55_900), "PRICE_LIMIT"),
        (wish(price=104_500), "PRICE_LIMIT"),
        (wish(price=82_600), "COLLAR"),
        (wish(quantity=700), "ORDER_VALUE"),
        (wish(kind=OrderKind.MARKET, quantity=500), "ORDER_VALUE"),
        (wish(side=Side.SELL), "SELLABLE"),
        (wish(venue=Venue.NXT), "VENUE"),
        (wish(venue=Venue.SOR), "VENUE"),
        (wish(kind=OrderKind.OTHER), "ORDER_KIND"),
        (wish(kind=OrderKind.AFTER_LIMIT), "ORDER_KIND"),
        (stop(80_000, kind=OrderKind.LIMIT), "TRIGGER"),
    ],
)
def test_wish_beyond_a_limit_is_refused_with_its_reason(order, expected):
    assert reason(Desk(), order) == expected


@pytest.mark.parametrize(
    ("market", "expected"),
    [
        ({"is_known": False}, "SYMBOL"),
        ({"is_halted": True}, "HALTED"),
        ({"has_quote": False}, "NO_QUOTE"),
        ({"ask": 0}, "NO_QUOTE"),
        ({"quoted_at": at("09:58:59")}, "STALE_QUOTE"),
        ({"quoted_at": at("10:00:01")}, "STALE_QUOTE"),
        ({"phase": TradingPhase.CLOSED}, "ORDER_KIND"),
    ],
)
def test_market_that_cannot_be_trusted_refuses(market, expected):
    assert reason(Desk(), **market) == expected


def test_auction_takes_limit_orders_but_no_immediate_ones():
    auction = {"phase": TradingPhase.CLOSING_AUCTION}

    assert reason(Desk(), **auction) == "taken"
    assert reason(Desk(), wish(kind=OrderKind.LIMIT_IOC), **auction) == "ORDER_KIND"


def test_sale_far_below_the_bid_is_outside_the_collar():
    desk = Desk(holdings={SAMSUNG: 100})

    assert reason(desk, wish(side=Side.SELL, price=77_500)) == "COLLAR"
    assert reason(desk, wish("w-2", side=Side.SELL, price=77_600)) == "taken"


def test_account_that_was_never_reconciled_refuses():
    desk = Desk()
    desk.account.inquired_cash = None

    assert reason(desk) == "NOT_RECONCILED"


def test_reducing_takes_sales_only_and_halted_takes_nothing():
    desk = Desk(holdings={SAMSUNG: 10})
    desk.give(StateWished(state=TradingState.REDUCING, reason="test"))
    assert reason(desk, wish("w-1")) == "TRADING_STATE"
    assert reason(desk, wish("w-2", side=Side.SELL)) == "taken"

    desk.give(StateWished(state=TradingState.HALTED, reason="test"))
    assert reason(desk, wish("w-3", side=Side.SELL, quantity=1)) == "TRADING_STATE"


def test_open_orders_reserve_cash_at_their_worst_and_unknown_ones_too():
    desk = Desk(cash=1_700_000)
    desk.working("0000000001", wish("w-1"))
    desk.submit(wish("w-2", price=79_900))
    desk.answer(desk.order("w-2").order_id, NO_ANSWER)

    assert reason(desk, wish("w-3", quantity=2)) == "BUYING_POWER"
    assert reason(desk, wish("w-4", quantity=1)) == "taken"


def test_market_order_reserves_at_the_upper_limit():
    desk = Desk(cash=1_000_000)

    assert reason(desk, wish("w-1", kind=OrderKind.MARKET, quantity=10)) == "BUYING_POWER"
    assert reason(desk, wish("w-2", kind=OrderKind.MARKET, quantity=9)) == "taken"
    order = desk.order("w-2")
    assert reserved_cash(order, DAY) == 9 * 104_000 + 132


def test_shares_in_open_sales_cannot_be_sold_again():
    desk = Desk(holdings={SAMSUNG: 10})
    assert reason(desk, wish("w-1", side=Side.SELL, quantity=7)) == "taken"

    assert reason(desk, wish("w-2", side=Side.SELL, quantity=4)) == "SELLABLE"
    assert reason(desk, wish("w-3", side=Side.SELL, quantity=3)) == "taken"


def test_position_counts_holdings_and_open_buys():
    desk = Desk(holdings={SAMSUNG: 500})

    assert reason(desk, wish("w-1", quantity=400)) == "taken"
    assert reason(desk, wish("w-2", quantity=101, price=80_000)) == "POSITION"


def test_order_like_one_without_an_outcome_is_held():
    desk = Desk()
    desk.submit(wish("w-1"))
    desk.answer(desk.order().order_id, NO_ANSWER)
    desk.now = Nanos(desk.now + 30 * NANOS_PER_SECOND)

    assert reason(desk, wish("w-2")) == "IDENTICAL_UNRESOLVED"
    assert reason(desk, wish("w-3", price=79_900)) == "taken"


def test_order_like_a_recent_one_of_its_strategy_is_a_duplicate_for_a_while():
    desk = Desk()
    desk.working("0000000001", wish("w-1"))

    assert reason(desk, wish("w-2")) == "DUPLICATE"
    assert reason(desk, wish("w-3", strategy="another")) == "taken"
    desk.answer(desk.order("w-3").order_id, acceptance("0000000002"))

    desk.now = Nanos(desk.now + 2 * NANOS_PER_SECOND)
    assert reason(desk, wish("w-4"), quoted_at=desk.now) == "taken"


def test_open_orders_are_bounded():
    limits = msgspec.structs.replace(LIMITS, open_orders_max=1)
    desk = Desk(policy=Policy(limits=limits))
    desk.working("0000000001", wish("w-1"))
    assert reason(desk, wish("w-2", price=79_900)) == "OPEN_ORDERS"

    desk.notify(fill("0000000001", 10, 80_000))
    assert reason(desk, wish("w-3", price=79_900)) == "taken"


def test_unknown_symbol_without_a_picture_is_refused_by_every_later_rule_never_reached():
    assert RULES[0].__name__ == "_trading_state"
    assert reason(Desk(), wish(symbol=Symbol("999999")), is_known=False) == "SYMBOL"
