"""Listing a symbol for a day: its price limits, and whether it trades at all."""

from aipx.model.instrument import Instrument, PriceLimits, Shares, Won
from aipx.rules.limits import price_limits
from aipx.simulator.market.bar import DailyBar, Listing
from aipx.simulator.market.grid import nearest_price

_NOT_KNOWN = Shares(0)


def listing(
    instrument: Instrument,
    bar: DailyBar,
    *,
    is_synthetic: bool = False,
    listed_shares: Shares = _NOT_KNOWN,
) -> Listing:
    """Return the listing whose limits contain the bar's whole range.

    The base price is the previous close, put on the tick grid. Where the bar leaves the limits of
    that base (a relisting, or prices adjusted in between), the base is assumed instead, and
    `is_base_assumed` says so; so it is where no previous close is known.

    Raises:
        InputError: the rulebook has no limits or ticks for the bar's day.
    """
    limits = None
    if bar.previous_close:
        limits = _limits(nearest_price(bar.previous_close, instrument, bar), instrument, bar)
    is_base_assumed = limits is None or not _contains(limits, instrument, bar)
    if limits is None or is_base_assumed:
        limits = _assumed(instrument, bar)
    return Listing(
        instrument=instrument,
        limits=limits,
        bar=bar,
        is_halted=bar.volume == 0,
        is_synthetic=is_synthetic,
        is_base_assumed=is_base_assumed,
        listed_shares=listed_shares,
    )


def _limits(base: Won, instrument: Instrument, bar: DailyBar) -> PriceLimits:
    return price_limits(base, market=instrument.market, kind=instrument.kind, day=bar.day)


def _contains(limits: PriceLimits, instrument: Instrument, bar: DailyBar) -> bool:
    low = nearest_price(bar.low, instrument, bar)
    high = nearest_price(bar.high, instrument, bar)
    return limits.lower <= low and high <= limits.upper


def _assumed(instrument: Instrument, bar: DailyBar) -> PriceLimits:
    """Return limits around the open, else around the middle of the range, else the range itself."""
    open_price = nearest_price(bar.open, instrument, bar)
    middle = nearest_price(Won((bar.low + bar.high) // 2), instrument, bar)
    for base in (open_price, middle):
        limits = _limits(base, instrument, bar)
        if _contains(limits, instrument, bar):
            return limits
    return PriceLimits(
        base=open_price,
        lower=nearest_price(bar.low, instrument, bar),
        upper=nearest_price(bar.high, instrument, bar),
    )
