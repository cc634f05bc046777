"""What a trade costs: each fee and tax is cut to whole won, on an order's total of the day.

Costs are computed on the cumulative amount of one broker number and booked as the difference to
what was booked before, so the sum does not depend on how fills were split or in what order they
became known. That KIS rounds like this is assumed (protocol 6.6 marks the rounding as unknown).
"""

from datetime import date

import msgspec

from aipx.model.instrument import InstrumentKind, ListingMarket, Won
from aipx.model.order import Side
from aipx.rules.costs import Rate, commission, sell_tax


class Costs(msgspec.Struct, frozen=True, kw_only=True):
    """Fee and tax of one order so far."""

    fee: Won
    tax: Won


def costs_of(
    amount: Won, *, side: Side, market: ListingMarket, kind: InstrumentKind, day: date
) -> Costs:
    """Return the costs of an order that has traded `amount` won on `day`."""
    fee = _part(amount, commission(kind=kind, day=day))
    if side is Side.BUY:
        return Costs(fee=fee, tax=Won(0))
    tax = sell_tax(market=market, kind=kind, day=day)
    return Costs(fee=fee, tax=Won(_part(amount, tax.securities) + _part(amount, tax.rural)))


def buying_cost_max(amount: Won, *, kind: InstrumentKind, day: date) -> Won:
    """Return the most won that buying for `amount` can take, its fee rounded up."""
    rate = commission(kind=kind, day=day)
    return Won(amount - (-amount * rate.numerator // rate.denominator))


def _part(amount: Won, rate: Rate) -> Won:
    return Won(amount * rate.numerator // rate.denominator)
