"""How people mark reviews in the page: as whom and at which stage, what stands of a review, and the way back after a form."""

from __future__ import annotations

import json
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
from casereviews.collection.errors import RequestError
from casereviews.collection.keeping.marks import CLEAR, CONFLICT, DECISIONS, FULL, TITLE
from casereviews.collection.output.hostile import for_line
from casereviews.web.agreed import AgreedLines
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
    """As whom each session marks (a form carries what it showed, so that nothing else is ever done), and the marks that stand.

    The first is kept in memory, and in `agreed` where several workers must know it.
    """

    def __init__(self, agreed: AgreedLines | None = None) -> None:
        self._agreed = agreed
        self._as: OrderedDict[str, MarkedAs] = OrderedDict()
        self._lock = threading.Lock()
        self._kept: tuple[object, Mapping[str, tuple[Mark, ...]]] | None = None

    def marked_as(self, request: Request) -> MarkedAs:
        """As whom this person marks; at first as their proxy names them, else as what was agreed."""
        people = request.app.state.access.people
        with self._lock:
            for line in self._agreed.new() if self._agreed else ():
                whose, stage, reader = json.loads(line)
                self._remember(whose, MarkedAs(stage, reader))
            known = self._as.get(people.person(request))
        return known or MarkedAs(reader=people.named(request)[:MOST_LETTERS])

    def mark_as(self, request: Request, said: MarkedAs) -> None:
        """Remember it until the server or the session ends."""
        person = request.app.state.access.people.person(request)
        with self._lock:
            if self._agreed:
                self._agreed.add(json.dumps([person, said.stage, said.reader]))
            else:
                self._remember(person, said)

    def _remember(self, person: str, said: MarkedAs) -> None:
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


def undecided(markables: Mapping[str, Markable]) -> str:
    """The first review of a list that the person who looks has not decided on, "" when there is none."""
    return next((key for key, one in markables.items() if not one.decided), "")


def _markable(review_id: str, marks: Sequence[Mark], how: MarkedAs) -> Markable:
    mine = next((one for one in marks if one.place == how.place(review_id)), None)
    return Markable(review_id, tuple(map(told, marks)), mine.decision if mine else "")


def put(
    collection: Collection, review_id: str, decision: str, how: MarkedAs, fields: Fields, why: str
) -> str:
    """Mark a review with the reason in the field `why` and the note; gives what is wrong ("" where it was marked).

    Raises RequestError for what no form of ours sends, UnknownId.
    """
    reason, note = said_of(fields, why), said_of(fields, "note")
    is_short(reason, "reason")
    is_short(note, "note")
    if decision not in DECISIONS:
        raise RequestError("say what to mark it: press one of the buttons")
    if decision == "exclude" and how.stage != TITLE and not reason:
        return "Say why it is excluded"
    collection.marks.put(
        review_id, decision, reason=reason, note=note, stage=how.stage, reader=how.reader, once=True
    )
    return ""


def put_of_list(collection: Collection, fields: Fields) -> tuple[str, str]:
    """Put the mark of a list that is one form: its buttons say "decision review". Gives the review and what is wrong with it ("" for neither)."""
    decision, _, review_id = said_of(fields, "mark").partition(" ")
    if not decision:
        return "", ""
    return review_id, put(
        collection, review_id, decision, as_said(fields), fields, f"why-{review_id}"
    )


def as_said(fields: Fields) -> MarkedAs:
    """As whom a form marks. Raises RequestError for a stage that is none, and a name that is too long."""
    stage, reader = said_of(fields, "stage"), said_of(fields, "reader")
    if stage not in ("", *STAGES):
        raise RequestError("a stage is one of those that the form offers: choose it again")
    is_short(reader, "name")
    return MarkedAs(stage, reader)


def is_short(text: str, what: str) -> None:
    """Raise RequestError for what is typed too long."""
    if len(text) > MOST_LETTERS:
        raise RequestError(f"the {what} is too long: write at most {MOST_LETTERS:,} letters")


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
