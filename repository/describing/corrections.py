"""What people say against the rules: a TOML file in the home that is edited by hand or by `correct`, shared, and kept.

    [[correction]]
    id = "northmoor-7k3f9q"        # a review or a document
    field = "review_type"
    value = "lcspr"                # "" = unknown, whatever the rules say
    note = "The cover says so."
    made = "2026-03-01"

Fields `same_as` and `not_same_as` take another id: they join two documents into one review, or part them. A later
correction of the same field wins over an earlier one. New ones are appended, so that people's own comments stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from casereviews.repository.describing.dates import read_date
from casereviews.repository.errors import CorrectionError, TomlError, VocabularyError
from casereviews.repository.fields import DESCRIBED
from casereviews.repository.home import Home
from casereviews.repository.model import Fact
from casereviews.repository.toml_files import add_entry, read_toml
from casereviews.repository.vocabulary import PACKAGED, Vocabulary, load_vocabulary
from casereviews.repository.vocabulary.authorities import area_named, areas_by_name, authorities
from casereviews.repository.vocabulary.codes import CODES, nearest, plain_name
from casereviews.repository.vocabulary.themes import PREFIX_OF_GROUP

JOINING = ("same_as", "not_same_as")
MOST_LETTERS = 1000
"""Letters of a text, such as a title: as many as one that a list or a person gives may have."""
_THEME_ID = re.compile(rf"(?:{'|'.join(PREFIX_OF_GROUP.values())})[a-z0-9_]+")
_KEYS = frozenset({"id", "field", "value", "note", "made"})


@dataclass(frozen=True, slots=True)
class Correction:
    """One thing a person said of a review or document; `made` is an ISO day."""

    id: str
    field: str
    value: str
    note: str = ""
    made: str = ""


@dataclass(frozen=True, slots=True)
class Corrections:
    """All corrections of a home, in the order of the file."""

    all: tuple[Correction, ...] = ()

    def facts_for(self, *ids: str) -> tuple[Fact, ...]:
        """Manual facts for what is known by any of `ids` (a document's id, its review's id and older ids); one per field, the latest."""
        latest = {one.field: one for one in self.all if one.id in ids and one.field not in JOINING}
        return tuple(
            Fact(
                one.field, one.value, one.value, "manual", 1.0, evidence=one.note, rule="correction"
            )
            for one in latest.values()
        )

    @property
    def same(self) -> tuple[tuple[str, str], ...]:
        """Pairs of ids that people joined (and did not part later)."""
        return self._pairs("same_as")

    @property
    def apart(self) -> tuple[tuple[str, str], ...]:
        """Pairs of ids that people parted (and did not join later)."""
        return self._pairs("not_same_as")

    def _pairs(self, field: str) -> tuple[tuple[str, str], ...]:
        latest: dict[tuple[str, str], str] = {}
        for one in self.all:
            if one.field in JOINING:
                latest[(min(one.id, one.value), max(one.id, one.value))] = one.field
        return tuple(pair for pair, said in latest.items() if said == field)


def load_corrections(path: Path, vocabulary: Vocabulary = PACKAGED) -> Corrections:
    """The corrections of a file; none when it is not there. `vocabulary` has the themes that a message may suggest.

    Raises CorrectionError naming file, entry and the nearest right value when an entry is wrong.
    """
    try:
        content = read_toml(path)
    except TomlError as error:
        raise CorrectionError(str(error)) from error
    entries = content.get("correction", [])
    if not isinstance(entries, list) or set(content) - {"correction"}:
        raise CorrectionError(
            f"{path}: only [[correction]] entries are known; write each correction as one"
        )
    return Corrections(
        tuple(
            _entry(entry, f"{path}, correction {number}", vocabulary)
            for number, entry in enumerate(entries, 1)
        )
    )


def corrections_of(home: Home) -> Corrections:
    """The corrections of a home for what only reads: with a wrong `themes.csv`, by the packaged themes."""
    try:
        vocabulary = load_vocabulary(home)
    except VocabularyError:
        vocabulary = PACKAGED
    return load_corrections(home.corrections_toml, vocabulary)


def add_correction(
    path: Path,
    id: str,
    field: str,
    value: str,
    *,
    note: str = "",
    made: str = "",
    vocabulary: Vocabulary = PACKAGED,
) -> Correction:
    """Check a correction and append it to the file at `path`, which is made when missing.

    The id is the caller's to check. Raises CorrectionError when field or value is wrong.
    """
    load_corrections(path, vocabulary)  # a broken file is told before anything is added to it
    value = checked(field, value, vocabulary)
    correction = Correction(id, field, value, " ".join(note.split()), made)
    said = {key: text for key, text in asdict(correction).items() if text or key == "value"}
    add_entry(path, "correction", said, opening=_OPENING)
    return correction


def checked(field: str, value: str, vocabulary: Vocabulary = PACKAGED) -> str:
    """The value in the form that is kept: codes (of themes, harms and agencies also by their label), ISO dates, names of areas.

    Raises CorrectionError with the nearest right value.

    An empty value is allowed for every field: it says that the rules are wrong and nothing is known.
    """
    value = " ".join(value.split())
    if field in JOINING:
        if not value:
            raise CorrectionError(f"{field} needs the id of the other document or review")
        return value
    # What was seen, and what protects people, is not for correcting.
    known = [name for name, each in DESCRIBED.items() if not each.fixed]
    if field not in known:
        raise CorrectionError(
            f"there is no field {field!r} to correct{_perhaps(field, [*known, *JOINING])}"
        )
    if not value:
        return ""
    if field in CODES:
        return _codes(field, value)
    if field in ("theme", "central_theme", "touched_theme", "harm", "agency"):
        return _themes(field, value, vocabulary)
    if field == "areas":
        return _areas(value)
    form = DESCRIBED[field].form
    if form == "date":
        return _date(field, value)
    if form == "number" and not re.fullmatch(r"\d{1,4}", value):
        raise CorrectionError(f"{field} is a whole number, not {value!r}")
    if form == "list":
        return "|".join(part.strip() for part in value.split("|") if part.strip())
    if len(value) > MOST_LETTERS:
        raise CorrectionError(f"{field} has {len(value):,} letters: write at most {MOST_LETTERS:,}")
    return value


def _codes(field: str, value: str) -> str:
    parts = value.split("|") if DESCRIBED[field].form == "list" else [value]
    codes = []
    for part in parts:
        if part.strip() not in CODES[field]:
            raise CorrectionError(
                f"{part.strip()!r} is no value of {field}{_perhaps(part, list(CODES[field]))}; it can be {', '.join(CODES[field])}"
            )
        codes.append(part.strip())
    return "|".join(dict.fromkeys(codes))


def _themes(field: str, value: str, vocabulary: Vocabulary) -> str:
    """Ids, each said by itself or by its label; an id in the right form stays, though a theme of this home was taken away."""
    labels = vocabulary.labels(field)
    named = {plain_name(name): code for code, label in labels.items() for name in (label, code)}
    found = []
    for part in value.split("|"):
        code = named.get(plain_name(part), part)
        if code not in labels and not _THEME_ID.fullmatch(code):
            raise CorrectionError(f"{part.strip()!r} is no {field}{_perhaps(part, labels)}")
        found.append(code)
    return "|".join(dict.fromkeys(found))


def _areas(value: str) -> str:
    names: list[str] = []
    for part in value.split("|"):
        area = area_named(part)
        if area is None:
            raise CorrectionError(
                f"{part.strip()!r} is no area we know{_perhaps(part, [name.title() for name in areas_by_name()])}"
            )
        names += [authorities()[code].name for code in area.gss if code in authorities()] or [
            area.name
        ]
    return "|".join(dict.fromkeys(names))


def _date(field: str, value: str) -> str:
    found = read_date(value) or (
        read_date(f"{value}-01") if re.fullmatch(r"\d{4}-\d{2}", value) else None
    )
    if found is None:
        raise CorrectionError(
            f"{value!r} is no date for {field}: write 2021, 2021-03, 2021-03-17 or 17 March 2021"
        )
    iso = found[0]
    return iso[:7] if re.fullmatch(r"\d{4}-\d{2}", value) else iso


def _entry(entry: object, where: str, vocabulary: Vocabulary) -> Correction:
    if (
        not isinstance(entry, dict)
        or set(entry) - _KEYS
        or not {"id", "field", "value"} <= set(entry)
    ):
        raise CorrectionError(f"{where}: an entry has id, field, value, and may have note and made")
    if not all(isinstance(value, str) for value in entry.values()):
        raise CorrectionError(f"{where}: every value is written in quotes")
    try:
        value = checked(entry["field"], entry["value"], vocabulary)
    except CorrectionError as error:
        raise CorrectionError(f"{where}: {error}") from None
    return Correction(
        entry["id"], entry["field"], value, entry.get("note", ""), entry.get("made", "")
    )


def _perhaps(word: str, choices: Iterable[str]) -> str:
    close = nearest(word, list(choices))
    return f": did you mean {close!r}?" if close else ""


_OPENING = """# Corrections: what people say against the rules. Every entry wins over what was read, and survives `rebuild`.
# Edit by hand or with `casereviews correct ID field=value --note "why"`; take an entry out to undo it.
"""
