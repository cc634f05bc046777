"""The gate's picture holds what was told today, and fails closed on everything else."""

from datetime import date

from aipx.engine.risk import Quote
from aipx.model.instrument import Shares, Venue, Won
from aipx.model.market import MarketGap, TradingPhase
from aipx.services.oms.picture import Pictures
from tests.support.fake_broker import reference
from tests.support.market_facts import DAY, HYNIX, SAMSUNG, at, book, event, trade

NOW = at("10:00:00")
NEXT_DAY = date(2021, 12, 30)
SATURDAY = date(2022, 1, 1)
UNCOVERED = date(1990, 1, 3)


def pictures() -> Pictures:
    found = Pictures(is_paper=False)
    found.learn(reference(SAMSUNG), DAY)
    return found


def test_a_symbol_without_a_reference_is_halted_and_nameless():
    picture = pictures().of(HYNIX, day=DAY, now=NOW)

    assert picture.is_halted
    assert picture.instrument is None
    assert picture.limits is None
    assert picture.quote is None


def test_a_reference_holds_for_its_own_day_only():
    known = pictures()

    assert not known.of(SAMSUNG, day=DAY, now=NOW).is_halted
    assert known.of(SAMSUNG, day=NEXT_DAY, now=NOW).is_halted


def test_what_the_broker_halts_is_halted():
    known = pictures()

    known.learn(reference(SAMSUNG, is_halted=True), DAY)

    assert known.of(SAMSUNG, day=DAY, now=NOW).is_halted


def test_the_newest_book_or_trade_is_the_quote():
    known = pictures()

    known.see(event(book(ask=80_100, bid=80_000), at("09:59:58")))
    known.see(event(trade(80_200, ask=80_300, bid=80_200), at("09:59:59")))

    quote = known.of(SAMSUNG, day=DAY, now=NOW).quote
    assert quote == Quote(ask_price=Won(80_300), bid_price=Won(80_200), at=at("09:59:59"))


def test_a_gap_is_no_quote():
    known = pictures()
    gap = MarketGap(symbol=SAMSUNG, venue=Venue.KRX, missed=Shares(3), reason="reconnected")

    known.see(event(gap, NOW))

    assert known.of(SAMSUNG, day=DAY, now=NOW).quote is None


def test_the_phase_follows_the_rulebook_and_an_unknown_day_is_closed():
    known = pictures()

    assert known.of(SAMSUNG, day=DAY, now=NOW).phase is TradingPhase.CONTINUOUS
    assert known.of(SAMSUNG, day=DAY, now=at("16:00:00")).phase is TradingPhase.CLOSED
    assert known.of(SAMSUNG, day=SATURDAY, now=NOW).phase is TradingPhase.CLOSED
    assert known.of(SAMSUNG, day=UNCOVERED, now=NOW).phase is TradingPhase.CLOSED


def test_a_session_is_over_from_its_close_and_on_days_without_one():
    known = pictures()

    assert not known.is_session_over(DAY, at("15:29:59"))
    assert known.is_session_over(DAY, at("15:30:00"))
    assert known.is_session_over(SATURDAY, NOW)
