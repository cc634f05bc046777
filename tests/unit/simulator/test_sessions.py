"""WebSocket semantics: answers, codes, limits, PINGPONG."""

import json

import pytest

from aipx.model.time import NANOS_PER_SECOND, Nanos
from aipx.simulator.faults import Fault, FaultName, FaultPlan
from aipx.simulator.settings import simulated_account
from aipx.wire.kis.codes import Environment
from aipx.wire.kis.crypto import AesKey, decrypt
from tests.support.kis_user import SYMBOL, WALL, KisUser, kis, open_kis, registration, settings

CHANNEL = '{"tr_id":"H0STCNT0","tr_key":"005930"}}}'


def talk(user: KisUser, session, text: str) -> dict:
    session.receive(text, wall=user.wall)
    return json.loads(session.take()[-1])


def approval(user: KisUser) -> str:
    return user.oauth("Approval", secretkey=user.account.appsecret)["approval_key"]


def connected(**changes):
    host = kis(of=settings(**changes))
    user = KisUser(host)
    return user, host.connect(wall=WALL), approval(user)


def test_every_success_carries_iv_and_key_and_notices_say_encrypted():
    user, session, key = connected()

    trade = talk(user, session, registration(key, "H0STCNT0", SYMBOL))
    notice = talk(user, session, registration(key, "H0STCNI0", user.account.hts_id))

    assert trade["body"]["msg_cd"] == notice["body"]["msg_cd"] == "OPSP0000"
    assert (trade["header"]["encrypt"], notice["header"]["encrypt"]) == ("N", "Y")
    assert (len(trade["body"]["output"]["iv"]), len(trade["body"]["output"]["key"])) == (16, 32)
    assert trade["body"]["output"] != notice["body"]["output"]


def test_second_registration_and_unknown_release_have_their_codes():
    user, session, key = connected()
    talk(user, session, registration(key, "H0STCNT0", SYMBOL))

    again = talk(user, session, registration(key, "H0STCNT0", SYMBOL))
    released = talk(user, session, registration(key, "H0STCNT0", SYMBOL, tr_type="2"))
    twice = talk(user, session, registration(key, "H0STCNT0", SYMBOL, tr_type="2"))

    codes = [answer["body"]["msg_cd"] for answer in (again, released, twice)]
    assert codes == ["OPSP0002", "OPSP0001", "OPSP0003"]
    assert released["body"]["msg1"].startswith("UNSUB")
    assert "output" not in again["body"]


def test_registration_beyond_the_bound_is_refused():
    user, session, key = connected(registrations_max=2)
    talk(user, session, registration(key, "H0STCNT0", SYMBOL))
    talk(user, session, registration(key, "H0STASP0", SYMBOL))

    third = talk(user, session, registration(key, "H0STCNI0", user.account.hts_id))

    assert (third["body"]["rt_cd"], third["body"]["msg_cd"]) == ("1", "OPSP0008")


def test_bound_of_kis_is_41():
    assert settings().registrations_max == 41


def test_unknown_approval_key_is_refused():
    user, session, _ = connected()

    answer = talk(user, session, registration("nonsense", "H0STCNT0", SYMBOL))

    assert answer["body"]["msg_cd"] == "OPSP0011"


def test_second_session_of_an_appkey_is_told_so_and_dropped():
    user, session, key = connected()
    talk(user, session, registration(key, "H0STCNT0", SYMBOL))
    second = user.host.connect(wall=WALL)

    answer = talk(user, second, registration(key, "H0STCNT0", SYMBOL))

    assert answer["header"] == {"tr_id": "(null)", "tr_key": "", "encrypt": "N"}
    assert (answer["body"]["rt_cd"], answer["body"]["msg_cd"]) == ("9", "OPSP8996")
    assert second.is_closed
    assert not session.is_closed


def test_appkey_is_free_again_when_its_session_has_ended():
    user, session, key = connected()
    talk(user, session, registration(key, "H0STCNT0", SYMBOL))
    session.close()
    second = user.host.connect(wall=WALL)

    answer = talk(user, second, registration(key, "H0STCNT0", SYMBOL))

    assert answer["body"]["msg_cd"] == "OPSP0000"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{", "OPSP9999"),
        ("[]", "OPSP9999"),
        ("{}", "OPSP9998"),
        ('{"header":{}}', "OPSP9992"),
        ('{"header":{},"body":{}}', "OPSP9991"),
        ('{"header":{},"body":{"input":{"tr_id":"H0STCNT0"}}}', "OPSP9990"),
        ('{"header":{"custtype":"P","tr_type":"9"},"body":{"input":' + CHANNEL, "OPSP8997"),
        ('{"header":{"tr_type":"1"},"body":{"input":' + CHANNEL, "OPSP9997"),
    ],
)
def test_text_that_is_no_registration_is_answered_with_what_is_wrong(text, code):
    user, session, _ = connected()

    assert talk(user, session, text)["body"]["msg_cd"] == code


def test_unknown_tr_and_symbol_are_refused():
    user, session, key = connected()

    tr = talk(user, session, registration(key, "H0XXXXX0", SYMBOL))
    symbol = talk(user, session, registration(key, "H0STCNT0", "999999"))

    assert (tr["body"]["msg_cd"], symbol["body"]["msg_cd"]) == ("OPSP8991", "OPSP8992")


def test_paper_serves_the_paper_notice_only():
    user, session, key = connected(environment=Environment.PAPER)
    hts_id = user.account.hts_id

    assert talk(user, session, registration(key, "H0STCNI0", hts_id))["body"]["rt_cd"] == "1"
    assert talk(user, session, registration(key, "H0STCNI9", hts_id))["body"]["rt_cd"] == "0"


def test_pingpong_comes_by_the_wall_clock_and_either_answer_keeps_the_session():
    user, session, _ = connected()
    host = user.host
    for second in range(10, 400, 10):
        now = Nanos(WALL + second * NANOS_PER_SECOND)
        host.tick(wall=now)
        (ping,) = session.take()
        assert json.loads(ping)["header"]["tr_id"] == "PINGPONG"
        if second % 20:
            session.pong(wall=now)
        else:
            session.receive(ping, wall=now)

    assert not session.is_closed
    assert session.take() == []


def test_session_that_never_answers_is_dropped():
    user, session, _ = connected()

    user.host.tick(wall=Nanos(WALL + 100 * NANOS_PER_SECOND))
    alive = not session.is_closed
    user.host.tick(wall=Nanos(WALL + 101 * NANOS_PER_SECOND))

    assert alive
    assert session.is_closed
    assert user.host.frames_sent.sessions_dropped == 1


def test_session_that_never_reads_is_dropped_and_counted():
    host = open_kis(of=settings(outbox_frames_max=20))
    session = KisUser(host).session(("H0STCNT0", SYMBOL), ("H0STASP0", SYMBOL))

    host.advance(host.session.close)

    assert session.is_closed
    assert host.frames_sent.sessions_dropped == 1
    assert len(session.take()) == 20


def test_session_over_the_bound_is_closed_at_once():
    host = kis(of=settings(sessions_max=1))
    host.connect(wall=WALL)

    assert host.connect(wall=WALL).is_closed


def test_each_session_gets_notices_under_its_own_key():
    accounts = (simulated_account(1), simulated_account(1, index=1))
    host = open_kis(of=settings(accounts=accounts))
    users = [KisUser(host, account=account).log_in() for account in accounts]
    sessions = [user.session(("H0STCNI0", user.account.hts_id)) for user in users]

    users[0].order("buy", 1, 70_000)

    assert sessions[1].take() == []
    head, payload = sessions[0].take()[0].rsplit("|", 1)
    assert head == "1|H0STCNI0|001"
    plain = decrypt(payload, AesKey(**users[0].keys["H0STCNI0"]))
    assert plain.startswith(f"{accounts[0].hts_id}^{accounts[0].cano}01^")


def test_wake_comes_when_the_outbox_was_empty_and_at_the_end():
    user, session, key = connected()
    wakes: list[int] = []
    session.on_output = lambda: wakes.append(1)

    session.receive(registration(key, "H0STCNT0", SYMBOL), wall=user.wall)
    session.receive(registration(key, "H0STCNT0", SYMBOL), wall=user.wall)
    woken = len(wakes)
    session.close()

    assert (woken, len(wakes)) == (1, 2)


def test_take_can_be_bounded_and_keeps_the_order():
    user, session, key = connected()
    for _ in range(3):
        session.receive(registration(key, "H0STCNT0", SYMBOL), wall=user.wall)

    first, rest = session.take(1), session.take()

    assert (len(first), len(rest)) == (1, 2)
    assert "OPSP0000" in first[0]


def test_socket_fault_ends_a_session_in_a_burst():
    plan = FaultPlan([Fault(name=FaultName.SOCKET_CLOSED, probability=0.2, count_max=1)], seed=1)
    host = open_kis(faults=plan)
    session = KisUser(host).session(("H0STASP0", SYMBOL))

    host.advance(host.session.close)

    assert session.is_closed
    assert plan.counts == {"socket_closed": 1}
