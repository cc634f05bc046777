"""Settings of strategies."""

from typing import Annotated

import msgspec
import pytest

from aipx.errors import InputError
from aipx.model.instrument import Shares
from aipx.strategies.base import StrategySettings, typed_parameters
from tests.support.market_facts import SAMSUNG


class _Parameters(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    length: Annotated[int, msgspec.Meta(ge=1)] = 5


def test_parameters_become_the_strategys_own_struct():
    settings = StrategySettings(symbols=(SAMSUNG,), parameters={"length": 7})

    assert typed_parameters(settings, _Parameters, name="x").length == 7


@pytest.mark.parametrize("parameters", [{"length": 0}, {"width": 7}])
def test_a_wrong_parameter_is_refused_and_names_the_strategy(parameters: dict[str, int]):
    settings = StrategySettings(symbols=(SAMSUNG,), parameters=parameters)

    with pytest.raises(InputError, match=r"parameters of strategy x: .*(length|width)"):
        typed_parameters(settings, _Parameters, name="x")


def test_settings_without_symbols_or_shares_are_refused():
    with pytest.raises(InputError, match="no symbols"):
        StrategySettings(symbols=())
    with pytest.raises(InputError, match="quantity is 0"):
        StrategySettings(symbols=(SAMSUNG,), quantity=Shares(0))
