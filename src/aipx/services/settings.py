"""Settings at the door: environment in, typed values or one clear line out."""

from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic_settings import BaseSettings

from aipx.errors import SettingsError

SYMBOL_PATTERN = r"^[0-9A-Z]{6,7}$"
"""KRX short codes; 7 characters for ETN at KIS."""

Settings = TypeVar("Settings", bound=BaseSettings)


def load_settings(kind: type[Settings], **given: Any) -> Settings:
    """Read a service's settings from its environment variables; `given` values go before them.

    Raises:
        SettingsError: the text names the first wrong variable, its value and what is allowed.
    """
    try:
        return kind(**given)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        prefix = kind.model_config.get("env_prefix", "")
        place = [str(part) for part in first["loc"]]
        name = f"{prefix}{place[0].removeprefix(prefix.lower())}".upper() if place else prefix
        found = "not set" if first["type"] == "missing" else repr(first["input"])
        raise SettingsError(f"{name} is {found}: {first['msg']}") from error


def split_by_comma(value: object) -> object:
    """Turn `a, b` into its parts; anything but text is returned as it is."""
    if not isinstance(value, str):
        return value
    return tuple(part.strip() for part in value.split(",") if part.strip())
