"""`show`, `open`, `export`, `new`, `status`, `sources`, `held` over the small home."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
import rispy

from casereviews.collection.collection import Collection, why_no_page
from casereviews.repository.fields import PUBLISHED
from casereviews.repository.model import Fact, Page
from tests.search_cli.small_home import ABSTRACT, RETRACTED
from tests.search_cli.verbs.conftest import Runner


def test_a_review_is_shown_with_its_documents_and_why_they_are_joined(read: Runner) -> None:
    review = read.review("Child Q (March 2021)")
    lines = read.ok("show", review).splitlines()
    assert lines[:2] == ["Serious Case Review: Child Q (March 2021)", review]
    assert "Outcome               death" in lines
    assert "• Serious Case Review: Child Q (March 2021)  2021-03 · 3 pages · ok" in lines
    assert lines.count("  joined because: files of one card") == 2


def test_a_removed_report_says_so_first(read: Runner) -> None:
    review = read.review("Child R (2019)")
    first = "The publisher has removed this from its list."
    assert read.ok("show", review).splitlines()[0] == first
    assert read.ok("show", review, "--page", "1").splitlines()[0] == first


def test_a_page_is_read_in_place_with_the_link_to_it(read: Runner) -> None:
    review = read.review("Child Q (March 2021)")
    page = read.json("show", review, "--page", "2")
    assert page["url"] == "http://northmoor.test/child-q.pdf#page=2"
    assert "Child Q was a baby of four months" in page["text"]
    beyond = read("show", review, "--page", "9")
    assert (beyond.exit_code, "has 3 pages, no page 9" in beyond.stderr) == (2, True)


def test_a_page_without_text_and_a_document_without_pages_say_why(
    read: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    briefing = read.json("show", read.review("Child Practice Review: Child Q"), "--page", "1")
    assert briefing["url"] == "http://westvale.test/child-q.html"
    entry = read("show", read.review("Child W"), "--page", "1")
    assert (entry.exit_code, "no page 1: no file of it is kept" in entry.stderr) == (2, True)
    report = Collection(read.home).document(read.review("Child Q (March 2021)"))
    unread = replace(report, pages=0, text_status="needs_ocr")
    assert "could not be read (needs ocr)" in why_no_page(unread)
    monkeypatch.setattr("casereviews.index.search.Searcher.page", lambda *_: Page(2, " \n"))
    blank = read.ok("show", read.review("Child Q (March 2021)"), "--page", "2")
    assert blank.endswith("This page has no text: it is empty, or a picture.\n")


def test_why_tells_winners_losers_and_where_they_were_read(read: Runner) -> None:
    rows = read.json("show", read.review("Child Q (March 2021)"), "--why")
    outcome = [row for row in rows if row["field"] == "outcome" and row["page"] == 2]
    assert [(row["value"], row["state"], row["origin"]) for row in outcome] == [
        ("death", "wins", "text")
    ]
    assert "died after unsafe sleep" in outcome[0]["evidence"]
    assert any(row["state"] == "loses" for row in rows)


def test_why_names_the_standing_of_the_evidence_of_a_theme_and_its_weight(read: Runner) -> None:
    review = read.review("Child Q (March 2021)")
    themes = [row for row in read.json("show", review, "--why") if row["field"] == "theme"]
    assert themes
    assert {row["standing"] for row in themes} == {"case"}
    assert {row["weight"] for row in themes} <= {"central", "present"}
    assert "told of this case" in " ".join(read.ok("show", review, "--why").split())


def test_why_tells_all_evidence_with_its_place_and_standing_and_what_was_not_counted(
    read: Runner,
) -> None:
    review = read.review("Child Q (March 2021)")
    rows = read.json("show", review, "--why")
    (sleep,) = (row for row in rows if (row["field"], row["value"], row["page"]) == ("theme", "harm_sudi", 2))  # fmt: skip
    assert {"page", "place", "raw", "sentence", "standing", "counts"} == set(sleep["pieces"][0])
    assert (sleep["pieces"][0]["sentence"], sleep["more"]) == (sleep["evidence"], 0)
    mentions = [row for row in rows if row["field"].startswith("mentioned_")]
    assert {row["state"] for row in mentions} <= {"not_counted", "too_little", "outweighed"}
    documents = {row["document_id"] for row in rows}
    for document in documents:
        told = {row["value"] for row in rows if row["document_id"] == document and row["field"] in ("theme", "touched_theme")}  # fmt: skip
        seen = {row["value"] for row in mentions if row["document_id"] == document and row["field"] == "mentioned_theme"}  # fmt: skip
        assert not told & seen
    assert "told of this case: the child" in read.ok("show", review, "--why")


def test_why_of_one_theme_tells_all_that_was_seen_of_it_and_knows_names_and_ids(
    read: Runner,
) -> None:
    review = read.review("Child Q (March 2021)")
    label = "sudden unexpected death in infancy and unsafe sleep"
    rows = read.json("show", review, "--why-of", label)
    assert {row["value"] for row in rows} == {"harm_sudi"}
    assert rows == read.json("show", review, "--why-of", "harm_sudi")
    assert {row["field"] for row in read.json("show", review, "--why-of", "outcome")} >= {"outcome"}
    none = read("show", review, "--why-of", "harm_hsb")
    assert (none.exit_code, "no words for it were seen" in none.stderr) == (1, True)
    wrong = read("show", review, "--why-of", "harm_sudy")
    assert (wrong.exit_code, "did you mean harm_sudi?" in wrong.stderr) == (2, True)


def test_facts_that_cannot_both_be_true_are_said_where_they_are_shown(
    read: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    review = read.review("Child Q (March 2021)")
    age = Fact("age_months_max", "131", "ten", "text", 0.9, 2, "A boy of ten.", standing="case")
    leaver = Fact("plan_status_ever", "care_leaver", "care leaver", "text", 0.6, 2, "A care leaver.")  # fmt: skip
    monkeypatch.setattr(
        "casereviews.collection.asking.reasons.clashing", lambda _: ((age, leaver),)
    )
    told = " ".join(read.ok("show", review).split())
    assert "! cannot both be true: Age in months, most 131: 10 years (p. 2) and Plan" in told
    ((one, other),) = read.json("show", review)["conflicts"]
    assert (one["field"], one["value"], other["value"]) == ("age_months_max", "131", "care_leaver")


def test_recommendations_have_addressee_and_page(read: Runner) -> None:
    rows = read.json("show", read.review("Child Q (March 2021)"), "--recommendations")
    assert [(row["number"], row["addressee"], row["page"]) for row in rows] == [
        ("1", "partnership", 3),
        ("2", "Northmoor Council", 3),
    ]


def test_a_mistyped_id_is_told_the_nearest(read: Runner) -> None:
    review = read.review("Child Q (March 2021)")
    result = read("show", review[:-1] + ("0" if review[-1] != "0" else "1"))
    assert (result.exit_code, f"did you mean {review}?" in result.stderr) == (2, True)


def test_what_is_held_is_shown_by_held_alone(read: Runner) -> None:
    (row,) = read.json("held")
    assert (row["title"], row["held_since"]) == (
        "Serious Case Review: Child S (January 2026)",
        "2026-02-12T02:00:00Z",
    )
    assert read("show", row["document_id"]).exit_code == 2
    everything = read.ok("export", "--jsonl") + read.ok("new", "--since", "2020-01-01", "--json")
    everything += read.ok("search", "fictional", "--scope", "all", "--json")
    assert "Child S" not in everything
    assert RETRACTED not in everything


def test_open_prints_a_copy_with_its_page_and_the_web_address(read: Runner) -> None:
    review = read.review("Child Q (March 2021)")
    target = read.ok("open", review, "--page", "2", "--print").strip()
    assert target.startswith("file:///")
    assert target.endswith(".pdf#page=2")
    web = read.ok("open", review, "--web", "--print").strip()
    assert web == "http://northmoor.test/child-q.pdf"


def test_open_hands_out_the_text_of_a_web_page_and_never_its_scripts(
    change: Runner, tmp_path: Path
) -> None:
    page = tmp_path / "briefing.html"
    words = "The nursery worker wrote to the health visitor in the autumn, and a month went by. "
    page.write_text(
        f"<html><head><script>document.location='http://127.0.0.1/'</script></head><body><h1>Practice Review: Child W</h1><p onclick='x()'>{words * 9}</p></body></html>",
        "utf-8",
    )
    identifier = change.ok("add", str(page), "--publisher", "Pear Vale Trust").split()[0]
    target = change.ok("open", identifier, "--print").strip()
    assert target.endswith(f"{identifier}.txt")
    text = Path(target.removeprefix("file://")).read_text("utf-8")
    assert words.strip() in text
    assert "<" not in text
    assert "document.location" not in text


def test_an_exported_line_is_the_contract(read: Runner) -> None:
    lines = [json.loads(line) for line in read.ok("export", "--jsonl").splitlines()]
    assert [line["source"] for line in lines] == [
        "eastmere",
        "library",
        "northmoor",
        "northmoor",
        "northmoor",
        "westvale",
    ]
    line = next(line for line in lines if len(line["documents"]) == 2)
    document = line["documents"][0]
    assert {
        "url",
        "landing_url",
        "role",
        "sha256",
        "media_type",
        "pages",
        "text_status",
        "availability",
        "versions",
    } <= set(document)
    assert (document["pages"], document["text_status"], document["versions"]) == (3, "ok", 1)
    assert {"field", "value", "raw", "origin", "evidence", "confidence"} <= set(
        document["facts"][0]
    )
    assert "recommendations" not in document


def test_real_names_leave_the_home_only_when_asked_for(read: Runner) -> None:
    for form in ("--jsonl", "--json", "--csv", "--ris", "--bibtex", "--markdown"):
        assert "Robin Brackenfield" not in read.ok("export", form), form
        assert "Robin Brackenfield" in read.ok("export", form, "--names"), form


@pytest.mark.parametrize("form", ["--jsonl", "--json", "--csv", "--ris", "--bibtex", "--markdown"])
def test_no_export_holds_a_sentence_of_an_abstract(read: Runner, form: str) -> None:
    assert ABSTRACT[:30] not in read.ok("export", form, "--names")


def test_an_anonymous_entry_has_no_place(read: Runner) -> None:
    (entry,) = [
        one
        for one in map(json.loads, read.ok("export", "--jsonl").splitlines())
        if one["source"] == "library"
    ]
    assert entry["anonymous"] == "yes"
    assert not {"areas", "nation", "regions"} & set(entry)
    assert not {"areas", "nation"} & {f["field"] for d in entry["documents"] for f in d["facts"]}


def test_an_export_of_a_search_holds_its_reviews_only(read: Runner) -> None:
    (line,) = read.ok("export", "sofa", "--jsonl").splitlines()
    assert json.loads(line)["review_id"] == read.review("Child Q (March 2021)")
    assert read("export", "zeppelin", "--jsonl").exit_code == 1


def test_an_export_of_a_search_cites_its_pages_and_says_how_it_was_understood(read: Runner) -> None:
    result = read("export", "sofa", "--ris")
    (entry,) = rispy.loads(result.stdout.replace("\r\n", "\n"))
    assert entry["notes"] == [f"casereviews:{entry['id']}", "p. 2"]
    assert entry["access_date"] == "2026/03/01/"
    assert result.stderr.startswith("understood: sofa; adult reviews hidden")
    (row,) = csv.DictReader(io.StringIO(read.ok("export", "sofa", "--csv").lstrip("\ufeff")))
    assert (row["pages"], row["accessed"]) == ("p. 2", "2026-03-01")
    summary = read.ok("export", '"known to services"', "--bibtex")
    assert "note = {p. 1 of Child Q: Executive Summary (March 2021)}" in summary
    assert "pages" not in read.json("export", "sofa")[0]


def test_a_table_of_an_export_is_short_and_names_the_whole_forms(read: Runner) -> None:
    result = read("export")
    assert result.stdout.splitlines()[0].split() == [
        "Review",
        "id",
        "Title",
        "Review",
        "type",
        "Publisher",
        "Published",
    ]
    assert "every column: --csv" in result.stderr


@pytest.mark.parametrize("form", ["csv", "markdown", "atom"])
def test_news_that_are_taken_away_hold_no_real_name(read: Runner, form: str) -> None:
    since = ("new", "--since", "2020-01-01")
    assert "Robin Brackenfield" in read.ok(*since)
    taken = read.ok(*since, f"--{form}")
    assert "Brackenfield" not in taken
    assert "Serious Case Review into the death of" in taken


def test_news_of_an_unknown_source_is_a_mistake_and_not_no_news(read: Runner) -> None:
    result = read("new", "--source", "northmor")
    assert (result.exit_code, "did you mean 'northmoor'?" in result.stderr) == (2, True)


def test_only_addresses_are_opened_and_a_failure_is_told(
    read: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    review = read.review("Child Q (March 2021)")
    opened: list[str] = []
    monkeypatch.setattr("click.launch", lambda url: opened.append(url) or 3)
    result = read("open", review, "--web", "--page", "2")
    assert (result.exit_code, "no program opened it" in result.stderr) == (3, True)
    assert opened == ["http://northmoor.test/child-q.pdf#page=2"]
    hostile = replace(Collection(read.home).document(review), url="java\x1bscript:alert(1)")
    monkeypatch.setattr(Collection, "document", lambda *_: hostile)
    result = read("open", review, "--web")
    assert (result.exit_code, result.stdout, len(opened)) == (2, "javascript:alert(1)\n", 1)


def test_new_tells_the_last_run_or_all_since_a_day(read: Runner) -> None:
    rows = read.json("new")
    assert sorted((row["kind"], row["title"]) for row in rows) == [
        ("held", "(not shown)"),
        ("removed", "(not shown)"),
        ("removed", "Serious Case Review: Child R (2019)"),
    ]
    first = read.json("new", "--since", "2024-01-10", "--kind", "new")
    assert len(first) == 8
    joined = {row["review_id"] for row in first if "Child Q" in row["title"]}
    assert None not in joined
    assert len(joined) == 2
    assert read("new", "--since", "yesterday").exit_code == 2


def test_news_is_a_feed_and_markdown(read: Runner) -> None:
    feed = ElementTree.fromstring(read.ok("new", "--atom"))
    space = {"a": "http://www.w3.org/2005/Atom"}
    assert len(feed.findall("a:entry", space)) == 3
    assert read.ok("new", "--markdown").startswith("## casereviews: what is new\n")


def test_status_tells_yield_newest_and_what_is_held(read: Runner) -> None:
    payload = read.json("status")
    assert payload["totals"]["documents"] == 8
    assert (payload["totals"]["held"], payload["totals"]["indexed"]) == (1, 7)
    rows = {row["source"]: row for row in payload["sources"]}
    assert (rows["northmoor"]["newest"], rows["northmoor"]["documents"]) == ("2021-03", 3)
    assert (rows["westvale"]["newest"], rows["westvale"]["result"]) == ("2022-06", "unchanged")
    assert read("status", "--failing").exit_code == 1


def test_sources_are_listed_by_nation_and_shown_whole(read: Runner) -> None:
    rows = read.json("sources", "list", "--nation", "wales")
    assert rows
    assert {row["nation"] for row in rows} == {"Wales"}
    assert {"id", "publisher", "family", "nation", "status", "result"} <= set(rows[0])
    assert read.json("sources", "show", "hampshire")["areas"] == ["E10000014"]
    wrong = read("sources", "show", "hamshire")
    assert (wrong.exit_code, "did you mean 'hampshire'?" in wrong.stderr) == (2, True)


def test_tables_in_a_pipe_break_no_line(read: Runner) -> None:
    rows = read.json("sources", "list")
    lines = read.ok("sources", "list").splitlines()
    assert len(lines) == len(rows) + 1
    assert all(
        line.startswith(row["id"]) and row["publisher"] in line
        for row, line in zip(rows, lines[1:], strict=True)
    )


def test_the_fields_of_an_exported_review_are_those_of_the_table(read: Runner) -> None:
    lines = read.ok("export", "--jsonl").splitlines()
    exported = {name for line in lines for name in json.loads(line)}
    published = {field.published for field in PUBLISHED if field.level != "file"}
    beside = {"review_id", "documents", "subjects_withheld"}
    assert exported <= published | beside
    assert {"title", "areas", "plan_status", "harms", "landing_url"} & exported
