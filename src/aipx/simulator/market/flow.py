"""The background's order flow on one book: carries the plan's steps out.

Without account orders the book trades exactly as planned. With them the flow gives way: it trades
through an account's better price first, meets it where the quotes move across it, and takes
volume that accounts have traded off what it does later, so that the day's volume stays the plan's.
An account order larger than a level of the book is not run over: it gets the planned volume only,
and holds the price meanwhile.
"""

from random import Random

import msgspec

from aipx.engine.book import (
    MARKET_BUY_PRICE,
    MARKET_SELL_PRICE,
    MID_PLACE,
    BookSide,
    Fill,
    OrderBook,
)
from aipx.engine.matching import sweep
from aipx.model.instrument import Won
from aipx.model.market import BOOK_LEVELS
from aipx.model.order import Side
from aipx.simulator.market.grid import Grid
from aipx.simulator.market.path import Point
from aipx.simulator.market.plan import QuoteStep, TradeStep

_DEPTH_SHARE = 250
"""A level holds about one part in so many of the day's volume."""
_SHAPE = (0.6, 0.9, 1.1, 1.2, 1.25, 1.2, 1.1, 1.1, 1.05, 1.2)
"""Sizes away from the best price: thinner at the touch, as recorded books are."""
_MARKET_SHARE = 4
"""One in so many shares of an auction comes as market orders."""


class Sweep(msgspec.Struct, frozen=True, gc=False):
    """What an order of the background traded: its side, and its fills in order."""

    side: Side
    fills: list[Fill]


class Flow:
    """Background liquidity of one symbol."""

    __slots__ = ("_book", "_center", "_depth", "_grid", "_planned", "_rng", "_settled", "_sweeps")

    def __init__(self, rng: Random, book: OrderBook, grid: Grid, day_volume: int) -> None:
        self._rng = rng
        self._book = book
        self._grid = grid
        self._depth = max(2, day_volume // _DEPTH_SHARE)
        self._planned = 0
        self._center = -1
        self._settled = Point(-1, -1, False)
        self._sweeps: list[Sweep] = []

    @property
    def depth(self) -> int:
        """Shares that a level usually holds."""
        return self._depth

    @property
    def settled(self) -> Point:
        """The quotes that stand."""
        return self._settled

    @property
    def planned(self) -> int:
        """Shares that the plan had traded by now."""
        return self._planned

    def quote(self, step: QuoteStep, printed: int) -> list[Sweep]:
        """Move the quotes, stir two levels, and make room for the next trade."""
        size = self._due(step.size, printed) if step.size else 0
        self._settle(step.point, size)
        self._stir(step.point)
        self._stir(step.point)
        if size:
            self._provide(step.point, size, is_exact=step.is_depleting)
        return self._taken()

    def trade(self, step: TradeStep, printed: int) -> list[Sweep]:
        """Send the order that prints the step's price, less what accounts have printed before."""
        size = self._due(step.size, printed)
        self._planned += step.size
        side = Side.BUY if step.point.is_buy else Side.SELL
        resting = self._book.opposite(side)
        price = self._grid.prices[step.point.price]
        if resting.best() != price or resting.levels[price].size < size:
            # An account order came between: quotes are where the plan wants them no more.
            self._settle(step.point, size)
            self._provide(step.point, size, is_exact=False)
        in_front = resting.size_until(price) - resting.size_at(price)
        waiting = self._book.mids(Side.SELL if step.point.is_buy else Side.BUY)
        if waiting.keyed_size:
            in_front += waiting.size_at(MID_PLACE)
        if 0 < in_front <= self._depth:
            size = in_front + max(1, size - in_front)
        self._sweeps.append(Sweep(side, sweep(self._book, side, price, size)))
        return self._taken()

    def meeting_price(self, step: QuoteStep | TradeStep) -> Won:
        """Return where a step would trade: its own price, or an account's it quotes across; or 0.

        Quotes alone, without a trade to follow, meet nobody but accounts.
        """
        prices, point = self._grid.prices, step.point
        if step.size:
            return prices[point.ask if point.is_buy else point.bid]
        bids, asks = self._book.bids, self._book.asks
        if asks.keyed_size and point.bid >= 0 and asks.prices[0] <= prices[point.bid]:
            return Won(asks.prices[0])
        if bids.keyed_size and point.ask < len(prices) and bids.prices[0] >= prices[point.ask]:
            return Won(bids.prices[0])
        return Won(0)

    def gather(self, center: int, size: int) -> None:
        """Shape an auction: `size` shares meet at `center` and nowhere else, ladders around it."""
        at_market = size // _MARKET_SHARE
        up = range(center + 1, min(center + 1 + BOOK_LEVELS, len(self._grid)))
        down = range(center - 1, max(center - 1 - BOOK_LEVELS, -1), -1)
        price = self._grid.prices[center]
        at_price = size - at_market
        sells: dict[int, int] = {MARKET_SELL_PRICE: at_market, price: at_price}
        buys: dict[int, int] = {MARKET_BUY_PRICE: at_market, price: at_price}
        self._shape(self._book.asks, sells, up)
        self._shape(self._book.bids, buys, down)
        self._center = center

    def gather_last(self, center: int, size: int, printed: int) -> None:
        """Shape an auction for its uncross: what accounts print, then or before, it leaves out."""
        price = self._grid.prices[center]
        among = min(self._book.bids.keyed_until(price), self._book.asks.keyed_until(price))
        self.gather(center, max(1, self._due(size, printed) - among) if size else 0)
        self._planned += size

    def reopen(self, point: Point) -> list[Sweep]:
        """Set the quotes that continuous trading begins with."""
        self._settle(point, 0)
        return self._taken()

    def withdraw_market_orders(self) -> None:
        """Take the background's market orders off: an auction has ended."""
        self._book.asks.set_background(MARKET_SELL_PRICE, 0)
        self._book.bids.set_background(MARKET_BUY_PRICE, 0)

    def _due(self, size: int, printed: int) -> int:
        # At least one share: the step's price must print, or the day's range would be another.
        return max(1, size + self._planned - printed)

    def _taken(self) -> list[Sweep]:
        sweeps = self._sweeps
        if sweeps:
            self._sweeps = []
        return sweeps

    def _settle(self, point: Point, size: int) -> None:
        """Let best background bid and ask stand at `point`, ten levels behind each.

        Account orders across them are met, a large one by the next trade's `size` only.
        """
        prices = self._grid.prices
        bids, asks = self._book.bids, self._book.asks
        bid = prices[point.bid] if point.bid >= 0 else 0
        ask = prices[point.ask] if point.ask < len(prices) else MARKET_BUY_PRICE
        if bids.prices and bids.prices[0] > bid:
            _retreat(bids, [price for price in bids.prices if price > bid])
        if asks.prices and asks.prices[0] < ask:
            _retreat(asks, [price for price in asks.prices if price < ask])
        self._meet(Side.SELL, ask, size)
        self._meet(Side.BUY, bid, size)
        # Levels vanish from the best on: where that stands unmoved, so do the ten behind.
        if bids.best() != bid or point.bid != self._settled.bid:
            self._fill_up(bids, asks, range(point.bid, max(point.bid - BOOK_LEVELS, -1), -1))
        if asks.best() != ask or point.ask != self._settled.ask:
            self._fill_up(asks, bids, range(point.ask, min(point.ask + BOOK_LEVELS, len(prices))))
        self._settled = point

    def _meet(self, side: Side, limit: int, size: int) -> None:
        """Trade with account orders that stand where the background is about to quote."""
        resting = self._book.opposite(side)
        if resting.prices and resting.reaches(resting.prices[0], limit):
            standing = resting.size_until(limit)
            size = standing if standing <= self._depth else min(size, standing)
            self._sweeps.append(Sweep(side, sweep(self._book, side, limit, size)))

    def _fill_up(self, side: BookSide, opposite: BookSide, places: range) -> None:
        levels, prices = side.levels, self._grid.prices
        for offset, place in enumerate(places):
            level = levels.get(prices[place])
            if level is None or not level.background:
                _rest(side, opposite, prices[place], self._fresh(offset))

    def _fresh(self, offset: int) -> int:
        return 1 + int(self._depth * _SHAPE[offset] * (0.35 + 1.3 * self._rng.random()))

    def _stir(self, point: Point) -> None:
        """Give one of the twenty levels a new size."""
        draw = int(self._rng.random() * 2 * BOOK_LEVELS)
        offset = draw >> 1
        place = point.bid - offset if draw & 1 else point.ask + offset
        if 0 <= place < len(self._grid.prices):
            bids, asks = self._book.bids, self._book.asks
            side, opposite = (bids, asks) if draw & 1 else (asks, bids)
            _rest(side, opposite, self._grid.prices[place], self._fresh(offset))

    def _provide(self, point: Point, size: int, *, is_exact: bool) -> None:
        """See to `size` shares where the next trade comes: exactly so many, or some to spare."""
        price = self._grid.prices[point.price]
        bids, asks = self._book.bids, self._book.asks
        side, opposite = (asks, bids) if point.is_buy else (bids, asks)
        level = side.levels.get(price)
        standing, background = (level.size, level.background) if level else (0, 0)
        if is_exact:
            _rest(side, opposite, price, max(0, size - (standing - background)))
        elif standing <= size:
            _rest(side, opposite, price, background + size - standing + self._fresh(0))

    def _shape(self, side: BookSide, meeting: dict[int, int], ladder: range) -> None:
        prices = self._grid.prices
        targets = dict(meeting)
        old_center = prices[self._center] if self._center >= 0 else -1
        for offset, place in enumerate(ladder):
            price = prices[place]
            level = side.levels.get(price)
            kept = level is not None and level.background and price != old_center
            targets[price] = level.background if level and kept else self._fresh(offset)
        for gone in [price for price in side.prices if price not in targets]:
            side.set_background(gone, 0)
        for target, size in targets.items():
            side.set_background(target, size)


def _rest(side: BookSide, opposite: BookSide, price: int, size: int) -> None:
    """Set background, but never across a large account order that still stands there."""
    if not opposite.prices or not opposite.reaches(opposite.prices[0], price):
        side.set_background(price, size)


def _retreat(side: BookSide, prices: list[int]) -> None:
    for price in prices:
        side.set_background(price, 0)
