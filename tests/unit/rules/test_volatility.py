"""Volatility interruptions."""

from datetime import date

import pytest

from aipx.errors import InputError
from aipx.model.instrument import Won
from aipx.model.market import TradingPhase
from aipx.model.time import NANOS_PER_SECOND
from aipx.rules.volatility import (
    VolatilityClass,
    auction_length,
    dynamic_percent,
    interrupts,
    static_percent,
)

DAY = date(2026, 3, 4)


@pytest.mark.parametrize(
    ("volatility_class", "phase", "percent"),
    [
        (VolatilityClass.CALM, TradingPhase.CONTINUOUS, 3),
        (VolatilityClass.CALM, TradingPhase.CLOSING_AUCTION, 2),
        (VolatilityClass.ORDINARY, TradingPhase.CONTINUOUS, 6),
        (VolatilityClass.ORDINARY, TradingPhase.CLOSING_AUCTION, 4),
        (VolatilityClass.ORDINARY, TradingPhase.AFTER_MARKET, 6),
    ],
)
def test_calm_instruments_are_interrupted_sooner(volatility_class, phase, percent):
    assert dynamic_percent(volatility_class=volatility_class, phase=phase, day=DAY) == percent


def test_a_phase_without_dynamic_interruption_is_refused():
    with pytest.raises(InputError, match="phase is OPENING_AUCTION"):
        dynamic_percent(
            volatility_class=VolatilityClass.CALM, phase=TradingPhase.OPENING_AUCTION, day=DAY
        )


def test_each_kind_began_on_its_day():
    assert static_percent(date(2015, 6, 15)) == 10
    with pytest.raises(InputError, match="static interruption on 2015-06-12"):
        static_percent(date(2015, 6, 12))
    with pytest.raises(InputError, match="auction of an interruption on 2014-08-29"):
        auction_length(date(2014, 8, 29))


def test_the_auction_lasts_two_minutes_and_up_to_half_a_minute_more():
    row = auction_length(DAY)

    assert row.length_ns == 120 * NANOS_PER_SECOND
    assert row.random_end_ns_max == 30 * NANOS_PER_SECOND


def test_exactly_the_threshold_interrupts_on_either_side():
    assert interrupts(Won(110), reference=Won(100), percent=10)
    assert interrupts(Won(90), reference=Won(100), percent=10)
    assert not interrupts(Won(109), reference=Won(100), percent=10)
    assert not interrupts(Won(91), reference=Won(100), percent=10)


def test_a_reference_that_is_not_positive_is_refused():
    with pytest.raises(InputError, match="reference price is 0 won"):
        interrupts(Won(100), reference=Won(0), percent=10)
