"""Fictional boards over seasons: what is truly listed and public each night, and what must therefore be shown. Knows nothing of the record.

A report is "listed"; or "archived" (off its list, its file kept, for a good reason), "taken" (off its list, its file kept: the board
thinks that it retracted it) or "deleted" (off its list and its file gone).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

PATIENCE = 3
"""Nights after which what was retracted must not be shown."""

POLICY_DAYS = 365


def day_of(night: int) -> str:
    """The date of a night: number 0 is 1 January 2027."""
    return str(date(2027, 1, 1) + timedelta(days=night))


@dataclass
class Report:
    """One report: the night on which it came, and its fates since, (night, state) in order."""

    name: str
    born: int = 0
    fates: Sequence[tuple[int, str]] = ()
    told: Sequence[str] = ()
    """What happens to it beyond what happens to its whole board, in the order of events."""
    held_by_mistake: tuple[int, int] | None = None
    """Nights (first, last) on which caution may hide it although it is public."""

    def state(self, night: int) -> str:
        if night < self.born:
            return "unborn"
        return next((state for since, state in reversed(self.fates) if night >= since), "listed")

    def since(self, night: int) -> int:
        """The night of its last change of state."""
        return max([self.born, *(one for one, _ in self.fates if one <= night)])


@dataclass
class Board:
    """A board's list. `troubles` maps nights to what is wrong with its site; `eras` are nights on which all addresses change.

    Troubles: "maintenance" (its list says nothing), "down" (its list cannot be read), "files_503" and "files_404" (half of its
    files), "moved" (its list redirects to another host).
    """

    name: str
    reports: list[Report]
    rolling: bool = False
    eras: tuple[int, ...] = ()
    new_hosts: tuple[int, ...] = ()
    restamps: bool = False
    troubles: Mapping[int, str] = field(default_factory=dict)

    def era(self, night: int) -> int:
        return sum(night >= one for one in self.eras)

    def hosts_moved(self, night: int) -> int:
        return sum(night >= one for one in self.new_hosts)

    def path(self, report: Report, night: int) -> str:
        """Where a report's file is, while it is listed."""
        return f"/{self.name}/{self.era(night)}/{report.name}.pdf"

    def listed(self, night: int) -> list[Report]:
        """What its list names, newest first."""
        if self.troubles.get(night) in ("maintenance", "down", "moved"):
            return []
        return [
            one
            for one in sorted(self.reports, key=lambda one: -one.born)
            if one.state(night) == "listed"
        ]

    def words(self, report: Report, era: int) -> str:
        """What its file says; a site that makes its files anew says the same in other bytes."""
        return f"{self.name} {report.name}" + (f" stamp {era}" if self.restamps and era else "")

    def status(self, path: str, night: int, host: int) -> int:
        """What its server answers for a file."""
        era, name = path.split("/")[2], path.split("/")[3].removesuffix(".pdf")
        report = next(one for one in self.reports if one.name == name)
        kind = self.troubles.get(night, "")
        if kind.startswith("files_") and int(name[1:]) % 2:
            return int(kind.removeprefix("files_"))
        left = report.since(night) if report.state(night) != "listed" else night
        old = int(era) != self.era(night) or host != self.hosts_moved(night)
        gone = report.state(night) == "deleted" or old or self.era(left) != self.era(night)
        return 404 if gone else 200

    def conclusive(self, report: Report, night: int) -> bool:
        """True when tonight's list and the report's file tell something of a report that is not listed.

        A server that denies half of its files (404) tells nothing of any.
        """
        kind = self.troubles.get(night, "")
        failing = kind.startswith("files_") and int(report.name[1:]) % 2
        return kind not in ("maintenance", "down", "moved", "files_404") and not failing


def wrongly_shown(
    board: Board, night: int, shown: Mapping[str, tuple[str, str]]
) -> list[tuple[str, str, tuple[str, str] | None]]:
    """Reports of a board that are shown and must not be, or the other way round, after a night: (report, truth, as recorded).

    `shown` maps reports to (visibility, availability).
    """
    wrong = []
    for report in board.reports:
        state = report.state(night)
        if not any(report in board.listed(one) for one in range(report.born, night + 1)):
            continue  # no list has named it yet
        since = report.since(night)
        told = sum(board.conclusive(report, one) for one in range(since, night + 1))
        found = shown.get(report.name)
        visible = found is not None and found[0] == "shown"
        early = since - report.born < POLICY_DAYS
        first, last = report.held_by_mistake or (1, 0)
        retracted = state == "taken" or (state == "deleted" and early)
        if first <= night <= last:
            continue
        if retracted and told >= PATIENCE and visible:
            wrong.append((report.name, state, found))
        if not retracted and not visible:
            wrong.append((report.name, state, found))
        if state == "listed" and found is not None and found[1] != "available":
            wrong.append((report.name, state, found))
        if (
            state == "archived"
            and found is not None
            and found[1] in ("removed", "available")
            and told >= PATIENCE
        ):
            wrong.append((report.name, state, found))
    return wrong


def expected_events(board: Board, report: Report, nights: int) -> list[str]:
    """The kinds of events that a report's whole history is, in order."""
    moves = [one for one in (*board.eras, *board.new_hosts) if report.born < one < nights]
    listed = [one for one in moves if report.state(one) == "listed"]
    made_anew = ["changed_bytes"] * (len(listed) if board.restamps else 0)
    return ["new", *["moved"] * len(listed), *made_anew, *report.told]


OFF = ("missing", "missing", "unlisted")
HELD = (*OFF, "held")
GONE = ("missing", "missing", "removed", "held")


def heath() -> Board:
    """A list that grows, with everything that happens to a board's site in a year."""
    named = {
        2: ([(380, "deleted")], ("missing", "missing", "removed"), None),
        3: ([(60, "taken")], (*HELD, "removed"), None),
        4: ([(386, "archived")], OFF, None),
        5: ([(90, "deleted")], GONE, None),
        7: ([(131, "deleted")], GONE, None),
        9: ([(310, "archived"), (312, "listed")], ("missing", "missing"), None),
        10: (
            [(320, "taken"), (326, "listed")],
            (*HELD, "returned", "released"),
            (326, 329),
        ),
        11: ([(202, "taken")], HELD, None),
        12: ([(232, "deleted")], GONE, None),
    }  # fmt: skip
    reports = []
    for number in range(1, 25):
        fates, told, mistake = named.get(number, ([], (), None))
        reports.append(Report(f"h{number}", 0, fates, told, mistake))
    reports += [Report(f"h{24 + one}", 25 * one) for one in range(1, 15)]
    troubles = {
        **dict.fromkeys(range(30, 33), "down"),
        **dict.fromkeys(range(200, 207), "files_503"),
        **dict.fromkeys(range(230, 237), "files_404"),
        **dict.fromkeys(range(260, 265), "moved"),
        **dict.fromkeys(range(300, 304), "maintenance"),
    }
    return Board("heath", reports, eras=(170,), new_hosts=(265,), troubles=troubles)


def moor() -> Board:
    """A yearly page: overwritten three times, as its entry says."""
    reports = []
    for year in range(4):
        for number in range(4):
            gone = 110 * (year + 1)
            fates = [(gone, "archived")] if gone < 400 else []
            told = ("unlisted",) if fates else ()
            reports.append(Report(f"m{4 * year + number}", 110 * year, fates, told))
    troubles = dict.fromkeys(range(50, 54), "maintenance")
    return Board("moor", reports, rolling=True, troubles=troubles)


def vale(learnt_after: int = 3) -> Board:
    """The newest ten, as nobody said: the oldest falls off as a new one comes, every eighteen nights."""
    reports = [Report(f"v{number}", 0) for number in range(10)]
    for roll in range(1, 20):
        night = 18 * roll
        reports.append(Report(f"v{9 + roll}", night))
        oldest = reports[10 - roll] if roll <= 10 else reports[roll - 1]
        oldest.fates = [(night, "archived")]
        learnt = roll >= learnt_after
        oldest.told = OFF if learnt else (*HELD, "released")
        oldest.held_by_mistake = None if learnt else (night + 2, 18 * learnt_after + 2)
    return Board("vale", reports, troubles={100: "down", 101: "down"})


def firth() -> Board:
    """Two reports: a site that is being updated, and a retraction."""
    reports = [Report("f1"), Report("f2", 0, [(100, "deleted")], GONE)]
    return Board("firth", reports, troubles=dict.fromkeys(range(40, 44), "maintenance"))


def glen() -> Board:
    """A new site that makes all files anew."""
    return Board("glen", [Report(f"g{one}") for one in range(12)], eras=(150,), restamps=True)
