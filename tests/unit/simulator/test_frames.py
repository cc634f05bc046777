"""From prints and books to frames, read back by the wire's own parsers."""

from aipx.model.market import Aggressor, TradingPhase
from aipx.simulator.exchange import BookChanged, TradePrinted
from aipx.simulator.faults import Fault, FaultName, FaultPlan
from aipx.wire.kis.frames import parse_books, parse_trades, split_frame
from aipx.wire.kis.layout import Layout
from tests.support import markets
from tests.support.kis_user import SYMBOL, KisUser, kis, settings


def day_of_frames(*channels: str, **changes) -> list[str]:
    faults = changes.pop("faults", None)
    host = kis(of=settings(**changes), faults=faults)
    session = KisUser(host).session(*((tr_id, SYMBOL) for tr_id in channels))
    host.advance(host.session.close)
    return session.take()


def events(kind):
    return [event for event in markets.whole_day(markets.exchange()) if isinstance(event, kind)]


def test_frames_carry_every_print_with_its_figures():
    frames = [split_frame(text) for text in day_of_frames("H0STCNT0")]

    parsed = [pair for frame in frames for pair in parse_trades(frame)]

    prints = events(TradePrinted)
    assert [(t.price, t.size, t.aggressor, t.day_volume, t.day_value) for _, t in parsed] == [
        (p.price, p.size, p.aggressor, p.day_volume, p.day_value) for p in prints
    ]
    assert [at // 10**9 for at, _ in parsed] == [p.at // 10**9 for p in prints]


def test_frames_carry_every_book_in_full():
    frames = [split_frame(text) for text in day_of_frames("H0STASP0")]

    parsed = [pair for frame in frames for pair in parse_books(frame, day=markets.DAY)]

    books = events(BookChanged)
    assert [
        (b.ask_prices, b.bid_sizes, b.total_ask_size, b.indicative_price) for _, b in parsed
    ] == [(b.ask_prices, b.bid_sizes, b.total_ask_size, b.indicative_price) for b in books]
    assert [b.phase for _, b in parsed] == [
        # A frame has no word for closed; the last book says "in session".
        TradingPhase.CONTINUOUS if b.phase is TradingPhase.CLOSED else b.phase
        for b in books
    ]


def test_widths_follow_the_layout():
    for layout, trade, book in ((Layout.CURRENT, 47, 63), (Layout.LEGACY, 46, 59)):
        frames = [
            split_frame(text) for text in day_of_frames("H0STCNT0", "H0STASP0", layout=layout)
        ]

        widths = {(frame.tr_id, frame.width) for frame in frames}

        assert widths == {("H0STCNT0", trade), ("H0STASP0", book)}


def test_trades_share_frames_only_where_the_ratio_says_so():
    alone = day_of_frames("H0STCNT0", multi_record_ratio=0.0)
    together = day_of_frames("H0STCNT0", multi_record_ratio=1.0, frame_records_max=4)

    counts = [split_frame(text).count for text in together]
    assert {split_frame(text).count for text in alone} == {1}
    assert max(counts) == 4
    assert sum(counts) == len(alone)


def test_auction_prints_have_no_aggressor_and_say_so():
    first = split_frame(day_of_frames("H0STCNT0")[0])

    (_, trade), *_ = parse_trades(first)

    assert trade.aggressor is Aggressor.NONE
    assert first.payload.split("^")[21] == "3"


def test_lost_ticks_show_as_a_jump_of_the_days_volume():
    plan = FaultPlan([Fault(name=FaultName.TICKS_MISSING, probability=0.1)], seed=1)

    frames = [split_frame(text) for text in day_of_frames("H0STCNT0", faults=plan)]

    trades = [trade for frame in frames for _, trade in parse_trades(frame)]
    seen = sum(trade.size for trade in trades)
    assert len(trades) == len(events(TradePrinted)) - plan.counts["ticks_missing"]
    assert trades[-1].day_volume > seen


def test_counters_count_records_and_frames():
    host = kis()
    session = KisUser(host).session(("H0STCNT0", SYMBOL), ("H0STASP0", SYMBOL))

    host.advance(host.session.close)

    counters = host.frames_sent
    assert counters.frames == len(session.take())
    assert counters.trades == len(events(TradePrinted))
    assert counters.books == len(events(BookChanged))
