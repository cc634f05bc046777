"""What all REST calls share: a request's shape, and the envelope around every answer.

KIS says success and failure in the body, whatever the HTTP status: business refusals come with
200 and with 500. Only a body without an envelope leaves the status to speak.
"""

import re
from collections.abc import Mapping
from enum import Enum
from typing import TypeVar

import msgspec

from aipx.errors import BadPeerData, RateLimited, Refused, RemoteError, Unreachable
from aipx.model.ids import AccountId
from aipx.model.time import NANOS_PER_SECOND
from aipx.wire.kis.codes import LEDGER_EXHAUSTED, REQUESTS_EXHAUSTED
from aipx.wire.kis.texts import shown

SUCCESS = "0"
_CHANGED_WHILE_PAGING = "자료가 변경"
_MORE_PAGES = frozenset({"F", "M"})

_THROTTLES = frozenset({REQUESTS_EXHAUSTED, LEDGER_EXHAUSTED})
_GATE_REFUSALS = re.compile(
    # The gateway's words on permission, keys, tokens, headers and TR ids, which it says before it
    # passes a request on. Not among them: 00001-2 and 00202-4, 00300-2, its own inner troubles.
    "EGW(0000[34]|001[0-3][0-9]|0020[5-9]|0021[0-4]|0030[34]|02006)"
)
_LEDGER_REFUSALS = re.compile("(APBK|KIOK)[0-9]{4}|4[0-9]{7}|IGW00022")
_QUERY_REFUSALS = re.compile("OPSQ(000[12]|200[0-3]|999[5-9])")


class RestRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A call without the headers that name the caller; `tr_id` is empty where there is none."""

    method: str
    path: str
    tr_id: str = ""
    query: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


class Envelope(msgspec.Struct, frozen=True, kw_only=True):
    """The words around an answer. `body` is the whole JSON text, for the typed output within."""

    is_success: bool
    code: str
    message: str
    body: bytes
    continuation: tuple[str, str] = ("", "")
    """The keys of the next page: CTX_AREA_FK100 and …NK100, or CTX_AREA_FK and …NK."""


class Certainty(Enum):
    """What a failure's code says of the request."""

    NOT_TAKEN = "NOT_TAKEN"
    THROTTLED = "THROTTLED"
    """Counted and not taken."""
    UNKNOWN = "UNKNOWN"


class _Words(msgspec.Struct):
    rt_cd: str | None = None
    msg_cd: str = ""
    msg1: str = ""
    error_code: str = ""
    error_description: str = ""
    ctx_area_fk100: str = ""
    ctx_area_nk100: str = ""
    ctx_area_fk: str = ""
    ctx_area_nk: str = ""


_Output = TypeVar("_Output")
_words_decoder = msgspec.json.Decoder(_Words)


def json_body(fields: Mapping[str, str]) -> bytes:
    """Return a JSON object of strings, in the order given."""
    return msgspec.json.encode(dict(fields))


def account_fields(account: AccountId) -> tuple[tuple[str, str], tuple[str, str]]:
    """Return CANO and ACNT_PRDT_CD of `12345678-01`."""
    number, _, product = account.partition("-")
    return ("CANO", number), ("ACNT_PRDT_CD", product)


def parse_envelope(body: bytes) -> Envelope:
    """Read the words of an answer.

    Raises:
        BadPeerData: no envelope: HTML, a cut or empty body, or JSON of another shape.
    """
    try:
        words = _words_decoder.decode(body)
    except (msgspec.DecodeError, UnicodeError) as error:
        start = body[:60].decode("utf-8", "replace")
        raise BadPeerData(f"body of {len(body)} bytes {shown(start)} is no KIS answer") from error
    if words.rt_cd is None:
        if not words.error_code:
            raise BadPeerData(f"answer of {len(body)} bytes has neither rt_cd nor error_code")
        return Envelope(
            is_success=False,
            code=words.error_code,
            message=words.error_description.strip(),
            body=body,
        )
    return Envelope(
        is_success=words.rt_cd == SUCCESS,
        code=words.msg_cd.strip(),
        message=words.msg1.strip(),
        body=body,
        continuation=(
            words.ctx_area_fk100 or words.ctx_area_fk,
            words.ctx_area_nk100 or words.ctx_area_nk,
        ),
    )


def parse_output(body: bytes, shape: type[_Output], *, what: str) -> _Output:
    """Read the typed part of a successful answer; fields that are not asked for are passed over.

    Raises:
        BadPeerData: a field is missing or not of its type (numbers must be strings).
    """
    try:
        return msgspec.json.decode(body, type=shape)
    except (msgspec.DecodeError, UnicodeError) as error:
        raise BadPeerData(f"answer to {what}: {error}") from error


def certainty(code: str) -> Certainty:
    """Tell what a failure's code says of whether the request was acted on.

    Anything that is not certainly a refusal is unknown: codes not listed, no code at all, and
    timeouts within KIS.
    """
    if code in _THROTTLES:
        return Certainty.THROTTLED
    refusals = (_LEDGER_REFUSALS, _GATE_REFUSALS, _QUERY_REFUSALS)
    if any(refusal.fullmatch(code) for refusal in refusals):
        return Certainty.NOT_TAKEN
    return Certainty.UNKNOWN


def is_changed_while_paging(envelope: Envelope) -> bool:
    """Tell whether KIS says that the listing changed between two pages."""
    return _CHANGED_WHILE_PAGING in envelope.message


def has_more_pages(tr_cont: str) -> bool:
    """Tell by the answer's header `tr_cont` whether there is a next page."""
    return tr_cont.strip() in _MORE_PAGES


def failure(envelope: Envelope, *, what: str) -> RemoteError:
    """Return the error that an unsuccessful inquiry is to be raised as."""
    text = f"{what}: {envelope.code} {envelope.message}"
    match certainty(envelope.code):
        case Certainty.THROTTLED:
            return RateLimited(text, retry_after_ns=NANOS_PER_SECOND)
        case Certainty.UNKNOWN:
            return Unreachable(text)
        case Certainty.NOT_TAKEN:
            return Refused(text, code=envelope.code, reason=envelope.message)
