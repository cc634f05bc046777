"""What the OMS says of itself in the log: every fact at debug, those that need eyes as warnings."""

import msgspec
import structlog

from aipx.engine.inputs import CancelGiven, Input, NoticeGiven, WishGiven
from aipx.model.order import (
    AnyOrderFact,
    CancelUnknown,
    DifferenceFound,
    FillAmended,
    ForeignOrderSeen,
    OrderLost,
    OrderRejected,
    OrderUnknown,
    TradingStateChanged,
)

log = structlog.get_logger(__name__)

_WARNINGS = (
    CancelUnknown,
    DifferenceFound,
    FillAmended,
    ForeignOrderSeen,
    OrderLost,
    OrderRejected,
    OrderUnknown,
    TradingStateChanged,
)


def log_fact(fact: AnyOrderFact) -> None:
    """Log a fact that was just decided."""
    name = type(fact).__name__
    if isinstance(fact, _WARNINGS):
        log.warning("order.fact", kind=name, **msgspec.structs.asdict(fact))
    else:
        log.debug("order.fact", kind=name)


def trace_id_of(given: Input) -> str:
    """Return the trace that an input belongs to; empty where it begins none."""
    match given:
        case WishGiven() | CancelGiven():
            return given.wish.trace_id
        case NoticeGiven():
            return given.notice.trace_id
        case _:
            return ""
