"""Names of things, as types of their own, so that one cannot stand in for another."""

from typing import NewType

Symbol = NewType("Symbol", str)
"""KRX short code, 6 characters, digits or (in 2 % of the codes) letters: `005930`, `0001A0`."""

AccountId = NewType("AccountId", str)
"""KIS account: 8 digits of CANO and 2 of the product code, written `12345678-01`."""

StrategyId = NewType("StrategyId", str)
"""One running strategy; the key of `trading-signals`."""

ClientOrderId = NewType("ClientOrderId", str)
"""The client's name of a wish: idempotent for ever within the account, 1-64 characters."""

OrderId = NewType("OrderId", str)
"""The OMS's own name of an order, derived from account and sequence number."""

BrokerOrderNumber = NewType("BrokerOrderNumber", str)
"""KIS's ODNO: 10 digits, zero-padded, unique per day and organisation."""

Sequence = NewType("Sequence", int)
"""Place of an event in its account's journal, from 1, without holes."""
