import msgspec
import pytest

from aipx.engine.account import Account
from aipx.errors import IllegalTransition
from aipx.model.ids import AccountId
from aipx.model.order import TradingState
from tests.support.market_facts import SAMSUNG
from tests.support.oms import ACCOUNT, CASH, NO_ANSWER, Desk, fill, wish


def test_fold_of_the_same_events_gives_the_same_account():
    desk = Desk()
    desk.working("0000000001")
    desk.notify(fill("0000000001", 4, 80_000))
    desk.submit(wish("w-2", price=79_900))
    desk.answer(desk.order("w-2").order_id, NO_ANSWER)

    folded = Account(account=ACCOUNT)
    for event in desk.events:
        folded.apply(event)

    assert msgspec.json.encode(msgspec.structs.asdict(folded)["ledger"]) == msgspec.json.encode(
        desk.account.ledger
    )
    assert folded == desk.account


def test_event_that_leaves_a_hole_is_refused():
    desk = Desk()
    event = desk.events[0]

    with pytest.raises(IllegalTransition, match="does not follow"):
        desk.account.apply(event)


def test_event_of_another_account_is_refused():
    other = Account(account=AccountId("87654321-01"))

    with pytest.raises(IllegalTransition, match="does not follow"):
        other.apply(Desk().events[0])


def test_opening_takes_over_cash_and_holdings():
    account = Desk(holdings={SAMSUNG: 7}).account

    assert (account.ledger.cash, account.ledger.quantity(SAMSUNG)) == (CASH, 7)
    assert account.trading_state is TradingState.ACTIVE


def test_ended_orders_leave_the_list_of_live_ones():
    desk = Desk()
    order = desk.working("0000000001")
    assert list(desk.account.live) == [order.order_id]

    desk.notify(fill("0000000001", 10, 80_000))

    assert not desk.account.live
    assert [o.order_id for o in desk.account.recent_orders()] == [order.order_id]


def test_recent_orders_are_bounded():
    desk = Desk()
    for n in range(70):
        desk.working(f"{n:010d}", wish(f"w-{n}", price=79_000 + 100 * (n % 9)))
        desk.notify(fill(f"{n:010d}", 10, 79_000))
        desk.now += 2_000_000_000

    assert len(desk.account.recent) <= 64
