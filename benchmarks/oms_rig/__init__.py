"""What the OMS's benchmarks share: its process, a bare one beside it, KIS, and their client."""
