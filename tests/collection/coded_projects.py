"""A project read as programs for qualitative analysis read one, by the rules that QualCoder's importer shows (src/qualcoder/refi.py of ccbogel/QualCoder).

The folder of sources is `sources` or `Sources`; a text is opened as UTF-8, so that a mark of byte order would be its first letter; positions count
its code points, one for a line's end where the file has line feeds alone; a group of codes is one that is not codable; of codes, cases, sources
and variables with one name the second is lost; a source is copied under its name; a note needs a name, a path and a day.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass, field
from xml.etree import ElementTree as etree

NS = "{urn:QDA-XML:project:1.0}"


@dataclass
class Project:
    categories: dict[str, list[str]] = field(default_factory=dict)
    cases: dict[str, dict[str, str]] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    codings: list[tuple[str, str, str]] = field(default_factory=list)
    notes: dict[str, str] = field(default_factory=dict)
    memo: str = ""
    case_sources: dict[str, list[str]] = field(default_factory=dict)


def read(content: bytes) -> Project:
    """A project as the importer would have it; an assertion where it would lose something."""
    found = Project()
    packed = zipfile.ZipFile(io.BytesIO(content))
    root = etree.fromstring(packed.read("project.qde"))
    users = {one.get("guid"): one.get("name") for one in root.find(f"{NS}Users")}
    codes = {}
    for group in root.find(f"{NS}CodeBook")[0]:
        assert group.get("isCodable") == "false"
        assert group.get("name") not in found.categories
        names = found.categories[group.get("name")] = []
        for one in group.findall(f"{NS}Code"):
            assert one.get("name") not in codes.values()
            codes[one.get("guid")] = one.get("name")
            names.append(one.get("name"))
    variables = {one.get("guid"): one.get("name") for one in root.find(f"{NS}Variables")}
    assert len(set(variables.values())) == len(variables)
    sources = {}
    for source in root.find(f"{NS}Sources"):
        assert source.tag == f"{NS}TextSource"
        name = source.get("name")
        assert name not in found.texts
        assert not set(name) & set('/\\:*?"<>|')
        text = text_at(packed, source)
        assert users[source.get("creatingUser")]
        sources[source.get("guid")] = name
        found.texts[name] = text
        for chosen in source.findall(f"{NS}PlainTextSelection"):
            words = text[int(chosen.get("startPosition")) : int(chosen.get("endPosition"))]
            for coding in chosen.findall(f"{NS}Coding"):
                found.codings.append((name, codes[coding[0].get("targetGUID")], words))
    for case in root.find(f"{NS}Cases"):
        assert case.get("name") not in found.cases
        found.cases[case.get("name")] = {
            variables[value[0].get("targetGUID")]: value[1].text
            for value in case.findall(f"{NS}VariableValue")
        }
        found.case_sources[case.get("name")] = [
            sources[one.get("targetGUID")] for one in case.findall(f"{NS}SourceRef")
        ]
    for note in root.find(f"{NS}Notes"):
        assert note.get("creationDateTime")
        found.notes[note.get("name")] = text_at(packed, note)
    found.memo = root.find(f"{NS}Description").text
    return found


def text_at(packed: zipfile.ZipFile, element: etree.Element) -> str:
    path = element.get("plainTextPath").split("internal:/")[1]
    content = packed.read(f"sources{path}")
    assert b"\r" not in content
    text = content.decode("utf-8")
    assert not text.startswith("\ufeff")
    return text
