"""What must be known of the papers of all boards: which events are still to be told, until when, and what is shown.

Written from the words of docs/OPERATIONS.md; it knows nothing of the record.
"""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import dataclass, field

from benchmarks.nights400.sites import POLICY, Board, Paper

PATIENCE = 3
"""Nights after which what is gone is concluded (OPERATIONS, Retention)."""

SOON = 2
"""Good nights within which what a list says must be told."""

FILE_WINDOW = 34
"""Nights within which a change behind an address must be found: files of up to two years are asked every 30 days at the latest."""

SAME_SIZE_WINDOW = 94
"""The same where the server's word of it is wrong, or only its size could tell: read in full every 90 days."""

Key = tuple[str, int]
"""A paper: its board's shape and its number."""


@dataclass
class Awaited:
    """An event that must be told of a paper, from now `until` a night at the latest."""

    kind: str
    until: int


@dataclass
class Known:
    """What must be known of one paper: the events to come in their order, and whether it is shown, as soon as they came."""

    awaited: list[Awaited] = field(default_factory=list)
    visible: bool = True
    before: bool = True
    """Whether it was shown before what is awaited: until that is told, either is right."""
    told: Counter[str] = field(default_factory=Counter)
    first_seen: int | None = None
    edition_since: int | None = None
    off: bool = False
    """Taken off its list, its file still there."""
    released_off: bool = False
    held_version: bool = False
    withdrawn: bool = False
    rest_until: int = 0
    """Nothing else happens to it before this night."""
    flips: list[tuple[int, bool]] = field(default_factory=list)
    """The nights to come on which its list names it again, or no more."""


@dataclass(frozen=True)
class Wrong:
    """Something that is not as it must be."""

    night: int
    what: str


class Truth:
    """The boards as they are tonight, what must be known of each paper, and what was found to be wrong."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.night = 0
        self.boards: list[Board] = []
        self.known: dict[Key, Known] = {}
        self.paper_at: dict[str, tuple[Board, Paper]] = {}
        """By the address of its file, each that it ever had."""
        self.gone_words: set[str] = set()
        """What was withdrawn and must be nowhere."""
        self.wrong: list[Wrong] = []
        self.counts: Counter[str] = Counter()

    @staticmethod
    def key(board: Board, paper: Paper) -> Key:
        """A paper's key."""
        return board.shape, paper.number

    def say(self, what: str) -> None:
        """Note something that is wrong, and go on."""
        self.wrong.append(Wrong(self.night, what))
        print(f"night {self.night} (seed {self.seed}): {what}", file=sys.stderr, flush=True)

    def papers(self) -> list[tuple[Board, Paper, Known]]:
        """Every paper of every board, with what must be known of it."""
        return [
            (board, one, self.known[self.key(board, one)])
            for board in self.boards
            for one in board.papers
        ]

    def expect(self, known: Known, window: int, *kinds: str) -> None:
        """These events, in this order, within so many nights on which they can be known."""
        if not known.awaited:
            known.before = known.visible
        known.awaited += [Awaited(kind, self.night + window) for kind in kinds]

    def put_off(self, *, told_nothing: bool) -> None:
        """What is awaited of boards that tell nothing tonight may come later."""
        for board, _, known in self.papers():
            # A robots.txt is remembered for a day: the night after may be lost too.
            more = 2 if board.trouble == "robots" else 1 if board.trouble or told_nothing else 0
            for one in known.awaited:
                one.until += more

    def idle(self, board: Board) -> list[Paper]:
        """Papers of which nothing is awaited and that stand as they should."""
        return [
            one
            for one in board.papers
            if (known := self.known[self.key(board, one)]).first_seen is not None
            and not known.awaited
            and not known.withdrawn
            and known.rest_until <= self.night
            and one.linked
            and one.there
            and known.visible
        ]

    def hidden(self) -> list[tuple[Board, Paper, Known]]:
        """What is held and of which nothing is awaited."""
        return [
            (board, one, known)
            for board, one, known in self.papers()
            if not known.visible and not known.awaited and not known.withdrawn
        ]

    def early(self, board: Board, since: int | None) -> bool | None:
        """True while something that came at a night goes sooner than the policy; None near the edge, where nothing is done."""
        assert since is not None
        months = POLICY.get(board.shape, 12)
        age = (self.night - since) / 30.44
        if months - 4.5 < age < months + 0.6 and months > 3:
            return None
        if months == 3 and 0.2 < age < 3.6:
            return None
        return age < months

    def withdraw(self, paper: Paper, known: Known) -> None:
        """A paper is withdrawn: told at once, never shown again, and what is its own must be nowhere."""
        self.expect(known, 0, "withdrawn")
        known.withdrawn, known.visible, known.before = True, False, False
        known.held_version = False
        self.gone_words |= words_of(paper)

    def withdraw_version(self, paper: Paper, known: Known) -> None:
        """The edition before the present one is withdrawn: what it alone says must be nowhere."""
        self.expect(known, 0, "withdrawn")
        known.held_version = False
        was = paper.earlier[-1]
        left = {
            *paper.edition.mark.split(),
            paper.edition.person,
            *paper.title.split(),
            "the child",
        }
        for older in paper.earlier[:-1]:
            left |= {*older.mark.split(), older.person}
        self.gone_words |= {*was.mark.split(), was.person} - left

    def go_back(self, then: dict[Key, Known], since: int) -> None:
        """The home is again as it was after the night `since`; what was withdrawn later is withdrawn anew, and told so."""
        withdrawn = {key for key, one in self.known.items() if one.withdrawn}
        self.known = then
        for key in withdrawn:
            mine = self.known[key]
            if not mine.withdrawn:
                mine.withdrawn, mine.visible, mine.before, mine.awaited = True, False, False, []
                self.expect(mine, 0, "withdrawn")
        for one in self.known.values():
            for awaited in one.awaited:
                awaited.until += self.night - since + 1


def words_of(paper: Paper) -> set[str]:
    """What must be nowhere when a paper was withdrawn: its names, its own words, its addresses."""
    found = set(paper.name.split()) | {path.rpartition("/")[2] for path in paper.paths}
    found |= set(paper.title.split()) - {"Serious", "Case", "Review:"}
    for one in (*paper.earlier, paper.edition):
        found |= set(one.mark.split()) | ({one.person} if one.person != "the child" else set())
    return found


def former_words(paper: Paper) -> list[str]:
    """What only earlier editions of a paper say: the names that were made anonymous, the words that were replaced."""
    former = {word for one in paper.earlier for word in (*one.mark.split(), one.person)}
    now = {*paper.edition.mark.split(), paper.edition.person, *paper.title.split(), "the child"}
    return sorted(former - now)
