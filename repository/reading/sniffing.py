"""Which format a file has, told by its content and never by its name."""

from __future__ import annotations

from casereviews.repository.reading.content import Format, Opening
from casereviews.repository.reading.errors import Corrupt, Encrypted, NotADocument, NothingInside
from casereviews.repository.reading.formats import formats
from casereviews.repository.reading.formats.text import is_xml

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

# First bytes of what is no document, and what to call it.
FOREIGN = (
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"II*\x00", "a TIFF picture"),
    (b"MM\x00*", "a TIFF picture"),
    (b"MZ", "a Windows program"),
    (b"\x7fELF", "a program"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"ID3", "a sound file"),
    (b"RIFF", "a sound or video file"),
    (b"\x1aE\xdf\xa3", "a video"),
)


def recognise(opening: Opening) -> Format:
    """The format of a file; raises NothingInside for an empty one and NotADocument for what is none."""
    if opening.size == 0:
        raise NothingInside("the file has no bytes: fetch it again")
    for each in formats():
        if each.looks_like(opening):
            return each
    raise _foreign(opening)


def _foreign(opening: Opening) -> Corrupt | Encrypted | NotADocument:
    head = opening.head
    if head.startswith(OLE):
        if "EncryptedPackage".encode("utf-16-le") in opening.whole():
            return Encrypted("an Office file with a password: ask the publisher for an open copy")
        return NotADocument("an old Office file that is no Word document")
    if head.startswith(b"PK"):
        if not opening.members:
            return Corrupt("a damaged zip package: fetch it again")
        return NotADocument("a zip archive that is no document")
    if is_xml(head):
        return NotADocument("XML of a kind that is no document")
    for magic, name in FOREIGN:
        if head.startswith(magic):
            return NotADocument(f"{name}, not a document")
    if not head.strip():
        return NotADocument("nothing but blanks")
    return NotADocument("bytes of no format that holds text")
