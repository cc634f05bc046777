"""Tokens and keys."""

from datetime import date, time
from typing import Any

import msgspec
import pytest

from aipx.errors import BadPeerData
from aipx.model.time import NANOS_PER_DAY, kst_moment
from aipx.wire.kis.rest.auth import (
    approval_request,
    hashkey_request,
    parse_approval,
    parse_hashkey,
    parse_revoked,
    parse_token,
    revoke_request,
    token_request,
)


def token_body(**changes: Any) -> bytes:
    return msgspec.json.encode(
        {
            "access_token": "a.b.c",
            "token_type": "Bearer",
            "expires_in": 86_400,
            "access_token_token_expired": "2026-09-16 09:00:00",
        }
        | changes
    )


def test_token_has_a_length_and_an_end() -> None:
    token = parse_token(token_body())

    assert token.token == "a.b.c"
    assert token.lifetime_ns == NANOS_PER_DAY
    assert token.ends_at == kst_moment(date(2026, 9, 16), time(9))


@pytest.mark.parametrize(
    "changes",
    [
        {"access_token": ""},
        {"access_token": "a\nb"},
        {"access_token": "x" * 3_000},
        {"token_type": "Basic"},
        {"expires_in": 0},
        {"expires_in": "86400"},
        {"access_token_token_expired": "tomorrow"},
    ],
)
def test_token_that_could_not_be_used_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(BadPeerData):
        parse_token(token_body(**changes))


def test_token_is_not_shown() -> None:
    assert "a.b.c" not in repr(parse_token(token_body()))


def test_requests_name_the_secret_in_their_own_ways() -> None:
    assert token_request(appkey="k", appsecret="s").body == (
        b'{"grant_type":"client_credentials","appkey":"k","appsecret":"s"}'
    )
    assert approval_request(appkey="k", appsecret="s").body == (
        b'{"grant_type":"client_credentials","appkey":"k","secretkey":"s"}'
    )
    assert revoke_request(appkey="k", appsecret="s", token="t").body == (
        b'{"appkey":"k","appsecret":"s","token":"t"}'
    )


def test_approval_key_is_read() -> None:
    assert parse_approval(b'{"approval_key":"a-b"}') == "a-b"
    with pytest.raises(BadPeerData):
        parse_approval(b'{"approval_key":""}')


def test_revocation_is_told_by_a_number() -> None:
    assert parse_revoked(b'{"code":200,"message":"ok"}')
    assert not parse_revoked(b'{"code":500}')


def test_hash_is_of_the_body_unchanged() -> None:
    assert hashkey_request(b'{"A":"1"}').body == b'{"A":"1"}'
    assert parse_hashkey(b'{"BODY":{"A":"1"},"HASH":"h"}') == "h"
