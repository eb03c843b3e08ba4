"""The one table of fields agrees with itself, with the vocabulary and with what is promised to programs."""

import subprocess
import sys

import pytest

from casereviews.index.results import Hit
from casereviews.repository.fields import (
    COLUMNS,
    DESCRIBED,
    FACETS,
    FIELDS,
    HIT,
    PUBLISHED,
    SEARCHED,
    digest_of,
)
from casereviews.repository.vocabulary.codes import CODES

ROWS = pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.name)


def test_names_are_there_once_and_so_are_the_words_before_a_colon():
    names = [field.name for field in FIELDS]
    asked = [name for field in SEARCHED for name in (field.query, *field.aliases)]
    assert len(names) == len(set(names))
    assert len(asked) == len(set(asked))
    assert "in" not in asked


@pytest.mark.parametrize(
    ("rows", "place"),
    [(FACETS, lambda one: one.facet), (COLUMNS, lambda one: one.column), (HIT, lambda one: one.hit[0])],
    ids=["facets", "columns", "hit"],
)  # fmt: skip
def test_places_are_numbered_without_gaps(rows, place):
    assert [place(one) for one in rows] == list(range(1, len(rows) + 1))


@ROWS
def test_what_is_done_with_a_field_can_be_done(field):
    assert field.level in ("document", "review", "record", "file")
    assert field.form in ("text", "code", "date", "number", "list")
    assert field.bar in ("", "hit", "all")
    if field.query or field.hit or field.exported or field.shown or field.room:
        assert field.published
    if field.query:
        assert field.hint
    if field.facet:
        assert field.query
    if field.column:
        assert field.hit
    if field.brief:
        assert field.exported
    assert field.label
    if field.described_by == "theme_weights":
        assert field.codes == "theme"
    else:
        assert field.codes in ("", field.name)


@ROWS
def test_a_field_of_codes_names_its_list(field):
    assert (field.name in CODES) == (field.codes not in ("", "theme", "harm", "agency"))


def test_several_rows_of_one_published_name_are_lists_of_one_level():
    by_name = {}
    for field in PUBLISHED:
        by_name.setdefault(field.published, set()).add((field.level, field.listed))
    assert {name for name, kinds in by_name.items() if len(kinds) > 1} == set()


def test_the_keys_of_a_hit_are_those_of_the_contract_in_its_order():
    assert list(Hit(1, 1.0, "r", "d", {}, 0).to_json()) == [
        "rank",
        "score",
        "review_id",
        "document_id",
        "title",
        "subjects",
        "review_type",
        "role",
        "publisher",
        "source",
        "nation",
        "areas",
        "published",
        "precision",
        "themes",
        "age_band",
        "outcome",
        "scope",
        "language",
        "availability",
        "landing_url",
        "file_url",
        "other_documents",
        "pages",
    ]


def test_a_hit_joins_what_the_contract_joins_and_lists_what_it_lists():
    fields = {"age_bands": ["1_5", "6_10"], "areas": ["Wychmere"], "review_type": "scr|inquiry"}
    hit = Hit(1, 1.0, "r", "d", fields, 0).to_json()
    assert (hit["age_band"], hit["areas"], hit["review_type"]) == ("1_5|6_10", ["Wychmere"], "scr|inquiry")  # fmt: skip
    assert (hit["themes"], hit["outcome"]) == ([], None)


def test_facets_keep_their_order():
    known = [
        "publisher",
        "area",
        "region",
        "nation",
        "type",
        "role",
        "year",
        "theme",
        "age",
        "outcome",
        "harm",
        "agency",
        "language",
        "scope",
        "source",
        "availability",
        "sex",
        "plan",
    ]
    assert [field.query for field in FACETS][: len(known)] == known  # a new one comes after them


def test_a_digest_is_of_the_rows_and_the_same_in_every_process():
    code = "from casereviews.repository.processing.publishing import TABLE; print(TABLE)"
    seen = {
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
        for _ in range(2)
    }  # fmt: skip
    assert len(seen) == 1
    assert digest_of([("a", 1)]) != digest_of([("a", 2)])


def test_the_table_is_light():
    code = "import sys, casereviews.repository.fields; print(sorted({'sqlalchemy', 'whoosh', 'click', 'json'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_what_protects_people_is_marked():
    assert {name for name, field in DESCRIBED.items() if field.fixed} == {
        "seen",
        "anonymous",
        "central_theme",
        "touched_theme",
    }
    assert {name for name, field in DESCRIBED.items() if field.place} == {"areas", "nation", "host_site"}  # fmt: skip
    assert {name for name, field in DESCRIBED.items() if field.of_children} == {
        "age_months_min", "age_months_max", "age_band",
        "circumstance", "sex", "plan_status_now", "plan_status_ever", "school_status",
    }  # fmt: skip
