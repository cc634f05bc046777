"""Trade and book records as KIS writes them, for the simulator.

The structs hold what is independent; what follows from it (changes, signs, rates, averages) is
computed while formatting, so that a record cannot contradict itself. The rules were read off the
recorded frames; rates are rounded half away from zero to two decimals.
"""

from functools import lru_cache

import msgspec

from aipx.model.ids import Symbol
from aipx.wire.kis.layout import Layout

REGULAR_SESSION = "20"
"""NEW_MKOP_CLS_CODE of the regular session."""

_TEXTS_CACHED_MAX = 1_024
_TWO_DIGITS = [f"{number:02d}" for number in range(100)]
_encode = msgspec.json.Encoder().encode


class KisTrade(msgspec.Struct, frozen=True, kw_only=True):
    """One H0STCNT0 record. Prices in won, sizes in shares, times HHMMSS, date YYYYMMDD.

    `aggressor` is CCLD_DVSN: 1 buy, 3 none (an auction), 5 sell. `previous_volume_by_now` is the
    previous day's volume at this time of day; `vi_price` the static reference price.
    """

    symbol: Symbol
    time: str
    date: str
    price: int
    size: int
    aggressor: str
    previous_close: int
    open: int
    high: int
    low: int
    open_time: str
    high_time: str
    low_time: str
    ask_price: int
    bid_price: int
    ask_size: int
    bid_size: int
    total_ask_size: int
    total_bid_size: int
    day_volume: int
    day_value: int
    sell_count: int
    buy_count: int
    sell_volume: int
    buy_volume: int
    vi_price: int
    upper_limit: int = 0
    lower_limit: int = 0
    previous_volume: int = 0
    previous_volume_by_now: int = 0
    listed_shares: int = 0
    session_class: str = REGULAR_SESSION
    is_halted: bool = False
    hour_class: str = "0"
    random_end: str = ""
    market_class: str = "2"


class KisBook(msgspec.Struct, frozen=True, kw_only=True):
    """One H0STASP0 record: ten levels a side, best first, 0 where there is none.

    `indicative_volume` is ANTC_VOL: in an auction as `indicative_size`, afterwards the volume of
    the opening auction. `mid_side`: 0 none, 1 sell, 2 buy.
    """

    symbol: Symbol
    time: str
    hour_class: str
    ask_prices: tuple[int, ...]
    bid_prices: tuple[int, ...]
    ask_sizes: tuple[int, ...]
    bid_sizes: tuple[int, ...]
    total_ask_size: int
    total_bid_size: int
    day_volume: int
    previous_close: int
    indicative_price: int = 0
    indicative_size: int = 0
    indicative_volume: int = 0
    total_ask_change: int = 0
    total_bid_change: int = 0
    upper_limit: int = 0
    lower_limit: int = 0
    overtime_ask_size: int = 0
    overtime_bid_size: int = 0
    overtime_ask_change: int = 0
    overtime_bid_change: int = 0
    deal_class: str = "0"
    mid_price: int = 0
    mid_size: int = 0
    mid_side: str = "0"
    market_class: str = "2"


def format_trade(record: KisTrade, layout: Layout) -> str:
    """Return the record's text: 47 fields, or 46 in the legacy layout."""
    r = record
    price, value, volume = r.price, r.day_value, r.day_volume
    change, sign, rate = _change(price, r.previous_close, r.upper_limit, r.lower_limit)
    since_open, since_high, since_low = price - r.open, price - r.high, price - r.low
    text = (
        f"{r.symbol}^{r.time}^{price}^{sign}^{change}^{rate}"
        f"^{_ratio(value, volume)}^{r.open}^{r.high}^{r.low}^{r.ask_price}^{r.bid_price}^{r.size}"
        f"^{volume}^{value}^{r.sell_count}^{r.buy_count}^{r.buy_count - r.sell_count}"
        f"^{percent(r.buy_volume, r.sell_volume)}^{r.sell_volume}^{r.buy_volume}^{r.aggressor}"
        f"^{_buy_ratio(r.buy_volume, volume)}^{percent(volume, r.previous_volume)}"
        f"^{r.open_time}^{_sign(since_open)}^{since_open}"
        f"^{r.high_time}^{_sign(since_high)}^{since_high}"
        f"^{r.low_time}^{_sign(since_low)}^{since_low}"
        f"^{r.date}^{r.session_class}^{'Y' if r.is_halted else 'N'}^{r.ask_size}^{r.bid_size}"
        f"^{r.total_ask_size}^{r.total_bid_size}^{percent(volume, r.listed_shares)}"
        f"^{r.previous_volume_by_now}^{percent(volume, r.previous_volume_by_now)}"
        f"^{r.hour_class}^{r.random_end}^{r.vi_price}"
    )
    return text if layout is Layout.LEGACY else f"{text}^{r.market_class}"


def format_book(record: KisBook, layout: Layout) -> str:
    """Return the record's text: 63 fields, or 59 in the legacy layout."""
    r = record
    change, sign, rate = _change(r.indicative_price, r.previous_close, r.upper_limit, r.lower_limit)
    text = (
        f"{r.symbol}^{r.time}^{r.hour_class}^{_levels(r.ask_prices)}^{_levels(r.bid_prices)}"
        f"^{_levels(r.ask_sizes)}^{_levels(r.bid_sizes)}"
        f"^{r.total_ask_size}^{r.total_bid_size}"
        f"^{r.overtime_ask_size}^{r.overtime_bid_size}^{r.indicative_price}^{r.indicative_size}"
        f"^{r.indicative_volume}^{change}^{sign}^{rate}"
        f"^{r.day_volume}^{r.total_ask_change}^{r.total_bid_change}^{r.overtime_ask_change}"
        f"^{r.overtime_bid_change}^{r.deal_class}"
    )
    if layout is Layout.LEGACY:
        return text
    return f"{text}^{r.mid_price}^{r.mid_size}^{r.mid_side}^{r.market_class}"


def limit_sign(change: int, price: int, *, upper: int, lower: int) -> str:
    """Return KIS's sign of a change: 1 at the upper limit, 2 up, 3 flat, 4 lower limit, 5 down.

    A limit of 0 is not known, and then never reached.
    """
    if price == upper != 0:
        return "1"
    if price == lower != 0:
        return "4"
    return _sign(change)


@lru_cache(maxsize=_TEXTS_CACHED_MAX)
def _change(price: int, previous_close: int, upper: int, lower: int) -> tuple[int, str, str]:
    """Return a price's change, its sign and its rate: a day has few prices, and many records."""
    change = price - previous_close
    sign = limit_sign(change, price, upper=upper, lower=lower)
    return change, sign, percent(change, previous_close)


@lru_cache(maxsize=_TEXTS_CACHED_MAX)
def _levels(numbers: tuple[int, ...]) -> str:
    """Return ten prices or sizes as text: three in four are those of the book before."""
    # Written as JSON and recut: a third of the time of ten calls of str().
    return _encode(numbers).decode("ascii")[1:-1].replace(",", "^")


def percent(part: int, whole: int) -> str:
    """Return part/whole in percent with two decimals; `0.00` where the whole is 0."""
    return _ratio(100 * part, whole)


def _buy_ratio(buy_volume: int, volume: int) -> str:
    # All recorded values are the fraction rounded up to the next hundredth.
    hundredths = -(-100 * buy_volume // volume) if volume > 0 else 0
    return f"{hundredths // 100}.{hundredths % 100:02d}"


def _sign(change: int) -> str:
    return "2" if change > 0 else "5" if change < 0 else "3"


def _ratio(numerator: int, denominator: int) -> str:
    if denominator <= 0:
        return "0.00"
    hundredths = (200 * abs(numerator) + denominator) // (2 * denominator)
    text = f"{hundredths // 100}.{_TWO_DIGITS[hundredths % 100]}"
    return f"-{text}" if numerator < 0 and hundredths else text
