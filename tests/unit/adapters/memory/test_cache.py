import asyncio

from aipx.adapters.memory.cache import MemoryCache
from aipx.runtime.clocks import CallableClock


def test_value_lives_as_long_as_it_was_given_and_can_be_forgotten():
    now = [0]
    cache = MemoryCache(CallableClock(lambda: now[0]))

    async def main() -> list[str | None]:
        await cache.put("k", "v", lifetime_ns=10)
        seen = [await cache.get("k")]
        now[0] = 10
        seen.append(await cache.get("k"))
        await cache.put("k", "w", lifetime_ns=10)
        await cache.delete("k")
        seen.append(await cache.get("k"))
        return seen

    assert asyncio.run(main()) == ["v", None, None]


def test_lease_is_had_by_the_first_until_it_is_over():
    now = [0]
    cache = MemoryCache(CallableClock(lambda: now[0]))

    async def main() -> list[bool]:
        had = [await cache.put_if_absent("lease", each, lifetime_ns=10) for each in "ab"]
        now[0] = 10
        return [*had, await cache.put_if_absent("lease", "b", lifetime_ns=10)]

    assert asyncio.run(main()) == [True, False, True]
