"""Doors of officials: the queue, the case page, and everything done there."""
