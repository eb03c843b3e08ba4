"""Zip packages (DOCX, PPTX, ODT) opened with care: bombs, entities and false directories are refused before parsing."""

from __future__ import annotations

import zipfile
from pathlib import Path

from casereviews.repository.reading.errors import Corrupt, Encrypted, TooLarge
from casereviews.repository.reading.limits import Limits

_MEMBERS = 20_000
# Deflate reaches about 1,000 to 1 at best; honest XML stays under 100. Small members may be anything.
_RATIO = 200
_SMALL = 5_000_000
_XML_MB = 120
_PROLOGUE = 4096


def check(path: Path, limits: Limits) -> list[zipfile.ZipInfo]:
    """Check a package's directory and the openings of its XML parts; returns its members.

    Raises TooLarge for bombs, Corrupt for damaged directories and XML that declares entities, Encrypted for locked members.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            _sizes(members, limits)
            for member in members:
                if member.filename.lower().endswith((".xml", ".rels")):
                    _no_entities(archive, member)
    except zipfile.BadZipFile as error:
        raise Corrupt(f"a damaged zip package ({error}): fetch it again") from error
    except (NotImplementedError, EOFError, OSError, ValueError) as error:
        raise Corrupt(f"a zip package that cannot be opened ({error})") from error
    except zipfile.zlib.error as error:  # type: ignore[attr-defined]
        raise Corrupt(f"a damaged zip package ({error}): fetch it again") from error
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
    """Office files never need a document type: one is an attack (a million laughs) or no Office file."""
    with archive.open(member) as part:
        opening = part.read(_PROLOGUE)
    for encoding in ("latin-1", "utf-16-le", "utf-16-be"):
        text = opening.decode(encoding, "ignore")
        if "<!DOCTYPE" in text or "<!ENTITY" in text:
            raise Corrupt(
                f"its part {member.filename[:80]!r} declares XML entities, which are not read"
            )
