"""What a volatility interruption would stop: the band within which a symbol may trade now."""

from aipx.errors import InputError
from aipx.model.instrument import InstrumentKind, ListingMarket, Won
from aipx.model.market import TradingPhase
from aipx.rules.volatility import VolatilityClass, dynamic_percent, static_percent
from aipx.simulator.market.bar import Listing
from aipx.simulator.market.grid import Grid

CALM_VALUE_LEAST = 1_500_000_000_000
"""KOSPI shares worth as much, in won, count as members of KOSPI200: the list is not kept."""

TICKS_FREE = 2
"""So many ticks never interrupt: at 20 won one tick is 5 % (assumed)."""

Band = tuple[int, int]
"""The lowest and the highest price that do not interrupt."""


def class_of(listing: Listing) -> VolatilityClass:
    """Return how calm an instrument is held to be: large KOSPI shares, nobody else (assumed)."""
    instrument = listing.instrument
    is_large = listing.limits.base * listing.listed_shares >= CALM_VALUE_LEAST
    is_share = instrument.kind is InstrumentKind.STOCK
    if is_large and is_share and instrument.market is ListingMarket.KOSPI:
        return VolatilityClass.CALM
    return VolatilityClass.ORDINARY


class Guard:
    """Knows the thresholds of one symbol's day; `is_armed` is false where there were none yet."""

    __slots__ = ("_bands", "_dynamic", "_grid", "_reference", "_static", "is_armed")

    def __init__(self, listing: Listing, grid: Grid) -> None:
        self._grid = grid
        self._reference = 0
        self._bands: dict[int, Band] = {}
        """By last price, no more than the grid has; prices come again and again."""
        day = listing.bar.day
        try:
            self._static = static_percent(day)
            self._dynamic = dynamic_percent(
                volatility_class=class_of(listing), phase=TradingPhase.CONTINUOUS, day=day
            )
        except InputError:
            # Days before the rule began are simulated without it.
            self.is_armed = False
        else:
            self.is_armed = True

    def band(self, *, last: Won, reference: Won) -> Band:
        """Return where a symbol may trade, after a last trade and a last single price."""
        if reference != self._reference:
            self._reference = reference
            self._bands.clear()
        band = self._bands.get(last)
        if band is None:
            low, high = self._around(last, self._dynamic)
            static_low, static_high = self._around(reference, self._static)
            band = self._bands[last] = (max(low, static_low), min(high, static_high))
        return band

    def is_static(self, price: Won, reference: Won) -> bool:
        """Return whether the static threshold stops `price`, whatever the dynamic one does."""
        low, high = self._around(reference, self._static)
        return not low <= price <= high

    def _around(self, center: Won, percent: int) -> Band:
        """Return the outermost prices less than `percent` away, or a few ticks if that is more."""
        prices, place = self._grid.prices, self._grid.index(center)
        lowest = prices[max(place - TICKS_FREE, 0)]
        highest = prices[min(place + TICKS_FREE, len(prices) - 1)]
        above = -(-center * (100 + percent) // 100) - 1
        below = center * (100 - percent) // 100 + 1
        return min(below, lowest), max(above, highest)
