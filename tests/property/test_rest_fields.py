"""Every field that KIS's documents list is in every answer, a string, and not empty.

The lists are those of KIS's portal of 2026-09-11, checked field by field; `MAY_BE_EMPTY` holds the
fields that mean something only on loans, reservations, stops or telephones.
"""

from datetime import date

import pytest

from aipx.model.ids import Symbol
from aipx.model.time import NANOS_PER_MINUTE, Nanos
from aipx.simulator.assemble import assemble
from aipx.simulator.settings import simulated_account
from aipx.wire.kis.codes import Environment
from tests.support.kis_user import KisUser, settings

SAMSUNG, HYNIX = Symbol("005930"), Symbol("000660")
TRADING = "/uapi/domestic-stock/v1/trading"
QUOTATIONS = "/uapi/domestic-stock/v1/quotations"
LEVELS = range(1, 11)

MAY_BE_EMPTY = """loan_dt expd_dt ctac_tlno cpbc_ordp_ord_rcit_dvsn_cd cpbc_ordp_infm_mthd_dvsn_cd
cpbc_ordp_mtrl_dvsn_cd rsvn_ord_end_dt stpm_efct_occr_dtmd mgco_aptm_odno revl_issu_reas orgn_odno
SOR_ODNO rvse_cncl_dvsn_name"""

PRICE = """iscd_stat_cls_code marg_rate rprs_mrkt_kor_name new_hgpr_lwpr_cls_code bstp_kor_isnm
temp_stop_yn oprc_rang_cont_yn clpr_rang_cont_yn crdt_able_yn grmn_rate_cls_code elw_pblc_yn
stck_prpr prdy_vrss prdy_vrss_sign prdy_ctrt acml_tr_pbmn acml_vol prdy_vrss_vol_rate stck_oprc
stck_hgpr stck_lwpr stck_mxpr stck_llam stck_sdpr wghn_avrg_stck_prc hts_frgn_ehrt frgn_ntby_qty
pgtr_ntby_qty pvt_scnd_dmrs_prc pvt_frst_dmrs_prc pvt_pont_val pvt_frst_dmsp_prc pvt_scnd_dmsp_prc
dmrs_val dmsp_val cpfn rstc_wdth_prc stck_fcam stck_sspr aspr_unit hts_deal_qty_unit_val lstn_stcn
hts_avls per pbr stac_month vol_tnrt eps bps d250_hgpr d250_hgpr_date d250_hgpr_vrss_prpr_rate
d250_lwpr d250_lwpr_date d250_lwpr_vrss_prpr_rate stck_dryy_hgpr dryy_hgpr_vrss_prpr_rate
dryy_hgpr_date stck_dryy_lwpr dryy_lwpr_vrss_prpr_rate dryy_lwpr_date w52_hgpr
w52_hgpr_vrss_prpr_ctrt w52_hgpr_date w52_lwpr w52_lwpr_vrss_prpr_ctrt w52_lwpr_date
whol_loan_rmnd_rate ssts_yn stck_shrn_iscd fcam_cnnm cpfn_cnnm apprch_rate frgn_hldn_qty
vi_cls_code ovtm_vi_cls_code last_ssts_cntg_qty invt_caful_yn mrkt_warn_cls_code short_over_yn
sltr_yn mang_issu_cls_code"""

BOOK = " ".join(
    [
        *(["aspr_acpt_hour", "total_askp_rsqn", "total_bidp_rsqn", "total_askp_rsqn_icdc"]),
        *(["total_bidp_rsqn_icdc", "ovtm_total_askp_rsqn", "ovtm_total_bidp_rsqn"]),
        *(["ovtm_total_askp_icdc", "ovtm_total_bidp_icdc", "ntby_aspr_rsqn", "new_mkop_cls_code"]),
        *(f"{name}{level}" for name in ("askp", "bidp") for level in LEVELS),
        *(f"{name}_rsqn{level}" for name in ("askp", "bidp") for level in LEVELS),
        *(f"{name}_rsqn_icdc{level}" for name in ("askp", "bidp") for level in LEVELS),
    ]
)
EXPECTED = """antc_mkop_cls_code stck_prpr stck_oprc stck_hgpr stck_lwpr stck_sdpr antc_cnpr
antc_cntg_vrss_sign antc_cntg_vrss antc_cntg_prdy_ctrt antc_vol stck_shrn_iscd vi_cls_code"""
TRADES = "stck_cntg_hour stck_prpr prdy_vrss prdy_vrss_sign cntg_vol tday_rltv prdy_ctrt"
CHART_HEAD = """prdy_vrss prdy_vrss_sign prdy_ctrt stck_prdy_clpr acml_vol acml_tr_pbmn
hts_kor_isnm stck_prpr stck_shrn_iscd prdy_vol stck_mxpr stck_llam stck_oprc stck_hgpr stck_lwpr
stck_prdy_oprc stck_prdy_hgpr stck_prdy_lwpr askp bidp prdy_vrss_vol vol_tnrt stck_fcam lstn_stcn
cpfn hts_avls per eps pbr itewhol_loan_rmnd_ratem"""
CHART_ROW = """stck_bsop_date stck_clpr stck_oprc stck_hgpr stck_lwpr acml_vol acml_tr_pbmn
flng_cls_code prtt_rate mod_yn prdy_vrss_sign prdy_vrss revl_issu_reas"""
DAILY_ROW = """stck_bsop_date stck_oprc stck_hgpr stck_lwpr stck_clpr acml_vol prdy_vrss_vol_rate
prdy_vrss prdy_vrss_sign prdy_ctrt hts_frgn_ehrt frgn_ntby_qty flng_cls_code acml_prtt_rate"""
MINUTE_HEAD = """prdy_vrss prdy_vrss_sign prdy_ctrt stck_prdy_clpr acml_vol acml_tr_pbmn
hts_kor_isnm stck_prpr"""
MINUTE_ROW = """stck_bsop_date stck_cntg_hour stck_prpr stck_oprc stck_hgpr stck_lwpr cntg_vol
acml_tr_pbmn"""
HOLIDAY = "bass_dt wday_dvsn_cd bzdy_yn tr_day_yn opnd_yn sttl_day_yn"
RANK = """hts_kor_isnm mksc_shrn_iscd data_rank stck_prpr prdy_vrss_sign prdy_vrss prdy_ctrt
acml_vol prdy_vol lstn_stcn avrg_vol n_befr_clpr_vrss_prpr_rate vol_inrt vol_tnrt nday_vol_tnrt
avrg_tr_pbmn tr_pbmn_tnrt nday_tr_pbmn_tnrt acml_tr_pbmn"""
STOCK = """pdno prdt_name std_pdno excg_dvsn_cd tr_stop_yn admn_item_yn cptt_trad_tr_psbl_yn
nxt_tr_stop_yn"""
HOLDING = """pdno prdt_name trad_dvsn_name bfdy_buy_qty bfdy_sll_qty thdt_buyqty thdt_sll_qty
hldg_qty ord_psbl_qty pchs_avg_pric pchs_amt prpr evlu_amt evlu_pfls_amt evlu_pfls_rt evlu_erng_rt
loan_dt loan_amt stln_slng_chgs expd_dt fltt_rt bfdy_cprs_icdc item_mgna_rt_name grta_rt_name
sbst_pric stck_loan_unpr"""
CASH = """dnca_tot_amt nxdy_excc_amt prvs_rcdl_excc_amt cma_evlu_amt bfdy_buy_amt thdt_buy_amt
bfdy_sll_amt thdt_sll_amt nxdy_auto_rdpt_amt d2_auto_rdpt_amt bfdy_tlex_amt thdt_tlex_amt
tot_loan_amt scts_evlu_amt tot_evlu_amt nass_amt fncg_gld_auto_rdpt_yn pchs_amt_smtl_amt
evlu_amt_smtl_amt evlu_pfls_smtl_amt tot_stln_slng_chgs bfdy_tot_asst_evlu_amt asst_icdc_amt
asst_icdc_erng_rt"""
ORDER = """ord_dt ord_gno_brno odno orgn_odno ord_dvsn_name sll_buy_dvsn_cd sll_buy_dvsn_cd_name
pdno prdt_name ord_qty ord_unpr ord_tmd tot_ccld_qty avg_prvs cncl_yn tot_ccld_amt loan_dt
ordr_empno ord_dvsn_cd cncl_cfrm_qty rmn_qty rjct_qty ccld_cndt_name inqr_ip_addr
cpbc_ordp_ord_rcit_dvsn_cd cpbc_ordp_infm_mthd_dvsn_cd infm_tmd ctac_tlno prdt_type_cd
excg_dvsn_cd cpbc_ordp_mtrl_dvsn_cd ord_orgno rsvn_ord_end_dt excg_id_dvsn_Cd stpm_cndt_pric
stpm_efct_occr_dtmd"""
ORDER_TOTALS = "tot_ord_qty tot_ccld_qty tot_ccld_amt prsm_tlex_smtl pchs_avg_pric"
POWER = """ord_psbl_cash ord_psbl_sbst ruse_psbl_amt fund_rpch_chgs psbl_qty_calc_unpr
nrcvb_buy_amt nrcvb_buy_qty max_buy_amt max_buy_qty cma_evlu_amt ovrs_re_use_amt_wcrc
ord_psbl_frcr_amt_wcrc"""
OPEN = """ord_gno_brno odno orgn_odno ord_dvsn_name pdno prdt_name rvse_cncl_dvsn_name ord_qty
ord_unpr ord_tmd tot_ccld_qty tot_ccld_amt psbl_qty sll_buy_dvsn_cd ord_dvsn_cd mgco_aptm_odno
excg_dvsn_cd excg_id_dvsn_cd excg_id_dvsn_name stpm_cndt_pric stpm_efct_occr_yn"""
SELLABLE = "pdno prdt_name ord_psbl_qty pchs_avg_pric now_pric"

DATES = {"FID_INPUT_DATE_1": "20200101", "FID_INPUT_DATE_2": "20261231"}
DAY = {"FID_PERIOD_DIV_CODE": "D", "FID_ORG_ADJ_PRC": "0"}
HOUR = {"FID_INPUT_HOUR_1": "153000", "FID_PW_DATA_INCU_YN": "Y", "FID_ETC_CLS_CODE": ""}
RANKED = {"FID_COND_SCR_DIV_CODE": "20171", "FID_BLNG_CLS_CODE": "3"}
ASKED_KIND = {"PDNO": SAMSUNG, "ORD_DVSN": "01", "ORD_UNPR": "0"}
STOCK_ASKED = {"PRDT_TYPE_CD": "300", "PDNO": SAMSUNG}

# address, TR id, fields of the request, then each output with its fields
CASES = [
    (f"{QUOTATIONS}/inquire-price", "FHKST01010100", {}, {"output": PRICE}),
    (
        *(f"{QUOTATIONS}/inquire-asking-price-exp-ccn", "FHKST01010200", {}),
        {"output1": BOOK, "output2": EXPECTED},
    ),
    (f"{QUOTATIONS}/inquire-ccnl", "FHKST01010300", {}, {"output": TRADES}),
    (
        *(f"{QUOTATIONS}/inquire-daily-itemchartprice", "FHKST03010100", {**DATES, **DAY}),
        {"output1": CHART_HEAD, "output2": CHART_ROW},
    ),
    (f"{QUOTATIONS}/inquire-daily-price", "FHKST01010400", DAY, {"output": DAILY_ROW}),
    (
        *(f"{QUOTATIONS}/inquire-time-itemchartprice", "FHKST03010200", HOUR),
        {"output1": MINUTE_HEAD, "output2": MINUTE_ROW},
    ),
    (
        *(f"{QUOTATIONS}/inquire-time-dailychartprice", "FHKST03010230"),
        {**HOUR, "FID_INPUT_DATE_1": "20261118"},
        {"output1": MINUTE_HEAD, "output2": MINUTE_ROW},
    ),
    (f"{QUOTATIONS}/chk-holiday", "CTCA0903R", {"BASS_DT": "20261120"}, {"output": HOLIDAY}),
    (f"{QUOTATIONS}/volume-rank", "FHPST01710000", RANKED, {"output": RANK}),
    (f"{QUOTATIONS}/search-stock-info", "CTPF1002R", STOCK_ASKED, {"output": STOCK}),
    (
        *(f"{TRADING}/inquire-balance", "TTTC8434R", {}),
        {"output1": HOLDING, "output2": CASH},
    ),
    (
        *(f"{TRADING}/inquire-daily-ccld", "TTTC0081R", {}),
        {"output1": ORDER, "output2": ORDER_TOTALS},
    ),
    (f"{TRADING}/inquire-psbl-order", "TTTC8908R", ASKED_KIND, {"output": POWER}),
    (f"{TRADING}/inquire-psbl-rvsecncl", "TTTC0084R", {}, {"output": OPEN}),
    (f"{TRADING}/inquire-psbl-sell", "TTTC8408R", {"PDNO": SAMSUNG}, {"output": SELLABLE}),
]
REAL_ONLY = {"time-dailychartprice", "holiday", "rank", "stock-info", "rvsecncl", "psbl-sell"}


def trading_user(environment: Environment) -> KisUser:
    """Return a user with a filled buy, an open buy, and a market in the middle of its day."""
    of = settings(day=date(2026, 11, 20), environment=environment, accounts=(simulated_account(1),))
    host = assemble([SAMSUNG, HYNIX], of, events_max=2_000)
    host.advance(Nanos(host.session.open + 60 * NANOS_PER_MINUTE))
    user = KisUser(host).log_in()
    upper = host.listings[SAMSUNG].limits
    assert user.order("buy", 3, 0, kind="01", symbol=SAMSUNG)["rt_cd"] == "0"
    assert user.order("buy", 1, upper.lower, symbol=SAMSUNG)["rt_cd"] == "0"
    return user


@pytest.fixture(scope="module", params=list(Environment), ids=lambda each: each.value)
def user(request) -> KisUser:
    return trading_user(request.param)


@pytest.mark.parametrize(
    ("path", "tr_id", "asked", "outputs"), CASES, ids=[case[0].rpartition("/")[2] for case in CASES]
)
def test_every_listed_field_is_there_and_says_something(user, path, tr_id, asked, outputs):
    known = {"FID_COND_MRKT_DIV_CODE": "J", "FID_INPUT_ISCD": SAMSUNG}
    account = {"CANO": user.account.cano, "ACNT_PRDT_CD": user.account.product}

    answer, _ = user.get(path, tr_id, {**known, **account, **asked})

    if user.is_paper and any(path.endswith(name) for name in REAL_ONLY):
        assert answer["msg_cd"] == "EGW02006"
        return
    assert answer["rt_cd"] == "0", answer
    for name, fields in outputs.items():
        rows = answer[name] if isinstance(answer[name], list) else [answer[name]]
        assert rows, f"{name} has no row"
        for row in rows:
            missing = [field for field in fields.split() if field not in row]
            said = {field for field, value in row.items() if value} | set(MAY_BE_EMPTY.split())
            empty = [field for field in fields.split() if field not in said]
            assert (missing, empty) == ([], [])
            assert all(isinstance(value, str) for value in row.values())


def test_order_answer_has_its_four_fields(user):
    lower = user.host.listings[HYNIX].limits.lower

    output = user.order("buy", 1, lower, symbol=HYNIX)["output"]

    assert set(output) == {"KRX_FWDG_ORD_ORGNO", "ODNO", "ORD_TMD", "SOR_ODNO"}
    assert (len(output["ODNO"]), len(output["ORD_TMD"])) == (10, 6)
