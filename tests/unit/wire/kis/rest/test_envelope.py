"""The envelope around every answer."""

import pytest

from aipx.errors import BadPeerData, RateLimited, Refused, Unreachable
from aipx.model.ids import AccountId
from aipx.wire.kis.rest.envelope import (
    Certainty,
    account_fields,
    certainty,
    failure,
    has_more_pages,
    is_changed_while_paging,
    json_body,
    parse_envelope,
)
from tests.support.kis_wire import answer, refusal


def test_success_is_told_by_rt_cd_and_texts_lose_their_padding() -> None:
    envelope = parse_envelope(answer(msg1="조회 되었습니다.      ", ctx_area_fk100="k  "))

    assert (envelope.is_success, envelope.code) == (True, "MCA00000")
    assert envelope.message == "조회 되었습니다."
    assert envelope.continuation == ("k  ", "")


@pytest.mark.parametrize("result", ["1", "7", "9", ""])
def test_anything_but_zero_is_a_failure(result: str) -> None:
    assert not parse_envelope(refusal("APBK0952", result=result)).is_success


def test_words_of_the_token_gate_are_an_envelope_too() -> None:
    body = b'{"error_description":"too soon","error_code":"EGW00133"}'

    envelope = parse_envelope(body)

    assert (envelope.is_success, envelope.code) == (False, "EGW00133")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>502 Bad Gateway</html>",
        b'{"rt_cd":"0","msg',
        b"[]",
        b"{}",
        b'{"rt_cd":0}',
        b"\xff",
    ],
)
def test_body_without_envelope_is_bad_peer_data(body: bytes) -> None:
    with pytest.raises(BadPeerData):
        parse_envelope(body)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("EGW00201", Certainty.THROTTLED),
        ("EGW00215", Certainty.THROTTLED),
        ("APBK0952", Certainty.NOT_TAKEN),
        ("KIOK0320", Certainty.NOT_TAKEN),
        ("40250000", Certainty.NOT_TAKEN),
        ("IGW00022", Certainty.NOT_TAKEN),
        ("EGW00123", Certainty.NOT_TAKEN),
        ("EGW00133", Certainty.NOT_TAKEN),
        ("EGW02006", Certainty.NOT_TAKEN),
        ("OPSQ2000", Certainty.NOT_TAKEN),
        ("EGW00001", Certainty.UNKNOWN),
        ("EGW00002", Certainty.UNKNOWN),
        ("EGW00202", Certainty.UNKNOWN),
        ("EGW00300", Certainty.UNKNOWN),
        ("EGW00301", Certainty.UNKNOWN),
        ("EGW00302", Certainty.UNKNOWN),
        ("IGW00007", Certainty.UNKNOWN),
        ("OPSQ0005", Certainty.UNKNOWN),
        ("90020000", Certainty.UNKNOWN),
        ("XXXX0000", Certainty.UNKNOWN),
        ("", Certainty.UNKNOWN),
    ],
)
def test_only_listed_codes_are_certain(code: str, expected: Certainty) -> None:
    assert certainty(code) is expected


@pytest.mark.parametrize(
    ("code", "kind"),
    [("EGW00201", RateLimited), ("EGW00302", Unreachable), ("OPSQ2000", Refused)],
)
def test_failure_of_an_inquiry_is_told_by_its_type(code: str, kind: type[Exception]) -> None:
    error = failure(parse_envelope(refusal(code, "왜")), what="inquire-balance")

    assert isinstance(error, kind)
    assert f"{code} 왜" in str(error)


def test_listing_that_changed_is_known_by_its_text() -> None:
    body = refusal("APBK9999", "조회이후에 자료가 변경되었습니다.(다시 조회하세요)")

    assert is_changed_while_paging(parse_envelope(body))


@pytest.mark.parametrize(
    ("tr_cont", "has_more"), [("F", True), ("M", True), ("D", False), ("", False)]
)
def test_more_pages_are_told_by_the_header(tr_cont: str, *, has_more: bool) -> None:
    assert has_more_pages(tr_cont) is has_more


def test_bodies_keep_the_order_of_their_fields() -> None:
    assert json_body({"PDNO": "005930", "CANO": "1"}) == b'{"PDNO":"005930","CANO":"1"}'
    assert account_fields(AccountId("12345678-01")) == (
        ("CANO", "12345678"),
        ("ACNT_PRDT_CD", "01"),
    )
