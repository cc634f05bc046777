"""Deliveries ↔ columns: the schemas of the lake's tables, and how their columns are built.

Column by column, since that is several times faster than row by row. Times are Unix
nanoseconds as int64, money and shares int64, enums their names, so that any reader of Parquet
has the same values without a rule of its own. `SCHEMA_VERSION` counts changes of meaning; a
column may be added without one.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import accumulate, chain

import msgspec
import numpy as np
import pyarrow as pa

from aipx.model.market import Book, MarketEvent, Trade
from aipx.model.order import AnyOrderFact, OrderEvent, OrderSubmitted, SubmitOrder
from aipx.ports.bus import Delivery
from aipx.ports.lake import RecordKind

SCHEMA_VERSION = 1

_LEVELS = pa.list_(pa.int64())

TRADE_SCHEMA = pa.schema(
    [
        pa.field("symbol", pa.string(), nullable=False),
        pa.field("venue", pa.string(), nullable=False),
        pa.field("exchange_time", pa.int64(), nullable=False),
        pa.field("receive_time", pa.int64(), nullable=False),
        pa.field("price", pa.int64(), nullable=False),
        pa.field("size", pa.int64(), nullable=False),
        pa.field("side", pa.string(), nullable=False),
        pa.field("phase", pa.string(), nullable=False),
        pa.field("day_volume", pa.int64(), nullable=False),
        pa.field("day_value", pa.int64(), nullable=False),
        pa.field("ask_price", pa.int64(), nullable=False),
        pa.field("bid_price", pa.int64(), nullable=False),
        pa.field("event_id", pa.string(), nullable=False),
        pa.field("offset", pa.int64(), nullable=False),
    ]
)
"""`side` is who took liquidity: BUYER, SELLER or NONE (a single-price auction)."""

BOOK_SCHEMA = pa.schema(
    [
        pa.field("symbol", pa.string(), nullable=False),
        pa.field("venue", pa.string(), nullable=False),
        pa.field("exchange_time", pa.int64(), nullable=False),
        pa.field("receive_time", pa.int64(), nullable=False),
        pa.field("phase", pa.string(), nullable=False),
        pa.field("ask_prices", _LEVELS, nullable=False),
        pa.field("ask_sizes", _LEVELS, nullable=False),
        pa.field("bid_prices", _LEVELS, nullable=False),
        pa.field("bid_sizes", _LEVELS, nullable=False),
        pa.field("total_ask_size", pa.int64(), nullable=False),
        pa.field("total_bid_size", pa.int64(), nullable=False),
        pa.field("indicative_price", pa.int64(), nullable=False),
        pa.field("indicative_size", pa.int64(), nullable=False),
        pa.field("day_volume", pa.int64(), nullable=False),
        pa.field("event_id", pa.string(), nullable=False),
        pa.field("offset", pa.int64(), nullable=False),
    ]
)
"""Ten levels a side, best first, as in model/market.py."""

_ORDER_TEXTS = ("order_id", "number", "reason", "code", "message")
_WISH_TEXTS = ("client_order_id", "strategy_id", "symbol")
_ORDER_INTEGERS = (
    "quantity",
    "price",
    "amount",
    "cumulative_quantity",
    "cumulative_amount",
    "fee",
    "tax",
)

ORDER_EVENT_SCHEMA = pa.schema(
    [
        pa.field("account", pa.string(), nullable=False),
        pa.field("sequence", pa.int64(), nullable=False),
        pa.field("at", pa.int64(), nullable=False),
        pa.field("event", pa.string(), nullable=False),
        *(pa.field(name, pa.string()) for name in (*_ORDER_TEXTS, *_WISH_TEXTS)),
        pa.field("side", pa.string()),
        pa.field("order_kind", pa.string()),
        *(pa.field(name, pa.int64()) for name in _ORDER_INTEGERS),
        pa.field("trace_id", pa.string(), nullable=False),
        pa.field("fact", pa.string(), nullable=False),
        pa.field("offset", pa.int64(), nullable=False),
    ]
)
"""`event` is the fact's class, and `fact` all of it as JSON; null where it has no such field.

No column may be called `kind` or `date`: readers take those from the names of the folders.
An order's symbol, side and price stand on its OrderSubmitted; other facts have its `order_id`.
"""

SCHEMAS: Mapping[RecordKind, pa.Schema] = {
    RecordKind.TRADE: TRADE_SCHEMA,
    RecordKind.BOOK: BOOK_SCHEMA,
    RecordKind.ORDER_EVENT: ORDER_EVENT_SCHEMA,
}


def table(kind: RecordKind, deliveries: Sequence[Delivery]) -> pa.Table:
    """Return the deliveries as a table of `SCHEMAS[kind]`, in their order.

    Every delivery must hold a fact of that kind; another one is a bug of the caller.
    """
    columns = _BUILDERS[kind](deliveries)
    columns["offset"] = _integers(delivery.offset for delivery in deliveries)
    schema = SCHEMAS[kind]
    return pa.Table.from_arrays([columns[name] for name in schema.names], schema=schema)


Columns = dict[str, pa.Array]


def _trade_columns(deliveries: Sequence[Delivery]) -> Columns:
    events = _market_events(deliveries)
    trades = [event.fact for event in events if isinstance(event.fact, Trade)]
    assert len(trades) == len(events)
    return _envelope(events) | {
        "symbol": pa.array([trade.symbol for trade in trades], pa.string()),
        "venue": pa.array([trade.venue._value_ for trade in trades], pa.string()),
        "price": _integers(trade.price for trade in trades),
        "size": _integers(trade.size for trade in trades),
        "side": pa.array([trade.aggressor._value_ for trade in trades], pa.string()),
        "phase": pa.array([trade.phase._value_ for trade in trades], pa.string()),
        "day_volume": _integers(trade.day_volume for trade in trades),
        "day_value": _integers(trade.day_value for trade in trades),
        "ask_price": _integers(trade.ask_price for trade in trades),
        "bid_price": _integers(trade.bid_price for trade in trades),
    }


def _book_columns(deliveries: Sequence[Delivery]) -> Columns:
    events = _market_events(deliveries)
    books = [event.fact for event in events if isinstance(event.fact, Book)]
    assert len(books) == len(events)
    return _envelope(events) | {
        "symbol": pa.array([book.symbol for book in books], pa.string()),
        "venue": pa.array([book.venue._value_ for book in books], pa.string()),
        "phase": pa.array([book.phase._value_ for book in books], pa.string()),
        "ask_prices": _levels([book.ask_prices for book in books]),
        "ask_sizes": _levels([book.ask_sizes for book in books]),
        "bid_prices": _levels([book.bid_prices for book in books]),
        "bid_sizes": _levels([book.bid_sizes for book in books]),
        "total_ask_size": _integers(book.total_ask_size for book in books),
        "total_bid_size": _integers(book.total_bid_size for book in books),
        "indicative_price": _integers(book.indicative_price for book in books),
        "indicative_size": _integers(book.indicative_size for book in books),
        "day_volume": _integers(book.day_volume for book in books),
    }


def _order_columns(deliveries: Sequence[Delivery]) -> Columns:
    events = [delivery.fact for delivery in deliveries if isinstance(delivery.fact, OrderEvent)]
    assert len(events) == len(deliveries)
    facts = [event.fact for event in events]
    subjects = [_subject(fact) for fact in facts]
    columns = {
        "account": pa.array([event.account for event in events], pa.string()),
        "sequence": _integers(event.sequence for event in events),
        "at": _integers(event.at for event in events),
        "trace_id": pa.array([event.trace_id for event in events], pa.string()),
        "event": pa.array([type(fact).__name__ for fact in facts], pa.string()),
        "fact": pa.array([msgspec.json.encode(fact).decode() for fact in facts], pa.string()),
        "side": _optional_names(subjects, "side"),
        "order_kind": _optional_names(subjects, "kind"),
    }
    for name in _ORDER_TEXTS:
        columns[name] = pa.array([getattr(fact, name, None) for fact in facts], pa.string())
    for name in _WISH_TEXTS:
        columns[name] = pa.array([getattr(one, name, None) for one in subjects], pa.string())
    for name in _ORDER_INTEGERS:
        columns[name] = pa.array([getattr(one, name, None) for one in subjects], pa.int64())
    return columns


_BUILDERS: Mapping[RecordKind, Callable[[Sequence[Delivery]], Columns]] = {
    RecordKind.TRADE: _trade_columns,
    RecordKind.BOOK: _book_columns,
    RecordKind.ORDER_EVENT: _order_columns,
}


def _market_events(deliveries: Sequence[Delivery]) -> list[MarketEvent]:
    return [delivery.fact for delivery in deliveries if isinstance(delivery.fact, MarketEvent)]


def _envelope(events: Sequence[MarketEvent]) -> Columns:
    return {
        "exchange_time": _integers(event.exchange_time for event in events),
        "receive_time": _integers(event.receive_time for event in events),
        "event_id": pa.array([event.event_id for event in events], pa.string()),
    }


def _subject(fact: AnyOrderFact) -> AnyOrderFact | SubmitOrder:
    """Return what carries symbol, side and price: the wish where the fact has one."""
    return fact.wish if isinstance(fact, OrderSubmitted) else fact


def _optional_names(subjects: Iterable[object], field: str) -> pa.Array:
    members = (getattr(subject, field, None) for subject in subjects)
    return pa.array([member and member.value for member in members], pa.string())


def _integers(values: Iterable[int]) -> pa.Array:
    return pa.array(np.fromiter(values, dtype=np.int64))


def _levels(rows: Sequence[tuple[int, ...]]) -> pa.ListArray:
    offsets = np.fromiter(accumulate((len(row) for row in rows), initial=0), dtype=np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), _integers(chain.from_iterable(rows)))
