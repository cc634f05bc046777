"""One REST call: rate limit, headers, transport. What the answer means is for the callers."""

from aipx.adapters.kis.limiter import Priority, RateLimiter
from aipx.adapters.kis.settings import KisCredentials
from aipx.ports.transport import HttpRequest, HttpResponse, HttpTransport
from aipx.wire.kis.rest.auth import HASHKEY_PATH
from aipx.wire.kis.rest.envelope import RestRequest

_CONTENT_TYPE = "application/json; charset=utf-8"
_PERSON = "P"


class KisRest:
    """Sends calls of one appkey to one of KIS's systems."""

    def __init__(
        self, transport: HttpTransport, *, credentials: KisCredentials, limiter: RateLimiter
    ) -> None:
        self._transport = transport
        self._credentials = credentials
        self._limiter = limiter

    async def admit(self, priority: Priority) -> None:
        """Wait for the rate limit, for a request that is then sent at once by `send_admitted`.

        Raises:
            RateLimited: nothing was sent.
        """
        await self._limiter.acquire(priority)

    async def send(
        self,
        request: RestRequest,
        *,
        priority: Priority,
        timeout_ns: int,
        token: str = "",
        tr_cont: str = "",
    ) -> HttpResponse:
        """Wait for the rate limit, send once, and return what came.

        Raises:
            RateLimited: our own limit; nothing was sent.
            Unreachable: no answer.
            BadPeerData: an answer beyond all bounds.
        """
        await self.admit(priority)
        return await self.send_admitted(
            request, timeout_ns=timeout_ns, token=token, tr_cont=tr_cont
        )

    async def send_admitted(
        self,
        request: RestRequest,
        *,
        timeout_ns: int,
        token: str = "",
        tr_cont: str = "",
        hashkey: str = "",
    ) -> HttpResponse:
        """Send once, and return what came.

        Raises:
            Unreachable: no answer.
            BadPeerData: an answer beyond all bounds.
        """
        return await self._transport.request(
            HttpRequest(
                method=request.method,
                path=request.path,
                headers=self._headers(request, token=token, tr_cont=tr_cont, hashkey=hashkey),
                query=request.query,
                body=request.body,
            ),
            timeout_ns=timeout_ns,
        )

    async def close(self) -> None:
        """Give the connections back."""
        await self._transport.close()

    def _headers(
        self, request: RestRequest, *, token: str, tr_cont: str, hashkey: str
    ) -> dict[str, str]:
        headers = {"content-type": _CONTENT_TYPE}
        if token or request.path == HASHKEY_PATH:
            headers |= {
                "appkey": self._credentials.appkey.get_secret_value(),
                "appsecret": self._credentials.appsecret.get_secret_value(),
            }
        if token:
            headers |= {
                "authorization": f"Bearer {token}",
                "tr_id": request.tr_id,
                "custtype": _PERSON,
            }
        if tr_cont:
            headers["tr_cont"] = tr_cont
        if hashkey:
            headers["hashkey"] = hashkey
        return headers
