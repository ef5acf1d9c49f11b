"""Một Cửa: wiring of the project."""
