"""Daily bars of no real day, for a market without data; always labelled synthetic."""

from datetime import date
from random import Random

import msgspec

from aipx.model.instrument import Instrument, Shares, Won
from aipx.rules.limits import price_limits
from aipx.simulator.market.bar import DailyBar
from aipx.simulator.market.grid import nearest_price

_NOT_KNOWN = Won(0)
_PRICE_LEAST = 3_000
_PRICE_MOST = 400_000
_DAY_MOVE = 0.015
"""Standard deviation of a day's return, close to close; a plain middle for large shares."""


def synthetic_bar(
    instrument: Instrument,
    day: date,
    *,
    seed: int,
    reference_price: Won = _NOT_KNOWN,
    before: DailyBar | None = None,
) -> DailyBar:
    """Return a plausible bar around `reference_price`, or around a drawn price where that is 0.

    With the bar of the day `before` it goes on from that day's close. The same seed, symbol, day
    and close give the same bar.

    Raises:
        InputError: the rulebook has no limits or ticks for the day.
    """
    rng = Random(f"{seed}/{instrument.symbol}/{day}/bar")  # noqa: S311 - a market, not a secret
    drawn = int(_PRICE_LEAST * (_PRICE_MOST / _PRICE_LEAST) ** rng.random())
    base = Won(int((reference_price or drawn) * rng.uniform(0.97, 1.03)))
    volume = int(rng.lognormvariate(14.4, 0.6)) + 200_000
    if before is not None:
        base = before.close
    bar = _bar_around(base, volume, instrument, day, rng, f"synthetic, seed {seed}")
    if before is not None:
        bar = msgspec.structs.replace(bar, previous_volume=before.volume)
    return bar


def _bar_around(
    base: Won, volume: int, instrument: Instrument, day: date, rng: Random, source: str
) -> DailyBar:
    limits = price_limits(base, market=instrument.market, kind=instrument.kind, day=day)

    def priced(price: float) -> Won:
        return Won(min(max(round(price), limits.lower), limits.upper))

    open_price = priced(base * (1 + rng.gauss(0, _DAY_MOVE / 3)))
    close = priced(open_price * (1 + rng.gauss(0, _DAY_MOVE)))
    upper = max(open_price, close) * (1 + abs(rng.gauss(0, _DAY_MOVE / 2)))
    lower = min(open_price, close) * (1 - abs(rng.gauss(0, _DAY_MOVE / 2)))
    bar = DailyBar(
        symbol=instrument.symbol,
        day=day,
        open=open_price,
        high=max(priced(upper), open_price, close),
        low=min(priced(lower), open_price, close),
        close=close,
        volume=Shares(volume),
        previous_close=base,
        previous_volume=Shares(int(volume * rng.uniform(0.7, 1.4))),
        source=source,
    )
    return _on_tick(bar, instrument)


def _on_tick(bar: DailyBar, instrument: Instrument) -> DailyBar:
    return DailyBar(
        symbol=bar.symbol,
        day=bar.day,
        open=nearest_price(bar.open, instrument, bar),
        high=nearest_price(bar.high, instrument, bar),
        low=nearest_price(bar.low, instrument, bar),
        close=nearest_price(bar.close, instrument, bar),
        volume=bar.volume,
        previous_close=nearest_price(bar.previous_close, instrument, bar),
        previous_volume=bar.previous_volume,
        source=bar.source,
    )
