"""Who we are at KIS, where KIS is, and the client's bounds. Values only; services read them."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from urllib.parse import urlsplit

import msgspec
from pydantic import SecretStr

from aipx.adapters.kis.rates import requests_per_second_max
from aipx.errors import SettingsError
from aipx.model.ids import AccountId
from aipx.model.time import NANOS_PER_MILLISECOND, NANOS_PER_MINUTE, NANOS_PER_SECOND
from aipx.wire.kis.codes import REGISTRATIONS_MAX, Environment

_KIS_DOMAIN = "koreainvestment.com"


class KisHosts(msgspec.Struct, frozen=True, kw_only=True):
    """Where one of KIS's two systems is reached, since when, and who says so."""

    rest_url: str
    socket_url: str
    since: date
    source: str


HOSTS: Mapping[Environment, KisHosts] = MappingProxyType(
    {
        Environment.REAL: KisHosts(
            rest_url="https://openapi.koreainvestment.com:9443",
            socket_url="ws://ops.koreainvestment.com:21000/tryitout",
            since=date(2022, 4, 1),
            source="KIS portal, September 2026",
        ),
        Environment.PAPER: KisHosts(
            rest_url="https://openapivts.koreainvestment.com:29443",
            socket_url="ws://ops.koreainvestment.com:31000/tryitout",
            since=date(2022, 4, 1),
            source="KIS portal, September 2026",
        ),
    }
)


class KisCredentials(msgspec.Struct, frozen=True, kw_only=True):
    """Keys and account of one system; keys of one are worthless on the other."""

    environment: Environment
    appkey: SecretStr
    appsecret: SecretStr
    account: str
    product: str
    hts_id: str

    def __post_init__(self) -> None:
        """Refuse what KIS could not take.

        Raises:
            SettingsError: names the field and the rule; the value only where it is no secret.
        """
        for name, secret in (("appkey", self.appkey), ("appsecret", self.appsecret)):
            text = secret.get_secret_value()
            if not text or not text.isascii() or not text.isprintable() or " " in text:
                raise SettingsError(
                    f"KIS {name} has {len(text)} characters, must be printable ones without blanks"
                )
        for name, text, digits in (("account", self.account, 8), ("product", self.product, 2)):
            if len(text) != digits or not (text.isascii() and text.isdigit()):
                raise SettingsError(f"KIS {name} is {text!r}, must be {digits} digits")
        if not self.hts_id.strip():
            raise SettingsError("KIS HTS id is empty; notices are registered by it")

    @property
    def account_id(self) -> AccountId:
        """The account as the platform names it."""
        return AccountId(f"{self.account}-{self.product}")


class KisRestSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Bounds of the REST client. `None` takes the environment's documented rate."""

    requests_per_window_max: int | None = None
    enrolled_on: date | None = None
    """When the app key was first issued: for three days KIS takes fewer requests of it."""
    sends_hashkey: bool = False
    """Ask for a hash of every order's body, and send it along; KIS no longer needs it."""
    window_ns: int = 1_050 * NANOS_PER_MILLISECOND
    """KIS's second, and a little more: what is sent evenly does not arrive evenly."""
    waiters_max: int = 200
    wait_ns_max: int = 30 * NANOS_PER_SECOND
    order_timeout_ns: int = 10 * NANOS_PER_SECOND
    order_preparation_ns_max: int = 5 * NANOS_PER_SECOND
    """Token and rate limit together, before an order leaves; beyond, it is refused unsent."""
    inquiry_timeout_ns: int = 10 * NANOS_PER_SECOND
    inquiry_attempts_max: int = 6
    backoff_ns: int = 250 * NANOS_PER_MILLISECOND
    backoff_ns_max: int = 8 * NANOS_PER_SECOND
    pages_max: int = 200
    listings_max: int = 5
    """How often a listing that changed while it was paged is begun anew."""
    token_margin_ns: int = 10 * NANOS_PER_MINUTE
    token_interval_ns: int = 61 * NANOS_PER_SECOND
    """KIS issues one token a minute; sooner is EGW00133."""
    token_wait_ns_max: int = 240 * NANOS_PER_SECOND
    """For a token that another process is asking for, or KIS gives too soon for us."""
    lease_poll_ns: int = 500 * NANOS_PER_MILLISECOND

    def requests_max(self, environment: Environment, day: date) -> int:
        """Return how many requests a window takes on a day."""
        if self.requests_per_window_max is not None:
            return self.requests_per_window_max
        return requests_per_second_max(environment, day, enrolled_on=self.enrolled_on)


class KisFeedSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Bounds of the WebSocket feed."""

    registrations_max: int = REGISTRATIONS_MAX
    registration_pause_ns: int = 50 * NANOS_PER_MILLISECOND
    registration_timeout_ns: int = 10 * NANOS_PER_SECOND
    connect_timeout_ns: int = 10 * NANOS_PER_SECOND
    silence_ns_max: int = 90 * NANOS_PER_SECOND
    """No message at all, not even PINGPONG, for so long: the socket is dead."""
    reconnects_max: int = 12
    """Failures in a row, sessions that lived less than `stable_ns` among them."""
    reconnect_ns: int = NANOS_PER_SECOND
    reconnect_ns_max: int = 60 * NANOS_PER_SECOND
    key_in_use_ns: int = 10 * NANOS_PER_SECOND
    """Least wait after OPSP8996: KIS has not let go of the last session yet."""
    stable_ns: int = 30 * NANOS_PER_SECOND
    """A session that lived so long was a good one: the count of failures begins anew."""
    lost_retry_ns: int = 300 * NANOS_PER_SECOND
    """One of several sessions that was given up is tried again after so long; others go on."""


def check_hosts(environment: Environment, *, rest_url: str, socket_url: str) -> None:
    """Refuse addresses of KIS's other system; addresses that are not KIS's are a simulator's.

    Raises:
        SettingsError: names the address and the one that belongs to the environment.
    """
    hosts = HOSTS[environment]
    for found, allowed in ((rest_url, hosts.rest_url), (socket_url, hosts.socket_url)):
        if _is_kis(found) and _address(found) != _address(allowed):
            raise SettingsError(
                f"KIS address is {found!r}, for environment {environment.value} it must be"
                f" {allowed!r}"
            )


def _is_kis(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    return host == _KIS_DOMAIN or host.endswith(f".{_KIS_DOMAIN}")


def _address(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    try:
        return parts.scheme, parts.hostname, parts.port
    except ValueError as error:
        raise SettingsError(f"KIS address is {url!r}: {error}") from error
