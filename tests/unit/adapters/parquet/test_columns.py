"""Every fact becomes one row with the values it had."""

import json
from typing import Any, get_args, get_type_hints

import pyarrow as pa
import pytest

from aipx.adapters.parquet.columns import SCHEMAS, table
from aipx.model.ids import BrokerOrderNumber, OrderId
from aipx.model.instrument import Shares, Won
from aipx.model.order import (
    AnyOrderFact,
    Evidence,
    OrderFilled,
    Reconciled,
    TradingState,
    TradingStateChanged,
)
from aipx.ports.lake import RecordKind
from tests.support import recordings


def order_row(fact: AnyOrderFact) -> dict[str, object]:
    (row,) = table(RecordKind.ORDER_EVENT, [recordings.order_delivery(3, fact)]).to_pylist()
    return row


def test_a_trade_is_a_row_with_all_its_values():
    delivery = recordings.market_delivery(7, recordings.trade(7, price=78_100, size=3))

    (row,) = table(RecordKind.TRADE, [delivery]).to_pylist()

    at = recordings.OPEN + 700_000_000
    assert row == {
        "symbol": "005930",
        "venue": "KRX",
        "exchange_time": at,
        "receive_time": at + 1_000_000,
        "price": 78_100,
        "size": 3,
        "side": "BUYER",
        "phase": "CONTINUOUS",
        "day_volume": 24,
        "day_value": 24 * 78_100,
        "ask_price": 78_200,
        "bid_price": 78_100,
        "event_id": "sim-7",
        "offset": 7,
    }


def test_a_book_keeps_ten_levels_a_side_in_order():
    facts = [recordings.book(number, price=78_000 + number) for number in range(3)]
    deliveries = [recordings.market_delivery(number, fact) for number, fact in enumerate(facts)]

    rows = table(RecordKind.BOOK, deliveries).to_pylist()

    assert [row["ask_prices"] for row in rows] == [list(fact.ask_prices) for fact in facts]
    assert [row["ask_sizes"] for row in rows] == [list(fact.ask_sizes) for fact in facts]
    assert [row["bid_prices"] for row in rows] == [list(fact.bid_prices) for fact in facts]
    assert [row["bid_sizes"] for row in rows] == [list(fact.bid_sizes) for fact in facts]
    assert [row["offset"] for row in rows] == [0, 1, 2]


def test_a_submitted_order_shows_its_wish_in_columns():
    row = order_row(recordings.submitted(1))

    assert row["event"] == "OrderSubmitted"
    assert row["client_order_id"] == "sma-1"
    assert row["strategy_id"] == "sma"
    assert (row["symbol"], row["side"], row["order_kind"]) == ("005930", "BUY", "LIMIT")
    assert (row["quantity"], row["price"], row["amount"]) == (10, 78_000, None)


def test_a_fill_shows_its_money_in_columns_and_all_of_it_as_json():
    fill = OrderFilled(
        order_id=OrderId("o-1"),
        number=BrokerOrderNumber("0000000001"),
        quantity=Shares(4),
        amount=Won(312_000),
        cumulative_quantity=Shares(9),
        cumulative_amount=Won(702_000),
        fee=Won(43),
        tax=Won(0),
        by=Evidence.NOTICE,
    )

    row = order_row(fill)

    assert (row["quantity"], row["amount"], row["fee"], row["tax"]) == (4, 312_000, 43, 0)
    assert (row["cumulative_quantity"], row["cumulative_amount"]) == (9, 702_000)
    assert row["number"] == "0000000001"
    assert row["symbol"] is None
    assert json.loads(str(row["fact"]))["by"] == "NOTICE"


def test_a_fact_without_an_order_leaves_the_order_columns_empty():
    changed = TradingStateChanged(state=TradingState.HALTED, reason="over-filled")

    row = order_row(changed)

    assert (row["event"], row["reason"], row["order_id"]) == (
        "TradingStateChanged",
        "over-filled",
        None,
    )
    assert order_row(Reconciled(cash=Won(5), holdings_count=0))["quantity"] is None


def test_the_columns_that_every_reader_counts_on_are_there():
    names = set(SCHEMAS[RecordKind.TRADE].names)

    assert {"symbol", "exchange_time", "receive_time", "price", "size", "side", "venue"} <= names


def test_no_column_is_hidden_by_the_name_of_a_folder():
    for schema in SCHEMAS.values():
        assert {"kind", "date"}.isdisjoint(schema.names)


def base_type(hint: Any) -> Any:
    """Return what a NewType is made of."""
    while hasattr(hint, "__supertype__"):
        hint = hint.__supertype__
    return hint


@pytest.mark.parametrize("fact", get_args(AnyOrderFact), ids=lambda fact: fact.__name__)
def test_every_fact_fits_the_columns_that_share_its_field_names(fact: type):
    hints = {name: base_type(hint) for name, hint in get_type_hints(fact).items()}
    texts, integers = pa.string(), pa.int64()

    for column in SCHEMAS[RecordKind.ORDER_EVENT]:
        if column.name not in hints or column.name in {"side", "order_kind"}:
            continue
        assert hints[column.name] is {texts: str, integers: int}[column.type], column.name
