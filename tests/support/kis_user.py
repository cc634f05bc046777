"""A program written for KIS, in raw requests: what the simulator is tested with."""

import json
from typing import Any

import msgspec

from aipx.model.time import NANOS_PER_MINUTE, NANOS_PER_SECOND, Nanos
from aipx.ports.transport import HttpRequest, HttpResponse
from aipx.simulator.exchange import DailyBar
from aipx.simulator.faults import FaultPlan
from aipx.simulator.kis import SimulatedKis
from aipx.simulator.sessions import SocketSession
from aipx.simulator.settings import SimulatedAccount, SimulatorSettings, simulated_account
from aipx.wire.kis.codes import Environment
from tests.support import markets

WALL = Nanos(1_800_000_000 * NANOS_PER_SECOND)
SYMBOL = markets.SYMBOL
TRADING = "/uapi/domestic-stock/v1/trading"
QUOTATIONS = "/uapi/domestic-stock/v1/quotations"


def settings(**changes: Any) -> SimulatorSettings:
    known = {"day": markets.DAY, "accounts": (simulated_account(1),)}
    return SimulatorSettings(**{**known, "requests_per_second_max": 1_000_000, **changes})


def kis(
    *bars: DailyBar, faults: FaultPlan | None = None, of: SimulatorSettings | None = None
) -> SimulatedKis:
    return SimulatedKis(settings=of or settings(), exchange=markets.exchange(*bars), faults=faults)


def open_kis(
    *bars: DailyBar, faults: FaultPlan | None = None, of: SimulatorSettings | None = None
) -> SimulatedKis:
    """Return KIS ten minutes into continuous trading."""
    host = kis(*bars, faults=faults, of=of)
    host.advance(Nanos(host.session.open + 10 * NANOS_PER_MINUTE))
    return host


class KisUser:
    """Sends what KIS's documents say, and reads answers as plain JSON."""

    def __init__(self, host: SimulatedKis, *, account: SimulatedAccount | None = None) -> None:
        self.host = host
        self.account = account or host.settings.accounts[0]
        self.wall = WALL
        self.is_paper = host.settings.environment is Environment.PAPER
        self.token = ""
        self.keys: dict[str, dict[str, str]] = {}

    def log_in(self) -> "KisUser":
        answer = self.oauth("tokenP", appsecret=self.account.appsecret)
        self.token = answer["access_token"]
        return self

    def oauth(self, name: str, **fields: str) -> dict[str, Any]:
        known = {"grant_type": "client_credentials", "appkey": self.account.appkey}
        body = json.dumps({**known, **fields}).encode()
        request = HttpRequest(method="POST", path=f"/oauth2/{name}", headers={}, body=body)
        return body_of(self.send(request))

    def send(self, request: HttpRequest) -> HttpResponse:
        response = self.host.rest(request, wall=self.wall).response
        assert response is not None
        return response

    def headers(self, tr_id: str, tr_cont: str = "") -> dict[str, str]:
        return {
            "content-type": "application/json; charset=utf-8",
            "authorization": f"Bearer {self.token}",
            "appkey": self.account.appkey,
            "appsecret": self.account.appsecret,
            "tr_id": f"V{tr_id[1:]}" if self.is_paper and tr_id[0] in "TC" else tr_id,
            "tr_cont": tr_cont,
        }

    def post(self, name: str, tr_id: str, fields: dict[str, str]) -> dict[str, Any]:
        return body_of(self.send(self.post_request(name, tr_id, fields)))

    def post_request(self, name: str, tr_id: str, fields: dict[str, str]) -> HttpRequest:
        body = json.dumps({**self._account_fields(), **fields}).encode()
        return HttpRequest(
            method="POST", path=f"{TRADING}/{name}", headers=self.headers(tr_id), body=body
        )

    def get(
        self, path: str, tr_id: str, fields: dict[str, str], *, tr_cont: str = ""
    ) -> tuple[dict[str, Any], str]:
        request = HttpRequest(
            method="GET",
            path=path,
            headers=self.headers(tr_id, tr_cont),
            query=tuple(fields.items()),
        )
        response = self.send(request)
        return body_of(response), response.headers["tr_cont"]

    def order_request(
        self, side: str, quantity: int, price: int, *, kind: str = "00", symbol: str = SYMBOL
    ) -> HttpRequest:
        fields = {
            "PDNO": symbol,
            "ORD_DVSN": kind,
            "ORD_QTY": str(quantity),
            "ORD_UNPR": str(price),
        }
        tr_id = "TTTC0012U" if side == "buy" else "TTTC0011U"
        return self.post_request("order-cash", tr_id, fields)

    def order(
        self, side: str, quantity: int, price: int, *, kind: str = "00", symbol: str = SYMBOL
    ) -> dict[str, Any]:
        request = self.order_request(side, quantity, price, kind=kind, symbol=symbol)
        return body_of(self.send(request))

    def change(
        self, number: str, *, modify_to: int = 0, quantity: int | None = None
    ) -> dict[str, Any]:
        fields = {
            "KRX_FWDG_ORD_ORGNO": self.host.settings.organisation,
            "ORGN_ODNO": number,
            "ORD_DVSN": "00",
            "RVSE_CNCL_DVSN_CD": "01" if modify_to else "02",
            "ORD_QTY": str(quantity or 0),
            "ORD_UNPR": str(modify_to),
            "QTY_ALL_ORD_YN": "Y" if quantity is None else "N",
        }
        return self.post("order-rvsecncl", "TTTC0013U", fields)

    def balance(self, **fields: str) -> dict[str, Any]:
        path = f"{TRADING}/inquire-balance"
        return self.get(path, "TTTC8434R", {**self._account_fields(), **fields})[0]

    def orders(self, *, tr_cont: str = "", **fields: str) -> tuple[dict[str, Any], str]:
        known = {"INQR_DVSN": "01", "CCLD_DVSN": "00", "SLL_BUY_DVSN_CD": "00"}
        path = f"{TRADING}/inquire-daily-ccld"
        query = {**self._account_fields(), **known, **fields}
        return self.get(path, "TTTC0081R", query, tr_cont=tr_cont)

    def quote(self, name: str, tr_id: str, **fields: str) -> dict[str, Any]:
        known = {"FID_COND_MRKT_DIV_CODE": "J", "FID_INPUT_ISCD": SYMBOL}
        return self.get(f"{QUOTATIONS}/{name}", tr_id, {**known, **fields})[0]

    def session(self, *channels: tuple[str, str]) -> SocketSession:
        """Open a session and register; the keys of the acks are kept by TR id."""
        session = self.host.connect(wall=self.wall)
        approval = self.oauth("Approval", secretkey=self.account.appsecret)["approval_key"]
        for tr_id, tr_key in channels:
            session.receive(registration(approval, tr_id, tr_key), wall=self.wall)
        for text in session.take():
            ack = json.loads(text)
            self.keys[ack["header"]["tr_id"]] = ack["body"].get("output", {})
        return session

    def _account_fields(self) -> dict[str, str]:
        return {"CANO": self.account.cano, "ACNT_PRDT_CD": self.account.product}


def registration(approval: str, tr_id: str, tr_key: str, *, tr_type: str = "1") -> str:
    header = {"approval_key": approval, "custtype": "P", "tr_type": tr_type}
    body = {"input": {"tr_id": tr_id, "tr_key": tr_key}}
    return json.dumps({"header": {**header, "content-type": "utf-8"}, "body": body})


def body_of(response: HttpResponse) -> dict[str, Any]:
    body: dict[str, Any] = msgspec.json.decode(response.body)
    return body
