"""What broker and feed share of one appkey: its request rate, its token, its approval key."""

from random import Random

from aipx.adapters.kis.limiter import RateLimiter
from aipx.adapters.kis.rest import KisRest
from aipx.adapters.kis.settings import KisCredentials, KisRestSettings
from aipx.adapters.kis.token import ApprovalKeeper, TokenKeeper
from aipx.model.time import kst_date
from aipx.ports.cache import Cache
from aipx.ports.clock import MonotonicClock, WallClock
from aipx.ports.transport import HttpTransport


class KisAccess:
    """One appkey's way into KIS. The limit counts per appkey, so there must be one of these."""

    def __init__(
        self,
        *,
        transport: HttpTransport,
        credentials: KisCredentials,
        settings: KisRestSettings,
        cache: Cache,
        wall_clock: WallClock,
        monotonic_clock: MonotonicClock,
        jitter: Random | None = None,
    ) -> None:
        self.jitter = jitter or Random("kis/jitter")  # noqa: S311 - spreads requests, no secret
        self.credentials = credentials
        self.settings = settings
        self.monotonic_clock = monotonic_clock
        limiter = RateLimiter(
            requests_max=lambda: settings.requests_max(
                credentials.environment, kst_date(wall_clock.now())
            ),
            window_ns=settings.window_ns,
            waiters_max=settings.waiters_max,
            wait_ns_max=settings.wait_ns_max,
            monotonic_clock=monotonic_clock,
        )
        self.rest = KisRest(transport, credentials=credentials, limiter=limiter)
        self.tokens = TokenKeeper(
            self.rest,
            credentials=credentials,
            settings=settings,
            cache=cache,
            wall_clock=wall_clock,
            monotonic_clock=monotonic_clock,
        )
        self.approvals = ApprovalKeeper(
            self.rest,
            credentials=credentials,
            settings=settings,
            cache=cache,
            monotonic_clock=monotonic_clock,
        )

    async def close(self) -> None:
        """Give the connections back."""
        await self.rest.close()
