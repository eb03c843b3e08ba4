"""Builds and searches the full-text index; disposable, made again from the repository at any time."""
