"""What broker and feed share."""

import asyncio

from aipx.adapters.kis.limiter import Priority
from aipx.adapters.kis.settings import KisRestSettings
from aipx.runtime.virtual_time import run_virtual
from tests.support.kis_transports import ScriptedHttp, access


def test_all_calls_of_an_appkey_count_against_one_rate() -> None:
    async def story() -> float:
        shared = access(
            ScriptedHttp(lambda _: None), settings=KisRestSettings(requests_per_window_max=1)
        )
        await shared.tokens.token()
        await shared.approvals.key()
        await shared.rest.admit(Priority.OPEN)
        return asyncio.get_running_loop().time()

    assert round(run_virtual(story()), 3) >= 2.1
