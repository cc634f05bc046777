"""The whole KIS, by raw requests: one long story, then its laws."""

from hypothesis import given, settings
from hypothesis import strategies as st

from aipx.model.time import NANOS_PER_MINUTE, Nanos
from aipx.simulator.kis import SimulatedKis
from aipx.simulator.settings import OpeningHolding, simulated_account
from aipx.wire.kis.codes import Environment
from aipx.wire.kis.crypto import AesKey, decrypt
from tests.support import kis_user, markets
from tests.support.kis_user import SYMBOL, KisUser, open_kis


def notices(user: KisUser, session) -> list[list[str]]:
    key = AesKey(**user.keys["H0STCNI0"])
    return [decrypt(text.rsplit("|", 1)[1], key).split("^") for text in session.take()]


def test_a_day_at_kis_from_token_to_the_close():
    host = open_kis()
    user = KisUser(host).log_in()
    session = user.session(("H0STCNI0", user.account.hts_id))
    ask = host.listings[SYMBOL].limits.upper

    bought = user.order("buy", 10, ask)

    assert (bought["rt_cd"], bought["msg_cd"]) == ("0", "APBK0013")
    assert set(bought["output"]) == {"KRX_FWDG_ORD_ORGNO", "ODNO", "ORD_TMD", "SOR_ODNO"}
    number = bought["output"]["ODNO"]
    assert (number, bought["output"]["KRX_FWDG_ORD_ORGNO"]) == ("0000000001", "06010")
    told = notices(user, session)
    assert [fields[12:15] for fields in told] == [
        ["0", "1", "1"],
        *[["0", "2", "2"]] * len(told[1:]),
    ]
    assert {fields[2] for fields in told} == {number}
    paid = sum(int(fields[9]) * int(fields[10]) for fields in told[1:])
    assert sum(int(fields[9]) for fields in told[1:]) == 10

    balance = user.balance()

    fee = paid * 140_527 // 1_000_000_000
    (holding,), (totals,) = balance["output1"], balance["output2"]
    assert (holding["pdno"], holding["hldg_qty"], holding["pchs_amt"]) == (SYMBOL, "10", str(paid))
    assert totals["dnca_tot_amt"] == "100000000"
    assert totals["prvs_rcdl_excc_amt"] == str(100_000_000 - paid - fee)
    assert totals["thdt_tlex_amt"] == str(fee)

    resting = user.order("sell", 10, ask)["output"]["ODNO"]
    canceled = user.change(resting)

    assert canceled["output"]["ODNO"] == "0000000003"
    assert [fields[2:6] + fields[12:15] for fields in notices(user, session)[1:]] == [
        ["0000000003", "0000000002", "01", "2", "0", "1", "1"],
        ["0000000003", "0000000002", "01", "2", "0", "1", "2"],
    ]
    listed, tr_cont = user.orders()
    rows = listed["output1"]
    assert tr_cont == "D"
    assert [row["odno"] for row in rows] == ["0000000001", "0000000002", "0000000003"]
    assert (rows[0]["tot_ccld_qty"], rows[0]["tot_ccld_amt"], rows[0]["rmn_qty"]) == (
        "10",
        str(paid),
        "0",
    )
    assert (rows[1]["cncl_cfrm_qty"], rows[1]["cncl_yn"], rows[2]["orgn_odno"]) == (
        "10",
        "Y",
        "0000000002",
    )

    left = user.order("buy", 1, host.listings[SYMBOL].limits.lower)["output"]["ODNO"]
    session.take()
    host.advance(Nanos(host.session.close + NANOS_PER_MINUTE))

    assert session.take() == []
    assert user.orders(ODNO=left)[0]["output1"][0]["rmn_qty"] == "0"
    assert user.order("buy", 1, ask)["msg_cd"] == "APBK0918"
    assert host.next_time() is None


def test_true_ledger_agrees_with_the_inquiries():
    host = open_kis()
    user = KisUser(host).log_in()
    user.order("buy", 7, host.listings[SYMBOL].limits.upper)
    user.order("sell", 3, host.listings[SYMBOL].limits.lower)
    user.order("buy", 1, host.listings[SYMBOL].limits.lower)

    truth = host.ledger(user.account.account_id)

    balance, (listed, _) = user.balance(), user.orders()
    totals = balance["output2"][0]
    assert str(truth.cash_settled) == totals["prvs_rcdl_excc_amt"]
    assert str(truth.fees + truth.taxes) == totals["thdt_tlex_amt"]
    assert [(order.number, str(order.filled)) for order in truth.orders] == [
        (row["odno"], row["tot_ccld_qty"]) for row in listed["output1"]
    ]
    assert [order.state for order in truth.orders] == ["FILLED", "FILLED", "OPEN"]
    assert truth.holdings[0].quantity == 4


def test_paper_speaks_with_its_own_codes_and_organisation():
    host = open_kis(of=kis_user.settings(environment=Environment.PAPER))
    user = KisUser(host).log_in()

    bought = user.order("buy", 1, host.listings[SYMBOL].limits.upper)

    assert (bought["msg_cd"], bought["output"]["KRX_FWDG_ORD_ORGNO"]) == ("40600000", "00950")


def test_same_seed_and_requests_give_the_same_frames():
    def run() -> list[str]:
        host = open_kis()
        user = KisUser(host).log_in()
        session = user.session(
            ("H0STCNT0", SYMBOL), ("H0STASP0", SYMBOL), ("H0STCNI0", user.account.hts_id)
        )
        user.order("buy", 50, host.listings[SYMBOL].limits.upper)
        host.advance(host.session.close)
        return session.take()

    assert run() == run()


def test_request_takes_what_is_due_at_its_moment_first():
    session = markets.session()
    host = SimulatedKis(
        settings=kis_user.settings(),
        exchange=markets.exchange(),
        start=session.opening_auction_start,
    )

    answer = KisUser(host).log_in().order("buy", 1, host.listings[SYMBOL].limits.upper)

    assert answer["rt_cd"] == "0"


ORDER = st.tuples(
    st.integers(0, 1),  # account
    st.sampled_from(["buy", "sell"]),
    st.integers(1, 400),  # shares
    st.integers(-8, 8),  # ticks from the last price
    st.sampled_from(["00", "01", "03", "04", "11", "12", "13", "14"]),
    st.booleans(),  # cancel the latest order then
    st.integers(0, 20),  # minutes until the next one
)


@settings(max_examples=25)
@given(orders=st.lists(ORDER, max_size=15))
def test_cash_and_shares_are_conserved_whatever_is_ordered(orders):
    start = [
        simulated_account(
            1,
            index=index,
            holdings=(OpeningHolding(symbol=SYMBOL, quantity=100, cost=7_000_000),),
        )
        for index in range(2)
    ]
    host = open_kis(of=kis_user.settings(accounts=tuple(start)))
    users = [KisUser(host, account=account).log_in() for account in start]
    for who, side, quantity, ticks, kind, cancels, minutes in orders:
        last = host.listings[SYMBOL].limits.base
        price = last + 100 * ticks
        answer = users[who].order(side, quantity, price, kind=kind)
        if cancels and answer["rt_cd"] == "0":
            users[who].change(answer["output"]["ODNO"])
        host.advance(Nanos(host.market_now + minutes * NANOS_PER_MINUTE))
    host.advance(Nanos(host.session.close + NANOS_PER_MINUTE))

    for account in start:
        check_books(host, account)


def check_books(host, account) -> None:
    truth = host.ledger(account.account_id)
    bought = sum(order.amount for order in truth.orders if order.side.value == "BUY")
    sold = sum(order.amount for order in truth.orders if order.side.value == "SELL")
    shares = 100 + sum(
        order.filled if order.side.value == "BUY" else -order.filled for order in truth.orders
    )
    assert truth.cash_settled == account.cash - bought + sold - truth.fees - truth.taxes
    assert truth.orderable_cash == truth.cash_settled >= 0
    assert (truth.bought, truth.sold) == (bought, sold)
    assert sum(holding.quantity for holding in truth.holdings) == shares >= 0
    assert truth.fees == sum(order.amount * 140_527 // 10**9 for order in truth.orders)
    # KOSPI in 2024: 0.03 % and 0.15 % of a sale.
    sales = [order.amount for order in truth.orders if order.side.value == "SELL"]
    assert truth.taxes == sum(sale * 3 // 10_000 + sale * 15 // 10_000 for sale in sales)
    for order in truth.orders:
        ended = order.filled + order.canceled + order.rejected + order.expired
        assert order.open == 0
        assert order.is_cancel or ended == order.quantity
