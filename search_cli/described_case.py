"""A described case as plain text, wherever it comes from: held in memory, never written, and harmless to what reads it."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import click

from casereviews.search_cli.errors import BadRequest

PROMPT = (
    "Describe the case in plain words, without names; an empty line ends it. Nothing is stored."
)
# About 10,000 words, a long report's telling part; more costs seconds and tells nothing new.
MOST_CHARACTERS = 60_000
_UNSEEN = re.compile(r"[^\S\n\t ]|[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_LEGACY_OFFICE = b"\xd0\xcf\x11\xe0"  # .doc, .ppt: read by another program through files on disk
_PACKED = (b"%PDF", b"PK\x03\x04", b"{\\rtf", _LEGACY_OFFICE)


def asked(text: str | None, file: Path | None) -> str:
    """The description, from --text, --file, stdin or, on a terminal, the prompt.

    Raises UsageError when there is none, BadRequest when the file has no text that can be read in memory.
    """
    if text is not None:
        found = plain(text)
    elif file is not None:
        found = of_file(file)
    elif not sys.stdin.isatty():
        found = plain(decoded(sys.stdin.buffer.read()))
    else:
        found = plain(typed())
    if not found.strip():
        raise click.UsageError(
            "there is no description: type one at the prompt, or use --text or --file"
        )
    return found


def typed() -> str:
    """What is typed at the prompt, up to an empty line."""
    click.echo(PROMPT, err=True)
    lines = []
    for line in sys.stdin:
        if not line.strip():
            break
        lines.append(line)
    return "".join(lines)


def of_file(file: Path) -> str:
    """The text of a file: plain text, or PDF, Word (.docx), ODT, RTF, PowerPoint read without a copy on disk."""
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise BadRequest(f"{file} cannot be read: {error.strerror}") from error
    if not raw.startswith(_PACKED):
        return plain(decoded(raw))
    if raw.startswith(_LEGACY_OFFICE):
        raise BadRequest(
            f"{file} is of an old Office format, which is read through a copy on disk: save it as .docx"
            " or as text"
        )
    from casereviews.repository.reading import Limits, read_file

    reading = read_file(file, limits=Limits(ocr=False))
    if not reading.pages:
        raise BadRequest(
            f"{file} has no text that can be read ({reading.detail or reading.status})"
        )
    return plain("\n".join(page.text for page in reading.pages))


def decoded(raw: bytes) -> str:
    """Bytes as text: UTF-8, UTF-16 with its mark, else the old Windows code page that Notepad wrote."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", "replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def plain(text: str) -> str:
    """The text without control characters and halves of characters."""
    return _UNSEEN.sub(" ", text)


def bounded(text: str) -> tuple[str, str]:
    """The text as far as it is read, and a note when that is not all of it."""
    if len(text) <= MOST_CHARACTERS:
        return text, ""
    cut = text[:MOST_CHARACTERS].rpartition(" ")[0] or text[:MOST_CHARACTERS]
    return cut, f"only the first {len(cut.split()):,} words are compared: describe the case shorter"
