"""The sample to code by hand, the sheet and its way back, agreement in numbers, and what a methods section tells."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casereviews import Collection
from casereviews.collection.errors import RequestError
from casereviews.collection.reliability.coded_fields import (
    NOT_TOLD,
    coded_fields,
    said_by_rules,
)
from casereviews.collection.reliability.measures import kappa, share
from casereviews.collection.reliability.methods_text import methods_markdown
from casereviews.collection.reliability.sampling import Sample, Stratum, allotted, draw
from casereviews.collection.reliability.sheet import (
    codebook_csv,
    files_of,
    filled_sheet,
    how_to_code,
    sheet_csv,
)
from casereviews.repository.vocabulary import PACKAGED
from tests.search_cli import small_home

# ---------------------------------------------------------------- drawing

FRAME = {f"r{number:02}": ("2020" if number % 3 else "2021",) for number in range(30)}


def test_a_seed_draws_the_same_sample_whatever_else_the_home_holds() -> None:
    drawn, strata = draw(FRAME, 9, 7)
    assert draw(dict(reversed(FRAME.items())), 9, 7) == (drawn, strata)
    assert strata == (Stratum(("2020",), 20, 6), Stratum(("2021",), 10, 3))
    assert draw(FRAME, 9, 8)[0] != drawn
    # pinned: another machine, another Python, the same reviews
    assert drawn == ("r17", "r19", "r24", "r11", "r13", "r06", "r29", "r04", "r12")
    other = {**FRAME, **{f"x{number}": ("2022",) for number in range(30)}}
    assert {one for one in draw(other, 18, 7)[0] if one.startswith("r")} == set(drawn)


def test_what_is_asked_beyond_the_frame_is_the_whole_frame() -> None:
    assert sorted(draw(FRAME, 400, 1)[0]) == sorted(FRAME)
    assert draw({}, 5, 1) == ((), ())


def test_what_is_left_over_goes_to_the_largest_remainders_then_the_larger_stratum() -> None:
    assert allotted({("a",): 5, ("b",): 3, ("c",): 2}, 4) == {("a",): 2, ("b",): 1, ("c",): 1}
    assert allotted({("a",): 1, ("b",): 1, ("c",): 2}, 2) == {("a",): 1, ("b",): 0, ("c",): 1}


@given(st.lists(st.integers(1, 50), min_size=1, max_size=12), st.integers(0, 600))
def test_every_stratum_has_its_share_to_within_one(sizes: list[int], n: int) -> None:
    strata = {(str(number),): size for number, size in enumerate(sizes)}
    n = min(n, sum(sizes))
    shares = allotted(strata, n)
    assert sum(shares.values()) == n
    for values, size in strata.items():
        assert 0 <= shares[values] <= size
        assert abs(shares[values] - n * size / sum(sizes)) < 1


# ---------------------------------------------------------------- numbers


def pairs(both_yes: int, one: int, other: int, neither: int) -> list[tuple[str, str]]:
    return (
        [("y", "y")] * both_yes + [("y", "n")] * one + [("n", "y")] * other + [("n", "n")] * neither
    )


def test_kappa_is_cohens_with_an_interval_over_reviews() -> None:
    found = kappa([pairs(20, 5, 10, 15)])
    assert found is not None
    assert found.value == pytest.approx(0.4)  # observed 0.70, expected 0.50
    # The large-sample error of Fleiss, Cohen and Everitt (1969) is 0.127 here: the interval 0.15 to 0.65.
    assert (found.low, found.high) == (pytest.approx(0.15, abs=0.01), pytest.approx(0.65, abs=0.01))


def test_kappa_of_several_values_counts_each() -> None:
    found = kappa([[("a", "a"), ("b", "b"), ("c", "a"), ("a", "a")]])
    assert found is not None
    assert found.value == pytest.approx((0.75 - 7 / 16) / (1 - 7 / 16))


def test_pooled_kappa_sums_before_it_compares() -> None:
    often, seldom = pairs(20, 5, 10, 15), pairs(0, 1, 0, 49)
    found = kappa([often, seldom])
    assert found is not None
    # (0.70 - 0.50 + 0.98 - 0.98) / (0.50 + 0.02): a code that occurs once hardly counts
    assert found.value == pytest.approx(0.2 / 0.52)
    never = pairs(0, 0, 0, 50)
    assert kappa([often, never]) == kappa([often])


def test_where_nothing_varies_there_is_no_kappa_and_where_all_agree_no_interval() -> None:
    assert kappa([pairs(10, 0, 0, 0)]) is None
    assert kappa([[]]) is None
    found = kappa([pairs(10, 0, 0, 10)])
    assert found is not None
    assert (found.value, found.low, found.high) == (1.0, None, None)


def test_a_share_has_wilsons_interval() -> None:
    found = share(8, 10)
    assert (found.value, found.low, found.high) == (
        0.8,
        pytest.approx(0.490, abs=5e-4),
        pytest.approx(0.943, abs=5e-4),
    )
    assert (share(0, 5).low, share(5, 5).high) == (0.0, 1.0)
    assert share(5, 5).low == pytest.approx(0.566, abs=5e-4)
    assert share(0, 0).value is None


# ---------------------------------------------------------------- fields


def test_fields_are_named_as_in_queries_exports_or_corrections() -> None:
    named = coded_fields(PACKAGED, ("age_band", "plan_status", "Themes", "living_where", "theme"))
    assert [one.key for one in named] == ["age", "plan", "theme", "living_where"]
    assert [row.name for row in named[1].rows] == ["plan_status_now", "plan_status_ever"]
    assert [one.several for one in coded_fields(PACKAGED, ("sex", "harm"))] == [False, True]


@pytest.mark.parametrize(
    ("name", "said"), [("sexx", "did you mean sex"), ("title", "no field with a list")]
)
def test_what_cannot_be_coded_is_refused_with_what_can(name: str, said: str) -> None:
    with pytest.raises(RequestError, match=said):
        coded_fields(PACKAGED, (name,))


def test_a_code_is_written_by_itself_or_its_label_and_what_says_nothing_is_not_told() -> None:
    age, sex = coded_fields(PACKAGED, ("age", "sex"))
    assert [age.code_of(said) for said in ("1_5", "1–5", "Under 1", "not told", "6")] == [
        "1_5",
        "1_5",
        "under_1",
        NOT_TOLD,
        None,
    ]
    assert sex.code_of("not stated") == NOT_TOLD
    assert "not_stated" not in sex.codes
    assert age.near("11_16") == "11_15"


# ---------------------------------------------------------------- the sheet


@pytest.fixture
def sample(read: Collection) -> Sample:
    return read.sample("scope:all", n=9, by=("nation",), seed=5, fields=("sex", "outcome", "theme"))


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def written(rows: list[dict[str, str]], delimiter: str = ",") -> str:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(rows[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def test_a_sheet_tells_where_to_read_and_nothing_of_what_the_program_says(sample: Sample) -> None:
    rows = table(sheet_csv(sample))
    assert list(rows[0]) == ["review_id", "title", "documents", "links", "sex", "outcome", "theme", "note"]  # fmt: skip
    assert [row["review_id"] for row in rows] == [one.review_id for one in sample.reviews]
    assert {row[name] for row in rows for name in ("sex", "outcome", "theme", "note")} == {""}
    (q,) = (row for row in rows if "(March 2021)" in row["title"])
    assert q["documents"].count("\n") == 1  # the report and its summary
    assert ": Serious Case Review: Child Q (March 2021) (3 pages)" in q["documents"]
    assert "http://northmoor.test/child-q.pdf" in q["links"]
    whole = sheet_csv(sample) + how_to_code(sample) + codebook_csv(sample.fields)
    assert "brackenfield" not in whole.lower()
    assert small_home.ABSTRACT not in whole


def test_what_nobody_can_read_is_left_out_and_named(sample: Sample, read: Collection) -> None:
    assert len(sample.reviews) == sample.frame == 5
    (w,) = sample.without_file
    assert "Child W" in (read.review(w).title or "")
    assert w in how_to_code(sample)
    assert "seed 5" in how_to_code(sample)


def test_a_name_that_was_asked_for_is_in_no_file_of_a_sample(read: Collection) -> None:
    drawn = read.sample("brackenfield", n=1, seed=5, fields=("sex",))
    assert len(drawn.reviews) == 1
    assert "brackenfield" not in f"{files_of(drawn)}{drawn.to_json()}".lower()


def test_a_codebook_has_every_code_with_its_meaning(sample: Sample) -> None:
    rows = table(codebook_csv(sample.fields))
    neglect = next(row for row in rows if row["code"] == "harm_neglect")
    assert (neglect["field"], neglect["values"], neglect["label"]) == (
        "theme",
        "several",
        "Neglect",
    )
    assert neglect["means"]
    for field in sample.fields:
        codes = [row["code"] for row in rows if row["field"] == field.key]
        assert codes == ["", *field.codes, NOT_TOLD]


def test_a_filled_sheet_is_read_back_with_what_is_missing_and_what_is_no_code(
    sample: Sample,
) -> None:
    rows = table(sheet_csv(sample))
    first, second, third, fourth, _ = rows
    first |= {"sex": "Girl", "theme": "Neglect; harm_csa_family|practice_good", "note": "p. 3"}
    second |= {"sex": "boy; girl", "outcome": "Not told"}
    third |= {"sex": "grl", "theme": "not_told; harm_neglect"}
    fourth |= {"theme": "not told", "sex": "zebra"}
    found = filled_sheet(written(rows, ";"), "f.csv", PACKAGED)
    coded = found.reviews[0].codes
    assert coded["sex"] == {"girl"}
    assert coded["theme"] == {"harm_neglect", "harm_csa_family", "practice_good"}
    assert found.reviews[0].note == "p. 3"
    assert found.reviews[1].codes["outcome"] == frozenset() == found.reviews[3].codes["theme"]
    assert [str(one) for one in found.unknown] == [
        f"row 3: {second['review_id']}: sex: 'boy; girl' are several codes: this field takes one",
        f"row 4: {third['review_id']}: sex: 'grl' is no code: did you mean girl?",
        f"row 4: {third['review_id']}: theme: 'not_told; harm_neglect' cannot stand beside a code: leave one",
        f"row 5: {fourth['review_id']}: sex: 'zebra' is no code: codebook.csv lists the codes",
    ]
    assert (first["review_id"], "outcome") in found.missing
    assert (second["review_id"], "sex") not in found.missing
    assert len(found.missing) == 15 - 8


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("title,sex\nx,girl\n", "no column review_id"),
        ("review_id,title\na,x\n", "no column of a field"),
        ("review_id,sex,gender\na,girl,girl\n", "two columns of one field"),
        ("review_id,sex\na,girl\na,boy\n", "row 3: a stands in row 2 too"),
        ("review_id,sex\n,girl\n", "row 2: no review_id"),
        ("review_id,sex\n", "no row"),
        ("review_id,sex\na,\n", "not filled in"),
        ("review_id,sexx\na,girl\n", "did you mean sex"),
    ],
)
def test_what_is_no_filled_sheet_is_refused_with_what_to_do(text: str, said: str) -> None:
    with pytest.raises(RequestError, match=said):
        filled_sheet(text, "f.csv", PACKAGED)


# ---------------------------------------------------------------- agreement


def coded_as_the_rules_say(collection: Collection, sample: Sample) -> list[dict[str, str]]:
    rows = table(sheet_csv(sample))
    for row in rows:
        said = said_by_rules(collection.review(row["review_id"]), sample.fields)
        for field in sample.fields:
            row[field.key] = "; ".join(sorted(said[field.key])) or NOT_TOLD
    return rows


def row_of(collection: Collection, rows: list[dict[str, str]], title: str) -> dict[str, str]:
    return next(row for row in rows if title in row["title"])


def test_a_coder_who_says_what_the_rules_say_agrees_in_everything(
    read: Collection, sample: Sample
) -> None:
    found = read.agreement(written(coded_as_the_rules_say(read, sample)))
    assert (found.reviews, found.missing, found.differences) == (5, (), ())
    for field in found.fields:
        assert (field.reviews, field.same) == (5, 5)
        assert field.precision.hits == field.precision.of == field.recall.of
    assert [one.kappa.value for one in found.fields if one.kappa] == [1.0, 1.0, 1.0]


def test_a_review_and_a_field_that_nobody_coded_are_in_no_count_and_named_once(
    read: Collection, sample: Sample
) -> None:
    rows = coded_as_the_rules_say(read, sample)
    blank, other, *_ = rows
    blank |= {field.key: "" for field in sample.fields}
    for row in rows:
        row["sex"] = ""
    other["theme"] = ""
    found = read.agreement(written(rows))
    assert (found.reviews, found.not_coded) == (4, (blank["review_id"],))
    assert {one.field for one in found.fields} - {one.field for one in found.fields_coded} == {
        "sex"
    }
    assert found.gaps == ((other["review_id"], "theme"),)
    assert set(found.gaps) < set(found.missing)
    blank["theme"] = "no such theme"  # it was coded, if wrongly
    assert read.agreement(written(rows)).not_coded == ()


def test_what_differs_is_counted_by_code_and_listed_with_its_page(
    read: Collection, sample: Sample
) -> None:
    rows = coded_as_the_rules_say(read, sample)
    q = row_of(read, rows, "(March 2021)")
    assert q["outcome"] == "death"
    themes = q["theme"].split("; ")
    q |= {"outcome": "serious_harm", "theme": "; ".join([*themes[1:], "child_mental_health"])}
    q["note"] = "page 2, twice"
    other = next(row for row in rows if row is not q)
    other["sex"] = ""
    found = read.agreement(written(rows))
    outcome = next(one for one in found.fields if one.field == "outcome")
    assert (outcome.reviews, outcome.same) == (5, 4)
    told = sum(row["outcome"] != NOT_TOLD for row in rows)
    assert (outcome.precision.hits, outcome.precision.of) == (told - 1, told)
    assert (outcome.recall.hits, outcome.recall.of) == (told - 1, told)
    (harm,) = (one for one in outcome.codes if one.code == "serious_harm")
    assert (harm.coder_only, harm.program_only) == (1, 0)
    assert found.missing == ((other["review_id"], "sex"),)
    assert next(one for one in found.fields if one.field == "sex").reviews == 4
    listed = {(one.field, one.code): one for one in found.differences or ()}
    assert set(listed) == {
        ("outcome", "death"),
        ("outcome", "serious_harm"),
        ("theme", themes[0]),
        ("theme", "child_mental_health"),
    }
    death = listed["outcome", "death"]
    assert (death.said_by, death.page, death.note) == ("program", 2, "page 2, twice")
    assert "died after unsafe sleep" in death.evidence
    missed = listed["theme", "child_mental_health"]
    assert (missed.said_by, missed.document_id, missed.evidence) == ("coder", None, "")
    assert read.agreement(written(rows)).to_json() == found.to_json()


def test_what_was_seen_and_did_not_count_is_shown_beside_what_a_coder_says(
    read: Collection, sample: Sample
) -> None:
    """Child Q's housing officers stand in a recommendation alone."""
    rows = coded_as_the_rules_say(read, sample)
    q = row_of(read, rows, "(March 2021)")
    seen = [
        one
        for one in read.reasons(q["review_id"])
        if one.is_mention and one.fact.field == "theme" and one.fact.value not in q["theme"]
    ]
    assert seen, "the small home has a theme that is seen and not counted"
    q["theme"] += f"; {seen[0].fact.value}"
    (told,) = read.agreement(written(rows)).differences or ()
    assert (told.code, told.said_by) == (seen[0].fact.value, "coder")
    assert (told.page, told.evidence) == (seen[0].fact.page, seen[0].fact.evidence)
    assert told.seen


def test_no_evidence_has_a_withheld_name_or_a_librarys_sentence(
    read: Collection, sample: Sample
) -> None:
    rows = [
        {**row, "sex": "other", "outcome": "other", "theme": "not told"}
        for row in table(sheet_csv(sample))
    ]
    told = str(read.agreement(written(rows)).to_json())
    assert "boy of seven" in told or "[name withheld]" in told
    assert "brackenfield" not in told.lower()
    assert small_home.ABSTRACT not in told


def test_a_correction_is_not_the_rules_and_what_is_gone_is_left_out(
    change: Collection,
) -> None:
    sample = change.sample("scope:all", n=9, seed=5, fields=("outcome",))
    rows = coded_as_the_rules_say(change, sample)
    q = row_of(change, rows, "(March 2021)")["review_id"]
    change.correct(q, "outcome", "serious_harm", note="test")
    gone = {**rows[0], "review_id": "nowhere-1"}
    document = change.review(q).documents[0].document_id
    twice = {**rows[0], "review_id": document}
    found = change.agreement(written([*rows, gone, twice]))
    assert found.corrected == (q,)
    assert found.fields[0].same == found.reviews == 5
    assert [(one.row, one.review_id) for one in found.left_out] == [(7, "nowhere-1"), (8, document)]
    assert "nothing of this id" in found.left_out[0].why
    assert q in found.left_out[1].why


# ---------------------------------------------------------------- methods


def test_methods_tell_the_homes_own_numbers_and_gaps(read: Collection) -> None:
    methods = read.methods()
    ours = [one for one in methods.sources if one.asked]
    assert {one.source for one in ours} == {one.id for one in small_home.SOURCES}
    assert {one.status for one in ours} == {"not_in_the_registry"}
    assert (methods.runs, methods.first_run, methods.last_run) == (5, small_home.NIGHTS[0], small_home.NIGHTS[-1])  # fmt: skip
    assert (methods.reviews, methods.held, methods.withdrawn, methods.without_file) == (6, 1, 0, 1)
    assert sum(methods.rules.values()) == methods.documents == 7
    assert list(methods.rules) == [methods.rules_today]
    assert methods.flow == ()
    assert methods.documents_without_file == 1
    text = methods_markdown(methods)
    assert "no file of them is kept: 1 document; of 1 review no file at all." in text
    partly = methods_markdown(replace(methods, documents_without_file=3, without_file=0))
    assert "no file of them is kept: 3 documents." in partly
    assert "5 runs, 2024-01-10 to 2026-02-12" in text
    assert "holds 6 reviews in 7 documents" in text
    assert "By scope: child 5, adult 1." in text
    assert "until a person decides: 1 document." in text
    never = len(methods.sources) - len(ours)
    assert f"Never asked: {never} publishers" in text
    assert "No review is marked." in text
    assert "Not given: methods --log FILE" in text


def test_methods_say_what_was_corrected_withdrawn_marked_and_not_read(change: Collection) -> None:
    q = next(one.review_id for one in change.reviews() if "(March 2021)" in (one.title or ""))
    change.correct(q, "outcome", "serious_harm", note="test")
    change.marks.put(q, "include")
    ms_t = next(one.review_id for one in change.reviews() if "Ms T" in (one.title or ""))
    change.withdraw(ms_t, reason="test")
    methods = change.methods()
    text = methods_markdown(methods)
    assert "People made 1 correction, which win over the rules (outcome 1)." in text
    assert "Withdrawn from the collection: 1 document." in text
    assert "| Reviews included |  | 1 |" in text
    assert "Ms T" not in text
    failing = replace(methods.sources[-1], result="blocked", last_success=None, asked=True)
    unverified = replace(failing, status="unverified", source="other", publisher="Pear Vale")
    text = methods_markdown(
        replace(methods, sources=(failing, unverified), unread={"encrypted": 2})
    )
    assert "1 unverified (nobody has checked that yet)" in text
    assert "Pear Vale (blocked, last read whole never)" in text
    assert "2 files (encrypted 2)" in text
