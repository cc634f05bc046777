"""The book-imbalance strategy, event by event."""

from aipx.model.ids import ClientOrderId
from aipx.model.instrument import Shares, Won
from aipx.model.market import Book, TradingPhase
from aipx.model.order import OrderKind, Side
from aipx.model.signal import CancelWish, OrderWish, Wish
from aipx.model.time import NANOS_PER_SECOND, Nanos
from aipx.strategies.base import StrategySettings, View, WorkingOrder
from aipx.strategies.book_imbalance import BookImbalance, BookImbalanceState
from tests.support.market_facts import HYNIX, SAMSUNG, at, book, event, trade

HEAVY_BIDS = book(bid_size=300, ask_size=100)
HEAVY_ASKS = book(bid_size=100, ask_size=300)


def _strategy(**parameters: int) -> BookImbalance:
    settings = StrategySettings(
        symbols=(SAMSUNG,),
        quantity=Shares(10),
        parameters={"threshold_permille": 300, **parameters},
    )
    return BookImbalance(settings)


def _decide(
    strategy: BookImbalance,
    fact: Book,
    text: str = "10:00:00",
    *,
    state: BookImbalanceState | None = None,
    held: int = 0,
    working: tuple[WorkingOrder, ...] = (),
) -> tuple[BookImbalanceState, tuple[Wish, ...]]:
    positions = {SAMSUNG: Shares(held)} if held else {}
    view = View(at=at(text), positions=positions, working=working)
    return strategy.decide(
        strategy.initial() if state is None else state, view, event(fact, at(text))
    )


def test_it_buys_at_the_best_ask_when_the_bids_outweigh():
    _, wishes = _decide(_strategy(), HEAVY_BIDS)

    assert wishes == (
        OrderWish(
            symbol=SAMSUNG,
            side=Side.BUY,
            kind=OrderKind.LIMIT,
            quantity=Shares(10),
            price=Won(80_100),
            reason="bids outweigh by 500‰",
        ),
    )


def test_it_sells_what_it_holds_at_the_best_bid_when_the_asks_outweigh():
    _, wishes = _decide(_strategy(), HEAVY_ASKS, held=20)

    assert [(w.side, w.quantity, w.price) for w in wishes if isinstance(w, OrderWish)] == [
        (Side.SELL, 20, 80_000)
    ]


def test_without_a_position_heavy_asks_are_no_reason_to_sell():
    assert _decide(_strategy(), HEAVY_ASKS)[1] == ()


def test_an_even_book_gives_no_wish():
    assert _decide(_strategy(), book(), held=10)[1] == ()


def test_the_position_stops_at_its_cap():
    strategy = _strategy(lots_max=2)

    _, partial = _decide(strategy, HEAVY_BIDS, held=15)
    _, none = _decide(strategy, HEAVY_BIDS, held=20)

    assert [wish.quantity for wish in partial if isinstance(wish, OrderWish)] == [5]
    assert none == ()


def test_after_an_order_it_pauses():
    strategy = _strategy(cool_down_seconds=60)
    state, _ = _decide(strategy, HEAVY_BIDS, "10:00:00")

    assert _decide(strategy, HEAVY_BIDS, "10:00:59", state=state)[1] == ()
    assert len(_decide(strategy, HEAVY_BIDS, "10:01:00", state=state)[1]) == 1


def test_before_the_closing_auction_it_only_sells():
    strategy = _strategy(flat_seconds_before_auction=600)

    assert _decide(strategy, HEAVY_BIDS, "15:09:59")[1] != ()
    assert _decide(strategy, HEAVY_BIDS, "15:10:00")[1] == ()
    _, wishes = _decide(strategy, HEAVY_BIDS, "15:10:00", held=7)
    assert [(w.side, w.quantity) for w in wishes if isinstance(w, OrderWish)] == [(Side.SELL, 7)]


def test_the_last_minutes_are_known_anew_each_day():
    strategy = _strategy()
    state, _ = _decide(strategy, HEAVY_BIDS, "15:15:00")
    next_morning = Nanos(at("10:00:00") + 24 * 3_600 * NANOS_PER_SECOND)
    view = View(at=next_morning, positions={}, working=())

    _, wishes = strategy.decide(state, view, event(HEAVY_BIDS, next_morning))

    assert len(wishes) == 1


def test_its_own_order_is_cancelled_once_it_is_too_old_and_asked_for_once():
    strategy = _strategy(order_age_seconds_max=10)
    order = WorkingOrder(
        client_order_id=ClientOrderId("book_imbalance-20211229-000001"),
        symbol=SAMSUNG,
        side=Side.BUY,
        quantity=Shares(10),
        price=Won(80_100),
        since=at("10:00:00"),
    )

    early = _decide(strategy, HEAVY_BIDS, "10:00:10", working=(order,))[1]
    state, late = _decide(strategy, HEAVY_BIDS, "10:00:11", working=(order,))
    repeated = _decide(strategy, HEAVY_BIDS, "10:00:12", working=(order,), state=state)[1]

    assert early == ()
    assert late == (CancelWish(client_order_id=order.client_order_id, reason="order too old"),)
    assert repeated == ()


def test_other_phases_symbols_facts_and_empty_sides_give_no_wish():
    strategy = _strategy()
    auction = book(bid_size=300, phase=TradingPhase.CLOSING_AUCTION)
    view = View(at=at("10:00"), positions={}, working=())

    assert _decide(strategy, auction)[1] == ()
    assert _decide(strategy, book(bid_size=300, symbol=HYNIX))[1] == ()
    assert _decide(strategy, book(bid_size=300, ask=0))[1] == ()
    assert strategy.decide(strategy.initial(), view, event(trade(80_000), at("10:00")))[1] == ()


def test_deciding_twice_on_the_same_gives_the_same():
    strategy = _strategy()
    state = strategy.initial()

    assert _decide(strategy, HEAVY_BIDS, state=state) == _decide(strategy, HEAVY_BIDS, state=state)
