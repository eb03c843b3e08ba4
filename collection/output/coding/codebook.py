"""The codes of a project: themes and agencies in their groups, and the fields that have codes, each value with its meaning."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from lxml import etree

from casereviews.collection.output.coding.names import CODEBOOK, guid, plain
from casereviews.repository.fields import DESCRIBED
from casereviews.repository.vocabulary import GROUPS, Vocabulary
from casereviews.repository.vocabulary.themes import GROUP_LABELS

ORIGIN = "casereviews"
OF_THEMES = frozenset({"theme", "agency"})
CODED_FIELDS = tuple(
    field
    for field in DESCRIBED.values()
    if field.level == "review"
    and field.codes not in ("", "theme", "agency", "harm")
    and not field.fixed
)
"""Fields of a case with codes that are no themes: outcome, sex, nation..."""


@dataclass(frozen=True, slots=True)
class Code:
    """A code: `field` and `value` are what it says of a case, "" of a group; no two have one name, for programs take those for one code."""

    guid: str
    name: str
    description: str
    field: str = ""
    value: str = ""
    children: tuple[Code, ...] = ()


def codebook(vocabulary: Vocabulary) -> tuple[Code, ...]:
    """The groups of themes in the order of the vocabulary, then the fields, each with its codes."""
    taken: set[str] = set()
    return tuple(_named_once(one, taken) for one in (*_themes(vocabulary), *_fields(vocabulary)))


def every_code(codes: Iterable[Code]) -> list[Code]:
    """Codes that may be given to a passage, without the groups."""
    return [
        inner for one in codes for inner in (every_code(one.children) if one.children else [one])
    ]


def _themes(vocabulary: Vocabulary) -> list[Code]:
    return [
        Code(
            guid("group", group),
            GROUP_LABELS[group],
            "",
            children=tuple(
                _code("agency" if group == "agency" else "theme", one.id, one.label, one.definition)
                for one in vocabulary.themes
                if one.group == group
            ),
        )
        for group in GROUPS
    ]


def _fields(vocabulary: Vocabulary) -> list[Code]:
    return [
        Code(
            guid("group", field.name),
            field.label,
            field.says,
            children=tuple(
                _code(field.name, code, f"{field.label}: {label}", "")
                for code, label in vocabulary.labels(field.codes).items()
            ),
        )
        for field in CODED_FIELDS
    ]


def _code(field: str, value: str, name: str, definition: str) -> Code:
    said = f"{definition} (casereviews: {field}={value})".strip()
    return Code(guid(field, value), name, said, field, value)


def _named_once(one: Code, taken: set[str]) -> Code:
    name = plain(" ".join(one.name.split()))
    name = f"{name} [{one.value or 'group'}]" if name.casefold() in taken else name
    taken.add(name.casefold())
    children = tuple(_named_once(inner, taken) for inner in one.children)
    return Code(one.guid, name, plain(one.description), one.field, one.value, children)


def codes_element(codes: Iterable[Code]) -> etree._Element:
    """The codes as the standard's element `Codes`; groups are for no passage (`isCodable`)."""
    made = etree.Element("Codes")
    for one in codes:
        _append(made, one)
    return made


def _append(parent: etree._Element, one: Code) -> None:
    codable = "true" if one.field else "false"
    made = etree.SubElement(parent, "Code", guid=one.guid, name=one.name, isCodable=codable)
    if one.description:
        etree.SubElement(made, "Description").text = one.description
    for inner in one.children:
        _append(made, inner)


def qdc(vocabulary: Vocabulary) -> bytes:
    """The codebook alone, as a file of the standard (`.qdc`)."""
    codes: bytes = etree.tostring(codes_element(codebook(vocabulary)), pretty_print=True)
    head = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<CodeBook xmlns="{CODEBOOK}" origin="{ORIGIN}">\n'
    )
    return head.encode() + codes + b"</CodeBook>\n"
