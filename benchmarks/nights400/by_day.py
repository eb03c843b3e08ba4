"""What the operator does by day: releases what is held, withdraws reports and editions."""

from __future__ import annotations

import random

from benchmarks.nights400.clock import Calendar, move_clock
from benchmarks.nights400.happenings import Happenings
from benchmarks.nights400.homes import Homes
from benchmarks.nights400.known import Known, Truth
from benchmarks.nights400.shown import Shown
from benchmarks.nights400.sites import Board, Paper
from benchmarks.nights400.told import Told
from casereviews.repository.record import Record


class Operator:
    """One person who may release and withdraw."""

    def __init__(
        self, truth: Truth, homes: Homes, dice: random.Random, boards: Happenings, told: Told, shown: Shown
    ) -> None:  # fmt: skip
        self.truth = truth
        self.homes = homes
        self.dice = dice
        self.boards = boards
        self.told = told
        self.shown = shown

    def operate(self, calendar: Calendar) -> None:
        """The day after tonight: looks at `held`, releases and withdraws."""
        night = self.truth.night
        if night == 0:
            return
        move_clock(night, "09:00:00")
        if night in calendar.quiet:
            if night == calendar.quiet[4]:
                self.withdraw_one(again=False)
            return
        if self.dice.random() < 0.12:
            self.release_one()
        if self.dice.random() < 0.06:
            self.release_returned()
        if self.dice.random() < 0.05:
            self.withdraw_one(again=True)
        if self.dice.random() < 0.06:
            self.withdraw_version()

    def _document(self, board: Board, paper: Paper) -> str:
        return self.shown.documents()[self.truth.key(board, paper)][0]

    def release_one(self) -> None:
        """Release by id one that is held."""
        held = self.truth.hidden()
        if not held:
            return
        board, paper, known = self.dice.choice(held)
        self._released(known)
        self.homes.collection.release(self._document(board, paper))
        self.truth.counts["released by id"] += 1
        self.told.listen()

    def release_returned(self) -> None:
        """Release what came back, at one board or at all."""
        back = [
            one
            for one in self.truth.hidden()
            if one[1].linked and one[1].there and one[2].told["returned"]
        ]
        if not back:
            return
        source = self.dice.choice((back[0][0].source.id, None))
        for board, _, known in back:
            if source in (None, board.source.id):
                self._released(known)
        self.homes.collection.release_returned(source)
        self.truth.counts[f"released {'all' if source is None else 'by source'}"] += 1
        self.told.listen()

    def _released(self, known: Known) -> None:
        known.released_off = known.released_off or known.off
        self.truth.expect(known, 0, "released")
        known.before = known.visible = True

    def withdraw_one(self, *, again: bool) -> None:
        """Withdraw a whole review: one that is held, where there is one, else one that is shown; it may come `again`."""
        chosen = [one for one in self.truth.hidden() if self.dice.random() < 0.7]
        if not chosen:
            boards = [one for one in self.truth.boards if len(self.truth.idle(one)) > 4]
            if not boards:
                return
            board = self.dice.choice(boards)
            paper = self.dice.choice(self.truth.idle(board))
            chosen = [(board, paper, self.truth.known[self.truth.key(board, paper)])]
        board, paper, known = self.dice.choice(chosen)
        collection = self.homes.collection
        document = self._document(board, paper)
        going = {each.document_id for each in collection.to_withdraw(document)}
        if going != {document}:
            self.truth.say(f"withdrawing {paper.name} would take {len(going)} documents")
        done = collection.withdraw(document, reason="the board asked")
        for line in done.left():
            self.truth.say(f"after withdrawing {paper.name}: {line}")
        self.truth.withdraw(paper, known)
        self.truth.counts["withdrawn"] += 1
        self.told.listen()
        if self.dice.random() < 0.5 and again:
            self.come_again(board, paper)

    def come_again(self, board: Board, paper: Paper) -> None:
        """What was withdrawn is published again without its names, under another title."""
        paper.linked = paper.there = paper.page = False
        self.boards.publish(board, like=paper)
        self.truth.counts["near-copy"] += 1

    def withdraw_version(self) -> None:
        """Withdraw a version that is held: the edition that named somebody."""
        with Record.open(self.homes.collection.home) as record:
            held = [one for one in record.held() if one.version is not None]
        for one in held:
            board, paper = self.truth.paper_at[one.file_url or ""]
            known = self.truth.known[self.truth.key(board, paper)]
            if known.awaited or known.withdrawn or not known.held_version:
                continue
            if len([other for other in held if other.document_id == one.document_id]) > 1:
                continue
            done = self.homes.collection.withdraw(
                one.document_id, version=one.version, reason="it names a child"
            )
            for line in done.left():
                self.truth.say(f"after withdrawing version {one.version} of {paper.name}: {line}")
            self.truth.withdraw_version(paper, known)
            self.truth.counts["version withdrawn"] += 1
            self.told.listen()
            return
