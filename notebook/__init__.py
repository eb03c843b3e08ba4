"""A collection in notebooks and in programs that compute: records, data frames, tables with links to the served pages."""
