"""Puts simulated days together: from daily bars, real or synthetic, to a whole KIS."""

from collections import deque
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

import msgspec

from aipx.errors import InputError
from aipx.model.ids import Symbol
from aipx.rules.calendar import next_session
from aipx.rules.sessions import krx_session
from aipx.simulator.background import linked, past_bars
from aipx.simulator.company import shares_drawn
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
_SYMBOLS_CACHED_MAX = 512


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
    exchange = _exchange(listings_of(symbols, settings, folder=folder), settings, events_max)
    history = _past_of(exchange, settings, folder)
    return SimulatedKis(settings=settings, exchange=exchange, faults=faults, history=history)


class Days:
    """One market day after another, from one folder or one seed.

    A synthetic market goes on from the prices at which its day ended; a folder's days are its own.
    Charts show the days that were lived through as they were, with the account's own trades.
    """

    def __init__(
        self,
        symbols: Sequence[Symbol],
        settings: SimulatorSettings,
        *,
        folder: Path | None = None,
        faults: FaultPlan | None = None,
        events_max: int | None = None,
    ) -> None:
        """Open the first day.

        Raises:
            InputError: as `assemble`.
        """
        self._symbols = tuple(symbols)
        self._folder = folder
        self._events_max = events_max
        self._lived: dict[Symbol, deque[DailyBar]] = {
            symbol: deque(maxlen=HISTORY_ROWS_MAX) for symbol in self._symbols
        }
        exchange = _exchange(listings_of(symbols, settings, folder=folder), settings, events_max)
        self._before = _past_of(exchange, settings, folder)
        self.kis = SimulatedKis(
            settings=settings, exchange=exchange, faults=faults, history=self._history
        )

    def begin_next(self) -> None:
        """Let the next session begin; the night is skipped.

        Raises:
            InputError: the calendar, or the folder, has no day after this one.
        """
        for bar in self.kis.day_bars():
            self._lived[bar.symbol].append(bar)
        settings = msgspec.structs.replace(
            self.kis.settings, day=next_session(self.kis.settings.day)
        )
        closes = {symbol: bars[-1] for symbol, bars in self._lived.items() if bars}
        listings = listings_of(self._symbols, settings, folder=self._folder, before=closes)
        exchange = _exchange(listings, settings, self._events_max)
        self.kis.begin_day(exchange, history=self._history)

    def _history(self, symbol: Symbol) -> tuple[DailyBar, ...]:
        return (*self._before(symbol), *self._lived[symbol])


def _exchange(
    listings: Sequence[Listing], settings: SimulatorSettings, events_max: int | None
) -> Exchange:
    return Exchange(
        session=krx_session(settings.day),
        listings=listings,
        seed=settings.seed,
        events_max=events_max,
    )


def _past_of(exchange: Exchange, settings: SimulatorSettings, folder: Path | None) -> DailyHistory:
    if folder is None:
        return _synthetic_history(exchange, settings)
    return _history_of(folder, settings)


def listings_of(
    symbols: Sequence[Symbol],
    settings: SimulatorSettings,
    *,
    folder: Path | None,
    before: Mapping[Symbol, DailyBar] = MappingProxyType({}),
) -> tuple[Listing, ...]:
    """Return how each symbol is listed on the day, in the order asked for.

    `before` are bars of the day before, from which a synthetic market goes on.

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
                before=before.get(each.symbol),
            )
            for each in instruments
        )
    return tuple(
        listing(
            each,
            bar,
            is_synthetic=folder is None,
            listed_shares=listed_shares(each.symbol) or shares_drawn(each.symbol),
        )
        for each, bar in zip(instruments, bars, strict=True)
    )


def _synthetic_history(exchange: Exchange, settings: SimulatorSettings) -> DailyHistory:
    @lru_cache(maxsize=_SYMBOLS_CACHED_MAX)
    def history(symbol: Symbol) -> tuple[DailyBar, ...]:
        listing = exchange.listing(symbol)
        return past_bars(
            listing.instrument,
            listing.limits.base,
            listing.bar.previous_volume,
            settings.day,
            seed=settings.seed,
        )

    return history


def _history_of(folder: Path, settings: SimulatorSettings) -> DailyHistory:
    @lru_cache(maxsize=_SYMBOLS_CACHED_MAX)
    def history(symbol: Symbol) -> tuple[DailyBar, ...]:
        newest_first = recent(folder, symbol, settings.day, rows_max=HISTORY_ROWS_MAX)
        # The file's rows stand alone; the day before gives each its previous close.
        return linked(newest_first[::-1])

    return history
