"""Every address of the REST host: which TR ids it takes, and who answers."""

import re
from collections.abc import Callable, Mapping
from enum import Enum
from urllib.parse import parse_qsl

import msgspec

from aipx.model.time import Nanos
from aipx.ports.transport import HttpRequest, HttpResponse
from aipx.simulator.rest import (
    account_inquiries,
    charts,
    order_inquiries,
    orders,
    quotes,
    reference,
)
from aipx.simulator.rest.envelope import (
    Answer,
    Rejection,
    answer_response,
    gateway,
    json_response,
)
from aipx.simulator.rest.gate import Gate, hashkey_of
from aipx.simulator.rest.office import Call, Office

Endpoint = Callable[[Office, Call], Answer]


class Area(Enum):
    """What a request is about; faults strike by area."""

    AUTHENTICATION = "authentication"
    ORDER = "order"
    CHANGE = "change"
    INQUIRY = "inquiry"
    QUOTE = "quote"
    UNKNOWN = "unknown"


class Route(msgspec.Struct, frozen=True, kw_only=True):
    """An address: its method, its TR ids on the real system, who answers."""

    method: str
    path: str
    area: Area
    tr_ids: frozenset[str]
    endpoint: Endpoint
    is_real_only: bool


def _route(
    area: Area,
    method: str,
    place: str,
    name: str,
    endpoint: Endpoint,
    *tr_ids: str,
    is_real_only: bool = False,
) -> Route:
    return Route(
        method=method,
        path=f"/uapi/domestic-stock/v1/{place}/{name}",
        area=area,
        tr_ids=frozenset(tr_ids),
        endpoint=endpoint,
        is_real_only=is_real_only,
    )


_ORDER_IDS = ("TTTC0011U", "TTTC0012U", "TTTC0801U", "TTTC0802U")
_INQUIRY = (Area.INQUIRY, "GET", "trading")
_QUOTE = (Area.QUOTE, "GET", "quotations")
ROUTES = (
    _route(Area.ORDER, "POST", "trading", "order-cash", orders.place_order, *_ORDER_IDS),
    _route(
        *(Area.CHANGE, "POST", "trading", "order-rvsecncl"),
        *(orders.change_order, "TTTC0013U", "TTTC0803U"),
    ),
    _route(*_INQUIRY, "inquire-balance", account_inquiries.balance, "TTTC8434R"),
    _route(
        *(*_INQUIRY, "inquire-daily-ccld", order_inquiries.daily_orders),
        *("TTTC0081R", "TTTC8001R", "CTSC9215R", "CTSC9115R"),
    ),
    _route(*_INQUIRY, "inquire-psbl-order", account_inquiries.buying_power, "TTTC8908R"),
    _route(
        *(*_INQUIRY, "inquire-psbl-rvsecncl", order_inquiries.open_orders),
        *("TTTC0084R", "TTTC8036R"),
        is_real_only=True,
    ),
    _route(
        *(*_INQUIRY, "inquire-psbl-sell", account_inquiries.sellable),
        "TTTC8408R",
        is_real_only=True,
    ),
    _route(*_QUOTE, "inquire-price", quotes.price, "FHKST01010100"),
    _route(*_QUOTE, "inquire-asking-price-exp-ccn", quotes.asking_price, "FHKST01010200"),
    _route(*_QUOTE, "inquire-ccnl", quotes.latest_trades, "FHKST01010300"),
    _route(*_QUOTE, "inquire-daily-itemchartprice", charts.daily_chart, "FHKST03010100"),
    _route(*_QUOTE, "inquire-daily-price", charts.daily_prices, "FHKST01010400"),
    _route(*_QUOTE, "inquire-time-itemchartprice", charts.minute_chart, "FHKST03010200"),
    _route(
        *(*_QUOTE, "inquire-time-dailychartprice", charts.past_minute_chart, "FHKST03010230"),
        is_real_only=True,
    ),
    _route(*_QUOTE, "chk-holiday", reference.holidays, "CTCA0903R", is_real_only=True),
    _route(*_QUOTE, "volume-rank", reference.volume_rank, "FHPST01710000", is_real_only=True),
    _route(*_QUOTE, "search-stock-info", reference.stock_info, "CTPF1002R", is_real_only=True),
    _route(*_QUOTE, "inquire-vi-status", reference.vi_status, "FHPST01390000", is_real_only=True),
)
_ROUTE_BY_PATH: Mapping[str, Route] = {route.path: route for route in ROUTES}
_AUTHENTICATION = frozenset({"/oauth2/tokenP", "/oauth2/Approval", "/oauth2/revokeP"})
_HASHKEY = "/uapi/hashkey"
# The official helper's rule for paper: the first letter becomes V, if it is one of these.
_PAPER_FIRST_LETTERS = frozenset("TJC")


class RestApi:
    """The host: answers any request with something of KIS's shape."""

    def __init__(self, office: Office, gate: Gate) -> None:
        self._office = office
        self._gate = gate

    def area(self, request: HttpRequest) -> Area:
        """Tell what a request is about, by its address."""
        path = plain_path(request.path)
        if path in _AUTHENTICATION or path == _HASHKEY:
            return Area.AUTHENTICATION
        route = _ROUTE_BY_PATH.get(path)
        return Area.UNKNOWN if route is None else route.area

    def answer(self, request: HttpRequest, *, wall: Nanos, at: Nanos) -> HttpResponse:
        """Answer a request that came at host time `wall` and market time `at`."""
        path = plain_path(request.path)
        if path in _AUTHENTICATION or path == _HASHKEY:
            return self._authenticate(path, request, wall)
        return answer_response(self._call(path, request, wall, at), request)

    def _authenticate(  # noqa: PLR0911 - one return an address
        self, path: str, request: HttpRequest, wall: Nanos
    ) -> HttpResponse:
        if request.method != "POST":
            return answer_response(gateway("EGW00101", status=405), request)
        if path == "/oauth2/tokenP":
            return self._gate.issue_token(request, wall)
        if path == "/oauth2/revokeP":
            return self._gate.revoke_token(request)
        if path == "/oauth2/Approval":
            return self._gate.issue_approval(request)
        rejection = self._gate.check_key_headers(request.headers)
        if rejection:
            return answer_response(rejection, request)
        body = _string_fields(request.body)
        if isinstance(body, Rejection):
            return answer_response(body, request)
        return json_response(200, {"BODY": body, "HASH": hashkey_of(request.body)}, request)

    def _call(self, path: str, request: HttpRequest, wall: Nanos, at: Nanos) -> Answer:
        route = _ROUTE_BY_PATH.get(path)
        if route is None:
            return gateway("EGW00203", status=404)
        if request.method != route.method:
            return gateway("EGW00101", status=405)
        rejection = self._gate.check_call(request, wall)
        if rejection:
            return rejection
        tr_id = request.headers.get("tr_id", "").strip()
        rejection = self._check_tr_id(tr_id, route)
        if rejection:
            return rejection
        fields = _fields(request)
        if isinstance(fields, Rejection):
            return fields
        is_continued = request.headers.get("tr_cont", "").strip() == "N"
        call = Call(tr_id=tr_id, fields=fields, is_continued=is_continued, at=at)
        return route.endpoint(self._office, call)

    def _check_tr_id(self, tr_id: str, route: Route) -> Rejection | None:
        is_paper = self._office.settings.is_paper
        if not tr_id:
            return gateway("OPSQ9999")
        if is_paper and route.is_real_only:
            return gateway("EGW02006")
        known = {_paper_id(each) for each in route.tr_ids} if is_paper else route.tr_ids
        if tr_id in known:
            return None
        if is_paper and tr_id in route.tr_ids:
            return gateway("EGW02006")
        return gateway("OPSQ0002")


def plain_path(path: str) -> str:
    """Return the path as the table has it: clients in use double the slash before `uapi`."""
    return re.sub(r"/{2,}", "/", path)


def _paper_id(tr_id: str) -> str:
    return f"V{tr_id[1:]}" if tr_id[:1] in _PAPER_FIRST_LETTERS else tr_id


def _fields(request: HttpRequest) -> Mapping[str, str] | Rejection:
    """Return the request's fields with upper-case names, hashkey checked where it is sent."""
    if request.method == "GET":
        query = request.query or tuple(parse_qsl(request.body.decode("utf-8", "replace")))
        return {name.upper(): value for name, value in query}
    content_type = request.headers.get("content-type", "application/json")
    if "json" not in content_type.lower():
        return gateway("EGW00132", status=400)
    hashkey = request.headers.get("hashkey", "")
    if hashkey and hashkey != hashkey_of(request.body):
        return gateway("EGW00131")
    return _string_fields(request.body)


def _string_fields(body: bytes) -> dict[str, str] | Rejection:
    """Read a JSON object of strings; KIS builds no message of numbers or nested values."""
    try:
        return msgspec.json.decode(body, type=dict[str, str])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return gateway("IGW00007")
