"""Settings from the environment."""

import pytest

from aipx.adapters.kis.config import KisSettings
from aipx.adapters.kis.settings import HOSTS
from aipx.errors import SettingsError
from aipx.services.settings import load_settings
from aipx.wire.kis.codes import Environment

GOOD = {
    "ENVIRONMENT": "paper",
    "APPKEY": "k" * 36,
    "APPSECRET": "s" * 180,
    "ACCOUNT": "12345678",
    "HTS_ID": "me",
}


def settings(monkeypatch: pytest.MonkeyPatch, **changes: str) -> KisSettings:
    for name, value in (GOOD | changes).items():
        monkeypatch.setenv(f"AIPX_KIS_{name}", value)
    return load_settings(KisSettings)


def test_addresses_are_kis_own_unless_given(monkeypatch: pytest.MonkeyPatch) -> None:
    found = settings(monkeypatch)
    hosts = HOSTS[Environment.PAPER]

    assert found.addresses() == (hosts.rest_url, hosts.socket_url)
    assert found.addresses(rest_url="http://127.0.0.1:1", ws_url="ws://127.0.0.1:2") == (
        "http://127.0.0.1:1",
        "ws://127.0.0.1:2",
    )


def test_address_of_the_other_system_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    found = settings(monkeypatch, REST_URL=HOSTS[Environment.REAL].rest_url)

    with pytest.raises(SettingsError, match="for environment paper it must be"):
        found.addresses()


def test_secrets_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    found = settings(monkeypatch)

    assert "kkkk" not in repr(found)
    assert "ssss" not in repr(found)
    assert found.credentials.account_id == "12345678-01"


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"ENVIRONMENT": "live"}, "AIPX_KIS_ENVIRONMENT is 'live'"),
        ({"ACCOUNT": "12"}, "AIPX_KIS_ACCOUNT is '12'"),
    ],
)
def test_wrong_variable_is_named(
    monkeypatch: pytest.MonkeyPatch, changes: dict[str, str], text: str
) -> None:
    with pytest.raises(SettingsError, match=text):
        settings(monkeypatch, **changes)


def test_bounds_follow_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    found = settings(monkeypatch, ENROLLED_ON="2026-11-20", SENDS_HASHKEY="true")

    assert found.rest.sends_hashkey
    assert str(found.rest.enrolled_on) == "2026-11-20"
