"""Quotes against the exchange they speak of."""

import pytest

from tests.support import markets
from tests.support.kis_user import SYMBOL, KisUser, kis, open_kis

HOST = open_kis()
USER = KisUser(HOST).log_in()


def price(user: KisUser = USER, **fields: str) -> dict:
    return user.quote("inquire-price", "FHKST01010100", **fields)


def test_price_tells_limits_base_tick_and_the_day():
    output = price()["output"]

    limits = HOST.listings[SYMBOL].limits
    assert (output["stck_mxpr"], output["stck_llam"], output["stck_sdpr"]) == (
        str(limits.upper),
        str(limits.lower),
        str(limits.base),
    )
    assert (output["aspr_unit"], output["rprs_mrkt_kor_name"]) == ("100", "KOSPI")
    assert int(output["prdy_vrss"]) == int(output["stck_prpr"]) - limits.base
    assert int(output["stck_lwpr"]) <= int(output["stck_prpr"]) <= int(output["stck_hgpr"])
    assert all(isinstance(value, str) for value in output.values())
    assert len(output) >= 75


def test_price_before_the_first_print_is_the_base():
    user = KisUser(kis()).log_in()

    output = price(user)["output"]

    assert output["stck_prpr"] == output["stck_sdpr"]
    assert (output["acml_vol"], output["prdy_vrss_sign"], output["wghn_avrg_stck_prc"]) == (
        "0",
        "3",
        "0.00",
    )


def test_halted_symbol_says_so():
    user = KisUser(kis(markets.bar((70_000,) * 4, volume=0))).log_in()

    output = price(user)["output"]

    assert (output["iscd_stat_cls_code"], output["temp_stop_yn"]) == ("58", "Y")


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"FID_INPUT_ISCD": "999999"}, "APBK0656"),
        ({"FID_COND_MRKT_DIV_CODE": "Z"}, "OPSQ2001"),
    ],
)
def test_unknown_symbol_or_market_is_refused(fields, code):
    assert price(**fields)["msg_cd"] == code


def test_book_has_ten_levels_and_their_totals():
    answer = USER.quote("inquire-asking-price-exp-ccn", "FHKST01010200")

    book, expected = answer["output1"], answer["output2"]
    asks = [int(book[f"askp_rsqn{level}"]) for level in range(1, 11)]
    assert int(book["total_askp_rsqn"]) == sum(asks)
    assert int(book["bidp1"]) < int(book["askp1"]) < int(book["askp10"])
    assert (book["aspr_acpt_hour"][:2], expected["antc_cnpr"]) == ("09", "0")


def test_latest_trades_are_thirty_newest_first():
    host = open_kis()
    host.advance(host.session.close)
    user = KisUser(host).log_in()

    rows = user.quote("inquire-ccnl", "FHKST01010300")["output"]

    times = [row["stck_cntg_hour"] for row in rows]
    assert len(rows) == 30
    assert times == sorted(times, reverse=True)
    assert times[0] == "153000"
