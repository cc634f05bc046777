"""Quotes by the REST client."""

import msgspec
import pytest

from aipx.adapters.kis.quotes import KisQuotes
from aipx.errors import BadPeerData, Refused
from aipx.model.ids import Symbol
from aipx.runtime.virtual_time import run_virtual
from aipx.wire.kis.rest.envelope import RestRequest
from aipx.wire.kis.rest.quotes import QuoteMarket
from tests.support.kis_transports import Reply, ScriptedHttp, access, response
from tests.support.kis_wire import DAY, PRICE_OUTPUT, answer, refusal

SYMBOL = Symbol("005930")
RANK = RestRequest(method="GET", path="/uapi/ranking", tr_id="FHPST01710000")


class _Rank(msgspec.Struct):
    hts_kor_isnm: str


class _Ranks(msgspec.Struct):
    output: list[_Rank]


def scripted(*replies: Reply) -> tuple[KisQuotes, ScriptedHttp]:
    left = list(replies)
    http = ScriptedHttp(lambda _: left.pop(0))
    return KisQuotes(access(http)), http


def test_any_inquiry_can_be_asked_by_its_tr_id() -> None:
    quotes, http = scripted(
        response(refusal("EGW00201"), status=500),
        response(answer(output=[{"hts_kor_isnm": "삼성전자", "data_rank": "1"}])),
    )

    found = run_virtual(quotes.call(RANK, _Ranks))

    assert [row.hts_kor_isnm for row in found.output] == ["삼성전자"]
    assert http.sent("/ranking")[0].headers["tr_id"] == "FHPST01710000"


def test_answer_of_another_shape_is_bad_peer_data() -> None:
    quotes, _ = scripted(response(answer(output={})))

    with pytest.raises(BadPeerData, match="/uapi/ranking"):
        run_virtual(quotes.call(RANK, _Ranks))


def test_what_changes_something_is_not_asked_this_way() -> None:
    quotes, _ = scripted()

    with pytest.raises(AssertionError, match="never repeated"):
        run_virtual(quotes.call(msgspec.structs.replace(RANK, method="POST"), _Ranks))


def test_price_of_another_market_is_asked_by_its_code() -> None:
    quotes, http = scripted(response(answer(output=PRICE_OUTPUT)))

    price = run_virtual(quotes.price(SYMBOL, market=QuoteMarket.NXT))

    assert price.last_price == 71_900
    assert dict(http.sent("/inquire-price")[0].query)["FID_COND_MRKT_DIV_CODE"] == "NX"


def test_unknown_symbol_is_refused() -> None:
    quotes, _ = scripted(response(answer(output=PRICE_OUTPUT | {"stck_sdpr": "0"})))

    with pytest.raises(Refused, match="knows no symbol"):
        run_virtual(quotes.price(SYMBOL))


def test_calendar_trades_and_listings_are_asked() -> None:
    quotes, _ = scripted(
        response(answer(output=[{"bass_dt": "20260915", "opnd_yn": "Y", "sttl_day_yn": "Y"}])),
        response(answer(output=[{"stck_cntg_hour": "090000", "stck_prpr": "1", "cntg_vol": "2"}])),
        response(answer(output={"prdt_abrv_name": "삼성전자"})),
        response(answer(output=[])),
    )

    async def story() -> tuple[bool, int, str, int]:
        (day,) = await quotes.holidays(DAY)
        (trade,) = await quotes.latest_trades(SYMBOL, day=DAY)
        info = await quotes.stock_info(SYMBOL)
        return day.is_open, trade.size, info.name, len(await quotes.interruptions(DAY))

    assert run_virtual(story()) == (True, 2, "삼성전자", 0)
