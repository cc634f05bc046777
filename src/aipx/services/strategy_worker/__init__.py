"""The strategy worker: runs strategies on the bus, and carries their wishes to the OMS."""
