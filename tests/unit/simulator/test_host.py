"""A host's days: where they begin, how they follow each other, the same in every run."""

import hashlib
from datetime import date, time

import pytest

from aipx.errors import InputError, SettingsError
from aipx.model.ids import Symbol
from aipx.model.instrument import Shares
from aipx.model.time import NANOS_PER_SECOND, kst_hhmmss
from aipx.runtime.clocks import SystemMonotonicClock, SystemWallClock
from aipx.simulator.faults import Fault, FaultName
from aipx.simulator.host import HostSettings, SimulatorHost
from aipx.wire.kis.codes import Environment
from tests.support.kis_user import KisUser

SAMSUNG = Symbol("005930")
DAY = date(2026, 11, 17)


def host_of(**changes) -> SimulatorHost:
    known = {
        "symbols": (SAMSUNG,),
        "day": DAY,
        "is_manual": True,
        "events_max": 300,
        "requests_per_second_max": 1_000,
    }
    settings = HostSettings(**{**known, **changes})
    return SimulatorHost(settings, wall=SystemWallClock(), monotonic=SystemMonotonicClock())


def test_day_begins_at_the_time_asked_for():
    host = host_of(start_time=time(13, 30))

    assert kst_hhmmss(host.kis.market_now) == "133000"


@pytest.mark.parametrize("at", [time(3), time(22)])
def test_time_outside_the_day_is_refused(at):
    with pytest.raises(SettingsError, match="allowed: 08:29:00 to 15:31:00"):
        host_of(start_time=at)


@pytest.mark.parametrize("changes", [{"accounts": 0}, {"days": 0}, {"accounts": 1_000}])
def test_numbers_out_of_bounds_are_refused(changes):
    with pytest.raises(SettingsError, match="allowed: 1 to"):
        host_of(**changes)


def test_paper_allows_one_request_a_second():
    host = host_of(environment=Environment.PAPER, requests_per_second_max=None)
    user = KisUser(host.kis).log_in()

    codes = [user.quote("inquire-price", "FHKST01010100")["msg_cd"] for _ in range(2)]

    assert codes == ["MCA00000", "EGW00201"]


def test_skipping_stops_at_the_end_of_the_day():
    host = host_of()

    host.skip(10**18)

    assert kst_hhmmss(host.kis.market_now) == "153100"


def test_next_day_keeps_shares_and_cash_and_rolls_the_close():
    host = host_of(start_time=time(14, 0))
    user = KisUser(host.kis).log_in()
    user.order("buy", 7, 0, kind="01")
    bought = int(user.balance()["output1"][0]["pchs_amt"])
    paid = host.kis.settings.accounts[0].cash - int(
        user.balance()["output2"][0]["prvs_rcdl_excc_amt"]
    )
    host.skip(10**18)
    close = user.quote("inquire-price", "FHKST01010100")["output"]["stck_prpr"]

    host.begin_next_day()

    answer = user.balance()
    row, totals = answer["output1"][0], answer["output2"][0]
    assert user.quote("inquire-price", "FHKST01010100")["output"]["stck_sdpr"] == close
    assert (row["hldg_qty"], row["bfdy_buy_qty"], row["thdt_buyqty"]) == ("7", "7", "0")
    assert (totals["bfdy_buy_amt"], totals["thdt_buy_amt"]) == (str(bought), "0")
    # Bought on Tuesday, paid on Thursday: on Wednesday it is D+1 money.
    cash = host.kis.settings.accounts[0].cash
    assert totals["dnca_tot_amt"] == str(cash)
    assert totals["nxdy_excc_amt"] == str(cash - paid)


def test_sale_settles_two_sessions_later_and_the_sold_symbol_goes():
    host = host_of(start_time=time(14, 0))
    user = KisUser(host.kis).log_in()
    user.order("buy", 5, 0, kind="01")
    user.order("sell", 5, 0, kind="01")
    after = user.balance()["output2"][0]["prvs_rcdl_excc_amt"]

    seen = []
    for _ in range(3):
        host.begin_next_day()
        answer = user.balance()
        seen.append((len(answer["output1"]), answer["output2"][0]["dnca_tot_amt"] == after))

    assert seen == [(1, False), (1, True), (0, True)]


def test_order_numbers_begin_anew_each_day():
    host = host_of(start_time=time(14, 0))
    user = KisUser(host.kis).log_in()
    first = user.order("buy", 1, 0, kind="01")["output"]["ODNO"]
    host.begin_next_day()
    host.skip_to(time(14, 0))

    assert user.order("buy", 1, 0, kind="01")["output"]["ODNO"] == first


def test_charts_show_the_days_lived_through():
    host = host_of()
    user = KisUser(host.kis).log_in()
    for _ in range(2):
        host.begin_next_day()

    rows = user.quote("inquire-daily-price", "FHKST01010400", FID_PERIOD_DIV_CODE="D")["output"]

    assert [row["stck_bsop_date"] for row in rows[:3]] == ["20261118", "20261117", "20261116"]


def test_calendar_without_a_next_day_is_refused():
    host = host_of(day=date(2026, 12, 28))

    with pytest.raises(InputError):
        host.begin_next_day()


def day_hash(seed: int) -> str:
    """Return the hash of all that a session is sent over two days with faults and an order."""
    faults = (
        Fault(name=FaultName.NOTICE_REPEATED, probability=0.5),
        Fault(name=FaultName.TICKS_MISSING, probability=0.1),
    )
    host = host_of(start_time=time(10, 0), seed=seed, faults=faults)
    user = KisUser(host.kis).log_in()
    session = user.session(
        ("H0STCNT0", SAMSUNG), ("H0STASP0", SAMSUNG), ("H0STCNI0", user.account.hts_id)
    )
    digest = hashlib.sha256()
    for _ in range(2):
        host.skip(600 * NANOS_PER_SECOND)
        digest.update(user.order("buy", Shares(3), 0, kind="01")["output"]["ODNO"].encode())
        host.begin_next_day()
        host.skip_to(time(9, 30))
        digest.update("\n".join(session.take()).encode())
    return digest.hexdigest()


def test_same_seed_gives_the_same_bytes_and_another_seed_others():
    assert day_hash(3) == day_hash(3)
    assert day_hash(3) != day_hash(4)
