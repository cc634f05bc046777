from aipx_api.common.v1 import common_pb2 as _common_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Aggressor(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    AGGRESSOR_UNSPECIFIED: _ClassVar[Aggressor]
    AGGRESSOR_BUYER: _ClassVar[Aggressor]
    AGGRESSOR_SELLER: _ClassVar[Aggressor]
    AGGRESSOR_NONE: _ClassVar[Aggressor]

class TradingPhase(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    TRADING_PHASE_UNSPECIFIED: _ClassVar[TradingPhase]
    TRADING_PHASE_CLOSED: _ClassVar[TradingPhase]
    TRADING_PHASE_OPENING_AUCTION: _ClassVar[TradingPhase]
    TRADING_PHASE_CONTINUOUS: _ClassVar[TradingPhase]
    TRADING_PHASE_VOLATILITY_AUCTION: _ClassVar[TradingPhase]
    TRADING_PHASE_CLOSING_AUCTION: _ClassVar[TradingPhase]
    TRADING_PHASE_PRE_MARKET: _ClassVar[TradingPhase]
    TRADING_PHASE_PRE_OPEN_CLOSE_PRICE: _ClassVar[TradingPhase]
    TRADING_PHASE_AFTER_CLOSE_PRICE: _ClassVar[TradingPhase]
    TRADING_PHASE_AFTER_MARKET_AUCTION: _ClassVar[TradingPhase]
    TRADING_PHASE_AFTER_MARKET: _ClassVar[TradingPhase]
    TRADING_PHASE_OVERTIME_SINGLE_PRICE: _ClassVar[TradingPhase]
    TRADING_PHASE_HALTED_BY_CIRCUIT_BREAKER: _ClassVar[TradingPhase]
AGGRESSOR_UNSPECIFIED: Aggressor
AGGRESSOR_BUYER: Aggressor
AGGRESSOR_SELLER: Aggressor
AGGRESSOR_NONE: Aggressor
TRADING_PHASE_UNSPECIFIED: TradingPhase
TRADING_PHASE_CLOSED: TradingPhase
TRADING_PHASE_OPENING_AUCTION: TradingPhase
TRADING_PHASE_CONTINUOUS: TradingPhase
TRADING_PHASE_VOLATILITY_AUCTION: TradingPhase
TRADING_PHASE_CLOSING_AUCTION: TradingPhase
TRADING_PHASE_PRE_MARKET: TradingPhase
TRADING_PHASE_PRE_OPEN_CLOSE_PRICE: TradingPhase
TRADING_PHASE_AFTER_CLOSE_PRICE: TradingPhase
TRADING_PHASE_AFTER_MARKET_AUCTION: TradingPhase
TRADING_PHASE_AFTER_MARKET: TradingPhase
TRADING_PHASE_OVERTIME_SINGLE_PRICE: TradingPhase
TRADING_PHASE_HALTED_BY_CIRCUIT_BREAKER: TradingPhase

class MarketEvent(_message.Message):
    __slots__ = ("event_id", "trace_id", "exchange_time", "receive_time", "trade", "book", "market_gap", "schema_version")
    EVENT_ID_FIELD_NUMBER: _ClassVar[int]
    TRACE_ID_FIELD_NUMBER: _ClassVar[int]
    EXCHANGE_TIME_FIELD_NUMBER: _ClassVar[int]
    RECEIVE_TIME_FIELD_NUMBER: _ClassVar[int]
    TRADE_FIELD_NUMBER: _ClassVar[int]
    BOOK_FIELD_NUMBER: _ClassVar[int]
    MARKET_GAP_FIELD_NUMBER: _ClassVar[int]
    SCHEMA_VERSION_FIELD_NUMBER: _ClassVar[int]
    event_id: str
    trace_id: str
    exchange_time: int
    receive_time: int
    trade: Trade
    book: Book
    market_gap: MarketGap
    schema_version: int
    def __init__(self, event_id: _Optional[str] = ..., trace_id: _Optional[str] = ..., exchange_time: _Optional[int] = ..., receive_time: _Optional[int] = ..., trade: _Optional[_Union[Trade, _Mapping]] = ..., book: _Optional[_Union[Book, _Mapping]] = ..., market_gap: _Optional[_Union[MarketGap, _Mapping]] = ..., schema_version: _Optional[int] = ...) -> None: ...

class Trade(_message.Message):
    __slots__ = ("symbol", "venue", "price", "size", "aggressor", "phase", "day_volume", "day_value", "ask_price", "bid_price")
    SYMBOL_FIELD_NUMBER: _ClassVar[int]
    VENUE_FIELD_NUMBER: _ClassVar[int]
    PRICE_FIELD_NUMBER: _ClassVar[int]
    SIZE_FIELD_NUMBER: _ClassVar[int]
    AGGRESSOR_FIELD_NUMBER: _ClassVar[int]
    PHASE_FIELD_NUMBER: _ClassVar[int]
    DAY_VOLUME_FIELD_NUMBER: _ClassVar[int]
    DAY_VALUE_FIELD_NUMBER: _ClassVar[int]
    ASK_PRICE_FIELD_NUMBER: _ClassVar[int]
    BID_PRICE_FIELD_NUMBER: _ClassVar[int]
    symbol: str
    venue: _common_pb2.Venue
    price: int
    size: int
    aggressor: Aggressor
    phase: TradingPhase
    day_volume: int
    day_value: int
    ask_price: int
    bid_price: int
    def __init__(self, symbol: _Optional[str] = ..., venue: _Optional[_Union[_common_pb2.Venue, str]] = ..., price: _Optional[int] = ..., size: _Optional[int] = ..., aggressor: _Optional[_Union[Aggressor, str]] = ..., phase: _Optional[_Union[TradingPhase, str]] = ..., day_volume: _Optional[int] = ..., day_value: _Optional[int] = ..., ask_price: _Optional[int] = ..., bid_price: _Optional[int] = ...) -> None: ...

class Book(_message.Message):
    __slots__ = ("symbol", "venue", "phase", "ask_prices", "ask_sizes", "bid_prices", "bid_sizes", "total_ask_size", "total_bid_size", "indicative_price", "indicative_size", "day_volume")
    SYMBOL_FIELD_NUMBER: _ClassVar[int]
    VENUE_FIELD_NUMBER: _ClassVar[int]
    PHASE_FIELD_NUMBER: _ClassVar[int]
    ASK_PRICES_FIELD_NUMBER: _ClassVar[int]
    ASK_SIZES_FIELD_NUMBER: _ClassVar[int]
    BID_PRICES_FIELD_NUMBER: _ClassVar[int]
    BID_SIZES_FIELD_NUMBER: _ClassVar[int]
    TOTAL_ASK_SIZE_FIELD_NUMBER: _ClassVar[int]
    TOTAL_BID_SIZE_FIELD_NUMBER: _ClassVar[int]
    INDICATIVE_PRICE_FIELD_NUMBER: _ClassVar[int]
    INDICATIVE_SIZE_FIELD_NUMBER: _ClassVar[int]
    DAY_VOLUME_FIELD_NUMBER: _ClassVar[int]
    symbol: str
    venue: _common_pb2.Venue
    phase: TradingPhase
    ask_prices: _containers.RepeatedScalarFieldContainer[int]
    ask_sizes: _containers.RepeatedScalarFieldContainer[int]
    bid_prices: _containers.RepeatedScalarFieldContainer[int]
    bid_sizes: _containers.RepeatedScalarFieldContainer[int]
    total_ask_size: int
    total_bid_size: int
    indicative_price: int
    indicative_size: int
    day_volume: int
    def __init__(self, symbol: _Optional[str] = ..., venue: _Optional[_Union[_common_pb2.Venue, str]] = ..., phase: _Optional[_Union[TradingPhase, str]] = ..., ask_prices: _Optional[_Iterable[int]] = ..., ask_sizes: _Optional[_Iterable[int]] = ..., bid_prices: _Optional[_Iterable[int]] = ..., bid_sizes: _Optional[_Iterable[int]] = ..., total_ask_size: _Optional[int] = ..., total_bid_size: _Optional[int] = ..., indicative_price: _Optional[int] = ..., indicative_size: _Optional[int] = ..., day_volume: _Optional[int] = ...) -> None: ...

class MarketGap(_message.Message):
    __slots__ = ("symbol", "venue", "missed", "reason")
    SYMBOL_FIELD_NUMBER: _ClassVar[int]
    VENUE_FIELD_NUMBER: _ClassVar[int]
    MISSED_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    symbol: str
    venue: _common_pb2.Venue
    missed: int
    reason: str
    def __init__(self, symbol: _Optional[str] = ..., venue: _Optional[_Union[_common_pb2.Venue, str]] = ..., missed: _Optional[int] = ..., reason: _Optional[str] = ...) -> None: ...
