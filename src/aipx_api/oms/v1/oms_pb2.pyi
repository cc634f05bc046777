from aipx_api.orders.v1 import orders_pb2 as _orders_pb2
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class TradeRequest(_message.Message):
    __slots__ = ("request_id", "submit_order", "cancel_order")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    SUBMIT_ORDER_FIELD_NUMBER: _ClassVar[int]
    CANCEL_ORDER_FIELD_NUMBER: _ClassVar[int]
    request_id: int
    submit_order: _orders_pb2.SubmitOrder
    cancel_order: _orders_pb2.CancelOrder
    def __init__(self, request_id: _Optional[int] = ..., submit_order: _Optional[_Union[_orders_pb2.SubmitOrder, _Mapping]] = ..., cancel_order: _Optional[_Union[_orders_pb2.CancelOrder, _Mapping]] = ...) -> None: ...

class TradeResponse(_message.Message):
    __slots__ = ("request_id", "wish_taken", "wish_refused")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    WISH_TAKEN_FIELD_NUMBER: _ClassVar[int]
    WISH_REFUSED_FIELD_NUMBER: _ClassVar[int]
    request_id: int
    wish_taken: WishTaken
    wish_refused: WishRefused
    def __init__(self, request_id: _Optional[int] = ..., wish_taken: _Optional[_Union[WishTaken, _Mapping]] = ..., wish_refused: _Optional[_Union[WishRefused, _Mapping]] = ...) -> None: ...

class WishTaken(_message.Message):
    __slots__ = ("client_order_id", "order_id")
    CLIENT_ORDER_ID_FIELD_NUMBER: _ClassVar[int]
    ORDER_ID_FIELD_NUMBER: _ClassVar[int]
    client_order_id: str
    order_id: str
    def __init__(self, client_order_id: _Optional[str] = ..., order_id: _Optional[str] = ...) -> None: ...

class WishRefused(_message.Message):
    __slots__ = ("client_order_id", "reason", "found", "allowed")
    CLIENT_ORDER_ID_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    FOUND_FIELD_NUMBER: _ClassVar[int]
    ALLOWED_FIELD_NUMBER: _ClassVar[int]
    client_order_id: str
    reason: str
    found: str
    allowed: str
    def __init__(self, client_order_id: _Optional[str] = ..., reason: _Optional[str] = ..., found: _Optional[str] = ..., allowed: _Optional[str] = ...) -> None: ...
