"""Nights of twelve small sites with a moved clock, and what must follow from them: `python -m benchmarks.nights400`."""
