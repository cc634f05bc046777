"""Envelopes and number formats."""

import json

import pytest

from aipx.ports.transport import HttpRequest
from aipx.simulator.rest import envelope

REQUEST = HttpRequest(method="GET", path="/", headers={"tr_id": "FHKST01010100", "gt_uid": "abc"})


def test_success_has_the_envelope_and_echoes_the_headers():
    reply = envelope.Reply(code="MCA00000", message="ok", body={"output": {}}, continuation="D")

    response = envelope.answer_response(reply, REQUEST)

    body = json.loads(response.body)
    assert (response.status, body["rt_cd"], body["msg_cd"]) == (200, "0", "MCA00000")
    assert len(body["msg1"]) == 80
    assert {name: response.headers[name] for name in ("tr_id", "tr_cont", "gt_uid")} == {
        "tr_id": "FHKST01010100",
        "tr_cont": "D",
        "gt_uid": "abc",
    }


def test_refusal_has_no_output_and_keeps_its_status():
    response = envelope.answer_response(envelope.gateway("EGW00201"), REQUEST)

    assert response.status == 500
    assert json.loads(response.body) == {
        "rt_cd": "1",
        "msg_cd": "EGW00201",
        "msg1": "초당 거래건수를 초과하였습니다.",
    }


def test_query_servers_refusal_has_result_2():
    assert envelope.gateway("OPSQ2000").result == envelope.bad_field("X").result == "2"


def test_token_endpoint_fails_in_an_envelope_of_its_own():
    response = envelope.oauth_failure("EGW00103", request=REQUEST)

    assert response.status == 403
    assert set(json.loads(response.body)) == {"error_code", "error_description"}


def test_page_key_is_padded_to_a_hundred():
    assert envelope.page_key("0000000001") == "0000000001" + " " * 90


@pytest.mark.parametrize(
    ("value", "decimals", "scale", "text"),
    [
        (1, 2, 3, "0.33"),
        (-1, 2, 3, "-0.33"),
        (0, 2, 1, "0.00"),
        (666_666_666, 4, 10_000, "66666.6666"),
        (-5, 1, 1, "-5.0"),
    ],
)
def test_decimals_are_cut_toward_zero(value, decimals, scale, text):
    assert envelope.fixed(value, decimals, scale=scale) == text


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [(1, 4, "25.00"), (-1, 3, "-33.33"), (5, 0, "0.00"), (1, -4, "-25.00")],
)
def test_percent_of_nothing_is_zero(part, whole, text):
    assert envelope.percent(part, whole) == text


def test_sign_tells_up_flat_and_down():
    assert [envelope.sign_of(change) for change in (5, 0, -5)] == ["2", "3", "5"]
