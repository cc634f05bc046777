"""Settings of the strategy worker, read once from `AIPX_STRATEGY_…`."""

from typing import Annotated

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from aipx.model.ids import Symbol
from aipx.model.instrument import Shares
from aipx.model.time import NANOS_PER_MILLISECOND
from aipx.services.settings import SYMBOL_PATTERN, split_by_comma
from aipx.services.strategy_worker.bounds import WorkerBounds
from aipx.strategies.base import StrategySettings


class StrategyWorkerSettings(BaseSettings):
    """Which strategies run on what. `names` and `symbols` are written with commas."""

    model_config = SettingsConfigDict(env_prefix="AIPX_STRATEGY_", frozen=True, extra="forbid")

    names: Annotated[tuple[str, ...], NoDecode] = Field(min_length=1, max_length=16)
    symbols: Annotated[tuple[Annotated[str, Field(pattern=SYMBOL_PATTERN)], ...], NoDecode] = Field(
        min_length=1, max_length=100
    )
    quantity: int = Field(ge=1, le=1_000_000)
    """Shares an order; no default: it spends money."""
    parameters: dict[str, int] = Field(default_factory=dict)
    """The strategy's own, as JSON: `{"fast": 5, "slow": 20}`."""
    wishes_in_flight_max: int = Field(default=64, ge=1, le=10_000)
    send_attempts_max: int = Field(default=5, ge=1, le=100)
    send_pause_milliseconds: int = Field(default=500, ge=1, le=60_000)
    orders_kept_max: int = Field(default=100_000, ge=100, le=10_000_000)

    _split = field_validator("names", "symbols", mode="before")(split_by_comma)

    @property
    def strategy_settings(self) -> StrategySettings:
        """What each strategy is made of."""
        return StrategySettings(
            symbols=tuple(Symbol(symbol) for symbol in self.symbols),
            quantity=Shares(self.quantity),
            parameters=self.parameters,
        )

    @property
    def bounds(self) -> WorkerBounds:
        """The worker's bounds."""
        return WorkerBounds(
            wishes_in_flight_max=self.wishes_in_flight_max,
            send_attempts_max=self.send_attempts_max,
            send_pause_ns=self.send_pause_milliseconds * NANOS_PER_MILLISECOND,
            orders_kept_max=self.orders_kept_max,
        )
