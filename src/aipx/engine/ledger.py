"""Cash and holdings of one account by trade date, in whole won and shares."""

import msgspec

from aipx.model.ids import Symbol
from aipx.model.instrument import Shares, Won
from aipx.model.order import BrokerHolding, Side
from aipx.model.portfolio import Position


class Holding(msgspec.Struct, kw_only=True):
    """Shares of one symbol, what was paid for them, and what sales of it earned."""

    quantity: int = 0
    cost: int = 0
    realised_profit: int = 0


class Ledger(msgspec.Struct, kw_only=True):
    """The account's books. `cash` is what is there when all trades so far have settled (D+2)."""

    cash: int = 0
    fees: int = 0
    taxes: int = 0
    bought: int = 0
    sold: int = 0
    holdings: dict[Symbol, Holding] = msgspec.field(default_factory=dict)

    def open(self, cash: Won, holdings: tuple[BrokerHolding, ...]) -> None:
        """Take over what the broker says the account holds."""
        self.cash = cash
        self.holdings = {
            holding.symbol: Holding(quantity=holding.quantity, cost=holding.cost)
            for holding in holdings
            if holding.quantity
        }

    def quantity(self, symbol: Symbol) -> Shares:
        """Return the shares held of a symbol."""
        holding = self.holdings.get(symbol)
        return Shares(0 if holding is None else holding.quantity)

    def trade(self, symbol: Symbol, side: Side, quantity: Shares, amount: Won) -> None:
        """Book shares against won.

        A sale takes cost out in proportion, cut to whole won, so that a position that is sold
        out leaves none. More shares sold than held (an outside trade) leave a negative holding.
        """
        holding = self.holdings.setdefault(symbol, Holding())
        if side is Side.BUY:
            holding.quantity += quantity
            holding.cost += amount
            self.cash -= amount
            self.bought += amount
            return
        held = holding.quantity
        cost = holding.cost * quantity // held if held > 0 else 0
        holding.quantity -= quantity
        holding.cost -= cost
        holding.realised_profit += amount - cost
        self.cash += amount
        self.sold += amount

    def amend(self, symbol: Symbol, side: Side, amount: Won) -> None:
        """Book won without shares: an amount that was corrected afterwards."""
        holding = self.holdings.setdefault(symbol, Holding())
        if side is Side.BUY:
            holding.cost += amount
            self.cash -= amount
            self.bought += amount
        else:
            holding.realised_profit += amount
            self.cash += amount
            self.sold += amount

    def pay(self, *, fee: Won, tax: Won) -> None:
        """Book costs; negative ones give back what was booked too much."""
        self.cash -= fee + tax
        self.fees += fee
        self.taxes += tax

    def positions(self) -> tuple[Position, ...]:
        """Return what is held or was traded, by symbol."""
        return tuple(
            Position(
                symbol=symbol,
                quantity=Shares(holding.quantity),
                cost=Won(holding.cost),
                realised_profit=Won(holding.realised_profit),
            )
            for symbol, holding in sorted(self.holdings.items())
        )
