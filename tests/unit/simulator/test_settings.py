"""Settings and generated accounts of the simulator."""

import pytest

from aipx.errors import SettingsError
from aipx.model.instrument import Won
from aipx.simulator.settings import simulated_account
from tests.support import kis_user


def test_account_of_a_seed_is_always_the_same_and_has_keys_of_kis_lengths():
    account = simulated_account(7)

    assert account == simulated_account(7)
    assert (len(account.appkey), len(account.appsecret)) == (36, 180)
    assert (len(account.cano), account.product) == (8, "01")


def test_accounts_of_one_seed_differ_by_index():
    numbers = {simulated_account(7, index=index).account_id for index in range(5)}

    assert len(numbers) == 5


def test_negative_cash_is_refused_by_name():
    with pytest.raises(SettingsError, match=r"cash of account .* is -1"):
        simulated_account(1, cash=Won(-1))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("multi_record_ratio", 1.5),
        ("requests_per_second_max", 0),
        ("frame_records_max", 11),
        ("order_number_base", 0),
        ("outbox_frames_max", 0),
        ("accounts", ()),
    ],
)
def test_value_out_of_range_is_refused_by_name(name, value):
    with pytest.raises(SettingsError, match=name):
        kis_user.settings(**{name: value})
