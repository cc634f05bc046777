"""Puts one simulated day together: from daily bars, real or synthetic, to a whole KIS."""

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import msgspec

from aipx.errors import InputError
from aipx.model.ids import Symbol
from aipx.rules.sessions import krx_session
from aipx.simulator.exchange import DailyBar, Exchange, Listing
from aipx.simulator.faults import FaultPlan
from aipx.simulator.instruments import instrument, listed_shares, reference_price
from aipx.simulator.kis import SimulatedKis
from aipx.simulator.market.history import load, recent
from aipx.simulator.market.listing import listing
from aipx.simulator.market.synthetic import synthetic_bar
from aipx.simulator.rest.office import DailyHistory
from aipx.simulator.settings import SimulatorSettings

HISTORY_ROWS_MAX = 600
_SYMBOLS_CACHED_MAX = 64


def assemble(
    symbols: Sequence[Symbol],
    settings: SimulatorSettings,
    *,
    folder: Path | None = None,
    faults: FaultPlan | None = None,
    events_max: int | None = None,
) -> SimulatedKis:
    """Return KIS on `settings.day`; without a folder of daily files the market is synthetic.

    Raises:
        InputError: an unknown symbol, a closed day, or a file that cannot be used.
    """
    session = krx_session(settings.day)
    listings = listings_of(symbols, settings, folder=folder)
    exchange = Exchange(
        session=session, listings=listings, seed=settings.seed, events_max=events_max
    )
    history = _no_history if folder is None else _history_of(folder, settings)
    return SimulatedKis(settings=settings, exchange=exchange, faults=faults, history=history)


def listings_of(
    symbols: Sequence[Symbol], settings: SimulatorSettings, *, folder: Path | None
) -> tuple[Listing, ...]:
    """Return how each symbol is listed on the day, in the order asked for.

    Raises:
        InputError: as `assemble`.
    """
    if not symbols:
        raise InputError("symbols is empty; allowed: one or more")
    if len(set(symbols)) != len(symbols):
        raise InputError(f"symbols is {', '.join(symbols)}; allowed: each once")
    instruments = [instrument(symbol, folder=folder) for symbol in symbols]
    if folder is not None:
        bars = load(folder, symbols, settings.day)
    else:
        bars = tuple(
            synthetic_bar(
                each,
                settings.day,
                seed=settings.seed,
                reference_price=reference_price(each.symbol),
            )
            for each in instruments
        )
    return tuple(
        listing(
            each,
            bar,
            is_synthetic=folder is None,
            listed_shares=listed_shares(each.symbol),
        )
        for each, bar in zip(instruments, bars, strict=True)
    )


def _no_history(_: Symbol) -> tuple[DailyBar, ...]:
    return ()


def _history_of(folder: Path, settings: SimulatorSettings) -> DailyHistory:
    @lru_cache(maxsize=_SYMBOLS_CACHED_MAX)
    def history(symbol: Symbol) -> tuple[DailyBar, ...]:
        newest_first = recent(folder, symbol, settings.day, rows_max=HISTORY_ROWS_MAX)
        bars = newest_first[::-1]
        # The file's rows stand alone; the day before gives each its previous close.
        linked = [
            msgspec.structs.replace(bar, previous_close=before.close, previous_volume=before.volume)
            for before, bar in pairwise(bars)
        ]
        return (*bars[:1], *linked)

    return history
