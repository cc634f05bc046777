"""The doctor of the way to KIS."""

import pytest
from msgspec.structs import replace
from pydantic import SecretStr

from aipx.adapters.kis.settings import KisRestSettings
from aipx.cli.kis_doctor import Finding, KisDoctor, Status
from aipx.model.ids import Symbol
from aipx.ports.transport import HttpRequest, HttpResponse
from aipx.runtime.virtual_time import run_virtual
from tests.support.kis_transports import (
    CREDENTIALS,
    SILENT,
    WALL_START,
    OpenHttp,
    Reply,
    ScriptedHttp,
    ScriptedSockets,
    VirtualClock,
    access,
    response,
)
from tests.support.kis_wire import CASH_ROW, PRICE_OUTPUT, answer, refusal

NINE_IN_GMT = "Tue, 15 Sep 2026 00:00:00 GMT"
POWER = {"psbl_qty_calc_unpr": "93600", "nrcvb_buy_amt": "1000000", "nrcvb_buy_qty": "10"}


class Kis:
    """A KIS in order, but for the answers that a test replaces by the end of their path."""

    def __init__(self, *, date: str = NINE_IN_GMT, **replies: HttpResponse) -> None:
        self._replies = {name.replace("_", "-"): reply for name, reply in replies.items()}
        self._date = date

    def __call__(self, request: HttpRequest) -> Reply:
        name = request.path.rpartition("/")[2]
        bodies = {
            "inquire-price": answer(output=PRICE_OUTPUT),
            "inquire-balance": answer(output1=[], output2=[CASH_ROW]),
            "inquire-psbl-order": answer(output=POWER),
        }
        reply = self._replies.get(name) or response(bodies[name])
        return replace(reply, headers=reply.headers | {"date": self._date})


def findings(
    kis: Kis,
    *,
    sockets: ScriptedSockets | None = None,
    http: ScriptedHttp | None = None,
    secret: str = "s" * 180,
) -> dict[str, Finding]:
    credentials = replace(CREDENTIALS, appsecret=SecretStr(secret))

    async def story() -> list[Finding]:
        shared = access(
            http or ScriptedHttp(kis), settings=KisRestSettings(), credentials=credentials
        )
        doctor = KisDoctor(
            shared,
            sockets=sockets or ScriptedSockets(),
            wall_clock=VirtualClock(WALL_START),
            symbol=Symbol("005930"),
        )
        return await doctor.examine()

    return {each.check: each for each in run_virtual(story())}


def test_way_that_is_open_is_well_in_every_check() -> None:
    found = findings(Kis())

    assert {each.status for each in found.values()} == {Status.OK}
    assert list(found) == [
        *("keys", "token", "clock", "quotes", "account", "order permission"),
        *("websocket", "rate"),
    ]


def test_wrong_key_is_explained_and_skips_the_rest() -> None:
    http = OpenHttp(lambda _: response(refusal("EGW00103"), status=403))

    found = findings(Kis(), http=http)

    assert found["token"].status is Status.FAILED
    assert "real and paper keys differ" in found["token"].text
    assert found["account"].status is Status.SKIPPED


@pytest.mark.parametrize(
    ("date", "status"),
    [
        ("Tue, 15 Sep 2026 00:00:05 GMT", Status.WARNING),
        ("Tue, 15 Sep 2026 00:05:00 GMT", Status.FAILED),
        ("yesterday", Status.FAILED),
        ("", Status.FAILED),
    ],
)
def test_clock_is_compared_with_the_date_header(date: str, status: Status) -> None:
    assert findings(Kis(date=date))["clock"].status is status


def test_secret_of_another_length_is_a_warning_that_does_not_show_it() -> None:
    found = findings(Kis(), secret="s" * 20)

    assert found["keys"].status is Status.WARNING
    assert "sss" not in found["keys"].text


def test_wrong_account_is_explained() -> None:
    refused = response(refusal("OPSQ2000", "ERROR : INPUT INVALID_CHECK_ACNO"))
    found = findings(Kis(inquire_balance=refused))

    assert found["account"].status is Status.FAILED
    assert "account number is wrong" in found["account"].text
    assert found["quotes"].status is Status.OK


@pytest.mark.parametrize(
    ("code", "words"), [("OPSP8996", "another session uses this app key"), (SILENT, "within 10 s")]
)
def test_socket_that_is_not_given_is_explained(code: str, words: str) -> None:
    found = findings(Kis(), sockets=ScriptedSockets({"H0STCNI0": code}))

    assert found["websocket"].status is Status.FAILED
    assert words in found["websocket"].text


def test_throttled_key_is_a_warning() -> None:
    left = [18]

    class Throttling(Kis):
        def __call__(self, request: HttpRequest) -> Reply:
            left[0] -= 1
            return super().__call__(request) if left[0] > 0 else throttled

    throttled = response(refusal("EGW00201"), status=500)
    found = findings(Throttling())

    assert found["rate"].status is Status.WARNING
    assert "of 18 requests" in found["rate"].text
