"""What is withdrawn is gone from every file of the home in the same run, proved by the canary, and never comes back."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from casereviews.repository import withdrawals
from casereviews.repository.canary import ADDRESS_THAT_STAYS, canary, what_to_do
from casereviews.repository.errors import UnknownId
from casereviews.repository.home import Home
from casereviews.repository.processing import process
from casereviews.repository.published_documents import (
    published_documents,
    published_ids,
    shown_review,
)
from casereviews.repository.record import Record, events, withdrawing
from casereviews.repository.record.database import REVISIONS, copy_before
from casereviews.repository.record.derived import Derived
from casereviews.repository.record.tables import event
from casereviews.repository.tombstone_file import TombstoneFile
from tests.repository.nights import BOARD, Nights, at, fetched, link
from tests.repository.test_likeness import NAMED, story

BOTH_STORES = True

SECRET = "the Quillfeather family of Thistledown Rise kept lapwings behind the old"
TITLE = "Child Zephyrine: Serious Case Review"
NAME = "child-zephyrine-quillfeather"


def page(subject: str, sentence: str) -> bytes:
    return (
        f"<html><body><h1>Serious Case Review: {subject}</h1><p>This fictional review says that {sentence} "
        f"mill, and that nobody asked {subject} what daily life was like.</p></body></html>"
    ).encode()


SAID = [
    link("a"),
    link("b"),
    link(NAME, link_text=TITLE, card_text=f"{TITLE}, March 2025", group="z"),
    link("z-briefing", link_text="Child Zephyrine: learning briefing", group="z"),
]
BODIES = {
    "a": page("Child A", "a neighbour of the family in Fernhill kept bees behind the new"),
    "b": page("Child B", "a teacher of the school in Larkdale kept notes behind the large"),
    NAME: page("Child Zephyrine", SECRET),
    "z-briefing": page(
        "Child Zephyrine", "one learning point is to listen to children in the small"
    ),
}


def night(
    record: Record, derived: Derived, day: int, bodies: dict[str, bytes] | None = None
) -> None:
    Nights(record, media_type="text/html").night(day, SAID, bodies)
    process(record, derived, now=at(day), workers=1)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Three reviews, one of them in two documents, and files of the night that name them."""
    home = Home(tmp_path_factory.mktemp("filled") / "home").create()
    with Record.open(home, write=True) as record, Derived.open(home, write=True) as derived:
        night(record, derived, 1, BODIES)
        seen = SAID[2]
        run_id = record.begin_run("refresh", at(2))
        record.record_fetch(run_id, fetched(seen, 2, sha256="1" * 64))
        record.end_run(
            run_id, at(2), "done", {"slowest": [{"url": seen.file_url}, {"url": "http://n.test/a"}]}
        )
    (home.logs / "refresh.log").write_text(f"02:00 stored {seen.file_url}\n02:01 done\n")
    (home.reports / "run.json").write_text(
        json.dumps({"new": [{"title": TITLE}, {"title": "Child A"}]})
    )
    (home.feeds / "new.atom").write_text(f"<feed><entry><title>{TITLE}</title></entry></feed>")
    home.crawl_memory.write_bytes(f"said: {TITLE} {SECRET}".encode())
    copy_before(home.record_db, REVISIONS[-1])
    return home


@pytest.fixture
def copied(filled: Home, tmp_path: Path) -> Home:
    return Home(Path(shutil.copytree(filled.root, tmp_path / "copy")))


def id_of(home: Home, name: str) -> str:
    with Record.open(home) as record:
        return next(one.id for one in record.documents() if f"/{name}.pdf" in (one.file_url or ""))


def test_before_a_withdrawal_the_canary_sings_everywhere(copied: Home) -> None:
    where = {
        one.path.relative_to(copied.root).parts[0]
        for one in canary(copied, [], [SECRET, TITLE, NAME])
    }
    assert where == {
        "archive", "crawl-memory.db", "derived.db", "feeds", "logs", "record.db", f"record.db.before-{REVISIONS[-1]}", "reports",
    }  # fmt: skip


def test_a_withdrawn_review_leaves_no_byte_and_no_word(copied: Home) -> None:
    secret, briefing, kept = id_of(copied, NAME), id_of(copied, "z-briefing"), id_of(copied, "a")
    typed = shown_review(copied, secret).review_id
    hashes = {one.sha256 for one in shown_review(copied, typed).documents}
    done = withdrawals.withdraw(copied, typed, reason="retracted by the board", now=at(3))
    assert done.document_ids == tuple(sorted((secret, briefing)))
    assert (done.review_ids, set(done.sha256s)) == ((typed,), hashes)
    assert any("Quillfeather" in phrase or "lapwings" in phrase for phrase in done.phrases)
    assert done.canary() == []
    assert canary(copied, hashes, [SECRET, "Quillfeather", "Zephyrine", NAME]) == []
    assert published_ids(copied) == {kept, id_of(copied, "b")}
    assert (copied.logs / "refresh.log").read_text() == "02:01 done\n"
    assert json.loads((copied.reports / "run.json").read_text()) == {"new": [{"title": "Child A"}]}
    with Record.open(copied) as record:
        (last, *_) = record.runs()
        assert last.report == {"slowest": [{"url": "http://n.test/a"}]}
        assert {one.kind for one in record.events(document_id=secret)} == {"withdrawn"}
        for gone in (typed, secret, briefing):
            with pytest.raises(
                UnknownId, match="was withdrawn on 2026-03-03: retracted by the board"
            ):
                record.resolve_id(gone)
    assert "backups and copies of this home" in done.beyond_reach


def test_what_was_withdrawn_never_comes_back(copied: Home) -> None:
    secret = id_of(copied, NAME)
    withdrawals.withdraw(copied, secret, reason="retracted", now=at(3))
    reprint = BODIES[NAME].replace(b"<html>", b"<html lang='en'>")
    with Record.open(copied, write=True) as record, Derived.open(copied, write=True) as derived:
        assert record.refuses(SAID[2])
        nights = Nights(record, media_type="text/html")
        moved = link("another-place", link_text="Read the report")
        same_address = nights.night(
            4, SAID, {NAME: b"<html>other bytes at the same address</html>"}
        )
        same_bytes = nights.night(5, [*SAID, moved], {"another-place": BODIES[NAME]})
        assert (same_address.stored[NAME].result, same_bytes.stored["another-place"].result) == (
            "withdrawn", "withdrawn",
        )  # fmt: skip
        assert record.refuses(moved)
        same_text = nights.night(
            6, [*SAID, link("reprint", link_text="Report")], {"reprint": reprint}
        )
        assert same_text.stored["reprint"].result == "new"
        done = process(record, derived, now=at(6), workers=1)
        assert same_text.stored["reprint"].document_id not in done.changed
        assert len(record.documents()) == 3
        assert record.refuses(link("reprint"))
        record.record_fetch(same_text.run_id, fetched(SAID[2], 6))
        assert record.url_state(str(SAID[2].file_url)) is None
    assert canary(copied, [], [SECRET, TITLE, NAME]) == []


def test_the_rest_of_a_review_stays_under_its_id(copied: Home) -> None:
    secret, briefing = id_of(copied, NAME), id_of(copied, "z-briefing")
    typed = shown_review(copied, briefing).review_id
    done = withdrawals.withdraw(copied, secret, reason="names a child", now=at(3))
    assert (done.document_ids, done.review_ids) == ((secret,), ())
    assert briefing in done.touched_ids
    assert [one.document_id for one in shown_review(copied, typed).documents] == [briefing]
    assert done.canary() == []


def test_a_copy_at_another_publisher_goes_with_it(copied: Home) -> None:
    with Record.open(copied, write=True) as record, Derived.open(copied, write=True) as derived:
        nights = Nights(
            record,
            replace(BOARD, id="eastvale", publisher="Eastvale Board"),
            media_type="text/html",
        )
        nights.night(2, "c", {"c": BODIES[NAME]})
        process(record, derived, now=at(2), workers=1)
    copy = id_of(copied, "c")
    done = withdrawals.withdraw(copied, id_of(copied, NAME), reason="retracted", now=at(3))
    assert copy in done.document_ids
    assert done.canary() == []
    assert canary(copied, [], [SECRET]) == []


def test_one_version_goes_and_the_document_stays(copied: Home) -> None:
    with Record.open(copied, write=True) as record, Derived.open(copied, write=True) as derived:
        new = page(
            "Child Zephyrine", "the corrected text names no family and speaks of nobody behind the"
        )
        night(record, derived, 2, {NAME: new})
        assert [(one.version, one.reason[:8]) for one in record.held()] == [(1, "replaced")]
        last = record.events()[-1]
        assert (last.kind, last.version) == ("held", 1)
    secret = id_of(copied, NAME)
    done = withdrawals.withdraw(copied, secret, reason="named a family", now=at(3), version=1)
    assert (done.document_ids, len(done.sha256s)) == ((), 1)
    assert canary(copied, done.sha256s, ["Quillfeather family"]) == []
    (one,) = published_documents(copied, document_ids=[secret])
    assert "corrected text" in "".join(each.text for each in one.pages)
    with Record.open(copied) as record:
        assert record.held() == []
        assert [each.number for each in record.versions(secret)] == [2]
        # The event that goes with the version leaves its id to no other: who asks for what came after it misses nothing.
        assert [(each.kind, each.version) for each in record.events(after=last.id)] == [
            ("withdrawn", 1)
        ]
        assert last.id not in {each.id for each in record.events()}


def test_what_the_version_was_called_goes_with_it(copied: Home) -> None:
    """Its address stays: what stands there now is published under it."""
    with Record.open(copied, write=True) as record, Derived.open(copied, write=True) as derived:
        told = next(one for one in SAID if NAME in str(one.file_url))
        for day, title in (
            (2, "Orlaith Fennimoor: overview report"),
            (3, "Child O: overview report"),
        ):
            body = page(
                "Child O",
                f"the text of day {day} names no family and speaks of the mill behind the",
            )
            said = [replace(one, link_text=title) if one is told else one for one in SAID]
            Nights(record, media_type="text/html").night(day, said, {NAME: body})
            process(record, derived, now=at(day), workers=1)
    secret = id_of(copied, NAME)
    assert canary(copied, [], ["Orlaith"]) != []
    done = withdrawals.withdraw(copied, secret, reason="named a child", now=at(4), version=2)
    assert [*done.canary(), *canary(copied, [], ["Orlaith", "Fennimoor"])] == []
    with Record.open(copied) as record:
        assert record.document(secret).title == "Child O: overview report"
        assert [one.link_text for one in record.all_sightings()[secret]] == [
            "Child O: overview report"
        ]


def test_a_half_that_comes_back_without_its_names_is_held(copied: Home) -> None:
    told = [link("a"), link("b"), link("named")]
    whole = page(
        "Orlaith Fennimoor", "</p><p>".join(NAMED).replace("Rosalind", "Orlaith Fennimoor")
    )
    half = page("A paper for schools", "</p><p>".join(NAMED[12:]).replace("Rosalind", "the child"))
    half = half.replace(b"Pear Vale", b"the town")
    others = {
        name: page(f"Child {name}", f"{story(at, 90)} behind the")
        for at, name in enumerate(("paper-1", "paper-2"))
    }
    with Record.open(copied, write=True) as record, Derived.open(copied, write=True) as derived:
        nights = Nights(record, media_type="text/html")
        nights.night(2, told, {"named": whole})
        process(record, derived, now=at(2), workers=1)
    withdrawals.withdraw(copied, id_of(copied, "named"), reason="x", now=at(3))
    with Record.open(copied, write=True) as record, Derived.open(copied, write=True) as derived:
        said = [*told[:2], link("again", link_text="A paper"), *map(link, others)]
        Nights(record, media_type="text/html").night(4, said, {"again": half, **others})
        process(record, derived, now=at(4), workers=1)
        assert [one.document_id for one in record.held()] == [id_of(copied, "again")]


def moved_and_made_anonymous(home: Home) -> str:
    """Child Zephyrine's report moves to an address without a name, and then loses the name in its text."""
    text = "the text of now names no family and speaks of nobody who kept anything behind the"
    new = page("Child Z", text)
    seen = [one for one in SAID if NAME not in str(one.file_url)]
    at_new = link("review-7", link_text="Child Z: Serious Case Review", group="z")
    with Record.open(home, write=True) as record, Derived.open(home, write=True) as derived:
        nights = Nights(record, media_type="text/html")
        nights.night(2, [*seen, at_new], {"review-7": BODIES[NAME]})
        process(record, derived, now=at(2), workers=1)
        nights.night(3, [*seen, at_new], {"review-7": new})
        process(record, derived, now=at(3), workers=1)
        return next(one.id for one in record.documents() if "review-7.pdf" in (one.file_url or ""))


def test_an_address_at_which_only_a_withdrawn_version_was_goes_with_it(copied: Home) -> None:
    moved = moved_and_made_anonymous(copied)
    assert moved == id_of(copied, "review-7")
    assert {one.where for one in canary(copied, [], [NAME]) if one.path == copied.record_db}
    done = withdrawals.withdraw(copied, moved, reason="named a child", now=at(4), version=1)
    assert (done.document_ids, done.kept_addresses) == ((), ())
    assert [*done.canary(), *canary(copied, [], [NAME, "Quillfeather"])] == []
    with Record.open(copied, write=True) as record, Derived.open(copied, write=True) as derived:
        assert record.document(moved).file_url == "http://northmoor.test/review-7.pdf"
        assert [one.number for one in record.versions(moved)] == [2]
        assert record.refuses(next(one for one in SAID if NAME in str(one.file_url)))
        at_new = link("review-7", link_text="Child Z: Serious Case Review", group="z")
        assert not record.refuses(at_new)
        # The address is no reason to take the whole document out of a record that is restored older.
        stones = TombstoneFile.of(copied).read()[1]
        with record.transaction() as c:
            assert withdrawing.left_of(c, stones, "x", at(5)) is None
        process(record, derived, now=at(5), workers=1)
    assert moved in published_ids(copied)


def test_an_address_of_what_stays_is_told_where_it_names_what_only_the_withdrawn_version_said(
    copied: Home,
) -> None:
    new = page("Child Z", "the corrected text names no family and speaks of nobody behind the")
    told = next(one for one in SAID if NAME in str(one.file_url))
    said = [replace(one, link_text="Child Z", card_text="") if one is told else one for one in SAID]
    said = [one for one in said if one.file_url != SAID[3].file_url]
    secret = id_of(copied, NAME)
    with Record.open(copied, write=True) as record, Derived.open(copied, write=True) as derived:
        Nights(record, media_type="text/html").night(2, said, {NAME: new})
        process(record, derived, now=at(2), workers=1)
    done = withdrawals.withdraw(copied, secret, reason="named a family", now=at(3), version=1)
    assert done.kept_addresses == (told.file_url,)
    (found,) = [one for one in done.canary() if one.where == ADDRESS_THAT_STAYS]
    assert (found.path, found.what) == (copied.record_db, told.file_url)
    assert what_to_do(copied, found).startswith("withdraw the whole document")


def test_a_neutral_address_of_what_stays_is_not_told(copied: Home) -> None:
    new = page("Child A", "the corrected text speaks of nobody in Larkdale behind the")
    with Record.open(copied, write=True) as record, Derived.open(copied, write=True) as derived:
        night(record, derived, 2, {"a": new})
    done = withdrawals.withdraw(
        copied, id_of(copied, "a"), reason="named a family", now=at(3), version=1
    )
    assert (done.kept_addresses, done.canary()) == ((), [])


def test_the_only_version_of_a_document_may_go(copied: Home) -> None:
    only = id_of(copied, "a")
    done = withdrawals.withdraw(copied, only, reason="named a family", now=at(3), version=1)
    assert (done.document_ids, len(done.sha256s), done.canary()) == ((), 1, [])
    with Record.open(copied) as record:
        assert [one.link_text for one in record.all_sightings()[only]] == [SAID[0].link_text]


def test_ids_of_events_that_are_gone_are_given_to_no_later_event(copied: Home) -> None:
    """Also where all that a whole report was told with goes, and nothing is told for a while."""
    with Record.open(copied) as record:
        given = {each.id for each in record.events()}
    for number, name in enumerate((NAME, "a")):
        withdrawals.withdraw(copied, id_of(copied, name), reason="retracted", now=at(3 + number))
        with Record.open(copied, write=True) as record:
            kinds = [each.kind for each in record.events(after=max(given))]
            assert set(kinds) == {"withdrawn"}
            given |= {each.id for each in record.events()}
            with record.transaction() as c:
                events.forget(c, event.c.id > 0)
            assert record.events() == []
            assert record.last_event() == max(given)


@pytest.mark.parametrize(
    ("typed", "version", "message"),
    [("northmoor-zzzzzz", None, "no review or document"), ("a", 7, "has no version 7")],
)
def test_what_cannot_be_withdrawn_is_said_and_nothing_is_touched(
    copied: Home, typed: str, version: int | None, message: str
) -> None:
    before = published_ids(copied)
    with pytest.raises(UnknownId, match=message):
        withdrawals.withdraw(
            copied,
            id_of(copied, "a") if typed == "a" else typed,
            reason="r",
            now=at(3),
            version=version,
        )
    assert published_ids(copied) == before
