"""The dated Korean rulebook: pure functions over tables that say from when, and by which source.

Covered: 2010-10-04 to 2026-12-31. A date or class outside a table is an InputError, never a guess.
"""
