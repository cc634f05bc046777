"""What KIS checks of an order before it takes it, in its order, with its codes.

Codes of the real and the paper system differ. Where KIS's code is not known (unknown symbol on
paper, limit price, quantity 0, unsupported kind), the choice here is assumed: a client may rely on
`rt_cd` being no "0", not on the code.
"""

from datetime import date

import msgspec

from aipx.model.ids import Symbol
from aipx.model.instrument import Shares, Venue, Won
from aipx.model.market import TradingPhase
from aipx.model.order import OrderKind, Side
from aipx.model.time import Nanos
from aipx.rules.kinds import kinds_allowed
from aipx.rules.sessions import Session
from aipx.rules.ticks import is_on_tick
from aipx.simulator.exchange import Listing
from aipx.simulator.rest.envelope import Rejection, bad_field

_AUCTIONS = frozenset(
    {
        TradingPhase.OPENING_AUCTION,
        TradingPhase.VOLATILITY_AUCTION,
        TradingPhase.CLOSING_AUCTION,
    }
)


class OrderTerms(msgspec.Struct, frozen=True, kw_only=True):
    """What a client asks for; prices are 0 for kinds that carry none."""

    symbol: Symbol
    side: Side
    kind: OrderKind
    quantity: Shares
    price: Won
    trigger_price: Won = Won(0)


class _Reason(msgspec.Struct, frozen=True, kw_only=True):
    """One reason to refuse, as each of the two systems says it."""

    real: Rejection
    paper: Rejection

    def of(self, *, is_paper: bool) -> Rejection:
        return self.paper if is_paper else self.real


def _reason(real: tuple[str, str], paper: tuple[str, str], *, real_result: str = "1") -> _Reason:
    return _Reason(
        real=Rejection(code=real[0], message=real[1], result=real_result),
        paper=Rejection(code=paper[0], message=paper[1]),
    )


_HOURS = ("APBK0918", "장운영시간이 아닙니다.(주문불가)")
UNKNOWN_SYMBOL = _reason(
    ("APBK0656", "해당종목정보가 없습니다."),
    ("40310000", "모의투자 주문처리가 안되었습니다(매매불가 종목)"),
)
BEFORE_OPEN = _reason(_HOURS, ("40570000", "모의투자 장시작전 입니다."))
AFTER_CLOSE = _reason(_HOURS, ("40580000", "모의투자 장종료 입니다."))
AUCTION_KIND = _reason(
    (
        "APBK3013",
        "[단일가매매] 지정가 주문(신규/정정/취소) 및 최유리/최우선 취소 주문만 가능합니다",
    ),
    ("40580000", "모의투자 주문처리가 안되었습니다(호가유형 오류)"),
)
KIND_NOW = _reason(_HOURS, ("40580000", "모의투자 주문처리가 안되었습니다(호가유형 오류)"))
HALTED = _reason(
    ("APBK0634", "거래정지종목으로 주문이 불가합니다."),
    ("40310000", "모의투자 주문처리가 안되었습니다(매매불가 종목)"),
)
OFF_TICK = _reason(
    ("40030000", "주문처리가 안되었습니다(호가단위 오류)"),
    ("40030000", "모의투자 주문처리가 안되었습니다(호가단위 오류)"),
)
OUTSIDE_LIMITS = _reason(
    ("40270000", "주문처리가 안되었습니다(상/하한가 오류)"),
    ("40270000", "모의투자 주문처리가 안되었습니다(상/하한가 오류)"),
)
CASH_SHORT = _reason(
    ("APBK0952", "주문가능금액을 초과 했습니다"),
    ("40250000", "모의투자 주문가능금액이 부족합니다."),
    real_result="7",
)
SHARES_SHORT = _reason(
    ("APBK0400", "주문 가능한 수량을 초과했습니다."),
    ("40240000", "모의투자 잔고내역이 없습니다."),
    real_result="7",
)
NOTHING_TO_CHANGE = _reason(
    ("IGW00022", "원주문번호가 잘못되었거나 처리할 수 없는 주문입니다."),
    ("40330000", "모의투자 정정/취소할 수량이 없습니다."),
)


def check_hours(session: Session, now: Nanos, *, is_paper: bool) -> Rejection | None:
    """Check that the market takes requests at all; paper takes none before the open."""
    opens = session.open if is_paper else session.opening_auction_start
    if now < opens:
        return BEFORE_OPEN.of(is_paper=is_paper)
    if now >= session.close:
        return AFTER_CLOSE.of(is_paper=is_paper)
    return None


def check_terms(
    terms: OrderTerms,
    listing: Listing | None,
    *,
    session: Session,
    phase: TradingPhase,
    is_halted: bool,
    now: Nanos,
    is_paper: bool,
) -> Rejection | None:
    """Check all that does not depend on the account; `phase` is the symbol's own."""
    if listing is None:
        return UNKNOWN_SYMBOL.of(is_paper=is_paper)
    if terms.quantity < 1:
        return bad_field("ORD_QTY")
    rejection = check_hours(session, now, is_paper=is_paper)
    if rejection:
        return rejection
    if is_halted:
        return HALTED.of(is_paper=is_paper)
    allowed = kinds_allowed(
        venue=Venue.KRX,
        phase=phase,
        day=session.day,
        instrument=listing.instrument.kind,
        is_paper=is_paper,
    )
    if terms.kind not in allowed:
        reason = AUCTION_KIND if phase in _AUCTIONS else KIND_NOW
        return reason.of(is_paper=is_paper)
    return _check_price(terms, listing, day=session.day, is_paper=is_paper)


def worst_price(terms: OrderTerms, listing: Listing) -> Won:
    """Return what a share may cost at most: the limit, or the day's upper limit where none holds.

    That a conditional order is claimed at the upper limit, for the auction may take it there, is
    assumed.
    """
    return terms.price if terms.kind.is_held_to_price else listing.limits.upper


def _check_price(
    terms: OrderTerms, listing: Listing, *, day: date, is_paper: bool
) -> Rejection | None:
    prices = {"ORD_UNPR": terms.price} if terms.kind.is_priced else {}
    if terms.kind is OrderKind.STOP_LIMIT:
        prices["CNDT_PRIC"] = terms.trigger_price
    instrument, limits = listing.instrument, listing.limits
    for field, price in prices.items():
        if price < 1:
            return bad_field(field)
        if not is_on_tick(price, market=instrument.market, kind=instrument.kind, day=day):
            return OFF_TICK.of(is_paper=is_paper)
        if not limits.lower <= price <= limits.upper:
            return OUTSIDE_LIMITS.of(is_paper=is_paper)
    return None
