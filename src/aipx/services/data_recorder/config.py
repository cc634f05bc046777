"""Settings of the data recorder, read once from `AIPX_RECORDER_…` by `services.settings`."""

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from aipx.model.time import NANOS_PER_SECOND


class RecorderSettings(BaseSettings):
    """How much is held in memory before it becomes a file."""

    model_config = SettingsConfigDict(env_prefix="AIPX_RECORDER_", frozen=True, extra="forbid")

    rows_max: int = Field(default=20_000, ge=1, le=1_000_000)
    """Rows of one kind and date that make a file."""
    age_seconds_max: int = Field(default=600, ge=1, le=86_400)
    """Market seconds after which what is held becomes a file, however little it is.

    A crash loses at most this much of what was recorded; each file costs a few durable writes.
    """

    @property
    def age_ns_max(self) -> int:
        """The age as the service takes it."""
        return self.age_seconds_max * NANOS_PER_SECOND
