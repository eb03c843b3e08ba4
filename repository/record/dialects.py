"""What SQLite and PostgreSQL say differently: rows put in place of others, an engine's transactions, columns and indexes.

PostgreSQL is a home's record where its config.toml names a server (`casereviews.repository.stores`); a folder's files are SQLite.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, Table, create_engine, event
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import ExceptionContext

from casereviews.repository.home import Home
from casereviews.repository.servers import postgresql
from casereviews.repository.stores import RecordServer

if TYPE_CHECKING:
    import psycopg

Values = Mapping[str, Any]


def add_unless_known(c: Connection, table: Table, values: Values) -> bool:
    """Add a row unless one with its key is there; False when that is so."""
    statement = _insert(c, table).values(values).on_conflict_do_nothing()
    return c.execute(statement.execution_options(preserve_rowcount=True)).rowcount > 0


def put(c: Connection, table: Table, rows: Values | Sequence[Values]) -> None:
    """Add rows, each in place of what is there with its primary key; all have the same columns."""
    columns = rows if isinstance(rows, Mapping) else rows[0]
    insert = _insert(c, table)
    keys = list(table.primary_key.columns)
    new = {name: insert.excluded[name] for name in columns if not table.columns[name].primary_key}
    c.execute(insert.on_conflict_do_update(index_elements=keys, set_=new), rows)


def _insert(c: Connection, table: Table) -> Any:
    if c.dialect.name == "sqlite":
        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql  # not for those whose record is a file

    return postgresql.insert(table)


def engine_on(
    server: RecordServer, home: Home, schema: str, first: psycopg.Connection, *, write: bool
) -> Engine:
    """An engine over a schema of a server, whose `first` connection is made; what its driver says of trouble is raised as RecordServerError or HomeDamaged.

    A reader's transaction sees one moment and cannot write. A writer's waits until no other writes to the schema, as on SQLite, and is
    refused (HomeLocked) when its run no longer holds the home's lock.
    """
    lease = _lease_of(home) if write else None

    at_hand = [first]

    def connection() -> Any:
        made = at_hand.pop() if at_hand else postgresql.connect(server, schema=schema)
        made.autocommit = False
        if not write:
            import psycopg

            made.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            made.read_only = True
        return made

    def tell(context: ExceptionContext) -> None:
        trouble = postgresql.trouble_of(server, context.original_exception)
        if trouble is not None and not context.is_pre_ping:
            raise trouble from context.original_exception

    def let_go(_engine: Engine) -> None:
        while at_hand:
            at_hand.pop().close()

    def begin(connection: Connection) -> None:
        postgresql.wait_to_write(connection.exec_driver_sql, server, schema)
        if lease is not None:
            postgresql.refuse_lost(connection.exec_driver_sql, server, lease)

    # A connection that idled too long is asked first whether it is still there: a web server stands for weeks.
    engine = create_engine(
        "postgresql+psycopg://",
        creator=connection,
        pool_pre_ping=True,
        use_native_hstore=False,
        execution_options={"server": server, "schema": schema},
    )
    event.listen(engine, "handle_error", tell)
    event.listen(engine, "engine_disposed", let_go)
    if write:
        event.listen(engine, "begin", begin)
    return engine


def _lease_of(home: Home) -> postgresql.Lease | None:
    """Under which this process writes: that of whoever holds the home's lock, itself or its parent."""
    from casereviews.repository.lock import read_holder

    holder = read_holder(home)
    return None if holder is None else postgresql.Lease.read(holder.lease)


def settle(c: Connection) -> None:
    """Make the tables of a schema keep what SQLite's do, in its order; for after a migration, in the same transaction. Nothing on SQLite.

    Text is compared by its letters' numbers, whatever the database's language. The server keeps no samples of texts and addresses
    (pg_stats), where a withdrawn name would stay, and does not compress them, so that what is left of one is found. Its ordinary
    indexes refuse addresses of more than some 2,700 bytes: those are indexed by digests.
    """
    if c.dialect.name != "postgresql":
        return
    columns = c.exec_driver_sql(
        "SELECT t.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attcollation = 'pg_catalog.\"C\"'::regcollation, "
        "a.attstattarget = 0 FROM pg_attribute a JOIN pg_class t ON t.oid = a.attrelid "
        "WHERE t.relnamespace = current_schema()::regnamespace AND t.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped "
        "AND t.relname NOT IN ('home', 'alembic_version') AND a.atttypid IN ('text'::regtype, 'varchar'::regtype, 'bytea'::regtype) "
        "ORDER BY 1, a.attnum"
    ).all()
    for table, column, kind, plain, unsampled in columns:
        alter = f'ALTER TABLE "{table}" ALTER COLUMN "{column}"'
        if kind != "bytea" and not plain:
            c.exec_driver_sql(f'{alter} TYPE {kind} COLLATE "C"')
        if kind != "character varying" and not unsampled:
            c.exec_driver_sql(f"{alter} SET STATISTICS 0")
            c.exec_driver_sql(f"{alter} SET STORAGE EXTERNAL")
    if any(table == "url_state" for table, *_ in columns):
        for statement in _LONG_KEYS:
            c.exec_driver_sql(statement)


_LONG_KEYS = (
    "ALTER TABLE url_state DROP CONSTRAINT IF EXISTS url_state_pkey",
    "CREATE UNIQUE INDEX IF NOT EXISTS url_state_once ON url_state (md5(url))",
    "CREATE INDEX IF NOT EXISTS url_state_url ON url_state USING hash (url)",
    "ALTER TABLE document_address DROP CONSTRAINT IF EXISTS document_address_pkey",
    "CREATE UNIQUE INDEX IF NOT EXISTS document_address_once ON document_address (source_id, md5(address), edition)",
    "CREATE INDEX IF NOT EXISTS document_address_address ON document_address USING hash (address)",
    "DROP INDEX IF EXISTS sighting_address",
    "CREATE INDEX IF NOT EXISTS sighting_by_address ON sighting USING hash (address)",
    "DROP INDEX IF EXISTS sighting_listing",
    "CREATE INDEX IF NOT EXISTS sighting_by_listing ON sighting USING hash (listing_url)",
    "DROP INDEX IF EXISTS sighting_detail",
    "CREATE INDEX IF NOT EXISTS sighting_by_detail ON sighting USING hash (detail_url)",
)


def drop_all(c: Connection) -> None:
    """Drop what stands in a server's schema, for tables of another number; a file is deleted instead."""
    if c.dialect.name == "postgresql":
        found = c.exec_driver_sql(
            "SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace "
            "AND relkind = 'r' AND relname <> 'home'"
        ).scalars()
        for name in found.all():
            c.exec_driver_sql(f'DROP TABLE "{name}" CASCADE')


def put_number(c: Connection, number: int) -> None:
    """Write down which tables a derived database has."""
    if c.dialect.name == "postgresql":
        c.exec_driver_sql("UPDATE home SET tables = %s", (number,))
    else:
        c.exec_driver_sql(f"PRAGMA user_version={number}")


def count_on(c: Connection, tables: Sequence[Table]) -> None:
    """Have the numbers that a server gives to new rows go on after those that were copied in. Nothing on SQLite, which looks."""
    if c.dialect.name != "postgresql":
        return
    for table in tables:
        column = table.autoincrement_column
        if column is not None:
            sequence = f"pg_get_serial_sequence('\"{table.name}\"', '{column.name}')"
            c.exec_driver_sql(
                f'SELECT setval({sequence}, (SELECT coalesce(max("{column.name}"), 0) + 1 FROM "{table.name}"), false) '
                f"WHERE {sequence} IS NOT NULL"
            )
