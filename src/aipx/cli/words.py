"""How numbers and states are written and colored for a person.

Colors follow Korean screens: red rises, blue falls.
"""

from collections.abc import Sequence

from rich.text import Text

from aipx.model.order import OrderState, Side, TradingState

RISE = "bright_red"
FALL = "dodger_blue1"
FLAT = "white"
DIM = "grey58"

_BARS = "▁▂▃▄▅▆▇█"

STATE_STYLES = {
    OrderState.FILLED: "green",
    OrderState.PARTIALLY_FILLED: "green3",
    OrderState.ACCEPTED: "cyan",
    OrderState.UNKNOWN: "bold black on yellow",
    OrderState.REFUSED: "yellow",
    OrderState.REJECTED: "yellow",
    OrderState.CANCELED: DIM,
    OrderState.EXPIRED: DIM,
}

TRADING_STYLES = {
    TradingState.ACTIVE: "bold black on green3",
    TradingState.REDUCING: "bold black on yellow",
    TradingState.HALTED: "bold white on red",
}


def direction(amount: float) -> str:
    """Return the color of a change."""
    if amount == 0:
        return FLAT
    return RISE if amount > 0 else FALL


def signed(amount: int) -> Text:
    """Return an amount with its sign, in the color of its direction."""
    return Text(f"{amount:+,}" if amount else "0", style=direction(amount))


def percent_change(price: int, base: int) -> Text:
    """Return the change from `base` in percent; empty where one of them is not known."""
    if price == 0 or base == 0:
        return Text("")
    change = (price - base) * 100 / base
    return Text(f"{change:+.2f}%", style=direction(price - base))


def price_text(price: int, base: int) -> Text:
    """Return a price in the color of its change from `base`; a dash where there is none."""
    if price == 0:
        return Text("-", style=DIM)
    return Text(f"{price:,}", style=direction(price - base) if base else FLAT)


def side_text(side: Side) -> Text:
    """Return a side in its color: buyers push up."""
    return Text(side.value, style=RISE if side is Side.BUY else FALL)


def microseconds(amount: float) -> str:
    """Return a duration in the unit that reads best."""
    if amount >= 1_000_000:
        return f"{amount / 1_000_000:.1f} s"
    if amount >= 1_000:
        return f"{amount / 1_000:.1f} ms"
    return f"{amount:.0f} µs"


def sparkline(values: Sequence[int], width: int) -> str:
    """Return `values`, oldest first, as a line of at most `width` small bars."""
    if not values or width < 1:
        return ""
    count = min(len(values), width)
    sampled = [values[(index + 1) * len(values) // count - 1] for index in range(count)]
    lowest, highest = min(sampled), max(sampled)
    span = max(highest - lowest, 1)
    return "".join(_BARS[(value - lowest) * (len(_BARS) - 1) // span] for value in sampled)
