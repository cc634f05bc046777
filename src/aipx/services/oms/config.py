"""The OMS's settings: limits that a person chose, and the bounds of its own behaviour."""

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from aipx.engine.inputs import Policy
from aipx.engine.risk import RiskLimits
from aipx.model.time import NANOS_PER_SECOND
from aipx.services.oms.bounds import OmsBounds


class OmsSettings(BaseSettings):
    """Read once, by main.py, from `AIPX_OMS_…`; what spends money has no default."""

    model_config = SettingsConfigDict(env_prefix="AIPX_OMS_", frozen=True, extra="forbid")

    order_value_max: int = Field(gt=0, description="Won per order, at its worst price.")
    position_value_max: int = Field(gt=0, description="Won per symbol, holding and open buys.")
    order_quantity_max: int = Field(default=1_000_000, gt=0, description="Shares per order.")
    open_orders_max: int = Field(default=200, gt=0, le=10_000)
    collar_bps: int = Field(default=300, gt=0, le=3_000, description="Beyond the best price.")
    quote_age_seconds_max: float = Field(default=60.0, gt=0, le=3_600)
    duplicate_window_seconds: float = Field(default=1.0, ge=0, le=60)
    inbox_max: int = Field(default=10_000, gt=0, description="Waiting inputs; then refused.")
    inquiry_interval_seconds: float = Field(default=60.0, gt=0, description="When nothing asks.")
    inquiry_delay_seconds: float = Field(
        default=1.0, gt=0, description="From a reason to ask to asking: reasons come in crowds."
    )
    inquiry_attempts_max: int = Field(default=5, gt=0, le=100, description="Until two agree.")
    quarantine_seconds: float = Field(
        default=60.0,
        gt=0,
        description="After an outcome got lost: as long as a request may be under way at most.",
    )

    @property
    def policy(self) -> Policy:
        """The limits as the engine takes them."""
        limits = RiskLimits(
            order_quantity_max=self.order_quantity_max,
            order_value_max=self.order_value_max,
            position_value_max=self.position_value_max,
            collar_bps=self.collar_bps,
            quote_age_ns_max=_nanos(self.quote_age_seconds_max),
            duplicate_window_ns=_nanos(self.duplicate_window_seconds),
            open_orders_max=self.open_orders_max,
        )
        return Policy(limits=limits)

    @property
    def bounds(self) -> OmsBounds:
        """The shell's bounds."""
        return OmsBounds(
            inbox_max=self.inbox_max,
            inquiry_interval_ns=_nanos(self.inquiry_interval_seconds),
            inquiry_delay_ns=_nanos(self.inquiry_delay_seconds),
            inquiry_attempts_max=self.inquiry_attempts_max,
            quarantine_ns=_nanos(self.quarantine_seconds),
        )


def _nanos(seconds: float) -> int:
    return round(seconds * NANOS_PER_SECOND)
