"""One REST call."""

from aipx.adapters.kis.limiter import Priority
from aipx.runtime.virtual_time import run_virtual
from aipx.wire.kis.rest.envelope import RestRequest
from tests.support.kis_transports import ScriptedHttp, access, response

REQUEST = RestRequest(method="GET", path="/uapi/x", tr_id="TTTC0000R", query=(("A", ""),))


def headers_of(token: str, tr_cont: str = "") -> dict[str, str]:
    http = ScriptedHttp(lambda _: response(b""))
    call = access(http).rest.send(
        REQUEST, priority=Priority.INQUIRY, timeout_ns=10**9, token=token, tr_cont=tr_cont
    )
    run_virtual(call)
    return dict(http.requests[0].headers)


def test_call_with_a_token_names_the_caller_and_the_tr() -> None:
    assert headers_of("t", tr_cont="N") == {
        "content-type": "application/json; charset=utf-8",
        "authorization": "Bearer t",
        "appkey": "k" * 36,
        "appsecret": "s" * 180,
        "tr_id": "TTTC0000R",
        "custtype": "P",
        "tr_cont": "N",
    }


def test_call_for_a_token_has_no_keys_in_its_headers() -> None:
    assert headers_of("") == {"content-type": "application/json; charset=utf-8"}
