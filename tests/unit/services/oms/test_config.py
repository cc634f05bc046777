"""What spends money has no default, and a wrong bound is one line."""

import pytest

from aipx.errors import SettingsError
from aipx.services.oms.config import OmsSettings
from aipx.services.settings import load_settings


def test_limits_in_won_must_be_chosen_by_a_person(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("AIPX_OMS_ORDER_VALUE_MAX", "20000000")

    with pytest.raises(SettingsError, match=r"^AIPX_OMS_POSITION_VALUE_MAX is not set"):
        load_settings(OmsSettings)


def test_with_both_limits_the_rest_has_bounds_of_its_own(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("AIPX_OMS_ORDER_VALUE_MAX", "20000000")
    monkeypatch.setenv("AIPX_OMS_POSITION_VALUE_MAX", "40000000")

    settings = load_settings(OmsSettings)

    assert (settings.order_value_max, settings.position_value_max) == (20_000_000, 40_000_000)
    assert settings.inquiry_attempts_max >= 2


@pytest.mark.parametrize(
    ("name", "value"),
    [("COLLAR_BPS", "0"), ("QUOTE_AGE_SECONDS_MAX", "nan"), ("OPEN_ORDERS_MAX", "all")],
)
def test_a_value_out_of_bounds_names_its_variable(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("AIPX_OMS_ORDER_VALUE_MAX", "20000000")
    monkeypatch.setenv("AIPX_OMS_POSITION_VALUE_MAX", "40000000")
    monkeypatch.setenv(f"AIPX_OMS_{name}", value)

    with pytest.raises(SettingsError, match=f"^AIPX_OMS_{name} is '{value}': "):
        load_settings(OmsSettings)
