"""The values of the topics and the wishes of the OMS stream, as protobuf."""

from typing import Any

from aipx.errors import BadPeerData
from aipx.model.market import MarketEvent
from aipx.model.order import BrokerNotice, CancelOrder, OrderEvent, SubmitOrder
from aipx.model.signal import Signal
from aipx.wire.codec import Codec
from aipx_api.market.v1 import market_pb2
from aipx_api.orders.v1 import orders_pb2
from aipx_api.signals.v1 import signals_pb2

SCHEMA_VERSION = 1

MARKET_EVENT = Codec(MarketEvent, market_pb2.MarketEvent, schema_version=SCHEMA_VERSION)
SIGNAL = Codec(Signal, signals_pb2.Signal, schema_version=SCHEMA_VERSION)
ORDER_EVENT = Codec(OrderEvent, orders_pb2.OrderEvent, schema_version=SCHEMA_VERSION)
BROKER_NOTICE = Codec(BrokerNotice, orders_pb2.BrokerNotice, schema_version=SCHEMA_VERSION)
SUBMIT_ORDER = Codec(SubmitOrder, orders_pb2.SubmitOrder)
CANCEL_ORDER = Codec(CancelOrder, orders_pb2.CancelOrder)

_CODEC_BY_TOPIC: dict[str, Codec[Any, Any]] = {
    "market-data-raw": MARKET_EVENT,
    "trading-signals": SIGNAL,
    "order-events": ORDER_EVENT,
    "broker-notices": BROKER_NOTICE,
}


def encode_fact(topic: str, fact: MarketEvent | Signal | OrderEvent | BrokerNotice) -> bytes:
    """Return a fact as the bytes that its topic carries."""
    return _CODEC_BY_TOPIC[topic].encode(fact)


def decode_fact(topic: str, data: bytes) -> MarketEvent | Signal | OrderEvent | BrokerNotice:
    """Return the fact in some bytes of a topic.

    Raises:
        BadPeerData: dead-letter the bytes with the error's text, and go on.
    """
    codec = _CODEC_BY_TOPIC.get(topic)
    if codec is None:
        raise BadPeerData(f"topic {topic!r}, known are {', '.join(sorted(_CODEC_BY_TOPIC))}")
    fact: MarketEvent | Signal | OrderEvent | BrokerNotice = codec.decode(data)
    return fact
