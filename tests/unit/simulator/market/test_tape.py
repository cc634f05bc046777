from aipx.engine.book import Top
from aipx.model.instrument import Shares
from aipx.model.market import Aggressor, TradingPhase
from aipx.model.time import Nanos
from aipx.simulator.market.events import TradePrinted
from aipx.simulator.market.tape import Tape
from tests.support.markets import bar, listed

TOP = Top((101, *(0,) * 9), (7, *(0,) * 9), (99, *(0,) * 9), (8, *(0,) * 9), 7, 8)


def printed(tape: Tape, at: int, price: int, size: int, aggressor: Aggressor) -> TradePrinted:
    return tape.print(
        Nanos(at),
        price,
        Shares(size),
        aggressor=aggressor,
        phase=TradingPhase.CONTINUOUS,
        top=TOP,
        planned_share=(1, 2),
    )


def test_a_tape_counts_the_day_print_by_print() -> None:
    tape = Tape(listed(bar()))
    printed(tape, 1, 100, 10, Aggressor.NONE)
    printed(tape, 2, 103, 1, Aggressor.BUYER)
    printed(tape, 3, 98, 2, Aggressor.SELLER)

    last = printed(tape, 4, 103, 5, Aggressor.BUYER)

    assert (last.open, last.open_at) == (100, 1)
    assert (last.high, last.high_at, last.low, last.low_at) == (103, 2, 98, 3)
    assert (last.day_volume, last.day_value) == (18, 1_000 + 103 + 196 + 515)
    assert (last.buy_count, last.buy_volume, last.sell_count, last.sell_volume) == (2, 6, 1, 2)
    assert (last.ask_price, last.bid_price, last.ask_size, last.bid_size) == (101, 99, 7, 8)
    assert last.previous_volume_by_now == 125_000
    assert tape.last_print == last


def test_statistics_are_zero_before_the_first_print() -> None:
    day = Tape(listed(bar())).statistics()

    assert (day.open, day.high, day.low, day.last, day.volume, day.trade_count) == (0,) * 6
