"""When a trade's cash changes hands: two sessions after the trade (T+2)."""

from datetime import date

from aipx.errors import InputError
from aipx.rules.calendar import is_open, next_session

SETTLEMENT_SESSIONS = 2
"""Source: KRX shares and funds settle on T+2 throughout the covered years. CONFIRMED."""


def settlement_date(trade_date: date) -> date:
    """Return the day on which a trade of `trade_date` settles.

    Raises:
        InputError: KRX is closed on the trade date, or the calendar does not reach far enough.
    """
    if not is_open(trade_date):
        raise InputError(f"trade date is {trade_date}; KRX is closed on it")
    day = trade_date
    for _ in range(SETTLEMENT_SESSIONS):
        day = next_session(day)
    return day
