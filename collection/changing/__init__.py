"""Changing a collection: the write cycle, and what goes through it."""
