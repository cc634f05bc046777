"""order-cash and order-rvsecncl by raw fields."""

import pytest

from aipx.wire.kis.codes import Environment
from tests.support import markets
from tests.support.kis_user import SYMBOL, KisUser, open_kis, settings


@pytest.fixture
def user() -> KisUser:
    return KisUser(open_kis()).log_in()


def fields(**changes: str) -> dict[str, str]:
    known = {"PDNO": SYMBOL, "ORD_DVSN": "00", "ORD_QTY": "1", "ORD_UNPR": "70000"}
    return {**known, **changes}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"PDNO": "999999"}, "APBK0656"),
        ({"PDNO": ""}, "OPSQ2002"),
        ({"ORD_DVSN": "99"}, "OPSQ2001"),
        ({"ORD_QTY": "0"}, "OPSQ2001"),
        ({"ORD_QTY": "1.5"}, "OPSQ2001"),
        ({"ORD_UNPR": ""}, "OPSQ2001"),
        ({"ORD_UNPR": "70050"}, "40030000"),
        ({"EXCG_ID_DVSN_CD": "NXT"}, "OPSQ2001"),
        ({"CANO": "1"}, "OPSQ2000"),
        ({"ORD_QTY": "9999999"}, "APBK0952"),
    ],
)
def test_bad_field_is_refused_by_code(user, changes, code):
    answer = user.post("order-cash", "TTTC0012U", fields(**changes))

    assert answer["rt_cd"] != "0"
    assert (answer["msg_cd"], "output" in answer) == (code, False)


def test_price_is_ignored_where_the_kind_carries_none(user):
    answer = user.post("order-cash", "TTTC0012U", fields(ORD_DVSN="01", ORD_UNPR="123"))

    assert answer["rt_cd"] == "0"
    assert user.orders()[0]["output1"][0]["ord_unpr"] == "0"


def test_order_time_is_market_time_in_korea(user):
    answer = user.order("buy", 1, 70_000)

    assert answer["output"]["ORD_TMD"] == "091000"


def resting(user: KisUser) -> str:
    number: str = user.order("buy", 10, user.host.listings[SYMBOL].limits.lower)["output"]["ODNO"]
    return number


def change(user: KisUser, number: str, **changes: str) -> dict:
    known = {
        "KRX_FWDG_ORD_ORGNO": user.host.settings.organisation,
        "ORGN_ODNO": number,
        "ORD_DVSN": "00",
        "RVSE_CNCL_DVSN_CD": "02",
        "ORD_QTY": "0",
        "ORD_UNPR": "0",
        "QTY_ALL_ORD_YN": "Y",
    }
    return user.post("order-rvsecncl", "TTTC0013U", {**known, **changes})


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"KRX_FWDG_ORD_ORGNO": "00001"}, "OPSQ2001"),
        ({"KRX_FWDG_ORD_ORGNO": ""}, "OPSQ2001"),
        ({"ORGN_ODNO": "0000009999"}, "IGW00022"),
        ({"ORGN_ODNO": "x"}, "IGW00022"),
        ({"RVSE_CNCL_DVSN_CD": "03"}, "OPSQ2001"),
        ({"ORD_DVSN": ""}, "OPSQ2001"),
        ({"QTY_ALL_ORD_YN": "N", "ORD_QTY": "11"}, "IGW00022"),
        ({"QTY_ALL_ORD_YN": "N", "ORD_QTY": "0"}, "IGW00022"),
        ({"EXCG_ID_DVSN_CD": "SOR"}, "OPSQ2001"),
        ({"RVSE_CNCL_DVSN_CD": "01", "ORD_UNPR": "70050"}, "40030000"),
    ],
)
def test_bad_change_is_refused_and_leaves_the_order(user, changes, code):
    number = resting(user)

    answer = change(user, number, **changes)

    assert answer["msg_cd"] == code
    assert user.orders()[0]["output1"][0]["rmn_qty"] == "10"


def test_number_of_the_original_may_come_without_zeros(user):
    number = resting(user)

    assert change(user, number.lstrip("0"))["rt_cd"] == "0"


def test_cancel_can_not_be_canceled(user):
    canceled = change(user, resting(user))["output"]["ODNO"]

    assert change(user, canceled)["msg_cd"] == "IGW00022"


def test_modify_gets_a_new_number_linked_to_the_old_one(user):
    number = resting(user)

    modified = user.change(number, modify_to=60_000)["output"]["ODNO"]

    rows = {row["odno"]: row for row in user.orders()[0]["output1"]}
    assert rows[modified]["orgn_odno"] == number
    assert (rows[modified]["ord_unpr"], rows[modified]["rmn_qty"]) == ("60000", "10")
    assert "정정" in rows[modified]["sll_buy_dvsn_cd_name"]


def test_paper_takes_a_blank_organisation_and_answers_in_its_own_codes():
    user = KisUser(open_kis(of=settings(environment=Environment.PAPER))).log_in()
    number = resting(user)

    answer = change(user, number, KRX_FWDG_ORD_ORGNO="")

    assert answer["msg_cd"] == "40630000"
    assert change(user, number)["msg_cd"] == "40330000"


def user_of_today() -> KisUser:
    """Log in on a day on which stop-limit orders are taken."""
    host = open_kis(markets.bar(day=markets.NEW_DAY), of=settings(day=markets.NEW_DAY))
    return KisUser(host).log_in()


def test_stop_limit_order_wakes_at_its_condition_and_the_list_says_so():
    user = user_of_today()
    trigger = str(user.host.listings[SYMBOL].limits.base + 500)
    asked = fields(ORD_DVSN="22", ORD_UNPR=trigger, CNDT_PRIC=trigger)

    answer = user.post("order-cash", "TTTC0012U", asked)

    assert answer["rt_cd"] == "0"
    row = user.orders()[0]["output1"][0]
    assert (row["stpm_cndt_pric"], row["stpm_efct_occr_dtmd"]) == (trigger, "")
    user.host.advance(user.host.session.close)
    row = user.orders()[0]["output1"][0]
    assert row["tot_ccld_qty"] == "1"
    assert row["stpm_efct_occr_dtmd"].startswith("20260310")


@pytest.mark.parametrize(("trigger", "code"), [("", "OPSQ2001"), ("70050", "40030000")])
def test_stop_limit_order_needs_a_condition_price_on_tick(trigger, code):
    asked = fields(ORD_DVSN="22", CNDT_PRIC=trigger)

    answer = user_of_today().post("order-cash", "TTTC0012U", asked)

    assert (answer["rt_cd"] != "0", answer["msg_cd"]) == (True, code)
