"""Each fault of the list strikes when it is told to, and does what its line says.

What needs a frame of its own is in tests/unit/simulator/test_market_faults.py; here are the faults
of requests, registrations and notices that the unit tests of those parts do not name.
"""

import json
from collections.abc import Callable
from email.utils import parsedate_to_datetime

import pytest

from aipx.model.time import NANOS_PER_SECOND
from aipx.simulator.faults import MEANINGS, Fault, FaultName, FaultPlan
from aipx.wire.kis.codes import Environment
from aipx.wire.kis.crypto import AesKey, decrypt
from aipx.wire.kis.frames import split_frame
from tests.support.kis_user import SYMBOL, WALL, KisUser, body_of, kis, open_kis, settings

THIRTY_THREE = """
notice_width frame_width session_change paging_changed notice_repeated ticks_missing
notice_missing holding_ghost token_revoked order_timeout order_refused_timeout replace_unknown
notice_before_answer tick_reject kind_reject paper_registration same_day_rebuy orgno_required
token_rate subscribe_over keys_mixed success_without_number throttled session_in_use socket_silent
socket_closed body_with_500 html_error daily_ccld_empty slow off_tick_print book_three_levels
clock_skew"""


def user_struck_by(
    name: FaultName, count: int = 1, *, environment: Environment = Environment.REAL
) -> KisUser:
    """Return a logged-in user whose next opportunities are struck by a fault."""
    plan = FaultPlan(is_controllable=True)
    user = KisUser(open_kis(faults=plan, of=settings(environment=environment))).log_in()
    plan.trigger(name, count)
    return user


def lower(user: KisUser) -> int:
    return user.host.listings[SYMBOL].limits.lower


def test_all_thirty_three_can_be_named_and_have_a_meaning():
    names = THIRTY_THREE.split()

    assert len(names) == 33
    assert set(names) <= {name.value for name in FaultName}
    assert set(MEANINGS) == set(FaultName)


def test_struck_fault_strikes_as_often_as_told_and_counts():
    plan = FaultPlan([Fault(name=FaultName.SLOW, probability=0)], is_controllable=True)
    plan.trigger(FaultName.SLOW, 2)

    struck = [plan.strikes(FaultName.SLOW, "090000") for _ in range(4)]

    assert struck == [True, True, False, False]
    assert plan.counts["slow"] == 2


def order(user: KisUser) -> str:
    return user.order("buy", 1, lower(user))["msg_cd"]


def price(user: KisUser) -> str:
    return user.quote("inquire-price", "FHKST01010100")["msg_cd"]


def token(user: KisUser) -> str:
    return user.oauth("tokenP", appsecret=user.account.appsecret)["error_code"]


@pytest.mark.parametrize(
    ("name", "act", "codes"),
    [
        (FaultName.TICK_REJECT, order, {"40030000"}),
        (FaultName.KIND_REJECT, order, {"APBK3013"}),
        (FaultName.KEYS_MIXED, price, {"EGW00103"}),
        (FaultName.KEYS_MIXED, token, {"EGW00103"}),
        (FaultName.TOKEN_RATE, token, {"EGW00133"}),
        (FaultName.TOKEN_REVOKED, price, {"EGW00121", "EGW00123"}),
        (FaultName.THROTTLED, order, {"EGW00201", "EGW00215"}),
    ],
)
def test_request_is_refused_with_the_faults_own_code(
    name: FaultName, act: Callable[[KisUser], str], codes: set[str]
):
    user = user_struck_by(name)

    assert act(user) in codes
    assert user.host.ledger(user.account.account_id).orders == ()


def test_unregistered_paper_account_is_refused_on_paper_only():
    paper = user_struck_by(FaultName.PAPER_REGISTRATION, environment=Environment.PAPER)
    real = user_struck_by(FaultName.PAPER_REGISTRATION)

    assert (order(paper), order(real)) == ("40910000", "APBK0013")


def test_business_refusal_comes_with_http_500():
    user = user_struck_by(FaultName.BODY_WITH_500)

    response = user.send(user.order_request("sell", 1, lower(user)))

    assert (response.status, body_of(response)["msg_cd"]) == (500, "APBK0400")


def test_ghost_lists_a_holding_twice():
    user = user_struck_by(FaultName.HOLDING_GHOST)
    user.order("buy", 1, 0, kind="01")

    symbols = [row["pdno"] for row in user.balance()["output1"]]

    assert symbols == [SYMBOL, SYMBOL]


def test_buying_power_leaves_out_the_days_sales():
    user = user_struck_by(FaultName.SAME_DAY_REBUY, 0)
    user.order("buy", 5, 0, kind="01")
    user.order("sell", 5, 0, kind="01")
    asked = {"PDNO": SYMBOL, "ORD_DVSN": "01", "ORD_UNPR": "0"}
    account = {"CANO": user.account.cano, "ACNT_PRDT_CD": user.account.product}
    path = "/uapi/domestic-stock/v1/trading/inquire-psbl-order"

    def buying_power() -> int:
        answer, _ = user.get(path, "TTTC8908R", {**account, **asked})
        return int(answer["output"]["nrcvb_buy_amt"])

    whole = buying_power()
    user.host.faults.trigger(FaultName.SAME_DAY_REBUY, 1)

    assert buying_power() == whole - user.host.ledger(user.account.account_id).sold


def test_paper_change_without_organisation_is_refused():
    user = user_struck_by(FaultName.ORGNO_REQUIRED, environment=Environment.PAPER)
    number = user.order("buy", 1, lower(user))["output"]["ODNO"]
    blank = {
        "KRX_FWDG_ORD_ORGNO": "",
        "ORGN_ODNO": number,
        "ORD_DVSN": "00",
        "RVSE_CNCL_DVSN_CD": "02",
        "ORD_QTY": "0",
        "ORD_UNPR": "0",
        "QTY_ALL_ORD_YN": "Y",
    }

    codes = [user.post("order-rvsecncl", "TTTC0013U", blank)["rt_cd"] for _ in range(2)]

    assert codes == ["2", "0"]


def test_replace_is_not_answered_and_a_cancel_is():
    user = user_struck_by(FaultName.REPLACE_UNKNOWN)
    number, other = (user.order("buy", 1, lower(user))["output"]["ODNO"] for _ in range(2))
    changed = {"KRX_FWDG_ORD_ORGNO": user.host.settings.organisation, "ORGN_ODNO": number}
    modify = {"RVSE_CNCL_DVSN_CD": "01", "ORD_DVSN": "00", "QTY_ALL_ORD_YN": "Y"}
    request = user.post_request(
        "order-rvsecncl", "TTTC0013U", {**changed, **modify, "ORD_UNPR": str(lower(user) + 100)}
    )

    assert user.change(other)["rt_cd"] == "0"
    assert user.host.rest(request, wall=WALL).response is None


def test_wrong_clock_dates_answers_and_orders_from_then_on():
    user = user_struck_by(FaultName.CLOCK_SKEW)

    dates = [user.send(user.order_request("buy", 1, lower(user))).headers["date"] for _ in range(2)]
    error = parsedate_to_datetime(dates[0]).timestamp() - WALL // NANOS_PER_SECOND

    assert dates[0] == dates[1]
    assert error != 0
    told = user.order("buy", 1, lower(user))["output"]["ORD_TMD"]
    true = user.orders()[0]["output1"][-1]["ord_tmd"]
    assert (int(told) - int(true)) * error > 0


def acks(user: KisUser, *keys: str) -> list[str]:
    """Register for trades on one session, and return the codes of the answers."""
    session = user.host.connect(wall=user.wall)
    approval = user.oauth("Approval", secretkey=user.account.appsecret)["approval_key"]
    codes = []
    for key in keys:
        header = {"approval_key": approval, "custtype": "P", "tr_type": "1"}
        text = {"header": header, "body": {"input": {"tr_id": key, "tr_key": SYMBOL}}}
        session.receive(json.dumps(text), wall=user.wall)
        codes += [json.loads(answer)["body"]["msg_cd"] for answer in session.take()]
    return codes


def test_registration_is_refused_as_one_too_many():
    user = user_struck_by(FaultName.SUBSCRIBE_OVER)

    assert acks(user, "H0STCNT0", "H0STCNT0") == ["OPSP0008", "OPSP0000"]


def test_first_registration_is_refused_as_of_a_key_in_use():
    user = user_struck_by(FaultName.SESSION_IN_USE)

    assert acks(user, "H0STCNT0") == ["OPSP8996"]
    assert acks(user, "H0STCNT0") == ["OPSP0000"]


def test_silent_session_stays_open_and_sends_nothing():
    plan = FaultPlan(is_controllable=True)
    host = kis(faults=plan)
    session = KisUser(host).log_in().session(("H0STASP0", SYMBOL))
    plan.trigger(FaultName.SOCKET_SILENT, 1)
    session.take()

    host.advance(host.session.close)
    host.tick(wall=WALL)

    assert (session.take(), session.is_closed) == ([], False)


def test_notice_comes_in_the_other_layout():
    user = user_struck_by(FaultName.NOTICE_WIDTH)
    session = user.session(("H0STCNI0", user.account.hts_id))
    session.take()
    user.order("buy", 1, lower(user))

    (frame,) = session.take()
    key = AesKey(**user.keys["H0STCNI0"])
    assert len(decrypt(split_frame(frame).payload, key).split("^")) == 23
