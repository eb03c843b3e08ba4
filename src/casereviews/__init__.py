"""Collects the case reviews that UK safeguarding bodies publish, keeps them, and searches their full text by page."""
