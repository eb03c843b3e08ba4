"""A project that comes back (`.qdpx`), read as what it says of cases, sources and codings, whoever wrote it.

It is a file from elsewhere: nothing of it is unpacked, entities and document types are refused, and what is too large, too deep or outside of it ends
the reading with an error that says so.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Any
from xml.etree.ElementTree import ParseError

from casereviews.collection.errors import RequestError

MOST_MEMBERS = 100_000
MOST_PROJECT = 512 << 20
MOST_TEXT = 64 << 20
MOST_TEXTS = 2 << 30
DEEPEST = 64
MOST_TIMES = 200
"""Members, bytes (inflated) of `project.qde`, of a text and of all texts, elements in each other, and how much larger than its packed form `project.qde` is:
far above what a project of 5,000 reports needs."""
_NUMBER = re.compile(r"\d{1,9}")
_VALUES = tuple(
    f"{kind}Value" for kind in ("Text", "Integer", "Float", "Boolean", "Date", "DateTime")
)
_NO_TEXTS = ("PictureSource", "PDFSource", "AudioSource", "VideoSource")


@dataclass(frozen=True, slots=True)
class ReturnedCoding:
    """A code on a passage: positions as the file gives them, None where they are no numbers; who and when where it says so."""

    code: str
    guid: str
    start: int | None
    end: int | None
    by: str = ""
    at: str = ""


@dataclass(slots=True)
class ReturnedSource:
    """A text with its codings; `text` is None where the file does not hold it."""

    guid: str
    name: str
    text: str | None
    codings: list[ReturnedCoding] = field(default_factory=list)
    whole: int = 0


@dataclass(slots=True)
class ReturnedCase:
    """A case: its variables by name, and the identifiers of its sources."""

    guid: str
    name: str
    values: dict[str, str] = field(default_factory=dict)
    sources: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Returned:
    """What a project says. `codes` are identifiers with name and description; `no_texts` sources are pictures, films and the like."""

    origin: str = ""
    codes: dict[str, tuple[str, str]] = field(default_factory=dict)
    cases: list[ReturnedCase] = field(default_factory=list)
    sources: list[ReturnedSource] = field(default_factory=list)
    no_texts: int = 0


def read_project(path: Path) -> Returned:
    """Read a project. Raises RequestError naming the file and what is wrong with it."""
    try:
        with zipfile.ZipFile(path) as packed:
            return _Reader(path, packed).read()
    except FileNotFoundError:
        raise RequestError(f"there is no {path}") from None
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise RequestError(
            f"{path} is no whole .qdpx file ({error}): export the project again"
        ) from error
    except OSError as error:
        raise RequestError(f"{path} cannot be read: {error.strerror or error}") from error


@dataclass(slots=True)
class _Reader:
    path: Path
    packed: zipfile.ZipFile
    found: Returned = field(default_factory=Returned)
    users: dict[str, str] = field(default_factory=dict)
    variables: dict[str, str] = field(default_factory=dict)
    inflated: int = 0

    def read(self) -> Returned:
        members = self.packed.infolist()
        if len(members) > MOST_MEMBERS:
            raise self._wrong(f"it has {len(members):,} files, more than {MOST_MEMBERS:,}")
        for one in members:
            name = PurePosixPath(one.filename.replace("\\", "/"))
            if name.is_absolute() or ".." in name.parts or re.match(r"[A-Za-z]:", one.filename):
                raise self._wrong(f"it names a file outside itself: {one.filename[:200]!r}")
        projects = [one for one in members if one.filename.lower().endswith(".qde")]
        if len(projects) != 1:
            raise self._wrong(f"it has {len(projects)} .qde files and should have one")
        with self.packed.open(projects[0]) as project:
            self._parse(project, projects[0].compress_size)
        return self.found

    def _wrong(self, why: str) -> RequestError:
        return RequestError(f"{self.path} is not read: {why}")

    def _parse(self, project: IO[bytes], packed: int) -> None:
        from defusedxml.common import DefusedXmlException
        from defusedxml.ElementTree import iterparse

        limited = _Limited(project, min(MOST_PROJECT, packed * MOST_TIMES + (1 << 20)))
        depth = 0
        try:
            for event, element in iterparse(limited, events=("start", "end"), forbid_dtd=True):
                if event == "start":
                    depth += 1
                    if depth > DEEPEST:
                        raise self._wrong("its elements stand too deep in each other")
                    if depth == 1:
                        self._root(element)
                    continue
                depth -= 1
                self._take(_tag(element), element)
        except DefusedXmlException:
            raise self._wrong(
                "it declares a document type or entities, as no project does"
            ) from None
        except ParseError as error:
            if limited.over:
                raise self._wrong("its project.qde is larger than any project is") from None
            raise self._wrong(f"its project.qde is no XML ({error})") from error

    def _root(self, element: Any) -> None:
        if _tag(element) != "Project":
            raise self._wrong(f"it holds a {_tag(element)[:50]}, no Project of REFI-QDA")
        self.found.origin = str(element.get("origin") or "")

    def _take(self, tag: str, element: Any) -> None:
        """What an element says once it is whole; what is taken is let go of."""
        if tag == "User":
            self.users[_id(element)] = str(element.get("name") or element.get("id") or "")
        elif tag == "Variable":
            self.variables[_id(element)] = str(element.get("name") or "")
        elif tag == "Code":
            said = next((one.text or "" for one in element if _tag(one) == "Description"), "")
            self.found.codes[_id(element)] = (str(element.get("name") or ""), said)
            element.clear()
        elif tag == "Case":
            case = ReturnedCase(_id(element), str(element.get("name") or ""))
            self._values(element, case)
            case.sources = [_target(one) for one in element if _tag(one) == "SourceRef"]
            self.found.cases.append(case)
            element.clear()
        elif tag == "TextSource":
            self._source(element)
            element.clear()
        elif tag in _NO_TEXTS:
            self.found.no_texts += 1
            element.clear()

    def _values(self, element: Any, case: ReturnedCase) -> None:
        for one in element:
            if _tag(one) == "VariableValue":
                parts = {_tag(part): part for part in one}
                name = self.variables.get(_target(parts.get("VariableRef")), "")
                value = next((parts[kind].text for kind in _VALUES if kind in parts), None)
                if name and value and value.strip():
                    case.values[name] = value.strip()

    def _source(self, element: Any) -> None:
        made = ReturnedSource(_id(element), str(element.get("name") or ""), self._text_of(element))
        of_source = ReturnedCase("", "", sources=[made.guid])
        self._values(element, of_source)
        if of_source.values:  # as MAXQDA has them
            self.found.cases.append(of_source)
        for one in element:
            if _tag(one) == "PlainTextSelection":
                bounds = (_number(one.get("startPosition")), _number(one.get("endPosition")))
                for coding in one:
                    if _tag(coding) == "Coding":
                        made.codings += self._codings(coding, one, bounds)
            elif _tag(one) == "Coding":
                made.whole += 1
        self.found.sources.append(made)

    def _codings(
        self, coding: Any, selection: Any, bounds: tuple[int | None, int | None]
    ) -> Iterator[ReturnedCoding]:
        user = coding.get("creatingUser") or selection.get("creatingUser") or ""
        at = coding.get("creationDateTime") or selection.get("creationDateTime") or ""
        by = self.users.get(user.strip("{}").lower(), "")
        for one in coding:
            if _tag(one) == "CodeRef":
                yield ReturnedCoding(_target(one), _id(coding), *bounds, by, str(at))

    def _text_of(self, element: Any) -> str | None:
        for one in element:
            if _tag(one) == "PlainTextContent":
                return one.text or ""
        path = str(element.get("plainTextPath") or "")
        name = path.removeprefix("internal://").lstrip("/")
        if not path.startswith("internal://") or "/" in name or "\\" in name:
            return None
        for folder in ("sources", "Sources"):
            try:
                member = self.packed.getinfo(f"{folder}/{name}")
            except KeyError:
                continue
            with self.packed.open(member) as text:
                content = text.read(MOST_TEXT + 1)
            self.inflated += len(content)
            if len(content) > MOST_TEXT or self.inflated > MOST_TEXTS:
                raise self._wrong(f"the text {name[:100]!r} is too large")
            return content.decode("utf-8-sig", errors="replace")
        return None


@dataclass(slots=True)
class _Limited:
    """A stream that ends where it has given too much."""

    stream: IO[bytes]
    left: int
    over: bool = False

    def read(self, size: int = -1) -> bytes:
        given = self.stream.read(min(size if size >= 0 else 1 << 16, 1 << 20))
        self.left -= len(given)
        if self.left < 0:
            self.over = True
            return b""
        return given


def _tag(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def _id(element: Any) -> str:
    return str(element.get("guid") or "").strip("{}").lower()


def _target(element: Any) -> str:
    return "" if element is None else str(element.get("targetGUID") or "").strip("{}").lower()


def _number(said: str | None) -> int | None:
    return int(said) if said and _NUMBER.fullmatch(said.strip()) else None
