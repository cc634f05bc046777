"""KIS's own formats: codes, field layouts, WebSocket frames, notices, REST bodies. No I/O."""
