"""Pure machines: books, matching, bars, indicators, orders, risk, ledger. No I/O, no clock."""
