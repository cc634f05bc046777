"""Benchmarks: each module with a `measure()` is one; `python -m benchmarks.run` runs them."""
