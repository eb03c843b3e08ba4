"""Codings that come back from a project: what a researcher changed in it, as corrections with their evidence.

What stands in a project is compared with what this home would write now. A review whose facts by rules are others than when the project was made, and a text whose letters are
others, is left alone and named: what of it the researcher changed cannot be told. Corrections change neither, so that a project may come back again and again.
A code that rules put there, or that was given where they put it, is no change, whatever people corrected since.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from casereviews.collection.clock import today
from casereviews.collection.errors import RequestError
from casereviews.collection.output.coding.codebook import (
    OF_THEMES,
    codebook,
    every_code,
)
from casereviews.collection.output.coding.leaving import leaving
from casereviews.collection.output.coding.letters import Letters, Range
from casereviews.collection.output.coding.names import guid, id_in, plain
from casereviews.collection.output.coding.project import (
    READ_BACK,
    REVIEW_ID,
    STATE,
    USER,
    VARIABLES,
    value_of,
)
from casereviews.collection.output.coding.returned import (
    Returned,
    ReturnedCase,
    ReturnedCoding,
    ReturnedSource,
)
from casereviews.collection.output.coding.sources import Coded, Source, is_whole
from casereviews.collection.output.hostile import for_line
from casereviews.collection.output.withholding import REAL_NAME, ExportedReview
from casereviews.repository.describing.corrections import (
    Correction,
    ages_in_order,
    checked,
    load_corrections,
    parted_field,
)
from casereviews.repository.describing.resolve import resolve_review
from casereviews.repository.errors import CorrectionError
from casereviews.repository.evidence_places import placed
from casereviews.repository.fields import DESCRIBED, Field
from casereviews.repository.home import Home
from casereviews.repository.json_record import JsonRecord
from casereviews.repository.model import Fact
from casereviews.repository.published_documents import Review, shown_review_ids
from casereviews.repository.record.derived import Derived
from casereviews.repository.vocabulary import Vocabulary

UNKNOWN = "somebody the project does not name"
LONGEST_EVIDENCE, LONGEST_NAME = 1000, 100
_MARKER = re.compile(r"\n*\[page \d+\]\n")

AT_A_TIME = 100
BY_HAND = "it was corrected by hand, which stands: change it with `casereviews correct`"

Key = tuple[str, str]
Form = tuple[Review, Sequence[Source], str]


class Exported(Protocol):
    """Gives reviews as they may leave: `Collection.exported`."""

    def __call__(self, *, names: bool, review_ids: frozenset[str]) -> Iterable[ExportedReview]: ...


@dataclass(frozen=True, slots=True)
class LeftOut(JsonRecord):
    """What of a project is not applied: what it is, how it is called there, and why."""

    what: str
    name: str
    why: str


@dataclass(frozen=True, slots=True)
class CameBack:
    """What of a project becomes corrections, and what does not.

    `corrections` are new, `standing` say what is corrected already, `reviews` of this home are in it, `further` are passages with a code that
    stands by another passage: one is kept for each document. `applied` is False of a dry run.
    """

    origin: str
    reviews: int
    corrections: tuple[Correction, ...]
    standing: int
    further: int
    left_out: tuple[LeftOut, ...]
    applied: bool = False

    def to_json(self) -> dict[str, object]:
        """What `corrections import --json` says."""
        return {
            "origin": self.origin,
            "reviews": self.reviews,
            "applied": self.applied,
            "corrections": [one.to_json() for one in self.corrections],
            "standing": self.standing,
            "further": self.further,
            "left_out": [one.to_json() for one in self.left_out],
        }


@dataclass(slots=True)
class _Present:
    """The codings of one source: the range of letters of each that lies on its text, by code; `seen` are the codes of all."""

    source: Source
    ranges: dict[Key, list[tuple[Range, ReturnedCoding]]] = field(default_factory=dict)
    seen: set[Key] = field(default_factory=set)


def compare(
    home: Home,
    vocabulary: Vocabulary,
    returned: Returned,
    exported: Exported,
) -> CameBack:
    """What a project would change.

    Raises RequestError where nothing of this home is in it.
    """
    return _Comparison(home, vocabulary, returned).run(exported)


@dataclass(slots=True)
class _Comparison:
    home: Home
    vocabulary: Vocabulary
    returned: Returned
    wanted: list[Correction] = field(default_factory=list)
    left: list[LeftOut] = field(default_factory=list)
    further: int = 0

    def run(self, exported: Exported) -> CameBack:
        cases, sources = self._cases(), self._sources()
        reviews = {**cases, **dict.fromkeys(one for one, _ in sources.values())}
        if not reviews:
            raise RequestError(
                "no case and no source of this project is a review of this home: nothing was read; was it exported from another home?"
            )
        if self.returned.no_texts:
            self._leave(
                "sources",
                f"{self.returned.no_texts:,}",
                "pictures, PDFs, sound and films are not read",
            )
        codes = self._codes()
        said = load_corrections(self.home.corrections_toml, self.vocabulary).all
        for forms in self._forms(sorted(reviews), exported):
            review_id = forms[0][0].review_id
            self._review(review_id, cases.get(review_id), sources, codes, said, forms)
        new = [one for one in self.wanted if not _said_already(one, said)]
        return CameBack(
            self._origin,
            len(reviews),
            tuple(new),
            len(self.wanted) - len(new),
            self.further,
            tuple(self.left),
        )

    # ------------------------------------------------------------ what is known again

    def _cases(self) -> dict[str, list[ReturnedCase]]:
        """The cases of each review, by the id that it has now; a case without an id and without a name says nothing."""
        named = {
            id(one): one.values.get(REVIEW_ID) or id_in(one.name) for one in self.returned.cases
        }
        known = shown_review_ids(self.home, {one for one in named.values() if one})
        found: dict[str, list[ReturnedCase]] = {}
        for one in self.returned.cases:
            if review_id := known.get(named[id(one)]):
                found.setdefault(review_id, []).append(one)
            elif one.name:
                self._leave("case", one.name, "no review of this home has its id")
        return found

    def _sources(self) -> dict[str, tuple[str, ReturnedSource]]:
        """Document id -> its review's id and its source."""
        with Derived.open(self.home) as derived:
            shown = {row.document_id: row.review_id for row in derived.published_fields()}
        by_guid = {guid("source", one): one for one in shown}
        found: dict[str, tuple[str, ReturnedSource]] = {}
        for one in self.returned.sources:
            key = by_guid.get(one.guid) or id_in(one.name)
            if key not in shown:
                self._leave("source", one.name, "no document of this home has its id")
            elif key in found:
                self._leave(
                    "source", one.name, "another source of the project is the same document"
                )
            else:
                found[key] = (shown[key], one)
        return found

    def _codes(self) -> dict[str, Key]:
        """Identifiers of the project's codes -> field and value; by our own identifier, else by the name."""
        ours = every_code(codebook(self.vocabulary))
        by_guid = {one.guid: (one.field, one.value) for one in ours}
        by_name = {one.name.casefold(): (one.field, one.value) for one in ours}
        found = {}
        for key, (name, _) in self.returned.codes.items():
            if known := by_guid.get(key) or by_name.get(" ".join(plain(name).split()).casefold()):
                found[key] = known
        return found

    def _forms(self, review_ids: Sequence[str], exported: Exported) -> Iterator[list[Form]]:
        """Each review as this home would write it now, in the form that the project is in, and with its names too where they are withheld."""
        texts = any(is_whole(one.text or "") for one in self.returned.sources)
        for at in range(0, len(review_ids), AT_A_TIME):
            found: dict[str, list[Form]] = {}
            ids = frozenset(review_ids[at : at + AT_A_TIME])
            for names in (False, True):
                taken = exported(names=names, review_ids=ids)
                for made in leaving(self.home, taken, texts=texts, names=names):
                    found.setdefault(made[0].review_id, []).append(made)
                ids = frozenset(
                    one for one in ids if found[one][0][0].field("label_kind") == REAL_NAME
                )
                if not ids:
                    break
            yield from found.values()

    def _leave(self, what: str, name: str, why: str) -> None:
        self.left.append(LeftOut(what, for_line(name)[:LONGEST_NAME], why))

    # ------------------------------------------------------------ a review

    def _review(
        self,
        review_id: str,
        cases: Sequence[ReturnedCase] | None,
        sources: Mapping[str, tuple[str, ReturnedSource]],
        codes: Mapping[str, Key],
        said: Sequence[Correction],
        forms: Sequence[Form],
    ) -> None:
        review, _, state = forms[0]
        told = {one.values[STATE] for one in cases or () if STATE in one.values}
        if told - {state}:
            why = "it was read or described anew since the project was made: export it again"
            self._leave("review", review_id, why)
            return
        for case in cases or ():
            if STATE in case.values:
                self._variables([form[0] for form in forms], case, said)
        read: list[_Present] = []
        whole = True
        for document in review.documents:
            key = document.document_id
            texts = [one for form in forms for one in form[1] if one.document_id == key]
            present = self._present(sources[key][1], texts, codes) if key in sources else None
            if present is None:
                whole = whole and not any(one.coded for one in texts)
            else:
                read.append(present)
        ids = {review_id, *review.aliases, *(one.document_id for one in review.documents)}
        said = [one for one in said if one.id in ids]
        for present in read:
            self._added(present, said)
        self._removed(review, cases or (), read, whole, said)

    def _present(
        self, source: ReturnedSource, texts: Sequence[Source], codes: Mapping[str, Key]
    ) -> _Present | None:
        """The codings of a source on the one of our texts that it holds; None, and named, where it holds none."""
        if source.whole:
            why = f"{source.whole:,} lie on the whole source, on no passage"
            self._leave("codings", source.name, why)
        if source.text is None:
            self._leave("source", source.name, "its text is not in the file")
            return None
        text = source.text
        if "ATLAS" in self.returned.origin.upper():
            # It counts a line's end as one letter, whatever the file has (so does QualCoder's importer).
            text = text.replace("\r\n", "\n")
        letters = Letters.of(text)
        for one in texts:
            ours = Letters.of(one.text)
            fixed = bisect_left(ours.places, one.fixed)
            theirs = letters.letters if one.whole else letters.letters[:fixed]
            if theirs == ours.letters[:fixed]:
                return self._lying(source, one, letters, ours, codes)
        why = f"its text is not the one that this home has: {len(source.codings):,} codings are not read"
        self._leave("source", source.name, why)
        return None

    def _lying(
        self,
        source: ReturnedSource,
        ours: Source,
        letters: Letters,
        our_letters: Letters,
        codes: Mapping[str, Key],
    ) -> _Present:
        found = _Present(ours)
        unknown: dict[str, int] = {}
        wrong = 0
        for one in source.codings:
            key = codes.get(one.code)
            if key is None:
                named = self.returned.codes.get(
                    one.code, ("a code that is not in its codebook", "")
                )
                unknown[named[0]] = unknown.get(named[0], 0) + 1
                continue
            found.seen.add(key)
            span = letters.span(one.start, one.end)
            if span and our_letters.letters[: span[1]] == letters.letters[: span[1]]:
                found.ranges.setdefault(key, []).append((span, one))
            else:
                wrong += 1
        for name, count in unknown.items():
            where = for_line(source.name)[:LONGEST_NAME]
            self._leave("code", name, f"no code of this home: {count:,} codings in {where}")
        if wrong:
            self._leave("codings", source.name, f"{wrong:,} lie on no letters of its text")
        return found

    def _added(self, present: _Present, said: Sequence[Correction]) -> None:
        """Codes on passages where neither rules nor people put them before: new ones, and such as were moved."""
        source = present.source
        letters = Letters.of(source.text)
        stands = _ranges(letters, source.coded)
        by_rules = _ranges(letters, source.found)
        for key, ranges in present.ranges.items():
            untouched = stands.get(key, set()) | by_rules.get(key, set())
            fresh = [
                (span, one)
                for span, one in sorted(ranges, key=lambda one: one[0])
                if span not in untouched and not _ours(source, key, one)
            ]
            if not fresh:
                continue
            if key[0] not in OF_THEMES:
                why = f"codes of fields are not read: change the case's variable ({len(fresh):,} in {source.name})"
                self._leave("codings", f"{key[0]}: {key[1]}", why)
            elif any(span in stands.get(key, ()) for span, _ in ranges) or _by_another(
                said, source.document_id, key, fresh[0][1]
            ):
                self.further += len(fresh)
            elif _by_hand(said, *key):
                self._leave("codings", f"{key[1]} in {source.name}", BY_HAND)
            else:
                self.further += len(fresh) - 1
                self._with_evidence(source, letters, key, *fresh[0])

    def _with_evidence(
        self, source: Source, letters: Letters, key: Key, span: Range, one: ReturnedCoding
    ) -> None:
        start, end = letters.places[span[0]], letters.places[span[1] - 1] + 1
        stretch = next(
            (each for each in source.stretches if each.start <= start < each.start + each.length),
            None,
        )
        if stretch is None or stretch.page is None:
            self._leave(
                "codings", source.name, f"a passage of {key[1]} lies on no sentence of the report"
            )
            return
        if stretch.at is None:  # the next sentence of a short text is another passage
            end = min(end, stretch.start + stretch.length)
        words = " ".join(_MARKER.sub("\n", source.text[start:end]).split())[:LONGEST_EVIDENCE]
        place = self._place(source.document_id, stretch.page, words)
        self.wanted.append(
            Correction(
                source.document_id,
                f"{key[0]}+",
                key[1],
                note=self._note(one),
                made=today(),
                evidence=words,
                page=str(stretch.page),
                start=place[0],
                end=place[1],
                by=_who(one),
            )
        )

    def _place(self, document_id: str, page: int, words: str) -> tuple[str, str]:
        """Where words stand in the text of a page, in words; "" where a name was withheld within them."""
        with Derived.open(self.home) as derived:
            sha256 = next(
                (str(row.fields.get("sha256")) for row in derived.published_fields([document_id])),
                "",
            )
            reading = derived.reading(sha256)
        fact = Fact("theme", "", "", "text", 1.0, page, words)
        at = next(placed([fact], reading.pages if reading else ()))
        return (
            ("", "")
            if at.start is None
            else (str(at.start), str(at.end if at.end_page == page else ""))
        )

    def _note(self, one: ReturnedCoding) -> str:
        when = f" on {one.at[:10]}" if re.fullmatch(r"\d{4}-\d\d-\d\d", one.at[:10]) else ""
        return f"coded{when} in {self._origin}"

    def _removed(
        self,
        review: Review,
        cases: Sequence[ReturnedCase],
        read: Sequence[_Present],
        whole: bool,
        said: Sequence[Correction],
    ) -> None:
        """Codes that the project had when it was made, and that no source of the case has any more.

        That it had them its variables say (`themes`, `agencies`), or, where a program lost those, that rules gave them: what came back from somebody
        else since is not taken out because this project never had it.
        """
        present = {key for one in read for key in one.seen}
        gone: dict[Key, None] = {}
        for one in read:
            by_rules = {(each.field, each.value) for each in one.source.found}
            for each in one.source.coded:
                key = (each.field, each.value)
                had = _had(cases, each.field)
                was_there = key in by_rules if had is None else each.value in had
                if each.field in OF_THEMES and key not in present and was_there:
                    gone[key] = None
        for name, value in gone:
            if _by_hand(said, name, value):
                self._leave("codings", f"{value} of {review.review_id}", BY_HAND)
                continue
            if not whole:
                self._leave(
                    "review",
                    review.review_id,
                    f"whether {value} was taken out cannot be told: not all of its sources were read",
                )
                continue
            # What came back of a document before is taken back there: on the review alone both would stand.
            added = [
                one.id for one in said if one.by and (one.field, one.value) == (f"{name}+", value)
            ]
            note = f"no coding of it is left in {self._origin}"
            self.wanted += [
                Correction(one, f"{name}-", value, note, today(), by=UNKNOWN)
                for one in dict.fromkeys(added) or (review.review_id,)
            ]

    def _variables(
        self, forms: Sequence[Review], case: ReturnedCase, said: Sequence[Correction]
    ) -> None:
        """Values that are neither those of this home nor those of its rules."""
        review = forms[0]
        changed: list[Correction] = []
        for name, one in READ_BACK.items():
            value = case.values.get(name, "")
            if not value or any(_same_value(one, value, each) for each in _values(forms, one)):
                continue
            where = f"{name} of {review.review_id}"
            of_field = [each for each in said if each.id == review.review_id]
            if _by_hand(of_field, one.name):
                self._leave("variable", where, BY_HAND)
                continue
            try:
                kept = checked(one.name, _as_number(one, value), self.vocabulary, made=today())
            except CorrectionError as error:
                self._leave("variable", where, str(error))
                continue
            note = f"changed in {self._origin}"
            changed.append(Correction(review.review_id, one.name, kept, note, today(), by=UNKNOWN))
        self._not_read(forms, case)
        ages = {
            name: str(review.field(name) or "") for name in ("age_months_min", "age_months_max")
        }
        try:
            ages_in_order(ages | {one.field: one.value for one in changed})
        except CorrectionError as error:
            self._leave("variable", f"age of {review.review_id}", str(error))
            changed = [one for one in changed if one.field not in ages]
        self.wanted += changed

    def _not_read(self, forms: Sequence[Review], case: ReturnedCase) -> None:
        """Changed variables that become no correction, each with how to say it instead. Of a list only what is new in it is known to be
        a change: what came back by codings since is in none that was exported before."""
        for one in VARIABLES:
            value = case.values.get(one.published, "")
            if not value or one.published in READ_BACK or not _is_described(one):
                continue
            known = list(_values(forms, one))
            if one.form == "list":
                had = {part.strip() for each in known for part in each.split("|")}
                changed = any(part.strip() not in had for part in value.split("|"))
            else:
                changed = not any(_same_value(one, value, each) for each in known)
            if changed:
                review_id = forms[0].review_id
                self._leave(
                    "variable", f"{one.published} of {review_id}", _said_instead(one, review_id)
                )

    @property
    def _origin(self) -> str:
        return for_line(self.returned.origin)[:LONGEST_NAME] or "a coded project"


def _is_described(one: Field) -> bool:
    """True of what reports and lists say; addresses, trouble and availability change by themselves from night to night."""
    return one.name == "year" or (one.level != "record" and one.name != "availability")


def _said_instead(one: Field, review_id: str) -> str:
    if one.form == "list":
        return "themes and agencies are told by codings on passages"
    if one.name == "year":
        return "it follows `published`"
    whose = "DOCUMENT" if one.level == "document" else review_id
    return f"it is not read back: `casereviews correct {whose} {one.name}=VALUE`"


def _values(forms: Sequence[Review], one: Field) -> Iterator[str]:
    """What a variable is in this home, with names and without, and what it is by rules alone."""
    for review in forms:
        yield value_of(review, one)
        facts = [
            [each for each in doc.facts if each.origin != "manual"] for doc in review.documents
        ]
        by_rules = resolve_review(facts).get(one.name)
        yield by_rules.value or "" if by_rules else ""


def _had(cases: Iterable[ReturnedCase], name: str) -> set[str] | None:
    """The values of a field that the cases had when the project was made; None where no variable says it."""
    published = DESCRIBED[name].published
    told = [one.values[published] for one in cases if published in one.values]
    if not told and not any(STATE in one.values for one in cases):
        return None
    return {value.strip() for one in told for value in one.split("|")}


def _by_another(
    said: Iterable[Correction], document_id: str, key: Key, one: ReturnedCoding
) -> bool:
    """True where another coder's passage of the same code came back for a document before."""
    before = [
        each
        for each in said
        if (each.id, each.field, each.value) == (document_id, f"{key[0]}+", key[1])
    ]
    return bool(before) and before[-1].evidence != "" and before[-1].by != _who(one)


def _by_hand(said: Iterable[Correction], name: str, value: str = "") -> bool:
    """True when the last word on a field, or on one of its values, is a correction that came back from no project."""
    of_it = [
        one
        for one in said
        if parted_field(one.field)[0] == name
        and (not value or not parted_field(one.field)[1] or value in one.value.split("|"))
    ]
    return bool(of_it) and not of_it[-1].by


def _ranges(letters: Letters, coded: Iterable[Coded]) -> dict[Key, set[Range]]:
    found: dict[Key, set[Range]] = {}
    for one in coded:
        if span := letters.span(one.start, one.end):
            found.setdefault((one.field, one.value), set()).add(span)
    return found


def _ours(source: Source, key: Key, one: ReturnedCoding) -> bool:
    """True for a coding that an export made and nobody moved: its identifier says where it lay."""
    return one.guid == guid("coding", source.document_id, *key, f"{one.start}-{one.end}")


def _who(one: ReturnedCoding) -> str:
    name = for_line(one.by)[:LONGEST_NAME]
    return UNKNOWN if name in ("", USER) else name


def _said_already(one: Correction, said: Iterable[Correction]) -> bool:
    """True when the home says the same by the last word on it."""
    of_it = [
        each
        for each in said
        if each.id == one.id
        and each.field.rstrip("+-") == one.field.rstrip("+-")
        and (not one.field.endswith(("+", "-")) or one.value in each.value.split("|"))
    ]
    if not of_it:
        return False
    last = of_it[-1]
    return (last.field, last.value, last.evidence, last.page) == (
        one.field,
        one.value,
        one.evidence,
        one.page,
    )


def _as_number(one: Field, value: str) -> str:
    """A number as it is kept: programs give "24" back as "24.0"."""
    return re.sub(r"\.0+$", "", value) if one.form == "number" else value


def _same_value(one: Field, value: str, other: str) -> bool:
    if one.listed or one.form == "list":
        return {part.strip() for part in value.split("|")} == {
            part.strip() for part in other.split("|")
        }
    return plain(_as_number(one, value)).split() == plain(other).split()
