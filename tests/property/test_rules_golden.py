"""Every golden case of the rulebook; the head of `rules_golden.csv` says how they were made."""

import csv
from collections.abc import Callable
from datetime import date, time
from pathlib import Path

import pytest

from aipx.errors import InputError
from aipx.model.instrument import InstrumentKind, ListingMarket, Venue, Won
from aipx.model.market import TradingPhase
from aipx.model.order import OrderKind
from aipx.model.time import Nanos, kst_moment, kst_time
from aipx.rules import breaker, calendar, costs, kinds, limits, sessions, settlement, ticks
from aipx.rules import volatility as vi

CASES_MIN = 300
_PATH = Path(__file__).resolve().parents[1] / "data" / "rules_golden.csv"


def _cases() -> list[tuple[str, str, str]]:
    with _PATH.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(line for line in lines if not line.startswith("#"))
        return [(row["function"], row["inputs"], row["expected"]) for row in rows]


def _moment(day: str, text: str) -> Nanos:
    return kst_moment(date.fromisoformat(day), time.fromisoformat(text))


def _hhmm(moments: list[Nanos]) -> str:
    return " ".join(f"{kst_time(at):%H:%M}" for at in moments)


def _yes(*, found: bool) -> str:
    return "yes" if found else "no"


def _table(market: str, kind: str, day: str) -> ticks.TickTable:
    return ticks.tick_table(
        market=ListingMarket(market), kind=InstrumentKind(kind), day=date.fromisoformat(day)
    )


def _tick(method: str) -> Callable[..., str]:
    def run(price: str, *place: str) -> str:
        return str(getattr(_table(*place), method)(Won(int(price))))

    return run


def _is_on_tick(price: str, *place: str) -> str:
    return _yes(found=_table(*place).is_valid(Won(int(price))))


def _price_limits(base: str, market: str, kind: str, day: str, stage: str, leverage: str) -> str:
    found = limits.price_limits(
        Won(int(base)),
        market=ListingMarket(market),
        kind=InstrumentKind(kind),
        day=date.fromisoformat(day),
        stage=limits.ListingStage(stage),
        leverage=int(leverage),
    )
    return f"{found.lower}..{found.upper}"


def _day(function: Callable[[date], object]) -> Callable[[str], str]:
    return lambda day: str(function(date.fromisoformat(day)))


def _regular_hours(day: str) -> str:
    found = sessions.krx_session(date.fromisoformat(day))
    return _hhmm(
        [found.opening_auction_start, found.open, found.closing_auction_start, found.close]
    )


def _phase_of(venue: str, day: str, now: str) -> str:
    return sessions.phase_of(Venue(venue), date.fromisoformat(day), _moment(day, now)).value


def _open_phases(venue: str, day: str, now: str) -> str:
    found = sessions.open_phases(Venue(venue), date.fromisoformat(day), _moment(day, now))
    return " ".join(phase.value for phase in found)


def _takes(venue: str, day: str, now: str, kind: str, instrument: str, system: str) -> str:
    found = kinds.kinds_at(
        venue=Venue(venue),
        day=date.fromisoformat(day),
        now=_moment(day, now),
        instrument=InstrumentKind(instrument),
        is_paper=system == "paper",
    )
    return _yes(found=OrderKind(kind) in found)


def _takes_in(venue: str, phase: str, day: str, kind: str, instrument: str, system: str) -> str:
    found = kinds.kinds_allowed(
        venue=Venue(venue),
        phase=TradingPhase(phase),
        day=date.fromisoformat(day),
        instrument=InstrumentKind(instrument),
        is_paper=system == "paper",
    )
    return _yes(found=OrderKind(kind) in found)


def _per(rate: costs.Rate, whole: int) -> str:
    part, rest = divmod(rate.numerator * whole, rate.denominator)
    assert rest == 0
    return str(part)


def _sell_tax(market: str, kind: str, day: str) -> str:
    found = costs.sell_tax(
        market=ListingMarket(market), kind=InstrumentKind(kind), day=date.fromisoformat(day)
    )
    return f"{_per(found.securities, 100_000)}+{_per(found.rural, 100_000)}"


def _commission(kind: str, day: str, venue: str) -> str:
    found = costs.commission(
        kind=InstrumentKind(kind), day=date.fromisoformat(day), venue=Venue(venue)
    )
    return _per(found, 1_000_000_000)


def _dynamic_percent(volatility_class: str, phase: str, day: str) -> str:
    return str(
        vi.dynamic_percent(
            volatility_class=vi.VolatilityClass(volatility_class),
            phase=TradingPhase(phase),
            day=date.fromisoformat(day),
        )
    )


def _interrupts(price: str, reference: str, percent: str) -> str:
    return _yes(
        found=vi.interrupts(Won(int(price)), reference=Won(int(reference)), percent=int(percent))
    )


def _breaker(day: str) -> str:
    return " ".join(
        str(stage.fall_percent) for stage in breaker.breaker_stages(date.fromisoformat(day))
    )


def _last_halts(day: str) -> str:
    on = date.fromisoformat(day)
    return _hhmm([breaker.last_halt(stage, on) for stage in breaker.breaker_stages(on)])


def _has_fallen(number: str, day: str, index: str, previous_close: str, begun_at: str) -> str:
    return _yes(
        found=breaker.has_fallen(
            breaker.breaker_stages(date.fromisoformat(day))[int(number) - 1],
            index=int(index),
            previous_close=int(previous_close),
            begun_at=int(begun_at),
        )
    )


FUNCTIONS: dict[str, Callable[..., str]] = {
    "tick_size": _tick("size"),
    "tick_floor": _tick("floor"),
    "tick_ceil": _tick("ceil"),
    "next_up": _tick("next_up"),
    "next_down": _tick("next_down"),
    "is_on_tick": _is_on_tick,
    "price_limits": _price_limits,
    "is_open": lambda day: _yes(found=calendar.is_open(date.fromisoformat(day))),
    "next_session": _day(calendar.next_session),
    "previous_session": _day(calendar.previous_session),
    "settlement_date": _day(settlement.settlement_date),
    "regular_hours": _regular_hours,
    "phase_of": _phase_of,
    "open_phases": _open_phases,
    "takes": _takes,
    "takes_in": _takes_in,
    "sell_tax": _sell_tax,
    "commission": _commission,
    "dynamic_percent": _dynamic_percent,
    "static_percent": _day(vi.static_percent),
    "interrupts": _interrupts,
    "breaker": _breaker,
    "last_halts": _last_halts,
    "has_fallen": _has_fallen,
}


@pytest.mark.parametrize(("function", "inputs", "expected"), _cases())
def test_rulebook_says_what_the_published_tables_say(function: str, inputs: str, expected: str):
    run = FUNCTIONS[function]

    if expected == "refused":
        with pytest.raises(InputError):
            run(*inputs.split())
    else:
        assert run(*inputs.split()) == expected


def test_golden_cases_are_many_unique_and_ask_every_function():
    cases = _cases()

    assert len(cases) >= CASES_MIN
    assert len({case[:2] for case in cases}) == len(cases)
    assert {case[0] for case in cases} == set(FUNCTIONS)
