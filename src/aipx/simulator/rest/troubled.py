"""The REST host with the plan's faults around it: late, lost and broken answers."""

import re
from email.utils import formatdate

import msgspec

from aipx.model.time import NANOS_PER_MILLISECOND, NANOS_PER_SECOND, Nanos, kst_hhmmss
from aipx.ports.transport import HttpRequest, HttpResponse
from aipx.simulator.checks import AUCTION_KIND, OFF_TICK
from aipx.simulator.faults import FaultName, FaultPlan
from aipx.simulator.rest.api import Area, RestApi
from aipx.simulator.rest.envelope import (
    Rejection,
    RestReply,
    answer_response,
    gateway,
    oauth_failure,
)
from aipx.simulator.rest.gate import Gate

_HTML = b"<html><head><title>502 Bad Gateway</title></head><body>502 Bad Gateway</body></html>"
_NO_REPLY = RestReply(response=None)
_CHANGING = frozenset({Area.ORDER, Area.CHANGE})
_THROTTLED_AREAS = frozenset({Area.ORDER, Area.CHANGE, Area.INQUIRY, Area.QUOTE})
_LEDGER_AREAS = frozenset({Area.ORDER, Area.CHANGE, Area.INQUIRY})
_ORDER_REFUSALS = ((FaultName.TICK_REJECT, OFF_TICK), (FaultName.KIND_REJECT, AUCTION_KIND))
_NOT_REGISTERED = Rejection(code="40910000", message="모의투자 주문이 불가한 계좌입니다.")
_MODIFY = re.compile(rb'"RVSE_CNCL_DVSN_CD"\s*:\s*"01"')
_DAY_SECONDS = 86_400
_NOTICE_AHEAD_NS_MIN = 50 * NANOS_PER_MILLISECOND


class TroubledApi:
    """Asks the plan at each request. Faults that lose an order act before or after the desk."""

    def __init__(self, api: RestApi, gate: Gate, faults: FaultPlan, *, is_paper: bool) -> None:
        self._api = api
        self._gate = gate
        self._faults = faults
        self._is_paper = is_paper
        self._clock_error_seconds = 0

    def reply(self, request: HttpRequest, *, wall: Nanos, at: Nanos) -> RestReply:
        """Answer a request, or not."""
        area, now = self._api.area(request), kst_hhmmss(at)
        self._age(wall, now)
        refused = self._refused(area, request, now)
        if refused is not None:
            return RestReply(response=self._dated(refused, wall))
        reply = self._taken(area, request, now, wall=wall, at=at)
        if reply.response is None:
            return reply
        return msgspec.structs.replace(reply, response=self._dated(reply.response, wall))

    def _age(self, wall: Nanos, now: str) -> None:
        """Let tokens die and the clock go wrong, where the plan says so."""
        if self._strikes(FaultName.TOKEN_REVOKED, now):
            if self._faults.choose(FaultName.TOKEN_REVOKED, 2) == 0:
                self._gate.forget_tokens()
            else:
                self._gate.expire_tokens(wall)
        if self._strikes(FaultName.CLOCK_SKEW, now):
            drawn = self._faults.delay_ns(FaultName.CLOCK_SKEW) // NANOS_PER_SECOND
            sign = 1 if self._faults.choose(FaultName.CLOCK_SKEW, 2) else -1
            self._clock_error_seconds = sign * max(drawn, 1)

    def _refused(self, area: Area, request: HttpRequest, now: str) -> HttpResponse | None:
        """Return the refusal of a request that would have been taken, and now is not."""
        if area is Area.AUTHENTICATION:
            return self._refused_key(request, now)
        if area in _THROTTLED_AREAS and self._strikes(FaultName.THROTTLED, now):
            code = "EGW00201"
            if area in _LEDGER_AREAS and self._faults.choose(FaultName.THROTTLED, 2):
                code = "EGW00215"
            return answer_response(gateway(code), request)
        if self._strikes(FaultName.KEYS_MIXED, now):
            return answer_response(gateway("EGW00103", status=403), request)
        if area is Area.ORDER:
            return self._refused_order(request, now)
        return None

    def _refused_key(self, request: HttpRequest, now: str) -> HttpResponse | None:
        if request.path.endswith("/tokenP") and self._strikes(FaultName.TOKEN_RATE, now):
            return oauth_failure("EGW00133", request=request)
        if self._strikes(FaultName.KEYS_MIXED, now):
            return oauth_failure("EGW00103", request=request)
        return None

    def _refused_order(self, request: HttpRequest, now: str) -> HttpResponse | None:
        for name, reason in _ORDER_REFUSALS:
            if self._strikes(name, now):
                return answer_response(reason.of(is_paper=self._is_paper), request)
        if self._is_paper and self._strikes(FaultName.PAPER_REGISTRATION, now):
            return answer_response(_NOT_REGISTERED, request)
        return None

    def _taken(
        self, area: Area, request: HttpRequest, now: str, *, wall: Nanos, at: Nanos
    ) -> RestReply:
        if area is Area.ORDER and self._strikes(FaultName.ORDER_REFUSED_TIMEOUT, now):
            return _NO_REPLY
        lost = self._lost_change(area, request, now)
        if lost is not None and self._faults.choose(lost, 2) == 0:
            return _NO_REPLY
        is_broken = self._strikes(FaultName.HTML_ERROR, now)
        if is_broken and area in _CHANGING and self._faults.choose(FaultName.HTML_ERROR, 2) == 0:
            return RestReply(response=self._broken(None))
        response = self._api.answer(request, wall=wall, at=at)
        if lost is not None:
            return _NO_REPLY
        if is_broken:
            return RestReply(response=self._broken(response))
        return self._after(area, response, now)

    def _lost_change(self, area: Area, request: HttpRequest, now: str) -> FaultName | None:
        """Return the fault that swallows the answer to a modify or cancel, if one does."""
        if area is not Area.CHANGE:
            return None
        if self._strikes(FaultName.CANCEL_TIMEOUT, now):
            return FaultName.CANCEL_TIMEOUT
        is_modify = _MODIFY.search(request.body) is not None
        if is_modify and self._strikes(FaultName.REPLACE_UNKNOWN, now):
            return FaultName.REPLACE_UNKNOWN
        return None

    def _after(self, area: Area, response: HttpResponse, now: str) -> RestReply:
        """Apply what happens to an answer on its way."""
        if area is Area.ORDER and self._strikes(FaultName.ORDER_TIMEOUT, now):
            return _NO_REPLY
        if area is Area.ORDER and self._strikes(FaultName.SUCCESS_WITHOUT_NUMBER, now):
            response = _without_number(response)
        if area in _LEDGER_AREAS and _is_refusal(response):
            if self._strikes(FaultName.BODY_WITH_500, now):
                response = msgspec.structs.replace(response, status=500)
        elif area in _CHANGING and self._clock_error_seconds:
            response = _at_another_time(response, self._clock_error_seconds)
        delay_ns = 0
        if self._strikes(FaultName.SLOW, now):
            delay_ns += self._faults.delay_ns(FaultName.SLOW)
        if area in _CHANGING and self._strikes(FaultName.NOTICE_BEFORE_ANSWER, now):
            drawn = self._faults.delay_ns(FaultName.NOTICE_BEFORE_ANSWER)
            delay_ns += max(drawn, _NOTICE_AHEAD_NS_MIN)
        return RestReply(response=response, delay_ns=delay_ns)

    def _strikes(self, name: FaultName, now: str) -> bool:
        return self._faults.strikes(name, now)

    def _dated(self, response: HttpResponse, wall: Nanos) -> HttpResponse:
        """Put the wrong clock's date on an answer; a right one is the server's own business."""
        if not self._clock_error_seconds:
            return response
        seconds = wall // NANOS_PER_SECOND + self._clock_error_seconds
        headers = {**response.headers, "date": formatdate(seconds, usegmt=True)}
        return msgspec.structs.replace(response, headers=headers)

    def _broken(self, response: HttpResponse | None) -> HttpResponse:
        """Return an HTML page, half a body, or nothing."""
        variant = self._faults.choose(FaultName.HTML_ERROR, 3)
        if variant == 1 and response is not None:
            half = response.body[: len(response.body) // 2]
            return msgspec.structs.replace(response, body=half)
        body = _HTML if variant == 0 else b""
        return HttpResponse(status=502, headers={"content-type": "text/html"}, body=body)


def _without_number(response: HttpResponse) -> HttpResponse:
    """Take the number out of an order's success; a refusal stays as it is."""
    body = msgspec.json.decode(response.body)
    output = body.get("output")
    if not isinstance(output, dict):
        return response
    output.pop("ODNO", None)
    return msgspec.structs.replace(response, body=msgspec.json.encode(body))


def _is_refusal(response: HttpResponse) -> bool:
    return response.status == 200 and b'"rt_cd":"0"' not in response.body


def _at_another_time(response: HttpResponse, seconds: int) -> HttpResponse:
    """Move ORD_TMD of an order's success by so many seconds of the clock."""
    body = msgspec.json.decode(response.body)
    output = body.get("output")
    if not isinstance(output, dict):
        return response
    told = str(output["ORD_TMD"])
    moved = int(told[:2]) * 3_600 + int(told[2:4]) * 60 + int(told[4:6]) + seconds
    hours, rest = divmod(moved % _DAY_SECONDS, 3_600)
    output["ORD_TMD"] = f"{hours:02d}{rest // 60:02d}{rest % 60:02d}"
    return msgspec.structs.replace(response, body=msgspec.json.encode(body))
