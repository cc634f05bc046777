"""Quotes."""

from datetime import time

import pytest

from aipx.errors import BadPeerData
from aipx.model.ids import Symbol
from aipx.model.instrument import InstrumentKind, ListingMarket
from aipx.model.market import TradingPhase
from aipx.model.time import kst_moment
from aipx.wire.kis.codes import Environment
from aipx.wire.kis.rest.quotes import (
    QuoteMarket,
    asking_price_request,
    latest_trades_request,
    parse_asking_price,
    parse_latest_trades,
    parse_price,
    price_request,
)
from tests.support.kis_wire import DAY, PRICE_OUTPUT, answer

SYMBOL = Symbol("005930")


def test_price_tells_limits_and_state() -> None:
    found = parse_price(answer(output=PRICE_OUTPUT), symbol=SYMBOL)

    assert found is not None
    assert (found.limits.lower, found.limits.base, found.limits.upper) == (50_400, 72_000, 93_600)
    assert (found.last_price, found.is_halted) == (71_900, False)
    assert found.instrument.symbol == SYMBOL


@pytest.mark.parametrize(
    ("name", "market", "kind"),
    [
        ("KOSPI200", ListingMarket.KOSPI, InstrumentKind.STOCK),
        ("KOSDAQ", ListingMarket.KOSDAQ, InstrumentKind.STOCK),
        ("KSQ150 ", ListingMarket.KOSDAQ, InstrumentKind.STOCK),
        ("KONEX", ListingMarket.KONEX, InstrumentKind.STOCK),
        ("ETF", ListingMarket.KOSPI, InstrumentKind.ETF),
        ("ETN", ListingMarket.KOSPI, InstrumentKind.ETN),
    ],
)
def test_market_is_told_by_its_name(name: str, market: ListingMarket, kind: InstrumentKind) -> None:
    found = parse_price(answer(output=PRICE_OUTPUT | {"rprs_mrkt_kor_name": name}), symbol=SYMBOL)

    assert found is not None
    assert (found.instrument.market, found.instrument.kind) == (market, kind)


@pytest.mark.parametrize("changes", [{"iscd_stat_cls_code": "58"}, {"temp_stop_yn": "Y"}])
def test_halt_is_told_in_two_ways(changes: dict[str, str]) -> None:
    found = parse_price(answer(output=PRICE_OUTPUT | changes), symbol=SYMBOL)

    assert found is not None
    assert found.is_halted


def test_unknown_instrument_has_no_base_price() -> None:
    assert parse_price(answer(output=PRICE_OUTPUT | {"stck_sdpr": "0"}), symbol=SYMBOL) is None


@pytest.mark.parametrize(
    "changes",
    [{"stck_mxpr": ""}, {"stck_mxpr": "0"}, {"stck_llam": "72001"}, {"rprs_mrkt_kor_name": "NYSE"}],
)
def test_price_without_certain_limits_is_refused(changes: dict[str, str]) -> None:
    with pytest.raises(BadPeerData):
        parse_price(answer(output=PRICE_OUTPUT | changes), symbol=SYMBOL)


def test_book_is_read() -> None:
    levels = {
        f"{stem}{level}": str(start + level)
        for stem, start in (("askp", 100), ("bidp", 80), ("askp_rsqn", 0), ("bidp_rsqn", 10))
        for level in range(1, 11)
    }
    totals = {"aspr_acpt_hour": "093354", "total_askp_rsqn": "55", "total_bidp_rsqn": "155"}
    body = answer(output1=levels | totals, output2={"antc_cnpr": "0", "antc_vol": "0"})

    at, book = parse_asking_price(body, symbol=SYMBOL, day=DAY, phase=TradingPhase.CONTINUOUS)

    assert at == kst_moment(DAY, time(9, 33, 54))
    assert book.ask_prices == tuple(range(101, 111))
    assert book.bid_sizes == tuple(range(11, 21))
    assert (book.total_ask_size, book.total_bid_size) == (55, 155)


def test_book_with_a_missing_level_is_refused() -> None:
    totals = {"aspr_acpt_hour": "093354", "total_askp_rsqn": "55", "total_bidp_rsqn": "155"}
    body = answer(output1=totals, output2={"antc_cnpr": "0", "antc_vol": "0"})

    with pytest.raises(BadPeerData, match="askp1 is ''"):
        parse_asking_price(body, symbol=SYMBOL, day=DAY, phase=TradingPhase.CONTINUOUS)


def test_quotes_are_asked_of_krx() -> None:
    for request in (
        price_request(SYMBOL, environment=Environment.PAPER),
        asking_price_request(SYMBOL, environment=Environment.PAPER),
    ):
        assert request.query == (("FID_COND_MRKT_DIV_CODE", "J"), ("FID_INPUT_ISCD", "005930"))


def test_quotes_of_other_markets_are_asked_by_their_code() -> None:
    for market, code in ((QuoteMarket.NXT, "NX"), (QuoteMarket.UNIFIED, "UN")):
        request = price_request(SYMBOL, environment=Environment.REAL, market=market)
        assert dict(request.query)["FID_COND_MRKT_DIV_CODE"] == code


def test_latest_trades_are_read() -> None:
    row = {"stck_cntg_hour": "093354", "stck_prpr": "71900", "cntg_vol": "10", "tday_rltv": "1.0"}

    (trade,) = parse_latest_trades(answer(output=[row]), day=DAY)

    assert (trade.at, trade.price, trade.size) == (kst_moment(DAY, time(9, 33, 54)), 71_900, 10)
    assert latest_trades_request(SYMBOL, environment=Environment.PAPER).tr_id == "FHKST01010300"
