"""Nights of twelve small sites, crawled for real over loopback with a moved clock: is what is shown what stands there, and each thing told once?

    python -m benchmarks.nights400 [--nights 400] [--sites 12] [--seed 1] [--json FILE]

A script, drawn by the seed, publishes, retitles, moves, replaces (also in the same size), makes anonymous, takes off, brings back; sites fail;
an operator releases and withdraws; one night has a full disk; every tenth ends with a backup, and two homes are lost and restored. What
must follow is written here from the words of docs/OPERATIONS.md and knows nothing of the record: each happening says which events it
must be told by, once, and until when. What is not as it must be is printed with its night.
"""

from __future__ import annotations

import argparse
import contextlib
import copy
import json
import os
import random
import re
import resource
import sqlite3
import sys
import tempfile
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

from benchmarks.nights400_sites import (
    OWN_PAGES,
    POLICY,
    SHAPES,
    VALIDATORS,
    Board,
    Edition,
    Paper,
    Server,
    Words,
    serving,
)
from benchmarks.warm_child import warm_children
from casereviews import Collection
from casereviews.crawler.options import CrawlOptions
from casereviews.repository.record import Record
from casereviews.repository.record.outcome import Event

FIRST_DAY = date(2027, 1, 1)
PATIENCE = 3
"""Nights after which what is gone is concluded (OPERATIONS, Retention)."""

SOON = 2
"""Good nights within which what a list says must be told."""

FILE_WINDOW = 34
"""Nights within which a change behind an address must be found: files of up to two years are asked every 30 days at the latest."""

SAME_SIZE_WINDOW = 94
"""The same where the server's word of it is wrong, or only its size could tell: read in full every 90 days."""

QUIET = 9
"""Nights from a backup to the restore from it: only a withdrawal happens, so that what was told since is known to be nothing."""


def day_of(night: int) -> str:
    """The date of a night."""
    return str(FIRST_DAY + timedelta(days=night))


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
    removed: bool = False
    off: bool = False
    released_off: bool = False
    held_version: bool = False
    withdrawn: bool = False
    loose: dict[str, int] = field(default_factory=dict)
    loose_until: int = -1
    rest_until: int = 0
    flips: list[tuple[int, bool]] = field(default_factory=list)


@dataclass
class Wrong:
    """Something that is not as it must be."""

    night: int
    what: str


class Years:
    """The boards, the operator and the oracle over one home."""

    def __init__(self, folder: Path, server: Server, *, nights: int, sites: int, seed: int) -> None:
        self.folder = folder
        self.nights = nights
        self.seed = seed
        self.dice = random.Random(f"script {seed}")
        self.words = Words(seed)
        self.boards = [server.add(shape) for shape in self.dice.sample(SHAPES, sites)]
        self.resolve = {"*.nights.test": f"127.0.0.1:{server.port}"}
        self.known: dict[tuple[str, int], Known] = {}
        self.busy: dict[str, int] = {}
        self.trouble_until: dict[str, int] = {}
        self.home = folder / "home-0"
        self.backup = folder / "backup"
        self.collection = Collection(self.home)
        self.last_event = 0
        self.wrong: list[Wrong] = []
        self.counts: Counter[str] = Counter()
        self.gone_words: set[str] = set()
        self.saved: tuple[int, str, dict[tuple[str, int], Known], int] | None = None
        self.paper_of: dict[str, tuple[Board, Paper]] = {}
        self.night = 0
        self.numbers = 0
        # A third of the way an older copy is restored, two thirds of the way the newest one.
        self.restores = {nights // 3 * 2 // 10 * 10 + 1: "newest"}
        self.quiet = range(0)
        if nights >= 40:
            start = nights // 3 // 10 * 10 + 1
            self.quiet = range(start, start + QUIET + 1)
            self.restores[self.quiet[-1]] = "older"
        self.full_disk = {max(nights // 4, 3)} - {*self.quiet}
        self.missed: set[int] = set()
        self.twice: set[int] = set()
        self.feed_of: tuple[int, set[int]] = (-1, set())
        self.seconds: list[float] = []
        for board in self.boards:
            for _ in range(self.dice.randint(5, 7)):
                self.publish(board)

    # ------------------------------------------------------------ the script

    def say(self, what: str) -> None:
        """Note something that is wrong."""
        self.wrong.append(Wrong(self.night, what))
        print(f"night {self.night} (seed {self.seed}): {what}", file=sys.stderr, flush=True)

    def key(self, board: Board, paper: Paper) -> tuple[str, int]:
        """A paper's key."""
        return board.shape, paper.number

    def publish(self, board: Board, *, like: Paper | None = None) -> Paper:
        """A new report; `like` an older one, whose story it tells without its names, under another title."""
        self.numbers += 1
        name = f"{self.words.one()} {self.words.one()}"
        end = "rtf" if board.shape == "table" else "pdf"
        path = f"/files/{name.replace(' ', '-').lower()}-{self.numbers}.{end}"
        said = Edition(self.words.one(), "the child" if like else self.words.one())
        paper = Paper(
            self.numbers, name, f"Serious Case Review: {name}", path, self.night, said,
            like.story if like else self.seed * 100_000 + self.numbers, f"{day_of(self.night)}T09:00:00",
            list_number=self.numbers % 2, paths=[path],
        )  # fmt: skip
        board.papers.append(paper)
        known = self.known[self.key(board, paper)] = Known()
        self.paper_of[f"{board.url}{path}"] = (board, paper)
        self.expect(known, SOON, "new")
        if like is not None:
            self.expect(known, SOON, "held")
            known.visible = known.before = False
        self.counts["published"] += 1
        return paper

    def expect(self, known: Known, window: int, *kinds: str) -> None:
        """These events, in this order, within so many nights on which they can be known."""
        if not known.awaited:
            known.before = known.visible
        known.awaited += [Awaited(kind, self.night + window) for kind in kinds]

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

    def early(self, board: Board, since: int | None) -> bool | None:
        """True while something that came at a night goes sooner than the policy; None near the edge, where nothing is done."""
        assert since is not None
        months = POLICY.get(board.shape, 12)
        age = (self.night - since) / 30.44
        if months - 4.5 < age < months + 0.6 and months > 3:
            return None
        if months == 3 and (age > 0.2 and age < 3.6):
            return None
        return age < months

    def draw(self) -> None:
        """What happens on a night."""
        for board in self.boards:
            if self.trouble_until.get(board.shape, 0) <= self.night:
                board.trouble = ""
        self.flip_on()
        if self.night in self.quiet or self.night == 0:
            return
        for board in self.boards:
            if self.dice.random() < 0.05:
                self.begin_trouble(board)
        for _ in range(self.dice.choice((0, 1, 1, 2, 2, 3))):
            board = self.dice.choice(self.boards)
            kind = self.dice.choice(
                ("publish", "publish", "retitle", "move", "replace", "same_size", "same_text", "anonymise", "anonymise",
                 "take_all", "take_link", "take_file", "page_gone", "flip", "return", "return", "return")
            )  # fmt: skip
            if self.happen(kind, board):
                self.counts[kind] += 1

    def begin_trouble(self, board: Board) -> None:
        """A site fails for a while."""
        flips = any(known.flips for key, known in self.known.items() if key[0] == board.shape)
        if board.trouble or flips:
            return
        kinds = ["list", "robots", "down", "closed", "files"]
        if board.shape in ("pages", "cards", "two_lists"):
            kinds += ["page2", "page2"]
        board.trouble = self.dice.choice(kinds)
        nights = 5 if board.trouble == "down" else self.dice.randint(1, 3)
        self.trouble_until[board.shape] = self.night + nights
        self.counts[f"trouble: {board.trouble}"] += 1

    def put_off(self) -> None:
        """What is awaited of boards that tell nothing tonight may come later."""
        missed = self.night in self.missed or self.night in self.full_disk
        for (shape, _), known in self.known.items():
            board = next(one for one in self.boards if one.shape == shape)
            # A robots.txt is remembered for a day: the night after may be lost too.
            more = 2 if board.trouble == "robots" else 1 if board.trouble or missed else 0
            for one in known.awaited:
                one.until += more
            if more and known.loose_until >= self.night:
                known.loose_until += more

    def happen(self, kind: str, board: Board) -> bool:
        """One happening at a board; False when nothing there is fit for it."""
        if kind == "publish":
            standing = sum(not self.known[self.key(board, one)].withdrawn for one in board.papers)
            if standing >= 10:
                return False
            self.publish(board)
            return True
        if kind == "return":
            return self.bring_back(board)
        papers = self.idle(board)
        if self.busy.get(board.shape, 0) > self.night or len(papers) < 4:
            return False
        # The ends of a list are left alone: what falls off there may have rolled off.
        inner = [one for one in board.linked if one in papers][1:-1]
        if not inner:
            return False
        paper = self.dice.choice(inner)
        known = self.known[self.key(board, paper)]
        done = bool(getattr(self, kind)(board, paper, known))
        if done:
            self.busy[board.shape] = self.night + 6
        return done

    def retitle(self, board: Board, paper: Paper, known: Known) -> bool:
        """Another title; told nowhere, shown soon."""
        paper.title = f"Serious Case Review: {paper.name} {self.words.one()}"
        paper.modified = f"{day_of(self.night)}T09:00:00"
        # Its file says its title too, so it changes as well.
        return self._changes(board, paper, known, replace(paper.edition, mark=self.words.one()))

    def move(self, board: Board, paper: Paper, known: Known) -> bool:
        """The same file at another address."""
        end = paper.path.rpartition(".")[2]
        old_page = paper.own_page
        paper.path = f"/files/moved-{self.words.one().lower()}-{paper.number}.{end}"
        assert old_page
        paper.paths.append(paper.path)
        paper.modified = f"{day_of(self.night)}T09:00:00"
        self.paper_of[f"{board.url}{paper.path}"] = (board, paper)
        self.expect(known, SOON, "moved")
        known.rest_until = self.night + 10
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
        self.expect(known, self._window(board), "changed_bytes")
        known.rest_until = self.night + 35
        return True

    def _window(self, board: Board) -> int:
        kind = VALIDATORS.get(board.shape, "honest")
        return FILE_WINDOW if kind == "honest" else SAME_SIZE_WINDOW

    def _changes(self, board: Board, paper: Paper, known: Known, said: Edition) -> bool:
        early = self.early(board, known.edition_since)
        if early is None:
            return False
        paper.earlier.append(paper.edition)
        paper.edition = said
        self.expect(known, self._window(board), "changed_text", *(["held"] if early else []))
        known.held_version = early
        known.rest_until = self.night + 35
        return True

    def take_all(self, board: Board, paper: Paper, known: Known) -> bool:
        """A report is retracted: its link, its page and its file."""
        early = self.early(board, known.first_seen)
        if early is None:
            return False
        paper.linked = paper.there = paper.page = False
        self._gone(known, early, PATIENCE + 2)
        return True

    def take_file(self, board: Board, paper: Paper, known: Known) -> bool:
        """The file of a report is gone; its link stays."""
        early = self.early(board, known.first_seen)
        if early is None:
            return False
        paper.there = False
        self._gone(known, early, FILE_WINDOW + PATIENCE)
        return True

    def page_gone(self, board: Board, paper: Paper, known: Known) -> bool:
        """The page of a report is gone and its file too; its list still links it."""
        early = self.early(board, known.first_seen)
        if early is None or board.shape not in OWN_PAGES or board.shape == "wordpress":
            return False
        paper.there = paper.page = False
        self._gone(known, early, FILE_WINDOW + PATIENCE)
        return True

    def _gone(self, known: Known, early: bool, window: int) -> None:
        self.expect(known, window, "missing", "missing", "removed", *(["held"] if early else []))
        known.removed = True
        known.visible = not early
        known.rest_until = self.night + 35

    def take_link(self, board: Board, paper: Paper, known: Known) -> bool:
        """A report is taken off its list; its file stays."""
        early = self.early(board, known.first_seen)
        if early is None:
            return False
        paper.linked = False
        known.off = True
        known.rest_until = self.night + 35
        if board.shape == "rolling":
            self.expect(known, PATIENCE + 2, "unlisted")
            return True
        held = early and not known.released_off
        self.expect(
            known, PATIENCE + 2, "missing", "missing", "unlisted", *(["held"] if held else [])
        )
        known.visible = not held
        return True

    def flip(self, board: Board, paper: Paper, known: Known) -> bool:
        """A report comes and goes for ten nights: its absence is told twice, then no more."""
        if board.trouble or board.shape == "rolling" or self.near_special(12):
            return False
        known.flips = [(self.night + n, n % 2 == 1) for n in range(10)]
        paper.linked = False
        self.expect(known, 5, "missing", "missing")
        known.rest_until = self.night + 40
        return True

    def near_special(self, nights: int) -> bool:
        """True when nights that are lost, or quiet ones, lie ahead."""
        ahead = range(self.night, self.night + nights + 1)
        special = {*self.full_disk, *self.missed, *self.restores, *self.quiet}
        return any(one in special for one in ahead)

    def flip_on(self) -> None:
        """The next step of whatever flips."""
        for board in self.boards:
            for paper in board.papers:
                known = self.known[self.key(board, paper)]
                for night, linked in known.flips:
                    if night == self.night:
                        paper.linked = linked
                known.flips = [one for one in known.flips if one[0] > self.night]

    def bring_back(self, board: Board) -> bool:
        """What was taken off is listed again, with its file."""
        for paper in board.papers:
            known = self.known[self.key(board, paper)]
            gone = not (paper.linked and paper.there) and not known.flips
            if not gone or known.awaited or known.withdrawn or known.rest_until > self.night:
                continue
            lag = FILE_WINDOW if paper.linked else SOON
            paper.linked = paper.there = paper.page = True
            paper.modified = f"{day_of(self.night)}T09:00:00"
            self.expect(known, lag + 1, "returned")
            known.removed = known.off = False
            known.rest_until = self.night + 35
            return True
        return False

    # ------------------------------------------------------------ the operator

    def operate(self) -> None:
        """What the operator does by day: looks at `held`, releases and withdraws."""
        if self.night == 0:
            return
        self.clock("09:00:00")
        if self.night in self.quiet:
            if self.night == self.quiet[4]:
                self.withdraw_one()
            return
        if self.dice.random() < 0.12:
            self.release_one()
        if self.dice.random() < 0.06:
            self.release_returned()
        if self.dice.random() < 0.05:
            self.withdraw_one()
        if self.dice.random() < 0.06:
            self.withdraw_version()
        self.listen()

    def hidden(self) -> list[tuple[Board, Paper, Known]]:
        """What is held and of which nothing is awaited."""
        return [
            (board, one, known)
            for board in self.boards
            for one in board.papers
            if not (known := self.known[self.key(board, one)]).visible
            and not known.awaited
            and not known.withdrawn
        ]

    def document(self, board: Board, paper: Paper) -> str:
        """The id of a paper's document."""
        found = self.documents().get(self.key(board, paper))
        return found[0] if found else ""

    def documents(self) -> dict[tuple[str, int], tuple[str, str, str, str]]:
        """Paper -> (id, visibility, availability, title), as the record has them; two documents of one paper are told."""
        found: dict[tuple[str, int], tuple[str, str, str, str]] = {}
        with Record.open(self.collection.home) as record:
            for one in record.documents():
                owner = self.paper_of.get(one.file_url or "")
                if owner is None:
                    if one.visibility != "withdrawn":
                        self.say(
                            f"a document of no paper: {one.file_url} {one.title} {one.visibility}"
                        )
                    continue
                key = self.key(*owner)
                if key in found and "withdrawn" not in (one.visibility, found[key][1]):
                    self.say(f"two documents of one paper: {one.file_url}, {found[key]}")
                if key not in found or one.visibility != "withdrawn":
                    found[key] = (one.id, one.visibility, one.availability, one.title or "")
        return found

    def release_one(self) -> None:
        """Release by id one that is held."""
        held = self.hidden()
        if not held:
            return
        board, paper, known = self.dice.choice(held)
        self._released(known)
        self.collection.release(self.document(board, paper))
        self.counts["released by id"] += 1
        self.listen()

    def _released(self, known: Known) -> None:
        known.released_off = known.released_off or known.off
        self.expect(known, 0, "released")
        known.before = known.visible = True

    def release_returned(self) -> None:
        """Release what came back, at one board or at all."""
        back = [
            one
            for one in self.hidden()
            if one[1].linked and one[1].there and one[2].told["returned"]
        ]
        if not back:
            return
        source = self.dice.choice((back[0][0].source.id, None))
        for board, _, known in back:
            if source in (None, board.source.id):
                self._released(known)
        self.collection.release_returned(source)
        self.counts[f"released {'all' if source is None else 'by source'}"] += 1
        self.listen()

    def withdraw_one(self) -> None:
        """Withdraw a whole review: one that is held, where there is one, else one that is shown."""
        held = self.hidden()
        chosen = [one for one in held if self.dice.random() < 0.7]
        if not chosen:
            boards = [one for one in self.boards if len(self.idle(one)) > 4]
            if not boards:
                return
            board = self.dice.choice(boards)
            paper = self.dice.choice(self.idle(board))
            chosen = [(board, paper, self.known[self.key(board, paper)])]
        board, paper, known = self.dice.choice(chosen)
        one = self.document(board, paper)
        going = {each.document_id for each in self.collection.to_withdraw(one)}
        if going != {one}:
            self.say(f"withdrawing {paper.name} would take {len(going)} documents")
        done = self.collection.withdraw(one, reason="the board asked")
        for line in done.left():
            self.say(f"after withdrawing {paper.name}: {line}")
        self.expect(known, 0, "withdrawn")
        known.withdrawn, known.visible, known.before = True, False, False
        known.held_version = False
        self.gone_words |= self.words_of(paper)
        self.counts["withdrawn"] += 1
        self.listen()
        if self.dice.random() < 0.5 and self.night not in self.quiet:
            paper.linked = paper.there = paper.page = False
            self.publish(board, like=paper)
            self.counts["near-copy"] += 1

    @staticmethod
    def words_of(paper: Paper) -> set[str]:
        """What must be nowhere when a paper was withdrawn: its names, its own words, its addresses."""
        found = set(paper.name.split()) | {path.rpartition("/")[2] for path in paper.paths}
        found |= set(paper.title.split()) - {"Serious", "Case", "Review:"}
        for one in (*paper.earlier, paper.edition):
            found |= set(one.mark.split()) | ({one.person} if one.person != "the child" else set())
        return found

    def withdraw_version(self) -> None:
        """Withdraw a version that is held: the edition that named somebody."""
        with Record.open(self.collection.home) as record:
            held = [one for one in record.held() if one.version is not None]
        for one in held:
            board, paper = self.paper_of[one.file_url or ""]
            known = self.known[self.key(board, paper)]
            if known.awaited or known.withdrawn or not known.held_version or known.loose:
                continue
            if len([other for other in held if other.document_id == one.document_id]) > 1:
                continue
            done = self.collection.withdraw(
                one.document_id, version=one.version, reason="it names a child"
            )
            for line in done.left():
                self.say(f"after withdrawing version {one.version} of {paper.name}: {line}")
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
            self.counts["version withdrawn"] += 1
            self.listen()
            return

    # ------------------------------------------------------------ a night

    def clock(self, time_of_day: str) -> str:
        """Move the clock to a time of tonight's date."""
        now = f"{day_of(self.night)}T{time_of_day}Z"
        os.environ["CASEREVIEWS_NOW"] = now
        return now

    def refresh(self, time_of_day: str, *, recheck: bool = False) -> None:
        """One run over all boards."""
        now = self.clock(time_of_day)
        options = CrawlOptions(
            delay=0.0, retries=0, backoff=0.01, now=now, resolve=self.resolve, recheck_all=recheck, hosts_at_once=12
        )  # fmt: skip
        start = time.monotonic()
        with full_disk(self.night in self.full_disk):
            try:
                done = self.collection.refresh_from([one.source for one in self.boards], options)
            except Exception as error:  # noqa: BLE001 - whatever ends a night is a finding
                if self.night not in self.full_disk or not (
                    getattr(error, "exit_code", 0) == 3 or "disk" in str(error)
                ):
                    self.say(f"the run ended with {type(error).__name__}: {error}")
                self.counts["runs that could not go on"] += 1
                return
        if done.why_stopped is not None:
            raise KeyboardInterrupt
        self.seconds.append(time.monotonic() - start)
        self.counts["runs"] += 1
        run_id = done.report.run_id
        with Record.open(self.collection.home) as record:
            happened = {one.id for one in record.events(run_id=run_id)}
        if self.feed_of[0] != self.night:
            self.feed_of = (self.night, set())
        self.feed_of[1].update(happened)
        self.check_feed(happened, self.feed_of[1])

    def check_feed(self, happened: set[int], tonight: set[int]) -> None:
        """`new` tells what happened in the run, the feed what happened in the night, each once."""
        told = [one.id for one in self.collection.news()]
        if sorted(told) != sorted(happened):
            self.say(f"`new` tells {sorted(told)} of {sorted(happened)}")
        feed = (self.collection.home.feeds / "new.atom").read_text("utf-8")
        entries = re.findall(r"<entry>.*?<id>(.*?)</id>", feed, re.S)
        if self.full_disk and self.night in {one + 1 for one in self.full_disk}:
            return  # it tells of the night that broke off too
        if len(entries) != len(set(entries)) or len(entries) != len(tonight):
            with Record.open(self.collection.home) as record:
                runs = [(one.id, one.verb, one.status) for one in record.runs(limit=4)]
                last = [(one.id, one.kind, one.run_id) for one in record.events()[-8:]]
            self.say(
                f"the feed has {len(entries)} entries, {len(set(entries))} of them different, of {len(tonight)} events; {runs} {last} {entries}"
            )

    def listen(self) -> None:
        """Take the new events, one by one, against what is awaited."""
        with Record.open(self.collection.home) as record:
            events = record.events(after=self.last_event)
            urls = {
                one.id: one.file_url
                for one in record.documents(ids={e.document_id for e in events})
            }
            old = dict(self.ids)
        for event in events:
            self.last_event = event.id
            owner = self.paper_of.get(urls.get(event.document_id) or "")
            key = self.key(*owner) if owner else old.get(event.document_id)
            if key is None:
                self.say(f"an event of no paper: {event.kind} {event.document_id}")
                continue
            self.ids[event.document_id] = key
            self.hear(key, event)

    ids: dict[str, tuple[str, int]]

    def hear(self, key: tuple[str, int], event: Event) -> None:
        """One event of one paper."""
        known = self.known[key]
        kind = event.kind
        known.told[kind] += 1
        self.counts[f"event: {kind}"] += 1
        if known.awaited and known.awaited[0].kind == kind:
            known.awaited.pop(0)
            if kind == "new":
                known.first_seen = known.edition_since = self.night
            if kind == "changed_text":
                known.edition_since = self.night
            return
        ahead = ", ".join(one.kind for one in known.awaited) or "nothing"
        self.say(f"{key}: told {kind} (count {event.count}, {event.became}), awaited {ahead}")

    def look(self) -> None:
        """After a night: nothing is late, and what is shown is what must be."""
        documents = self.documents()
        for board in self.boards:
            for paper in board.papers:
                key = self.key(board, paper)
                known = self.known[key]
                for late in [one for one in known.awaited if one.until < self.night]:
                    self.say(
                        f"{key} {paper.path}: {late.kind} was not told until night {late.until}"
                    )
                    known.awaited.clear()
                    break
                found = documents.get(key)
                if known.first_seen is None:
                    continue
                shown = found is not None and found[1] == "shown"
                right = {known.visible, known.before} if known.awaited else {known.visible}
                if shown not in right:
                    self.say(
                        f"{key} {paper.path}: shown {shown} ({found}), must be {known.visible}"
                    )
                    known.visible = known.before = shown

    def one(self) -> None:
        """One night and the day after it."""
        self.draw()
        self.put_off()
        if self.night not in self.missed:
            self.refresh("02:00:00")
            if self.night in self.full_disk:
                doctor = [
                    one
                    for one in self.collection.doctor()
                    if one.state == "wrong" and "index" not in one.check
                ]
                for one in doctor:
                    self.say(f"after the full disk: {one.check}: {one.detail}")
            self.listen()
            if self.night in self.twice:
                self.refresh("14:00:00")
                self.listen()
            self.look()
            if self.night not in self.full_disk:
                self.operate()
        if self.night % 10 == 1:
            self.clock("22:00:00")
            self.make_backup()
        if self.night in self.restores:
            self.restore(self.restores[self.night])
        if self.night % 20 == 0:
            self.check_index()

    # ------------------------------------------------------------ backup, restore, the end

    def make_backup(self) -> None:
        """A copy; the one at the beginning of the quiet nights is what is restored later."""
        copied = self.collection.backup(self.backup)
        if copied.lacking:
            self.say(f"the backup lacks {copied.lacking}")
        self.counts["backups"] += 1
        if self.night in self.quiet:
            self.saved = (self.night, copied.copy.name, copy.deepcopy(self.known), self.last_event)

    def restore(self, which: str) -> None:
        """The home is lost; a copy is brought back to a new folder, with the newest tombstones."""
        self.clock("23:00:00")
        lost = self.collection.home
        self.collection.close()
        self.home = self.folder / f"home-{self.night}"
        self.home.mkdir(mode=0o700)
        fresh = Collection(self.home)
        name = None
        if which == "older":
            assert self.saved is not None
            since, name, known, last = self.saved
            withdrawn = {key for key, one in self.known.items() if one.withdrawn}
            self.known = known
            self.last_event = last
            for key in withdrawn:
                mine = self.known[key]
                if not mine.withdrawn:
                    mine.withdrawn, mine.visible, mine.before, mine.awaited = True, False, False, []
                    self.expect(mine, 0, "withdrawn")
            for one in self.known.values():
                for awaited in one.awaited:
                    awaited.until += self.night - since + 1
        fresh.restore(self.backup, copy=name)
        if which == "older":
            (self.home / "tombstones.jsonl").write_bytes(
                (lost.root / "tombstones.jsonl").read_bytes()
            )
        self.collection = fresh
        self.counts["restores"] += 1
        if which == "older":
            # The next command that writes takes out again what was withdrawn since the copy.
            fresh.rebuild(index=True)
        self.listen()
        self.look()

    def check_index(self) -> None:
        """The index has what the record shows, and each of it is found by its own word."""
        with Record.open(self.collection.home) as record:
            shown = {one.id for one in record.documents() if one.visibility == "shown"}
            known_ids = {one.id for one in record.documents()}
        for board in self.boards:
            for paper in board.papers:
                known = self.known[self.key(board, paper)]
                if known.awaited or known.first_seen is None:
                    continue
                word = paper.edition.mark.split()[0]
                found = bool(self.collection.search(word).hits)
                if found != known.visible:
                    self.say(
                        f"{paper.name} ({board.shape}): searching its word finds {found}, shown {known.visible}"
                    )
        indexed = known_ids & set(self.collection.shown_ids())
        self.counts["shown at last"] = len(shown)
        if indexed != shown:
            self.say(
                f"the index has {len(indexed - shown)} documents that are not shown, and lacks {len(shown - indexed)}"
            )

    def settle(self) -> None:
        """The last nights: nothing happens, no site fails, everything is read in full."""
        for board in self.boards:
            board.trouble = ""
        for _ in range(PATIENCE + 3):
            self.night += 1
            self.flip_on()
            self.refresh("02:00:00", recheck=True)
            self.listen()
        for known in self.known.values():
            for one in known.awaited:
                one.until = min(one.until, self.night - 1)
        self.look()
        self.check_index()
        self.clock("22:00:00")
        self.make_backup()
        for one in self.collection.doctor(deep=True):
            if one.state == "wrong":
                self.say(f"doctor: {one.check}: {one.detail}")
        for place, word in left_of(self.gone_words, (self.home, self.backup)):
            self.say(f"STILL THERE: {word} in {place}")

    def run(self) -> None:
        """All nights."""
        self.ids = {}
        for night in range(5, self.nights):
            draw = self.dice.random()
            if night % 10 != 1 and night not in {*self.quiet, *self.full_disk}:
                if draw < 0.02:
                    self.missed.add(night)
                elif draw < 0.05:
                    self.twice.add(night)
        for night in range(self.nights):
            self.night = night
            self.one()
            if night % 20 == 0:
                print(
                    f"night {night}: {len(self.wrong)} wrong, {time.process_time():.0f} s of this process",
                    file=sys.stderr,
                    flush=True,
                )
        self.settle()


@contextlib.contextmanager
def full_disk(full: bool) -> Iterator[None]:
    """A disk on which no file may grow beyond 48 KB, for the block and its children."""
    if not full:
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (48 * 1024, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


# ---------------------------------------------------------------- what is left


def left_of(words: Iterable[str], folders: Iterable[Path]) -> list[tuple[str, str]]:
    """Where any of these words stands below folders: names of files, bytes, what inflates, values of databases, whatever their case."""
    wanted = sorted({word.lower() for word in words if word})
    if not wanted:
        return []
    spelt = [(word, form) for word in wanted for form in (word, word[::-1])]
    pattern = re.compile("|".join(re.escape(form) for _, form in spelt).encode())
    wide = re.compile(b"|".join(re.escape(form.encode("utf-16-le")) for _, form in spelt))
    found: list[tuple[str, str]] = []

    def seek(data: bytes, place: str) -> None:
        low = data.lower()
        for each in (pattern, wide):
            for match in each.finditer(low):
                found.append((place, match.group().decode("latin-1")))

    for folder in folders:
        for path in folder.rglob("*"):
            seek(str(path.relative_to(folder)).encode(), f"the name of {path}")
            if not path.is_file():
                continue
            data = path.read_bytes()
            seek(data, str(path))
            for inflated in _inflated(data):
                seek(inflated, f"{path}, inflated")
            if data.startswith(b"SQLite format 3\x00"):
                for table, value in _values(path):
                    seek(value, f"{path}, {table}")
                    for inflated in _inflated(value):
                        seek(inflated, f"{path}, {table}, inflated")
    return sorted(set(found))


def _inflated(data: bytes) -> Iterator[bytes]:
    for match in re.finditer(rb"x[\x01\x5e\x9c\xda]|\x1f\x8b\x08", data):
        with contextlib.suppress(zlib.error):
            yield zlib.decompressobj(47).decompress(data[match.start() :], 1 << 22)


def _values(path: Path) -> Iterator[tuple[str, bytes]]:
    with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
        db.text_factory = bytes
        for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            for row in db.execute(f'SELECT * FROM "{name.decode()}"'):
                yield from ((name.decode(), one) for one in row if isinstance(one, bytes))


def simulate(
    folder: Path, *, nights: int, sites: int, seed: int, then: Callable[[Years], None] | None = None
) -> Years:
    """All nights below a folder; `then` is called with the years when they are over, while the sites stand."""
    before = os.environ.get("CASEREVIEWS_NOW")
    try:
        with serving() as server, warm_children(folder):
            years = Years(folder, server, nights=nights, sites=sites, seed=seed)
            years.run()
            if then is not None:
                then(years)
            years.collection.close()
            return years
    finally:
        if before is None:
            os.environ.pop("CASEREVIEWS_NOW", None)
        else:
            os.environ["CASEREVIEWS_NOW"] = before


def main() -> None:
    """Simulate, and print what happened and what was wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nights", type=int, default=400)
    parser.add_argument("--sites", type=int, default=12)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path)
    chosen = parser.parse_args()
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        years = simulate(Path(folder), nights=chosen.nights, sites=chosen.sites, seed=chosen.seed)
    for name, count in sorted(years.counts.items()):
        print(f"  {count:6} {name}")
    used = sum(
        one.ru_utime + one.ru_stime
        for one in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )
    print(
        f"{chosen.nights} nights, {len(years.seconds)} runs: {time.monotonic() - start:.0f} s, {used:.0f} s of processor time"
    )
    print(f"{len(years.wrong)} things are not as they must be (seed {chosen.seed})")
    for one in years.wrong:
        print(f"  night {one.night}: {one.what}")
    if chosen.json:
        said = {"counts": years.counts, "wrong": [asdict(one) for one in years.wrong]}
        chosen.json.write_text(json.dumps(said, indent=1), "utf-8")


if __name__ == "__main__":
    main()
