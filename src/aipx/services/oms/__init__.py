"""The order management system: one account, one writer, journal before act."""
