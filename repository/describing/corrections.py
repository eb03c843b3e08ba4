"""What people say against the rules: a TOML file in the home that is edited by hand or by `correct`, shared, and kept.

    [[correction]]
    id = "northmoor-7k3f9q"        # a review or a document
    field = "review_type"
    value = "lcspr"                # "" = unknown, whatever the rules say
    note = "The cover says so."
    made = "2026-03-01"

What came back from a coded project has its evidence beside it: `evidence` (the passage), `page`, `start` and `end` (offsets in the page's
text), and `by` (who coded it).

A field that holds several values may be changed by one: `field = "theme+"` adds, `field = "theme-"` takes out, and what the rules
find beside it stays. Fields `same_as` and `not_same_as` take another id: they join two reviews whole, or part two documents. A later
correction of the same field wins over an earlier one. New ones are appended, so that people's own comments stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from casereviews.repository.describing.dates import EARLIEST, before, read_date
from casereviews.repository.describing.resolve import ADDED, TAKEN_OUT
from casereviews.repository.errors import CorrectionError, TomlError, VocabularyError
from casereviews.repository.fields import DESCRIBED
from casereviews.repository.home import Home
from casereviews.repository.model import Fact
from casereviews.repository.toml_files import (
    add_entries,
    add_entry,
    read_toml,
    remove_places,
)
from casereviews.repository.vocabulary import PACKAGED, Vocabulary, load_vocabulary
from casereviews.repository.vocabulary.authorities import area_named, areas_by_name, authorities
from casereviews.repository.vocabulary.codes import CODES, close_to, labels_of, nearest, plain_name
from casereviews.repository.vocabulary.themes import PREFIX_OF_GROUP

JOINING = ("same_as", "not_same_as")
MOST_LETTERS = 1000
"""Letters of a text, such as a title: as many as one that a list or a person gives may have."""
OLDEST_MONTHS = 120 * 12
_AGES = ("age_months_min", "age_months_max")
_THEME_ID = re.compile(rf"(?:{'|'.join(PREFIX_OF_GROUP.values())})[a-z0-9_]+")
EVIDENCE = ("evidence", "page", "start", "end", "by")
_KEYS = frozenset({"id", "field", "value", "note", "made", *EVIDENCE})
_NUMBER = re.compile(r"\d{0,9}")


@dataclass(frozen=True, slots=True)
class Correction:
    """One thing a person said of a review or document; `made` is an ISO day.

    `evidence` is the passage that says so, from `start` to `end` in the text of `page` (numbers in words, "" where unknown), and `by` whoever coded it: of what
    came back from a coded project alone.
    """

    id: str
    field: str
    value: str
    note: str = ""
    made: str = ""
    evidence: str = ""
    page: str = ""
    start: str = ""
    end: str = ""
    by: str = ""

    def to_json(self) -> dict[str, str]:
        """The correction as `correct --json` has it: evidence only where there is some."""
        said = asdict(self)
        return {key: said[key] for key in said if said[key] or key not in EVIDENCE}


@dataclass(frozen=True, slots=True)
class Corrections:
    """All corrections of a home, in the order of the file."""

    all: tuple[Correction, ...] = ()

    def facts_for(self, *ids: str) -> tuple[Fact, ...]:
        """Manual facts for what is known by any of `ids` (a document's id, its review's id and older ids).

        Of a field's whole values the latest is one fact; each single value that was added or taken out since is another, told by
        its rule (`resolve.ADDED`, `resolve.TAKEN_OUT`; what was taken out is in `raw`).
        """
        said: dict[str, dict[str, Correction]] = {}
        for one in self.all:
            if one.id in ids and one.field not in JOINING:
                name, change = parted_field(one.field)
                if not change:
                    said[name] = {"": one}
                else:
                    for value in one.value.split("|"):
                        said.setdefault(name, {})[value] = replace(one, value=value)
        return tuple(
            fact for changes in said.values() for fact in map(_manual_fact, changes.values())
        )

    def renamed(self, now: Mapping[str, str]) -> Corrections:
        """The same corrections under the ids that ids lead to now; what `now` does not name stays."""
        return Corrections(
            tuple(
                replace(
                    one,
                    id=now.get(one.id, one.id),
                    value=now.get(one.value, one.value) if one.field in JOINING else one.value,
                )
                for one in self.all
            )
        )

    @property
    def joining(self) -> Corrections:
        """Those that join or part."""
        return Corrections(tuple(one for one in self.all if one.field in JOINING))

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


def parted_field(field: str) -> tuple[str, str]:
    """The name of a field and what is done with one of its values: "+" for added, "-" for taken out, "" for the whole of it."""
    name = field.strip()
    return (name[:-1].strip(), name[-1]) if name[-1:] in ("+", "-") else (name, "")


def _manual_fact(one: Correction) -> Fact:
    name, change = parted_field(one.field)
    return Fact(
        name,
        "" if change == "-" else one.value,
        one.value,
        "manual",
        1.0,
        int(one.page) if one.page else None,
        evidence=one.evidence or one.note,
        rule={"": "correction", "+": ADDED, "-": TAKEN_OUT}[change],
    )


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
    corrections = Corrections(
        tuple(
            _entry(entry, f"{path}, correction {number}", vocabulary)
            for number, entry in enumerate(entries, 1)
        )
    )
    for identifier in dict.fromkeys(one.id for one in corrections.all if one.field in _AGES):
        try:
            ages_in_order({fact.field: fact.value for fact in corrections.facts_for(identifier)})
        except CorrectionError as error:
            raise CorrectionError(f"{path}, {identifier}: {error}") from None
    return corrections


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
    standing: Mapping[str, str] | None = None,
) -> Correction:
    """Check a correction and append it to the file at `path`, which is made when missing.

    The ids are the caller's to check. `standing` are the other fields of what is corrected, as they are published: no age is corrected to
    a least above the most. Raises CorrectionError when field or value is wrong.
    """
    load_corrections(path, vocabulary)  # a broken file is told before anything is added to it
    value = checked(field, value, vocabulary, made=made)
    field = "".join(parted_field(field))
    if field in _AGES:
        ages_in_order({**(standing or {}), field: value})
    correction = Correction(id, field, value, " ".join(note.split()), made)
    add_entry(path, "correction", _written(correction), opening=_OPENING)
    return correction


def add_corrections(path: Path, checked_ones: Iterable[Correction]) -> None:
    """Append corrections that were checked (`checked`), all or none. Raises TomlError when the file cannot be read."""
    add_entries(path, "correction", map(_written, checked_ones), opening=_OPENING)


def _written(one: Correction) -> dict[str, str]:
    return {key: text for key, text in asdict(one).items() if text or key == "value"}


def take_back(path: Path, one: Correction, vocabulary: Vocabulary = PACKAGED) -> None:
    """Take a correction out of the file, as it was loaded of it; where it stands twice, the later one."""
    entries = load_corrections(path, vocabulary).all
    places = [place for place, entry in enumerate(entries) if entry == one]
    remove_places(path, "correction", places[-1:])


def refuse_contradiction(said: Sequence[Correction], now: Mapping[str, str]) -> None:
    """Raise CorrectionError when the last of `said`, which joins or parts, cannot stand beside those before it.

    `now` are ids -> the documents that they lead to. Joins make chains: a is b and b is c, so a is c, whoever said that it is not.
    """
    joining = [one for one in said if one.field in JOINING]
    by_document = Corrections(tuple(joining)).renamed(now)
    last = by_document.all[-1]
    chain = {last.id, last.value}
    while more := {key for pair in by_document.same if chain & set(pair) for key in pair} - chain:
        chain |= more
    for pair in by_document.apart:
        if not set(pair) <= chain or not _connected(pair, by_document.same):
            continue
        field = "same_as" if last.field == "not_same_as" else "not_same_as"
        against = [
            one
            for one, shown in zip(joining, by_document.all, strict=True)
            if one.field == field
            and one is not joining[-1]
            and ({shown.id, shown.value} == set(pair) or (field == "same_as" and shown.id in chain))
        ]
        told = "; ".join(f"{one.id} {one.field}={one.value}" for one in against)
        raise CorrectionError(
            f"{joining[-1].id} {last.field}={joining[-1].value} cannot stand beside {told}: take that back first with "
            f"`casereviews correct --undo {against[-1].id} {against[-1].field}={against[-1].value}`"
        )


def _connected(pair: tuple[str, str], same: Sequence[tuple[str, str]]) -> bool:
    reached = {pair[0]}
    while more := {key for one in same if reached & set(one) for key in one} - reached:
        reached |= more
    return pair[1] in reached


def checked(
    field: str,
    value: str,
    vocabulary: Vocabulary = PACKAGED,
    *,
    made: str = "",
    kept: bool = False,
) -> str:
    """The value in the form that is kept: codes (of themes, harms and agencies also by their label), ISO dates, names of areas.

    `made` is the day on which it is said (ISO): a date lies not after it. `kept`: it stands in a file, and may name a theme that the
    home has no more. Raises CorrectionError with the nearest right value.

    An empty value is allowed for every field: it says that the rules are wrong and nothing is known.
    """
    value = " ".join(value.split())
    if field in JOINING:
        if not value:
            raise CorrectionError(f"{field} needs the id of the other document or review")
        return value
    field, change = parted_field(field)
    # What was seen, and what protects people, is not for correcting.
    known = [name for name, each in DESCRIBED.items() if not each.fixed]
    if field not in known:
        raise CorrectionError(
            f"there is no field {field!r} to correct{_perhaps(field, [*known, *JOINING])}"
        )
    if change and not (DESCRIBED[field].several or DESCRIBED[field].form == "list"):
        raise CorrectionError(
            f"{field} has one value: write {field}=VALUE instead of {field}{change}=VALUE"
        )
    if change and not value:
        raise CorrectionError(f"{field}{change}= needs the value that is added or taken out")
    if not value:
        return ""
    if field in CODES:
        return _codes(field, value)
    if field in ("theme", "harm", "agency"):
        return _themes(field, value, vocabulary, kept=kept)
    if field == "areas":
        return _areas(value)
    form = DESCRIBED[field].form
    if form == "date":
        return _date(field, value, made)
    if form == "number":
        return _months(field, value)
    if form == "list" or change:
        return "|".join(part.strip() for part in value.split("|") if part.strip())
    if len(value) > MOST_LETTERS:
        raise CorrectionError(f"{field} has {len(value):,} letters: write at most {MOST_LETTERS:,}")
    return value


def _months(field: str, value: str) -> str:
    if not re.fullmatch(r"\d{1,4}", value) or int(value) > OLDEST_MONTHS:
        raise CorrectionError(
            f"{field} is a whole number of months, 0 to {OLDEST_MONTHS} (120 years), not {value!r}"
        )
    return str(int(value))


def ages_in_order(ages: Mapping[str, str]) -> None:
    """Raises CorrectionError when the least age is above the most."""
    least, most = (ages.get(name) or "" for name in _AGES)
    if least and most and int(least) > int(most):
        raise CorrectionError(
            f"age_months_min {least} is above age_months_max {most}: correct the other first, or leave it empty"
        )


def _codes(field: str, value: str) -> str:
    """Codes, each said by itself or by its label ("serious harm")."""
    named = {plain_name(name): code for code, name in labels_of(field).items()}
    named |= {plain_name(code): code for code in CODES[field]}
    parts = value.split("|") if DESCRIBED[field].form == "list" else [value]
    codes = []
    for part in parts:
        code = named.get(plain_name(part))
        if code is None:
            raise CorrectionError(
                f"{part.strip()!r} is no value of {field}{_perhaps(part, list(CODES[field]))}; it can be {', '.join(CODES[field])}"
            )
        codes.append(code)
    return "|".join(dict.fromkeys(codes))


def _themes(field: str, value: str, vocabulary: Vocabulary, *, kept: bool) -> str:
    """Ids, each said by itself or by its label; in a file an id in the right form stays, though a theme of this home was taken away."""
    labels = vocabulary.labels(field)
    named = {plain_name(name): code for code, label in labels.items() for name in (label, code)}
    found = []
    for part in value.split("|"):
        code = named.get(plain_name(part), part)
        if code not in labels and not (kept and _THEME_ID.fullmatch(code)):
            near = dict.fromkeys(
                one if one in labels else named[plain_name(one)]
                for one in close_to(part, [*labels, *labels.values()], most=4)
            )
            hint = f"did you mean {' or '.join(map(repr, list(near)[:3]))}?"
            hint = hint if near else f"it can be {', '.join(sorted(labels))}"
            raise CorrectionError(f"{part.strip()!r} is no {field}: {hint}")
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


def _date(field: str, value: str, made: str) -> str:
    found = read_date(value) or (
        read_date(f"{value}-01") if re.fullmatch(r"\d{4}-\d{2}", value) else None
    )
    if found is None:
        raise CorrectionError(
            f"{value!r} is no date for {field}: write 2021, 2021-03, 2021-03-17 or 17 March 2021, from {EARLIEST} on"
        )
    iso = found[0][:7] if re.fullmatch(r"\d{4}-\d{2}", value) else found[0]
    if made and before(made, iso):
        raise CorrectionError(
            f"{iso} is later than {made}, the day on which it is said: {field} lies between {EARLIEST} and then"
        )
    return iso


def _entry(entry: object, where: str, vocabulary: Vocabulary) -> Correction:
    if (
        not isinstance(entry, dict)
        or set(entry) - _KEYS
        or not {"id", "field", "value"} <= set(entry)
    ):
        raise CorrectionError(
            f"{where}: an entry has id, field, value, and may have note, made, evidence, page, start, end, by"
        )
    if not all(isinstance(value, str) for value in entry.values()):
        raise CorrectionError(f"{where}: every value is written in quotes")
    try:
        made = entry.get("made", "")
        value = checked(entry["field"], entry["value"], vocabulary, made=made, kept=True)
    except CorrectionError as error:
        raise CorrectionError(f"{where}: {error}") from None
    if not all(_NUMBER.fullmatch(entry.get(name, "")) for name in ("page", "start", "end")):
        raise CorrectionError(f"{where}: page, start and end are whole numbers in quotes")
    field = "".join(parted_field(entry["field"]))
    evidence = {name: entry.get(name, "") for name in EVIDENCE}
    return Correction(entry["id"], field, value, entry.get("note", ""), made, **evidence)


def _perhaps(word: str, choices: Iterable[str]) -> str:
    close = nearest(word, list(choices))
    return f": did you mean {close!r}?" if close else ""


_OPENING = """# Corrections: what people say against the rules. Every entry wins over what was read, and survives `rebuild`.
# Edit by hand or with `casereviews correct ID field=value --note "why"`; take an entry out (or `correct --undo ID field`) to undo it.
"""
