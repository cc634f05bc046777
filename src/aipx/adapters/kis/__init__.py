"""The KIS client: access, REST broker and WebSocket feed, on the transports of ports."""
