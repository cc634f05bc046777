"""Numbers, dates and times as KIS writes them in text, read without int()'s generosity.

int() takes blanks, signs, underscores and digits of other scripts; KIS sends none of these.
"""

import re
from datetime import date

from aipx.errors import BadPeerData
from aipx.model.time import NANOS_PER_SECOND, Nanos, kst_midnight

_WHOLE = re.compile(r"-?[0-9]{1,18}+(?:\.0*+)?+", re.ASCII)
_DATES_CACHED_MAX = 64
SHOWN_CHARS_MAX = 40


def shown(text: str) -> str:
    """Return a text for a message: quoted, cut to a bounded length."""
    return repr(text if len(text) <= SHOWN_CHARS_MAX else f"{text[:SHOWN_CHARS_MAX]}…")


def whole(text: str, *, field: str) -> int:
    """Return a signed whole number; zeros in front, blanks around and a zero fraction are taken.

    Raises:
        BadPeerData: anything else, the empty text (which is not zero) included.
    """
    stripped = text.strip(" ")
    if _WHOLE.fullmatch(stripped) is None:
        raise BadPeerData(f"{field} is {shown(text)}, not a whole number")
    return int(stripped.partition(".")[0])


def count(text: str, *, field: str) -> int:
    """Return a whole number that is not negative.

    Raises:
        BadPeerData: anything else.
    """
    number = whole(text, field=field)
    if number < 0:
        raise BadPeerData(f"{field} is {shown(text)}, must not be negative")
    return number


def day_of(text: str, *, field: str) -> date:
    """Return the date of `YYYYMMDD`.

    Raises:
        BadPeerData: not eight ASCII digits, or no such day.
    """
    if len(text) != 8 or not (text.isascii() and text.isdigit()):
        raise BadPeerData(f"{field} is {shown(text)}, not YYYYMMDD")
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError as error:
        raise BadPeerData(f"{field} is {shown(text)}, not a day") from error


class _Midnights(dict[str, int]):
    """Nanos of Korean midnight by `YYYYMMDD`; computed once a date, few kept."""

    def __missing__(self, text: str) -> int:
        midnight = kst_midnight(day_of(text, field="date"))
        if len(self) >= _DATES_CACHED_MAX:
            self.clear()
        self[text] = midnight
        return midnight


class _TimesOfDay(dict[str, int]):
    """Nanoseconds since midnight by `HHMMSS`; at most the 86,400 texts there are."""

    def __missing__(self, text: str) -> int:
        if len(text) != 6 or not (text.isascii() and text.isdigit()):
            raise BadPeerData(f"time is {shown(text)}, not HHMMSS")
        hour, minute, second = int(text[:2]), int(text[2:4]), int(text[4:])
        if hour > 23 or minute > 59 or second > 59:
            raise BadPeerData(f"time is {shown(text)}, not HHMMSS")
        nanos = (hour * 3_600 + minute * 60 + second) * NANOS_PER_SECOND
        self[text] = nanos
        return nanos


MIDNIGHT_NS = _Midnights()
"""Korean midnight by date text. Raises BadPeerData on a text that is no date."""

TIME_OF_DAY_NS = _TimesOfDay()
"""Nanoseconds since midnight by time text. Raises BadPeerData on a text that is no time."""


def moment(day: date, hhmmss: str) -> Nanos:
    """Join the business date with a time of KIS's clock."""
    return Nanos(kst_midnight(day) + TIME_OF_DAY_NS[hhmmss])


def time_text(text: str) -> str:
    """Return `HHMMSS` as it is, without blanks around.

    Raises:
        BadPeerData: no time of day.
    """
    stripped = text.strip(" ")
    _ = TIME_OF_DAY_NS[stripped]
    return stripped
