"""What happens at the boards, drawn by the dice: papers come, change, go and return, sites fail; each says what must be told of it."""

from __future__ import annotations

import random
from dataclasses import replace

from benchmarks.nights400.clock import Calendar, day_of
from benchmarks.nights400.known import FILE_WINDOW, PATIENCE, SAME_SIZE_WINDOW, SOON, Known, Truth
from benchmarks.nights400.sites import OWN_PAGES, VALIDATORS, Board, Edition, Paper, Words

KINDS = (
    "publish", "publish", "retitle", "move", "replace", "same_size", "same_text", "anonymise", "anonymise",
    "take_all", "take_link", "take_file", "page_gone", "flip", "return", "return", "return",
)  # fmt: skip
"""What a night draws from: what stands here more than once is more frequent."""


class Happenings:
    """The script of the boards. Each method named in `KINDS` is one happening; it is False when it does not fit."""

    def __init__(self, truth: Truth, dice: random.Random) -> None:
        self.truth = truth
        self.dice = dice
        self.words = Words(truth.seed)
        self.busy: dict[str, int] = {}
        """By board, the night until which nothing else happens there."""
        self.trouble_until: dict[str, int] = {}
        self.numbers = 0

    def draw(self, calendar: Calendar) -> None:
        """What happens on a night."""
        self.calendar = calendar
        night = self.truth.night
        for board in self.truth.boards:
            if self.trouble_until.get(board.shape, 0) <= night:
                board.trouble = ""
        self.flip_on()
        if night in calendar.quiet or night == 0:
            return
        for board in self.truth.boards:
            if self.dice.random() < 0.05:
                self.begin_trouble(board)
        for _ in range(self.dice.choice((0, 1, 1, 2, 2, 3))):
            board = self.dice.choice(self.truth.boards)
            kind = self.dice.choice(KINDS)
            if self.happen(kind, board):
                self.truth.counts[kind] += 1

    def begin_trouble(self, board: Board) -> None:
        """A site fails for a while."""
        flips = any(known.flips for one, _, known in self.truth.papers() if one is board)
        if board.trouble or flips:
            return
        kinds = ["list", "robots", "down", "closed", "files"]
        if board.shape in ("pages", "cards", "two_lists"):
            kinds += ["page2", "page2"]
        board.trouble = self.dice.choice(kinds)
        nights = 5 if board.trouble == "down" else self.dice.randint(1, 3)
        self.trouble_until[board.shape] = self.truth.night + nights
        self.truth.counts[f"trouble: {board.trouble}"] += 1

    def happen(self, kind: str, board: Board) -> bool:
        """One happening at a board; False when nothing there is fit for it."""
        if kind == "publish":
            standing = sum(
                not self.truth.known[self.truth.key(board, one)].withdrawn for one in board.papers
            )
            if standing >= 10:
                return False
            self.publish(board)
            return True
        if kind == "return":
            return self.bring_back(board)
        papers = self.truth.idle(board)
        if self.busy.get(board.shape, 0) > self.truth.night or len(papers) < 4:
            return False
        # The ends of a list are left alone: what falls off there may have rolled off.
        inner = [one for one in board.linked if one in papers][1:-1]
        if not inner:
            return False
        paper = self.dice.choice(inner)
        known = self.truth.known[self.truth.key(board, paper)]
        done = bool(getattr(self, kind)(board, paper, known))
        if done:
            self.busy[board.shape] = self.truth.night + 6
        return done

    def flip_on(self) -> None:
        """The next step of whatever flips."""
        for _, paper, known in self.truth.papers():
            for night, linked in known.flips:
                if night == self.truth.night:
                    paper.linked = linked
            known.flips = [one for one in known.flips if one[0] > self.truth.night]

    def publish(self, board: Board, *, like: Paper | None = None) -> Paper:
        """A new report; `like` an older one, whose story it tells without its names, under another title."""
        self.numbers += 1
        name = f"{self.words.one()} {self.words.one()}"
        end = "rtf" if board.shape == "table" else "pdf"
        path = f"/files/{name.replace(' ', '-').lower()}-{self.numbers}.{end}"
        said = Edition(self.words.one(), "the child" if like else self.words.one())
        paper = Paper(
            self.numbers, name, f"Serious Case Review: {name}", path, self.truth.night, said,
            like.story if like else self.truth.seed * 100_000 + self.numbers, f"{day_of(self.truth.night)}T09:00:00",
            list_number=self.numbers % 2, paths=[path],
        )  # fmt: skip
        board.papers.append(paper)
        known = self.truth.known[self.truth.key(board, paper)] = Known()
        self.truth.paper_at[f"{board.url}{path}"] = (board, paper)
        self.truth.expect(known, SOON, "new")
        if like is not None:
            self.truth.expect(known, SOON, "held")
            known.visible = known.before = False
        self.truth.counts["published"] += 1
        return paper

    def retitle(self, board: Board, paper: Paper, known: Known) -> bool:
        """Another title; told nowhere, shown soon."""
        if self.truth.early(board, known.edition_since) is None:
            return False
        paper.title = f"Serious Case Review: {paper.name} {self.words.one()}"
        paper.modified = f"{day_of(self.truth.night)}T09:00:00"
        # Its file says its title too, so it changes as well.
        return self._changes(board, paper, known, replace(paper.edition, mark=self.words.one()))

    def move(self, board: Board, paper: Paper, known: Known) -> bool:
        """The same file at another address."""
        end = paper.path.rpartition(".")[2]
        paper.path = f"/files/moved-{self.words.one().lower()}-{paper.number}.{end}"
        paper.paths.append(paper.path)
        paper.modified = f"{day_of(self.truth.night)}T09:00:00"
        self.truth.paper_at[f"{board.url}{paper.path}"] = (board, paper)
        self.truth.expect(known, SOON, "moved")
        known.rest_until = self.truth.night + 10
        return True

    def replace(self, board: Board, paper: Paper, known: Known) -> bool:
        """Another text behind the same address."""
        said = Edition(f"{self.words.one()} {self.words.one()}", paper.edition.person)
        return self._changes(board, paper, known, said)

    def same_size(self, board: Board, paper: Paper, known: Known) -> bool:
        """Another text of the same length."""
        size = len(board.file(paper)[0])
        words = self.words.one()[: len(paper.edition.mark)].ljust(len(paper.edition.mark), "x")
        done = self._changes(board, paper, known, replace(paper.edition, mark=words))
        assert len(board.file(paper)[0]) == size
        return done

    def anonymise(self, board: Board, paper: Paper, known: Known) -> bool:
        """The name of a person goes, and nothing else: the old edition names a child."""
        if paper.edition.person == "the child":
            return False
        return self._changes(board, paper, known, replace(paper.edition, person="the child"))

    def same_text(self, board: Board, paper: Paper, known: Known) -> bool:
        """Other bytes of the same text."""
        paper.edition = replace(paper.edition, stamp=paper.edition.stamp + 1)
        self.truth.expect(known, self._window(board), "changed_bytes")
        known.rest_until = self.truth.night + 35
        return True

    def _window(self, board: Board) -> int:
        kind = VALIDATORS.get(board.shape, "honest")
        return FILE_WINDOW if kind == "honest" else SAME_SIZE_WINDOW

    def _changes(self, board: Board, paper: Paper, known: Known, said: Edition) -> bool:
        early = self.truth.early(board, known.edition_since)
        if early is None:
            return False
        paper.earlier.append(paper.edition)
        paper.edition = said
        self.truth.expect(known, self._window(board), "changed_text", *(["held"] if early else []))
        known.held_version = early
        known.rest_until = self.truth.night + 35
        return True

    def take_all(self, board: Board, paper: Paper, known: Known) -> bool:
        """A report is retracted: its link, its page and its file."""
        early = self.truth.early(board, known.first_seen)
        if early is None:
            return False
        paper.linked = paper.there = paper.page = False
        self._gone(known, early, PATIENCE + 2)
        return True

    def take_file(self, board: Board, paper: Paper, known: Known) -> bool:
        """The file of a report is gone; its link stays."""
        early = self.truth.early(board, known.first_seen)
        if early is None:
            return False
        paper.there = False
        self._gone(known, early, FILE_WINDOW + PATIENCE)
        return True

    def page_gone(self, board: Board, paper: Paper, known: Known) -> bool:
        """The page of a report is gone and its file too; its list still links it."""
        early = self.truth.early(board, known.first_seen)
        if early is None or board.shape not in OWN_PAGES or board.shape == "wordpress":
            return False
        paper.there = paper.page = False
        self._gone(known, early, FILE_WINDOW + PATIENCE)
        return True

    def _gone(self, known: Known, early: bool, window: int) -> None:
        self.truth.expect(
            known, window, "missing", "missing", "removed", *(["held"] if early else [])
        )
        known.visible = not early
        known.rest_until = self.truth.night + 35

    def take_link(self, board: Board, paper: Paper, known: Known) -> bool:
        """A report is taken off its list; its file stays."""
        early = self.truth.early(board, known.first_seen)
        if early is None:
            return False
        paper.linked = False
        known.off = True
        known.rest_until = self.truth.night + 35
        if board.shape == "rolling":
            self.truth.expect(known, PATIENCE + 2, "unlisted")
            return True
        held = early and not known.released_off
        self.truth.expect(
            known, PATIENCE + 2, "missing", "missing", "unlisted", *(["held"] if held else [])
        )
        known.visible = not held
        return True

    def flip(self, board: Board, paper: Paper, known: Known) -> bool:
        """A report comes and goes for ten nights: its absence is told twice, then no more."""
        if (
            board.trouble
            or board.shape == "rolling"
            or self.calendar.special_ahead(self.truth.night, 12)
        ):
            return False
        known.flips = [(self.truth.night + n, n % 2 == 1) for n in range(10)]
        paper.linked = False
        self.truth.expect(known, 5, "missing", "missing")
        known.rest_until = self.truth.night + 40
        return True

    def bring_back(self, board: Board) -> bool:
        """What was taken off is listed again, with its file."""
        for paper in board.papers:
            known = self.truth.known[self.truth.key(board, paper)]
            gone = not (paper.linked and paper.there) and not known.flips
            if not gone or known.awaited or known.withdrawn or known.rest_until > self.truth.night:
                continue
            lag = FILE_WINDOW if paper.linked else SOON
            paper.linked = paper.there = paper.page = True
            paper.modified = f"{day_of(self.truth.night)}T09:00:00"
            self.truth.expect(known, lag + 1, "returned")
            known.off = False
            known.rest_until = self.truth.night + 35
            return True
        return False
