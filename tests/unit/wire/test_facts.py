import typing

import pytest

from aipx.errors import BadPeerData
from aipx.model.order import AnyOrderFact
from aipx.wire.facts import ORDER_EVENT, SCHEMA_VERSION, decode_fact, encode_fact
from aipx_api.orders.v1 import orders_pb2
from tests.support.market_facts import at, book, event, trade
from tests.support.oms import Desk, fill


def test_market_facts_survive_the_wire():
    for fact in (trade(80_000), book()):
        sent = event(fact, at("10:00:00"))

        assert decode_fact("market-data-raw", encode_fact("market-data-raw", sent)) == sent


def test_order_events_and_notices_survive_the_wire():
    desk = Desk()
    desk.working("0000000001")
    desk.notify(fill("0000000001", 4, 80_000))

    for sent in desk.events:
        assert decode_fact("order-events", encode_fact("order-events", sent)) == sent


def test_every_fact_of_the_model_has_a_case_in_the_message():
    cases = {field.name for field in orders_pb2.OrderEvent.DESCRIPTOR.oneofs_by_name["fact"].fields}

    assert len(cases) == len(typing.get_args(AnyOrderFact))


def test_messages_carry_their_schema_version():
    message = ORDER_EVENT.to_message(Desk().events[0])

    assert message.schema_version == SCHEMA_VERSION


def test_unknown_topic_and_unknown_kind_of_fact_are_refused():
    with pytest.raises(BadPeerData, match="nonsense"):
        decode_fact("nonsense", b"")
    with pytest.raises(BadPeerData, match="fact is not set"):
        decode_fact("order-events", orders_pb2.OrderEvent(account="a").SerializeToString())
