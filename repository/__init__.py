"""Holds what was published with its provenance, reads it into pages of text, and describes it."""
