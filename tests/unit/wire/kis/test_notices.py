"""Order and fill notices."""

from datetime import date, time

import pytest

from aipx.errors import BadPeerData
from aipx.model.ids import AccountId
from aipx.model.instrument import Venue
from aipx.model.order import BrokerNotice, NoticeRequest, NoticeStage, OrderKind, Side
from aipx.model.time import Nanos, kst_moment
from aipx.wire.kis.layout import Layout
from aipx.wire.kis.notices import (
    format_notice,
    notice_account,
    optional_order_number,
    order_number,
    parse_notice,
    split_notices,
)
from tests.support.kis_wire import DAY, notice


def parsed(plain: str, day: date = DAY) -> BrokerNotice:
    return parse_notice(plain, day=day, receive_time=Nanos(7), event_id="e", trace_id="t")


def changed(at: int, text: str, layout: Layout = Layout.CURRENT) -> str:
    fields = format_notice(notice(), layout).split("^")
    fields[at] = text
    return "^".join(fields)


@pytest.mark.parametrize(("layout", "width"), [(Layout.CURRENT, 26), (Layout.LEGACY, 23)])
def test_fill_is_read_in_both_layouts(layout: Layout, width: int) -> None:
    plain = format_notice(notice(), layout)

    found = parsed(plain)

    assert len(plain.split("^")) == width
    assert (found.account, found.number, found.original_number) == ("12345678-01", "0000000002", "")
    assert (found.stage, found.request, found.side) == (
        NoticeStage.FILLED,
        NoticeRequest.NEW,
        Side.BUY,
    )
    assert (found.quantity, found.price, found.order_quantity) == (3, 70_100, 10)
    assert found.exchange_time == kst_moment(DAY, time(10, 0, 1))
    assert (found.organisation, found.rejected, found.venue) == ("06010", False, Venue.KRX)


@pytest.mark.parametrize("stage", NoticeStage)
@pytest.mark.parametrize("request_kind", NoticeRequest)
def test_every_stage_of_every_request_survives(
    stage: NoticeStage, request_kind: NoticeRequest
) -> None:
    source = notice(stage=stage, request=request_kind, original_number="0000000001")

    found = parsed(format_notice(source, Layout.CURRENT))

    assert (found.stage, found.request) == (stage, request_kind)
    assert found.original_number == "0000000001"


@pytest.mark.parametrize(
    ("kind", "condition"),
    [(OrderKind.LIMIT, "0"), (OrderKind.MARKET_IOC, "1"), (OrderKind.LIMIT_FOK, "2")],
)
def test_condition_follows_the_kind(kind: OrderKind, condition: str) -> None:
    assert format_notice(notice(kind=kind), Layout.CURRENT).split("^")[7] == condition


def test_reject_is_told() -> None:
    source = notice(stage=NoticeStage.RECEIVED, rejected=True)

    assert parsed(format_notice(source, Layout.CURRENT)).rejected


@pytest.mark.parametrize(("code", "venue"), [("1", Venue.KRX), ("2", Venue.NXT), ("4", Venue.NXT)])
def test_venue_is_that_of_the_leg(code: str, venue: Venue) -> None:
    assert parsed(changed(19, code)).venue is venue


def test_wider_notice_is_read() -> None:
    plain = format_notice(notice(), Layout.CURRENT)

    assert parsed(f"{plain}^new^fields").quantity == 3


@pytest.mark.parametrize(
    ("at", "text"),
    [
        (1, "12345"),
        (2, ""),
        (2, "0000000000"),
        (4, "03"),
        (5, "9"),
        (8, ""),
        (9, ""),
        (9, "-000000003"),
        (10, ""),
        (10, "7_0"),
        (11, "246060"),
        (12, "Y"),
        (13, "3"),
        (14, "9"),
        (19, "7"),
    ],
)
def test_what_matters_and_cannot_be_read_is_refused(at: int, text: str) -> None:
    with pytest.raises(BadPeerData):
        parsed(changed(at, text))


def test_narrow_notice_is_refused() -> None:
    with pytest.raises(BadPeerData, match="at least 23"):
        parsed(format_notice(notice(), Layout.LEGACY).rpartition("^")[0])


def test_records_are_cut_by_their_count() -> None:
    plain = format_notice(notice(), Layout.CURRENT)

    assert split_notices(f"{plain}^{plain}", records=2) == [plain, plain]
    with pytest.raises(BadPeerData, match="fields for 3 records"):
        split_notices(f"{plain}^{plain}", records=3)


def test_order_numbers_are_ten_digits() -> None:
    assert order_number(" 7 ", field="odno") == "0000000007"
    assert optional_order_number("0000000000", field="orgn_odno") == ""


def test_account_has_no_dash_in_notices() -> None:
    assert notice_account(AccountId("12345678-01")) == "1234567801"
