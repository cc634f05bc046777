"""What an account has at the simulated broker: cash by settlement day, shares, claims on both.

Independent of the OMS on purpose: its ledger is proven against this one, so nothing is shared but
the dated tables. All amounts are whole won.

Rounding (assumed, KIS documents none): commission and each tax are computed on the cumulative
traded amount of one broker order number, each cut down to whole won, and booked as the difference
to what that number had booked before. However an order's fills are split, its costs come out the
same.
"""

from collections.abc import Sequence
from datetime import date

import msgspec

from aipx.model.ids import BrokerOrderNumber, Symbol
from aipx.model.instrument import Instrument, Shares, Won
from aipx.model.order import Side
from aipx.rules.costs import Rate, commission, sell_tax
from aipx.simulator.settings import OpeningHolding


class TradingCosts(msgspec.Struct, frozen=True, kw_only=True):
    """The rates that an instrument's trades of one day pay."""

    commission: Rate
    sell_taxes: tuple[Rate, ...]


def costs_of(instrument: Instrument, day: date) -> TradingCosts:
    """Return the day's rates for an instrument.

    Raises:
        InputError: the rulebook does not cover the day.
    """
    tax = sell_tax(market=instrument.market, kind=instrument.kind, day=day)
    return TradingCosts(
        commission=commission(kind=instrument.kind, day=day),
        sell_taxes=(tax.securities, tax.rural),
    )


class FillBooked(msgspec.Struct, frozen=True, kw_only=True):
    """What one execution moved: the amount traded, and the costs it added to its order."""

    amount: Won
    fee: Won
    tax: Won


class AccountHolding(msgspec.Struct, frozen=True, kw_only=True):
    """Shares of one symbol by trade date, with the trades of today and of the session before.

    A symbol that was sold out stays, at 0, until its sale has settled.
    """

    symbol: Symbol
    quantity: Shares
    cost: Won
    sellable: Shares
    bought_today: Shares
    sold_today: Shares
    bought_before: Shares
    sold_before: Shares


class TradedTotals(msgspec.Struct, frozen=True, kw_only=True):
    """What an account traded in one session, in won."""

    bought: Won = Won(0)
    sold: Won = Won(0)
    fees: Won = Won(0)
    taxes: Won = Won(0)


class _Holding(msgspec.Struct, kw_only=True):
    quantity: int
    cost: int
    locked: int = 0
    bought_today: int = 0
    sold_today: int = 0
    bought_before: int = 0
    sold_before: int = 0
    shown_until: date | None = None
    """Of a symbol that was sold out: the day on which the sale settles."""


class _Claim(msgspec.Struct, kw_only=True):
    """What an order number may still take, and what it has booked."""

    symbol: Symbol
    side: Side
    worst_price: int
    quantity_open: int
    costs: TradingCosts
    amount: int = 0
    fee: int = 0
    tax: int = 0

    @property
    def reserved(self) -> int:
        """Won that the remainder takes at worst: price and the fee still to come."""
        if self.side is Side.SELL or self.quantity_open == 0:
            return 0
        rest = self.worst_price * self.quantity_open
        return rest + _part(self.amount + rest, self.costs.commission) - self.fee


class BrokerAccount:
    """One account's cash and shares. The caller has checked; the account asserts."""

    def __init__(
        self,
        *,
        cash: Won,
        holdings: Sequence[OpeningHolding],
        next_day: date,
        settlement_day: date,
    ) -> None:
        self._opening_cash = cash
        self._opening_settled = cash
        self._next_day = next_day
        self._settlement_day = settlement_day
        self._flow_by_day: dict[date, int] = {}
        self._holdings = {
            each.symbol: _Holding(quantity=each.quantity, cost=each.cost) for each in holdings
        }
        self._claims: dict[BrokerOrderNumber, _Claim] = {}
        self._reserved = 0
        self.bought = Won(0)
        self.sold = Won(0)
        self.fees = Won(0)
        self.taxes = Won(0)
        self.before = TradedTotals()

    def roll(self, *, day: date, next_day: date, settlement_day: date) -> None:
        """Begin `day`: what settles by it is cash, what was traded is yesterday's.

        Open orders ended with the session; what they had set aside comes back.
        """
        self._opening_settled = self.cash_settled
        self._opening_cash = self._cash_on(day)
        self._flow_by_day = {
            settles: flow for settles, flow in self._flow_by_day.items() if settles > day
        }
        self._claims.clear()
        self._reserved = 0
        self._roll_holdings(day)
        self._next_day, self._settlement_day = next_day, settlement_day
        self.before = TradedTotals(
            bought=self.bought, sold=self.sold, fees=self.fees, taxes=self.taxes
        )
        self.bought = self.sold = self.fees = self.taxes = Won(0)

    def _roll_holdings(self, day: date) -> None:
        for symbol, held in list(self._holdings.items()):
            if not held.quantity and held.shown_until is None:
                held.shown_until = self._settlement_day
            if not held.quantity and held.shown_until is not None and held.shown_until < day:
                del self._holdings[symbol]
                continue
            held.locked = 0
            held.bought_before, held.bought_today = held.bought_today, 0
            held.sold_before, held.sold_today = held.sold_today, 0

    @property
    def opening_settled(self) -> Won:
        """Cash as the day began, with all that earlier days' trades will still bring or take."""
        return self._opening_settled

    @property
    def opening_cash(self) -> Won:
        """Settled cash at the day's start; today's trades settle later."""
        return self._opening_cash

    @property
    def cash_next_day(self) -> Won:
        """Cash on the next session (`nxdy_excc_amt`)."""
        return self._cash_on(self._next_day)

    @property
    def cash_settled(self) -> Won:
        """Cash when today's trades have settled, at D+2 (`prvs_rcdl_excc_amt`)."""
        return self._cash_on(self._settlement_day)

    @property
    def orderable_cash(self) -> Won:
        """Cash that a new buy may claim: proceeds of today's sales count, open buys do not."""
        return Won(self.cash_settled - self._reserved)

    @property
    def holdings(self) -> tuple[AccountHolding, ...]:
        """Every symbol held at the start or traded today, in the order of first appearance."""
        return tuple(self.holding(symbol) for symbol in self._holdings)

    def holding(self, symbol: Symbol) -> AccountHolding:
        held = self._holdings.get(symbol) or _Holding(quantity=0, cost=0)
        return AccountHolding(
            symbol=symbol,
            quantity=Shares(held.quantity),
            cost=Won(held.cost),
            sellable=Shares(held.quantity - held.locked),
            bought_today=Shares(held.bought_today),
            sold_today=Shares(held.sold_today),
            bought_before=Shares(held.bought_before),
            sold_before=Shares(held.sold_before),
        )

    def costs_booked(self, number: BrokerOrderNumber) -> tuple[Won, Won]:
        """Return the fee and the tax that an order number has paid so far."""
        claim = self._claims.get(number)
        return (Won(0), Won(0)) if claim is None else (Won(claim.fee), Won(claim.tax))

    def claim(
        self,
        number: BrokerOrderNumber,
        *,
        symbol: Symbol,
        side: Side,
        worst_price: Won,
        quantity: Shares,
        costs: TradingCosts,
    ) -> None:
        """Set aside what an order may take: cash at its worst price, or shares."""
        assert number not in self._claims, "a broker number is given once"
        claim = _Claim(
            symbol=symbol,
            side=side,
            worst_price=worst_price,
            quantity_open=quantity,
            costs=costs,
        )
        self._claims[number] = claim
        self._reserved += claim.reserved
        if side is Side.SELL:
            held = self._holdings[symbol]
            held.locked += quantity
            assert held.locked <= held.quantity, "no more is on sale than is held"

    def freed_by(self, number: BrokerOrderNumber, quantity: Shares) -> int:
        """Return the won (of a buy) or shares (of a sell) that a release would give back."""
        claim = self._claims[number]
        if claim.side is Side.SELL:
            return quantity
        smaller = msgspec.structs.replace(claim, quantity_open=claim.quantity_open - quantity)
        return claim.reserved - smaller.reserved

    def release(self, number: BrokerOrderNumber, quantity: Shares) -> None:
        """Give back what a remainder had set aside: it is off the market."""
        claim = self._claims[number]
        assert 0 <= quantity <= claim.quantity_open, "what is released was open"
        self._reserved -= claim.reserved
        claim.quantity_open -= quantity
        self._reserved += claim.reserved
        if claim.side is Side.SELL:
            self._holdings[claim.symbol].locked -= quantity

    def fill(self, number: BrokerOrderNumber, *, quantity: Shares, price: Won) -> FillBooked:
        """Book one execution: shares by trade date, cash on the settlement day."""
        claim = self._claims[number]
        assert 0 < quantity <= claim.quantity_open, "an exchange fills no more than is open"
        self._reserved -= claim.reserved
        amount = price * quantity
        claim.quantity_open -= quantity
        claim.amount += amount
        booked = _book_costs(claim, amount)
        self._reserved += claim.reserved
        self._move_shares(claim, quantity, amount)
        self._move_cash(claim.side, booked)
        return booked

    def _move_shares(self, claim: _Claim, quantity: int, amount: int) -> None:
        held = self._holdings.setdefault(claim.symbol, _Holding(quantity=0, cost=0))
        if claim.side is Side.BUY:
            held.quantity += quantity
            held.cost += amount
            held.shown_until = None
            held.bought_today += quantity
            return
        # The cost that leaves is the average one; the last share takes what rounding left.
        held.cost -= held.cost * quantity // held.quantity
        held.quantity -= quantity
        held.locked -= quantity
        held.sold_today += quantity

    def _move_cash(self, side: Side, booked: FillBooked) -> None:
        is_buy = side is Side.BUY
        flow = (-booked.amount if is_buy else booked.amount) - booked.fee - booked.tax
        day = self._settlement_day
        self._flow_by_day[day] = self._flow_by_day.get(day, 0) + flow
        self.fees = Won(self.fees + booked.fee)
        self.taxes = Won(self.taxes + booked.tax)
        if is_buy:
            self.bought = Won(self.bought + booked.amount)
        else:
            self.sold = Won(self.sold + booked.amount)

    def _cash_on(self, day: date) -> Won:
        flows = sum(flow for settles, flow in self._flow_by_day.items() if settles <= day)
        return Won(self._opening_cash + flows)


def buy_quantity_max(cash: Won, price: Won, costs: TradingCosts) -> Shares:
    """Return the most shares at `price` that `cash` pays for, commission included."""
    if price <= 0 or cash <= 0:
        return Shares(0)
    rate = costs.commission
    quantity = cash * rate.denominator // (price * (rate.denominator + rate.numerator))
    # The division counts the fee exactly, the books cut it down: one more share may fit.
    while buy_claim(Shares(quantity + 1), price, costs) <= cash:
        quantity += 1
    return Shares(quantity)


def buy_claim(quantity: Shares, price: Won, costs: TradingCosts) -> Won:
    """Return what a buy sets aside: its amount and the commission on it."""
    amount = quantity * price
    return Won(amount + _part(amount, costs.commission))


def _book_costs(claim: _Claim, amount: int) -> FillBooked:
    fee = _part(claim.amount, claim.costs.commission)
    taxes = claim.costs.sell_taxes if claim.side is Side.SELL else ()
    tax = sum(_part(claim.amount, rate) for rate in taxes)
    booked = FillBooked(amount=Won(amount), fee=Won(fee - claim.fee), tax=Won(tax - claim.tax))
    claim.fee, claim.tax = fee, tax
    return booked


def _part(amount: int, rate: Rate) -> int:
    return amount * rate.numerator // rate.denominator
