"""Settings of data ingestion, read once from `AIPX_INGESTION_…`."""

from typing import Annotated

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from aipx.model.ids import Symbol
from aipx.services.settings import SYMBOL_PATTERN, split_by_comma

SYMBOLS_MAX = 400
"""Twenty symbols a KIS session and app key, two registrations each; how many keys there are is
said elsewhere, and too few of them stop the start."""


class IngestionSettings(BaseSettings):
    """What to read. `symbols` is written with commas: `005930,000660`."""

    model_config = SettingsConfigDict(env_prefix="AIPX_INGESTION_", frozen=True, extra="forbid")

    symbols: Annotated[tuple[Annotated[str, Field(pattern=SYMBOL_PATTERN)], ...], NoDecode] = Field(
        min_length=1, max_length=SYMBOLS_MAX
    )
    source: str = Field(default="kis", pattern=r"^[a-z][a-z0-9-]{0,31}$")
    """Begins every event id; two ingestions on one bus need two names."""

    _split = field_validator("symbols", mode="before")(split_by_comma)

    @property
    def symbol_ids(self) -> tuple[Symbol, ...]:
        """The symbols as ids."""
        return tuple(Symbol(symbol) for symbol in self.symbols)
