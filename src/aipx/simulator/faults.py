"""What goes wrong, by name and by seed: the plan of faults that a run is given.

Every fault draws from a substream of its own, `Random(f"{seed}/faults/{name}")`, so that adding
one to a plan does not move where the others strike. A fault is asked at each opportunity it has
(an order request, a notice, a frame); probabilities are per opportunity.
"""

import json
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from pathlib import Path
from random import Random

import msgspec

from aipx.errors import InputError
from aipx.model.time import NANOS_PER_MILLISECOND

COUNT_UNBOUNDED = 1_000_000_000
_DELAY_MS_MAX = 600_000


class FaultName(Enum):
    """What can go wrong; what each means is in its line of `MEANINGS`."""

    NOTICE_WIDTH = "notice_width"
    FRAME_WIDTH = "frame_width"
    SESSION_CHANGE = "session_change"
    PAGING_CHANGED = "paging_changed"
    NOTICE_REPEATED = "notice_repeated"
    TICKS_MISSING = "ticks_missing"
    NOTICE_MISSING = "notice_missing"
    HOLDING_GHOST = "holding_ghost"
    TOKEN_REVOKED = "token_revoked"  # noqa: S105 - a fault's name
    ORDER_TIMEOUT = "order_timeout"
    ORDER_REFUSED_TIMEOUT = "order_refused_timeout"
    REPLACE_UNKNOWN = "replace_unknown"
    NOTICE_BEFORE_ANSWER = "notice_before_answer"
    TICK_REJECT = "tick_reject"
    KIND_REJECT = "kind_reject"
    PAPER_REGISTRATION = "paper_registration"
    SAME_DAY_REBUY = "same_day_rebuy"
    ORGNO_REQUIRED = "orgno_required"
    TOKEN_RATE = "token_rate"  # noqa: S105 - a fault's name
    SUBSCRIBE_OVER = "subscribe_over"
    KEYS_MIXED = "keys_mixed"
    SUCCESS_WITHOUT_NUMBER = "success_without_number"
    THROTTLED = "throttled"
    SESSION_IN_USE = "session_in_use"
    SOCKET_SILENT = "socket_silent"
    SOCKET_CLOSED = "socket_closed"
    BODY_WITH_500 = "body_with_500"
    HTML_ERROR = "html_error"
    DAILY_CCLD_EMPTY = "daily_ccld_empty"
    SLOW = "slow"
    OFF_TICK_PRINT = "off_tick_print"
    BOOK_THREE_LEVELS = "book_three_levels"
    CLOCK_SKEW = "clock_skew"
    CANCEL_TIMEOUT = "cancel_timeout"
    NOTICE_LATE = "notice_late"


MEANINGS: Mapping[FaultName, str] = {
    FaultName.NOTICE_WIDTH: "a notice comes in the other layout: 23 fields for 26, or the reverse",
    FaultName.FRAME_WIDTH: "every record of a frame has one field more than documented",
    FaultName.SESSION_CHANGE: "a frame names a market phase that no document has",
    FaultName.PAGING_CHANGED: "an inquiry's next page is refused: its data changed",
    FaultName.NOTICE_REPEATED: "a notice is sent twice",
    FaultName.TICKS_MISSING: "a trade is in no frame",
    FaultName.NOTICE_MISSING: "a notice is never sent",
    FaultName.HOLDING_GHOST: "the balance lists a holding twice",
    FaultName.TOKEN_REVOKED: "every token is dead before its time: EGW00121, or EGW00123",
    FaultName.ORDER_TIMEOUT: "an order is taken, and its answer never comes",
    FaultName.ORDER_REFUSED_TIMEOUT: "an order is not taken, and no answer comes",
    FaultName.REPLACE_UNKNOWN: "a modify, taken or not, is never answered",
    FaultName.NOTICE_BEFORE_ANSWER: "an order's answer is held back until its notices are out",
    FaultName.TICK_REJECT: "an order is refused as off the tick table",
    FaultName.KIND_REJECT: "an order is refused as of a kind that the phase does not take",
    FaultName.PAPER_REGISTRATION: "the paper account is not registered: orders are refused",
    FaultName.SAME_DAY_REBUY: "buying power leaves out what the day's sales brought",
    FaultName.ORGNO_REQUIRED: "a paper change without KRX_FWDG_ORD_ORGNO is refused",
    FaultName.TOKEN_RATE: "a token request is refused as the second in a minute",
    FaultName.SUBSCRIBE_OVER: "a registration is refused as one too many",
    FaultName.KEYS_MIXED: "a key is refused as one of the other system",
    FaultName.SUCCESS_WITHOUT_NUMBER: "an order is taken, and the answer has no ODNO",
    FaultName.THROTTLED: "EGW00201 or EGW00215 inside the allowed rate; nothing was taken",
    FaultName.SESSION_IN_USE: "a session's first registration is refused: the key is in use",
    FaultName.SOCKET_SILENT: "a WebSocket session stays open and sends nothing more",
    FaultName.SOCKET_CLOSED: "a WebSocket session ends at once, without a close frame",
    FaultName.BODY_WITH_500: "a business refusal comes with HTTP 500",
    FaultName.HTML_ERROR: "a page, half a body or nothing instead of JSON; orders taken or not",
    FaultName.DAILY_CCLD_EMPTY: "the order inquiry answers an empty list",
    FaultName.SLOW: "an answer takes long",
    FaultName.OFF_TICK_PRINT: "a trade prints in the middle of the quotes",
    FaultName.BOOK_THREE_LEVELS: "a book has three levels a side, and zeros below",
    FaultName.CLOCK_SKEW: "the Date header and ORD_TMD are off, by `delay_ms`, from then on",
    FaultName.CANCEL_TIMEOUT: "a modify or cancel, taken or not, is never answered",
    FaultName.NOTICE_LATE: "a notice is held back for some market time",
}


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """One fault: how often, when (Korean time, `HH:MM:SS`, both included), and how long."""

    name: FaultName
    probability: float
    not_before: str = "00:00:00"
    not_after: str = "23:59:59"
    count_max: int = COUNT_UNBOUNDED
    delay_ns_min: int = 500 * NANOS_PER_MILLISECOND
    delay_ns_max: int = 3_000 * NANOS_PER_MILLISECOND


class FaultPlan:
    """The faults of one run, with their random streams and counters.

    A plan that `is_controllable` may be told to strike while it runs; every fault then counts as
    planned, with probability 0 where no other is given.
    """

    def __init__(
        self, faults: Sequence[Fault] = (), *, seed: int = 0, is_controllable: bool = False
    ) -> None:
        self._by_name = {fault.name: fault for fault in faults}
        if len(self._by_name) != len(faults):
            raise InputError("faults: a name stands twice; allowed: each name once")
        if is_controllable:
            self._by_name |= {
                name: Fault(name=name, probability=0.0)
                for name in FaultName
                if name not in self._by_name
            }
        # Faults of a simulator need repeatable numbers, not secret ones.
        self._random = {name: Random(f"{seed}/faults/{name.value}") for name in self._by_name}  # noqa: S311
        self._count = dict.fromkeys(self._by_name, 0)
        self._forced = dict.fromkeys(self._by_name, 0)

    def plans(self, name: FaultName) -> bool:
        """Tell whether a fault can happen at all."""
        return name in self._by_name

    def plans_any(self, names: Iterable[FaultName]) -> bool:
        """Tell whether one of some faults can happen at all."""
        return any(name in self._by_name for name in names)

    def trigger(self, name: FaultName, count: int) -> None:
        """Let a fault strike at its next `count` opportunities; 0 takes back what is left."""
        assert name in self._by_name, "a plan that is told to strike is controllable"
        self._forced[name] = count

    def strikes(self, name: FaultName, hhmmss: str) -> bool:
        """Draw for one opportunity at a Korean time `HHMMSS`, and count it when it strikes."""
        fault = self._by_name.get(name)
        if fault is None:
            return False
        # The draw comes first: a window then moves no later draw.
        drawn = self._random[name].random() < fault.probability
        if self._forced[name]:
            self._forced[name] -= 1
            self._count[name] += 1
            return True
        clock = f"{hhmmss[:2]}:{hhmmss[2:4]}:{hhmmss[4:6]}"
        if not drawn or not fault.not_before <= clock <= fault.not_after:
            return False
        if self._count[name] >= fault.count_max:
            return False
        self._count[name] += 1
        return True

    def delay_ns(self, name: FaultName) -> int:
        """Draw how long a fault that has struck takes."""
        fault = self._by_name[name]
        return self._random[name].randint(fault.delay_ns_min, fault.delay_ns_max)

    def choose(self, name: FaultName, count: int) -> int:
        """Draw one of `count` variants of a fault that has struck, from 0."""
        return self._random[name].randrange(count)

    @property
    def counts(self) -> Mapping[str, int]:
        """How often each planned fault has struck."""
        return {name.value: count for name, count in self._count.items()}


class _FaultRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: str
    probability: float
    not_before: str = msgspec.field(default="00:00:00", name="from")
    not_after: str = msgspec.field(default="23:59:59", name="to")
    count_max: int = COUNT_UNBOUNDED
    delay_ms: tuple[int, int] = (500, 3_000)


class _FaultFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    faults: tuple[_FaultRow, ...]
    seed: int | None = None


def load_faults(path: Path, *, seed: int, is_controllable: bool = False) -> FaultPlan:
    """Read a plan from a JSON or TOML file; a `seed` in the file wins over the argument.

    Raises:
        InputError: the file cannot be read or used; the text names the place and the reason.
    """
    try:
        text = path.read_text(encoding="utf-8")
        tree: object = tomllib.loads(text) if path.suffix == ".toml" else json.loads(text)
        parsed = msgspec.convert(tree, _FaultFile)
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read: {error}") from error
    except (tomllib.TOMLDecodeError, json.JSONDecodeError) as error:
        raise InputError(f"{path}: is no JSON or TOML: {error}") from error
    except msgspec.ValidationError as error:
        raise InputError(f"{path}: {error}") from error
    faults = tuple(
        _fault(row, place=f"{path}: faults[{index}]") for index, row in enumerate(parsed.faults)
    )
    return FaultPlan(
        faults,
        seed=seed if parsed.seed is None else parsed.seed,
        is_controllable=is_controllable,
    )


def _fault(row: _FaultRow, *, place: str) -> Fault:
    try:
        name = FaultName(row.name)
    except ValueError as error:
        known = ", ".join(sorted(each.value for each in FaultName))
        raise InputError(f"{place}: name is {row.name!r}; allowed: {known}") from error
    if not 0 <= row.probability <= 1:
        raise InputError(f"{place}: probability is {row.probability}; allowed: 0 to 1")
    shortest, longest = row.delay_ms
    if not 0 <= shortest <= longest <= _DELAY_MS_MAX:
        raise InputError(
            f"{place}: delay_ms is {list(row.delay_ms)}; allowed: [low, high], 0 to {_DELAY_MS_MAX}"
        )
    if row.count_max < 0:
        raise InputError(f"{place}: count_max is {row.count_max}; allowed: 0 or more")
    return Fault(
        name=name,
        probability=row.probability,
        not_before=_clock(row.not_before, place=f"{place}: from"),
        not_after=_clock(row.not_after, place=f"{place}: to"),
        count_max=row.count_max,
        delay_ns_min=shortest * NANOS_PER_MILLISECOND,
        delay_ns_max=longest * NANOS_PER_MILLISECOND,
    )


def _clock(text: str, *, place: str) -> str:
    parts = text.split(":")
    is_clock = (
        len(parts) == 3
        and all(len(part) == 2 and part.isascii() and part.isdigit() for part in parts)
        and parts[0] < "24"
        and max(parts[1:]) < "60"
    )
    if not is_clock:
        raise InputError(f"{place} is {text!r}; allowed: HH:MM:SS")
    return text
