"""What the OMS's benchmarks measure with: percentiles, wishes that pass, an even pace."""

import asyncio
import itertools

from aipx.model.instrument import Won
from benchmarks.oms_rig.client import TICK, evenly, latencies, wishes

RECENT_COUNT = 64


def test_percentiles_are_microseconds_of_the_samples_in_any_order():
    summary = latencies([nanoseconds * 1_000 for nanoseconds in range(100, 0, -1)])

    assert (summary.p50, summary.p99) == (51.0, 100.0)


def test_one_sample_is_every_percentile():
    assert latencies([7_000]).p99 == 7.0


def test_wishes_are_unlike_those_shortly_before_and_never_repeat_their_id():
    made = list(itertools.islice(wishes(Won(80_000)), 3_000))

    contents = [(wish.side, wish.quantity, wish.price) for wish in made]
    for place, content in enumerate(contents):
        assert content not in contents[max(place - RECENT_COUNT, 0) : place]
    assert len({wish.client_order_id for wish in made}) == len(made)
    assert {wish.price % TICK for wish in made} == {0}


def test_buys_and_sells_balance():
    made = list(itertools.islice(wishes(Won(80_000)), 2_000))

    shares = [wish.quantity if wish.side.value == "BUY" else -wish.quantity for wish in made]
    assert sum(shares) == 0


def test_even_pace_sends_all_and_waits_for_the_last_answer():
    answered = []

    async def send() -> None:
        await asyncio.sleep(0)
        answered.append(1)

    count = asyncio.run(evenly(send, per_second=100_000, seconds=0.001))

    assert count == len(answered) == 100
