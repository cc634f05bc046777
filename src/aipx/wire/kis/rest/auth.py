"""Tokens, approval keys and hash keys."""

from typing import Any

import msgspec

from aipx.errors import BadPeerData
from aipx.model.time import NANOS_PER_SECOND, Nanos, kst_midnight
from aipx.wire.kis.rest.envelope import RestRequest, json_body, parse_output
from aipx.wire.kis.texts import TIME_OF_DAY_NS, day_of, shown

TOKEN_PATH = "/oauth2/tokenP"  # noqa: S105 - an address, not a secret
APPROVAL_PATH = "/oauth2/Approval"
REVOKE_PATH = "/oauth2/revokeP"
HASHKEY_PATH = "/uapi/hashkey"
_SECRET_CHARS_MAX = 2_000


class AccessToken(msgspec.Struct, frozen=True, kw_only=True):
    """A token and how long KIS says it lives: a length, and a moment of KIS's own clock."""

    token: str
    lifetime_ns: int
    ends_at: Nanos

    def __repr__(self) -> str:
        return f"AccessToken(…, ends_at={self.ends_at})"


class _Token(msgspec.Struct):
    access_token: str
    token_type: str
    expires_in: int
    access_token_token_expired: str


class _Approval(msgspec.Struct):
    approval_key: str


class _Revoked(msgspec.Struct):
    code: int
    message: str = ""


class _Hash(msgspec.Struct):
    HASH: str
    BODY: Any = None


def token_request(*, appkey: str, appsecret: str) -> RestRequest:
    """Return the request for an access token. KIS takes one a minute."""
    fields = {"grant_type": "client_credentials", "appkey": appkey, "appsecret": appsecret}
    return RestRequest(method="POST", path=TOKEN_PATH, body=json_body(fields))


def parse_token(body: bytes) -> AccessToken:
    """Read a token.

    Raises:
        BadPeerData: another shape, an empty token, another type than Bearer or no time of life.
    """
    answer = parse_output(body, _Token, what="tokenP")
    if answer.token_type != "Bearer" or answer.expires_in <= 0:  # noqa: S105 - a type of token
        raise BadPeerData(
            f"token of type {shown(answer.token_type)} lives {answer.expires_in} s,"
            " must be Bearer and live"
        )
    return AccessToken(
        token=_secret(answer.access_token, what="access_token"),
        lifetime_ns=answer.expires_in * NANOS_PER_SECOND,
        ends_at=_moment(answer.access_token_token_expired),
    )


def approval_request(*, appkey: str, appsecret: str) -> RestRequest:
    """Return the request for a WebSocket key; it names the secret in its own way."""
    fields = {"grant_type": "client_credentials", "appkey": appkey, "secretkey": appsecret}
    return RestRequest(method="POST", path=APPROVAL_PATH, body=json_body(fields))


def parse_approval(body: bytes) -> str:
    """Read a WebSocket key.

    Raises:
        BadPeerData: another shape, or an empty key.
    """
    answer = parse_output(body, _Approval, what="Approval")
    return _secret(answer.approval_key, what="approval_key")


def revoke_request(*, appkey: str, appsecret: str, token: str) -> RestRequest:
    """Return the request that ends a token."""
    fields = {"appkey": appkey, "appsecret": appsecret, "token": token}
    return RestRequest(method="POST", path=REVOKE_PATH, body=json_body(fields))


def parse_revoked(body: bytes) -> bool:
    """Tell whether the token was ended.

    Raises:
        BadPeerData: another shape.
    """
    return parse_output(body, _Revoked, what="revokeP").code == 200


def hashkey_request(order_body: bytes) -> RestRequest:
    """Return the request for the hash of an order's body; sending it along is optional."""
    return RestRequest(method="POST", path=HASHKEY_PATH, body=order_body)


def parse_hashkey(body: bytes) -> str:
    """Read a hash.

    Raises:
        BadPeerData: another shape, or an empty hash.
    """
    return _secret(parse_output(body, _Hash, what="hashkey").HASH, what="HASH")


def _secret(text: str, *, what: str) -> str:
    is_header = text.isascii() and text.isprintable() and " " not in text
    if not is_header or not 0 < len(text) <= _SECRET_CHARS_MAX:
        raise BadPeerData(
            f"{what} has {len(text)} characters, must be 1-{_SECRET_CHARS_MAX} printable ones"
        )
    return text


def _moment(text: str) -> Nanos:
    """Return the moment of `YYYY-MM-DD HH:MM:SS` in Korea."""
    day, _, at = text.partition(" ")
    midnight = kst_midnight(day_of(day.replace("-", ""), field="access_token_token_expired"))
    return Nanos(midnight + TIME_OF_DAY_NS[at.replace(":", "")])
