"""Only what two inquiries in a row agree on, with nothing between, is confirmed."""

import asyncio
from collections.abc import Callable

import pytest

from aipx.engine.inputs import Inquired
from aipx.errors import Unreachable
from aipx.model.ids import OrderId
from aipx.services.oms.inquiry import Inquirer
from tests.support.fake_broker import FakeBroker
from tests.support.market_facts import DAY
from tests.support.oms import balance, row

ATTEMPTS_MAX = 4


def ask(broker: FakeBroker, sequence: Callable[[], int] = lambda: 7) -> Inquired:
    inquirer = Inquirer(broker, attempts_max=ATTEMPTS_MAX)
    settled = frozenset({OrderId("o-1")})
    inquired, told = asyncio.run(
        inquirer.ask(DAY, sequence=sequence, settled=settled, is_session_over=False)
    )
    assert told == broker.balance_now
    return inquired


def test_two_equal_answers_are_confirmed_and_asked_no_further():
    broker = FakeBroker()
    broker.listed = (row("0000000001"),)

    inquired = ask(broker)

    assert inquired.is_confirmed
    assert inquired.orders == (row("0000000001"),)
    assert inquired.started_sequence == 7
    assert inquired.settled == {OrderId("o-1")}
    assert broker.inquiries == 2


def test_a_listing_that_moves_is_asked_until_it_stands():
    broker = FakeBroker()
    broker.listings = [(), (row("0000000001"),), (row("0000000001"),)]

    inquired = ask(broker)

    assert inquired.is_confirmed
    assert broker.inquiries == 3


def test_an_event_between_two_equal_answers_unsettles_them():
    broker = FakeBroker()
    sequences = iter([7, 8, 8, 8])

    inquired = ask(broker, lambda: next(sequences))

    assert inquired.is_confirmed
    assert inquired.started_sequence == 8
    assert broker.inquiries == 3


def test_what_never_stands_is_given_up_unconfirmed_after_the_bound():
    broker = FakeBroker()
    broker.listings = [(row("0000000001", filled=n, amount=n * 80_000),) for n in range(10)]

    inquired = ask(broker)

    assert not inquired.is_confirmed
    assert broker.inquiries == 1 + ATTEMPTS_MAX
    assert inquired.orders[0].filled_quantity == ATTEMPTS_MAX


def test_a_balance_that_moves_unsettles_an_equal_listing():
    class Earning(FakeBroker):
        async def balance(self):
            self.balance_now = balance(cash=self.balance_now.cash_settled + 1)
            return self.balance_now

    assert not ask(Earning()).is_confirmed


def test_silence_is_the_callers_business():
    broker = FakeBroker()
    broker.fall_silent()

    with pytest.raises(Unreachable):
        ask(broker)
