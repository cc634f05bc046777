"""The recorder's settings say what is wrong in one line."""

import pytest

from aipx.errors import SettingsError
from aipx.services.data_recorder.config import RecorderSettings
from aipx.services.settings import load_settings


def test_the_defaults_need_no_environment():
    settings = load_settings(RecorderSettings)

    assert (settings.rows_max, settings.age_ns_max) == (20_000, 600_000_000_000)


def test_a_value_out_of_bounds_names_the_variable(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("AIPX_RECORDER_ROWS_MAX", "0")

    with pytest.raises(SettingsError, match=r"^AIPX_RECORDER_ROWS_MAX is '0': .*greater than"):
        load_settings(RecorderSettings)
