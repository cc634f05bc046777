"""Latest prints and minute bars."""

import msgspec

from aipx.model.time import NANOS_PER_MINUTE, Nanos
from aipx.simulator.tape import PRINTS_KEPT_MAX, Tape
from tests.support import markets

PRINTS = markets.prints(markets.whole_day(markets.exchange()))


def test_latest_prints_come_newest_first_and_are_bounded():
    tape = Tape()
    for trade in PRINTS:
        tape.add(trade)

    kept = tape.prints(markets.SYMBOL)

    assert list(kept) == PRINTS[: -PRINTS_KEPT_MAX - 1 : -1]


def test_minute_bars_hold_the_whole_days_volume_and_range():
    tape = Tape()
    for trade in PRINTS:
        tape.add(trade)

    bars = tape.minutes(markets.SYMBOL)

    assert sum(bar.volume for bar in bars) == PRINTS[-1].day_volume
    assert max(bar.high for bar in bars) == PRINTS[-1].high
    assert min(bar.low for bar in bars) == PRINTS[-1].low
    assert len({bar.start for bar in bars}) == len(bars)


def test_bar_has_open_high_low_close_of_its_minute():
    tape, start = Tape(), Nanos(PRINTS[0].at - PRINTS[0].at % NANOS_PER_MINUTE)
    for second, price in enumerate((100, 120, 90, 110)):
        at = Nanos(start + second * 1_000_000_000)
        tape.add(msgspec.structs.replace(PRINTS[0], at=at, price=price, size=2))

    (bar,) = tape.minutes(markets.SYMBOL)

    assert (bar.open, bar.high, bar.low, bar.close, bar.volume) == (100, 120, 90, 110, 8)


def test_symbol_without_prints_has_none():
    assert list(Tape().prints(markets.SYMBOL)) == []
    assert list(Tape().minutes(markets.SYMBOL)) == []
