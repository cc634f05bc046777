"""Registrations, their answers and PINGPONG."""

import pytest

from aipx.errors import BadPeerData
from aipx.wire.kis.control import (
    Ack,
    PingPong,
    Registration,
    format_ack,
    format_pingpong,
    format_registration,
    parse_control,
    parse_registration,
)
from aipx.wire.kis.crypto import AesKey
from tests.support.kis_wire import IV_TEXT, KEY_TEXT


def test_registration_is_written_as_documented() -> None:
    text = format_registration(Registration(approval_key="k", tr_id="H0STCNT0", tr_key="005930"))

    assert text == (
        '{"header":{"approval_key":"k","custtype":"P","tr_type":"1","content-type":"utf-8"},'
        '"body":{"input":{"tr_id":"H0STCNT0","tr_key":"005930"}}}'
    )


@pytest.mark.parametrize("is_release", [True, False])
def test_registration_survives_the_wire(*, is_release: bool) -> None:
    registration = Registration(
        approval_key="k", tr_id="H0STASP0", tr_key="0001A0", is_release=is_release
    )

    assert parse_registration(format_registration(registration)) == registration


@pytest.mark.parametrize(
    "ack",
    [
        Ack(
            tr_id="H0STCNI9",
            tr_key="TESTID01",
            is_success=True,
            code="OPSP0000",
            message="SUBSCRIBE SUCCESS",
            key=AesKey(key=KEY_TEXT, iv=IV_TEXT),
        ),
        Ack(
            tr_id="(null)",
            tr_key="",
            is_success=False,
            code="OPSP8996",
            message="ALREADY IN USE appkey",
        ),
    ],
)
def test_answer_survives_the_wire(ack: Ack) -> None:
    assert parse_control(format_ack(ack)) == ack


def test_encryption_is_announced_for_notices_only() -> None:
    key = AesKey(key=KEY_TEXT, iv=IV_TEXT)

    def text(tr_id: str) -> str:
        ack = Ack(tr_id=tr_id, tr_key="x", is_success=True, code="OPSP0000", message="", key=key)
        return format_ack(ack)

    assert '"encrypt":"Y"' in text("H0STCNI0")
    assert '"encrypt":"N"' in text("H0STCNT0")


def test_pingpong_survives_the_wire() -> None:
    assert parse_control(format_pingpong("20260915093000")) == PingPong(at="20260915093000")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "<html>",
        '{"header":{"tr_id":"H0STCNT0"}}',
        '{"header":{"tr_id":1}}',
        '{"header":{"tr_id":"H0STCNT0"},"body":{"rt_cd":"0","msg_cd":"OPSP0000"}}',
        '{"header":{"tr_id":"x"},"body":{"rt_cd":"0","msg_cd":"OPSP0000","output":{"iv":"","key":""}}}',
        "\ud800",
    ],
)
def test_anything_else_is_bad_peer_data(text: str) -> None:
    with pytest.raises(BadPeerData):
        parse_control(text)


@pytest.mark.parametrize("text", ["", "[]", '{"header":{"approval_key":"k"}}', "\ud800"])
def test_request_of_another_shape_is_bad_peer_data(text: str) -> None:
    with pytest.raises(BadPeerData):
        parse_registration(text)


def test_unknown_request_type_is_bad_peer_data() -> None:
    text = format_registration(Registration(approval_key="k", tr_id="t", tr_key="s"))

    with pytest.raises(BadPeerData, match="tr_type is '0'"):
        parse_registration(text.replace('"tr_type":"1"', '"tr_type":"0"'))
