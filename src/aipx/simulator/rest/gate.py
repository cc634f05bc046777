"""The gateway before every API: keys, tokens, request rates. Everything here is wall-clock time.

Clients compare a token's expiry with their host's clock, and request rates protect a host, so
none of it follows the market's time.
"""

import base64
import hashlib
from collections import deque
from collections.abc import Mapping, Sequence

import msgspec

from aipx.model.time import NANOS_PER_MINUTE, NANOS_PER_SECOND, Nanos, kst_date, kst_time
from aipx.ports.transport import HttpRequest, HttpResponse
from aipx.simulator.rest.envelope import (
    JsonValue,
    Rejection,
    gateway,
    json_response,
    oauth_failure,
)
from aipx.simulator.settings import SimulatedAccount

TOKEN_LIFETIME_SECONDS = 86_400
TOKEN_SAME_NS = 6 * 3_600 * NANOS_PER_SECOND
TOKENS_KEPT_MAX = 32
APPROVALS_KEPT_MAX = 1_024
_RATE_WINDOW_NS = NANOS_PER_SECOND


class _Token(msgspec.Struct, frozen=True, kw_only=True):
    text: str
    appkey: str
    issued: Nanos
    expires: Nanos


class Gate:
    """Knows the app keys, and what was issued to them."""

    def __init__(
        self,
        accounts: Sequence[SimulatedAccount],
        *,
        seed: int,
        requests_per_second_max: int,
        is_paper: bool = False,
    ) -> None:
        self._is_paper = is_paper
        self._secret_by_appkey = {each.appkey: each.appsecret for each in accounts}
        self._seed = seed
        self._requests_max = requests_per_second_max
        self._window_by_appkey: dict[str, deque[int]] = {}
        self._last_issue: dict[str, _Token] = {}
        self._asked_at: dict[str, Nanos] = {}
        self._tokens: dict[str, _Token] = {}
        self._appkey_by_approval: dict[str, str] = {}
        self._issue_count = 0

    def issue_token(self, request: HttpRequest, wall: Nanos) -> HttpResponse:
        """Answer POST /oauth2/tokenP."""
        fields = oauth_fields(request)
        failure = self._check_keys(fields, secret_field="appsecret")  # noqa: S106 - a field's name
        if failure:
            return oauth_failure(failure, request=request)
        appkey = fields["appkey"]
        asked_at = self._asked_at.get(appkey)
        if asked_at is not None and wall - asked_at < NANOS_PER_MINUTE:
            return oauth_failure("EGW00133", request=request)
        self._asked_at[appkey] = wall
        token = self._current_token(appkey, wall)
        moment = f"{kst_date(token.expires)} {kst_time(token.expires):%H:%M:%S}"
        body: dict[str, JsonValue] = {
            "access_token": token.text,
            "access_token_token_expired": moment,
            "token_type": "Bearer",
            "expires_in": (token.expires - wall) // NANOS_PER_SECOND,
        }
        return json_response(200, body, request)

    def revoke_token(self, request: HttpRequest) -> HttpResponse:
        """Answer POST /oauth2/revokeP."""
        fields = oauth_fields(request)
        failure = self._check_keys(fields, secret_field="appsecret", asks_grant=False)  # noqa: S106
        if failure:
            return oauth_failure(failure, request=request)
        token = self._tokens.pop(fields.get("token", ""), None)
        if token is None or token.appkey != fields["appkey"]:
            return oauth_failure("EGW00121", request=request)
        self._last_issue.pop(token.appkey, None)
        body: dict[str, JsonValue] = {"code": 200, "message": "접근토큰 폐기에 성공하였습니다"}
        return json_response(200, body, request)

    def issue_approval(self, request: HttpRequest) -> HttpResponse:
        """Answer POST /oauth2/Approval; KIS takes several calls within a second."""
        fields = oauth_fields(request)
        failure = self._check_keys(fields, secret_field="secretkey")  # noqa: S106 - a field's name
        if failure:
            return oauth_failure(failure, request=request)
        digest = self._digest("approval", fields["appkey"]).hex()
        key = f"{digest[:8]}-{digest[8:12]}-{digest[12:16]}-{digest[16:20]}-{digest[20:32]}"
        while len(self._appkey_by_approval) >= APPROVALS_KEPT_MAX:
            del self._appkey_by_approval[next(iter(self._appkey_by_approval))]
        self._appkey_by_approval[key] = fields["appkey"]
        return json_response(200, {"approval_key": key}, request)

    def appkey_of_approval(self, approval_key: str) -> str | None:
        """Return whose a WebSocket approval key is."""
        return self._appkey_by_approval.get(approval_key)

    def check_call(self, request: HttpRequest, wall: Nanos) -> Rejection | None:
        """Check keys, token and rate of an API call; None lets it pass."""
        rejection = self._check_headers(request, wall)
        return rejection or self._count(request.headers["appkey"], wall)

    def check_key_headers(self, headers: Mapping[str, str]) -> Rejection | None:
        """Check the two key headers alone, as the hashkey call does."""
        appkey, appsecret = headers.get("appkey", ""), headers.get("appsecret", "")
        if not appkey:
            return gateway("EGW00102", status=403)
        if appkey not in self._secret_by_appkey:
            return gateway("EGW00103", status=403)
        if not appsecret:
            return gateway("EGW00104", status=403)
        if appsecret != self._secret_by_appkey[appkey]:
            return gateway("EGW00105", status=403)
        return None

    def _check_headers(self, request: HttpRequest, wall: Nanos) -> Rejection | None:
        authorization = request.headers.get("authorization", "")
        if not authorization:
            return gateway("EGW00122")
        kind, _, text = authorization.partition(" ")
        if kind.lower() != "bearer" or not text:
            return gateway("EGW00205")
        rejection = self.check_key_headers(request.headers)
        if rejection:
            return rejection
        token = self._tokens.get(text.strip())
        if token is None or token.appkey != request.headers["appkey"]:
            return gateway("EGW00121")
        if wall >= token.expires:
            return gateway("EGW00123")
        return self._check_customer(request.headers)

    def _check_customer(self, headers: Mapping[str, str]) -> Rejection | None:
        """Check who asks: a person, or a corporation, which has headers of its own."""
        kind = headers.get("custtype", "").strip()
        if kind in ("", "P"):
            return None
        if kind != "B":
            return gateway("EGW00208")
        if self._is_paper:
            return gateway("EGW00210")
        return None if headers.get("seq_no", "").strip() else gateway("EGW00209")

    def _count(self, appkey: str, wall: Nanos) -> Rejection | None:
        window = self._window_by_appkey.setdefault(appkey, deque())
        while window and wall - window[0] >= _RATE_WINDOW_NS:
            window.popleft()
        if len(window) >= self._requests_max:
            return gateway("EGW00201")
        window.append(wall)
        return None

    def expire_tokens(self, wall: Nanos) -> None:
        """Let every token be over at `wall`, as after KIS's maintenance."""
        for text, token in list(self._tokens.items()):
            self._tokens[text] = msgspec.structs.replace(token, expires=wall)
        self._last_issue.clear()
        self._asked_at.clear()

    def forget_tokens(self) -> None:
        """Forget every token: what a client still has is unknown to KIS."""
        self._tokens.clear()
        self._last_issue.clear()
        self._asked_at.clear()

    def _current_token(self, appkey: str, wall: Nanos) -> _Token:
        last = self._last_issue.get(appkey)
        if last is not None and wall - last.issued < TOKEN_SAME_NS:
            return last
        token = _Token(
            text=self._token_text(appkey),
            appkey=appkey,
            issued=wall,
            expires=Nanos(wall + TOKEN_LIFETIME_SECONDS * NANOS_PER_SECOND),
        )
        while len(self._tokens) >= TOKENS_KEPT_MAX * len(self._secret_by_appkey):
            del self._tokens[next(iter(self._tokens))]
        self._tokens[token.text] = self._last_issue[appkey] = token
        return token

    def _token_text(self, appkey: str) -> str:
        """Return something of a JWT's shape; it means nothing, and clients must not read it."""
        parts = [b'{"typ":"JWT","alg":"HS512"}', self._digest("token", appkey)[:48]]
        parts.append(self._digest("signature", appkey))
        return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts)

    def _digest(self, purpose: str, appkey: str) -> bytes:
        self._issue_count += 1
        text = f"{self._seed}/{purpose}/{appkey}/{self._issue_count}"
        return hashlib.sha512(text.encode()).digest()

    def _check_keys(
        self, fields: Mapping[str, str], *, secret_field: str, asks_grant: bool = True
    ) -> str:
        """Return the code of what is wrong with a token request, or nothing."""
        if asks_grant and not fields.get("grant_type"):
            return "EGW00115"
        if asks_grant and fields["grant_type"] != "client_credentials":
            return "EGW00116"
        if fields.get("appkey", "") not in self._secret_by_appkey:
            return "EGW00103"
        if fields.get(secret_field, "") != self._secret_by_appkey[fields["appkey"]]:
            return "EGW00105"
        return ""


def oauth_fields(request: HttpRequest) -> Mapping[str, str]:
    """Return the string fields of a token request; what is no JSON object has none."""
    try:
        body: object = msgspec.json.decode(request.body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return {}
    if not isinstance(body, dict):
        return {}
    return {str(key): value for key, value in body.items() if isinstance(value, str)}


def hashkey_of(body: bytes) -> str:
    """Return the HASH of an order body; it must come back in the header `hashkey`."""
    return hashlib.sha256(body).hexdigest()
