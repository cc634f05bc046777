"""Balance, order history and buying power: fields, filters, pages."""

import pytest

from aipx.model.instrument import Won
from aipx.simulator.faults import Fault, FaultName, FaultPlan
from aipx.simulator.settings import OpeningHolding, simulated_account
from aipx.wire.kis.codes import Environment
from tests.support import markets
from tests.support.kis_user import SYMBOL, TRADING, KisUser, open_kis, settings

HOLDING_FIELDS = """pdno prdt_name trad_dvsn_name bfdy_buy_qty bfdy_sll_qty thdt_buyqty
    thdt_sll_qty hldg_qty ord_psbl_qty pchs_avg_pric pchs_amt prpr evlu_amt evlu_pfls_amt
    evlu_pfls_rt evlu_erng_rt loan_dt loan_amt stln_slng_chgs expd_dt fltt_rt bfdy_cprs_icdc
    item_mgna_rt_name grta_rt_name sbst_pric stck_loan_unpr""".split()  # noqa: SIM905 - a page of words reads better
TOTAL_FIELDS = """dnca_tot_amt nxdy_excc_amt prvs_rcdl_excc_amt cma_evlu_amt bfdy_buy_amt
    thdt_buy_amt nxdy_auto_rdpt_amt bfdy_sll_amt thdt_sll_amt d2_auto_rdpt_amt bfdy_tlex_amt
    thdt_tlex_amt tot_loan_amt scts_evlu_amt tot_evlu_amt nass_amt fncg_gld_auto_rdpt_yn
    pchs_amt_smtl_amt evlu_amt_smtl_amt evlu_pfls_smtl_amt tot_stln_slng_chgs
    bfdy_tot_asst_evlu_amt asst_icdc_amt asst_icdc_erng_rt""".split()  # noqa: SIM905 - a page of words reads better
ORDER_FIELDS = """ord_dt ord_gno_brno odno orgn_odno ord_dvsn_name sll_buy_dvsn_cd
    sll_buy_dvsn_cd_name pdno prdt_name ord_qty ord_unpr ord_tmd tot_ccld_qty avg_prvs cncl_yn
    tot_ccld_amt loan_dt ordr_empno ord_dvsn_cd cncl_cfrm_qty rmn_qty rjct_qty ccld_cndt_name
    inqr_ip_addr cpbc_ordp_ord_rcit_dvsn_cd cpbc_ordp_infm_mthd_dvsn_cd infm_tmd ctac_tlno
    prdt_type_cd excg_dvsn_cd cpbc_ordp_mtrl_dvsn_cd ord_orgno rsvn_ord_end_dt excg_id_dvsn_Cd
    stpm_cndt_pric stpm_efct_occr_dtmd""".split()  # noqa: SIM905 - a page of words reads better
POWER_FIELDS = """ord_psbl_cash ord_psbl_sbst ruse_psbl_amt fund_rpch_chgs psbl_qty_calc_unpr
    nrcvb_buy_amt nrcvb_buy_qty max_buy_amt max_buy_qty cma_evlu_amt ovrs_re_use_amt_wcrc
    ord_psbl_frcr_amt_wcrc""".split()  # noqa: SIM905 - a page of words reads better


def trader(**changes) -> KisUser:
    return KisUser(open_kis(**changes)).log_in()


def lower(user: KisUser) -> int:
    return user.host.listings[SYMBOL].limits.lower


def power(user: KisUser, kind: str, price: str) -> dict:
    fields = {
        "CANO": user.account.cano,
        "ACNT_PRDT_CD": "01",
        "PDNO": SYMBOL,
        "ORD_UNPR": price,
        "ORD_DVSN": kind,
    }
    return user.get(f"{TRADING}/inquire-psbl-order", "TTTC8908R", fields)[0]


def test_balance_has_every_documented_field_as_text():
    user = trader()
    user.order("buy", 3, user.host.listings[SYMBOL].limits.upper)

    answer = user.balance()

    assert set(answer["output1"][0]) == set(HOLDING_FIELDS)
    assert set(answer["output2"][0]) == set(TOTAL_FIELDS)
    assert all(isinstance(value, str) for value in answer["output1"][0].values())
    assert all(isinstance(value, str) for value in answer["output2"][0].values())


def test_balance_values_holdings_at_the_last_price():
    user = trader()
    user.order("buy", 3, user.host.listings[SYMBOL].limits.upper)

    answer = user.balance()

    (held,), (totals,) = answer["output1"], answer["output2"]
    assert int(held["evlu_amt"]) == 3 * int(held["prpr"])
    assert int(held["evlu_pfls_amt"]) == int(held["evlu_amt"]) - int(held["pchs_amt"])
    assert int(totals["tot_evlu_amt"]) == int(held["evlu_amt"]) + int(totals["prvs_rcdl_excc_amt"])
    assert totals["bfdy_tot_asst_evlu_amt"] == "100000000"


def test_balance_comes_in_pages_of_20_on_paper():
    bars = [markets.bar(symbol=f"9{index:05d}") for index in range(25)]
    held = tuple(OpeningHolding(symbol=each.symbol, quantity=1, cost=Won(1_000)) for each in bars)
    of = settings(environment=Environment.PAPER, accounts=(simulated_account(1, holdings=held),))
    user = KisUser(open_kis(*bars, of=of)).log_in()
    path, account = f"{TRADING}/inquire-balance", {"CANO": user.account.cano, "ACNT_PRDT_CD": "01"}

    first, first_cont = user.get(path, "TTTC8434R", account)
    keys = {"CTX_AREA_NK100": first["ctx_area_nk100"], "ctx_area_fk100": first["ctx_area_fk100"]}
    second, second_cont = user.get(path, "TTTC8434R", {**account, **keys}, tr_cont="N")

    rows = [row["pdno"] for row in first["output1"] + second["output1"]]
    assert (len(first["output1"]), first_cont, first["msg_cd"]) == (20, "F", "KIOK0500")
    assert (len(second["output1"]), second_cont, second["msg_cd"]) == (5, "E", "KIOK0460")
    assert rows == [each.symbol for each in bars]


def test_orders_have_every_documented_field_as_text():
    user = trader()
    user.order("buy", 3, 70_000)

    answer, _ = user.orders()

    assert set(answer["output1"][0]) == set(ORDER_FIELDS)
    assert set(answer["output2"]) == {
        "tot_ord_qty",
        "tot_ccld_qty",
        "tot_ccld_amt",
        "prsm_tlex_smtl",
        "pchs_avg_pric",
    }


def test_orders_come_in_pages_of_15_on_paper_and_100_on_real():
    for environment, size in ((Environment.PAPER, 15), (Environment.REAL, 100)):
        user = trader(of=settings(environment=environment))
        for _ in range(size + 3):
            user.order("buy", 1, lower(user))

        first, first_cont = user.orders()
        second, second_cont = user.orders(tr_cont="N", CTX_AREA_NK100=first["ctx_area_nk100"])

        numbers = [row["odno"] for row in first["output1"] + second["output1"]]
        assert (len(first["output1"]), first_cont, second_cont) == (size, "F", "E")
        assert numbers == sorted(set(numbers))
        assert len(numbers) == size + 3
        assert len(first["ctx_area_nk100"]) == len(first["ctx_area_fk100"]) == 100


def test_page_that_no_row_leads_to_is_refused():
    user = trader()

    answer, _ = user.orders(tr_cont="N", CTX_AREA_NK100="0000000099")

    assert answer["rt_cd"] == "2"


@pytest.mark.parametrize(
    ("filters", "numbers"),
    [
        ({}, [1, 2, 3, 4]),
        ({"INQR_DVSN": "00"}, [4, 3, 2, 1]),
        ({"SLL_BUY_DVSN_CD": "01"}, [3]),
        ({"SLL_BUY_DVSN_CD": "02"}, [1, 2, 4]),
        ({"CCLD_DVSN": "01"}, [1, 3]),
        ({"CCLD_DVSN": "02"}, [2]),
        ({"ODNO": "2"}, [2]),
        ({"PDNO": "000660"}, []),
        ({"INQR_STRT_DT": "20200101", "INQR_END_DT": "20200102"}, []),
        ({"INQR_STRT_DT": "20240305", "INQR_END_DT": "20240305"}, [1, 2, 3, 4]),
    ],
)
def test_orders_are_filtered(filters, numbers):
    user = trader()
    user.order("buy", 3, user.host.listings[SYMBOL].limits.upper)
    user.order("buy", 1, lower(user))
    user.order("sell", 1, lower(user))
    left = user.order("buy", 1, lower(user), kind="11")
    assert left["rt_cd"] == "0"

    rows = user.orders(**filters)[0]["output1"]

    assert [int(row["odno"]) for row in rows] == numbers


def test_condition_of_an_order_is_named():
    user = trader()
    user.order("buy", 1, lower(user), kind="12")

    (row,) = user.orders()[0]["output1"]

    assert (row["ccld_cndt_name"], row["cncl_cfrm_qty"]) == ("FOK", "1")


def test_buying_power_counts_price_and_fee_and_open_orders():
    user = trader()

    at_limit = power(user, "00", "70000")["output"]
    user.order("buy", 100, lower(user))
    after = power(user, "00", "70000")["output"]

    assert set(at_limit) == set(POWER_FIELDS)
    # 1,428 x 70,000 = 99,960,000 and a fee of 14,047; one more share does not fit.
    assert at_limit["nrcvb_buy_qty"] == "1428"
    amount = 100 * lower(user)
    assert int(after["ord_psbl_cash"]) == 100_000_000 - amount - amount * 140_527 // 10**9


def test_buying_power_without_a_price_counts_at_the_upper_limit():
    user = trader()

    output = power(user, "01", "0")["output"]

    assert output["psbl_qty_calc_unpr"] == str(user.host.listings[SYMBOL].limits.upper)


def test_buying_power_says_exactly_what_can_be_ordered():
    user = trader()
    most = int(power(user, "00", "70000")["output"]["nrcvb_buy_qty"])

    assert user.order("buy", most + 1, 70_000)["msg_cd"] == "APBK0952"
    assert user.order("buy", most, 70_000)["rt_cd"] == "0"


def test_empty_list_fault_hides_orders_and_not_holdings():
    plan = FaultPlan([Fault(name=FaultName.DAILY_CCLD_EMPTY, probability=1)])
    user = trader(faults=plan)
    user.order("buy", 3, user.host.listings[SYMBOL].limits.upper)

    assert user.orders()[0]["output1"] == []
    assert user.balance()["output1"][0]["hldg_qty"] == "3"


def test_paging_fault_strikes_the_next_page_with_the_text_that_users_saw():
    plan = FaultPlan([Fault(name=FaultName.PAGING_CHANGED, probability=1)])
    user = trader(faults=plan, of=settings(environment=Environment.PAPER))
    for _ in range(20):
        user.order("buy", 1, lower(user))

    first, _ = user.orders()
    second, _ = user.orders(tr_cont="N", CTX_AREA_NK100=first["ctx_area_nk100"])

    assert first["rt_cd"] == "0"
    assert second["rt_cd"] == "7"
    assert "조회이후에 자료가 변경" in second["msg1"]
