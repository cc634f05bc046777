"""The simulator as other people's tests use it: blocking programs against a thread."""

import json
import urllib.request
from datetime import time

import pytest

from aipx.errors import SettingsError
from aipx.simulator.testing import running_simulator


def post(url: str, body: dict[str, str]) -> dict[str, str]:
    request = urllib.request.Request(url, data=json.dumps(body).encode(), method="POST")
    with urllib.request.urlopen(request, timeout=20) as response:
        return json.load(response)


def test_blocking_program_gets_a_token_and_time_stands_still():
    with running_simulator(events_max=200) as kis:
        account = kis.accounts[0]
        keys = {"appkey": account.appkey, "appsecret": account.appsecret}

        answer = post(f"{kis.rest_url}/oauth2/tokenP", {"grant_type": "client_credentials", **keys})

        assert answer["token_type"] == "Bearer"
        assert kis.state().market_time.startswith("2026-11-20T10:00:00")


def test_market_and_faults_obey_the_test():
    with running_simulator(events_max=200) as kis:
        kis.advance(30)
        kis.advance_to(time(11, 0))
        kis.strike("slow", 0)
        kis.expire_tokens()

        assert kis.drop_sockets() == 0
        assert kis.state().market_time.startswith("2026-11-20T11:00:00")
        kis.begin_next_day()
        assert kis.state().date == "2026-11-23"


@pytest.mark.parametrize("wrong", [{"environment": "live"}, {"layout": "new"}, {"accounts": 0}])
def test_wrong_use_is_told_to_the_test(wrong):
    with pytest.raises(SettingsError, match="allowed"), running_simulator(**wrong):
        pass


def test_failure_to_start_reaches_the_test():
    with (
        pytest.raises(SettingsError, match="allowed: 08:29:00"),
        running_simulator(start_time=time(1)),
    ):
        pass
