"""The collection as tables, for who computes with it: one schema, rows of reviews as they may leave, and a module a form."""
