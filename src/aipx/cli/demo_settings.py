"""The services' settings as the demo has them: its own defaults, and the same variables.

`AIPX_OMS_ORDER_VALUE_MAX=1000000 aipx demo` trades within another limit. Money that is simulated
may have defaults here; the services' own settings have none for what spends money.
"""

from pydantic import Field

from aipx.services.oms.config import OmsSettings
from aipx.services.strategy_worker.config import StrategyWorkerSettings


class DemoOmsSettings(OmsSettings):
    """Limits for an account of 100 million simulated won."""

    order_value_max: int = Field(default=20_000_000, gt=0)
    position_value_max: int = Field(default=40_000_000, gt=0)
    collar_bps: int = Field(default=200, gt=0, le=3_000)
    inquiry_delay_seconds: float = Field(default=0.5, gt=0)
    quarantine_seconds: float = Field(default=20.0, gt=0)


class DemoStrategySettings(StrategyWorkerSettings):
    """Ten shares an order."""

    quantity: int = Field(default=10, ge=1, le=1_000_000)
