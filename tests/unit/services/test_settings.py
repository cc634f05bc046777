"""Settings at the door: what a wrong one says."""

import pytest

from aipx.errors import SettingsError
from aipx.services.data_ingestion.config import IngestionSettings
from aipx.services.settings import load_settings, split_by_comma
from aipx.services.strategy_worker.config import StrategyWorkerSettings


def test_text_is_split_by_commas_and_other_things_are_left():
    assert split_by_comma(" 005930, 000660,") == ("005930", "000660")
    assert split_by_comma(("a",)) == ("a",)


def test_ingestion_reads_its_variables(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("AIPX_INGESTION_SYMBOLS", "005930,0001A0")

    settings = load_settings(IngestionSettings)

    assert settings.symbol_ids == ("005930", "0001A0")
    assert settings.source == "kis"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "AIPX_INGESTION_SYMBOLS is not set"),
        ("samsung", "AIPX_INGESTION_SYMBOLS is 'samsung'"),
        ("", "AIPX_INGESTION_SYMBOLS is "),
        (",".join(f"{n:06d}" for n in range(401)), "at most 400"),
    ],
)
def test_a_wrong_setting_names_variable_value_and_what_is_allowed(
    monkeypatch: pytest.MonkeyPatch, value: str | None, text: str
):
    if value is not None:
        monkeypatch.setenv("AIPX_INGESTION_SYMBOLS", value)

    with pytest.raises(SettingsError) as caught:
        load_settings(IngestionSettings)

    assert text in str(caught.value)
    assert "\n" not in str(caught.value)


def test_worker_settings_give_strategy_settings_and_bounds(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("AIPX_STRATEGY_NAMES", "sma_cross")
    monkeypatch.setenv("AIPX_STRATEGY_SYMBOLS", "005930")
    monkeypatch.setenv("AIPX_STRATEGY_QUANTITY", "7")
    monkeypatch.setenv("AIPX_STRATEGY_PARAMETERS", '{"fast": 3}')
    monkeypatch.setenv("AIPX_STRATEGY_SEND_PAUSE_MILLISECONDS", "20")

    settings = load_settings(StrategyWorkerSettings)

    assert settings.strategy_settings.quantity == 7
    assert settings.strategy_settings.parameters == {"fast": 3}
    assert settings.bounds.send_pause_ns == 20_000_000


def test_a_quantity_has_no_default_for_it_spends_money(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("AIPX_STRATEGY_NAMES", "sma_cross")
    monkeypatch.setenv("AIPX_STRATEGY_SYMBOLS", "005930")

    with pytest.raises(SettingsError, match="AIPX_STRATEGY_QUANTITY is not set"):
        load_settings(StrategyWorkerSettings)
