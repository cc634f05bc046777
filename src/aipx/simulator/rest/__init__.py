"""KIS's REST semantics as functions of (request, wall time); no I/O."""
