"""Taking a review, a document or a version out of a home, for good, and proving it.

Record and archive first, so that a kill midway leaves nothing that could come back; then what was derived, of which the rest is
described and resolved again; logs, reports, feeds and corrections. The index is the caller's
(`casereviews.index.build.update(..., purge=True)`): the repository does not know it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from casereviews.repository.canary import Finding, canary
from casereviews.repository.describing.corrections import load_corrections
from casereviews.repository.errors import UnknownId
from casereviews.repository.fields import PUBLISHED
from casereviews.repository.home import Home
from casereviews.repository.model import Page
from casereviews.repository.processing import ocr_folder, process
from casereviews.repository.reading import FolderPageStore
from casereviews.repository.record import Record
from casereviews.repository.record.database import copies_before, scrub
from casereviews.repository.record.derived import Derived
from casereviews.repository.record.withdrawing import (
    Taken,
    take_documents,
    take_version,
    with_copies,
    without,
)
from casereviews.repository.toml_files import remove_entries
from casereviews.repository.vocabulary import Vocabulary, load_vocabulary
from casereviews.repository.whole_files import write_whole

BEYOND_REACH = (
    "backups and copies of this home",
    "exports that were taken away earlier",
    "the publisher's own site and other collections",
)
WORDS_A_PHRASE = 7
LEAST_WORDS = 4
PHRASES = 24
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{5,}\b")
_PLAIN = re.compile(r"\b[a-z]{6,}\b")


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """What was taken out. `touched_ids` are documents that stay and are published anew; `phrases` are runs of words, `words` single
    ones, that only the withdrawn text had, for the canary. `revision_before` is the record's when it began: an index of another
    revision must be compared whole."""

    home: Home
    document_ids: tuple[str, ...]
    review_ids: tuple[str, ...]
    touched_ids: tuple[str, ...]
    sha256s: tuple[str, ...]
    phrases: tuple[str, ...]
    words: tuple[str, ...] = ()
    revision_before: int | None = None
    beyond_reach: tuple[str, ...] = BEYOND_REACH

    def canary(self) -> list[Finding]:
        """Look for the withdrawn bytes and words in every file of the home; an empty list is the proof.

        An index keeps words, not phrases: there the single words are looked for too.
        """
        found = canary(self.home, self.sha256s, self.phrases)
        return [*found, *canary(self.home, (), self.words, within=self.home.index)]


def withdraw(
    home: Home,
    typed: str,
    *,
    reason: str,
    now: str,
    version: int | None = None,
    vocabulary: Vocabulary | None = None,
) -> Withdrawal:
    """Take out what an id names (of a review: all its documents; copies of the same text elsewhere too).

    The caller holds the lock and has the home's vocabulary from it (loaded here when None). What was withdrawn before is cleaned up again: a kill midway is mended by the same call. Raises
    UnknownId when nothing has this id.
    """
    vocabulary = vocabulary or load_vocabulary(home)
    # A broken file is told before anything is taken out.
    load_corrections(home.corrections_toml, vocabulary)
    with Record.open(home, write=True) as record, Derived.open(home, write=True) as derived:
        before = record.revision()
        taken = Taken()
        phrases: list[str] = []
        words: list[str] = []
        if version is not None or not record.was_withdrawn(typed):
            ids, remaining = _named(record, derived, typed, version)
            hashes = _hashes(record, typed, ids, version)
            phrases, words = _phrases(derived, hashes), _words(derived, hashes)
            taken = _take(home, record, ids, remaining, version, reason, now)
        buried = record.buried_hashes()
        _forget(home, record, derived, buried, taken)
        done = process(record, derived, now=now, vocabulary=vocabulary, workers=1)
        phrases, words = _only_here(derived, phrases), _only_here(derived, words)
        scrub(record.engine)
        scrub(derived.engine)
    for copy in (*copies_before(home.record_db), *home.root.glob(f"{home.crawl_memory.name}*")):
        copy.unlink()
    return Withdrawal(
        home,
        tuple(sorted(taken.documents)),
        tuple(sorted(taken.reviews)),
        tuple(sorted((taken.lessened | done.changed) - done.gone)),
        tuple(sorted(taken.hashes or buried)),
        tuple(phrases[:PHRASES]),
        tuple(words[:PHRASES]),
        before,
    )


def _hashes(record: Record, typed: str, ids: Collection[str], version: int | None) -> set[str]:
    """The bytes of the documents, or of one version and what goes with it."""
    hashes = {
        one.sha256
        for key in ids
        for one in record.versions(key)
        if version is None or one.number == version
    }
    if version is not None and not hashes:
        raise UnknownId(f"{typed} has no version {version}")
    return hashes if version is None else record.with_enclosed(hashes)


def _take(
    home: Home,
    record: Record,
    ids: list[str],
    remaining: list[str],
    version: int | None,
    reason: str,
    now: str,
) -> Taken:
    """Out of the record, and out of every file that names it before the record forgets the names."""
    with record.transaction() as c:
        if version is not None:
            (document_id,) = ids
            taken = take_version(c, document_id, version, reason=reason, at=now)
        else:
            taken = take_documents(c, ids, remaining=remaining, reason=reason, at=now)
            taken.lessened |= set(remaining)
        clean_files((home.logs, home.reports, home.feeds), taken.names | taken.reviews)
        without_corrections(home.corrections_toml, taken.documents | taken.reviews)
    return taken


def _named(
    record: Record, derived: Derived, typed: str, version: int | None
) -> tuple[list[str], list[str]]:
    """The documents that an id stands for, and those of their review that stay."""
    found = record.resolve_id(typed)
    members = derived.membership(found)
    if not members:
        known = [one.id for one in record.documents(ids=[found])]
        if not known:
            first = {review: key for key, review in record.review_ids().items()}
            known = [first[found]] if found in first else []
        members = dict.fromkeys(known, "")
        if not members:
            raise UnknownId(f"{typed} names no document that is kept")
    ids = sorted(members)
    if version is not None:
        if len(ids) != 1:
            raise UnknownId(
                f"{typed} has {len(ids)} documents: name the one whose version {version} must go"
            )
        return ids, []
    with record.transaction() as c:
        ids = sorted(with_copies(c, ids))
    review_ids = {derived.review_of(key) for key in ids}
    others = {key for review in review_ids if review for key in derived.membership(review)}
    return ids, sorted(others - set(ids))


def _forget(
    home: Home, record: Record, derived: Derived, buried: Collection[str], taken: Taken
) -> None:
    """Bytes, readings, descriptions, and recognised pages."""
    pages = FolderPageStore(ocr_folder(home))
    for sha256 in buried:
        record.archive.delete(sha256)
        pages.forget(sha256)
    derived.forget_readings(buried)
    derived.forget_documents(taken.documents | taken.lessened)


def _phrases(derived: Derived, hashes: Iterable[str]) -> list[str]:
    """Runs of words from all over the text."""
    found: list[str] = []
    for sha256 in sorted(hashes):
        reading = derived.reading(sha256)
        for page in reading.pages if reading else ():
            found += list(_runs(page))[:3]
    step = max(len(found) // PHRASES, 1)
    return list(dict.fromkeys(found[::step]))[: PHRASES * 2]


def _runs(page: Page) -> Iterator[str]:
    """A run of words from the middle of each of the page's lines; words as printed, one space between them."""
    for line in page.text.splitlines():
        words = line.split(" ")
        if len(words) >= LEAST_WORDS and all(words):
            start = max(len(words) - WORDS_A_PHRASE, 0) // 2
            run = " ".join(words[start : start + WORDS_A_PHRASE])
            if re.fullmatch(r"[ -~]+", run):
                yield run


def _words(derived: Derived, hashes: Iterable[str]) -> list[str]:
    """Names in the text: words with a capital within a sentence, that no vocabulary has."""
    texts = [
        page.text
        for sha256 in hashes
        if (reading := derived.reading(sha256))
        for page in reading.pages
    ]
    names = {name.lower() for text in texts for name in _NAME.findall(text)}
    plain = {word for text in texts for word in _PLAIN.findall(text)}
    known = _vocabulary()
    return sorted(name for name in names - plain if name not in known)


def _vocabulary() -> str:
    """All words of the vocabulary's data and of the model: an index may hold them whatever was withdrawn."""
    folder = resources.files("casereviews.repository.vocabulary")
    texts = [file.read_text("utf-8") for file in folder.iterdir() if file.name.endswith(".csv")]
    return "\n".join([*texts, *(field.published for field in PUBLISHED)]).lower()


def _only_here(derived: Derived, phrases: list[str]) -> list[str]:
    """Phrases or words that no text and no record still kept has: standard sentences prove nothing."""
    left = {phrase: phrase.lower() for phrase in phrases}
    for row in derived.published_fields():
        text = json.dumps(dict(row.fields), ensure_ascii=False).lower()
        left = {phrase: folded for phrase, folded in left.items() if folded not in text}
    for sha256 in sorted(derived.read_hashes()) if left else ():
        reading = derived.reading(sha256)
        text = "\n".join(page.text for page in reading.pages).lower() if reading else ""
        left = {phrase: folded for phrase, folded in left.items() if folded not in text}
        if not left:
            break
    return list(left)


def without_corrections(path: Path, ids: Collection[str]) -> None:
    """Take the corrections of withdrawn ids out of the file: their values and notes speak of what must go."""
    remove_entries(path, "correction", lambda entry: entry.get("id") in ids)


def clean_files(folders: Iterable[Path], names: Collection[str]) -> None:
    """Take what names a withdrawn document out of logs (lines), JSON (entries) and feeds (whole files, made again nightly)."""
    names = {name for name in names if len(name) > 3}
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                _clean_file(path, names)


def _clean_file(path: Path, names: Collection[str]) -> None:
    text = path.read_text("utf-8", errors="replace")
    escaped = {
        name: (name, json.dumps(name)[1:-1], json.dumps(name, ensure_ascii=False)[1:-1])
        for name in names
    }
    if not any(form in text for forms in escaped.values() for form in forms):
        return
    if path.suffix == ".json":
        cleaned = json.dumps(without(json.loads(text), names), ensure_ascii=False, indent=1)
    elif path.suffix in (".atom", ".xml"):
        path.unlink()
        return
    else:
        lines = text.splitlines(keepends=True)
        cleaned = "".join(
            line
            for line in lines
            if not any(f in line for forms in escaped.values() for f in forms)
        )
    write_whole(path, cleaned)
