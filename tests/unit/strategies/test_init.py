"""The registry of strategies."""

import pytest

from aipx.errors import InputError
from aipx.strategies import STRATEGIES, strategy
from aipx.strategies.base import StrategySettings
from tests.support.market_facts import SAMSUNG

SETTINGS = StrategySettings(symbols=(SAMSUNG,))


@pytest.mark.parametrize("name", list(STRATEGIES))
def test_every_strategy_carries_the_name_it_is_found_by(name: str):
    assert strategy(name, SETTINGS).name == name


def test_an_unknown_name_is_refused_with_what_there_is():
    with pytest.raises(InputError, match="'martingale'; there are book_imbalance, sma_cross"):
        strategy("martingale", SETTINGS)
