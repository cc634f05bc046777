"""Open orders, and orders of earlier days."""

from aipx.simulator.assemble import Days
from tests.support.kis_user import SYMBOL, TRADING, KisUser, open_kis, settings


def open_rows(user: KisUser, **asked: str) -> list[dict[str, str]]:
    account = {"CANO": user.account.cano, "ACNT_PRDT_CD": user.account.product}
    answer, _ = user.get(f"{TRADING}/inquire-psbl-rvsecncl", "TTTC0084R", {**account, **asked})
    assert answer["rt_cd"] == "0"
    return answer["output"]


def test_open_orders_are_those_that_can_still_be_changed():
    host = open_kis()
    user = KisUser(host).log_in()
    lower = host.listings[SYMBOL].limits.lower
    number = user.order("buy", 3, lower)["output"]["ODNO"]
    user.order("buy", 1, 0, kind="01")

    rows = open_rows(user, INQR_DVSN_1="0", INQR_DVSN_2="0")

    assert [(row["odno"], row["psbl_qty"]) for row in rows] == [(number, "3")]
    assert open_rows(user, INQR_DVSN_2="1") == []
    user.change(number)
    assert open_rows(user) == []


def test_orders_of_earlier_days_are_found_by_their_dates():
    days = Days([SYMBOL], settings(), events_max=200)
    host = days.kis
    host.advance(host.session.closing_auction_start)
    user = KisUser(host).log_in()
    number = user.order("buy", 2, 0, kind="01")["output"]["ODNO"]
    first = f"{host.settings.day:%Y%m%d}"
    host.advance(host.session.close)
    days.begin_next()

    today, _ = user.orders()
    both, _ = user.orders(INQR_STRT_DT=first, INQR_END_DT=f"{host.settings.day:%Y%m%d}")

    assert today["output1"] == []
    assert [(row["odno"], row["ord_dt"]) for row in both["output1"]] == [(number, first)]
    assert both["output2"]["prsm_tlex_smtl"] != "0"
