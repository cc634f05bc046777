"""The prices of one symbol on one day, as a ladder that order flow can count on."""

from bisect import bisect_left

from aipx.model.instrument import Instrument, PriceLimits, Won
from aipx.rules.ticks import next_up, tick_ceil, tick_floor
from aipx.simulator.market.bar import DailyBar


class Grid:
    """All valid prices from the day's lower to its upper limit; a step is one tick."""

    def __init__(self, instrument: Instrument, limits: PriceLimits, bar: DailyBar) -> None:
        self.prices: list[Won] = []
        price = limits.lower
        while price <= limits.upper:
            self.prices.append(price)
            price = next_up(price, market=instrument.market, kind=instrument.kind, day=bar.day)

    def __len__(self) -> int:
        return len(self.prices)

    def index(self, price: Won) -> int:
        """Return the place of the valid price nearest to `price`, the lower of two as near."""
        place = bisect_left(self.prices, price)
        if place == len(self.prices):
            return place - 1
        if place and price - self.prices[place - 1] <= self.prices[place] - price:
            return place - 1
        return place


def nearest_price(price: Won, instrument: Instrument, bar: DailyBar) -> Won:
    """Return the valid price nearest to `price`, the lower of two as near."""
    above = tick_ceil(price, market=instrument.market, kind=instrument.kind, day=bar.day)
    if above == price:
        return price
    below = tick_floor(price, market=instrument.market, kind=instrument.kind, day=bar.day)
    return below if price - below <= above - price else above
