from aipx_api.common.v1 import common_pb2 as _common_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class TradingState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    TRADING_STATE_UNSPECIFIED: _ClassVar[TradingState]
    TRADING_STATE_ACTIVE: _ClassVar[TradingState]
    TRADING_STATE_REDUCING: _ClassVar[TradingState]
    TRADING_STATE_HALTED: _ClassVar[TradingState]

class NoticeRequest(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    NOTICE_REQUEST_UNSPECIFIED: _ClassVar[NoticeRequest]
    NOTICE_REQUEST_NEW: _ClassVar[NoticeRequest]
    NOTICE_REQUEST_MODIFY: _ClassVar[NoticeRequest]
    NOTICE_REQUEST_CANCEL: _ClassVar[NoticeRequest]

class NoticeStage(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    NOTICE_STAGE_UNSPECIFIED: _ClassVar[NoticeStage]
    NOTICE_STAGE_RECEIVED: _ClassVar[NoticeStage]
    NOTICE_STAGE_CONFIRMED: _ClassVar[NoticeStage]
    NOTICE_STAGE_FILLED: _ClassVar[NoticeStage]
    NOTICE_STAGE_LAPSED: _ClassVar[NoticeStage]

class Evidence(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    EVIDENCE_UNSPECIFIED: _ClassVar[Evidence]
    EVIDENCE_ANSWER: _ClassVar[Evidence]
    EVIDENCE_NOTICE: _ClassVar[Evidence]
    EVIDENCE_INQUIRY: _ClassVar[Evidence]
TRADING_STATE_UNSPECIFIED: TradingState
TRADING_STATE_ACTIVE: TradingState
TRADING_STATE_REDUCING: TradingState
TRADING_STATE_HALTED: TradingState
NOTICE_REQUEST_UNSPECIFIED: NoticeRequest
NOTICE_REQUEST_NEW: NoticeRequest
NOTICE_REQUEST_MODIFY: NoticeRequest
NOTICE_REQUEST_CANCEL: NoticeRequest
NOTICE_STAGE_UNSPECIFIED: NoticeStage
NOTICE_STAGE_RECEIVED: NoticeStage
NOTICE_STAGE_CONFIRMED: NoticeStage
NOTICE_STAGE_FILLED: NoticeStage
NOTICE_STAGE_LAPSED: NoticeStage
EVIDENCE_UNSPECIFIED: Evidence
EVIDENCE_ANSWER: Evidence
EVIDENCE_NOTICE: Evidence
EVIDENCE_INQUIRY: Evidence

class SubmitOrder(_message.Message):
    __slots__ = ("client_order_id", "strategy_id", "symbol", "side", "kind", "quantity", "price", "venue", "trace_id", "sent_monotonic_ns", "trigger_price")
    CLIENT_ORDER_ID_FIELD_NUMBER: _ClassVar[int]
    STRATEGY_ID_FIELD_NUMBER: _ClassVar[int]
    SYMBOL_FIELD_NUMBER: _ClassVar[int]
    SIDE_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    QUANTITY_FIELD_NUMBER: _ClassVar[int]
    PRICE_FIELD_NUMBER: _ClassVar[int]
    VENUE_FIELD_NUMBER: _ClassVar[int]
    TRACE_ID_FIELD_NUMBER: _ClassVar[int]
    SENT_MONOTONIC_NS_FIELD_NUMBER: _ClassVar[int]
    TRIGGER_PRICE_FIELD_NUMBER: _ClassVar[int]
    client_order_id: str
    strategy_id: str
    symbol: str
    side: _common_pb2.Side
    kind: _common_pb2.OrderKind
    quantity: int
    price: int
    venue: _common_pb2.Venue
    trace_id: str
    sent_monotonic_ns: int
    trigger_price: int
    def __init__(self, client_order_id: _Optional[str] = ..., strategy_id: _Optional[str] = ..., symbol: _Optional[str] = ..., side: _Optional[_Union[_common_pb2.Side, str]] = ..., kind: _Optional[_Union[_common_pb2.OrderKind, str]] = ..., quantity: _Optional[int] = ..., price: _Optional[int] = ..., venue: _Optional[_Union[_common_pb2.Venue, str]] = ..., trace_id: _Optional[str] = ..., sent_monotonic_ns: _Optional[int] = ..., trigger_price: _Optional[int] = ...) -> None: ...

class CancelOrder(_message.Message):
    __slots__ = ("client_order_id", "trace_id")
    CLIENT_ORDER_ID_FIELD_NUMBER: _ClassVar[int]
    TRACE_ID_FIELD_NUMBER: _ClassVar[int]
    client_order_id: str
    trace_id: str
    def __init__(self, client_order_id: _Optional[str] = ..., trace_id: _Optional[str] = ...) -> None: ...

class BrokerNotice(_message.Message):
    __slots__ = ("event_id", "trace_id", "receive_time", "exchange_time", "account", "number", "original_number", "organisation", "side", "request", "stage", "symbol", "quantity", "price", "order_quantity", "rejected", "venue", "schema_version")
    EVENT_ID_FIELD_NUMBER: _ClassVar[int]
    TRACE_ID_FIELD_NUMBER: _ClassVar[int]
    RECEIVE_TIME_FIELD_NUMBER: _ClassVar[int]
    EXCHANGE_TIME_FIELD_NUMBER: _ClassVar[int]
    ACCOUNT_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    ORIGINAL_NUMBER_FIELD_NUMBER: _ClassVar[int]
    ORGANISATION_FIELD_NUMBER: _ClassVar[int]
    SIDE_FIELD_NUMBER: _ClassVar[int]
    REQUEST_FIELD_NUMBER: _ClassVar[int]
    STAGE_FIELD_NUMBER: _ClassVar[int]
    SYMBOL_FIELD_NUMBER: _ClassVar[int]
    QUANTITY_FIELD_NUMBER: _ClassVar[int]
    PRICE_FIELD_NUMBER: _ClassVar[int]
    ORDER_QUANTITY_FIELD_NUMBER: _ClassVar[int]
    REJECTED_FIELD_NUMBER: _ClassVar[int]
    VENUE_FIELD_NUMBER: _ClassVar[int]
    SCHEMA_VERSION_FIELD_NUMBER: _ClassVar[int]
    event_id: str
    trace_id: str
    receive_time: int
    exchange_time: int
    account: str
    number: str
    original_number: str
    organisation: str
    side: _common_pb2.Side
    request: NoticeRequest
    stage: NoticeStage
    symbol: str
    quantity: int
    price: int
    order_quantity: int
    rejected: bool
    venue: _common_pb2.Venue
    schema_version: int
    def __init__(self, event_id: _Optional[str] = ..., trace_id: _Optional[str] = ..., receive_time: _Optional[int] = ..., exchange_time: _Optional[int] = ..., account: _Optional[str] = ..., number: _Optional[str] = ..., original_number: _Optional[str] = ..., organisation: _Optional[str] = ..., side: _Optional[_Union[_common_pb2.Side, str]] = ..., request: _Optional[_Union[NoticeRequest, str]] = ..., stage: _Optional[_Union[NoticeStage, str]] = ..., symbol: _Optional[str] = ..., quantity: _Optional[int] = ..., price: _Optional[int] = ..., order_quantity: _Optional[int] = ..., rejected: _Optional[bool] = ..., venue: _Optional[_Union[_common_pb2.Venue, str]] = ..., schema_version: _Optional[int] = ...) -> None: ...

class OrderEvent(_message.Message):
    __slots__ = ("account", "sequence", "at", "trace_id", "account_opened", "day_started", "order_submitted", "order_refused", "order_sending", "order_accepted", "order_rejected", "order_unknown", "order_lost", "order_filled", "fill_amended", "cancel_sending", "cancel_accepted", "cancel_refused", "cancel_unknown", "order_canceled", "order_expired", "notice_taken", "order_inquired", "trading_state_changed", "foreign_order_seen", "difference_found", "reconciled", "schema_version")
    ACCOUNT_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    AT_FIELD_NUMBER: _ClassVar[int]
    TRACE_ID_FIELD_NUMBER: _ClassVar[int]
    ACCOUNT_OPENED_FIELD_NUMBER: _ClassVar[int]
    DAY_STARTED_FIELD_NUMBER: _ClassVar[int]
    ORDER_SUBMITTED_FIELD_NUMBER: _ClassVar[int]
    ORDER_REFUSED_FIELD_NUMBER: _ClassVar[int]
    ORDER_SENDING_FIELD_NUMBER: _ClassVar[int]
    ORDER_ACCEPTED_FIELD_NUMBER: _ClassVar[int]
    ORDER_REJECTED_FIELD_NUMBER: _ClassVar[int]
    ORDER_UNKNOWN_FIELD_NUMBER: _ClassVar[int]
    ORDER_LOST_FIELD_NUMBER: _ClassVar[int]
    ORDER_FILLED_FIELD_NUMBER: _ClassVar[int]
    FILL_AMENDED_FIELD_NUMBER: _ClassVar[int]
    CANCEL_SENDING_FIELD_NUMBER: _ClassVar[int]
    CANCEL_ACCEPTED_FIELD_NUMBER: _ClassVar[int]
    CANCEL_REFUSED_FIELD_NUMBER: _ClassVar[int]
    CANCEL_UNKNOWN_FIELD_NUMBER: _ClassVar[int]
    ORDER_CANCELED_FIELD_NUMBER: _ClassVar[int]
    ORDER_EXPIRED_FIELD_NUMBER: _ClassVar[int]
    NOTICE_TAKEN_FIELD_NUMBER: _ClassVar[int]
    ORDER_INQUIRED_FIELD_NUMBER: _ClassVar[int]
    TRADING_STATE_CHANGED_FIELD_NUMBER: _ClassVar[int]
    FOREIGN_ORDER_SEEN_FIELD_NUMBER: _ClassVar[int]
    DIFFERENCE_FOUND_FIELD_NUMBER: _ClassVar[int]
    RECONCILED_FIELD_NUMBER: _ClassVar[int]
    SCHEMA_VERSION_FIELD_NUMBER: _ClassVar[int]
    account: str
    sequence: int
    at: int
    trace_id: str
    account_opened: AccountOpened
    day_started: DayStarted
    order_submitted: OrderSubmitted
    order_refused: OrderRefused
    order_sending: OrderSending
    order_accepted: OrderAccepted
    order_rejected: OrderRejected
    order_unknown: OrderUnknown
    order_lost: OrderLost
    order_filled: OrderFilled
    fill_amended: FillAmended
    cancel_sending: CancelSending
    cancel_accepted: CancelAccepted
    cancel_refused: CancelRefused
    cancel_unknown: CancelUnknown
    order_canceled: OrderCanceled
    order_expired: OrderExpired
    notice_taken: NoticeTaken
    order_inquired: OrderInquired
    trading_state_changed: TradingStateChanged
    foreign_order_seen: ForeignOrderSeen
    difference_found: DifferenceFound
    reconciled: Reconciled
    schema_version: int
    def __init__(self, account: _Optional[str] = ..., sequence: _Optional[int] = ..., at: _Optional[int] = ..., trace_id: _Optional[str] = ..., account_opened: _Optional[_Union[AccountOpened, _Mapping]] = ..., day_started: _Optional[_Union[DayStarted, _Mapping]] = ..., order_submitted: _Optional[_Union[OrderSubmitted, _Mapping]] = ..., order_refused: _Optional[_Union[OrderRefused, _Mapping]] = ..., order_sending: _Optional[_Union[OrderSending, _Mapping]] = ..., order_accepted: _Optional[_Union[OrderAccepted, _Mapping]] = ..., order_rejected: _Optional[_Union[OrderRejected, _Mapping]] = ..., order_unknown: _Optional[_Union[OrderUnknown, _Mapping]] = ..., order_lost: _Optional[_Union[OrderLost, _Mapping]] = ..., order_filled: _Optional[_Union[OrderFilled, _Mapping]] = ..., fill_amended: _Optional[_Union[FillAmended, _Mapping]] = ..., cancel_sending: _Optional[_Union[CancelSending, _Mapping]] = ..., cancel_accepted: _Optional[_Union[CancelAccepted, _Mapping]] = ..., cancel_refused: _Optional[_Union[CancelRefused, _Mapping]] = ..., cancel_unknown: _Optional[_Union[CancelUnknown, _Mapping]] = ..., order_canceled: _Optional[_Union[OrderCanceled, _Mapping]] = ..., order_expired: _Optional[_Union[OrderExpired, _Mapping]] = ..., notice_taken: _Optional[_Union[NoticeTaken, _Mapping]] = ..., order_inquired: _Optional[_Union[OrderInquired, _Mapping]] = ..., trading_state_changed: _Optional[_Union[TradingStateChanged, _Mapping]] = ..., foreign_order_seen: _Optional[_Union[ForeignOrderSeen, _Mapping]] = ..., difference_found: _Optional[_Union[DifferenceFound, _Mapping]] = ..., reconciled: _Optional[_Union[Reconciled, _Mapping]] = ..., schema_version: _Optional[int] = ...) -> None: ...

class BrokerHolding(_message.Message):
    __slots__ = ("symbol", "quantity", "sellable", "cost")
    SYMBOL_FIELD_NUMBER: _ClassVar[int]
    QUANTITY_FIELD_NUMBER: _ClassVar[int]
    SELLABLE_FIELD_NUMBER: _ClassVar[int]
    COST_FIELD_NUMBER: _ClassVar[int]
    symbol: str
    quantity: int
    sellable: int
    cost: int
    def __init__(self, symbol: _Optional[str] = ..., quantity: _Optional[int] = ..., sellable: _Optional[int] = ..., cost: _Optional[int] = ...) -> None: ...

class AccountOpened(_message.Message):
    __slots__ = ("business_date", "cash", "holdings", "foreign_numbers")
    BUSINESS_DATE_FIELD_NUMBER: _ClassVar[int]
    CASH_FIELD_NUMBER: _ClassVar[int]
    HOLDINGS_FIELD_NUMBER: _ClassVar[int]
    FOREIGN_NUMBERS_FIELD_NUMBER: _ClassVar[int]
    business_date: str
    cash: int
    holdings: _containers.RepeatedCompositeFieldContainer[BrokerHolding]
    foreign_numbers: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, business_date: _Optional[str] = ..., cash: _Optional[int] = ..., holdings: _Optional[_Iterable[_Union[BrokerHolding, _Mapping]]] = ..., foreign_numbers: _Optional[_Iterable[str]] = ...) -> None: ...

class DayStarted(_message.Message):
    __slots__ = ("business_date",)
    BUSINESS_DATE_FIELD_NUMBER: _ClassVar[int]
    business_date: str
    def __init__(self, business_date: _Optional[str] = ...) -> None: ...

class OrderSubmitted(_message.Message):
    __slots__ = ("order_id", "wish", "content_hash")
    ORDER_ID_FIELD_NUMBER: _ClassVar[int]
    WISH_FIELD_NUMBER: _ClassVar[int]
    CONTENT_HASH_FIELD_NUMBER: _ClassVar[int]
    order_id: str
    wish: SubmitOrder
    content_hash: str
    def __init__(self, order_id: _Optional[str] = ..., wish: _Optional[_Union[SubmitOrder, _Mapping]] = ..., content_hash: _Optional[str] = ...) -> None: ...

class OrderRefused(_message.Message):
    __slots__ = ("order_id", "reason", "found", "allowed")
    ORDER_ID_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    FOUND_FIELD_NUMBER: _ClassVar[int]
    ALLOWED_FIELD_NUMBER: _ClassVar[int]
    order_id: str
    reason: str
    found: str
    allowed: str
    def __init__(self, order_id: _Optional[str] = ..., reason: _Optional[str] = ..., found: _Optional[str] = ..., allowed: _Optional[str] = ...) -> None: ...

class OrderSending(_message.Message):
    __slots__ = ("order_id", "reserved_price", "market", "instrument_kind")
    ORDER_ID_FIELD_NUMBER: _ClassVar[int]
    RESERVED_PRICE_FIELD_NUMBER: _ClassVar[int]
    MARKET_FIELD_NUMBER: _ClassVar[int]
    INSTRUMENT_KIND_FIELD_NUMBER: _ClassVar[int]
    order_id: str
    reserved_price: int
    market: _common_pb2.ListingMarket
    instrument_kind: _common_pb2.InstrumentKind
    def __init__(self, order_id: _Optional[str] = ..., reserved_price: _Optional[int] = ..., market: _Optional[_Union[_common_pb2.ListingMarket, str]] = ..., instrument_kind: _Optional[_Union[_common_pb2.InstrumentKind, str]] = ...) -> None: ...

class OrderAccepted(_message.Message):
    __slots__ = ("order_id", "number", "organisation", "order_time", "by")
    ORDER_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    ORGANISATION_FIELD_NUMBER: _ClassVar[int]
    ORDER_TIME_FIELD_NUMBER: _ClassVar[int]
    BY_FIELD_NUMBER: _ClassVar[int]
    order_id: str
    number: str
    organisation: str
    order_time: str
    by: Evidence
    def __init__(self, order_id: _Optional[str] = ..., number: _Optional[str] = ..., organisation: _Optional[str] = ..., order_time: _Optional[str] = ..., by: _Optional[_Union[Evidence, str]] = ...) -> None: ...

class OrderRejected(_message.Message):
    __slots__ = ("order_id", "code", "message")
    ORDER_ID_FIELD_NUMBER: _ClassVar[int]
    CODE_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    order_id: str
    code: str
    message: str
    def __init__(self, order_id: _Optional[str] = ..., code: _Optional[str] = ..., message: _Optional[str] = ...) -> None: ...

class OrderUnknown(_message.Message):
    __slots__ = ("order_id", "reason")
    ORDER_ID_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    order_id: str
    reason: str
    def __init__(self, order_id: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class OrderLost(_message.Message):
    __slots__ = ("order_id", "reason")
    ORDER_ID_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    order_id: str
    reason: str
    def __init__(self, order_id: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class OrderFilled(_message.Message):
    __slots__ = ("order_id", "number", "quantity", "amount", "cumulative_quantity", "cumulative_amount", "fee", "tax", "by")
    ORDER_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    QUANTITY_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    CUMULATIVE_QUANTITY_FIELD_NUMBER: _ClassVar[int]
    CUMULATIVE_AMOUNT_FIELD_NUMBER: _ClassVar[int]
    FEE_FIELD_NUMBER: _ClassVar[int]
    TAX_FIELD_NUMBER: _ClassVar[int]
    BY_FIELD_NUMBER: _ClassVar[int]
    order_id: str
    number: str
    quantity: int
    amount: int
    cumulative_quantity: int
    cumulative_amount: int
    fee: int
    tax: int
    by: Evidence
    def __init__(self, order_id: _Optional[str] = ..., number: _Optional[str] = ..., quantity: _Optional[int] = ..., amount: _Optional[int] = ..., cumulative_quantity: _Optional[int] = ..., cumulative_amount: _Optional[int] = ..., fee: _Optional[int] = ..., tax: _Optional[int] = ..., by: _Optional[_Union[Evidence, str]] = ...) -> None: ...

class FillAmended(_message.Message):
    __slots__ = ("order_id", "number", "amount", "fee", "tax")
    ORDER_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    FEE_FIELD_NUMBER: _ClassVar[int]
    TAX_FIELD_NUMBER: _ClassVar[int]
    order_id: str
    number: str
    amount: int
    fee: int
    tax: int
    def __init__(self, order_id: _Optional[str] = ..., number: _Optional[str] = ..., amount: _Optional[int] = ..., fee: _Optional[int] = ..., tax: _Optional[int] = ...) -> None: ...

class CancelSending(_message.Message):
    __slots__ = ("order_id",)
    ORDER_ID_FIELD_NUMBER: _ClassVar[int]
    order_id: str
    def __init__(self, order_id: _Optional[str] = ...) -> None: ...

class CancelAccepted(_message.Message):
    __slots__ = ("order_id", "number")
    ORDER_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    order_id: str
    number: str
    def __init__(self, order_id: _Optional[str] = ..., number: _Optional[str] = ...) -> None: ...

class CancelRefused(_message.Message):
    __slots__ = ("order_id", "code", "message")
    ORDER_ID_FIELD_NUMBER: _ClassVar[int]
    CODE_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    order_id: str
    code: str
    message: str
    def __init__(self, order_id: _Optional[str] = ..., code: _Optional[str] = ..., message: _Optional[str] = ...) -> None: ...

class CancelUnknown(_message.Message):
    __slots__ = ("order_id", "reason")
    ORDER_ID_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    order_id: str
    reason: str
    def __init__(self, order_id: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class OrderCanceled(_message.Message):
    __slots__ = ("order_id", "quantity")
    ORDER_ID_FIELD_NUMBER: _ClassVar[int]
    QUANTITY_FIELD_NUMBER: _ClassVar[int]
    order_id: str
    quantity: int
    def __init__(self, order_id: _Optional[str] = ..., quantity: _Optional[int] = ...) -> None: ...

class OrderExpired(_message.Message):
    __slots__ = ("order_id", "quantity")
    ORDER_ID_FIELD_NUMBER: _ClassVar[int]
    QUANTITY_FIELD_NUMBER: _ClassVar[int]
    order_id: str
    quantity: int
    def __init__(self, order_id: _Optional[str] = ..., quantity: _Optional[int] = ...) -> None: ...

class NoticeTaken(_message.Message):
    __slots__ = ("notice",)
    NOTICE_FIELD_NUMBER: _ClassVar[int]
    notice: BrokerNotice
    def __init__(self, notice: _Optional[_Union[BrokerNotice, _Mapping]] = ...) -> None: ...

class OrderInquired(_message.Message):
    __slots__ = ("number", "filled_quantity", "filled_amount")
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    FILLED_QUANTITY_FIELD_NUMBER: _ClassVar[int]
    FILLED_AMOUNT_FIELD_NUMBER: _ClassVar[int]
    number: str
    filled_quantity: int
    filled_amount: int
    def __init__(self, number: _Optional[str] = ..., filled_quantity: _Optional[int] = ..., filled_amount: _Optional[int] = ...) -> None: ...

class TradingStateChanged(_message.Message):
    __slots__ = ("state", "reason")
    STATE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    state: TradingState
    reason: str
    def __init__(self, state: _Optional[_Union[TradingState, str]] = ..., reason: _Optional[str] = ...) -> None: ...

class ForeignOrderSeen(_message.Message):
    __slots__ = ("number", "symbol", "side", "quantity")
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    SYMBOL_FIELD_NUMBER: _ClassVar[int]
    SIDE_FIELD_NUMBER: _ClassVar[int]
    QUANTITY_FIELD_NUMBER: _ClassVar[int]
    number: str
    symbol: str
    side: _common_pb2.Side
    quantity: int
    def __init__(self, number: _Optional[str] = ..., symbol: _Optional[str] = ..., side: _Optional[_Union[_common_pb2.Side, str]] = ..., quantity: _Optional[int] = ...) -> None: ...

class DifferenceFound(_message.Message):
    __slots__ = ("subject", "ours", "theirs")
    SUBJECT_FIELD_NUMBER: _ClassVar[int]
    OURS_FIELD_NUMBER: _ClassVar[int]
    THEIRS_FIELD_NUMBER: _ClassVar[int]
    subject: str
    ours: int
    theirs: int
    def __init__(self, subject: _Optional[str] = ..., ours: _Optional[int] = ..., theirs: _Optional[int] = ...) -> None: ...

class Reconciled(_message.Message):
    __slots__ = ("cash", "holdings_count")
    CASH_FIELD_NUMBER: _ClassVar[int]
    HOLDINGS_COUNT_FIELD_NUMBER: _ClassVar[int]
    cash: int
    holdings_count: int
    def __init__(self, cash: _Optional[int] = ..., holdings_count: _Optional[int] = ...) -> None: ...
