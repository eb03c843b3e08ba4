"""Packages of parts (DOCX, PPTX; the zip of an ODT) opened with care: bombs, entities and false directories are refused.

A package of the Open Packaging Conventions (ISO/IEC 29500-2) names its main part by a relationship, and parts name each other the
same way; the main part may be called anything.
"""

from __future__ import annotations

import base64
import binascii
import io
import posixpath
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from lxml import etree

from casereviews.repository.reading.content import Opening
from casereviews.repository.reading.errors import Corrupt, Encrypted, TooLarge
from casereviews.repository.reading.limits import Limits

_MEMBERS = 20_000
# Deflate reaches about 1,000 to 1 at best; honest XML stays under 100. Small members may be anything.
_RATIO = 200
_SMALL = 5_000_000
_XML_MB = 120
_PROLOGUE = 4096
_FLAT = "{http://schemas.microsoft.com/office/2006/xmlPackage}"
_CHOICES = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
# The same vocabulary has two sets of names: Transitional, and Strict of ISO/IEC 29500-1.
_STRICT = "http://purl.oclc.org/ooxml/"
_STRICT_NAME = re.compile(rb"http://purl\.oclc\.org/ooxml/(\w+)/(\w+)")
_TRANSITIONAL = rb"http://schemas.openxmlformats.org/\1/2006/\2"
_RELATIONS = "_rels/.rels"
_USUAL = ("word/document.xml", "ppt/presentation.xml")
_ROOTS = {"word": "document", "ppt": "presentation"}
# Local names of elements that show words by a part of their own.
_SHOWING = frozenset({"chart", "relIds", "textpath"})


def check(source: Path | io.BytesIO, limits: Limits) -> list[zipfile.ZipInfo]:
    """Check a package's directory and the openings of its XML parts; returns its members.

    Raises TooLarge for bombs, Corrupt for damaged directories and XML that declares entities, Encrypted for locked members.
    """
    with _named_damage(), zipfile.ZipFile(source) as archive:
        members = archive.infolist()
        _sizes(members, limits)
        for member in members:
            if member.filename.lower().endswith((".xml", ".rels")):
                _no_entities(archive, member)
    return members


def _sizes(members: list[zipfile.ZipInfo], limits: Limits) -> None:
    if len(members) > _MEMBERS:
        raise TooLarge(f"a zip package with {len(members):,} members")
    total = sum(member.file_size for member in members)
    if total > limits.inflated_mb * 1_000_000:
        raise TooLarge(
            f"it inflates to {total // 1_000_000} MB, the limit is {limits.inflated_mb} MB"
        )
    for member in members:
        if member.flag_bits & 1:
            raise Encrypted("a zip package with a password: ask the publisher for an open copy")
        if member.file_size > _SMALL and member.file_size > _RATIO * max(member.compress_size, 1):
            raise TooLarge(
                f"its part {member.filename[:80]!r} is a bomb: {member.file_size:,} bytes"
            )
        xml = member.filename.lower().endswith(".xml")
        if xml and member.file_size > _XML_MB * 1_000_000:
            raise TooLarge(
                f"its part {member.filename[:80]!r} has {member.file_size:,} bytes of XML"
            )


def _no_entities(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    """A document type alone is harmless (old OpenOffice wrote one); entities of its own are an attack (a million laughs)."""
    with archive.open(member) as part:
        opening = part.read(_PROLOGUE)
    for encoding in ("latin-1", "utf-16-le", "utf-16-be"):
        if "<!ENTITY" in opening.decode(encoding, "ignore"):
            raise _entities(member.filename)


def _entities(name: str) -> Corrupt:
    return Corrupt(f"its part {name[:80]!r} declares XML entities, which are not read")


@contextmanager
def _named_damage() -> Iterator[None]:
    """Turn what `zipfile` raises over damaged bytes into Corrupt."""
    try:
        yield
    except (zipfile.BadZipFile, zipfile.zlib.error) as error:  # type: ignore[attr-defined]
        raise Corrupt(f"a damaged zip package ({error}): fetch it again") from error
    except (NotImplementedError, EOFError, OSError, ValueError, RuntimeError) as error:
        raise Corrupt(f"a zip package that cannot be opened ({error})") from error


@dataclass(frozen=True, slots=True)
class Relation:
    """One relationship of a part: its kind ("image", "officeDocument") and the name of the part that it leads to."""

    kind: str
    target: str


class Package:
    """The parts of an Office package, and how they lead to each other. Names of parts have no slash before them.

    `parts` gives the bytes of a part when called. What leads nowhere (NULL, "#_top", a part that is missing) is no error:
    the part is None.
    """

    def __init__(self, parts: Mapping[str, Callable[[], bytes]]) -> None:
        self._parts = {name.casefold(): read for name, read in parts.items()}
        self._related: dict[str, dict[str, Relation]] = {}

    @property
    def main(self) -> str | None:
        """The name of the main part: where the package's relationship leads, or where Office puts it."""
        named = [each.target for each in self.related("").values() if each.kind == "officeDocument"]
        return next((name for name in (*named, *_USUAL) if name.casefold() in self._parts), None)

    def part(self, name: str) -> bytes | None:
        """The bytes of a part, None when there is none of this name; raises Corrupt when they are damaged."""
        read = self._parts.get(name.casefold())
        return None if read is None else read()

    def root(self, name: str | None) -> Any | None:
        """The tree of a part with the Transitional names and one of each set of alternatives; None when there is no such part.

        Raises Corrupt for what is no sound XML.
        """
        data = None if name is None else self.part(name)
        return None if data is None or name is None else parsed(data, name)

    def related(self, name: str) -> dict[str, Relation]:
        """The relationships of a part by their ids; of the package itself for the name ""."""
        if name not in self._related:
            folder, _slash, last = name.rpartition("/")
            root = self.root(posixpath.join(folder, "_rels", f"{last}.rels"))
            self._related[name] = {} if root is None else dict(_relations(root, folder))
        return self._related[name]

    def first(self, name: str, kind: str) -> str | None:
        """The part that a relationship of this kind leads to, None when there is none."""
        return next(
            (each.target for each in self.related(name).values() if each.kind == kind), None
        )

    @property
    def title(self) -> str:
        """The title among the properties of the document; "" when it has none, or they are damaged."""
        try:
            root = self.root(self.first("", "core-properties"))
        except Corrupt:
            return ""
        found = None if root is None else root.find("{http://purl.org/dc/elements/1.1/}title")
        return "" if found is None else found.text or ""


def _relations(root: Any, folder: str) -> Iterator[tuple[str, Relation]]:
    for each in root.iter("{*}Relationship"):
        target = unquote((each.get("Target") or "").replace("\\", "/"))
        if each.get("TargetMode") == "External" or target.startswith("#"):
            continue
        whole = target[1:] if target.startswith("/") else posixpath.join(folder, target)
        kind = (each.get("Type") or "").rpartition("/")[2]
        yield each.get("Id") or "", Relation(kind, posixpath.normpath(whole))


@contextmanager
def opened(source: Path | io.BytesIO) -> Iterator[Package]:
    """A zipped package, whatever slashes its members have; raises Corrupt when it is no sound zip."""
    with _named_damage():
        archive = zipfile.ZipFile(source)
    with archive:
        yield Package(
            {_tidy(info.filename): partial(_member, archive, info) for info in archive.infolist()}
        )


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    with _named_damage():
        return archive.read(info)


def flat_package(root: Any) -> Package:
    """The package that one XML file holds ("flat OPC", what Word calls a Word XML document)."""
    return Package(
        {
            (part.get(_FLAT + "name") or "").lstrip("/"): partial(_flat_part, part)
            for part in root.iterchildren(_FLAT + "part")
        }
    )


def _flat_part(part: Any) -> bytes:
    for data in part.iterchildren(_FLAT + "xmlData"):
        for root in data.iterchildren("*"):
            return bytes(etree.tostring(root, with_tail=False))
    try:
        return base64.b64decode(part.findtext(_FLAT + "binaryData") or "")
    except binascii.Error as error:
        raise Corrupt(f"a part that is no base64 ({error})") from error


def office_kind(opening: Opening) -> str:
    """The local name of the root of a package's main part (document, presentation, workbook); "" for what is no Office package."""
    names = {_tidy(name).casefold(): name for name in opening.members}
    usual = next((name for name in _USUAL if name in names), None)
    try:
        with opened(opening.source) as package:
            # Before `check` has looked for bombs nothing large is opened.
            small = opening.members.get(names.get(_RELATIONS, ""), 0) < _SMALL
            main = package.main if small else usual
    except Corrupt:  # or locked: what Office would call it still tells
        main = usual
    if main is None:
        return ""
    head = opening.member(names[main.casefold()], _PROLOGUE)
    return root_tag(head).rpartition("}")[2] or _ROOTS.get(main.partition("/")[0], "")


def _tidy(name: str) -> str:
    """The name of a part from that of a zip's member, which some programs write with the slashes of Windows."""
    return name.replace("\\", "/").lstrip("/")


def root_tag(head: bytes) -> str:
    """The tag of the root with its namespace in braces, told from the opening of an XML file; "" when it is no XML."""
    parser = etree.XMLPullParser(
        ("start",), resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    with suppress(etree.XMLSyntaxError):  # the opening may end within a tag
        parser.feed(head)
    with suppress(etree.XMLSyntaxError):
        return next((str(element.tag) for _event, element in parser.read_events()), "")
    return ""


def parsed(data: bytes, name: str) -> Any:
    """The tree of a part's XML: Strict names become Transitional, alternatives one of them. Raises Corrupt."""
    root = _tree(data, name)
    if any(uri.startswith(_STRICT) for uri in root.nsmap.values()):
        root = _tree(_STRICT_NAME.sub(_TRANSITIONAL, etree.tostring(root)), name)
    _one_alternative(root)
    return root


def _tree(data: bytes, name: str) -> Any:
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Corrupt(f"its part {name[:80]!r} is no sound XML ({str(error)[:120]})") from error
    declared = root.getroottree().docinfo.internalDTD
    if declared is not None and any(True for _ in declared.iterentities()):
        raise _entities(name)
    return root


def _one_alternative(root: Any) -> None:
    """Put the branch with words in place of each mc:AlternateContent: the first choice before the fallback (ISO/IEC 29500-3)."""
    for each in reversed(list(root.iter(_CHOICES + "AlternateContent"))):
        branches = [
            *filter(_is_understood, each.iterchildren(_CHOICES + "Choice")),
            *each.iterchildren(_CHOICES + "Fallback"),
        ]
        parent = each.getparent()
        if parent is not None:
            chosen = next(filter(_shows_words, branches), branches[0] if branches else ())
            place = parent.index(each)
            parent[place : place + 1] = list(chosen)


def _is_understood(choice: Any) -> bool:
    """True for a choice whose every required prefix is one of Office's namespaces: others have their words in the fallback."""
    required = (choice.get("Requires") or "").split()
    named = (choice.nsmap.get(prefix) or "" for prefix in required)
    return all("office" in name or "schemas-microsoft" in name for name in named)


def _shows_words(branch: Any) -> bool:
    for element in branch.iter("*"):
        name = element.tag.rpartition("}")[2]
        if name in _SHOWING or (name == "t" and (element.text or "").strip()):
            return True
    return False
