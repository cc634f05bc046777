"""Access token and approval key."""

import asyncio

import pytest
from msgspec.structs import replace

from aipx.adapters.kis.settings import KisRestSettings
from aipx.adapters.kis.token import cache_key
from aipx.adapters.memory.cache import MemoryCache
from aipx.errors import Refused, RemoteError, Unreachable
from aipx.ports.transport import HttpRequest
from aipx.runtime.virtual_time import run_virtual
from aipx.wire.kis.codes import Environment
from tests.support.kis_transports import (
    CREDENTIALS,
    WALL_START,
    OpenHttp,
    Reply,
    ScriptedHttp,
    VirtualClock,
    access,
    response,
    token_response,
)
from tests.support.kis_wire import refusal

TOO_SOON = b'{"error_description":"1 a minute","error_code":"EGW00133"}'


def silent(_: HttpRequest) -> Reply:
    return None


def test_token_is_had_once_for_all_who_ask_at_once() -> None:
    http = ScriptedHttp(silent)

    async def story() -> list[str]:
        tokens = access(http).tokens
        return await asyncio.gather(*(tokens.token() for _ in range(5)))

    assert set(run_virtual(story())) == {"token-1"}
    assert http.tokens_count == 1


def test_token_of_the_cache_spares_a_request() -> None:
    http = ScriptedHttp(silent)

    async def story() -> list[str]:
        cache = MemoryCache(VirtualClock(WALL_START))
        return [await access(http, cache=cache).tokens.token() for _ in range(3)]

    assert run_virtual(story()) == ["token-1"] * 3
    assert http.tokens_count == 1


def test_token_is_renewed_before_it_ends() -> None:
    http = OpenHttp(lambda _: token_response())

    async def story() -> list[int]:
        tokens = access(http).tokens
        counts = []
        for hours in (0, 23, 0.9):
            await asyncio.sleep(hours * 3_600)
            await tokens.token()
            counts.append(len(http.requests))
        return counts

    assert run_virtual(story()) == [1, 1, 2]


def test_dead_token_is_renewed_once_for_all_who_found_it_dead() -> None:
    http = ScriptedHttp(silent)

    async def story() -> list[str]:
        tokens = access(http).tokens
        dead = await tokens.token()
        return await asyncio.gather(*(tokens.renew(dead) for _ in range(4)))

    assert set(run_virtual(story())) == {"token-2"}
    assert http.tokens_count == 2


def test_second_token_waits_for_the_minute() -> None:
    async def story() -> float:
        tokens = access(ScriptedHttp(silent)).tokens
        await tokens.renew(await tokens.token())
        return asyncio.get_running_loop().time()

    assert run_virtual(story()) == pytest.approx(61, abs=0.1)


def test_kis_that_says_too_soon_is_asked_again_a_minute_later() -> None:
    replies = [response(TOO_SOON, status=403), token_response()]

    async def story() -> tuple[str, float]:
        token = await access(OpenHttp(lambda _: replies.pop(0))).tokens.token()
        return token, asyncio.get_running_loop().time()

    token, seconds = run_virtual(story())
    assert token == "token-1"
    assert seconds == pytest.approx(61, abs=0.1)


def test_kis_that_always_says_too_soon_is_given_up() -> None:
    http = OpenHttp(lambda _: response(TOO_SOON, status=403))

    with pytest.raises(Refused, match="EGW00133"):
        run_virtual(access(http).tokens.token())
    assert len(http.requests) == 3


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (response(refusal("EGW00103")), Refused),
        (response(b'{"error_code":"EGW00105","error_description":"x"}', status=403), Refused),
        (response(b"<html>", status=502), Unreachable),
        (Unreachable("no route"), Unreachable),
        (None, Unreachable),
    ],
)
def test_no_token_is_told_by_type(reply: Reply, kind: type[RemoteError]) -> None:
    with pytest.raises(kind):
        run_virtual(access(OpenHttp(lambda _: reply)).tokens.token())


def test_clock_that_is_far_off_does_not_ask_for_tokens_for_ever() -> None:
    # The token ends, by KIS's clock, before this host's present.
    http = OpenHttp(lambda _: token_response())

    async def story() -> int:
        tokens = access(http).tokens
        await asyncio.sleep(3 * 86_400)
        await tokens.token()
        await tokens.token()
        return len(http.requests)

    assert run_virtual(story()) == 1


def test_approval_key_is_kept_until_it_is_forgotten() -> None:
    http = ScriptedHttp(silent)

    async def story() -> list[str]:
        approvals = access(http).approvals
        keys = [await approvals.key(), await approvals.key()]
        await approvals.forget()
        return [*keys, await approvals.key()]

    assert run_virtual(story()) == ["approval-1", "approval-1", "approval-2"]


def test_cached_tokens_of_two_systems_and_keys_never_meet() -> None:
    paper = replace(CREDENTIALS, environment=Environment.PAPER)

    assert cache_key("token", CREDENTIALS) != cache_key("token", paper)
    assert "kkk" not in cache_key("token", CREDENTIALS)


def test_margin_is_a_setting() -> None:
    http = OpenHttp(lambda _: token_response())

    async def story() -> int:
        settings = KisRestSettings(token_margin_ns=0)
        tokens = access(http, settings=settings).tokens
        await tokens.token()
        await asyncio.sleep(86_390)
        await tokens.token()
        return len(http.requests)

    assert run_virtual(story()) == 1


def test_two_services_that_share_a_cache_never_ask_twice() -> None:
    http = ScriptedHttp(silent)

    async def story() -> tuple[list[str], list[str]]:
        cache = MemoryCache(VirtualClock(WALL_START))
        services = [access(http, cache=cache) for _ in range(3)]
        tokens = await asyncio.gather(*(each.tokens.token() for each in services))
        keys = await asyncio.gather(*(each.approvals.key() for each in services))
        return tokens, keys

    assert run_virtual(story()) == (["token-1"] * 3, ["approval-1"] * 3)
    assert (http.tokens_count, http.approvals_count) == (1, 1)


def test_token_that_died_is_renewed_once_for_all_services() -> None:
    http = ScriptedHttp(silent)

    async def story() -> list[str]:
        cache = MemoryCache(VirtualClock(WALL_START))
        services = [access(http, cache=cache) for _ in range(3)]
        dead = await services[0].tokens.token()
        return await asyncio.gather(*(each.tokens.renew(dead) for each in services))

    assert run_virtual(story()) == ["token-2"] * 3
    assert http.tokens_count == 2


def test_lease_of_a_service_that_died_ends_with_its_minute() -> None:
    http = ScriptedHttp(silent)

    async def story() -> float:
        cache = MemoryCache(VirtualClock(WALL_START))
        settings = KisRestSettings()
        lease = f"{cache_key('token', CREDENTIALS)}/lease"
        await cache.put_if_absent(lease, "held", lifetime_ns=settings.token_interval_ns)
        await access(http, cache=cache).tokens.token()
        return asyncio.get_running_loop().time()

    assert run_virtual(story()) == pytest.approx(61, abs=0.6)


def test_lease_that_never_ends_is_not_waited_for_for_ever() -> None:
    http = ScriptedHttp(silent)

    async def story() -> None:
        cache = MemoryCache(VirtualClock(WALL_START))
        for kind in ("token", "approval"):
            await cache.put(f"{cache_key(kind, CREDENTIALS)}/lease", "held", lifetime_ns=10**18)
        shared = access(http, cache=cache)
        with pytest.raises(Refused, match="another process asked"):
            await shared.tokens.token()
        with pytest.raises(Unreachable, match="another process asked"):
            await shared.approvals.key()

    run_virtual(story())
    assert not http.requests
