from aipx_api.common.v1 import common_pb2 as _common_pb2
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Signal(_message.Message):
    __slots__ = ("event_id", "trace_id", "at", "strategy_id", "client_order_id", "order_wish", "cancel_wish", "schema_version")
    EVENT_ID_FIELD_NUMBER: _ClassVar[int]
    TRACE_ID_FIELD_NUMBER: _ClassVar[int]
    AT_FIELD_NUMBER: _ClassVar[int]
    STRATEGY_ID_FIELD_NUMBER: _ClassVar[int]
    CLIENT_ORDER_ID_FIELD_NUMBER: _ClassVar[int]
    ORDER_WISH_FIELD_NUMBER: _ClassVar[int]
    CANCEL_WISH_FIELD_NUMBER: _ClassVar[int]
    SCHEMA_VERSION_FIELD_NUMBER: _ClassVar[int]
    event_id: str
    trace_id: str
    at: int
    strategy_id: str
    client_order_id: str
    order_wish: OrderWish
    cancel_wish: CancelWish
    schema_version: int
    def __init__(self, event_id: _Optional[str] = ..., trace_id: _Optional[str] = ..., at: _Optional[int] = ..., strategy_id: _Optional[str] = ..., client_order_id: _Optional[str] = ..., order_wish: _Optional[_Union[OrderWish, _Mapping]] = ..., cancel_wish: _Optional[_Union[CancelWish, _Mapping]] = ..., schema_version: _Optional[int] = ...) -> None: ...

class OrderWish(_message.Message):
    __slots__ = ("symbol", "side", "kind", "quantity", "price", "reason")
    SYMBOL_FIELD_NUMBER: _ClassVar[int]
    SIDE_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    QUANTITY_FIELD_NUMBER: _ClassVar[int]
    PRICE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    symbol: str
    side: _common_pb2.Side
    kind: _common_pb2.OrderKind
    quantity: int
    price: int
    reason: str
    def __init__(self, symbol: _Optional[str] = ..., side: _Optional[_Union[_common_pb2.Side, str]] = ..., kind: _Optional[_Union[_common_pb2.OrderKind, str]] = ..., quantity: _Optional[int] = ..., price: _Optional[int] = ..., reason: _Optional[str] = ...) -> None: ...

class CancelWish(_message.Message):
    __slots__ = ("client_order_id", "reason")
    CLIENT_ORDER_ID_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    client_order_id: str
    reason: str
    def __init__(self, client_order_id: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...
