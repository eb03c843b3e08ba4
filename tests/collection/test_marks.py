"""Marks: history, stages, readers, many at once, and what a search finds by them."""

import json

import pytest

from casereviews.collection.errors import RequestError
from casereviews.collection.keeping.marks import CONFLICT, Mark, Marks
from casereviews.repository.home import Home

HEAD = "review_id,decision,reason,note,at,stage,reader\n"


@pytest.fixture
def marks(tmp_path, monkeypatch):
    """The marks of a home in which nothing was collected."""
    home = Home(tmp_path)
    clock = iter(f"2026-03-{day:02}T08:00:00Z" for day in range(1, 29))
    monkeypatch.setattr("casereviews.collection.keeping.marks.now", lambda: next(clock))
    return Marks(home, str)


def stands(marks):
    return {(one.review_id, one.stage): one.decision for one in marks.decisions()}


def test_a_changed_mark_keeps_what_it_was_with_reason_and_note(marks):
    marks.put("a", "maybe", note="ask Ben")
    marks.put("a", "exclude", reason="no infant")
    marks.clear("a")
    assert [(m.decision, m.reason, m.note) for m in marks.history("a")] == [
        ("maybe", "", "ask Ben"),
        ("exclude", "no infant", ""),
        ("clear", "", ""),
    ]
    assert marks.all() == {}
    with pytest.raises(RequestError, match="not marked"):
        marks.clear("a")


def test_stages_stand_side_by_side_and_the_last_one_decides(marks):
    marks.put("a", "include", stage="title_abstract")
    marks.put("a", "exclude", stage="full_text", reason="adult")
    marks.put("b", "exclude", stage="title_abstract")
    assert stands(marks) == {
        ("a", "title_abstract"): "include",
        ("a", "full_text"): "exclude",
        ("b", "title_abstract"): "exclude",
    }
    assert {key: mark.decision for key, mark in marks.all().items()} == {
        "a": "exclude",
        "b": "exclude",
    }
    assert marks.values() == {
        "a": ("exclude", "title_abstract_include", "full_text_exclude"),
        "b": ("exclude", "title_abstract_exclude"),
    }
    with pytest.raises(RequestError, match="needs a reason"):
        marks.put("b", "exclude", stage="full_text")
    with pytest.raises(RequestError, match="a stage is"):
        marks.put("b", "include", stage="third")


def test_readers_who_differ_are_told_until_it_is_agreed_and_again_when_one_changes_it(marks):
    marks.put("a", "include", reader="Ash")
    assert stands(marks) == {("a", "full_text"): "include"}
    marks.put("a", "exclude", reader="Ben", reason="adult")
    (conflict,) = marks.conflicts()
    assert [(m.reader, m.decision) for m in conflict.marks] == [
        ("Ash", "include"),
        ("Ben", "exclude"),
    ]
    assert marks.values()["a"] == (CONFLICT, "full_text_conflict")
    marks.put("a", "include")
    assert marks.conflicts() == ()
    assert stands(marks) == {("a", "full_text"): "include"}
    marks.put("a", "exclude", reader="Ben", reason="adult still")
    assert [one.review_id for one in marks.conflicts()] == ["a"]
    marks.clear("a", reader="Ben")
    assert marks.conflicts() == ()


def test_a_file_of_before_is_read_counted_and_kept_as_it_is(marks):
    old = "review_id;decision;reason;note;at;our own\r\na;exclude;Môr;x;2025-01-01T00:00:00Z;kept\r\nb;include;;;;\r\n"
    marks.home.marks_csv.write_text("\ufeff" + old, "utf-8")
    assert marks.all()["a"] == Mark("a", "exclude", "Môr", "x", "2025-01-01T00:00:00Z")
    marks.put("b", "maybe")
    assert [(m.review_id, m.decision) for m in marks.history()] == [
        ("a", "exclude"),
        ("b", "include"),
        ("b", "maybe"),
    ]
    text = marks.home.marks_csv.read_text("utf-8-sig")
    assert text.splitlines()[0] == HEAD.strip() + ",our own"
    assert "kept" in text
    assert {one.box: one.count for one in marks.flow() if not one.reason}["screened"] == 2


@pytest.mark.parametrize("at", ["31/12/2025 10:00", "2031-01-01T00:00:00Z", ""])
def test_no_decision_is_lost_to_a_time_that_is_odd_or_ahead(marks, at):
    marks.home.marks_csv.write_text(f"{HEAD}a,include,,,{at},,\n", "utf-8")
    marks.put("a", "maybe")
    assert marks.all()["a"].decision == "maybe"


def test_a_spreadsheet_that_sorted_the_rows_changes_no_decision(marks):
    rows = ["a,include,,,2026-01-02T00:00:00Z,,", "a,exclude,adult,,2026-01-01T00:00:00Z,,"]
    marks.home.marks_csv.write_text(HEAD + "\n".join(rows) + "\n", "utf-8")
    assert marks.all()["a"].decision == "include"


def test_a_wrong_stage_in_the_file_is_named_with_its_line(marks):
    marks.home.marks_csv.write_text(f"{HEAD}a,include,,,,,\nb,include,,,,second,\n", "utf-8")
    with pytest.raises(RequestError, match="line 3: a stage is"):
        marks.all()


def test_a_withdrawn_review_leaves_with_its_history(marks):
    marks.put("a", "maybe", note="the sofa")
    marks.put("a", "include")
    marks.put("b", "include")
    assert marks.forget({"a"}) == 1
    assert "sofa" not in marks.home.marks_csv.read_text("utf-8-sig")
    assert list(marks.all()) == ["b"]


def test_search_export_and_saved_find_by_mark_and_marked_adults_are_not_hidden(change):
    everything = change.search("", filters={"scope": ["all"]}, limit=None).hits
    adult = next(hit.review_id for hit in everything if hit.fields.get("scope") == "adult")
    child = next(hit.review_id for hit in everything if hit.fields.get("scope") == "child")

    def found(query, **more):
        return {hit.review_id for hit in change.search(query, limit=None, **more).hits}

    assert found("mark:include") == set()
    done = change.marks.put_all([Mark(adult, "include"), Mark(child, "include"), Mark("gone-1", "include")])  # fmt: skip
    assert (len(done.marks), done.unknown) == (2, ("gone-1",))
    assert found("mark:include") == found("", filters={"mark": ["include"]}) == {adult, child}
    assert found("mark:include NOT mark:full_text_include") == set()
    assert adult not in found("mark:unknown")
    assert {one.review.review_id for one in change.exported(change.search("mark:include", limit=None))} == {adult, child}  # fmt: skip
    change.saved.add("ours", "mark:include")
    assert len(change.saved.run("ours").results.hits) == 2
    change.marks.clear(child)
    assert found("mark:include") == {adult}
    assert change.values_of("mark")[0] == "conflict"


def test_many_are_marked_from_a_result_or_none_when_one_is_wrong(change):
    done = change.mark_matching("scope:all", Mark("", "maybe", reader="Ash"))
    assert len(done.marks) == change.search("scope:all").total
    before = change.home.marks_csv.read_bytes()
    with pytest.raises(RequestError, match="needs a reason"):
        change.mark_file(f"review_id,decision\n{done.marks[0].review_id},exclude\n", Mark("", ""))
    assert change.home.marks_csv.read_bytes() == before


def test_a_logged_search_names_all_that_it_found_and_comes_back_as_a_row(change, tmp_path):
    results = change.search("scope:all", limit=1)
    said = change.record_of_search(results).to_json()
    assert len(said["review_ids"]) == results.total > 1
    log = tmp_path / "log.jsonl"
    older = {key: said[key] for key in said if key != "review_ids"}
    log.write_text("\n".join(json.dumps(one) for one in (said, older)) + "\n", "utf-8")
    first, second = change.logged_searches(log)
    assert (first.reviews_found, first.query) == (results.total, "scope:all")
    assert first.review_ids == set(said["review_ids"])
    assert second.review_ids is None
    log.write_text('{"no": "search"}\n', "utf-8")
    with pytest.raises(RequestError, match="line 1"):
        change.logged_searches(log)
