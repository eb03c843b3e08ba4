"""Reviews as a project of the REFI-QDA standard (`.qdpx`): a case a review with its variables, a source a document, a code on each passage.

A ZIP with `project.qde` and the folder `sources` (REFI-QDA 1.5). Reviews are written one at a time: what grows with them lies on the disk.
Every identifier is made of what it names, so that a second export of a home names the same things.
"""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import IO, Any, BinaryIO
from xml.sax.saxutils import quoteattr

from lxml import etree

from casereviews.collection.output.coding.codebook import (
    OF_THEMES,
    ORIGIN,
    Code,
    codebook,
    codes_element,
)
from casereviews.collection.output.coding.names import PROJECT, guid, named, plain
from casereviews.collection.output.coding.sources import Source
from casereviews.collection.output.hostile import flat
from casereviews.repository.fields import DESCRIBED, PUBLISHED, Field, as_number
from casereviews.repository.model import Fact
from casereviews.repository.published_documents import Review
from casereviews.repository.record.packing import content_digest
from casereviews.repository.vocabulary import Vocabulary

REVIEW_ID = "review_id"
STATE = "casereviews_state"
VARIABLES: tuple[Field, ...] = tuple(one for one in PUBLISHED if one.exported or one.name == "year")
READ_BACK = {
    one.published: one
    for one in VARIABLES
    if one.level == "review"
    and not one.fixed
    and one.name not in OF_THEMES
    and sum(other.published == one.published for other in PUBLISHED) == 1
}
"""The variables whose change is a correction of the case: fields of a review, each published by one field alone; themes are told by codings."""
USER = "casereviews (by rules, not by hand)"
WARNING = (
    "This project holds the whole text of reports. The copyright stays with the boards that published them: keep it to yourself. "
    "When a board takes a report back, casereviews takes it out of its own collection, and cannot take it out of this project."
)
WITHOUT_TEXT = "Of each report this project holds the title, links and the sentences that were evidence, each with its page; not the report."
ABOUT = (
    "Every code was given by rules, not by a person: read each passage on its page before you rely on it. A code that is not there says nothing. "
    "Codings that you add, take out or move, and variables that you change, come back with `casereviews corrections import`. "
    f"Leave the variables {REVIEW_ID} and {STATE} as they are: by them the cases are known again."
)


@dataclass(frozen=True, slots=True)
class WrittenProject:
    """What a project holds: cases, sources and codes on passages; `unplaced` codes have no sentence in it to lie on. `held` are the ids of its
    reviews, each with those of its documents."""

    held: tuple[tuple[str, tuple[str, ...]], ...]
    cases: int
    sources: int
    codings: int
    unplaced: int


def write_project(
    out: BinaryIO,
    vocabulary: Vocabulary,
    reviews: Iterable[tuple[Review, Sequence[Source], str]],
    *,
    texts: bool,
    at: str,
) -> WrittenProject:
    """Write reviews as they may leave, each with its sources and its state (`state_of`); `at` is the moment (ISO 8601, UTC)."""
    codes = codebook(vocabulary)
    known = {(one.field, one.value): one for group in codes for one in group.children}
    counts = dict.fromkeys(("cases", "sources", "codings", "unplaced"), 0)
    held = []
    with (
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed,
        tempfile.TemporaryFile() as cases,
        tempfile.TemporaryFile() as sources,
    ):
        for review, of_review, state in reviews:
            cases.write(_bytes(_case(review, of_review, state)))
            counts["cases"] += 1
            held.append((review.review_id, tuple(one.document_id for one in of_review)))
            for source in of_review:
                made, codings = _source(source, known, at)
                sources.write(_bytes(made))
                packed.writestr(_member(f"sources/{_text_id(source)}.txt", at), source.text)
                counts["sources"] += 1
                counts["codings"] += codings
                counts["unplaced"] += len(source.coded) - codings + source.unplaced
        about = plain(f"{WARNING if texts else WITHOUT_TEXT}\n\n{ABOUT}\n")
        packed.writestr(_member(f"sources/{guid('about')}.txt", at), about)
        with packed.open(_member("project.qde", at), "w", force_zip64=True) as project:
            _write_all(project, codes, cases, sources, about, at)
    return WrittenProject(tuple(held), **counts)


def state_of(review: Review) -> str:
    """A digest of what the rules found of a review, in codes and numbers: the same as long as nothing of it was read or described anew.

    What people corrected is not in it, so that a project comes back again after it came back once; nor are words, which leave with and without names.
    """
    told = [
        (one.document_id, one.sha256, sorted(_said(fact) for fact in one.facts if _counts(fact)))
        for one in review.documents
    ]
    return content_digest(sorted(told, key=lambda one: one[0]))[:16]


def _counts(fact: Fact) -> bool:
    field = DESCRIBED.get(fact.field)
    return (
        field is not None
        and field.level == "review"
        and not field.fixed
        and bool(field.codes or field.form == "number")
        and fact.origin != "manual"
    )


def _said(fact: Fact) -> list[str]:
    places = (fact.page, getattr(fact, "start", None), getattr(fact, "end", None))
    return [fact.field, fact.value, *map(str, places)]


def value_of(review: Review, field: Field) -> str:
    """A variable of a case as text: codes as in every export, several joined by a bar, "" where it is unknown."""
    value = review.field(field.published)
    return plain("|".join(value) if isinstance(value, tuple) else flat(value)).strip()


def _case(review: Review, sources: Sequence[Source], state: str) -> etree._Element:
    title = str(review.field("title") or "")
    made = etree.Element(
        "Case", guid=guid("case", review.review_id), name=named(title, review.review_id)
    )
    for field in VARIABLES:
        value = value_of(review, field)
        if value:
            number = isinstance(as_number(field.published, value), int) or field.form == "number"
            _value(made, field.published, value, number=number)
    _value(made, REVIEW_ID, review.review_id)
    _value(made, STATE, state)
    for one in sources:
        etree.SubElement(made, "SourceRef", targetGUID=guid("source", one.document_id))
    return made


def _value(case: etree._Element, name: str, value: str, *, number: bool = False) -> None:
    made = etree.SubElement(case, "VariableValue")
    etree.SubElement(made, "VariableRef", targetGUID=guid("variable", name))
    etree.SubElement(made, "IntegerValue" if number else "TextValue").text = value


def _source(
    source: Source, codes: dict[tuple[str, str], Code], at: str
) -> tuple[etree._Element, int]:
    by = {"creatingUser": guid("user"), "creationDateTime": at}
    path = f"internal://{_text_id(source)}.txt"
    made = etree.Element(
        "TextSource", guid=guid("source", source.document_id), name=source.name, plainTextPath=path
    )
    made.attrib.update(by)
    count = 0
    for one in source.coded:
        code = codes.get((one.field, one.value))
        if code is None:  # a theme of before, which this home took away
            continue
        what = (source.document_id, one.field, one.value, f"{one.start}-{one.end}")
        chosen = etree.SubElement(made, "PlainTextSelection", guid=guid("selection", *what))
        words = " ".join(source.text[one.start : one.end].split())
        chosen.set("name", words if len(words) <= 60 else words[:59] + "…")
        chosen.set("startPosition", str(one.start))
        chosen.set("endPosition", str(one.end))
        chosen.attrib.update(by)
        coding = etree.SubElement(chosen, "Coding", guid=guid("coding", *what))
        coding.attrib.update(by)
        etree.SubElement(coding, "CodeRef", targetGUID=code.guid)
        count += 1
    return made, count


def _text_id(source: Source) -> str:
    return guid("text", source.document_id)


def _member(name: str, at: str) -> zipfile.ZipInfo:
    """A member of the archive; its day is that of the export."""
    year, month, day = (int(part) for part in at[:10].split("-"))
    made = zipfile.ZipInfo(name, (max(year, 1980), month, day, 0, 0, 0))
    made.compress_type = zipfile.ZIP_DEFLATED
    made.external_attr = 0o644 << 16
    return made


def _write_all(
    project: IO[bytes],
    codes: Sequence[Code],
    cases: IO[bytes],
    sources: IO[bytes],
    about: str,
    at: str,
) -> None:
    user, note = guid("user"), guid("about")

    def put(text: str) -> None:
        project.write(text.encode())

    put('<?xml version="1.0" encoding="UTF-8"?>\n')
    put(f'<Project xmlns="{PROJECT}" name="casereviews" origin="{ORIGIN}"')
    put(f' creatingUserGUID="{user}" creationDateTime="{at}">\n')
    put(f"<Users><User guid={quoteattr(user)} name={quoteattr(USER)}/></Users>\n<CodeBook>")
    project.write(_bytes(codes_element(codes)))
    put("</CodeBook>\n")
    project.write(_bytes(_variables()))
    for name, lines in (("Cases", cases), ("Sources", sources)):
        if lines.tell():  # neither may be empty
            put(f"<{name}>\n")
            lines.seek(0)
            shutil.copyfileobj(lines, project)
            put(f"</{name}>\n")
    told = etree.Element("Notes")
    path = f"internal://{note}.txt"
    about_it = etree.SubElement(told, "Note", guid=note, name="About this project")
    about_it.attrib.update({"plainTextPath": path, "creatingUser": user, "creationDateTime": at})
    project.write(_bytes(told))
    description = etree.Element("Description")
    description.text = about
    project.write(_bytes(description))
    put(f'<NoteRef targetGUID="{note}"/>\n</Project>\n')


def _variables() -> etree._Element:
    made = etree.Element("Variables")
    for field in VARIABLES:
        kind = "Integer" if field.form == "number" else "Text"
        said = f"{field.says}. {field.cannot}".rstrip(". ") + "."
        _variable(made, field.published, kind, said)
    _variable(made, REVIEW_ID, "Text", "the id of the review")
    _variable(
        made, STATE, "Text", "what casereviews had found when this project was made; leave it"
    )
    return made


def _variable(parent: etree._Element, name: str, kind: str, says: str) -> None:
    made = etree.SubElement(
        parent, "Variable", guid=guid("variable", name), name=name, typeOfVariable=kind
    )
    etree.SubElement(made, "Description").text = plain(says)


def _bytes(element: Any) -> bytes:
    written: bytes = etree.tostring(element, encoding="UTF-8", xml_declaration=False) + b"\n"
    return written
