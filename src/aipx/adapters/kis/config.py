"""Who we are at KIS, from the environment: `AIPX_KIS_…`. Read once, by whoever wires."""

from datetime import date
from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from aipx.adapters.kis.settings import HOSTS, KisCredentials, KisRestSettings, check_hosts
from aipx.wire.kis.codes import Environment

CACHE_DEFAULT = Path("~/.cache/aipx/kis.json")


class KisSettings(BaseSettings):
    """Keys, account and addresses of one of KIS's two systems; those of the other are refused."""

    model_config = SettingsConfigDict(env_prefix="AIPX_KIS_", frozen=True, extra="forbid")

    environment: Environment
    """`real` or `paper`."""
    appkey: SecretStr
    appsecret: SecretStr
    account: str = Field(pattern=r"^[0-9]{8}$")
    product: str = Field(default="01", pattern=r"^[0-9]{2}$")
    hts_id: str = Field(min_length=1)
    rest_url: str = ""
    """Empty takes KIS's own address of the environment; a simulator's may be given."""
    ws_url: str = ""
    enrolled_on: date | None = None
    """When the app key was issued: for three days KIS takes three requests a second."""
    sends_hashkey: bool = False
    cache: Path = CACHE_DEFAULT
    """Where the token is kept for all processes of this user."""

    @property
    def credentials(self) -> KisCredentials:
        """The keys as the client takes them.

        Raises:
            SettingsError: a key that KIS could not take.
        """
        return KisCredentials(
            environment=self.environment,
            appkey=self.appkey,
            appsecret=self.appsecret,
            account=self.account,
            product=self.product,
            hts_id=self.hts_id,
        )

    @property
    def rest(self) -> KisRestSettings:
        """The REST client's bounds."""
        return KisRestSettings(enrolled_on=self.enrolled_on, sends_hashkey=self.sends_hashkey)

    def addresses(self, *, rest_url: str = "", ws_url: str = "") -> tuple[str, str]:
        """Return where REST and WebSocket are: as given here, as set, or KIS's own.

        Raises:
            SettingsError: an address of KIS's other system.
        """
        hosts = HOSTS[self.environment]
        rest = rest_url or self.rest_url or hosts.rest_url
        socket = ws_url or self.ws_url or hosts.socket_url
        check_hosts(self.environment, rest_url=rest, socket_url=socket)
        return rest, socket
