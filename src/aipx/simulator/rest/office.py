"""What every endpoint works on, and the request as an endpoint sees it."""

from collections.abc import Callable, Mapping, Sequence

import msgspec

from aipx.model.ids import AccountId, Symbol
from aipx.model.time import Nanos
from aipx.rules.sessions import Session
from aipx.simulator.accounts import BrokerAccount, TradingCosts
from aipx.simulator.company import Company
from aipx.simulator.desk import OrderDesk
from aipx.simulator.exchange import DailyBar, Exchange, Listing
from aipx.simulator.faults import FaultPlan
from aipx.simulator.orders import OrderLedger, PastOrders
from aipx.simulator.rest.envelope import Rejection, bad_field, bad_length, gateway
from aipx.simulator.rest.past import Pasts
from aipx.simulator.settings import SimulatorSettings
from aipx.simulator.tape import Tape

DailyHistory = Callable[[Symbol], Sequence[DailyBar]]
"""Gives a symbol's bars before the simulated day, oldest first."""


class Office(msgspec.Struct, frozen=True, kw_only=True):
    """The broker behind the endpoints."""

    settings: SimulatorSettings
    session: Session
    exchange: Exchange
    listings: Mapping[Symbol, Listing]
    accounts: Mapping[AccountId, BrokerAccount]
    costs: Mapping[Symbol, TradingCosts]
    ledger: OrderLedger
    past: PastOrders
    desk: OrderDesk
    tape: Tape
    history: DailyHistory
    faults: FaultPlan
    companies: Mapping[Symbol, Company]
    pasts: Pasts


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """A request that passed the gate. Field names are upper case, whatever was sent."""

    tr_id: str
    fields: Mapping[str, str]
    is_continued: bool
    at: Nanos

    def text(self, name: str) -> str:
        return self.fields.get(name, "").strip()


def account_of(office: Office, call: Call) -> AccountId | Rejection:
    """Return the account that a call names, if it is one of this broker's."""
    cano, product = call.text("CANO"), call.text("ACNT_PRDT_CD")
    account = AccountId(f"{cano}-{product}")
    return account if account in office.accounts else gateway("OPSQ2000", status=200)


def whole(call: Call, name: str, *, digits_max: int, default: str = "") -> int | Rejection:
    """Read a field that holds a whole number, zero or more."""
    text = call.text(name) or default
    if len(text) > digits_max:
        return bad_length(name)
    if not (text.isascii() and text.isdigit()):
        return bad_field(name)
    return int(text)


def listing_of(office: Office, name: str) -> Listing | None:
    """Return the listing of a symbol as a client wrote it."""
    return office.listings.get(Symbol(name.strip()))
