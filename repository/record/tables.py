"""The tables of record.db, as the newest migration leaves them (a test compares the two).

What a page said is kept raw (`sighting.payload`); everything else is found again from it, from the archive and from
the log of fetches. Times are ISO 8601 text in UTC.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

metadata = MetaData()

meta = Table(
    "meta",
    metadata,
    Column("key", String, primary_key=True),
    Column("value", Text, nullable=False),
)

source = Table(
    "source",
    metadata,
    Column("id", String, primary_key=True),
    Column("info", Text, nullable=False),
    Column("same_as", Text, nullable=False),
)

source_state = Table(
    "source_state",
    metadata,
    Column("source_id", String, ForeignKey("source.id"), primary_key=True),
    Column("result", String, nullable=False),
    Column("reason", Text, nullable=False),
    Column("last_run", Integer, nullable=False),
    Column("checked_at", String, nullable=False),
    Column("last_success", String),
    Column("failing_since", String),
    Column("newest", String),
    Column("documents", Integer, nullable=False),
    Column("most_documents", Integer, nullable=False),
    Column("announced", Integer),
    Column("counts", Text, nullable=False),
    Column("left_alone", Text, nullable=False),
    Column("file_troubles", Text),
    Column("list_read", Boolean),
    Column("unchecked", Integer),
    Column("unchecked_since", String),
)

run = Table(
    "run",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("verb", String, nullable=False),
    Column("started", String, nullable=False),
    Column("ended", String),
    Column("status", String),
    Column("report", Text, nullable=False),
)

source_run = Table(
    "source_run",
    metadata,
    Column("run_id", Integer, ForeignKey("run.id"), primary_key=True),
    Column("source_id", String, ForeignKey("source.id"), primary_key=True),
    Column("result", String, nullable=False),
    Column("reason", Text, nullable=False),
    Column("listing_complete", Boolean, nullable=False),
    Column("documents", Integer, nullable=False),
    Column("started", String, nullable=False),
    Column("finished", String, nullable=False),
)

fetch = Table(
    "fetch",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("run_id", Integer, ForeignKey("run.id"), nullable=False),
    Column("source_id", String, nullable=False),
    Column("url", Text, nullable=False),
    Column("final_url", Text, nullable=False),
    Column("fetched_at", String, nullable=False),
    Column("status", Integer),
    Column("error", String),
    Column("media_type", String),
    Column("size", Integer),
    Column("sha256", String),
    Column("seconds", Float),
    Index("fetch_run", "run_id", "source_id"),
)

url_state = Table(
    "url_state",
    metadata,
    Column("url", Text, primary_key=True),
    Column("final_url", Text, nullable=False),
    Column("status", Integer),
    Column("error", String),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("sha256", String),
    Column("media_type", String),
    Column("file_name", Text),
    Column("first_seen", String, nullable=False),
    Column("checked_at", String, nullable=False),
    Column("changed_at", String),
    Column("read_at", String),
)

document = Table(
    "document",
    metadata,
    Column("id", String, primary_key=True),
    Column("source_id", String, ForeignKey("source.id"), nullable=False),
    Column("kind", String, nullable=False),
    Column("origin", String, nullable=False),
    Column("edition", String),
    Column("file_url", Text),
    Column("landing_url", Text),
    Column("title", Text),
    Column("first_seen", String, nullable=False),
    Column("last_seen", String, nullable=False),
    Column("first_run", Integer, nullable=False),
    Column("last_run", Integer, nullable=False),
    Column("availability", String, nullable=False),
    Column("missing_nights", Integer, nullable=False),
    Column("gone_nights", Integer, nullable=False),
    Column("counted_on", String),
    Column("place", Integer),
    Column("rolled_off", Boolean, nullable=False),
    Column("visibility", String, nullable=False),
    Column("held_since", String),
    Column("told", Boolean, nullable=False),
    Column("trouble", String),
    Column("trouble_host", String),
    Index("document_source", "source_id"),
)

document_address = Table(
    "document_address",
    metadata,
    Column("source_id", String, primary_key=True),
    Column("address", Text, primary_key=True),
    Column("edition", String, primary_key=True),
    Column("document_id", String, ForeignKey("document.id"), nullable=False),
    Column("evidence", String, nullable=False),
    Column("first_seen", String, nullable=False),
    Index("document_address_document", "document_id"),
)

document_alias = Table(
    "document_alias",
    metadata,
    Column("alias", String, primary_key=True),
    Column("document_id", String, ForeignKey("document.id"), nullable=False),
    Column("reason", String, nullable=False),
    Index("document_alias_document", "document_id"),
)

version = Table(
    "version",
    metadata,
    Column("document_id", String, ForeignKey("document.id"), primary_key=True),
    Column("sequence", Integer, primary_key=True),
    Column("number", Integer, nullable=False),
    Column("sha256", String, nullable=False),
    Column("text_sha256", String),
    Column("state", String, nullable=False),
    Column("settled", Boolean, nullable=False),
    Column("media_type", String),
    Column("file_name", Text),
    Column("size", Integer, nullable=False),
    Column("first_run", Integer, nullable=False),
    Column("first_seen", String, nullable=False),
    Column("held_since", String),
    Index("version_sha256", "sha256"),
    Index(
        "version_unsettled",
        "document_id",
        sqlite_where=text("settled = 0"),
        postgresql_where=text("NOT settled"),
    ),
)

sighting = Table(
    "sighting",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source_id", String, ForeignKey("source.id"), nullable=False),
    Column("address", Text, nullable=False),
    Column("edition", String, nullable=False),
    Column("listing_url", Text, nullable=False),
    Column("detail_url", Text),
    Column("digest", String, nullable=False),
    Column("payload", Text, nullable=False),
    Column("position", Integer, nullable=False),
    Column("first_run", Integer, nullable=False),
    Column("last_run", Integer, nullable=False),
    Column("first_seen", String, nullable=False),
    Column("last_seen", String, nullable=False),
    Column("page", String),
    UniqueConstraint("source_id", "digest", name="sighting_once"),
    Index("sighting_address", "source_id", "address", "edition"),
    Index("sighting_listing", "source_id", "listing_url"),
    Index("sighting_detail", "source_id", "detail_url"),
)

page = Table(
    "page",
    metadata,
    Column("source_id", String, ForeignKey("source.id"), primary_key=True),
    Column("page", String, primary_key=True),
    Column("leads", Text, nullable=False),
    Column("last_run", Integer, nullable=False),
    Column("asked_run", Integer, nullable=False),
    Column("trouble", String),
)

review_id = Table(
    "review_id",
    metadata,
    Column("id", String, primary_key=True),
    Column("ordinal", Integer, nullable=False, unique=True),
    Column("document_id", String, nullable=False),
    Column("minted", String, nullable=False),
    Index("review_id_document", "document_id"),
)

review_alias = Table(
    "review_alias",
    metadata,
    Column("alias", String, ForeignKey("review_id.id"), primary_key=True),
    Column("review_id", String, ForeignKey("review_id.id"), nullable=False),
)

tombstone = Table(
    "tombstone",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String, nullable=False),
    Column("value", Text, nullable=False),
    Column("source_id", String),
    Column("document_id", String),
    Column("reason", Text, nullable=False),
    Column("at", String, nullable=False),
    Index("tombstone_value", "kind", "value"),
)

event = Table(
    "event",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("run_id", Integer),
    Column("at", String, nullable=False),
    Column("source_id", String, nullable=False),
    Column("document_id", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("count", Integer),
    Column("of", Integer),
    Column("version", Integer),
    Column("was", Text),
    Column("became", Text),
    Index("event_at", "at"),
    Index("event_document", "document_id"),
)
