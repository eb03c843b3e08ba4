"""A home that the version of commit 24f162f made: opened, searched, refreshed, and nothing that people or boards said is lost.

`homes/of_24f162f.tar.xz` is that home (a fictional board's list of four files, one night, two corrections, two marks, a saved
search, one review withdrawn), `homes/of_24f162f.jsonl` what that version exported of it.
"""

from __future__ import annotations

import json
import tarfile
from pathlib import Path

import pytest

from casereviews import Collection
from casereviews.crawler.options import CrawlOptions
from casereviews.crawler.sources.source import Source
from casereviews.index.errors import NoIndex
from casereviews.repository.errors import UnknownId
from casereviews.repository.record import Record
from tests.crawler.server import Answer, serving

HOMES = Path(__file__).parent / "homes"
EXPORTED = [
    json.loads(line) for line in (HOMES / "of_24f162f.jsonl").read_text("utf-8").splitlines()
]
HOST = "northmoor.casereviews.test"
SOURCE = Source(
    "northmoor",
    "Northmoor Safeguarding Partnership",
    "England",
    "listing",
    (f"http://{HOST}/reviews/",),
    (HOST,),
    areas=("E10000014",),
)
LINKS = {
    "/files/child-q.pdf": ("Child Q", "Serious Case Review: Child Q (March 2021)"),
    "/files/child-q-summary.pdf": ("Child Q", "Child Q: Executive Summary (March 2021)"),
    "/files/child-r.pdf": ("Child R", "Serious Case Review: Child R (June 2019)"),
    "/files/child-t.pdf": ("Child T", "Serious Case Review: Child T (May 2020)"),
}
WITHDRAWN = "northmoor-xpzh7p"
NOW = "2026-03-02T02:00:00Z"


@pytest.fixture
def old(tmp_path, monkeypatch):
    monkeypatch.setenv("CASEREVIEWS_NOW", NOW)
    with tarfile.open(HOMES / "of_24f162f.tar.xz") as packed:
        if hasattr(tarfile, "data_filter"):
            packed.extractall(tmp_path / "home", filter="data")
        else:  # Python 3.11 before 3.11.4
            packed.extractall(tmp_path / "home")
    with Collection(tmp_path / "home") as collection:
        yield collection


def list_page() -> str:
    parts, last = [], ""
    for path, (heading, text) in LINKS.items():
        parts += [f"<h3>{heading}</h3>"] if heading != last else []
        parts.append(f'<p><a href="{path}">{text}</a></p>')
        last = heading
    inner = "".join(parts)
    return f"<html><body><main><h1>Published case reviews</h1>{inner}</main></body></html>"


def refreshed(collection):
    """The next night over the same site, which still lists the withdrawn report."""
    with Record.open(collection.home) as record:
        kept = {
            one.file_url: record.archive.path(one.sha256).read_bytes()
            for one in record.documents()
            if one.sha256
        }
    routes = {"/reviews/": Answer(list_page())} | {
        path: Answer(
            kept.get(f"http://{HOST}{path}", b"%PDF-1.4\n% offered again"),
            media_type="application/pdf",
        )
        for path in LINKS
    }
    with serving(routes) as site:
        options = CrawlOptions(resolve={HOST: site.host}, delay=0.01, now=NOW)
        return collection.refresh_from([SOURCE], options)


AGES = ("age_months_min", "age_months_max")
# What the rules of that version read otherwise than those of today.
READ_ANEW = {"themes", "central_themes", "harms", "agencies", "sex"}
FACTS_ANEW = {"theme", "harm", "fatal_class", "agency", "sex", "title", "parallel_process"}


def said(review):
    """A review's line of an export, without what a night moves; its ages were texts then."""
    line = {key: value for key, value in review.items() if key not in {"documents", "facts"}}
    line |= {name: int(line[name]) for name in AGES if name in line}
    return line | {
        "documents": {
            one["document_id"]: (
                one["url"],
                one["sha256"],
                one["role"],
                one["published"],
                one["versions"],
            )
            for one in review["documents"]
        },
        "facts": sorted(
            (one["field"], one["value"], one["origin"])
            for document in review["documents"]
            for one in document["facts"]
            # the day of the last night, and what is worked out when it is read
            if one["field"] not in {"seen", "central_theme", "touched_theme"}
        ),
    }


def kept(line):
    """What rules of another version do not change: ids, documents, dates, outcomes, what people said."""
    same = {key: value for key, value in line.items() if key not in READ_ANEW}
    facts = [one for one in line["facts"] if one[0] not in FACTS_ANEW or one[2] == "manual"]
    return same | {"facts": facts}


def exported(collection):
    return [said(one.to_json()) for one in collection.exported()]


def test_its_record_is_read_before_anything_is_written(old):
    assert exported(old) == [said(one) for one in EXPORTED]
    marks = {one.review_id: (one.decision, one.reason) for one in old.marks.all().values()}
    assert marks == {
        "northmoor-xstb6d": ("include", "an infant"),
        "northmoor-t0rntz": ("exclude", "a toddler"),
    }
    assert list(old.saved.all()) == ["sleep"]


def test_its_index_is_refused_with_what_to_do_and_never_breaks(old):
    with pytest.raises(NoIndex, match=r"rebuild|refresh"):
        old.search("sleep")


@pytest.mark.slow
def test_a_night_keeps_ids_facts_corrections_marks_and_withdrawals(old):
    done = refreshed(old)
    assert [one.result for one in done.report.sources] == ["unchanged"]
    assert [kept(one) for one in exported(old)] == [kept(said(one)) for one in EXPORTED]
    assert old.review("northmoor-xstb6d").field("sex") == "girl"  # corrected by hand
    assert {one.review_id for one in old.marks.all().values()} == {
        one["review_id"] for one in EXPORTED
    }
    hits = old.search('"unsafe sleep"').hits
    assert [hit.review_id for hit in hits] == ["northmoor-xstb6d"]
    assert [hit.review_id for hit in old.saved.run("sleep").results.hits] == ["northmoor-xstb6d"]


def test_what_was_withdrawn_stays_away_though_its_list_names_it_still(old):
    refreshed(old)
    assert WITHDRAWN not in {one["review_id"] for one in EXPORTED}
    with pytest.raises(UnknownId):
        old.review(WITHDRAWN)
    assert old.search('"child t" OR quillfeather').hits == ()


@pytest.mark.slow
def test_its_files_are_read_again_once_which_is_told_and_the_next_night_has_nothing_to_do(old):
    first = refreshed(old).report.processed
    assert (first.read_again, first.waiting) == (3, 0)
    done = refreshed(old)
    assert (done.report.processed.read_again, done.report.processed.waiting) == (0, 0)
    assert (done.report.processed.read, done.report.processed.described) == (0, 0)
    assert done.report.processed.changed == frozenset()
