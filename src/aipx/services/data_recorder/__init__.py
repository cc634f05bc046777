"""Writes market data and order events to the lake, and nothing else."""
