"""The exports that a home knows of: when what was taken where, and which documents were in it, so that a withdrawal can name them.

`exports.jsonl` has a line an export: `made` (ISO 8601, UTC), `form`, `place` (a path as this machine names it), `texts` (whole reports were in it),
`reviews` (how many) and `held`: digests of the ids of its documents, keyed by the home's own id. It says of a document whether it was in an export, and of
an export no title, no name and no id. Four bytes a document: one of 15,000 is taken for another in one case of 280,000.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

import msgspec

from casereviews.collection.keeping.sharing import changing_alone
from casereviews.collection.output.hostile import for_line
from casereviews.collection.output.wording import counted
from casereviews.repository.home import Home
from casereviews.repository.json_record import JsonRecord
from casereviews.repository.whole_files import write_whole

BYTES = 4
UNNAMED = "(its name was taken out with a withdrawal)"


@dataclass(frozen=True, slots=True)
class KnownExport(JsonRecord):
    """An export: when, in which form, where it was written, whether whole reports were in it, and how many reviews."""

    made: str
    form: str
    place: str
    reviews: int
    texts: bool = False

    def __str__(self) -> str:
        whole = ", with report text" if self.texts else ""
        return for_line(
            f"{self.made[:10]} {self.form}, {counted(self.reviews, 'review')}{whole}: {self.place}"
        )


class _Line(msgspec.Struct):
    made: str
    form: str
    place: str
    reviews: int
    held: str
    texts: bool = False


@dataclass(frozen=True, slots=True)
class Exports:
    """The exports of a home, in the order in which they were made."""

    home: Home

    def note(self, one: KnownExport, document_ids: Iterable[str]) -> None:
        """Write an export down; one in the same form and place with the same documents took the place of the earlier one.

        Raises HomeError where the home is not writable, FileBusy when another run writes there.
        """
        held = self._held(document_ids)
        with changing_alone(self.home.exports_jsonl):
            lines = [line for line in self._lines() if line and not _same(_read(line), one, held)]
            said = {**one.to_json(), "held": held}
            lines.append(json.dumps(said, ensure_ascii=False))
            write_whole(self.home.exports_jsonl, "".join(f"{line}\n" for line in lines))

    def all(self) -> tuple[KnownExport, ...]:
        """Every export that can be read, the earliest first."""
        return tuple(_export(line) for line in map(_read, self._lines()) if line)

    def holding(self, document_ids: Collection[str]) -> tuple[KnownExport, ...]:
        """The exports that held any of these documents, the earliest first."""
        wanted = {self._digest(one) for one in document_ids}
        lines = [line for line in map(_read, self._lines()) if line]
        holding = (line for line in lines if wanted & _digests(line.held))
        return tuple(sorted(map(_export, holding), key=lambda one: one.made))

    def unread(self) -> int:
        """How many lines of the file say nothing that can be read: what they held nobody knows."""
        return sum(1 for line in self._lines() if line.strip() and _read(line) is None)

    def forget(self, words: Collection[str]) -> None:
        """Take the places out whose names have any of the words, in any case."""
        folded = [word.casefold() for word in words if word]
        if not self.home.exports_jsonl.exists():
            return
        with changing_alone(self.home.exports_jsonl):
            lines = self._lines()
            kept = [_without(line, folded) for line in lines]
            if kept != lines:
                write_whole(self.home.exports_jsonl, "".join(f"{line}\n" for line in kept))

    def _lines(self) -> list[str]:
        try:
            return self.home.exports_jsonl.read_text("utf-8", errors="replace").splitlines()
        except FileNotFoundError:
            return []

    def _held(self, document_ids: Iterable[str]) -> str:
        digests = sorted({self._digest(one) for one in document_ids})
        return base64.b64encode(b"".join(digests)).decode()

    def _digest(self, document_id: str) -> bytes:
        key = self.home.id.encode()
        return hashlib.blake2b(document_id.encode(), digest_size=BYTES, key=key).digest()


def _digests(held: str) -> set[bytes]:
    try:
        joined = base64.b64decode(held)
    except ValueError:
        return set()
    return {joined[at : at + BYTES] for at in range(0, len(joined), BYTES)}


def _read(line: str) -> _Line | None:
    try:
        return msgspec.json.decode(line, type=_Line)
    except ValueError:
        return None


def _export(line: _Line) -> KnownExport:
    return KnownExport(line.made, line.form, line.place, line.reviews, line.texts)


def _same(line: _Line | None, one: KnownExport, held: str) -> bool:
    return line is not None and (replace(_export(line), made=""), line.held) == (
        replace(one, made=""),
        held,
    )


def _without(line: str, words: Iterable[str]) -> str:
    found = _read(line)
    if found is None or not any(word in found.place.casefold() for word in words):
        return line
    found.place = UNNAMED
    return msgspec.json.encode(found).decode()
