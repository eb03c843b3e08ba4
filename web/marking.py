"""How people mark reviews in the page: as whom and at which stage, what stands of a review, and the way back after a form."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from casereviews import Mark
from casereviews.collection.collection import Collection
from casereviews.collection.keeping.marks import CLEAR, CONFLICT, FULL, TITLE
from casereviews.collection.output.hostile import for_line
from casereviews.web.dates import date_in_words

if TYPE_CHECKING:
    from casereviews.web.reading import Fields

STAGES = {"": "in one step", TITLE: "on title and abstract", FULL: "on the full text"}
DECIDED = {
    "include": "Included",
    "maybe": "Maybe",
    "exclude": "Excluded",
    CONFLICT: "Readers differ",
    CLEAR: "Mark taken away",
}
MOST_LETTERS = 2_000
"""Of a reason, a note or a name that is typed here."""
MOST_PEOPLE = 10_000
LONGEST_WAY_BACK = 60_000


@dataclass(frozen=True, slots=True)
class MarkedAs:
    """As whom, and at which stage, somebody marks: "" is what was agreed, and in one step."""

    stage: str = ""
    reader: str = ""

    def words(self) -> str:
        """ "On the full text, as Ash"."""
        stage = STAGES[self.stage]
        return f"{stage[:1].upper()}{stage[1:]}, {self.whose}"

    @property
    def whose(self) -> str:
        """Whose decision it is, in words."""
        return f"as {for_line(self.reader)}" if self.reader else "as what was agreed"

    def place(self, review_id: str) -> tuple[str, str, str]:
        """Where a mark of a review is put (`Mark.place`)."""
        return review_id, self.stage or FULL, self.reader


@dataclass(frozen=True, slots=True)
class Markable:
    """A review that can be marked: what stands of it, in words, and what the person who looks has decided there ("" for nothing yet)."""

    review_id: str
    stands: tuple[str, ...]
    decided: str


class Marking:
    """As whom each session marks (in memory: a form carries what it showed, so that nothing else is ever done), and the marks that stand."""

    def __init__(self) -> None:
        self._as: OrderedDict[str, MarkedAs] = OrderedDict()
        self._lock = threading.Lock()
        self._kept: tuple[object, Mapping[str, tuple[Mark, ...]]] | None = None

    def marked_as(self, request: Request) -> MarkedAs:
        """As whom this person marks; at first as their proxy names them, else as what was agreed."""
        people = request.app.state.access.people
        with self._lock:
            known = self._as.get(people.person(request))
        return known or MarkedAs(reader=people.named(request)[:MOST_LETTERS])

    def mark_as(self, request: Request, said: MarkedAs) -> None:
        """Remember it until the server or the session ends."""
        person = request.app.state.access.people.person(request)
        with self._lock:
            self._as[person] = said
            self._as.move_to_end(person)
            while len(self._as) > MOST_PEOPLE:
                self._as.popitem(last=False)

    def standing(self, collection: Collection) -> Mapping[str, tuple[Mark, ...]]:
        """The marks that stand by review, read again when their file or the index is another. Raises RequestError when the file is wrong."""
        try:
            file = collection.home.marks_csv.stat()
        except FileNotFoundError:
            return {}
        state = file.st_mtime_ns, file.st_size, file.st_ino, collection.state()
        kept = self._kept
        if kept is None or kept[0] != state:
            found: dict[str, list[Mark]] = {}
            for mark in collection.marks.standing():
                found.setdefault(mark.review_id, []).append(mark)
            kept = self._kept = state, {key: tuple(marks) for key, marks in found.items()}
        return kept[1]

    def forget(self) -> None:
        """Let go of what was read of the marks: a withdrawal took some of them out."""
        self._kept = None

    def markables(
        self, request: Request, collection: Collection, review_ids: Iterable[str]
    ) -> dict[str, Markable]:
        """The reviews that a page offers to mark, by their ids."""
        marks, how = self.standing(collection), self.marked_as(request)
        return {one: _markable(one, marks.get(one, ()), how) for one in review_ids}

    def markable(self, request: Request, collection: Collection, review_id: str) -> Markable:
        """One review that a page offers to mark."""
        return self.markables(request, collection, [review_id])[review_id]


def _markable(review_id: str, marks: Sequence[Mark], how: MarkedAs) -> Markable:
    mine = next((one for one in marks if one.place == how.place(review_id)), None)
    return Markable(review_id, tuple(map(told, marks)), mine.decision if mine else "")


def told(mark: Mark) -> str:
    """A mark in words: "Excluded on the full text by Ash, 3 March 2026: no infant"."""
    by = f" by {mark.reader}" if mark.reader else ""
    when = f", {date_in_words(mark.at)}" if mark.at else ""
    why = f": {mark.reason}" if mark.reason else ""
    return for_line(
        f"{DECIDED.get(mark.decision, mark.decision)} {STAGES[mark.stage]}{by}{when}{why}"
    )


def said_of(fields: Fields, name: str) -> str:
    """What a form says in a field, on one line."""
    return " ".join(fields.get(name, [""])[0].split())


def gone_back(fields: Fields, otherwise: str) -> Response:
    """To the page of ours that the form came from, by GET: to load it again sends nothing again."""
    said = fields.get("back", [""])[0]
    return RedirectResponse(said if _is_ours(said) else otherwise, 303)


def _is_ours(said: str) -> bool:
    """True for a path of this host: browsers take a backslash for a slash, and leave out tabs and line ends."""
    if len(said) > LONGEST_WAY_BACK or not said.startswith("/") or not said.isprintable():
        return False
    parts = urlsplit(said)
    return not (parts.scheme or parts.netloc or "\\" in said or said.startswith("//"))
