"""The plan of faults: determinism, windows, files."""

import pytest

from aipx.errors import InputError
from aipx.simulator.faults import MEANINGS, Fault, FaultName, FaultPlan, load_faults

NOON = "120000"


def draws(plan, name, count=200):
    return [plan.strikes(name, NOON) for _ in range(count)]


def test_same_seed_strikes_at_the_same_opportunities():
    fault = Fault(name=FaultName.SLOW, probability=0.3)

    assert draws(FaultPlan([fault], seed=5), FaultName.SLOW) == draws(
        FaultPlan([fault], seed=5), FaultName.SLOW
    )


def test_another_fault_in_the_plan_moves_no_draw():
    slow = Fault(name=FaultName.SLOW, probability=0.3)
    other = Fault(name=FaultName.THROTTLED, probability=0.5)
    both = FaultPlan([slow, other], seed=5)
    draws(both, FaultName.THROTTLED)

    assert draws(both, FaultName.SLOW) == draws(FaultPlan([slow], seed=5), FaultName.SLOW)


def test_fault_that_is_not_planned_never_strikes():
    assert not any(draws(FaultPlan(), FaultName.SLOW))


def test_fault_strikes_in_its_window_only():
    fault = Fault(name=FaultName.SLOW, probability=1, not_before="09:00:00", not_after="09:05:00")
    plan = FaultPlan([fault])

    assert [
        plan.strikes(FaultName.SLOW, at) for at in ("085959", "090000", "090500", "090501")
    ] == [
        False,
        True,
        True,
        False,
    ]


def test_fault_strikes_no_more_often_than_its_count():
    plan = FaultPlan([Fault(name=FaultName.SLOW, probability=1, count_max=3)])

    assert sum(draws(plan, FaultName.SLOW)) == 3
    assert plan.counts == {"slow": 3}


def test_every_fault_has_a_meaning():
    assert set(MEANINGS) == set(FaultName)


def test_plan_is_read_from_json_and_from_toml_alike(tmp_path):
    as_json = tmp_path / "faults.json"
    as_json.write_text(
        '{"seed": 3, "faults": [{"name": "slow", "probability": 0.5, "from": "09:00:00",'
        ' "delay_ms": [10, 20]}]}'
    )
    as_toml = tmp_path / "faults.toml"
    as_toml.write_text(
        'seed = 3\n[[faults]]\nname = "slow"\nprobability = 0.5\nfrom = "09:00:00"\n'
        "delay_ms = [10, 20]\n"
    )

    plans = [load_faults(path, seed=1) for path in (as_json, as_toml)]

    assert draws(plans[0], FaultName.SLOW) == draws(plans[1], FaultName.SLOW)
    assert 10_000_000 <= plans[0].delay_ns(FaultName.SLOW) <= 20_000_000


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"faults": [{"name": "sloow", "probability": 1}]}', r"faults\[0\]: name is 'sloow'"),
        ('{"faults": [{"name": "slow", "probability": 2}]}', "probability is 2"),
        ('{"faults": [{"name": "slow", "probability": 1, "from": "9:00"}]}', "from is '9:00'"),
        ('{"faults": [{"name": "slow", "probability": 1, "delay_ms": [5, 1]}]}', "delay_ms"),
        ('{"faults": [{"name": "slow", "probability": 1, "count_max": -1}]}', "count_max"),
        ('{"faults": [{"name": "slow", "probability": 1, "oops": 1}]}', "oops"),
        ('{"faults": [{"name": "slow", "probability": NaN}]}', "probability"),
        ("{", "no JSON or TOML"),
    ],
)
def test_file_that_cannot_be_used_is_refused_with_the_place(tmp_path, text, reason):
    path = tmp_path / "faults.json"
    path.write_text(text)

    with pytest.raises(InputError, match=reason):
        load_faults(path, seed=1)


def test_missing_file_is_refused_in_one_line(tmp_path):
    with pytest.raises(InputError, match="cannot be read") as caught:
        load_faults(tmp_path / "nothing.json", seed=1)

    assert "\n" not in str(caught.value)


def test_name_that_stands_twice_is_refused():
    fault = Fault(name=FaultName.SLOW, probability=1)

    with pytest.raises(InputError, match="twice"):
        FaultPlan([fault, fault])
