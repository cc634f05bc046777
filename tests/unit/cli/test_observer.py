"""The observer folds what passes on the bus into what the view and the result show."""

from aipx.adapters.memory.bus import MemoryBus
from aipx.cli.observer import ObservedSymbol, Observer
from aipx.model.instrument import Won
from aipx.model.order import OrderEvent, OrderState
from aipx.model.time import NANOS_PER_SECOND, Nanos
from aipx.ports.bus import Delivery, Fact, Topic
from tests.support.market_facts import HYNIX, SAMSUNG, at, book, event, trade
from tests.support.oms import ACCOUNT, CASH, NO_ANSWER, REFUSAL, Desk, fill, row, wish

NUMBER = "0000000001"


def observer() -> Observer:
    symbols = {SAMSUNG: ObservedSymbol(name="삼성전자", previous_close=Won(79_000))}
    return Observer(MemoryBus(), ACCOUNT, symbols)


def see(watching: Observer, *facts: Fact) -> None:
    for offset, fact in enumerate(facts):
        topic = Topic.ORDER_EVENTS if isinstance(fact, OrderEvent) else Topic.MARKET_DATA_RAW
        watching.see(
            Delivery(topic=topic, offset=offset, key="k", fact=fact, received_monotonic_ns=0)
        )


def test_the_newest_trade_and_book_are_the_quote():
    watching = observer()

    see(watching, event(book(ask=80_100, bid=80_000), at("10:00:00")))
    see(watching, event(trade(80_100), at("10:00:01")))

    (quote,) = watching.quotes()
    assert (quote.last, quote.bid, quote.ask) == (80_100, 80_000, 80_100)
    assert (quote.bid_size, quote.ask_size) == (100, 100)
    assert quote.previous_close == 79_000


def test_a_symbol_that_nobody_asked_for_is_passed_over():
    watching = observer()

    see(watching, event(trade(130_000, symbol=HYNIX), at("10:00:00")))

    assert [quote.symbol for quote in watching.quotes()] == [SAMSUNG]
    assert watching.quotes()[0].last == 0


def test_the_chart_gets_a_point_each_half_minute_of_the_market():
    watching = observer()

    for second in range(0, 90, 10):
        moment = Nanos(at("10:00:00") + second * NANOS_PER_SECOND)
        see(watching, event(trade(80_000 + second * 100), moment))

    (path,) = watching.price_paths()
    assert [price for _, price in path.points] == [80_000, 83_000, 86_000]


def test_a_round_trip_is_counted_marked_and_valued():
    desk, watching = Desk(), observer()
    desk.working(NUMBER)
    desk.notify(fill(NUMBER, 10, 80_000))

    see(watching, *desk.events)
    see(watching, event(trade(80_500), at("10:00:05")))

    assert watching.fills == 1
    (position,) = watching.positions()
    assert (position.quantity, position.average_cost, position.last) == (10, 80_000, 80_500)
    assert position.unrealised == 5_000
    assert watching.profit == 5_000 - watching.account.ledger.fees
    (path,) = watching.price_paths()
    assert [(mark.price, mark.side) for mark in path.marks] == [(80_000, wish().side)]


def test_what_was_held_at_the_opening_is_no_profit_of_the_day():
    desk, watching = Desk(holdings={SAMSUNG: 5}), observer()

    see(watching, *desk.events)

    assert watching.profit == 0
    see(watching, event(trade(79_100), at("10:00:00")))
    assert watching.profit == 5 * 100


def test_before_the_account_is_known_there_is_no_profit():
    watching = observer()

    see(watching, event(trade(80_000), at("10:00:00")))

    assert watching.profit == 0
    assert watching.profit_path == []


def test_an_event_that_comes_twice_is_folded_once():
    desk, watching = Desk(), observer()
    desk.working(NUMBER)

    see(watching, *desk.events)
    see(watching, *desk.events)

    assert watching.account == desk.account
    assert watching.account.ledger.cash == CASH


def test_every_wish_is_counted_by_what_became_of_it():
    desk, watching = Desk(), observer()
    desk.working(NUMBER, wish("filled"))
    desk.notify(fill(NUMBER, 10, 80_000))
    desk.working("0000000002", wish("partial", quantity=20))
    desk.notify(fill("0000000002", 5, 80_000))
    desk.submit(wish("refused", price=80_001))
    desk.submit(wish("rejected", quantity=3))
    desk.answer(desk.order("rejected").order_id, REFUSAL)
    desk.submit(wish("lost", quantity=4))
    desk.answer(desk.order("lost").order_id, NO_ANSWER)

    see(watching, *desk.events)

    totals = watching.totals()
    assert totals.submitted == 5
    assert (totals.accepted, totals.filled, totals.partially_filled) == (2, 1, 1)
    assert (totals.refused_by_risk, totals.rejected, totals.unknown) == (1, 1, 1)
    assert (totals.canceled, totals.expired) == (0, 0)
    assert watching.counters(frames=7).frames == 7


def test_an_order_that_expired_is_no_canceled_one():
    desk, watching = Desk(), observer()
    desk.working(NUMBER)
    desk.inquire(row(NUMBER, open_quantity=0), is_session_over=True)

    see(watching, *desk.events)

    assert desk.order().state is OrderState.EXPIRED
    assert (watching.totals().expired, watching.totals().canceled) == (1, 0)


def test_the_newest_orders_come_first_and_no_more_than_asked():
    desk, watching = Desk(), observer()
    for number in range(1, 5):
        desk.working(f"{number:010d}", wish(f"w-{number}", quantity=number))

    see(watching, *desk.events)

    rows = watching.newest_orders(2)
    assert [row.client_order_id for row in rows] == ["w-4", "w-3"]
    assert rows[0].state is OrderState.ACCEPTED
