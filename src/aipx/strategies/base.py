"""What a strategy is: a pure function of its state, its view and a market event.

A strategy reads no clock and draws no number: the same inputs give the same wishes, in a
backtest, in a simulation and live.
"""

from collections.abc import Mapping
from typing import Any, Protocol, TypeVar

import msgspec

from aipx.errors import InputError
from aipx.model.ids import ClientOrderId, Symbol
from aipx.model.instrument import Shares, Won
from aipx.model.market import MarketEvent
from aipx.model.order import Side
from aipx.model.signal import Wish
from aipx.model.time import Nanos


class WorkingOrder(msgspec.Struct, frozen=True, kw_only=True):
    """An order of the strategy's own that may still trade, from its wish on.

    `quantity` is what is open; `since` is the moment of the event that it was wished upon.
    """

    client_order_id: ClientOrderId
    symbol: Symbol
    side: Side
    quantity: Shares
    price: Won
    since: Nanos


class View(msgspec.Struct, frozen=True, kw_only=True):
    """What a strategy may know of itself when it decides. Absent symbols are not held."""

    at: Nanos
    positions: Mapping[Symbol, Shares]
    working: tuple[WorkingOrder, ...]


State = TypeVar("State")


class Strategy(Protocol[State]):
    """One strategy; it holds its settings, and nothing that changes."""

    @property
    def name(self) -> str:
        """The strategy's name, also of its orders."""
        ...

    def initial(self) -> State:
        """Return the state before the first event."""
        ...

    def decide(
        self, state: State, view: View, event: MarketEvent
    ) -> tuple[State, tuple[Wish, ...]]:
        """Return the next state, and what is wished for now; `state` itself is left as it was."""
        ...


AnyStrategy = Strategy[Any]
"""A strategy whose state is its own business: whoever runs it only hands the state back."""


class StrategySettings(msgspec.Struct, frozen=True, kw_only=True):
    """What every strategy is made of; `parameters` are the strategy's own, by name."""

    symbols: tuple[Symbol, ...]
    quantity: Shares = Shares(10)
    parameters: Mapping[str, int] = msgspec.field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.symbols:
            raise InputError("strategy has no symbols; it needs at least one")
        if self.quantity < 1:
            raise InputError(f"strategy quantity is {self.quantity}; it must be at least 1")


Parameters = TypeVar("Parameters")


def typed_parameters(
    settings: StrategySettings, kind: type[Parameters], *, name: str
) -> Parameters:
    """Return the settings' parameters as the strategy's own struct, with its defaults and bounds.

    Raises:
        InputError: an unknown parameter, or a value outside its bounds.
    """
    try:
        return msgspec.convert(dict(settings.parameters), kind)
    except msgspec.ValidationError as error:
        raise InputError(f"parameters of strategy {name}: {error}") from error
