"""What config.toml says of servers, and what is refused with the way to say it."""

from __future__ import annotations

from pathlib import Path

import pytest

from casereviews.repository.errors import TomlError
from casereviews.repository.home import Home
from casereviews.repository.left_behind import LeftBehind
from casereviews.repository.stores import Stores

SECRET = "verysecret"


def stores(tmp_path: Path, said: str) -> Stores:
    (tmp_path / "config.toml").write_text(said, encoding="utf-8")
    return Stores.of(Home(tmp_path))


def test_a_home_without_a_word_of_it_keeps_all_in_its_folder(tmp_path: Path) -> None:
    assert Stores.of(Home(tmp_path)) == Stores()
    assert stores(tmp_path, 'contact = "a@example.org"\n') == Stores()


def test_each_store_is_read_with_its_details(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("x", encoding="utf-8")
    found = stores(
        tmp_path,
        """
[stores]
record = "postgresql://reviews@db.example.org/reviews"
record_schema = "county"
record_ca = "ca.pem"
record_keeps_deleted = 14
archive = "s3://reviews/kept/files/"
archive_endpoint = "https://s3.example.org"
archive_region = "eu-west-2"
archive_keeps_deleted = 30
index = ["https://writer%40county@one.example.org:9200", "https://writer%40county@two.example.org:9200"]
index_prefix = "county"
index_ca = "ca.pem"
index_replicas = 2
index_timeout = 3
""",
    )
    assert found.record
    assert found.archive
    assert found.index
    assert found.record.schema == "county"
    assert found.record.keeps_deleted == 14
    assert found.record.ca == tmp_path / "ca.pem"
    assert (found.archive.bucket, found.archive.prefix) == ("reviews", "kept/files/")
    assert (found.archive.endpoint, found.archive.region) == (
        "https://s3.example.org",
        "eu-west-2",
    )
    assert found.archive.keeps_deleted == 30
    assert found.index.nodes == ("https://one.example.org:9200", "https://two.example.org:9200")
    assert found.index.user == "writer@county"
    assert (found.index.prefix, found.index.replicas, found.index.timeout) == ("county", 2, 3.0)


def test_secrets_come_from_the_environment_and_are_in_no_form_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CASEREVIEWS_RECORD_PASSWORD", SECRET)
    monkeypatch.setenv("CASEREVIEWS_INDEX_PASSWORD", SECRET)
    said = '[stores]\nrecord = "postgresql://a@127.0.0.1/r"\nindex = "http://127.0.0.1:9200"\n'
    found = stores(tmp_path, said)
    assert found.record
    assert found.record.password == SECRET
    assert found.index
    assert found.index.password == SECRET
    assert SECRET not in repr(found)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (
            '[stores]\narchive = "s3://abc"\narchive_keeps_deleted = "a week"',
            "archive_keeps_deleted = 7 (days)",
        ),
        ('stores = "all"', "under a line [stores]"),
        ('[stores]\nrecords = "x"', "'records' is not known"),
        ('[stores]\nindex_prefix = "x"', "says more of 'index', which is not said"),
        ('[stores]\nrecord = "mysql://a@b/c"', 'record = "postgresql://USER@HOST/DATABASE"'),
        ('[stores]\nrecord = "postgresql://a@b"', 'record = "postgresql://USER@HOST/DATABASE"'),
        (f'[stores]\nrecord = "postgresql://a:{SECRET}@b/c"', "CASEREVIEWS_RECORD_PASSWORD"),
        (
            f'[stores]\nrecord = "postgresql://a@b/c?password={SECRET}"',
            "CASEREVIEWS_RECORD_PASSWORD",
        ),
        ('[stores]\nrecord = "postgresql://a@b/c"\nrecord_schema = "a-b"', "small letters"),
        ('[stores]\nrecord = "postgresql://a@b/c"\nrecord_ca = "none.pem"', "which is no file"),
        ('[stores]\narchive = "s3://"', 'archive = "s3://BUCKET"'),
        ('[stores]\narchive = "/files"', 'archive = "s3://BUCKET"'),
        ('[stores]\narchive = "s3://abc"\narchive_endpoint = "localhost"', "archive_endpoint"),
        (
            f'[stores]\narchive = "s3://abc"\narchive_endpoint = "http://a:{SECRET}@b"',
            "AWS_SECRET_ACCESS_KEY",
        ),
        ("[stores]\nindex = []", 'index = ["https://HOST:9200", ...]'),
        ('[stores]\nindex = ["search.example.org"]', 'index = ["https://HOST:9200", ...]'),
        (f'[stores]\nindex = "https://a:{SECRET}@b:9200"', "CASEREVIEWS_INDEX_PASSWORD"),
        ('[stores]\nindex = ["http://a@b:1", "http://c@d:1"]', "one user for all nodes"),
        ('[stores]\nindex = "http://b:1"\nindex_replicas = -1', "index_replicas = 0, 1, 2"),
        ('[stores]\nindex = "http://b:1"\nindex_timeout = true', "index_timeout = 10"),
        ("[stores]\nindex = 3", 'index = ["https://HOST:9200", ...]'),
        ("[stores]\nrecord = 3", "with a text in one line"),
    ],
)
def test_what_is_wrong_is_refused_with_what_to_write(tmp_path: Path, said: str, told: str) -> None:
    with pytest.raises(TomlError) as trouble:
        stores(tmp_path, said)
    assert told in str(trouble.value)
    assert "config.toml" in str(trouble.value)
    assert SECRET not in str(trouble.value)


def test_what_is_left_says_until_when_and_what_ends_it() -> None:
    one = LeftBehind("index", "2 segments", "2026-11-29T02:00:00Z", "merge them")
    assert str(one) == "index: 2 segments, until 2026-11-29T02:00:00Z at the latest: merge them"
    other = LeftBehind("record", "a base backup", None, "delete it")
    assert str(other) == "record: a base backup, for how long is not known: delete it"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_table_is_found_however_an_editor_saved_the_file(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "config.toml").write_text('[stores]\narchive = "s3://reviews"\n', encoding)
    assert Stores.of(Home(tmp_path)).archive is not None
