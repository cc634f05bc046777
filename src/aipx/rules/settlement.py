"""When a trade's cash changes hands: two sessions after the trade (T+2)."""

from datetime import date

import msgspec

from aipx.errors import InputError
from aipx.rules.calendar import is_open, next_session
from aipx.rules.dated import COVERED_FROM, COVERED_TO, Confidence, row_of


class SettlementRow(msgspec.Struct, frozen=True, kw_only=True):
    """Sessions between trade and settlement."""

    since: date
    to: date
    sessions: int
    source: str
    confidence: Confidence


SETTLEMENT_ROWS = (
    SettlementRow(
        since=COVERED_FROM,
        to=COVERED_TO,
        sessions=2,
        source="shares and funds settle on T+2, by business days; KIS shows D+1 and D+2 cash",
        confidence=Confidence.CONFIRMED,
    ),
)


def settlement_date(trade_date: date) -> date:
    """Return the day on which a trade of `trade_date` settles.

    Raises:
        InputError: KRX is closed on the trade date, or the calendar does not reach far enough.
    """
    if not is_open(trade_date):
        raise InputError(f"trade date is {trade_date}; KRX is closed on it")
    day = trade_date
    for _ in range(row_of(SETTLEMENT_ROWS, trade_date, subject="settlement").sessions):
        day = next_session(day)
    return day
