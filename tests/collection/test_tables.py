"""Tables: one schema made from the fields, rows of reviews as they may leave, files that are whole or not there."""

from __future__ import annotations

import csv
import hashlib
import json
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from casereviews import Collection
from casereviews.collection.errors import NeedsData, RequestError
from casereviews.collection.output.tables import writing
from casereviews.collection.output.tables.provenance import circumstances
from casereviews.collection.output.tables.rows import ROWS, Row, code_rows, days_of
from casereviews.collection.output.tables.schema import (
    CHANGES,
    SCHEMA_VERSION,
    TABLES,
    TYPES_OF,
    columns_digest,
    table_named,
)
from casereviews.collection.output.tables.writing import FORMS
from casereviews.collection.output.withholding import exported
from casereviews.repository.fields import PUBLISHED
from casereviews.repository.model import Fact, Recommendation, Section
from casereviews.repository.published_documents import Review, ReviewDocument
from tests.search_cli import small_home

KINDS = {
    "text": str,
    "integer": int,
    "number": float,
    "boolean": bool,
    "date": date,
    "list": tuple,
}
NAME = "Brackenfield"
ENDING = {"sqlite": "x.db", "duckdb": "x.duckdb", "parquet": "x", "package": "x"}
EACH = [
    pytest.param(one, marks=pytest.mark.live) if one in ("parquet", "duckdb") else one
    for one in FORMS
]
"""The forms; those that need a library of the extra [data] are live."""


def rows_in(collection: Collection, **asked: Any) -> dict[str, list[Row]]:
    """All rows of all tables."""
    found: dict[str, list[Row]] = {one.name: [] for one in TABLES}
    for review in collection.exported(summaries=True, **asked):
        for name, rows in ROWS.items():
            found[name] += rows(review)
    found["codes"] = list(code_rows(collection.vocabulary, "today"))
    return found


# ---------------------------------------------------------------- the schema


def test_columns_do_not_change_without_a_version_and_a_line_of_the_changelog() -> None:
    assert columns_digest() == CHANGES[0].digest, (
        "put a Change with another version and this digest before the others"
    )
    versions = [one.version for one in CHANGES]
    assert versions == [str(number) for number in range(len(CHANGES), 0, -1)]
    assert versions[0] == SCHEMA_VERSION
    assert all(one.what and date.fromisoformat(one.day) for one in CHANGES)


@pytest.mark.parametrize("key", ["name", "type"])
def test_another_name_or_type_of_a_column_is_another_schema(key: str) -> None:
    first = TABLES[0]
    column = replace(first.columns[1], **{key: "list"})
    changed = replace(first, columns=(first.columns[0], column, *first.columns[2:]))
    assert columns_digest((changed, *TABLES[1:])) != columns_digest()


def test_every_published_field_of_a_review_is_a_column_of_its_type() -> None:
    types = TYPES_OF["reviews"]
    for field in PUBLISHED:
        if field.level == "file":
            assert field.published in TYPES_OF["documents"]
        elif field.listed or field.form == "list":
            assert types[field.published] == "list", field.name
        elif field.form == "number":
            assert types[field.published] == "integer", field.name
        else:
            assert types[field.published] == "text", field.name
        if field.form == "date":
            assert types[f"{field.published}_first"] == types[f"{field.published}_last"] == "date"


def test_every_row_has_all_columns_in_order_with_their_types_and_codes(read: Collection) -> None:
    for name, rows in rows_in(read).items():
        table = table_named(name)
        assert rows, name
        for row in rows:
            assert list(row) == [column.name for column in table.columns]
            for column in table.columns:
                value = row[column.name]
                assert value is None or type(value) is KINDS[column.type], column
                assert value is not None or not column.required, column
                codes = column.codes_in(read.vocabulary)
                several = value if isinstance(value, tuple) else (value,)
                assert not codes or set(several) <= {None, *codes}, (column.name, value)
        keys = [tuple(row[one] for one in table.key) for row in rows]
        assert len(set(keys)) == len(keys), name


def test_every_row_says_which_rules_made_it(read: Collection) -> None:
    documents = [one for review in read.reviews() for one in review.documents]
    (version,) = {one.rules_version for one in documents}
    assert version
    rows = rows_in(read)
    rows.pop("codes")
    assert {row["rules_version"] for some in rows.values() for row in some} == {version}
    assert circumstances(read.home, read.vocabulary, None, {}, False).rules_version == version


def test_documents_of_several_rules_give_their_review_both() -> None:
    documents = (document("d1", rules_version="b"), document("d2", rules_version="a"))
    (row,) = ROWS["reviews"](exported(Review("r-1", (), {}, documents), abstract=False))
    assert row["rules_version"] == "a|b"


def test_numbers_are_numbers_lists_are_lists_and_dates_have_their_days(read: Collection) -> None:
    rows = rows_in(read)
    (q,) = (row for row in rows["reviews"] if row["published"] == "2021-03")
    assert (q["year"], q["age_months_min"], q["age_months_max"]) == (2021, 4, 4)
    assert (q["published_first"], q["published_last"]) == (date(2021, 3, 1), date(2021, 3, 31))
    assert (q["subjects"], q["review_type"], q["age_bands"]) == (
        ("Child Q",),
        ("scr",),
        ("under_1",),
    )
    assert (q["document_count"], q["recommendation_count"]) == (2, 2)
    assert str(q["summary"]).startswith("Child Q was a baby of four months")
    about_q = [row for row in rows["facts"] if row["review_id"] == q["review_id"]]
    ages = {row["value_number"] for row in about_q if row["field"] == "age_months_min"}
    assert ages == {0, 4}  # the report says four months, its summary a baby
    (count,) = {row["value_number"] for row in about_q if row["field"] == "n_subjects"}
    assert count == 1
    first = next(row for row in rows["recommendations"] if row["review_id"] == q["review_id"])
    assert (first["position"], first["number"], first["page"]) == (1, "1", 3)
    assert str(first["text"]).startswith("The partnership should audit")


@pytest.mark.parametrize(
    ("told", "first", "last"),
    [
        ("2020", date(2020, 1, 1), date(2020, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2024-02-29", date(2024, 2, 29), date(2024, 2, 29)),
        ("2023-02-29", None, None),
        ("2023-13", None, None),
        ("spring 2020", None, None),
    ],
)
def test_a_date_as_told_has_the_days_that_it_may_mean(
    told: str, first: date | None, last: date | None
) -> None:
    assert days_of(told) == (first, last)


# ---------------------------------------------------------------- what may leave


def document(key: str, **said: Any) -> ReviewDocument:
    given: dict[str, Any] = {
        "title": "T", "url": None, "landing_url": None, "role": None, "published": None, "language": None,
        "sha256": None, "media_type": "application/pdf", "pages": 3, "text_status": "ok", "availability": None,
        "origin": "crawl", "link_reason": "", "versions": 1,
    }  # fmt: skip
    return ReviewDocument(document_id=key, **(given | said))


ADVICE = Recommendation("1", "The board should hear Robin Example's aunt.", "Example Trust", 2)


def test_a_withheld_name_is_in_no_recommendation_and_no_section() -> None:
    one = document(
        "d", link_reason="one label: Robin Example", recommendations=(ADVICE,), sections=(Section("facts", "Robin's day", 1, 0, 1, 9),)
    )  # fmt: skip
    review = Review("a-1", (), {"label_kind": "real_name", "subjects": ("Robin Example",)}, (one,))
    taken = exported(review, abstract=False, summary="Robin slept.")
    assert "robin" not in repr(taken).lower()
    (row,) = ROWS["recommendations"](taken)
    assert row["text"] == "The board should hear [name withheld]'s aunt."
    assert row["addressee"] == "[name withheld] Trust"
    kept = exported(review, abstract=False, names=True, summary="Robin slept.")
    assert kept.review.documents == (one,)
    assert kept.summary == "Robin slept."


@pytest.mark.parametrize("best", ["board", "library"])
def test_a_librarys_own_page_gives_no_sentence_whichever_document_is_the_reviews_best(
    best: str,
) -> None:
    fact = Fact("theme", "harm_neglect", "neglect", "text", 0.9, 1, "A sentence that is theirs.")
    page = document("d1", source="library", media_type="text/html", facts=(fact,), recommendations=(ADVICE,))  # fmt: skip
    report = replace(page, document_id="d2", media_type="application/pdf")
    entry = replace(page, document_id="d3", media_type=None, facts=(replace(fact, page=None, origin="listing"),))  # fmt: skip
    other = replace(page, document_id="d4", source="board")
    review = Review("a-1", (), {"source": best}, (page, report, entry, other))
    taken = exported(review, abstract=best == "library", libraries={"library"})
    told = {row["document_id"]: row for row in ROWS["facts"](taken)}
    assert [told[key]["evidence"] for key in ("d1", "d3")] == [None, None]
    assert [told[key]["raw"] for key in ("d1", "d3")] == ["harm_neglect", "harm_neglect"]
    assert told["d2"]["evidence"] == fact.evidence
    advised = {row["document_id"] for row in ROWS["recommendations"](taken)}
    assert advised >= {"d2"}
    assert not advised & {"d1", "d3"}
    if best == "board":
        assert told["d4"]["evidence"] == fact.evidence
        assert "d4" in advised


def written_words(form: str, path: Path) -> str:
    """All that a form's files hold, as text: bytes, and where a library compresses them what its reader gives."""
    files = path.rglob("*") if path.is_dir() else path.parent.glob(f"{path.stem}*")
    text = "".join(one.read_bytes().decode("utf-8", "replace") for one in files if one.is_file())
    if form == "parquet":
        import pyarrow.parquet

        for one in path.glob("*.parquet"):
            text += repr(pyarrow.parquet.read_table(one).to_pylist())
    if form == "duckdb":
        import duckdb

        with duckdb.connect(str(path), read_only=True) as connection:
            names = connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()
            for (name,) in names:
                text += repr(connection.execute(f'SELECT * FROM "{name}"').fetchall())
    return text


def needs(form: str) -> None:
    if form in ("parquet", "duckdb"):
        pytest.importorskip("pyarrow", reason="the extra [data] is not installed")
        pytest.importorskip("duckdb", reason="the extra [data] is not installed")


@pytest.mark.parametrize("form", EACH)
def test_no_byte_of_an_export_has_a_withheld_name_a_held_text_or_a_librarys_sentence(
    read: Collection, tmp_path: Path, form: str
) -> None:
    needs(form)
    path = tmp_path / ENDING[form]
    told = read.write_tables(form, path)
    words = written_words(form, path)
    assert "Northmoor Safeguarding Partnership" in words
    assert "audit how safer sleep advice" in words
    assert not {"robin", NAME.lower()} & set(re.findall(r"\w+", words.lower()))
    assert small_home.ABSTRACT not in words
    assert small_home.RETRACTED not in words
    assert (
        "the labels of 1 review, which are real persons' names (--names keeps them)"
        in told.left_out
    )
    assert "the sentences of 1 page of libraries, which are their own text" in told.left_out
    assert "1 held document (`casereviews held`)" in told.left_out
    read.write_tables(form, path, names=True)
    assert NAME in written_words(form, path)


def test_a_withdrawn_review_is_in_no_later_export(change: Collection, tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    before = change.write_tables("sqlite", path)
    gone = next(one.review_id for one in change.reviews() if one.published == "2021-03")
    change.withdraw(gone, reason="asked")
    after = change.write_tables("sqlite", path)
    assert set(before.review_ids) - set(after.review_ids) == {gone}
    assert gone not in written_words("sqlite", path)


# ---------------------------------------------------------------- whole or not at all


def state(folder: Path) -> dict[str, bytes]:
    return {
        one.relative_to(folder).as_posix(): one.read_bytes()
        for one in sorted(folder.rglob("*"))
        if one.is_file()
    }


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Makes the fourth review fail, as a full disk would."""

    def begin() -> None:
        calls: list[int] = []

        def rows(review: Any) -> Iterator[Row]:
            calls.append(1)
            if len(calls) >= 4:
                raise OSError(28, "No space left on device")
            yield from ROWS["facts"](review)

        monkeypatch.setattr(writing, "ROWS", {**ROWS, "facts": rows})

    return begin


@pytest.mark.parametrize("form", EACH)
def test_an_export_that_fails_leaves_what_stood_there_and_nothing_else(
    read: Collection, tmp_path: Path, failing: Callable[[], None], form: str
) -> None:
    needs(form)
    path = tmp_path / ENDING[form]
    read.write_tables(form, path)
    before = state(tmp_path)
    failing()
    with pytest.raises(OSError, match="No space"):
        read.write_tables(form, path)
    assert state(tmp_path) == before
    with pytest.raises(OSError, match="No space"):
        read.write_tables(form, path.with_name("new"))
    assert state(tmp_path) == before


def test_an_earlier_export_is_replaced_and_what_a_killed_one_left_goes(
    read: Collection, tmp_path: Path
) -> None:
    killed = tmp_path / "casereviews-export-abc" / "whole"
    killed.mkdir(parents=True)
    (killed / "reviews.csv").write_text("half", "utf-8")
    (killed.parent / "in-use.lock").touch()
    database, package = tmp_path / "x.db", tmp_path / "x"
    database.write_bytes(b"SQLite format 3\0, and not whole")
    (tmp_path / "x.db-wal").write_bytes(b"of another database")
    for _ in range(2):
        read.write_tables("sqlite", database)
        read.write_tables("package", package)
    names = {one.name for one in tmp_path.iterdir()}
    assert names == {"x.db", "x.metadata.json", "x"}
    assert {one.name for one in package.iterdir()} == {*FORMS["package"].files}


@pytest.mark.parametrize("form", ["package", "sqlite"])
def test_what_is_no_earlier_export_is_refused_before_anything_is_written(
    read: Collection, tmp_path: Path, form: str
) -> None:
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "letter.txt").write_text("mine", "utf-8")
    with pytest.raises(RequestError, match=r"name a (new folder|file)"):
        read.write_tables(form, folder)
    with pytest.raises(RequestError, match="make it first"):
        read.write_tables(form, tmp_path / "nowhere" / "x")
    assert state(tmp_path) == {"own/letter.txt": b"mine"}


def test_of_no_review_nothing_is_written(read: Collection, tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    found = read.search("zebra", limit=None)
    told = read.write_tables("sqlite", path, found)
    assert (told.review_ids, dict(told.scopes), list(tmp_path.iterdir())) == ((), {}, [])


def test_of_a_search_its_first_hit_leads_to_all(read: Collection, tmp_path: Path) -> None:
    every = read.search("scope:all", limit=None)
    told = read.write_tables("sqlite", tmp_path / "x.db", read.search("scope:all", limit=1))
    assert set(told.review_ids) == {hit.review_id for hit in every.hits}
    assert len(told.review_ids) == every.total > 1


def test_a_form_that_is_none_is_named_with_those_that_there_are(
    read: Collection, tmp_path: Path
) -> None:
    with pytest.raises(
        RequestError, match="no form xlsx of tables: parquet, duckdb, sqlite, package"
    ):
        read.write_tables("xlsx", tmp_path / "x")


@pytest.mark.parametrize(("form", "library"), [("parquet", "pyarrow"), ("duckdb", "duckdb")])
def test_without_its_library_a_form_says_what_to_install(
    read: Collection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str, library: str
) -> None:
    monkeypatch.setitem(__import__("sys").modules, library, None)
    with pytest.raises(NeedsData, match=rf'needs {library}.*pip install "\.\[data\]"') as told:
        read.write_tables(form, tmp_path / "x")
    assert told.value.exit_code == 3
    assert list(tmp_path.iterdir()) == []


# ---------------------------------------------------------------- the forms


def test_sqlite_has_keys_that_hold_and_full_text(read: Collection, tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    told = read.write_tables("sqlite", path)
    with closing(sqlite3.connect(path)) as opened:
        assert opened.execute("PRAGMA foreign_key_check").fetchall() == []
        assert opened.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        for name, count in told.rows.items():
            assert opened.execute(f"SELECT count(*) FROM {name}").fetchone() == (count,)
        found = "SELECT title FROM reviews WHERE rowid IN (SELECT rowid FROM reviews_fts WHERE reviews_fts MATCH ?)"
        assert opened.execute(found, ["curious AND health"]).fetchall() == []
        ((title,),) = opened.execute(found, ["visitors"]).fetchall()
        assert "Child Q" in title
        advised = "SELECT count(*) FROM recommendations_fts WHERE recommendations_fts MATCH 'housing officer'"
        assert opened.execute(advised).fetchone() == (1,)
        bands = opened.execute("SELECT DISTINCT value FROM reviews, json_each(age_bands) ORDER BY 1").fetchall()  # fmt: skip
        assert ("under_1",) in bands
        about = {name: json.loads(value) for name, value in opened.execute("SELECT * FROM about")}
    opened.close()
    assert about["rows"] == dict(told.rows)
    metadata = json.loads((tmp_path / "x.metadata.json").read_text("utf-8"))
    shown = metadata["databases"]["x"]["tables"]
    assert list(shown) == [one.name for one in TABLES]
    assert {"array": "themes"} in shown["reviews"]["facets"]
    assert "nation" in shown["reviews"]["facets"]
    assert shown["reviews"]["units"] == {"age_months_min": "month", "age_months_max": "month"}
    for name, said in shown.items():
        assert list(said["columns"]) == [one.name for one in table_named(name).columns]
    assert "copyright of their boards" in metadata["license"]


def test_a_package_describes_its_files_as_they_are(read: Collection, tmp_path: Path) -> None:
    folder = tmp_path / "x"
    found = read.search("scope:all", filters={"nation": ["England"]}, limit=None)
    told = read.write_tables("package", folder, found, filters={"nation": ["England"]})
    package = json.loads((folder / "datapackage.json").read_text("utf-8"))
    for resource in package["resources"]:
        file = folder / resource["path"]
        assert resource["hash"] == "sha256:" + hashlib.sha256(file.read_bytes()).hexdigest()
        with file.open(encoding="utf-8", newline="") as opened:
            heading, *rows = csv.reader(opened)
        assert heading == [one["name"] for one in resource["schema"]["fields"]]
        assert len(rows) == told.rows[resource["name"]]
    fields = {one["name"]: one for one in package["resources"][0]["schema"]["fields"]}
    assert fields["nation"]["constraints"]["enum"][:2] == ["England", "Wales"]
    assert "harm_neglect" in fields["themes"]["arrayItem"]["constraints"]["enum"]
    assert fields["year"]["type"] == "integer"
    assert package["version"] == SCHEMA_VERSION
    assert package["created"] == small_home.NOW
    assert package["asked"]["filters"] == {"nation": ["England"]}
    assert set(package["coverage"]["nations"]) == {"England"}
    assert {one["source"]: one["documents"] for one in package["sources"]} == {
        "eastmere": 1, "library": 0, "northmoor": 4, "westvale": 0
    }  # fmt: skip
    assert package["rules"]["documents"] == {package["rules"]["now"]: 5}


def test_a_cell_of_a_package_is_no_formula_and_a_code_of_before_is_in_its_list(
    read: Collection, tmp_path: Path
) -> None:
    fact = Fact("theme", "harm_of_before", "=1+1", "title", 0.9)
    fields = {
        "title": '=HYPERLINK("http://x.test")',
        "themes": ("harm_of_before",),
        "scope": "child",
    }
    review = Review("a-1", (), fields, (document("d", facts=(fact,), rules_version="old"),))
    given = circumstances(read.home, read.vocabulary, None, {}, False)
    told = writing.write_tables(
        FORMS["package"], tmp_path / "x", [exported(review, abstract=False)], given
    )
    assert told.described_before == 1
    with (tmp_path / "x" / "reviews.csv").open(encoding="utf-8", newline="") as opened:
        (row,) = csv.DictReader(opened)
    assert row["title"].startswith("'=HYPERLINK")
    assert row["themes"] == '["harm_of_before"]'
    package = json.loads((tmp_path / "x" / "datapackage.json").read_text("utf-8"))
    themes = next(
        one for one in package["resources"][0]["schema"]["fields"] if one["name"] == "themes"
    )
    assert "harm_of_before" in themes["arrayItem"]["constraints"]["enum"]


@pytest.mark.live
def test_parquet_and_duckdb_have_the_same_rows_with_types(read: Collection, tmp_path: Path) -> None:
    needs("duckdb")
    import duckdb
    import pyarrow.parquet

    read.write_tables("parquet", tmp_path / "x")
    read.write_tables("duckdb", tmp_path / "x.duckdb")
    expected = rows_in(read)
    with duckdb.connect(str(tmp_path / "x.duckdb"), read_only=True) as opened:
        for table in TABLES:
            here = pyarrow.parquet.read_table(tmp_path / "x" / f"{table.name}.parquet")
            assert here.schema.field(0).metadata[b"description"]
            there = opened.execute(f'SELECT * FROM "{table.name}"')
            names = [one[0] for one in there.description]
            listed = [dict(zip(names, row, strict=True)) for row in there.fetchall()]
            rows = [
                {key: [*value] if isinstance(value, tuple) else value for key, value in row.items()}
                for row in expected[table.name]
            ]
            if table.name == "codes":
                for row in (*rows, *listed, *(found := here.to_pylist())):
                    row.pop("rules_version")
                assert found == listed == rows
            else:
                assert here.to_pylist() == listed == rows
        said = opened.execute(
            "SELECT comment FROM duckdb_columns() WHERE table_name = 'reviews' AND column_name = 'age_months_min'"
        ).fetchone()
    assert said == (table_named("reviews").column("age_months_min").about + " (month)",)
