"""Laws of the OMS's core: conservation, order-independence, one fold, a gate that is monotonic."""

from hypothesis import given, settings
from hypothesis import strategies as st

from aipx.engine.account import Account
from aipx.engine.inputs import Balanced, CancelGiven, Inquire, Restarted, SendOrder
from aipx.model.ids import ClientOrderId
from aipx.model.order import (
    BrokerNotice,
    CancelOrder,
    NoticeRequest,
    NoticeStage,
    OrderKind,
    OrderState,
    Side,
    TradingState,
)
from aipx.model.verdict import WishTaken
from tests.support.market_facts import SAMSUNG
from tests.support.oms import (
    ACCOUNT,
    CASH,
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
fills = st.lists(
    st.tuples(st.integers(1, 5), st.sampled_from([79_900, 80_000, 80_100]), st.integers(2, 40)),
    min_size=1,
    max_size=6,
    unique=True,
)


def total(parts) -> tuple[int, int]:
    return sum(q for q, _, _ in parts), sum(q * p for q, p, _ in parts)


@given(fills, st.randoms(use_true_random=False), st.data())
def test_fills_count_the_same_in_any_order_and_however_often_they_are_told(parts, random, data):
    order = wish(quantity=100)
    told = [fill(NUMBER, q, p, second=s) for q, p, s in parts]
    repeats = data.draw(st.lists(st.sampled_from(told), max_size=6))
    notices = told + repeats
    random.shuffle(notices)
    answered_after = data.draw(st.integers(0, len(notices)))
    desk = Desk()
    desk.submit(order)
    found = desk.order()

    for place, each in enumerate([*notices, None]):
        if place == answered_after:
            desk.answer(found.order_id, acceptance(NUMBER))
        if each is not None:
            desk.notify(each)

    assert (found.filled_quantity, found.filled_amount) == total(parts)
    assert desk.account.ledger.quantity(SAMSUNG) == total(parts)[0]


@given(fills, st.data())
def test_lost_notices_and_inquiries_between_end_at_the_broker_s_total(parts, data):
    desk = Desk()
    found = desk.working(NUMBER, wish(quantity=100))
    order = found.wish
    done: list[tuple[int, int, int]] = []
    for part in parts:
        done.append(part)
        if data.draw(st.booleans()):
            desk.notify(fill(NUMBER, part[0], part[1], second=part[2]))
        if data.draw(st.booleans()):
            quantity, amount = total(done)
            desk.inquire(row(NUMBER, wished=order, filled=quantity, amount=amount))
            assert found.filled_quantity == quantity
    quantity, amount = total(parts)
    desk.inquire(row(NUMBER, wished=order, filled=quantity, amount=amount))

    assert (found.filled_quantity, found.filled_amount) == (quantity, amount)
    ledger = desk.account.ledger
    assert ledger.cash == CASH - amount - ledger.fees
    again = desk.give(Balanced(balance=balance(cash=ledger.cash, holdings={SAMSUNG: quantity})))
    assert all(type(fact).__name__ == "Reconciled" for fact in again.facts)


actions = st.lists(
    st.tuples(
        st.sampled_from(
            ["submit", "accept", "refuse", "silence", "fill", "cancel", "confirm", "ask", "restart"]
        ),
        st.integers(0, 5),
        st.integers(1, 12),
    ),
    max_size=40,
)


class Broker:
    """What is true at the broker in a random story: numbers by order, shares by number."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.count = 0
        self.filled: dict[str, tuple[int, int]] = {}
        self.canceled: dict[str, int] = {}
        self.sent: list[str] = []

    def act(self, what: str, which: int, size: int) -> None:
        account = self.desk.account
        orders = list(account.orders.values())
        chosen = orders[which % len(orders)] if orders else None
        if what == "submit":
            decision = self.desk.submit(wish(f"w-{len(orders)}", price=79_000 + 100 * (which % 9)))
            self.sent += [e.approved.order_id for e in decision.effects if isinstance(e, SendOrder)]
        elif what == "restart":
            self.desk.give(Restarted())
        elif what == "ask":
            self.ask()
        elif chosen is not None:
            self._act_on(chosen, what, size)

    def _act_on(self, chosen, what: str, size: int) -> None:
        desk = self.desk
        if what == "accept" and chosen.state in (OrderState.SENDING, OrderState.UNKNOWN):
            self.count += 1
            desk.answer(chosen.order_id, acceptance(f"{self.count:010d}"))
            self.filled[chosen.number] = (0, 0)
        elif what == "refuse" and chosen.state is OrderState.SENDING:
            desk.answer(chosen.order_id, REFUSAL)
        elif what == "silence" and chosen.state is OrderState.SENDING:
            desk.answer(chosen.order_id, NO_ANSWER)
        elif what == "fill" and chosen.number:
            quantity, amount = self.filled[chosen.number]
            rest = chosen.wish.quantity - quantity - self.canceled.get(chosen.number, 0)
            taken = min(size, rest)
            if taken > 0:
                price = chosen.wish.price
                self.filled[chosen.number] = (quantity + taken, amount + taken * price)
                desk.notify(fill(chosen.number, taken, price, second=3 + quantity))
        elif what == "cancel":
            wished = CancelOrder(client_order_id=ClientOrderId(chosen.wish.client_order_id))
            desk.give(CancelGiven(wish=wished))
        elif what == "confirm" and chosen.state is OrderState.PENDING_CANCEL:
            rest = chosen.wish.quantity - self.filled[chosen.number][0]
            self.canceled[chosen.number] = rest
            desk.notify(self._confirmed(chosen.number, rest))

    def _confirmed(self, number: str, rest: int) -> BrokerNotice:
        return notice(
            f"9{number[1:]}",
            stage=NoticeStage.CONFIRMED,
            request=NoticeRequest.CANCEL,
            original=number,
            quantity=rest,
        )

    def ask(self) -> None:
        account = self.desk.account
        rows = [
            row(
                number,
                wished=account.orders[account.order_by_number[number]].wish,
                filled=quantity,
                amount=amount,
                canceled=self.canceled.get(number, 0),
            )
            for number, (quantity, amount) in self.filled.items()
        ]
        self.desk.inquire(*rows)


@settings(max_examples=150)
@given(actions)
def test_whatever_happens_money_is_conserved_and_nothing_is_sent_twice(story):
    desk = Desk()
    broker = Broker(desk)

    for what, which, size in story:
        broker.act(what, which, size)
        ledger = desk.account.ledger
        assert ledger.cash == CASH - ledger.bought + ledger.sold - ledger.fees - ledger.taxes

    broker.ask()
    account = desk.account
    assert len(broker.sent) == len(set(broker.sent))
    assert account.trading_state is TradingState.ACTIVE
    for number, (quantity, amount) in broker.filled.items():
        order = account.orders[account.order_by_number[number]]
        assert (order.filled_quantity, order.filled_amount) == (quantity, amount)
    folded = Account(account=ACCOUNT)
    for event in desk.events:
        folded.apply(event)
    assert folded == account


@given(
    quantity=st.integers(-5, 2_000),
    more=st.integers(1, 2_000),
    price=st.integers(500, 1_100).map(lambda n: n * 100),
    kind=st.sampled_from([OrderKind.LIMIT, OrderKind.MARKET, OrderKind.LIMIT_IOC]),
    side=st.sampled_from(list(Side)),
    held=st.integers(0, 500),
    cash=st.integers(0, CASH),
)
def test_more_exposure_never_turns_a_no_into_a_yes(quantity, more, price, kind, side, held, cash):
    def is_taken(shares: int) -> bool:
        desk = Desk(cash=cash, holdings={SAMSUNG: held})
        answer = desk.submit(wish(quantity=shares, price=price, kind=kind, side=side)).answer
        return isinstance(answer, WishTaken)

    if quantity >= 1 and not is_taken(quantity):
        assert not is_taken(quantity + more)


@given(st.integers(0, 9), st.integers(1, 5))
def test_repeated_suspects_only_ever_ask(place, times):
    desk = Desk()
    order = desk.working(NUMBER, wish(quantity=10))
    told = fill(NUMBER, 1 + place % 3, 80_000)
    desk.notify(told)

    for _ in range(times):
        decision = desk.notify(told)
        assert decision.facts == ()
        assert all(isinstance(effect, Inquire) for effect in decision.effects)

    assert order.filled_quantity == 1 + place % 3
