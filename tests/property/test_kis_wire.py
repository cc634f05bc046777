"""Laws of the KIS formats: any text is a model or BadPeerData, and what is written reads back."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from aipx.errors import BadPeerData
from aipx.model.ids import BrokerOrderNumber, Symbol
from aipx.model.instrument import Shares, Won
from aipx.model.order import NoticeRequest, NoticeStage, Side
from aipx.model.time import Nanos, kst_hhmmss
from aipx.wire.kis.control import parse_control, parse_registration
from aipx.wire.kis.crypto import AesKey, decrypt, encrypt
from aipx.wire.kis.frames import join_frame, parse_books, parse_trades, split_frame
from aipx.wire.kis.layout import Layout
from aipx.wire.kis.notices import format_notice, parse_notice
from aipx.wire.kis.records import format_book, format_trade
from aipx.wire.kis.rest import (
    account,
    auth,
    charts,
    market_info,
    open_orders,
    quotes,
    trading,
)
from aipx.wire.kis.rest.envelope import certainty, parse_envelope
from tests.support.kis_wire import DAY, IV_TEXT, KEY_TEXT, answer, book, notice, trade

SIZES = st.integers(0, 10**12)
PRICES = st.integers(1, 10**8)
TIMES = st.integers(0, 86_399).map(lambda second: kst_hhmmss(Nanos(second * 10**9)))
LADDERS = st.lists(SIZES, min_size=10, max_size=10).map(tuple)
LAYOUTS = st.sampled_from(Layout)
KEY = AesKey(key=KEY_TEXT, iv=IV_TEXT)
FRAMES = [
    join_frame("H0STCNT0", [format_trade(trade(), layout)] * count)
    for layout in Layout
    for count in (1, 3)
] + [
    join_frame("H0STASP0", [format_book(book(), layout)] * count)
    for layout in Layout
    for count in (1, 2)
]


@st.composite
def broken(draw: st.DrawFn, originals: list[str]) -> str:
    """Return an original with some of it cut out, doubled or replaced."""
    text = draw(st.sampled_from(originals))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = draw(st.integers(start, min(len(text), start + 12)))
        text = text[:start] + draw(st.text(max_size=6)) + text[end:]
    return text


def _read_frame(raw: str) -> None:
    try:
        frame = split_frame(raw)
        found = parse_trades(frame) if "CNT" in frame.tr_id else parse_books(frame, day=DAY)
    except BadPeerData:
        return
    assert len(found) == frame.count
    for at, fact in found:
        assert at >= 0
        assert fact.day_volume >= 0


@given(st.text() | broken(FRAMES))
def test_any_text_is_market_facts_or_bad_peer_data(raw: str) -> None:
    _read_frame(raw)


@given(st.integers(1, 999), st.lists(st.text("0123456789^ABC|_+- ", max_size=400)))
def test_any_frame_is_market_facts_or_bad_peer_data(count: int, fields: list[str]) -> None:
    for tr_id in ("H0STCNT0", "H0STASP0"):
        _read_frame(f"0|{tr_id}|{count:03d}|{'^'.join(fields)}")


@given(st.text() | broken([format_notice(notice(), layout) for layout in Layout]))
def test_any_text_is_a_notice_or_bad_peer_data(plain: str) -> None:
    try:
        found = parse_notice(plain, day=DAY, receive_time=Nanos(0), event_id="e", trace_id="t")
    except BadPeerData:
        return
    assert found.quantity >= 0
    assert len(found.number) == 10


@given(st.text())
def test_any_text_is_a_control_message_or_bad_peer_data(text: str) -> None:
    for parse in (parse_control, parse_registration):
        try:
            parse(text)
        except BadPeerData:
            continue


@given(st.text() | broken([encrypt("plain text of some length", KEY)]))
def test_any_text_is_decrypted_or_bad_peer_data(text: str) -> None:
    try:
        decrypt(text, KEY)
    except BadPeerData:
        return


@given(st.text())
def test_encrypted_text_is_decrypted_as_it_was(plain: str) -> None:
    assert decrypt(encrypt(plain, KEY), KEY) == plain


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=6,
)


@given(st.binary() | JSON.map(lambda value: answer(output=value, output1=value, output2=value)))
def test_any_body_is_an_answer_or_bad_peer_data(body: bytes) -> None:
    for parse in (
        parse_envelope,
        auth.parse_token,
        auth.parse_approval,
        auth.parse_revoked,
        auth.parse_hashkey,
        trading.parse_receipt,
        account.parse_balance_page,
        account.parse_daily_orders_page,
        account.parse_buying_power,
        charts.parse_daily_chart,
        charts.parse_minute_chart,
        market_info.parse_holidays,
        market_info.parse_vi_status,
        open_orders.parse_open_orders_page,
        open_orders.parse_sellable,
        lambda body: market_info.parse_stock_info(body, symbol=Symbol("005930")),
        lambda body: quotes.parse_latest_trades(body, day=date(2026, 11, 20)),
        lambda body: quotes.parse_price(body, symbol=Symbol("005930")),
    ):
        try:
            parse(body)
        except BadPeerData:
            continue


@given(st.text())
def test_every_code_has_a_certainty(code: str) -> None:
    assert certainty(code)


@given(LAYOUTS, PRICES, st.integers(1, 10**9), SIZES, SIZES, TIMES, st.sampled_from("135"))
def test_written_trade_reads_back(
    layout: Layout, price: int, size: int, volume: int, value: int, at: str, aggressor: str
) -> None:
    record = trade(
        price=price,
        size=size,
        day_volume=volume,
        day_value=value,
        time=at,
        aggressor=aggressor,
    )

    ((moment, found),) = parse_trades(
        split_frame(join_frame("H0STCNT0", [format_trade(record, layout)]))
    )

    assert kst_hhmmss(moment) == at
    assert (found.price, found.size) == (price, size)
    assert (found.day_volume, found.day_value) == (volume, value)


@given(LAYOUTS, LADDERS, LADDERS, LADDERS, LADDERS, TIMES, st.sampled_from("0ABC"))
def test_written_book_reads_back(
    layout: Layout,
    asks: tuple[int, ...],
    ask_sizes: tuple[int, ...],
    bids: tuple[int, ...],
    bid_sizes: tuple[int, ...],
    at: str,
    hour_class: str,
) -> None:
    record = book(
        ask_prices=asks,
        ask_sizes=ask_sizes,
        bid_prices=bids,
        bid_sizes=bid_sizes,
        total_ask_size=sum(ask_sizes),
        total_bid_size=sum(bid_sizes),
        time=at,
        hour_class=hour_class,
    )

    ((moment, found),) = parse_books(
        split_frame(join_frame("H0STASP0", [format_book(record, layout)])), day=DAY
    )

    assert kst_hhmmss(moment) == at
    assert (found.ask_prices, found.ask_sizes) == (asks, ask_sizes)
    assert (found.bid_prices, found.bid_sizes) == (bids, bid_sizes)
    assert found.total_ask_size == sum(ask_sizes)


@given(
    LAYOUTS,
    st.integers(1, 10**10 - 1),
    st.integers(0, 10**9),
    PRICES,
    st.sampled_from(Side),
    st.sampled_from(NoticeStage),
    st.sampled_from(NoticeRequest),
    TIMES,
)
def test_written_notice_reads_back(
    layout: Layout,
    number: int,
    quantity: int,
    price: int,
    side: Side,
    stage: NoticeStage,
    request: NoticeRequest,
    at: str,
) -> None:
    record = notice(
        number=BrokerOrderNumber(f"{number:010d}"),
        quantity=Shares(quantity),
        price=Won(price),
        side=side,
        stage=stage,
        request=request,
        time=at,
    )

    found = parse_notice(
        format_notice(record, layout), day=DAY, receive_time=Nanos(0), event_id="e", trace_id="t"
    )

    assert (found.number, found.quantity, found.price) == (record.number, quantity, price)
    assert (found.side, found.stage, found.request) == (side, stage, request)
    assert kst_hhmmss(found.exchange_time) == at
