import pytest

from aipx.errors import BadPeerData
from aipx.model.order import CancelOrder
from aipx.wire.codec import Codec
from aipx.wire.facts import CANCEL_ORDER, SUBMIT_ORDER
from aipx_api.orders.v1 import orders_pb2
from tests.support.oms import wish


def test_struct_and_message_have_the_same_fields():
    message = SUBMIT_ORDER.to_message(wish(quantity=7))

    assert message.quantity == 7
    assert message.side == 1
    assert SUBMIT_ORDER.from_message(message) == wish(quantity=7)


def test_enum_number_that_nobody_knows_is_refused():
    message = SUBMIT_ORDER.to_message(wish())
    message.side = 9

    with pytest.raises(BadPeerData, match="Side has no number 9"):
        SUBMIT_ORDER.from_message(message)


def test_unset_enum_is_refused():
    with pytest.raises(BadPeerData, match="has no number 0"):
        SUBMIT_ORDER.decode(b"")


def test_bytes_that_are_no_message_are_refused():
    with pytest.raises(BadPeerData, match="no such message"):
        CANCEL_ORDER.decode(b"\xff\xff\xff")


def test_struct_with_a_field_that_the_message_lacks_cannot_have_a_codec():
    with pytest.raises(KeyError):
        Codec(type(wish()), orders_pb2.CancelOrder)


def test_fields_of_a_later_version_are_passed_over():
    later = orders_pb2.SubmitOrder(client_order_id="c-1", trace_id="t", quantity=5)

    decoded = CANCEL_ORDER.decode(
        orders_pb2.CancelOrder(client_order_id="c-1").SerializeToString()
        + b"\xfa\x3e\x03abc"  # field 999, length-delimited
    )

    assert decoded == CancelOrder(client_order_id=later.client_order_id)
