"""SQLite: the embedded mode's durable storage."""
