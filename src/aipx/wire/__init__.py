"""Model to bytes and back: protobuf here, KIS's own formats in `kis/`. No I/O."""
