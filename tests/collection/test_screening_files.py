"""Decisions that come back from Rayyan, Covidence and ASReview: what is read of their files, and with which review each record is matched."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path

import pytest
import rispy

from casereviews import Collection
from casereviews.collection.errors import RequestError
from casereviews.collection.keeping.mark_import import Imported, Known, imported
from casereviews.collection.keeping.marks import Mark
from casereviews.collection.keeping.screening_files import (
    Decided,
    list_of_covidence,
    screening_file,
)
from casereviews.collection.output import Answer
from casereviews.collection.output.forms import ris
from casereviews.repository.published_documents import reviews_by
from tests.search_cli import small_home

# The columns as the tools' own files have them.
RAYYAN = "key,title,year,month,day,journal,issn,volume,issue,pages,authors,url,language,publisher,location,abstract,notes,pubmed_id,pmc_id"
COVIDENCE = "Title,Authors,Abstract,Published Year,Published Month,Journal,Volume,Issue,Pages,Accession Number,DOI,Ref,Covidence #,Study,Notes,Tags"
NONE = Mark("", "")


def table(heads: str, *rows: dict[str, str]) -> str:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, heads.split(","), restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def test_rayyans_notes_have_each_members_decision_reasons_and_own_note() -> None:
    said = (
        'casereviews:pear-1 | p. 2 | RAYYAN-INCLUSION: {"Ash \\"A\\" Pear"=>"Included", "Ben"=>"Excluded", "Cy"=>"Maybe"}'
        ' | RAYYAN-LABELS: infant,x | RAYYAN-EXCLUSION-REASONS: adult,no child | USER-NOTES: {"Ben"=>["see \\"p. 2\\"", "again"], "Cy"=>"hm"}'
    )
    for text in (
        table(
            RAYYAN, {"key": "rayyan-1", "title": "T", "url": "http://a.test/k.pdf", "notes": said}
        ),
        f"TY  - RPRT\r\nTI  - T\r\nID  - rayyan-1\r\nUR  - http://a.test/k.pdf\r\nN1  - {said}\r\nER  - \r\n",
    ):
        found = screening_file(text, "f")
        (record,) = found.records
        assert found.tool == "Rayyan"
        assert record.ids[0] == "pear-1"
        assert record.addresses == ("http://a.test/k.pdf",)
        assert record.decided == (
            Decided("include", 'Ash "A" Pear'),
            Decided("exclude", "Ben", "adult; no child", 'see "p. 2"; again'),
            Decided("maybe", "Cy", "", "hm"),
        )


def test_what_rayyan_says_in_another_column_is_found_and_another_word_is_no_decision() -> None:
    text = table(
        RAYYAN,
        {"key": "rayyan-1", "pubmed_id": 'RAYYAN-INCLUSION: {"Ash"=>"Included"}'},
        {"key": "rayyan-2", "notes": 'RAYYAN-INCLUSION: {"Ash"=>"Perhaps", "Ben"=>"Included"}'},
        {"key": "rayyan-3", "notes": "RAYYAN-INCLUSION: true"},
        {"key": "rayyan-4", "title": "not decided"},
    )
    one, two, three, four = screening_file(text, "f").records
    assert one.decided == (Decided("include", "Ash"),)
    assert (two.decided, two.unread) == ((Decided("include", "Ben"),), ("Ash: Perhaps",))
    assert (three.decided, three.unread) == ((), ("true",))
    assert (four.decided, four.unread, four.row) == ((), (), 5)


def test_asreviews_label_note_and_reader_are_columns_or_notes() -> None:
    heads = "title,accession_number,notes,urls,asreview_label,asreview_note,asreview_user_name"
    columns = table(
        heads,
        {"title": "T", "accession_number": "pear-1", "notes": "['casereviews:pear-1']", "urls": "['http://a.test/k.pdf', 'http://a.test/l']",
         "asreview_label": "1", "asreview_note": "good", "asreview_user_name": "Ash"},
        {"accession_number": "pear-2", "asreview_label": "0.0"},
        {"accession_number": "pear-3"},
        {"accession_number": "pear-4", "asreview_label": "yes"},
    )  # fmt: skip
    notes = rispy.dumps(
        [
            {"type_of_reference": "RPRT", "title": "T", "accession_number": "pear-1", "urls": ["http://a.test/k.pdf", "http://a.test/l"],
             "notes": ["ASReview_relevant", "casereviews:pear-1", "asreview_label: 1", 'asreview_note: "g\\u006fod"', 'asreview_user_name: "Ash"']},
            {"type_of_reference": "RPRT", "accession_number": "pear-2", "notes": ["ASReview_irrelevant"]},
            {"type_of_reference": "RPRT", "accession_number": "pear-3", "notes": ["ASReview_not_seen"]},
        ]
    )  # fmt: skip
    for text in (columns, notes):
        found = screening_file(text, "f")
        assert found.tool == "ASReview"
        assert found.records[0].decided == (Decided("include", "Ash", "", "good"),)
        assert found.records[0].ids == ("pear-1",)
        assert found.records[0].addresses == ("http://a.test/k.pdf", "http://a.test/l")
        assert found.records[1].decided == (Decided("exclude"),)
        assert (found.records[2].decided, found.records[2].unread) == ((), ())
    assert screening_file(columns, "f").records[3].unread == ("yes",)


def test_covidence_says_its_list_in_the_files_name_and_the_reason_in_a_note() -> None:
    text = table(
        COVIDENCE,
        {"Title": "T", "Accession Number": "pear-1", "Covidence #": "#7", "Notes": "Exclusion reason: Wrong population; Ash: see p. 2"},
    )  # fmt: skip
    found = screening_file(text, "f")
    assert (found.tool, found.records[0].ids, found.records[0].reason) == (
        "Covidence",
        ("pear-1",),
        "Wrong population",
    )
    assert list_of_covidence("review_1_irrelevant_csv_2026.csv") == "exclude --stage title_abstract"
    assert list_of_covidence("x.csv") == list_of_covidence("review_1_screen_csv_1.csv") == ""


@pytest.mark.parametrize(
    ("text", "said"), [("just text\n", "neither CSV nor RIS"), ("title,notes\n", "has no record")]
)
def test_what_is_no_such_file_is_refused(text: str, said: str) -> None:
    with pytest.raises(RequestError, match=said):
        screening_file(text, "f")


# ---------------------------------------------------------------- matching

PEAR = Known(
    {"pear-1": "pear-1", "old-1": "pear-1", "pear-2": "pear-2"},
    {
        "http://a.test/1.pdf": frozenset({"pear-1"}),
        "http://a.test/2.pdf": frozenset({"pear-2"}),
        "http://a.test/list": frozenset({"pear-1", "pear-2"}),
    },
    {"child_k": frozenset({"pear-1"}), "child_q": frozenset({"pear-1", "pear-2"})},
)


def brought(collection: Collection, *rows: str, like: Mark = NONE) -> Imported:
    """What would be marked of records of ASReview: "id address title label"."""
    heads = "id,url,title,asreview_label"
    cells = [dict(zip(heads.split(","), row.split(","), strict=True)) for row in rows]
    return imported(collection.marks, screening_file(table(heads, *cells), "f.csv"), PEAR, like, "f.csv", dry_run=True)  # fmt: skip


def test_a_record_is_matched_by_id_else_by_an_address_of_one_review(read: Collection) -> None:
    found = brought(
        read, "old-1,,x,1", "17,http://a.test/2.pdf,x,0", "9,http://a.test/list,Child K,1"
    )
    assert [(one.review_id, one.decision, one.stage) for one in found.marks] == [
        ("pear-1", "include", "title_abstract"),
        ("pear-2", "exclude", "title_abstract"),
    ]
    assert found.by_address == 1
    (left,) = found.left_out
    assert (left.row, left.title, left.proposed) == (4, "Child K", "pear-1")


def test_a_title_alone_marks_nothing_and_proposes_one_review_or_none(read: Collection) -> None:
    found = brought(read, ",,Child K,1", ",,Child Q,1", ",,Child Z,1")
    assert (found.marks, [one.proposed for one in found.left_out]) == ((), ["pear-1", "", ""])


def test_what_contradicts_itself_is_named_and_not_marked(read: Collection) -> None:
    found = brought(
        read,
        "pear-1,http://a.test/2.pdf,x,1",
        "pear-2,,x,1",
        "pear-2,,x,0",
        like=replace(NONE, reader="Ash"),
    )
    assert found.marks == ()
    assert [one.why for one in found.left_out] == [
        "its id is of pear-1, its address of pear-2",
        "Ash decided otherwise on pear-2 in row 3: neither is marked",
    ]
    assert brought(read, "pear-2,,x,1", "pear-2,,x,1").left_out == ()


def test_who_decides_must_be_clear(read: Collection) -> None:
    with pytest.raises(RequestError, match="says the decision of each record: leave out 'include'"):
        brought(read, "pear-1,,x,1", like=replace(NONE, decision="include"))
    lists = screening_file(
        table(COVIDENCE, {"Covidence #": "#1", "Accession Number": "pear-1"}), "f"
    )
    name = "review_1_excluded_csv_1.csv"
    with pytest.raises(RequestError, match=f"mark import {name} exclude --stage full_text"):
        imported(read.marks, lists, PEAR, NONE, name, dry_run=True)
    with pytest.raises(RequestError, match="an exclusion needs a reason"):
        imported(
            read.marks, lists, PEAR, Mark("", "exclude", stage="full_text"), name, dry_run=True
        )
    plain = screening_file("title,id\nT,pear-1\n", "f")
    with pytest.raises(RequestError, match="says no decision that is known here"):
        imported(read.marks, plain, PEAR, NONE, "f", dry_run=True)


# ---------------------------------------------------------------- there and back


def references(collection: Collection) -> list[dict[str, object]]:
    """The home's references as a tool that reads RIS has them."""
    records = collection.with_abstracts(one.to_json() for one in collection.exported())
    text = "".join(ris.render(Answer(payload=None, records=records, accessed="2026-03-02")))
    return list(rispy.loads(text.replace("\r\n", "\n")))


def test_every_review_finds_home_from_each_tool_by_what_that_tool_keeps(change: Collection) -> None:
    """Rayyan keeps address and notes, Covidence the accession number, ASReview all of it."""
    sent = references(change)
    ids = [str(one["accession_number"]) for one in sent]
    assert sorted(ids) == sorted(
        one.review_id for one in change.reviews()
    )  # one review, one reference
    rayyan = [
        {"key": f"rayyan-{number}", "title": str(one["title"]), "url": str((one.get("urls") or [""])[0]),  # type: ignore[index]
         "notes": " | ".join([*one["notes"], 'RAYYAN-INCLUSION: {"Ash"=>"Included", "Ben"=>"Maybe"}'])}  # type: ignore[misc]
        for number, one in enumerate(sent)
    ]  # fmt: skip
    done = change.import_marks(table(RAYYAN, *rayyan), NONE)
    assert {mark.review_id for mark in done.marks} == set(ids)
    assert len(done.marks) == 2 * len(ids)
    assert (done.left_out, done.by_address) == ((), 0)
    assert len(done.conflicts) == len(ids)  # Ash and Ben differ on each
    again = change.import_marks(table(RAYYAN, *rayyan), NONE)
    assert (again.marks, again.standing) == ((), 2 * len(ids))
    assert len(change.marks.history()) == 2 * len(ids)
    notes_lost = [{**one, "notes": 'RAYYAN-INCLUSION: {"Ash"=>"Excluded"}'} for one in rayyan]
    by_address = change.import_marks(table(RAYYAN, *notes_lost), NONE, dry_run=True)
    files = sum(len(ids) == 1 for ids in reviews_by(change.home, "file_url").values())
    assert 0 < by_address.by_address <= files
    assert by_address.by_address + len(by_address.left_out) == len(ids)
    assert len(change.marks.history()) == 2 * len(ids)
    covidence = [
        {"Title": str(one["title"]), "Accession Number": str(one["accession_number"]), "Covidence #": f"#{number}"}
        for number, one in enumerate(sent)
    ]  # fmt: skip
    like = Mark("", "exclude", "adult", stage="full_text")
    done = change.import_marks(table(COVIDENCE, *covidence), like)
    assert {(one.review_id, one.reader, one.stage) for one in done.marks} == {(key, "", "full_text") for key in ids}  # fmt: skip
    asreview = rispy.dumps(
        [{**one, "notes": ["ASReview_irrelevant", *one["notes"]]} for one in sent]
    )  # type: ignore[misc]
    done = change.import_marks(asreview, Mark("", "", reader="Cy"))
    assert {(one.review_id, one.reader, one.decision) for one in done.marks} == {(key, "Cy", "exclude") for key in ids}  # fmt: skip


def test_a_report_that_two_publishers_have_is_one_reference(
    change: Collection, tmp_path: Path
) -> None:
    before = {str(one["accession_number"]) for one in references(change)}
    file = tmp_path / "child-q-copy.pdf"
    file.write_bytes(small_home.pdf(small_home.REPORT_Q))
    (added,) = change.add(
        [str(file)], publisher="westvale", title="Serious Case Review: Child Q (March 2021)"
    )
    assert added.result == "new"
    q = next(one for one in change.reviews() if "(March 2021)" in (one.title or ""))
    assert len(q.documents) == 3
    assert sorted(str(one["accession_number"]) for one in references(change)) == sorted(before)


def test_an_abstract_has_the_codes_in_words_then_the_reports_own_sentences(
    read: Collection,
) -> None:
    by_title = {str(one["title"]): str(one.get("abstract", "")) for one in references(read)}
    (q,) = (text for title, text in by_title.items() if "(March 2021)" in title)
    assert q.startswith("Coded by rules. Type: Serious Case Review. Age: under 1.")
    assert (
        "Outcome: death. Harm: Neglect; Sudden unexpected death in infancy and unsafe sleep." in q
    )
    assert "From the report: Child Q was a baby of four months" in q
    assert q.endswith("(p. 2)")
    assert "not stated" not in " ".join(by_title.values())
    (w,) = (text for title, text in by_title.items() if "Child W" in title)
    assert "From the report" not in w  # a library's entry: its sentences are its own
