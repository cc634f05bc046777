"""A price-time priority order book of one symbol, in whole won and shares.

Each price is a first-in-first-out queue. Orders with a key (positive) keep their place; background
liquidity has key 0, is added at the tail and taken back from the tail-most background first, so
that it never overtakes an order. The book itself never matches and may stand crossed, as it does
in a call auction: see engine/matching.py.
"""

from bisect import insort
from operator import neg

import msgspec

from aipx.model.instrument import Shares, Won
from aipx.model.market import BOOK_LEVELS
from aipx.model.order import Side

BACKGROUND = 0
"""The key of liquidity that belongs to nobody."""

MARKET_BUY_PRICE = Won(1 << 62)
"""Where a market buy waits for an auction: before every limit order."""

MARKET_SELL_PRICE = Won(0)
"""Where a market sell waits for an auction: before every limit order."""

MID_PLACE = Won(0)
"""Mid-price orders have no price of their own, but one queue a side; this stands for it."""


class Entry:
    """One place in a queue."""

    __slots__ = ("key", "size")

    def __init__(self, key: int, size: int) -> None:
        self.key = key
        self.size = size


class Level:
    """The queue at one price, oldest first, and its sums."""

    __slots__ = ("background", "entries", "size")

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.size = 0
        self.background = 0


class Fill(msgspec.Struct, frozen=True, gc=False):
    """Shares taken from one place in a queue, and what it had left; `key` tells whose it is."""

    price: Won
    quantity: Shares
    key: int
    left: Shares


class Place(msgspec.Struct, frozen=True, gc=False):
    """Where an order stands; `is_mid`: in the queue of its side's mid-price orders."""

    side: Side
    price: Won
    is_mid: bool = False


class Top(msgspec.Struct, frozen=True, gc=False):
    """Ten levels a side, best first, zeros where there is none, and the sums of their sizes."""

    ask_prices: tuple[int, ...]
    ask_sizes: tuple[int, ...]
    bid_prices: tuple[int, ...]
    bid_sizes: tuple[int, ...]
    total_ask_size: int
    total_bid_size: int


SideTop = tuple[tuple[int, ...], tuple[int, ...], int]
"""Ten prices, their sizes, padded with zeros, and the sum of the sizes."""

_ZEROS = (0,) * BOOK_LEVELS


class BookSide:
    """All the levels of one side; `prices` is sorted best first."""

    __slots__ = ("_is_bid", "_top", "keyed_size", "levels", "prices")

    def __init__(self, side: Side) -> None:
        self._is_bid = side is Side.BUY
        self.prices: list[int] = []
        self.levels: dict[int, Level] = {}
        # Most changes touch one side only: the other side's ten levels are asked for again as are.
        self._top: SideTop | None = None
        self.keyed_size = 0
        """Shares of orders with a key: while 0, all of this side is background."""

    def best(self) -> int | None:
        """Return the best price, or None on an empty side."""
        return self.prices[0] if self.prices else None

    def size_at(self, price: int) -> int:
        """Return all the shares that stand at a price."""
        level = self.levels.get(price)
        return 0 if level is None else level.size

    def reaches(self, price: int, limit: int) -> bool:
        """Return whether an opposite order with `limit` may trade at this side's `price`."""
        return price >= limit if self._is_bid else price <= limit

    def size_until(self, limit: int) -> int:
        """Return the shares an opposite order with price `limit` could take."""
        total = 0
        for price in self.prices:
            if not self.reaches(price, limit):
                break
            total += self.levels[price].size
        return total

    def keyed_until(self, limit: int) -> int:
        """Return the shares of orders with a key that an opposite order at `limit` could take."""
        if not self.keyed_size:
            return 0
        levels = (self.levels[price] for price in self.prices if self.reaches(price, limit))
        return sum(level.size - level.background for level in levels)

    def append(self, price: int, key: int, size: int) -> None:
        """Put `size` shares at the tail of the queue at `price`."""
        self._top = None
        level = self.levels.get(price)
        if level is None:
            level = self.levels[price] = Level()
            # Keys are compared by value: the bids' list is sorted by descending price.
            insort(self.prices, price, key=neg) if self._is_bid else insort(self.prices, price)
        level.size += size
        if key != BACKGROUND:
            self.keyed_size += size
            level.entries.append(Entry(key, size))
            return
        level.background += size
        if level.entries and level.entries[-1].key == BACKGROUND:
            level.entries[-1].size += size
        else:
            level.entries.append(Entry(BACKGROUND, size))

    def set_background(self, price: int, size: int) -> None:
        """Make the background at `price` as large as `size`, adding or withdrawing at the tail."""
        level = self.levels.get(price)
        change = size if level is None else size - level.background
        if change > 0:
            self.append(price, BACKGROUND, change)
        elif change < 0 and level is not None:
            self._withdraw(price, level, -change)

    def _withdraw(self, price: int, level: Level, size: int) -> None:
        self._top = None
        level.size -= size
        level.background -= size
        for entry in reversed(level.entries):
            if entry.key == BACKGROUND:
                taken = min(entry.size, size)
                entry.size -= taken
                size -= taken
                if size == 0:
                    break
        level.entries = [entry for entry in level.entries if entry.size]
        self._drop_if_empty(price, level)

    def take(self, price: int, quantity: int) -> list[Fill]:
        """Take up to `quantity` shares from the front of the queue at `price`."""
        level = self.levels[price]
        fills = []
        entries = level.entries
        while quantity and entries:
            entry = entries[0]
            taken = min(entry.size, quantity)
            entry.size -= taken
            fills.append(Fill(Won(price), Shares(taken), entry.key, Shares(entry.size)))
            quantity -= taken
            self._count_out(level, entry.key, taken)
            if not entry.size:
                del entries[0]
        self._drop_if_empty(price, level)
        return fills

    def remove(self, price: int, key: int, quantity: int) -> None:
        """Take shares of one order out of the queue; the rest of it keeps its place."""
        level = self.levels[price]
        entry = next(entry for entry in level.entries if entry.key == key)
        entry.size -= quantity
        self._count_out(level, key, quantity)
        if not entry.size:
            level.entries.remove(entry)
        self._drop_if_empty(price, level)

    def relabel(self, price: int, key: int, new_key: int, quantity: int) -> None:
        """Give `quantity` shares of an order a new key, in place; the new one stands behind."""
        entries = self.levels[price].entries
        place = next(n for n, entry in enumerate(entries) if entry.key == key)
        entries[place].size -= quantity
        entries.insert(place + 1, Entry(new_key, quantity))
        if not entries[place].size:
            del entries[place]

    def top(self) -> SideTop:
        """Return the ten best levels."""
        if self._top is None:
            levels = self.levels
            prices = tuple(self.prices[:BOOK_LEVELS])
            sizes = tuple([levels[price].size for price in prices])
            padding = _ZEROS[len(prices) :]
            self._top = (prices + padding, sizes + padding, sum(sizes))
        return self._top

    def _count_out(self, level: Level, key: int, quantity: int) -> None:
        self._top = None
        level.size -= quantity
        if key == BACKGROUND:
            level.background -= quantity
        else:
            self.keyed_size -= quantity

    def _drop_if_empty(self, price: int, level: Level) -> None:
        if not level.size:
            del self.levels[price]
            # Removals happen at the front, where a scan finds them at once.
            self.prices.remove(price)


class OrderBook:
    """Both sides, and where each order with a key stands."""

    __slots__ = ("_mid_asks", "_mid_bids", "_places", "asks", "bids")

    def __init__(self) -> None:
        self.bids = BookSide(Side.BUY)
        self.asks = BookSide(Side.SELL)
        self._mid_bids = BookSide(Side.BUY)
        self._mid_asks = BookSide(Side.SELL)
        self._places: dict[int, Place] = {}

    def side(self, side: Side) -> BookSide:
        """Return the levels where orders of `side` rest."""
        return self.bids if side is Side.BUY else self.asks

    def opposite(self, side: Side) -> BookSide:
        """Return the levels that an order of `side` trades with."""
        return self.asks if side is Side.BUY else self.bids

    def mids(self, side: Side) -> BookSide:
        """Return the one queue of the mid-price orders of `side`, at MID_PLACE."""
        return self._mid_bids if side is Side.BUY else self._mid_asks

    def mid_price(self) -> Won | None:
        """Return the price halfway between the best two, cut to whole won; None if one is none."""
        if not self.bids.prices or not self.asks.prices:
            return None
        return Won((self.bids.prices[0] + self.asks.prices[0]) // 2)

    def add_mid(self, key: int, side: Side, quantity: Shares) -> None:
        """Let an order wait at the mid-price; the caller has matched it before."""
        assert key not in self._places
        self.mids(side).append(MID_PLACE, key, quantity)
        self._places[key] = Place(side, MID_PLACE, is_mid=True)

    def take_mid(self, side: Side, price: Won, quantity: int) -> list[Fill]:
        """Take mid-price orders that wait on `side`, oldest first, at the mid-price `price`."""
        queue = self.mids(side)
        fills = queue.take(MID_PLACE, quantity)
        self._forget_filled(queue, MID_PLACE, fills)
        return [Fill(price, fill.quantity, fill.key, fill.left) for fill in fills]

    def add(self, key: int, side: Side, price: Won, quantity: Shares) -> None:
        """Rest an order at the tail of its price; the caller has matched it before."""
        assert quantity > 0
        self.side(side).append(price, key, quantity)
        if key != BACKGROUND:
            assert key not in self._places
            self._places[key] = Place(side, price)

    def take(self, side: Side, price: int, quantity: int) -> list[Fill]:
        """Take shares that rest on `side` at one price, oldest first."""
        book_side = self.bids if side is Side.BUY else self.asks
        fills = book_side.take(price, quantity)
        if book_side.keyed_size or self._places:
            self._forget_filled(book_side, price, fills)
        return fills

    def cancel(self, key: int, quantity: Shares | None = None) -> Shares:
        """Take an order out, or `quantity` of it; return what was taken, 0 for no such order."""
        place = self._places.get(key)
        if place is None:
            return Shares(0)
        open_size = self.open_size(key)
        taken = open_size if quantity is None else Shares(min(quantity, open_size))
        self._queue_of(place).remove(place.price, key, taken)
        if taken == open_size:
            del self._places[key]
        return taken

    def relabel(self, key: int, new_key: int, quantity: Shares) -> None:
        """Let `quantity` shares of an order go on as order `new_key` in the same place."""
        place = self._places[key]
        if quantity == self.open_size(key):
            del self._places[key]
        self._queue_of(place).relabel(place.price, key, new_key, quantity)
        self._places[new_key] = place

    def place(self, key: int) -> Place | None:
        """Return where an order stands, or None when it does not."""
        return self._places.get(key)

    def open_size(self, key: int) -> Shares:
        """Return the shares of an order that still stand."""
        place = self._places.get(key)
        if place is None:
            return Shares(0)
        entries = self._queue_of(place).levels[place.price].entries
        return Shares(next(entry.size for entry in entries if entry.key == key))

    def standing(self) -> list[int]:
        """Return the keys of all orders that stand, in order of arrival."""
        return list(self._places)

    def top(self) -> Top:
        """Return the ten best levels of both sides."""
        ask_prices, ask_sizes, total_ask_size = self.asks.top()
        bid_prices, bid_sizes, total_bid_size = self.bids.top()
        return Top(ask_prices, ask_sizes, bid_prices, bid_sizes, total_ask_size, total_bid_size)

    def _queue_of(self, place: Place) -> BookSide:
        return self.mids(place.side) if place.is_mid else self.side(place.side)

    def _forget_filled(self, book_side: BookSide, price: int, fills: list[Fill]) -> None:
        # Only the first entry of the queue can be filled in part.
        level = book_side.levels.get(price)
        standing = level.entries[0].key if level is not None else BACKGROUND
        for fill in fills:
            if fill.key not in (BACKGROUND, standing):
                del self._places[fill.key]
