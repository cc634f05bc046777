"""How much of a broker number has traded: counted, not collected.

Notices carry no execution id, come late, twice or never; an inquiry gives totals but lags. So per
broker number the booked quantity is the greater of both: the inquiry's cumulative quantity, and
the sum of *distinct* notices. An identical notice may be a repeat or a second, equal fill; it is
never booked, only the inquiry can tell.
"""

import msgspec

from aipx.model.instrument import Shares, Won
from aipx.model.order import BrokerNotice

NoticeKey = tuple[int, int, int]
"""Exchange time (ns), quantity, price: all that tells one fill notice of a number from another."""


class FillCount(msgspec.Struct, kw_only=True):
    """What is known of one broker number."""

    distinct: dict[NoticeKey, None] = msgspec.field(default_factory=dict)
    noticed_quantity: int = 0
    noticed_amount: int = 0
    inquired_quantity: int = 0
    inquired_amount: int = 0

    def take_notice(self, notice: BrokerNotice) -> None:
        """Count a fill notice that `is_distinct`."""
        self.distinct[notice_key(notice)] = None
        self.noticed_quantity += notice.quantity
        self.noticed_amount += notice.quantity * notice.price

    def is_distinct(self, notice: BrokerNotice) -> bool:
        """True where no notice like this one was counted."""
        return notice_key(notice) not in self.distinct

    def total(self) -> tuple[Shares, Won]:
        """Return the quantity and amount to book; the inquiry's where it knows as much."""
        if self.inquired_quantity >= self.noticed_quantity:
            return Shares(self.inquired_quantity), Won(self.inquired_amount)
        return Shares(self.noticed_quantity), Won(self.noticed_amount)


def notice_key(notice: BrokerNotice) -> NoticeKey:
    """Return what makes a fill notice distinct within its number."""
    return (notice.exchange_time, notice.quantity, notice.price)
