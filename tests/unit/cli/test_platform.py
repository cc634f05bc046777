"""The platform starts its services in order, and ends them whatever happens."""

import asyncio

import msgspec
import pytest

from aipx.cli.platform import Platform
from aipx.errors import Refused
from aipx.model.order import OrderState
from aipx.ports.bus import Topic
from aipx.runtime.virtual_time import run_virtual
from aipx.simulator.settings import simulated_account
from tests.support.virtual_platform import Crash, Scenario, _World

SCENARIO = Scenario(seed=5, strategy="restless", events_max=400)


async def live_through(world: _World, platform: Platform) -> bool:
    """Let the whole day pass."""
    market = asyncio.ensure_future(world.pacer.run())

    async def day() -> None:
        await market

    return await platform.run(day)


def test_services_are_ready_when_the_day_begins_and_idle_when_it_has_ended():
    async def story() -> None:
        world = _World(SCENARIO)
        platform = world.platform()
        market = asyncio.ensure_future(world.pacer.run())
        ready: list[bool] = []

        async def day() -> None:
            ready.append(platform.oms.state.business_date == SCENARIO.day)
            await market

        is_reconciled = await platform.run(day)

        assert ready == [True]
        assert is_reconciled
        assert platform.oms.is_idle
        assert platform._tasks.count == 0

    run_virtual(story())


def test_no_order_is_left_working_by_a_day():
    async def story() -> None:
        world = _World(SCENARIO)
        platform = world.platform()

        await live_through(world, platform)

        states = {order.state for order in platform.oms.state.orders.values()}
        assert states
        assert states.isdisjoint({OrderState.SENDING, OrderState.UNKNOWN, OrderState.ACCEPTED})

    run_virtual(story())


def test_a_day_that_fails_ends_every_service_and_is_the_failure():
    async def story() -> None:
        platform = _World(SCENARIO).platform()

        async def day() -> None:
            raise Crash

        with pytest.raises(Crash):
            await platform.run(day)

        assert platform._tasks.count == 0

    run_virtual(story())


def test_keys_that_kis_does_not_know_end_the_start_with_its_words():
    async def story() -> None:
        world = _World(SCENARIO)
        stranger = simulated_account(99)
        world.account = msgspec.structs.replace(world.account, appkey=stranger.appkey)

        with pytest.raises(Refused):
            await live_through(world, world.platform())

    run_virtual(story())


def test_a_consumer_that_never_reads_does_not_hold_up_the_end(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("aipx.cli.platform.QUIET_SECONDS_MAX", 1.0)

    async def story() -> None:
        world = _World(SCENARIO)
        platform = world.platform()
        platform.bus.subscribe("asleep", (Topic.ORDER_EVENTS,))

        assert await live_through(world, platform)

    run_virtual(story())
