"""Where a home keeps its record, its archive and its index: in its folder, unless `config.toml` names a server for it.

    [stores]
    record = "postgresql://casereviews@db.example.org/casereviews"   # extra [postgresql]
    archive = "s3://reviews/archive"                                  # extra [s3]
    index = ["https://search1.example.org:9200", "https://search2.example.org:9200"]   # extra [opensearch]

Users stand in the addresses, secrets never do: they come from the environment and are in no message.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from casereviews.repository.errors import TomlError
from casereviews.repository.home import Home

TABLE = "stores"
RECORD_PASSWORD = "CASEREVIEWS_RECORD_PASSWORD"
INDEX_PASSWORD = "CASEREVIEWS_INDEX_PASSWORD"
"""Environment variables. Of S3 the keys are where its libraries look for them: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY..."""

PREFIX = "casereviews"
"""Of the names of schemas and indexes, where the config says no other: several homes may share a server."""
ARRIVING = "index-arriving"
"""The folder of what stands beside an index on a cluster, while a home is moved there."""
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
NAMES = {
    "record": {"record", "record_schema", "record_ca", "record_keeps_deleted"},
    "archive": {
        "archive",
        "archive_endpoint",
        "archive_region",
        "archive_ca",
        "archive_keeps_deleted",
    },
    "index": {"index", "index_prefix", "index_ca", "index_replicas", "index_timeout"},
}
"""The stores, and the names of the lines that speak of each."""


@dataclass(frozen=True, slots=True)
class RecordServer:
    """PostgreSQL: `url` without a password, the `schema` that holds the tables, and the file of the authority that signed its certificate.

    `keeps_deleted` is its operator's word for how many days dumps and backups of it hold what was deleted; None when nothing was said.
    """

    url: str
    schema: str = PREFIX
    ca: Path | None = None
    keeps_deleted: int | None = None

    @property
    def password(self) -> str | None:
        """From the environment; None leaves it to libpq (~/.pgpass, peer)."""
        return os.environ.get(RECORD_PASSWORD)


@dataclass(frozen=True, slots=True)
class ArchiveServer:
    """A bucket of an S3 server: `prefix` stands before each key, "" for none; `endpoint` None is that of the library.

    `keeps_deleted` is its operator's word for how many days disks, copies and backups of it hold what was deleted; None when nothing was said.
    """

    bucket: str
    prefix: str = ""
    endpoint: str | None = None
    region: str | None = None
    ca: Path | None = None
    keeps_deleted: int | None = None


@dataclass(frozen=True, slots=True)
class IndexServer:
    """An OpenSearch cluster: addresses of its `nodes` without users, the `user` (None: no sign-on), the `prefix` of its indexes.

    `replicas` are copies of each part beside the first; `timeout` is how many seconds an answer may take.
    """

    nodes: tuple[str, ...]
    user: str | None = None
    prefix: str = PREFIX
    ca: Path | None = None
    replicas: int = 1
    timeout: float = 10.0

    @property
    def password(self) -> str | None:
        """From the environment."""
        return os.environ.get(INDEX_PASSWORD)


@dataclass(frozen=True, slots=True)
class Stores:
    """The servers of a home; None is what lies in its folder."""

    record: RecordServer | None = None
    archive: ArchiveServer | None = None
    index: IndexServer | None = None

    @classmethod
    def of(cls, home: Home) -> Stores:
        """What the home's config.toml says. Raises TomlError, with what to write, when a store is named wrongly."""
        if isinstance(home, HomeAt):
            return home.stores
        if not home.may_name_servers:
            return _IN_THE_FOLDER
        from casereviews.repository.toml_files import read_toml

        said = read_toml(home.config_toml).get(TABLE)
        return _IN_THE_FOLDER if said is None else cls.said(home.config_toml, said)

    @classmethod
    def said(cls, path: Path, table: Any) -> Stores:
        """What a table [stores] says that stands in the file `path`. Raises TomlError."""
        return _Reader(path, table).stores()

    def store(self, name: str) -> RecordServer | ArchiveServer | IndexServer | None:
        """The server of one of NAMES; None when it is in the folder."""
        return {"record": self.record, "archive": self.archive, "index": self.index}[name]


_IN_THE_FOLDER = Stores()


@dataclass(frozen=True, slots=True)
class HomeAt(Home):
    """A home as it would be with other stores than its config.toml names: while it is moved there, and to reach a place that it left."""

    stores: Stores = _IN_THE_FOLDER

    @property
    def may_name_servers(self) -> bool:
        return True

    @property
    def index(self) -> Path:
        """Beside that of the home: what a cluster leaves in a folder (`casereviews.index.folder.beside`) does not take its place yet."""
        return self.root / (ARRIVING if self.stores.index else "index")


@dataclass(slots=True)
class _Reader:
    path: Path
    said: Any
    known: set[str] = field(default_factory=lambda: set().union(*NAMES.values()))

    def stores(self) -> Stores:
        if not isinstance(self.said, Mapping):
            raise self._wrong(f"write the servers under a line [{TABLE}]")
        for name in self.said:
            if name not in self.known:
                raise self._wrong(f"{name!r} is not known: {', '.join(sorted(self.known))}")
        for store, names in NAMES.items():
            if store not in self.said and (alone := sorted(names & self.said.keys())):
                raise self._wrong(f"{alone[0]} says more of {store!r}, which is not said")
        return Stores(
            self._record() if "record" in self.said else None,
            self._archive() if "archive" in self.said else None,
            self._index() if "index" in self.said else None,
        )

    def _record(self) -> RecordServer:
        url = self._text("record")
        parts = urlsplit(url)
        if parts.scheme not in ("postgresql", "postgres") or len(parts.path) < 2:
            raise self._wrong('write record = "postgresql://USER@HOST/DATABASE"')
        self._no_password("record", parts.password, RECORD_PASSWORD)
        if re.search(r"(^|&)password=", parts.query):
            self._no_password("record", "told", RECORD_PASSWORD)
        return RecordServer(
            url, self._name("record_schema"), self._file("record_ca"), self._days("record")
        )

    def _archive(self) -> ArchiveServer:
        parts = urlsplit(self._text("archive"))
        if parts.scheme != "s3" or not _BUCKET.fullmatch(parts.netloc):
            raise self._wrong('write archive = "s3://BUCKET" or "s3://BUCKET/PREFIX"')
        endpoint = self._text("archive_endpoint") if "archive_endpoint" in self.said else None
        if endpoint is not None:
            at = urlsplit(endpoint)
            if at.scheme not in ("http", "https") or not at.hostname:
                raise self._wrong('write archive_endpoint = "https://HOST:PORT"')
            self._no_password("archive_endpoint", at.password, "AWS_SECRET_ACCESS_KEY")
        region = self._text("archive_region") if "archive_region" in self.said else None
        prefix = parts.path.strip("/")
        return ArchiveServer(
            parts.netloc,
            f"{prefix}/" if prefix else "",
            endpoint,
            region,
            self._file("archive_ca"),
            self._days("archive"),
        )

    def _index(self) -> IndexServer:
        said = self.said["index"]
        named = [said] if isinstance(said, str) else said
        if not isinstance(named, list) or not named or not all(isinstance(x, str) for x in named):
            raise self._wrong('write index = ["https://HOST:9200", ...]')
        nodes, users = [], set()
        for one in named:
            parts = urlsplit(one)
            if parts.scheme not in ("http", "https") or not parts.hostname:
                raise self._wrong('write index = ["https://HOST:9200", ...]')
            self._no_password("index", parts.password, INDEX_PASSWORD)
            users.add(unquote(parts.username) if parts.username else None)
            nodes.append(parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl())
        if len(users) > 1:
            raise self._wrong("name one user for all nodes of the index")
        replicas = self.said.get("index_replicas", 1)
        if not isinstance(replicas, int) or isinstance(replicas, bool) or replicas < 0:
            raise self._wrong("write index_replicas = 0, 1, 2...")
        timeout = self.said.get("index_timeout", 10.0)
        if isinstance(timeout, bool) or not isinstance(timeout, int | float) or timeout <= 0:
            raise self._wrong("write index_timeout = 10 (seconds)")
        return IndexServer(
            tuple(nodes),
            users.pop(),
            self._name("index_prefix"),
            self._file("index_ca"),
            replicas,
            float(timeout),
        )

    def _days(self, store: str) -> int | None:
        days = self.said.get(f"{store}_keeps_deleted")
        if days is not None and (not isinstance(days, int) or isinstance(days, bool) or days < 0):
            raise self._wrong(f"write {store}_keeps_deleted = 7 (days)")
        return days

    def _text(self, name: str) -> str:
        value = self.said[name]
        if not isinstance(value, str) or not value or not value.isprintable():
            raise self._wrong(f'write {name} = "..." with a text in one line')
        return value

    def _name(self, name: str) -> str:
        if name not in self.said:
            return PREFIX
        value = self._text(name)
        if not _NAME.fullmatch(value):
            raise self._wrong(f"{name} has small letters, digits and _ only, 40 at most")
        return value

    def _file(self, name: str) -> Path | None:
        if name not in self.said:
            return None
        path = self.path.parent / Path(self._text(name)).expanduser()
        if not path.is_file():
            raise self._wrong(f"{name} names {path}, which is no file")
        return path

    def _no_password(self, name: str, password: str | None, variable: str) -> None:
        if password is not None:
            raise self._wrong(f"take the password out of {name}, and give it by {variable}")

    def _wrong(self, what: str) -> TomlError:
        return TomlError(f"{self.path}, [{TABLE}]: {what}")
