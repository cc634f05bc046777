"""How KIS wraps what it says: envelopes, gateway codes, headers, pages.

Written from KIS's documents and recorded answers, not from our client's parsers: the client is
proven against it.
"""

from collections.abc import Mapping, Sequence

import msgspec

from aipx.ports.transport import HttpRequest, HttpResponse

PAGE_KEY_CHARACTERS = 100
MESSAGE_CHARACTERS = 80

GATEWAY_TEXTS: Mapping[str, str] = {
    "EGW00002": "서버 에러가 발생했습니다.",
    "EGW00003": "접근이 거부되었습니다.",
    "EGW00101": "유효하지 않은 요청입니다.",
    "EGW00102": "AppKey는 필수입니다.",
    "EGW00103": "유효하지 않은 AppKey입니다.",
    "EGW00104": "AppSecret은 필수입니다.",
    "EGW00105": "유효하지 않은 AppSecret입니다.",
    "EGW00115": "grant_type은 필수입니다.",
    "EGW00116": "지원하지 않는 grant_type 입니다.",
    "EGW00121": "유효하지 않은 token 입니다.",
    "EGW00122": "token을 찾을 수 없습니다.",
    "EGW00123": "기간이 만료된 token 입니다.",
    "EGW00131": "유효하지 않은 hashkey입니다.",
    "EGW00132": "Content Type이 유효하지 않습니다.",
    "EGW00133": "접근토큰 발급 잠시 후 다시 시도하세요(1분당 1회)",
    "EGW00201": "초당 거래건수를 초과하였습니다.",
    "EGW00203": "OPS라우팅 중 오류가 발생했습니다.",
    "EGW00205": "credentials_type이 유효하지 않습니다.(Bearer)",
    "EGW00208": "고객구분(custtype)이 유효하지 않습니다.",
    "EGW00209": "일련번호(seq_no)가 유효하지 않습니다.",
    "EGW00210": "법인고객은 모의투자를 이용할 수 없습니다.",
    "EGW00215": "원장에서 허용 가능한 초당 거래건수를 초과하였습니다.",
    "EGW02006": "모의투자 TR 이 아닙니다.",
    "IGW00007": "전문 생성 중 오류가 발생했습니다.",
    "OPSQ0002": "존재하지 않는 서비스 코드 입니다.",
    "OPSQ9999": "ERROR : INPUT tr_id not found",
    "OPSQ2000": "ERROR : INPUT INVALID_CHECK_ACNO",
}

JsonValue = str | int | Mapping[str, "JsonValue"] | Sequence["JsonValue"]


class Rejection(msgspec.Struct, frozen=True, kw_only=True):
    """KIS's no: business (`rt_cd` 1 or 7), query server (2) or gateway."""

    code: str
    message: str
    result: str = "1"
    status: int = 200


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """What an endpoint answers on success: bodies beside the envelope, and whether more follows."""

    code: str
    message: str
    body: Mapping[str, JsonValue]
    continuation: str = ""


Answer = Reply | Rejection


class RestReply(msgspec.Struct, frozen=True, kw_only=True):
    """What the transport does: answer after `delay_ns`, or never where there is no response."""

    response: HttpResponse | None
    delay_ns: int = 0


def gateway(code: str, *, status: int = 500) -> Rejection:
    """Return a gateway's or query server's refusal with its text."""
    result = "2" if code.startswith("OPSQ") else "1"
    return Rejection(code=code, message=GATEWAY_TEXTS[code], result=result, status=status)


def bad_field(name: str) -> Rejection:
    """Return the query server's refusal of one field (captured form, OPSQ2001)."""
    return Rejection(code="OPSQ2001", message=f"ERROR : INPUT INVALID_CHECK_{name}", result="2")


def bad_length(name: str) -> Rejection:
    """Return the query server's refusal of a field's length."""
    return Rejection(
        code="OPSQ2002", message=f"ERROR : INPUT INVALID_CHECK_FIELD_LENGTH {name}", result="2"
    )


def answer_response(answer: Answer, request: HttpRequest) -> HttpResponse:
    """Wrap an endpoint's answer as KIS sends it."""
    if isinstance(answer, Rejection):
        body: dict[str, JsonValue] = {
            "rt_cd": answer.result,
            "msg_cd": answer.code,
            "msg1": answer.message,
        }
        return json_response(answer.status, body, request)
    body = {
        "rt_cd": "0",
        "msg_cd": answer.code,
        "msg1": answer.message.ljust(MESSAGE_CHARACTERS),
        **answer.body,
    }
    return json_response(200, body, request, continuation=answer.continuation)


def oauth_failure(code: str, *, request: HttpRequest, status: int = 403) -> HttpResponse:
    """Return a token endpoint's failure, which has an envelope of its own."""
    body = {"error_description": GATEWAY_TEXTS[code], "error_code": code}
    return json_response(status, body, request)


def json_response(
    status: int,
    body: Mapping[str, JsonValue],
    request: HttpRequest,
    *,
    continuation: str = "",
) -> HttpResponse:
    """Return a JSON answer with KIS's three headers, which it writes in lower case."""
    headers = {
        "content-type": "application/json; charset=utf-8",
        "tr_id": _echo(request.headers.get("tr_id", "")),
        "tr_cont": continuation,
        "gt_uid": _echo(request.headers.get("gt_uid", "")),
    }
    return HttpResponse(status=status, headers=headers, body=msgspec.json.encode(body))


def _echo(text: str) -> str:
    """Return a header's value as it may go back: what is no printable ASCII is left out."""
    return text if text.isascii() and text.isprintable() else ""


def page_key(text: str) -> str:
    """Pad a CTX_AREA value as KIS echoes it."""
    return text.ljust(PAGE_KEY_CHARACTERS)


def fixed(value: int, decimals: int, *, scale: int) -> str:
    """Write the integer `value / scale` with `decimals` places, cut toward zero."""
    sign = "-" if value < 0 else ""
    whole, rest = divmod(abs(value) * 10**decimals // scale, 10**decimals)
    return f"{sign}{whole}.{rest:0{decimals}d}"


def percent(part: int, whole: int, *, decimals: int = 2) -> str:
    """Write `part / whole` in percent; 0 where there is no whole."""
    if whole == 0:
        return fixed(0, decimals, scale=1)
    if whole < 0:
        part, whole = -part, -whole
    return fixed(part * 100, decimals, scale=whole)


def sign_of(difference: int) -> str:
    """Return KIS's sign: 2 up, 3 unchanged, 5 down."""
    if difference == 0:
        return "3"
    return "2" if difference > 0 else "5"
