"""The tables of derived.db: readings by hash, descriptions and published fields by document, reviews by member."""

from __future__ import annotations

from sqlalchemy import Column, Float, Integer, LargeBinary, MetaData, String, Table, Text

SCHEMA = 3
"""Raise it when a table below changes: older files are then made again."""

metadata = MetaData()

reading = Table(
    "reading",
    metadata,
    Column("sha256", String, primary_key=True),
    Column("status", String, nullable=False),
    Column("media_type", String, nullable=False),
    Column("detail", Text, nullable=False),
    Column("language", String),
    Column("text_sha256", String),
    Column("reader", String, nullable=False),
    Column("title", Text),
    Column("seconds", Float, nullable=False),
    Column("pages", Integer, nullable=False),
)

page = Table(
    "page",
    metadata,
    Column("sha256", String, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("body", LargeBinary, nullable=False),
)

# What follows is for the writer alone: it is made in files of before, and no reader asks for it.
web_text = Table(
    "web_text",
    metadata,
    Column("sha256", String, primary_key=True),
    Column("body", LargeBinary, nullable=False),
    Column("left_out", LargeBinary),
)

# One row: of which web pages the repeated parts were found.
compared = Table(
    "compared",
    metadata,
    Column("only", Integer, primary_key=True),
    Column("digest", String, nullable=False),
)

# Where recognition found the lines of scans; files of before have none, and readers ask whether it is there.
recognised_lines = Table(
    "recognised_lines",
    metadata,
    Column("sha256", String, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("body", LargeBinary, nullable=False),
)

description = Table(
    "description",
    metadata,
    Column("document_id", String, primary_key=True),
    Column("sha256", String),
    Column("input_digest", String, nullable=False),
    Column("describer", String, nullable=False),
    Column("error", Text),
    Column("body", LargeBinary, nullable=False),
    Column("grouping", LargeBinary),
)

published_fields = Table(
    "document_view",
    metadata,
    Column("document_id", String, primary_key=True),
    Column("review_id", String, nullable=False, index=True),
    Column("digest", String, nullable=False),
    Column("row_digest", String, nullable=False),
    Column("fields", LargeBinary, nullable=False),
)

member = Table(
    "review_member",
    metadata,
    Column("document_id", String, primary_key=True),
    Column("review_id", String, nullable=False, index=True),
    Column("reason", Text, nullable=False),
)

# One row: how many documents tell of each theme; files of before have none, and readers ask whether it is there.
theme_shares = Table(
    "theme_shares",
    metadata,
    Column("only", Integer, primary_key=True),
    Column("body", LargeBinary, nullable=False),
)

# One row: of which descriptions and which joining corrections the groups were made.
grouped = Table(
    "grouped",
    metadata,
    Column("only", Integer, primary_key=True),
    Column("digest", String, nullable=False),
)
