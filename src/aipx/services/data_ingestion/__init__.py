"""Data ingestion: owns the broker's session, and puts what it says on the bus."""
