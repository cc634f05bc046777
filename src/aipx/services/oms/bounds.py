"""Bounds of the OMS's own behaviour."""

import msgspec


class OmsBounds(msgspec.Struct, frozen=True, kw_only=True):
    """What each means is said in config.py, where a person sets it."""

    inbox_max: int
    inquiry_interval_ns: int
    inquiry_delay_ns: int
    inquiry_attempts_max: int
    quarantine_ns: int
