"""What an account holds, as the ledger sees it."""

import msgspec

from aipx.model.ids import Symbol
from aipx.model.instrument import Shares, Won


class Position(msgspec.Struct, frozen=True, kw_only=True):
    """Shares of one symbol by trade date; `cost` is the amount paid for what is held."""

    symbol: Symbol
    quantity: Shares
    cost: Won
    realised_profit: Won
    """Sales less the cost of what was sold, before fees and taxes."""
