"""Credentials, hosts and bounds."""

from datetime import date

import pytest
from msgspec.structs import replace
from pydantic import SecretStr

from aipx.adapters.kis.settings import HOSTS, KisRestSettings, check_hosts
from aipx.errors import SettingsError
from aipx.wire.kis.codes import Environment
from tests.support.kis_transports import CREDENTIALS


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"account": "1234"}, "account is '1234', must be 8 digits"),
        ({"product": "ab"}, "product is 'ab', must be 2 digits"),
        ({"hts_id": " "}, "HTS id is empty"),
    ],
)
def test_wrong_credentials_name_the_field_and_the_rule(changes: dict[str, str], text: str) -> None:
    with pytest.raises(SettingsError, match=text):
        replace(CREDENTIALS, **changes)


@pytest.mark.parametrize("secret", ["", "with blank", "with\nline", "키"])
def test_wrong_secret_is_refused_and_not_shown(secret: str) -> None:
    with pytest.raises(SettingsError) as raised:
        replace(CREDENTIALS, appsecret=SecretStr(secret))

    assert not secret or secret not in str(raised.value)


def test_secrets_are_not_shown() -> None:
    assert "kkkk" not in repr(CREDENTIALS)
    assert "ssss" not in repr(CREDENTIALS)


def test_account_is_named_with_its_product() -> None:
    assert CREDENTIALS.account_id == "12345678-01"


@pytest.mark.parametrize("environment", Environment)
def test_hosts_of_the_environment_are_taken(environment: Environment) -> None:
    hosts = HOSTS[environment]

    check_hosts(environment, rest_url=hosts.rest_url, socket_url=hosts.socket_url)


def test_simulator_serves_either_environment() -> None:
    for environment in Environment:
        check_hosts(environment, rest_url="http://127.0.0.1:8000", socket_url="ws://127.0.0.1:8001")


@pytest.mark.parametrize("environment", Environment)
def test_hosts_of_the_other_environment_are_refused(environment: Environment) -> None:
    own, other = HOSTS[environment], HOSTS[next(e for e in Environment if e is not environment)]

    with pytest.raises(SettingsError, match="must be"):
        check_hosts(environment, rest_url=other.rest_url, socket_url=own.socket_url)
    with pytest.raises(SettingsError, match="must be"):
        check_hosts(environment, rest_url=own.rest_url, socket_url=other.socket_url)


def test_rates_are_the_documented_ones_unless_set() -> None:
    day = date(2026, 11, 20)

    assert KisRestSettings().requests_max(Environment.REAL, day) == 18
    assert KisRestSettings(enrolled_on=day).requests_max(Environment.REAL, day) == 3
    assert KisRestSettings(requests_per_window_max=3).requests_max(Environment.REAL, day) == 3
