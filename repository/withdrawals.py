"""Taking a review, a document or a version out of a home, for good, and proving it.

What is to go is worked out and written down first (`withdrawal_journal`), so that a kill at any point leaves a withdrawal that is told as
unfinished and that the next command finishes: every step may be done twice. Then record, tombstones outside it and archive; then what
was derived, of which the rest is described and resolved again; logs, reports, feeds and corrections. The index is the caller's
(`casereviews.index.build.update(..., purge=True)`): the repository does not know it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from urllib.parse import unquote, urlsplit

from casereviews.repository import likeness
from casereviews.repository.canary import ADDRESS_THAT_STAYS, Finding, canary
from casereviews.repository.describing import second_opinion
from casereviews.repository.describing.corrections import (
    JOINING,
    Corrections,
    load_corrections,
)
from casereviews.repository.describing.grouping import GroupingInput, group
from casereviews.repository.describing.grouping.agreement import label_keys
from casereviews.repository.describing.resolve import resolve
from casereviews.repository.describing.titles.case_names import (
    everyday_words,
    first_names,
    is_name,
)
from casereviews.repository.errors import UnknownId
from casereviews.repository.fields import PUBLISHED
from casereviews.repository.home import Home
from casereviews.repository.left_behind import LeftBehind
from casereviews.repository.processing import ocr_folder, process
from casereviews.repository.reading import FolderPageStore
from casereviews.repository.record import Record, tombstones
from casereviews.repository.record.case_names import plainly, says, years_said
from casereviews.repository.record.database import copies_before, scrub
from casereviews.repository.record.derived import Derived
from casereviews.repository.record.outcome import Leaving
from casereviews.repository.record.withdrawing import with_copies, without
from casereviews.repository.sealed_databases import has_record
from casereviews.repository.tombstone_file import TombstoneFile
from casereviews.repository.toml_files import changing_toml, read_entries, remove_places
from casereviews.repository.vocabulary import Vocabulary, load_vocabulary
from casereviews.repository.whole_files import write_whole
from casereviews.repository.withdrawal_journal import Journal, end

BEYOND_REACH = (
    "backups and copies of this home",
    "exports that were taken away earlier",
    "the publisher's own site and other collections",
)
STORES = {
    "record.db": {
        "document": "rows go; names leave the titles and addresses of others",
        "document_address": "rows go; a hash of each stays as a tombstone",
        "document_alias": "rows go",
        "version": "rows go, also of copies elsewhere",
        "sighting": "rows go; names leave what is said of others, and a saying on the case's own page goes",
        "page": "stays: pages are known by a digest of their address",
        "fetch": "rows of its files, its own pages and addresses that name it go",
        "url_state": "as fetch",
        "event": "rows go; names leave addresses and reasons of others",
        "run": "what names it leaves the reports",
        "source_run": "names leave the reasons",
        "source_state": "names leave the reasons",
        "source": "says nothing of documents",
        "meta": "addresses of changing parameters lose its path",
        "review_id": "handed on to what stays of the review, else buried",
        "review_alias": "rows go",
        "tombstone": "stays: digests, ids, reason, date",
    },
    "derived.db": {
        "reading": "rows go",
        "page": "rows go",
        "web_text": "rows go",
        "recognised_lines": "rows go",
        "compared": "a digest: says nothing of documents",
        "description": "rows go; those of touched documents are made again",
        "document_view": "rows go; those of touched documents are made again",
        "review_member": "made again",
        "grouped": "made again",
        "theme_shares": "counts of themes: says nothing of documents",
    },
    "pages.db": {
        "documents": "rows go",
        "pages": "rows go",
        "columns": "made again",
        "words": "those that no segment has go",
        "meta": "says nothing of documents",
    },
    "similar.db": {"document": "rows go", "mention": "rows go"},
    "crawl-memory.db": dict.fromkeys(("pages", "robots", "requests"), "the whole file goes"),
}
"""Every table of a home, and what a withdrawal does with it; the files are in `canary.WHAT_TO_DO`."""

WORDS_A_PHRASE = 7
LEAST_WORDS = 4
PHRASES = 24
LEAST_LETTERS = 5
"""Of a word that is looked for in every byte: four letters stand somewhere by chance."""

LEAST_NAME, LEAST_NAME_LETTERS = 8, 3
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{5,}\b")
_LETTERS = re.compile(r"[^\W\d_]+")
_FULL_NAME = re.compile(r"\b([A-Z][a-z]{2,}) ([A-Z][a-z]{3,})\b")
_PLAIN = re.compile(r"\b[a-z]{6,}\b")


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """What was taken out. `touched_ids` are documents that stay and are published anew; `phrases` are runs of words, `words` single
    names, that only the withdrawn text had, `names` its titles and addresses, for the canary. `revision_before` is the record's
    when it began (None: unknown): an index of another revision must be compared whole. `kept_addresses` are those of documents that stay
    which name what only a withdrawn version said. `left` is what servers still hold of it, until when."""

    home: Home
    document_ids: tuple[str, ...]
    review_ids: tuple[str, ...]
    touched_ids: tuple[str, ...]
    sha256s: tuple[str, ...]
    phrases: tuple[str, ...]
    words: tuple[str, ...] = ()
    revision_before: int | None = None
    beyond_reach: tuple[str, ...] = BEYOND_REACH
    names: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    kept_addresses: tuple[str, ...] = ()
    left: tuple[LeftBehind, ...] = ()

    def canary(self) -> list[Finding]:
        """Look for the withdrawn bytes, words, names and addresses in every file of the home; an empty list is the proof.

        Single words are not looked for in the files of other reports, whose text was compared, nor in a sentence model.
        """
        found = [
            Finding(self.home.record_db, ADDRESS_THAT_STAYS, one) for one in self.kept_addresses
        ]
        found += canary(self.home, self.sha256s, (*self.phrases, *self.names))
        aside = (self.home.archive, self.home.root / "models")
        return [*found, *canary(self.home, (), self.words, but=aside)]


def withdraw(
    home: Home,
    typed: str,
    *,
    reason: str,
    now: str,
    version: int | None = None,
    vocabulary: Vocabulary | None = None,
) -> Withdrawal:
    """Take out what an id names (of a review: all its documents; copies of the same text elsewhere too), index and marks aside.

    The caller holds the lock and has the home's vocabulary from it (loaded here when None). What was withdrawn before is cleaned up
    again. Raises UnknownId when nothing has this id.
    """
    vocabulary = vocabulary or load_vocabulary(home)
    journal = begin(home, typed, reason=reason, now=now, version=version, vocabulary=vocabulary)
    done = carry_out(home, journal, vocabulary)
    end(home)
    return done


@dataclass(frozen=True, slots=True)
class ToWithdraw:
    """What a withdrawal would take out, to be shown before it is asked for: a document's title, publisher and address."""

    document_id: str
    title: str
    publisher: str
    address: str


def to_withdraw(home: Home, typed: str, version: int | None = None) -> tuple[ToWithdraw, ...]:
    """The documents that a withdrawal of an id would take out; none when it was withdrawn before. Raises UnknownId."""
    with Record.open(home, unfinished=True) as record, Derived.open(home) as derived:
        if version is None and record.was_withdrawn(typed):
            return ()
        ids, _ = _named(record, derived, typed, version)
        _hashes(record, typed, ids, version)
        sources = record.sources()
        return tuple(
            ToWithdraw(
                one.id,
                one.title or one.file_name or "Untitled",
                sources[one.source_id].publisher,
                one.file_url or "",
            )
            for one in record.documents(ids=ids)
        )


def begin(
    home: Home,
    typed: str,
    *,
    reason: str,
    now: str,
    version: int | None = None,
    vocabulary: Vocabulary,
    marks: Mapping[str, str] | None = None,
) -> Journal:
    """Work out what goes with an id and write it down: from here on the withdrawal is unfinished until it is carried out.

    `marks` are ids that people marked -> the ids that they lead to now. What was withdrawn before gives a journal without documents: all
    is cleaned again. Raises UnknownId when nothing has this id.
    """
    # A broken file is told before anything is taken out.
    corrections = load_corrections(home.corrections_toml, vocabulary)
    second_opinion.is_wanted(home)
    with Record.open(home, write=True) as record, Derived.open(home, write=True) as derived:
        if version is None and record.was_withdrawn(typed):
            journal = Journal(reason=reason, at=now, documents=())
        else:
            ids, remaining = _named(record, derived, typed, version)
            _hashes(record, typed, ids, version)
            heirs = _heirs(record, derived, corrections, ids, remaining)
            leaving = (
                Leaving(ids, (), remaining, reason, now, heirs)
                if version is None
                else Leaving((), ((ids[0], version),), (), reason, now)
            )
            journal = _journal(record, derived, leaving, marks or {})
    journal.write(home)
    return journal


def caught_up(home: Home, *, now: str) -> Journal | None:
    """Make the record and the tombstones outside it agree: what stands in one is added to the other.

    When the record still holds what was withdrawn (it was restored, or begun anew and filled again), the withdrawal begins again:
    its journal is returned, to be carried out. The caller holds the lock.
    """
    file = TombstoneFile.of(home)
    if not has_record(home) and not file.digest():
        return None
    with Record.open(home, write=True) as record:
        if record.knows_tombstones(file.digest()):
            return None
        leaving = record.left_to_take(file, now)
        if leaving is None:
            record.share_tombstones(file)
            return None
        with Derived.open(home, write=True) as derived:
            journal = _journal(record, derived, leaving, {})
    journal.write(home)
    return journal


def carry_out(
    home: Home, journal: Journal, vocabulary: Vocabulary, *, resumed: bool = False
) -> Withdrawal:
    """Do all that a journal says, but for index, marks and copies: again when it was done in part. The caller holds the lock.

    `resumed`: another command began it, so that nothing is known of the index.
    """
    with Record.open(home, write=True) as record, Derived.open(home, write=True) as derived:
        before = None if resumed else record.revision()
        record.take_out(journal, TombstoneFile.of(home))
        names = {*journal.names, *journal.reviews}
        clean_files((home.logs, home.reports, home.feeds), {*names, *journal.words})
        gone = {*journal.documents, *journal.reviews}
        without_corrections(home.corrections_toml, gone, dict(journal.heirs))
        buried = record.buried_hashes()
        _forget(home, record, derived, buried, {*journal.documents, *journal.lessened})
        done = process(record, derived, now=journal.at, vocabulary=vocabulary, workers=1)
        gone_files = tuple(sorted(journal.hashes or buried))
        left = (
            *scrub(record.engine, derived.engine),
            *record.archive.left_behind(gone_files),
        )
    for copy in (*copies_before(home.record_db), *home.root.glob(f"{home.crawl_memory.name}*")):
        copy.unlink()
    return Withdrawal(
        home,
        journal.documents,
        journal.reviews,
        tuple(sorted(({*journal.lessened} | done.changed) - done.gone)),
        gone_files,
        journal.phrases,
        journal.words,
        before,
        names=journal.sought,
        marks=journal.marks,
        kept_addresses=journal.kept_addresses,
        left=left,
    )


def _journal(
    record: Record, derived: Derived, leaving: Leaving, marks: Mapping[str, str]
) -> Journal:
    """All that a withdrawal takes out, tried and taken back, and by what it will be known again."""
    taken = record.would_take(leaving)
    key = record.withdrawal_key(TombstoneFile.of(record.home))
    hashes = sorted(taken.hashes)
    staying = _Staying(record, derived, {*taken.hashes}, taken.documents)
    strong = staying.lack(_strong_names(derived, taken.said, taken.documents))
    texts = list(_texts(derived, hashes))
    full = staying.lack(_full_names(texts))
    redacted = sorted({*strong, *full})
    single = set(staying.lack(_words(texts)))
    words = {*redacted, *(single - staying.said_of(single))}
    phrases = staying.lack(_phrases(texts))
    unsure = staying.said_of([one for one in phrases if not says(one, plainly(redacted))])
    sketches = []
    for key_of in sorted({*taken.documents, *(one for one, _ in leaving.versions)}):
        source_id = record.document(key_of).source_id
        for kind, runs_of in tombstones.RUNS.items():
            common: set[str] | None = None
            for sha256 in sorted(taken.by_document.get(key_of, ())):
                if text := _whole_text(derived, sha256):
                    if common is None:
                        common = staying.runs(source_id, runs_of, key)
                    sketch = likeness.sketch_of(runs_of(text, key), common)
                    sketches.append((kind, source_id, key_of, sketch))
        if key_of in taken.documents:
            sketches.append(("names", source_id, key_of, likeness.case_names(strong, key)))
            labels = _labels(derived, key_of) - staying.labels(source_id)
            nameless = {one for one in labels if not says(one, plainly(strong))}
            years = {year for text in taken.said for year in years_said(text)}
            said = likeness.case_labels(nameless, years, key)
            sketches.append(("label", source_id, key_of, said))
    return Journal(
        reason=leaving.reason,
        at=leaving.at,
        documents=tuple(sorted(taken.documents)),
        versions=leaving.versions,
        remaining=tuple(leaving.remaining),
        heirs=leaving.heirs,
        reviews=tuple(sorted(taken.reviews)),
        lessened=tuple(sorted(taken.lessened)),
        hashes=tuple(hashes),
        names=tuple(sorted(taken.names)),
        sought=tuple(sorted(staying.lack(_telling(taken.names - taken.documents, strong)))),
        words=tuple(sorted(word for word in words if len(word) >= LEAST_LETTERS)),
        redacted=tuple(redacted),
        phrases=tuple([one for one in phrases if one not in unsure][:PHRASES]),
        marks=tuple(sorted(one for one, now in marks.items() if now in taken.reviews)),
        key=key,
        digests=tuple(one for one in sketches if one[3]),
        kept_addresses=tuple(_naming(taken.kept_addresses, staying, [*taken.said, *texts])),
    )


def _naming(addresses: Collection[str], staying: _Staying, texts: Collection[str]) -> list[str]:
    """Of addresses that stay those with a name that of all texts only these have."""
    spoken = [(one, unquote(urlsplit(one).path).lower()) for one in sorted(addresses)]
    words = {word for text in texts for word in _LETTERS.findall(text) if spoken}
    hidden = {
        word.lower()
        for word in words
        if word[0].isupper()
        and len(word) >= LEAST_NAME_LETTERS
        and any(word.lower() in path for _, path in spoken)
        and is_name(word, capitals=word.isupper())
    }
    told = staying.lack_in_texts(hidden)
    names = plainly(told)
    long = [word for word in told if len(word) >= LEAST_LETTERS]
    return [one for one, path in spoken if says(path, names) or any(word in path for word in long)]


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


def _named(
    record: Record, derived: Derived, typed: str, version: int | None
) -> tuple[list[str], list[str]]:
    """The documents that an id stands for, and those of their review that stay."""
    found = record.resolve_id(typed)
    members = derived.membership(found)
    if not members:
        known = [one.id for one in record.documents(ids=[found])]
        if not known:
            first = record.first_documents()
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


def _heirs(
    record: Record,
    derived: Derived,
    corrections: Corrections,
    ids: Collection[str],
    remaining: Collection[str],
) -> tuple[tuple[str, str], ...]:
    """For each of `ids` the document that stays of its review, "" where none does: one of its own case by the rules before one that
    people joined to it, so that both stay joined."""
    if not remaining:
        return ()
    by_rules: dict[str, tuple[str, ...]] = {}
    joining = corrections.joining
    if joining.all:
        now = {**record.merged_documents(), **record.first_documents()}
        groups = group(
            list(derived.groupings(GroupingInput)),
            apart=joining.renamed(now).apart,
            enclosed=sorted(record.portfolios().items()),
        )
        by_rules = {member: one.members for one in groups for member in one.members}
    heirs = []
    for key in sorted(ids):
        review = derived.review_of(key)
        family = set(derived.membership(review) if review else ()) & set(remaining)
        near = by_rules.get(key, ())
        heirs.append((key, min(family, key=lambda one: (one not in near, one), default="")))
    return tuple(heirs)


def _forget(
    home: Home,
    record: Record,
    derived: Derived,
    buried: Collection[str],
    document_ids: Collection[str],
) -> None:
    """Bytes, readings, descriptions, and recognised pages."""
    pages = FolderPageStore(ocr_folder(home))
    for sha256 in buried:
        record.archive.delete(sha256)
        pages.forget(sha256)
    derived.forget_readings(buried)
    derived.forget_documents(document_ids)


class _Staying:
    """What stays in the home, against which is held what only the withdrawn text had."""

    def __init__(
        self, record: Record, derived: Derived, hashes: set[str], documents: set[str]
    ) -> None:
        self.record, self.derived, self.hashes = record, derived, hashes
        self.rows = rows = [one for one in record.documents() if one.id not in documents]
        self.by_source: dict[str, set[str]] = {}
        for one in rows:
            for each in record.versions(one.id):
                self.by_source.setdefault(one.source_id, set()).add(each.sha256)
        publishers = [json.dumps(info.publisher) for info in record.sources().values()]
        own = [text for one in rows for text in (one.title, unquote(one.file_url or "")) if text]
        self.said = "\n".join([*own, *publishers]).lower()

    def lack(self, wanted: Iterable[str]) -> list[str]:
        """What no text, title, address or publisher that stays has: standard sentences prove nothing."""
        return self.lack_in_texts(one for one in wanted if one.lower() not in self.said)

    def lack_in_texts(self, wanted: Iterable[str]) -> list[str]:
        """What no text that stays has, whatever titles and addresses say."""
        left = {one: one.lower() for one in dict.fromkeys(wanted)}
        for sha256 in sorted(self.derived.read_hashes() - self.hashes) if left else ():
            reading = self.derived.reading(sha256)
            text = "\n".join(page.text for page in reading.pages).lower() if reading else ""
            left = {one: folded for one, folded in left.items() if folded not in text}
            if not left:
                break
        return list(left)

    def said_of(self, some: Collection[str]) -> set[str]:
        """Of words and phrases those that pages say: a title's line may stand on another's card."""
        text = self.record.all_said().lower() if some else ""
        return {one for one in some if one.lower() in text}

    def labels(self, source_id: str) -> frozenset[str]:
        """The labels that a source gives to others: they do not tell which case is meant."""
        ids = (one.id for one in self.rows if one.source_id == source_id)
        return frozenset(label for key in ids for label in _labels(self.derived, key))

    def runs(self, source_id: str, runs_of: tombstones.RunsOf, key: str) -> set[str]:
        """The digests of the runs of words of all that a publisher has beside what goes."""
        found: set[str] = set()
        for sha256 in self.by_source.get(source_id, set()) - self.hashes:
            found |= runs_of(_whole_text(self.derived, sha256), key)
        return found


def _telling(names: Iterable[str], strong: Collection[str]) -> Iterator[str]:
    """Of titles and addresses what is looked for: titles that have a name of the case ("Overview report" is anybody's), addresses, and
    the names of files and pages in them, as an address may be written otherwise."""
    hides = plainly(strong)
    for name in names:
        if name.startswith(("http://", "https://")):
            yield name
            name = unquote(urlsplit(name).path.rstrip("/").rpartition("/")[2])
            if "." in name and len(name) >= LEAST_NAME:
                yield name
        if len(name) >= LEAST_NAME and says(name, hides):
            yield name


def _strong_names(
    derived: Derived, said: Iterable[str], document_ids: Collection[str]
) -> Iterator[str]:
    """The names by which pages and titles call the case: "Rosalind", "Quillfeather"; lower case."""
    labels = {
        str(label)
        for row in derived.published_fields(document_ids)
        for label in (*_listed(row.fields.get("subjects")), str(row.fields.get("title", "")))
    }
    for key in document_ids:
        labels |= {*_described(derived, key, "subject_labels"), *_described(derived, key, "title")}
    for text in {*said, *labels}:
        capitals = text.isupper()
        for word in re.findall(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*", text):
            if len(word) >= LEAST_NAME_LETTERS and is_name(word, capitals=capitals):
                yield word.lower()


def _labels(derived: Derived, document_id: str) -> frozenset[str]:
    """The labels of a document's case, in the form in which they are compared: "child q"."""
    return label_keys(_described(derived, document_id, "subject_labels"))


def _described(derived: Derived, document_id: str, field: str) -> tuple[str, ...]:
    """What a field of a document's description says, also while it is held and nothing of it is published."""
    found = resolve(derived.description_of(document_id).facts).get(field)
    return found.values if found else ()


def _listed(value: object) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else (str(value),) if value else ()


def _full_names(texts: Iterable[str]) -> Iterator[str]:
    """First and last names that stand side by side in the text; lower case."""
    for text in texts:
        for first, last in _FULL_NAME.findall(text):
            if first.lower() in first_names() and is_name(last):
                yield from (first.lower(), last.lower())


def _texts(derived: Derived, hashes: Iterable[str]) -> Iterator[str]:
    """The pages of files."""
    for sha256 in hashes:
        if reading := derived.reading(sha256):
            yield from (page.text for page in reading.pages)


def _whole_text(derived: Derived, sha256: str) -> str:
    reading = derived.reading(sha256)
    return " ".join(page.text for page in reading.pages) if reading else ""


def _phrases(texts: Iterable[str]) -> list[str]:
    """Runs of words from all over the text."""
    found = [run for text in texts for run in list(_runs(text))[:3]]
    step = max(len(found) // PHRASES, 1)
    return list(dict.fromkeys(found[::step]))[: PHRASES * 2]


def _runs(text: str) -> Iterator[str]:
    """A run of words from the middle of each of a page's lines; words as printed, one space between them."""
    for line in text.splitlines():
        words = line.split(" ")
        if len(words) >= LEAST_WORDS and all(words):
            start = max(len(words) - WORDS_A_PHRASE, 0) // 2
            run = " ".join(words[start : start + WORDS_A_PHRASE])
            if re.fullmatch(r"[ -~]+", run):
                yield run


def _words(texts: Collection[str]) -> list[str]:
    """Names in the text: words with a capital within a sentence, that no vocabulary has; lower case."""
    names = {name.lower() for text in texts for name in _NAME.findall(text)}
    plain = {word for text in texts for word in _PLAIN.findall(text)}
    known = _vocabulary()
    found = (name for name in names - plain if name not in known and name not in everyday_words())
    return sorted(found)[: PHRASES * 4]


def _vocabulary() -> str:
    """All words of the vocabulary's data and of the model: an index may hold them whatever was withdrawn."""
    folder = resources.files("casereviews.repository.vocabulary")
    texts = [file.read_text("utf-8") for file in folder.iterdir() if file.name.endswith(".csv")]
    return "\n".join([*texts, *(field.published for field in PUBLISHED)]).lower()


def without_corrections(path: Path, ids: Collection[str], heirs: Mapping[str, str]) -> None:
    """Take the corrections of withdrawn ids out of the file: their values and notes speak of what must go.

    A join of a withdrawn document becomes, without its note, one of that which has its review's ids now (`heirs`).
    """
    gone: list[int] = []
    changed: list[tuple[int, dict[str, str]]] = []
    for place, entry in enumerate(read_entries(path, "correction")):
        sides = ("id", "value") if entry.get("field") in JOINING else ("id",)
        named = {side: heirs.get(entry[side], "") for side in sides if entry.get(side) in ids}
        ends = {named.get(side, entry.get(side)) for side in sides}
        if named and (entry["field"] != "same_as" or "" in ends or len(ends) < 2):
            gone.append(place)
        elif named:
            changed.append((place, named))
    if changed:
        with changing_toml(path) as document:
            for place, named in changed:
                document["correction"][place].update(named)
                document["correction"][place].pop("note", None)
    remove_places(path, "correction", gone)


def clean_files(folders: Iterable[Path], names: Collection[str]) -> None:
    """Take what names a withdrawn document out of logs (lines), JSON (entries) and feeds (whole files, made again nightly)."""
    names = {name for name in names if len(name) > 3}
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                _clean_file(path, names)


def _clean_file(path: Path, names: Collection[str]) -> None:
    text = path.read_text("utf-8", errors="replace")
    forms = {
        form.lower()
        for name in names
        for form in (name, json.dumps(name)[1:-1], json.dumps(name, ensure_ascii=False)[1:-1])
    }

    def says(some: str) -> bool:
        folded = some.lower()
        return any(form in folded for form in forms)

    if not says(text):
        return
    if path.suffix == ".json":
        cleaned = json.dumps(without(json.loads(text), names), ensure_ascii=False, indent=1)
    elif path.suffix in (".atom", ".xml"):
        path.unlink()
        return
    else:
        lines = text.splitlines(keepends=True)
        cleaned = "".join(line for line in lines if not says(line))
    write_whole(path, cleaned)
