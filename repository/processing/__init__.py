"""After the crawl: read what is new, settle versions, describe, group, and say what is published now.

Every file and every document is committed by itself, so that a kill loses at most one of each; running again completes what
is missing and changes nothing else. Nothing here asks the web.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import takewhile, zip_longest
from pathlib import Path

from casereviews.repository.describing import second_opinion
from casereviews.repository.describing.corrections import Corrections, load_corrections
from casereviews.repository.describing.grouping import JOINED_BY_HAND, GroupingInput, group
from casereviews.repository.home import Home
from casereviews.repository.model import Document, Reading
from casereviews.repository.processing.describing_due import describe_all
from casereviews.repository.processing.publishing import publish_documents
from casereviews.repository.processing.site_furniture import leave_out_repeated
from casereviews.repository.reading import (
    Deadline,
    FolderPageStore,
    Limits,
    ReadJob,
    better_could_read,
    due_at_night,
    read_files,
    waiting_pages,
)
from casereviews.repository.reading.covered import covered_pages
from casereviews.repository.reading.summary import added
from casereviews.repository.record import Record, Version
from casereviews.repository.record.database import scrub
from casereviews.repository.record.derived import Derived
from casereviews.repository.record.packing import content_digest
from casereviews.repository.stopping import checkpoint
from casereviews.repository.vocabulary import Vocabulary, load_vocabulary
from casereviews.repository.whole_files import write_whole

Step = Callable[[str, int, int | None], None]


@dataclass(frozen=True, slots=True)
class Processed:
    """What processing did. `changed` and `gone` are ids of documents whose published form changed or ended.

    `read_again` files were read again with a better reader, `waiting` wait for one of the next nights. `uncovered`: an older
    reader had read text that readers cannot see, so nothing of what was said of the changed documents may be left in a file; also
    where an earlier run that was stopped or killed had read it (`Home.purge_owed`, which who purges the index takes away).
    """

    changed: frozenset[str]
    gone: frozenset[str]
    read: int
    described: int
    failed: Mapping[str, str]
    reviews: int
    revision: int
    read_again: int = 0
    waiting: int = 0
    uncovered: bool = False

    @classmethod
    def of_nothing(cls) -> Processed:
        """There was nothing to process."""
        return cls(frozenset(), frozenset(), 0, 0, {}, 0, 0)

    @classmethod
    def unfinished(cls, record: Record, derived: Derived) -> Processed:
        """What is known when processing was stopped: what stands; the next call completes it, and the index is then compared whole."""
        reviews = {review for review, _ in derived.memberships().values()}
        nothing: frozenset[str] = frozenset()
        return cls(nothing, nothing, 0, 0, derived.failures(), len(reviews), record.revision())


def process(
    record: Record,
    derived: Derived,
    *,
    now: str,
    vocabulary: Vocabulary | None = None,
    progress: Step | None = None,
    workers: int | None = None,
    limits: Limits = Limits(),  # noqa: B008 - frozen
    again: bool = False,
    at_once: bool = False,
) -> Processed:
    """Bring derived.db to what record.db holds; the caller holds the lock.

    `again` reads known files again that this reader could read better, for `limits.again_seconds` at most: the next nights go on.
    `at_once` reads all of them again, also those that this reader ran out of time with, however long it takes.
    `vocabulary` is the home's (`load_vocabulary`; loaded here when None). `progress` is called with ("read" | "described", done,
    total). A run that is asked to stop does so between two files or documents (Stopped), or between two stages. Raises VocabularyError, CorrectionError or
    TomlError when the home's themes, corrections or config.toml are wrong, before anything is changed.
    """
    step = progress or _silent
    vocabulary = vocabulary or load_vocabulary(record.home)
    corrections = load_corrections(record.home.corrections_toml, vocabulary)
    corrections = corrections.renamed(record.merged_documents())
    with_second_opinion = second_opinion.is_wanted(record.home)
    checkpoint()
    published_before = set(derived.published_digests())
    read = 0
    while more := _read(record, derived, step, workers, limits, now):
        read += more
    reread = _Reread()
    if again or at_once:
        reread = _read_again(record, derived, step, workers, limits, now, at_once=at_once)
    owed = _owed(record.home)
    # A reading of scans or with gaps has no hash of its text by which describing would see the change.
    if anew := reread.changed | owed:
        derived.forget_documents({one.id for one in record.documents() if one.sha256 in anew})
    while reread.done and (more := _read(record, derived, step, workers, limits, now)):
        read += more
    checkpoint()
    record.follow_portfolios(_could_be_read(derived), now)
    _settle(record, derived, now)
    leave_out_repeated(record, derived, limits)
    described = describe_all(
        record,
        derived,
        corrections,
        vocabulary,
        step,
        workers,
        with_second_opinion=with_second_opinion,
    )
    derived.learn_theme_shares()
    checkpoint()
    members = _group(record, derived, corrections, now)
    checkpoint()
    changed, gone = publish_documents(record, derived, corrections, members)
    # What was forgotten on the way, as a document that was joined with another, is no more to be found either.
    gone |= published_before - set(derived.published_digests())
    if changed or gone:
        record.raise_revision()
    if owed:
        scrub(derived.engine)
    return Processed(
        frozenset(changed),
        frozenset(gone),
        read,
        described,
        derived.failures(),
        len({review for review, _ in members.values()}),
        record.revision(),
        reread.done,
        reread.left,
        bool(owed),
    )


def _silent(what: str, done: int, total: int | None) -> None:
    """No progress is wanted."""


def _read(
    record: Record, derived: Derived, step: Step, workers: int | None, limits: Limits, now: str
) -> int:
    """Read every file that no reading exists of; each is committed as it comes. Files of portfolios are then unread themselves."""
    known = derived.read_hashes()
    unread = [one for one in _in_turn(record, record.unread_versions()) if one.sha256 not in known]
    there = record.archive.among({one.sha256 for one in unread})
    jobs = {
        one.sha256: ReadJob(one.sha256, record.archive, one.media_type, one.file_name)
        for one in unread
        if one.sha256 in there
    }
    done = 0
    for reading in _readings(record, derived, jobs.values(), workers, limits):
        _keep(record, derived, reading, now)
        done += 1
        step("read", done, len(jobs))
        checkpoint()
    return done


def _in_turn(record: Record, versions: Iterable[Version]) -> Iterator[Version]:
    """A file of each source, then the next of each: where time ends, one with thousands of files has not kept out the others."""
    source_of = {one.id: one.source_id for one in record.documents()}
    of_source: dict[str, list[Version]] = defaultdict(list)
    for version in versions:
        of_source[source_of[version.document_id]].append(version)
    for turn in zip_longest(*of_source.values()):
        yield from (version for version in turn if version is not None)


@dataclass(frozen=True, slots=True)
class _Reread:
    """How many files were read again, how many are left for the next nights, and which of them say something else now."""

    done: int = 0
    left: int = 0
    changed: frozenset[str] = frozenset()


def _read_again(
    record: Record,
    derived: Derived,
    step: Step,
    workers: int | None,
    limits: Limits,
    now: str,
    *,
    at_once: bool,
) -> _Reread:
    """Read kept files again that this reader could read better, while the night's time for it lasts: the current ones first.

    That an older reading showed what its file covers is written down before the new one takes its place: a run that is stopped or
    killed from there on leaves a purge to the next.
    """
    is_due = better_could_read if at_once else due_at_night
    jobs = _known_files(record, {one.sha256 for one in derived.readings() if is_due(one)})
    deadline = Deadline(math.inf if at_once else limits.again_seconds)
    due = takewhile(lambda _: not deadline.passed, jobs.values())
    changed: set[str] = set()
    done = 0
    for reading in _readings(record, derived, due, workers, limits):
        known = derived.reading(reading.sha256)
        left_out = derived.left_out_of(reading)
        stays = bool(known and left_out)
        if not stays and _said(reading) != _said(known):
            changed.add(reading.sha256)
            if covered_pages(reading.detail) is not None:
                owed = {*_owed(record.home), reading.sha256}
                write_whole(record.home.purge_owed, "\n".join(sorted(owed)) + "\n")
        _keep(record, derived, reading, now)
        if known and stays:
            derived.leave_out(reading.sha256, left_out, known.pages, known.detail)
        done += 1
        step("read", done, len(jobs))
    return _Reread(done, len(jobs) - done, frozenset(changed))


def _owed(home: Home) -> set[str]:
    """The files whose covered text an older reader had shown, by SHA-256, until nothing of it is left anywhere."""
    try:
        return set(home.purge_owed.read_text("utf-8", "replace").split())
    except FileNotFoundError:
        return set()


_COULD_BE_READ = ("ok", "partial", "empty", "needs_ocr")


def _could_be_read(derived: Derived) -> set[str]:
    return {key for key, status in derived.reading_statuses().items() if status in _COULD_BE_READ}


def _keep(record: Record, derived: Derived, reading: Reading, now: str) -> None:
    """Keep a reading; the files of a portfolio first, so that a kill in between reads it once more.

    A portfolio in which something was withdrawn leaves no trace.
    """
    if reading.enclosed and record.is_too_deep(reading.sha256):
        detail = added(reading.detail, "too many portfolios around it: its files are not taken out")
        reading = replace(reading, detail=detail, enclosed=())
    if reading.enclosed:
        read = {*_could_be_read(derived), reading.sha256}
        refused = record.keep_enclosed(reading.sha256, reading.enclosed, read, now)
        if refused:
            derived.forget_documents(refused)
            derived.forget_readings([reading.sha256])
            scrub(record.engine, derived.engine)
            return
    derived.save_reading(reading)


def _known_files(record: Record, sha256s: set[str]) -> dict[str, ReadJob]:
    """Those of these files that are kept, by hash: what documents say now, then what they said before."""
    documents = record.documents()
    current = {one.sha256 for one in documents}
    older = sha256s - current
    before = (one for each in documents for one in record.versions(each.id)) if older else ()
    there = record.archive.among(sha256s)
    return {
        one.sha256: ReadJob(one.sha256, record.archive, one.media_type, one.file_name)
        for one in (*documents, *before)
        if one.sha256 in there
    }


def _said(reading: Reading | None) -> str:
    if reading is None:
        return ""
    return content_digest([(page.text, page.raw, page.headings) for page in reading.pages])


def _readings(
    record: Record,
    derived: Derived,
    jobs: Iterable[ReadJob],
    workers: int | None,
    limits: Limits,
) -> Iterator[Reading]:
    """Readings as they come; recognised pages of a scan are kept until all of it is read, and where their lines stand as long as its reading."""
    store = FolderPageStore(ocr_folder(record.home))
    for reading in read_files(jobs, workers=workers, limits=limits, store=store):
        yield reading
        if derived.page_count(reading.sha256):  # it was not refused
            derived.save_lines(reading.sha256, store.pages(reading.sha256))
        if not waiting_pages(reading):
            store.forget(reading.sha256)


def ocr_folder(home: Home) -> Path:
    """Where recognised pages of unfinished scans wait."""
    return home.root / "ocr"


def _settle(record: Record, derived: Derived, now: str) -> None:
    """Say of new bytes whether their text is new; refuse texts that were withdrawn, leaving no trace of them.

    Readings of bytes that were not kept (a page with another nonce, a refused text) go with them.
    """
    versions = record.unread_versions()
    waiting = [version for version in versions if not version.settled]
    if not waiting:
        return
    refused = set(record.refuse_texts(derived.text_hashes({one.sha256 for one in versions}), now))
    if refused:
        derived.forget_documents(refused)
    for document_id in dict.fromkeys(version.document_id for version in waiting):
        if document_id not in refused:
            hashes = {version.sha256 for version in record.versions(document_id)}
            record.settle(document_id, derived.text_hashes(hashes))
    _hold_near_copies(record, derived, {one.document_id for one in waiting} - refused, now)
    derived.forget_readings({one.sha256 for one in waiting} - record.kept_hashes())
    if refused:
        scrub(record.engine, derived.engine)


def _hold_near_copies(
    record: Record, derived: Derived, document_ids: Iterable[str], now: str
) -> None:
    """Hide what is nearly the same as something that was withdrawn, before anything of it is published, until a person decides."""
    if not record.knows_what_was_withdrawn():
        return
    shown = {one.id: one for one in record.documents() if one.visibility == "shown" and one.sha256}
    texts = {
        key: pages
        for key in document_ids
        if key in shown and (pages := _pages(derived, shown[key]))
    }

    def said_by(source_id: str) -> Iterator[str]:
        for key, one in shown.items():
            if one.source_id == source_id and key not in texts:
                yield " ".join(_pages(derived, one))

    record.hold_near_copies(texts, now, said_by)


def _pages(derived: Derived, one: Document) -> list[str]:
    """The text of a document's newest bytes, page by page."""
    reading = derived.reading(one.sha256) if one.sha256 else None
    return [page.text for page in reading.pages] if reading else []


def _group(
    record: Record, derived: Derived, corrections: Corrections, now: str
) -> dict[str, tuple[str, str]]:
    """Group all documents and give every group its review id; document id -> (review id, reason).

    Nothing is grouped again while descriptions and joining corrections are those that the groups were made of.
    """
    portfolios = record.portfolios()
    by_hand = corrections.joining.renamed(record.first_documents())
    digest = _grouped_from(derived, by_hand, portfolios)
    if derived.grouped_from() == digest:
        return derived.memberships()
    groups = group(
        list(derived.groupings(GroupingInput)),
        same=by_hand.same,
        apart=by_hand.apart,
        enclosed=sorted(portfolios.items()),
    )
    ids = record.assign_reviews([one.members for one in groups], now)
    reasons = {
        member: link.reason
        for one in groups
        for link in sorted(one.links, key=lambda link: link.reason == JOINED_BY_HAND)
        for member in (link.a, link.b)
    }
    members = {
        key: (review, reasons.get(key, "first of its review")) for key, review in ids.items()
    }
    derived.save_groups(members, digest)
    return members


def _grouped_from(derived: Derived, by_hand: Corrections, portfolios: Mapping[str, str]) -> str:
    """A hash of all that grouping looks at."""
    looked_at = [sorted(derived.described().items()), by_hand.same, by_hand.apart]
    return content_digest([*looked_at, portfolios] if portfolios else looked_at)
