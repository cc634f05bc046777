"""What KIS's answer to an order means."""

import pytest

from aipx.adapters.kis.verdicts import TokenDead, judge
from aipx.model.outcome import Acceptance, Refusal, UnknownOutcome
from tests.support.kis_transports import response
from tests.support.kis_wire import answer, refusal

OUTPUT = {"KRX_FWDG_ORD_ORGNO": "06010", "ODNO": "0000000007", "ORD_TMD": "093354"}


@pytest.mark.parametrize("status", [200, 500])
def test_success_with_a_number_is_acceptance(status: int) -> None:
    outcome = judge(response(answer(output=OUTPUT), status=status))

    assert outcome == Acceptance(
        number="0000000007",  # type: ignore[arg-type]
        organisation="06010",
        order_time="093354",
        sent_monotonic_ns=77,
    )


@pytest.mark.parametrize("status", [200, 500])
@pytest.mark.parametrize("code", ["APBK0952", "40250000", "EGW00201", "EGW00215", "EGW02006"])
def test_certain_no_is_refusal_whatever_the_status(code: str, status: int) -> None:
    outcome = judge(response(refusal(code, "주문가능금액을 초과 했습니다"), status=status))

    assert isinstance(outcome, Refusal)
    assert outcome.code == code


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 200),
        (b"", 504),
        (b"<html>Bad Gateway</html>", 502),
        (answer(output=OUTPUT)[:-20], 200),
        (answer(output={"ODNO": ""}), 200),
        (answer(), 200),
        (refusal("EGW00301"), 500),
        (refusal("EGW00302"), 500),
        (refusal("EGW00002"), 500),
        (refusal(""), 200),
        (refusal("NEWCODE1"), 200),
        (b'{"error":"internal"}', 500),
    ],
)
def test_everything_else_is_unknown(body: bytes, status: int) -> None:
    assert isinstance(judge(response(body, status=status)), UnknownOutcome)


@pytest.mark.parametrize("code", ["EGW00121", "EGW00123"])
def test_dead_token_is_told_apart(code: str) -> None:
    assert isinstance(judge(response(refusal(code), status=500)), TokenDead)
