"""Adapters that keep everything in the process: the embedded mode's bus and cache."""
