"""Faults of the REST host: what was taken, and what was answered."""

import pytest

from aipx.simulator.faults import Fault, FaultName, FaultPlan
from tests.support.kis_user import SYMBOL, WALL, KisUser, body_of, open_kis


def user_with(*faults: Fault, seed: int = 1) -> KisUser:
    host = open_kis(faults=FaultPlan(faults, seed=seed))
    return KisUser(host).log_in()


def certain(name: FaultName, **changes) -> Fault:
    return Fault(name=name, probability=1, **changes)


def send_order(user: KisUser, quantity: int = 1):
    price = user.host.listings[SYMBOL].limits.lower
    return user.host.rest(user.order_request("buy", quantity, price), wall=WALL)


def taken(user: KisUser) -> int:
    return len(user.host.ledger(user.account.account_id).orders)


def test_order_timeout_takes_the_order_and_never_answers():
    user = user_with(certain(FaultName.ORDER_TIMEOUT))

    assert send_order(user).response is None
    assert taken(user) == 1


def test_refused_timeout_takes_nothing_and_never_answers():
    user = user_with(certain(FaultName.ORDER_REFUSED_TIMEOUT))

    assert send_order(user).response is None
    assert taken(user) == 0


def test_success_without_number_takes_the_order_and_hides_its_number():
    user = user_with(certain(FaultName.SUCCESS_WITHOUT_NUMBER))

    response = send_order(user).response

    assert response is not None
    body = body_of(response)
    assert body["rt_cd"] == "0"
    assert "ODNO" not in body["output"]
    assert taken(user) == 1


def test_refusal_is_answered_as_ever_where_the_number_would_be_hidden():
    user = user_with(certain(FaultName.SUCCESS_WITHOUT_NUMBER))

    response = send_order(user, quantity=0).response

    assert response is not None
    assert body_of(response)["rt_cd"] != "0"


def test_throttled_order_was_not_taken():
    user = user_with(certain(FaultName.THROTTLED))

    response = send_order(user).response

    assert response is not None
    assert (response.status, body_of(response)["msg_cd"]) == (500, "EGW00201")
    assert taken(user) == 0


def test_slow_answer_says_how_late_it_is():
    user = user_with(certain(FaultName.SLOW, delay_ns_min=7, delay_ns_max=7))

    assert send_order(user).delay_ns == 7


def test_answer_can_be_held_back_behind_its_notices():
    user = user_with(certain(FaultName.NOTICE_BEFORE_ANSWER))

    reply = send_order(user)

    assert reply.response is not None
    assert reply.delay_ns >= 50_000_000


@pytest.mark.parametrize("seed", range(8))
def test_lost_cancel_is_taken_or_not_and_never_answered(seed):
    user = user_with(certain(FaultName.CANCEL_TIMEOUT), seed=seed)
    send_order(user)
    request = user.post_request(
        "order-rvsecncl",
        "TTTC0013U",
        {
            "KRX_FWDG_ORD_ORGNO": "06010",
            "ORGN_ODNO": "0000000001",
            "ORD_DVSN": "00",
            "RVSE_CNCL_DVSN_CD": "02",
            "ORD_QTY": "0",
            "ORD_UNPR": "0",
            "QTY_ALL_ORD_YN": "Y",
        },
    )

    assert user.host.rest(request, wall=WALL).response is None
    assert taken(user) in (1, 2)


def test_lost_cancels_are_taken_in_some_runs_and_not_in_others():
    outcomes = set()
    for seed in range(8):
        plan = FaultPlan([certain(FaultName.CANCEL_TIMEOUT)], seed=seed)
        plan.strikes(FaultName.CANCEL_TIMEOUT, "120000")
        outcomes.add(plan.choose(FaultName.CANCEL_TIMEOUT, 2))

    assert outcomes == {0, 1}


def test_broken_answers_are_html_half_or_empty_and_orders_taken_or_not():
    shapes, outcomes = set(), set()
    for seed in range(40):
        host = open_kis()
        user = KisUser(host).log_in()
        plan = FaultPlan([certain(FaultName.HTML_ERROR)], seed=seed)
        host._api._faults = plan  # the login before needed a whole answer
        response = send_order(user).response
        assert response is not None
        body = response.body
        shapes.add("html" if body[:1] == b"<" else "half" if body else "empty")
        outcomes.add(taken(user))

    assert shapes == {"html", "half", "empty"}
    assert outcomes == {0, 1}
