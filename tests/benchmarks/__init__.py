"""Measurements, run by hand: each measures its floor in the same run and prints a ratio. No test asserts a time."""
