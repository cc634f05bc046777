"""Control messages of the WebSocket: registrations, their answers, PINGPONG. JSON as text."""

import msgspec

from aipx.errors import BadPeerData
from aipx.wire.kis.codes import NOTICE_TR_IDS, PINGPONG_TR_ID, SUBSCRIBED
from aipx.wire.kis.crypto import AesKey
from aipx.wire.kis.texts import shown

REGISTER = "1"
RELEASE = "2"


class Registration(msgspec.Struct, frozen=True, kw_only=True):
    """A request to send a TR for a key (a symbol, or an HTS id for notices), or to stop it."""

    approval_key: str
    tr_id: str
    tr_key: str
    is_release: bool = False
    customer_type: str = "P"


class Ack(msgspec.Struct, frozen=True, kw_only=True):
    """KIS's answer to a registration. `key` comes with every success, for plain TRs too."""

    tr_id: str
    tr_key: str
    is_success: bool
    code: str
    message: str
    key: AesKey | None = None


class PingPong(msgspec.Struct, frozen=True, kw_only=True):
    """KIS asks whether we are there; the same text is the answer. `at` is YYYYMMDDHHMMSS."""

    at: str


Control = Ack | PingPong


class _Header(msgspec.Struct):
    tr_id: str
    tr_key: str = ""
    encrypt: str = ""
    datetime: str = ""


class _Output(msgspec.Struct):
    iv: str
    key: str


class _Body(msgspec.Struct, omit_defaults=True):
    rt_cd: str
    msg_cd: str
    msg1: str = ""
    output: _Output | None = None


class _Message(msgspec.Struct, omit_defaults=True):
    header: _Header
    body: _Body | None = None


class _RequestHeader(msgspec.Struct, rename={"content_type": "content-type"}):
    approval_key: str
    custtype: str
    tr_type: str
    content_type: str = "utf-8"


class _RequestInput(msgspec.Struct):
    tr_id: str
    tr_key: str


class _RequestBody(msgspec.Struct):
    input: _RequestInput


class _Request(msgspec.Struct):
    header: _RequestHeader
    body: _RequestBody


_message_decoder = msgspec.json.Decoder(_Message)
_request_decoder = msgspec.json.Decoder(_Request)


def format_registration(registration: Registration) -> str:
    """Return the JSON text that KIS expects."""
    header = _RequestHeader(
        approval_key=registration.approval_key,
        custtype=registration.customer_type,
        tr_type=RELEASE if registration.is_release else REGISTER,
    )
    body = _RequestBody(input=_RequestInput(tr_id=registration.tr_id, tr_key=registration.tr_key))
    return msgspec.json.encode(_Request(header=header, body=body)).decode()


def parse_registration(text: str) -> Registration:
    """Read a registration as a server would.

    Raises:
        BadPeerData: no JSON of that shape, or a tr_type other than 1 and 2.
    """
    try:
        request = _request_decoder.decode(text)
    except (msgspec.DecodeError, UnicodeError) as error:
        raise BadPeerData(f"registration {shown(text)}: {error}") from error
    if request.header.tr_type not in (REGISTER, RELEASE):
        raise BadPeerData(f"tr_type is {shown(request.header.tr_type)}, must be 1 or 2")
    return Registration(
        approval_key=request.header.approval_key,
        tr_id=request.body.input.tr_id,
        tr_key=request.body.input.tr_key,
        is_release=request.header.tr_type == RELEASE,
        customer_type=request.header.custtype,
    )


def format_ack(ack: Ack) -> str:
    """Return the JSON text of an answer; `output` is there only with a key."""
    header = {
        "tr_id": ack.tr_id,
        "tr_key": ack.tr_key,
        "encrypt": "Y" if ack.tr_id in NOTICE_TR_IDS and ack.is_success else "N",
    }
    body: dict[str, str | dict[str, str]] = {
        "rt_cd": "0" if ack.is_success else "9" if ack.tr_id == "(null)" else "1",
        "msg_cd": ack.code,
        "msg1": ack.message,
    }
    if ack.key is not None:
        body["output"] = {"iv": ack.key.iv, "key": ack.key.key}
    return msgspec.json.encode({"header": header, "body": body}).decode()


def format_pingpong(at: str) -> str:
    """Return KIS's question; `at` is YYYYMMDDHHMMSS in Korea."""
    return msgspec.json.encode({"header": {"tr_id": PINGPONG_TR_ID, "datetime": at}}).decode()


def parse_control(text: str) -> Control:
    """Read what KIS says beside data.

    Raises:
        BadPeerData: neither PINGPONG nor an answer, or a success without a usable key.
    """
    try:
        message = _message_decoder.decode(text)
    except (msgspec.DecodeError, UnicodeError) as error:
        raise BadPeerData(f"control message {shown(text)}: {error}") from error
    if message.header.tr_id == PINGPONG_TR_ID:
        return PingPong(at=message.header.datetime)
    if message.body is None:
        raise BadPeerData(f"answer for {shown(message.header.tr_id)} has no body")
    return _ack(message.header, message.body)


def _ack(header: _Header, body: _Body) -> Ack:
    is_success = body.rt_cd == "0"
    if is_success and body.msg_cd == SUBSCRIBED and body.output is None:
        raise BadPeerData(f"answer for {shown(header.tr_id)} is a success without iv and key")
    output = body.output
    return Ack(
        tr_id=header.tr_id,
        tr_key=header.tr_key,
        is_success=is_success,
        code=body.msg_cd,
        message=body.msg1.strip(),
        key=None if output is None else AesKey(key=output.key, iv=output.iv),
    )
