"""The document that scripts read keeps its shape."""

import msgspec

from aipx.cli.result import document
from tests.support import demo


def test_the_document_has_the_fields_that_scripts_count_on():
    read = msgspec.json.decode(document(demo.result()))

    assert set(read) >= {
        "data",
        "frames",
        "orders",
        "fills",
        "positions",
        "cash",
        "fees",
        "taxes",
        "profit",
        "ledger_equals_broker",
        "recorded",
        "latency_us",
        "wall_seconds",
        "market_seconds",
    }
    assert set(read["data"]) == {"source", "synthetic", "date", "symbols"}
    assert set(read["frames"]) == {"received", "trades", "books", "gaps", "bad"}
    assert set(read["orders"]) == {
        "submitted",
        "accepted",
        "filled",
        "partially_filled",
        "canceled",
        "expired",
        "rejected",
        "refused_by_risk",
        "unknown",
    }
    assert set(read["recorded"]) == {"files", "rows", "bytes"}
    assert set(read["latency_us"]) == {"tick_to_wish", "wish_to_answer", "wish_to_kis"}
    assert set(read["latency_us"]["tick_to_wish"]) == {"p50", "p99", "max", "count"}


def test_money_is_whole_in_the_document():
    read = msgspec.json.decode(document(demo.result()))

    assert all(isinstance(read[name], int) for name in ("cash", "fees", "taxes", "profit"))
