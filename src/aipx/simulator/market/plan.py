"""A day's plan of order flow for one symbol: what the background does when, from its daily bar.

The plan alone fixes the day's prices and volumes; market/flow.py carries it out on the book and
gives way where account orders have traded.
"""

from random import Random

import msgspec

from aipx.errors import InputError
from aipx.model.time import NANOS_PER_SECOND, Nanos
from aipx.rules.sessions import Session
from aipx.simulator.market.bar import DailyBar, Listing
from aipx.simulator.market.curve import sizes, times
from aipx.simulator.market.grid import Grid
from aipx.simulator.market.path import Path, Point, Range, path

LIQUID_VOLUME = 200_000
_TRADES_LIQUID = 20_150
_TRADES_SPREAD = 1_200
_SHARES_PER_TRADE = 9
"""Below LIQUID_VOLUME the number of trades falls with the volume, continuously."""
_POINTS_LEAST = 240
"""A symbol that hardly trades still moves its quotes now and then."""
_EVENTS_PER_POINT = 3
_OPENING_STEP_NS = 10 * NANOS_PER_SECOND
_CLOSING_STEP_NS = 5 * NANOS_PER_SECOND
_OPENING_EVENTS_SHARE = 40
_CLOSING_EVENTS_SHARE = 60
"""Of a bounded day's events, one in so many is a book of that auction."""
_QUIET_NS = 2 * NANOS_PER_SECOND
"""Nothing is planned this shortly before the closing auction."""


class QuoteStep(msgspec.Struct, frozen=True, gc=False):
    """Move the quotes to where the next trade needs them, and stir the levels behind.

    `size` is the next trade's, 0 for none; a depleting one leaves nothing at its price.
    """

    at: Nanos
    point: Point
    size: int
    is_depleting: bool


class TradeStep(msgspec.Struct, frozen=True, gc=False):
    """An order that trades `size` shares at its point's price."""

    at: Nanos
    point: Point
    size: int


class AuctionStep(msgspec.Struct, frozen=True, gc=False):
    """Shape the auction's book so that it would trade `size` shares at grid place `center`."""

    at: Nanos
    center: int
    size: int
    is_opening: bool


class UncrossStep(msgspec.Struct, frozen=True, gc=False):
    """End an auction; `after` are the quotes that continuous trading begins with."""

    at: Nanos
    center: int
    size: int
    is_opening: bool
    after: Point | None


Step = QuoteStep | TradeStep | AuctionStep | UncrossStep


class Volumes(msgspec.Struct, frozen=True, kw_only=True):
    """How the day's volume splits; the parts sum to it."""

    opening: int
    trades: tuple[int, ...]
    closing: int


def plan(
    rng: Random, listing: Listing, grid: Grid, session: Session, *, events_max: int | None
) -> list[Step]:
    """Return the day's steps in time order; none for a halted symbol.

    Raises:
        InputError: the bar's volume is too small to print its open, high, low and close.
    """
    if listing.is_halted:
        return []
    day = _range(grid, listing.bar)
    count = _trade_count(rng, listing.bar, day, events_max)
    volumes = _volumes(rng, listing.bar.volume, count)
    points_least = _POINTS_LEAST if events_max is None else 1
    way = path(
        rng,
        day,
        max(count, points_least),
        grid_size=len(grid),
        spread_most=3 if listing.bar.volume >= LIQUID_VOLUME else 5,
    )
    base = min(max(grid.index(listing.limits.base), day.low), day.high)
    opens_at = session.open + rng.randrange(NANOS_PER_SECOND // 5, 3 * NANOS_PER_SECOND, 1_000)
    return [
        *_opening(rng, day, volumes.opening, session, opens_at, base, events_max),
        UncrossStep(Nanos(opens_at), day.open, volumes.opening, True, way.points[0]),
        *_continuous(rng, way, volumes.trades, opens_at, session.closing_auction_start, day),
        *_closing(rng, day, volumes.closing, session, way, events_max),
        UncrossStep(session.close, day.close, volumes.closing, False, None),
    ]


def _range(grid: Grid, bar: DailyBar) -> Range:
    day = Range(
        open=grid.index(bar.open),
        high=grid.index(bar.high),
        low=grid.index(bar.low),
        close=grid.index(bar.close),
    )
    prints = 1 if day.high == day.low else 2 + len(day.touches)
    if bar.volume < prints:
        raise InputError(
            f"{bar.source}: volume is {bar.volume}; open, high, low and close need"
            f" at least {prints} trades of one share"
        )
    return day


def _trade_count(rng: Random, bar: DailyBar, day: Range, events_max: int | None) -> int:
    """Return the number of trades between the auctions."""
    if bar.volume >= LIQUID_VOLUME:
        count = _TRADES_LIQUID + rng.randrange(_TRADES_SPREAD)
    else:
        count = bar.volume // _SHARES_PER_TRADE
    if events_max is not None:
        # Nine tenths of the events: the rest are the auctions' books.
        count = min(count, events_max * 9 // 10 // _EVENTS_PER_POINT)
    return max(len(day.touches), min(count, bar.volume - 2))


def _volumes(rng: Random, total: int, count: int) -> Volumes:
    if total == 1:
        return Volumes(opening=1, trades=(), closing=0)
    opening = max(1, int(total * rng.uniform(0.015, 0.04)))
    closing = max(1, int(total * rng.uniform(0.04, 0.09)))
    if count == 0:
        closing = total - opening
    elif total - opening - closing < count:
        opening = closing = 1
    rest = total - opening - closing
    return Volumes(opening=opening, trades=tuple(sizes(rng, count, rest)), closing=closing)


def _continuous(
    rng: Random, way: Path, traded: tuple[int, ...], start: int, end: Nanos, day: Range
) -> list[Step]:
    size_by_place = _sizes_by_place(rng, way, traded)
    steps: list[Step] = []
    last = start
    points = way.points
    moments = times(rng, len(points), end - start - _QUIET_NS)
    for place, (point, moment) in enumerate(zip(points, moments, strict=True)):
        at = start + moment + 1_000_000
        size = size_by_place.get(place, 0)
        quoted_at = at - int((at - last) * (0.1 + 0.8 * rng.random()))
        after = points[place + 1] if place + 1 < len(points) else point
        is_depleting = size > 0 and _is_depleting(point, after, day)
        steps.append(QuoteStep(Nanos(quoted_at), point, size, is_depleting))
        if size:
            steps.append(TradeStep(Nanos(at), point, size))
        last = at
    return steps


def _sizes_by_place(rng: Random, way: Path, traded: tuple[int, ...]) -> dict[int, int]:
    """Return which points trade how much: all, or in a quiet symbol some, the touching ones always.

    The sizes are drawn alike, so that giving them out in order of place favours none.
    """
    if len(traded) == len(way.points):
        return dict(enumerate(traded))
    free = [place for place in range(len(way.points)) if place not in way.touching]
    chosen = rng.sample(free, len(traded) - len(way.touching))
    return dict(zip(sorted([*chosen, *way.touching]), traded, strict=True))


def _is_depleting(point: Point, after: Point, day: Range) -> bool:
    """Return whether the trade empties its level: the quotes move on, and stay in the range."""
    if point.is_buy:
        return after.bid > point.bid and point.ask < day.high
    return after.bid < point.bid and point.bid > day.low


def _opening(
    rng: Random,
    day: Range,
    size: int,
    session: Session,
    opens_at: int,
    base: int,
    events_max: int | None,
) -> list[Step]:
    start = session.opening_auction_start
    count = (session.open - start) // _OPENING_STEP_NS
    if events_max is not None:
        count = max(1, min(count, events_max // _OPENING_EVENTS_SHARE))
    return _gathering(rng, (start, Nanos(opens_at)), count, (base, day.open), day, size, True)


def _closing(
    rng: Random, day: Range, size: int, session: Session, way: Path, events_max: int | None
) -> list[Step]:
    start, end = session.closing_auction_start, session.close
    count = (end - start) // _CLOSING_STEP_NS
    if events_max is not None:
        count = max(1, min(count, events_max // _CLOSING_EVENTS_SHARE))
    last = way.points[-1].price
    return _gathering(rng, (start, end), count, (last, day.close), day, size, False)


def _gathering(
    rng: Random,
    span: tuple[Nanos, Nanos],
    count: int,
    ends: tuple[int, int],
    day: Range,
    size: int,
    is_opening: bool,  # noqa: FBT001 - which of the two auctions
) -> list[Step]:
    """Return an auction's books: volume gathers, the indicative price finds its way to the end."""
    start, end = span
    pace = (end - start) // count
    wander = max(1.0, (day.high - day.low) / 12)
    steps: list[Step] = []
    for place in range(count):
        done = place / count
        late = rng.randrange(max(1, pace // 2)) if place else 0
        drift = ends[0] + (ends[1] - ends[0]) * min(1.0, done / 0.7)
        center = round(drift + rng.gauss(0.0, wander) * max(0.0, 0.8 - done))
        gathered = int(size * (0.04 + 0.95 * done**1.6))
        center = min(max(center, day.low), day.high)
        at = Nanos(start + place * pace + late - late % 1_000)
        steps.append(AuctionStep(at, center, gathered, is_opening))
    return steps
