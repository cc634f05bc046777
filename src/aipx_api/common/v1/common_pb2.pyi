from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from typing import ClassVar as _ClassVar

DESCRIPTOR: _descriptor.FileDescriptor

class Venue(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    VENUE_UNSPECIFIED: _ClassVar[Venue]
    VENUE_KRX: _ClassVar[Venue]
    VENUE_NXT: _ClassVar[Venue]
    VENUE_SOR: _ClassVar[Venue]

class Side(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SIDE_UNSPECIFIED: _ClassVar[Side]
    SIDE_BUY: _ClassVar[Side]
    SIDE_SELL: _ClassVar[Side]

class OrderKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ORDER_KIND_UNSPECIFIED: _ClassVar[OrderKind]
    ORDER_KIND_LIMIT: _ClassVar[OrderKind]
    ORDER_KIND_MARKET: _ClassVar[OrderKind]
    ORDER_KIND_BEST: _ClassVar[OrderKind]
    ORDER_KIND_PRIORITY: _ClassVar[OrderKind]
    ORDER_KIND_LIMIT_IOC: _ClassVar[OrderKind]
    ORDER_KIND_LIMIT_FOK: _ClassVar[OrderKind]
    ORDER_KIND_MARKET_IOC: _ClassVar[OrderKind]
    ORDER_KIND_MARKET_FOK: _ClassVar[OrderKind]
    ORDER_KIND_BEST_IOC: _ClassVar[OrderKind]
    ORDER_KIND_BEST_FOK: _ClassVar[OrderKind]
    ORDER_KIND_CONDITIONAL: _ClassVar[OrderKind]
    ORDER_KIND_PRE_OPEN_CLOSE_PRICE: _ClassVar[OrderKind]
    ORDER_KIND_AFTER_CLOSE_PRICE: _ClassVar[OrderKind]
    ORDER_KIND_OVERTIME_SINGLE_PRICE: _ClassVar[OrderKind]
    ORDER_KIND_MID: _ClassVar[OrderKind]
    ORDER_KIND_MID_IOC: _ClassVar[OrderKind]
    ORDER_KIND_MID_FOK: _ClassVar[OrderKind]
    ORDER_KIND_STOP_LIMIT: _ClassVar[OrderKind]
    ORDER_KIND_GTP_LIMIT: _ClassVar[OrderKind]
    ORDER_KIND_GTP_BEST: _ClassVar[OrderKind]
    ORDER_KIND_GTP_PRIORITY: _ClassVar[OrderKind]
    ORDER_KIND_AFTER_LIMIT: _ClassVar[OrderKind]
    ORDER_KIND_AFTER_LIMIT_IOC: _ClassVar[OrderKind]
    ORDER_KIND_AFTER_LIMIT_FOK: _ClassVar[OrderKind]
    ORDER_KIND_AFTER_BEST: _ClassVar[OrderKind]
    ORDER_KIND_AFTER_BEST_IOC: _ClassVar[OrderKind]
    ORDER_KIND_AFTER_BEST_FOK: _ClassVar[OrderKind]
    ORDER_KIND_AFTER_PRIORITY: _ClassVar[OrderKind]
    ORDER_KIND_OTHER: _ClassVar[OrderKind]

class ListingMarket(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    LISTING_MARKET_UNSPECIFIED: _ClassVar[ListingMarket]
    LISTING_MARKET_KOSPI: _ClassVar[ListingMarket]
    LISTING_MARKET_KOSDAQ: _ClassVar[ListingMarket]
    LISTING_MARKET_KONEX: _ClassVar[ListingMarket]

class InstrumentKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    INSTRUMENT_KIND_UNSPECIFIED: _ClassVar[InstrumentKind]
    INSTRUMENT_KIND_STOCK: _ClassVar[InstrumentKind]
    INSTRUMENT_KIND_ETF: _ClassVar[InstrumentKind]
    INSTRUMENT_KIND_ETN: _ClassVar[InstrumentKind]
VENUE_UNSPECIFIED: Venue
VENUE_KRX: Venue
VENUE_NXT: Venue
VENUE_SOR: Venue
SIDE_UNSPECIFIED: Side
SIDE_BUY: Side
SIDE_SELL: Side
ORDER_KIND_UNSPECIFIED: OrderKind
ORDER_KIND_LIMIT: OrderKind
ORDER_KIND_MARKET: OrderKind
ORDER_KIND_BEST: OrderKind
ORDER_KIND_PRIORITY: OrderKind
ORDER_KIND_LIMIT_IOC: OrderKind
ORDER_KIND_LIMIT_FOK: OrderKind
ORDER_KIND_MARKET_IOC: OrderKind
ORDER_KIND_MARKET_FOK: OrderKind
ORDER_KIND_BEST_IOC: OrderKind
ORDER_KIND_BEST_FOK: OrderKind
ORDER_KIND_CONDITIONAL: OrderKind
ORDER_KIND_PRE_OPEN_CLOSE_PRICE: OrderKind
ORDER_KIND_AFTER_CLOSE_PRICE: OrderKind
ORDER_KIND_OVERTIME_SINGLE_PRICE: OrderKind
ORDER_KIND_MID: OrderKind
ORDER_KIND_MID_IOC: OrderKind
ORDER_KIND_MID_FOK: OrderKind
ORDER_KIND_STOP_LIMIT: OrderKind
ORDER_KIND_GTP_LIMIT: OrderKind
ORDER_KIND_GTP_BEST: OrderKind
ORDER_KIND_GTP_PRIORITY: OrderKind
ORDER_KIND_AFTER_LIMIT: OrderKind
ORDER_KIND_AFTER_LIMIT_IOC: OrderKind
ORDER_KIND_AFTER_LIMIT_FOK: OrderKind
ORDER_KIND_AFTER_BEST: OrderKind
ORDER_KIND_AFTER_BEST_IOC: OrderKind
ORDER_KIND_AFTER_BEST_FOK: OrderKind
ORDER_KIND_AFTER_PRIORITY: OrderKind
ORDER_KIND_OTHER: OrderKind
LISTING_MARKET_UNSPECIFIED: ListingMarket
LISTING_MARKET_KOSPI: ListingMarket
LISTING_MARKET_KOSDAQ: ListingMarket
LISTING_MARKET_KONEX: ListingMarket
INSTRUMENT_KIND_UNSPECIFIED: InstrumentKind
INSTRUMENT_KIND_STOCK: InstrumentKind
INSTRUMENT_KIND_ETF: InstrumentKind
INSTRUMENT_KIND_ETN: InstrumentKind
