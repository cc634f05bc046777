"""The strategies that come with AIPX, by name; each file is one, pure in all it decides on."""

from collections.abc import Callable, Mapping

from aipx.errors import InputError
from aipx.strategies import book_imbalance, sma_cross
from aipx.strategies.base import AnyStrategy, StrategySettings

STRATEGIES: Mapping[str, Callable[[StrategySettings], AnyStrategy]] = {
    book_imbalance.NAME: book_imbalance.BookImbalance,
    sma_cross.NAME: sma_cross.SmaCross,
}


def strategy(name: str, settings: StrategySettings) -> AnyStrategy:
    """Return the strategy of that name.

    Raises:
        InputError: there is none, or it cannot work with these settings.
    """
    make = STRATEGIES.get(name)
    if make is None:
        raise InputError(f"strategy is {name!r}; there are {', '.join(sorted(STRATEGIES))}")
    return make(settings)
