"""The transports without sockets, on virtual time."""

import asyncio
import json

import pytest

from aipx.errors import Unreachable
from aipx.model.time import NANOS_PER_MILLISECOND, NANOS_PER_SECOND, Nanos
from aipx.runtime.clocks import CallableClock
from aipx.runtime.virtual_time import run_virtual
from aipx.simulator.faults import Fault, FaultName, FaultPlan
from aipx.simulator.in_process import InProcessHttp, InProcessWebSocket, Latencies
from tests.support.kis_user import SYMBOL, WALL, KisUser, body_of, open_kis, registration, settings

MS = NANOS_PER_MILLISECOND
SECOND = NANOS_PER_SECOND


class Wires:
    """Both transports on one host, with latencies that a test chooses."""

    def __init__(self, *, latencies: Latencies | None = None, faults=None, **changes) -> None:
        self.host = open_kis(faults=faults, of=settings(**changes))
        self.user = KisUser(self.host).log_in()
        loop = asyncio.get_running_loop()
        self.monotonic = CallableClock(lambda: round(loop.time() * SECOND))
        self.wall = CallableClock(lambda: WALL + round(loop.time() * SECOND))
        self.http = InProcessHttp(
            self.host, wall=self.wall, monotonic=self.monotonic, seed=1, latencies=latencies
        )
        self.sockets = InProcessWebSocket(self.host, wall=self.wall, seed=1, latencies=latencies)

    def order(self, quantity: int = 1, *, crosses: bool = False):
        limits = self.host.listings[SYMBOL].limits
        price = limits.upper if crosses else limits.lower
        return self.user.order_request("buy", quantity, price)

    def taken(self) -> int:
        return len(self.host.ledger(self.user.account.account_id).orders)

    async def registered(self):
        connection = await self.sockets.connect(timeout_ns=SECOND)
        key = self.user.oauth("Approval", secretkey=self.user.account.appsecret)["approval_key"]
        await connection.send(registration(key, "H0STCNI0", self.user.account.hts_id))
        await connection.receive()
        return connection


FIXED = Latencies(up_ns=(2 * MS, 2 * MS), down_ns=(3 * MS, 3 * MS), frame_ns=(MS, MS))


def test_order_takes_effect_after_the_way_up_and_is_answered_after_the_way_down():
    async def run():
        wires = Wires(latencies=FIXED)
        loop = asyncio.get_running_loop()
        taken_at: list[tuple[float, int]] = []
        for delay in (0.0019, 0.0021):
            loop.call_later(delay, lambda: taken_at.append((loop.time(), wires.taken())))
        answer = await wires.http.request(wires.order(), timeout_ns=SECOND)
        return answer, loop.time(), [count for _, count in taken_at], wires.http.in_flight

    answer, elapsed, counts, in_flight = run_virtual(run())

    assert body_of(answer)["rt_cd"] == "0"
    assert elapsed == pytest.approx(0.005)
    assert counts == [0, 1]
    assert (answer.sent_monotonic_ns, in_flight) == (0, 0)


def test_unanswered_request_is_unreachable_at_its_timeout_and_has_acted():
    async def run():
        plan = FaultPlan([Fault(name=FaultName.ORDER_TIMEOUT, probability=1)])
        wires = Wires(latencies=FIXED, faults=plan)
        with pytest.raises(Unreachable, match="no answer"):
            await wires.http.request(wires.order(), timeout_ns=2 * SECOND)
        return asyncio.get_running_loop().time(), wires.taken(), wires.http.in_flight

    elapsed, taken, in_flight = run_virtual(run())

    assert elapsed == pytest.approx(2.0)
    assert (taken, in_flight) == (1, 0)


def test_answer_later_than_the_timeout_is_unreachable():
    async def run():
        slow = Fault(name=FaultName.SLOW, probability=1, delay_ns_min=SECOND, delay_ns_max=SECOND)
        wires = Wires(latencies=FIXED, faults=FaultPlan([slow]))
        with pytest.raises(Unreachable):
            await wires.http.request(wires.order(), timeout_ns=SECOND // 2)
        in_flight = wires.http.in_flight
        await asyncio.sleep(2)
        return in_flight, wires.http.in_flight

    assert run_virtual(run()) == (1, 0)


def test_request_that_has_left_takes_effect_though_its_sender_died():
    async def run():
        wires = Wires(latencies=FIXED)
        sender = asyncio.create_task(wires.http.request(wires.order(), timeout_ns=SECOND))
        await asyncio.sleep(0.001)
        sender.cancel()
        before = wires.taken()
        await asyncio.sleep(0.01)
        return before, wires.taken()

    assert run_virtual(run()) == (0, 1)


def test_closing_ends_requests_in_flight_as_unreachable():
    async def run():
        wires = Wires(latencies=FIXED)
        sender = asyncio.create_task(wires.http.request(wires.order(), timeout_ns=SECOND))
        await asyncio.sleep(0.001)
        await wires.http.close()
        with pytest.raises(Unreachable, match="closed"):
            await sender
        with pytest.raises(Unreachable, match="closed"):
            await wires.http.request(wires.order(), timeout_ns=SECOND)

    run_virtual(run())


def test_notice_can_overtake_the_answer():
    async def run():
        slow_answer = Latencies(up_ns=(MS, MS), down_ns=(50 * MS, 50 * MS), frame_ns=(MS, MS))
        wires = Wires(latencies=slow_answer)
        connection = await wires.registered()
        order = wires.order(crosses=True)
        sender = asyncio.create_task(wires.http.request(order, timeout_ns=SECOND))
        notices = await connection.receive()
        was_answered = sender.done()
        await sender
        return len(notices), was_answered

    count, was_answered = run_virtual(run())

    assert count >= 2
    assert not was_answered


def test_frames_arrive_in_the_order_in_which_they_were_sent():
    async def run():
        wires = Wires()
        connection = await wires.sockets.connect(timeout_ns=SECOND)
        key = wires.user.oauth("Approval", secretkey=wires.user.account.appsecret)["approval_key"]
        await connection.send(registration(key, "H0STCNT0", SYMBOL))
        await connection.receive()
        received: list[str] = []
        while (due := wires.host.next_time()) is not None:
            wires.host.advance(Nanos(max(due, wires.host.market_now)))
            if not wires.sockets.is_idle:
                received += await connection.receive()
        return [text.split("^")[13] for text in received]

    volumes = [int(volume) for volume in run_virtual(run())]

    assert len(volumes) > 10
    assert volumes == sorted(volumes)


def test_session_end_is_told_after_what_came_before_it():
    async def run():
        wires = Wires(latencies=FIXED)
        connection = await wires.registered()
        wires.user.order("buy", 1, wires.host.listings[SYMBOL].limits.lower)
        wires.host.sessions[0].close()
        first = await connection.receive()
        with pytest.raises(Unreachable):
            await connection.receive()
        with pytest.raises(Unreachable):
            await connection.send("x")
        return len(first)

    assert run_virtual(run()) == 1


def test_closed_connection_frees_the_appkey():
    async def run():
        wires = Wires(latencies=FIXED)
        connection = await wires.registered()
        await connection.close()
        with pytest.raises(Unreachable):
            await connection.receive()
        again = await wires.registered()
        return len(wires.host.sessions), again.is_idle

    assert run_virtual(run()) == (1, True)


def test_pingpong_comes_every_ten_seconds_and_silence_ends_the_session():
    async def run():
        wires = Wires(latencies=FIXED)
        connection = await wires.registered()
        texts: list[str] = []

        async def listen() -> None:
            while True:
                texts.extend(await connection.receive())

        with pytest.raises(Unreachable):
            await listen()
        pings = sum(json.loads(text)["header"]["tr_id"] == "PINGPONG" for text in texts)
        return pings, asyncio.get_running_loop().time()

    pings, elapsed = run_virtual(run())

    assert pings == 10
    assert 100 < elapsed < 111


def test_session_that_takes_too_long_to_open_is_unreachable():
    async def run():
        wires = Wires(latencies=Latencies(connect_ns=2 * SECOND))
        with pytest.raises(Unreachable):
            await wires.sockets.connect(timeout_ns=SECOND)
        return asyncio.get_running_loop().time()

    assert run_virtual(run()) == pytest.approx(1.0)


def test_session_that_kis_closes_at_once_is_unreachable():
    async def run():
        wires = Wires(sessions_max=1)
        await wires.sockets.connect(timeout_ns=SECOND)
        with pytest.raises(Unreachable):
            await wires.sockets.connect(timeout_ns=SECOND)

    run_virtual(run())
