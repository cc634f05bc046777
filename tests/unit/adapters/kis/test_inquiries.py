"""Inquiries: repeated within bounds, page by page."""

import asyncio
from collections.abc import Callable
from random import Random

import pytest

from aipx.adapters.kis.inquiries import Inquiries
from aipx.adapters.kis.settings import KisRestSettings
from aipx.errors import BadPeerData, RateLimited, Refused, RemoteError, Unreachable
from aipx.ports.transport import HttpRequest
from aipx.runtime.virtual_time import run_virtual
from aipx.wire.kis.rest.envelope import RestRequest
from tests.support.kis_transports import Reply, ScriptedHttp, access, response
from tests.support.kis_wire import answer, refusal

CHANGED = refusal("APBK1685", "조회이후에 자료가 변경되었습니다.", result="7")


def request_of(continuation: tuple[str, str] = ("", "")) -> RestRequest:
    return RestRequest(
        method="GET", path="/uapi/list", tr_id="TTTC0000R", query=(("KEY", continuation[1]),)
    )


def ask(http: ScriptedHttp, settings: KisRestSettings | None = None) -> bytes:
    return run_virtual(Inquiries(access(http, settings=settings)).one(request_of(), bytes))


def list_all(
    http: ScriptedHttp, is_whole: Callable[[object], bool] = lambda _: True
) -> list[bytes]:
    return run_virtual(Inquiries(access(http)).pages(request_of, bytes, is_whole=is_whole))


def scripted(*replies: Reply) -> ScriptedHttp:
    left = list(replies)
    return ScriptedHttp(lambda _: left.pop(0))


@pytest.mark.parametrize(
    "first",
    [
        response(refusal("EGW00201"), status=500),
        response(refusal("EGW00215"), status=500),
        response(refusal("EGW00302"), status=500),
        response(b"<html>502</html>", status=502),
        response(b""),
        Unreachable("broken connection"),
        None,
    ],
)
def test_inquiry_is_repeated_where_that_can_help(first: Reply) -> None:
    http = scripted(first, first, response(answer(output="x")))

    assert b'"output":"x"' in ask(http)
    assert len(http.sent("/list")) == 3


def test_refused_inquiry_is_not_repeated() -> None:
    http = scripted(response(refusal("OPSQ2000")))

    with pytest.raises(Refused, match="OPSQ2000"):
        ask(http)
    assert len(http.sent("/list")) == 1


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (response(refusal("EGW00201"), status=500), RateLimited),
        (response(b"<html>"), BadPeerData),
        (Unreachable("broken"), Unreachable),
    ],
)
def test_attempts_are_bounded(reply: Reply, kind: type[RemoteError]) -> None:
    http = scripted(*[reply] * 10)

    with pytest.raises(kind):
        ask(http, KisRestSettings(inquiry_attempts_max=4))
    assert len(http.sent("/list")) == 4


def test_pauses_grow_and_are_bounded() -> None:
    http = scripted(*[Unreachable("down")] * 6)

    async def story() -> float:
        with pytest.raises(Unreachable):
            await Inquiries(access(http)).one(request_of(), bytes)
        return asyncio.get_running_loop().time()

    whole = 0.25 + 0.5 + 1 + 2 + 4
    assert whole / 2 <= run_virtual(story()) <= whole


def test_dead_token_is_renewed_once() -> None:
    http = scripted(response(refusal("EGW00123"), status=500), response(answer()))

    ask(http)

    used = [request.headers["authorization"] for request in http.sent("/list")]
    assert used == ["Bearer token-1", "Bearer token-2"]


def test_pages_follow_each_other_by_their_keys() -> None:
    http = scripted(
        response(answer(ctx_area_nk100="a   "), tr_cont="F"),
        response(answer(ctx_area_nk100="b"), tr_cont="M"),
        response(answer(), tr_cont="E"),
    )

    assert len(list_all(http)) == 3
    assert [request.query[0][1] for request in http.sent("/list")] == ["", "a   ", "b"]
    assert [request.headers.get("tr_cont") for request in http.sent("/list")] == [None, "N", "N"]


def test_listing_that_changed_is_begun_anew() -> None:
    http = scripted(
        response(answer(ctx_area_nk100="a"), tr_cont="F"),
        response(CHANGED),
        response(answer(), tr_cont="D"),
    )

    assert len(list_all(http)) == 1
    assert [request.query[0][1] for request in http.sent("/list")] == ["", "a", ""]


def test_listing_that_does_not_fit_together_is_begun_anew() -> None:
    verdicts = [False, True]

    assert list_all(scripted(*[response(answer())] * 2), lambda _: verdicts.pop(0))
    assert not verdicts


def test_listing_that_always_changes_is_given_up() -> None:
    http = scripted(*[response(CHANGED)] * 10)

    with pytest.raises(BadPeerData, match="changed while paging, 5 times"):
        list_all(http)
    assert len(http.sent("/list")) == 5


def test_pages_are_bounded() -> None:
    def endless(_: HttpRequest) -> Reply:
        return response(answer(ctx_area_nk100="same"), tr_cont="M")

    settings = KisRestSettings(pages_max=7)
    http = ScriptedHttp(endless)

    with pytest.raises(BadPeerData, match="more than 7 pages"):
        run_virtual(
            Inquiries(access(http, settings=settings)).pages(
                request_of, bytes, is_whole=lambda _: True
            )
        )


def test_throttled_clients_do_not_come_back_together() -> None:
    async def story(seed: int) -> float:
        http = scripted(response(refusal("EGW00201"), status=500), response(answer(output="x")))
        await Inquiries(access(http, jitter=Random(seed))).one(request_of(), bytes)
        return asyncio.get_running_loop().time()

    assert run_virtual(story(1)) != run_virtual(story(2))
