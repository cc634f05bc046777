"""Keys, tokens and rates, all by the wall clock."""

import json

import pytest

from aipx.model.time import NANOS_PER_SECOND, Nanos
from aipx.ports.transport import HttpRequest
from aipx.simulator.rest.gate import Gate, hashkey_of, oauth_fields
from aipx.simulator.settings import simulated_account

ACCOUNT = simulated_account(1)
WALL = Nanos(1_700_000_000 * NANOS_PER_SECOND)


def gate(requests: int = 3) -> Gate:
    return Gate([ACCOUNT], seed=1, requests_per_second_max=requests)


def later(seconds: float) -> Nanos:
    return Nanos(WALL + round(seconds * NANOS_PER_SECOND))


def oauth(**changes) -> HttpRequest:
    known = {
        "grant_type": "client_credentials",
        "appkey": ACCOUNT.appkey,
        "appsecret": ACCOUNT.appsecret,
        "secretkey": ACCOUNT.appsecret,
    }
    body = json.dumps({**known, **changes}).encode()
    return HttpRequest(method="POST", path="/oauth2/tokenP", headers={}, body=body)


def token_of(of: Gate, at: Nanos = WALL) -> str:
    return json.loads(of.issue_token(oauth(), at).body)["access_token"]


def call(token: str, **changes) -> HttpRequest:
    headers = {
        "authorization": f"Bearer {token}",
        "appkey": ACCOUNT.appkey,
        "appsecret": ACCOUNT.appsecret,
    }
    return HttpRequest(method="GET", path="/uapi/x", headers={**headers, **changes})


def code(of: Gate, request: HttpRequest, at: Nanos = WALL) -> str:
    rejection = of.check_call(request, at)
    return "" if rejection is None else rejection.code


def test_token_answer_is_shaped_as_kis_sends_it():
    response = gate().issue_token(oauth(), WALL)

    body = json.loads(response.body)
    assert (response.status, body["token_type"], body["expires_in"]) == (200, "Bearer", 86_400)
    assert body["access_token"].count(".") == 2
    assert len(body["access_token"]) <= 350
    # 1,700,000,000 is 2023-11-15 07:13:20 in Korea.
    assert body["access_token_token_expired"] == "2023-11-16 07:13:20"


def test_second_token_within_the_minute_is_refused_with_403():
    of = gate()
    token_of(of)

    response = of.issue_token(oauth(), later(59))

    assert response.status == 403
    assert json.loads(response.body)["error_code"] == "EGW00133"


def test_token_is_the_same_for_six_hours_and_then_another():
    of = gate()
    first = token_of(of)

    assert token_of(of, later(6 * 3_600 - 1)) == first
    assert token_of(of, later(6 * 3_600 + 60)) != first


@pytest.mark.parametrize(
    ("changes", "failure"),
    [
        ({"appkey": "x" * 36}, "EGW00103"),
        ({"appsecret": "x" * 180}, "EGW00105"),
        ({"grant_type": ""}, "EGW00115"),
        ({"grant_type": "password"}, "EGW00116"),
        ({"appkey": 5}, "EGW00103"),
    ],
)
def test_bad_token_request_is_refused_by_code(changes, failure):
    response = gate().issue_token(oauth(**changes), WALL)

    assert response.status == 403
    assert json.loads(response.body)["error_code"] == failure


def test_approval_key_has_36_characters_and_leads_to_its_appkey():
    of = gate()

    keys = [json.loads(of.issue_approval(oauth()).body)["approval_key"] for _ in range(2)]

    assert [len(key) for key in keys] == [36, 36]
    assert {of.appkey_of_approval(key) for key in keys} == {ACCOUNT.appkey}
    assert of.appkey_of_approval("x") is None


def test_call_with_a_good_token_passes():
    of = gate()

    assert code(of, call(token_of(of))) == ""


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"authorization": ""}, "EGW00122"),
        ({"authorization": "Basic x"}, "EGW00205"),
        ({"authorization": "Bearer nonsense"}, "EGW00121"),
        ({"appkey": ""}, "EGW00102"),
        ({"appkey": "x"}, "EGW00103"),
        ({"appsecret": ""}, "EGW00104"),
        ({"appsecret": "x"}, "EGW00105"),
    ],
)
def test_bad_headers_are_refused_by_code(changes, expected):
    of = gate()

    assert code(of, call(token_of(of), **changes)) == expected


def test_token_ends_after_a_day():
    of = gate()
    token = token_of(of)

    assert code(of, call(token), later(86_399)) == ""
    assert code(of, call(token), later(86_400)) == "EGW00123"


def test_tokens_can_be_ended_as_by_maintenance():
    of = gate()
    token = token_of(of)

    of.expire_tokens(later(5))

    assert code(of, call(token), later(5)) == "EGW00123"
    assert token_of(of, later(70)) != token


def test_revoked_token_is_invalid():
    of = gate()
    token = token_of(of)

    body = json.loads(of.revoke_token(oauth(token=token)).body)

    assert body["code"] == 200
    assert code(of, call(token)) == "EGW00121"


def test_rate_is_counted_in_a_sliding_second():
    of = gate(requests=3)
    request = call(token_of(of))

    codes = [code(of, request, later(at)) for at in (0, 0.4, 0.9, 0.95, 0.999, 1.0, 1.3, 1.4)]

    assert codes == ["", "", "", "EGW00201", "EGW00201", "", "EGW00201", ""]


def test_body_that_is_no_object_has_no_fields():
    for body in (b"", b"[]", b"\xff", b"{", b"5"):
        request = HttpRequest(method="POST", path="/", headers={}, body=body)

        assert oauth_fields(request) == {}


def test_hashkey_depends_on_every_byte():
    assert hashkey_of(b'{"A":"1"}') != hashkey_of(b'{"A":"2"}')
