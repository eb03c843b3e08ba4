"""What things are called in a project: identifiers that are the same in every export, and text that every reader takes as it is."""

from __future__ import annotations

import re
import unicodedata
import uuid

from casereviews.collection.output.hostile import for_line

PROJECT = "urn:QDA-XML:project:1.0"
CODEBOOK = "urn:QDA-XML:codebook:1.0"
# XML 1.0 ("Characters"); the mark of byte order would be a letter to readers that do not look for it.
_NO_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff\ufffe\uffff\ud800-\udfff]")
_NO_FILE_NAME = re.compile(r'[\\/:*?"<>|\[\]]+')
_IN_BRACKETS = re.compile(r"\[([\w-]+)\]")
LONGEST_NAME = 100
"""Letters of a title in the name of a case or a source: programs make file names of them."""


def guid(*what: object) -> str:
    """The identifier of a thing, the same wherever and whenever it is exported."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "casereviews:" + ":".join(map(str, what))))


def plain(text: str) -> str:
    """Text as it stands in a source: composed letters (NFC), lines that end with a line feed alone, no controls, no halves of letters."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return _NO_TEXT.sub(" ", unicodedata.normalize("NFC", lines))


def named(title: str | None, identifier: str) -> str:
    """The name of a case or a source: its title, and its id in brackets, by which it is known when it comes back."""
    line = _NO_FILE_NAME.sub(" ", plain(for_line(title or "Untitled")))
    return f"{' '.join(line.split())[:LONGEST_NAME].strip()} [{identifier}]"


def id_in(name: str) -> str:
    """The id in the name of a case or a source; "" where there is none."""
    found = _IN_BRACKETS.findall(name)
    return found[-1] if found else ""
