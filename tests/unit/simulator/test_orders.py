"""The broker's list of orders."""

from aipx.model.ids import AccountId, Symbol
from aipx.model.instrument import Won
from aipx.model.order import NoticeRequest, OrderKind, Side
from aipx.model.time import Nanos
from aipx.simulator.orders import OrderLedger, OrderRow

OWNER = AccountId("12345678-01")


def row(ledger: OrderLedger, **changes) -> OrderRow:
    known = {
        "number": ledger.next_number(),
        "original_number": "",
        "account": OWNER,
        "side": Side.BUY,
        "kind": OrderKind.LIMIT,
        "symbol": Symbol("005930"),
        "quantity": 10,
        "price": Won(70_000),
        "at": Nanos(0),
        "request": NoticeRequest.NEW,
        "open_quantity": 10,
    }
    added = OrderRow(**{**known, **changes})
    ledger.add(added)
    return added


def test_numbers_have_ten_digits_and_increase_from_the_base():
    ledger = OrderLedger(number_base=98)

    assert [ledger.next_number() for _ in range(3)] == ["0000000098", "0000000099", "0000000100"]


def test_row_is_found_by_number_with_or_without_its_zeros():
    ledger = OrderLedger(number_base=7)
    added = row(ledger)

    assert ledger.find("0000000007", OWNER) is added
    assert ledger.find(" 7 ", OWNER) is added
    assert ledger.by_key(7) is added


def test_row_of_another_account_is_not_found():
    ledger = OrderLedger(number_base=7)
    row(ledger)

    assert ledger.find("7", AccountId("99999999-01")) is None
    assert list(ledger.of_account(AccountId("99999999-01"))) == []


def test_average_price_is_exact_to_four_places():
    added = row(OrderLedger(number_base=1), filled_quantity=3, filled_amount=200_000)

    assert added.average_price_x10000 == 666_666_666


def test_state_says_how_a_row_ended():
    ledger = OrderLedger(number_base=1)

    assert row(ledger).state == "OPEN"
    assert row(ledger, filled_quantity=4, open_quantity=6).state == "PARTIALLY_FILLED"
    assert row(ledger, filled_quantity=10, open_quantity=0).state == "FILLED"
    assert row(ledger, canceled_quantity=10, open_quantity=0).state == "CANCELED"
    assert row(ledger, rejected_quantity=10, open_quantity=0).state == "REJECTED"
    assert row(ledger, expired_quantity=10, open_quantity=0).state == "EXPIRED"
    assert row(ledger, request=NoticeRequest.CANCEL, open_quantity=0).state == "CANCEL_REQUEST"
