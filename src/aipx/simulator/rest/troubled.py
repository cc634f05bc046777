"""The REST host with the plan's faults around it: late, lost and broken answers."""

import msgspec

from aipx.model.time import NANOS_PER_MILLISECOND, Nanos, kst_hhmmss
from aipx.ports.transport import HttpRequest, HttpResponse
from aipx.simulator.faults import FaultName, FaultPlan
from aipx.simulator.rest.api import Area, RestApi
from aipx.simulator.rest.envelope import RestReply, answer_response, gateway

_HTML = b"<html><head><title>502 Bad Gateway</title></head><body>502 Bad Gateway</body></html>"
_NO_REPLY = RestReply(response=None)
_CHANGING = frozenset({Area.ORDER, Area.CHANGE})
_THROTTLED_AREAS = frozenset({Area.ORDER, Area.CHANGE, Area.INQUIRY, Area.QUOTE})
_NOTICE_AHEAD_NS_MIN = 50 * NANOS_PER_MILLISECOND


class TroubledApi:
    """Asks the plan at each request. Faults that lose an order act before or after the desk."""

    def __init__(self, api: RestApi, faults: FaultPlan) -> None:
        self._api = api
        self._faults = faults

    def reply(self, request: HttpRequest, *, wall: Nanos, at: Nanos) -> RestReply:  # noqa: PLR0911 - each return is one refusal
        """Answer a request, or not."""
        area, now = self._api.area(request), kst_hhmmss(at)
        if area in _THROTTLED_AREAS and self._strikes(FaultName.THROTTLED, now):
            return RestReply(response=answer_response(gateway("EGW00201"), request))
        if area is Area.ORDER and self._strikes(FaultName.ORDER_REFUSED_TIMEOUT, now):
            return _NO_REPLY
        is_cancel_lost = area is Area.CHANGE and self._strikes(FaultName.CANCEL_TIMEOUT, now)
        if is_cancel_lost and self._faults.choose(FaultName.CANCEL_TIMEOUT, 2) == 0:
            return _NO_REPLY
        is_broken = self._strikes(FaultName.HTML_ERROR, now)
        if is_broken and area in _CHANGING and self._faults.choose(FaultName.HTML_ERROR, 2) == 0:
            return RestReply(response=self._broken(None))
        response = self._api.answer(request, wall=wall, at=at)
        if is_cancel_lost:
            return _NO_REPLY
        if is_broken:
            return RestReply(response=self._broken(response))
        return self._after(area, response, now)

    def _after(self, area: Area, response: HttpResponse, now: str) -> RestReply:
        """Apply what happens to an answer on its way."""
        if area is Area.ORDER and self._strikes(FaultName.ORDER_TIMEOUT, now):
            return _NO_REPLY
        if area is Area.ORDER and self._strikes(FaultName.SUCCESS_WITHOUT_NUMBER, now):
            response = _without_number(response)
        delay_ns = 0
        if self._strikes(FaultName.SLOW, now):
            delay_ns += self._faults.delay_ns(FaultName.SLOW)
        if area in _CHANGING and self._strikes(FaultName.NOTICE_BEFORE_ANSWER, now):
            drawn = self._faults.delay_ns(FaultName.NOTICE_BEFORE_ANSWER)
            delay_ns += max(drawn, _NOTICE_AHEAD_NS_MIN)
        return RestReply(response=response, delay_ns=delay_ns)

    def _strikes(self, name: FaultName, now: str) -> bool:
        return self._faults.strikes(name, now)

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
