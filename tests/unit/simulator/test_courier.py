"""Notices on their way: lost, doubled, late."""

from aipx.model.time import NANOS_PER_SECOND, Nanos
from aipx.simulator.faults import Fault, FaultName, FaultPlan
from aipx.wire.kis.crypto import AesKey, decrypt
from aipx.wire.kis.layout import Layout
from tests.support.kis_user import SYMBOL, KisUser, open_kis, settings


def bought(*faults: Fault, **changes):
    host = open_kis(faults=FaultPlan(faults, seed=1), of=settings(**changes))
    user = KisUser(host).log_in()
    session = user.session(("H0STCNI0", user.account.hts_id))
    user.order("buy", 1, host.listings[SYMBOL].limits.upper)
    return host, user, session


def plain(user: KisUser, texts: list[str]) -> list[str]:
    key = AesKey(**user.keys["H0STCNI0"])
    return [decrypt(text.rsplit("|", 1)[1], key) for text in texts]


def test_notice_has_26_fields_or_23_in_the_legacy_layout():
    for layout, width in ((Layout.CURRENT, 26), (Layout.LEGACY, 23)):
        _, user, session = bought(layout=layout)

        texts = plain(user, session.take())

        assert {len(text.split("^")) for text in texts} == {width}


def test_missing_notice_is_never_sent():
    host, _, session = bought(Fault(name=FaultName.NOTICE_MISSING, probability=1))

    host.advance(host.session.close)

    assert session.take() == []


def test_repeated_notice_is_the_same_text_twice():
    _, user, session = bought(Fault(name=FaultName.NOTICE_REPEATED, probability=1))

    texts = plain(user, session.take())

    assert texts[0] == texts[1]
    assert texts[2] == texts[3]
    assert len(texts) == 4


def test_late_notice_comes_when_its_market_time_has_come():
    second = NANOS_PER_SECOND
    late = Fault(
        name=FaultName.NOTICE_LATE,
        probability=1,
        delay_ns_min=5 * second,
        delay_ns_max=5 * second,
    )
    host, user, session = bought(late)
    ordered_at = host.market_now

    host.advance(Nanos(ordered_at + 5 * second - 1))
    early = session.take()
    host.advance(Nanos(ordered_at + 5 * second))

    assert early == []
    assert len(plain(user, session.take())) == 2


def test_late_notice_keeps_the_day_open_until_it_is_out():
    hour = 3_600 * NANOS_PER_SECOND
    late = Fault(
        name=FaultName.NOTICE_LATE, probability=1, delay_ns_min=9 * hour, delay_ns_max=9 * hour
    )
    host, _, session = bought(late)

    host.advance(host.session.close)
    due = host.next_time()

    assert due is not None
    assert due > host.session.close
    host.advance(due)
    assert session.take() != []
    assert host.next_time() is None
