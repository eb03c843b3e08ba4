"""A withdrawal through all rooms: record, archive and derived, index, marks and copies, then the look whether anything is left."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from casereviews.collection.changing.indexing import left_in_index, purge_from_index
from casereviews.collection.changing.looking import sought
from casereviews.collection.clock import now
from casereviews.collection.keepers import standing_index
from casereviews.collection.keeping.exports import Exports, KnownExport
from casereviews.collection.keeping.marks import forget_marks
from casereviews.collection.output.kept_files import forget_copies
from casereviews.index.errors import SearchError
from casereviews.index.folder import UNKNOWN, Built
from casereviews.repository.canary import Finding, what_to_do
from casereviews.repository.errors import RepositoryError, WithdrawalUnfinished
from casereviews.repository.home import Home
from casereviews.repository.left_behind import LeftBehind, Sought
from casereviews.repository.places import left_elsewhere
from casereviews.repository.record import Record
from casereviews.repository.sealed_databases import has_record
from casereviews.repository.vocabulary import Vocabulary
from casereviews.repository.withdrawal_journal import (
    Journal,
    begun,
    end,
    refuse_unfinished,
)
from casereviews.repository.withdrawals import Withdrawal, carry_out, caught_up


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What was withdrawn, how many marks went with it, and what of it could not be taken out (nothing, when all went well).

    `exports` are those that held it, by date; they cannot be reached. `unread` lines of `exports.jsonl` could not be read: they may have, too.
    `left_behind` is what servers, and places that the home left, still hold of it; `sought` are the places of servers that were looked into
    for it.
    """

    withdrawal: Withdrawal
    marks: int
    remains: tuple[Finding, ...]
    built: Built | None = None
    exports: tuple[KnownExport, ...] = ()
    unread: int = 0
    left_behind: tuple[LeftBehind, ...] = ()
    sought: tuple[Sought, ...] = ()

    @property
    def stays(self) -> bool:
        """Whether anything of it is still there, and nobody can say that it goes by itself."""
        return bool(self.remains or self._seen()) or any(
            one.until is None for one in self.left_behind
        )

    def _seen(self) -> list[Sought]:
        """Places of servers in which something was found, and of which nothing else is said."""
        told = {(one.store, one.place) for one in self.left_behind}
        return [one for one in self.sought if one.found and (one.store, one.place) not in told]

    def told(self) -> list[str]:
        """What a command says that finished what another had begun: that it did, and what is left."""
        count = len(self.withdrawal.document_ids)
        what = f"{count} document" + ("" if count == 1 else "s")
        begun = f"finished the withdrawal of {what} that was begun before"
        return [begun, *self.exported(), *self.going(), *self.left()]

    def exported(self) -> list[str]:
        """A line for each export that held it, by date."""
        lines = [f"was exported, and is out of reach there: {one}" for one in self.exports]
        if self.unread:
            lines.append(
                f"{self.unread} damaged lines of exports.jsonl: exports that may have held it"
            )
        return lines

    def to_json(self) -> dict[str, Any]:
        """What `withdraw --json` says."""
        return {
            "documents": list(self.withdrawal.document_ids),
            "reviews": list(self.withdrawal.review_ids),
            "files": len(self.withdrawal.sha256s),
            "marks": self.marks,
            "beyond_reach": list(self.withdrawal.beyond_reach),
            "exports": [one.to_json() for one in self.exports],
            "exports_unread": self.unread,
            "remains": self.found(),
            "left_behind": [asdict(one) for one in self.left_behind],
            "not_looked_into": self.unseen(),
        }

    def going(self) -> list[str]:
        """A line for each place of a server from which it goes by itself, with when it is gone at the latest."""
        return [f"goes by itself: {one}" for one in self.left_behind if one.until]

    def left(self) -> list[str]:
        """A line for each place in which something is left and does not go by itself, with what to do about it."""
        stays = [f"STAYS: {one}" for one in self.left_behind if one.until is None]
        return [*self.found(), *stays]

    def found(self) -> list[str]:
        """A line for each place of the home and of its servers in which something was found, with what to do about it."""
        home = self.withdrawal.home
        lines = (
            f"STILL THERE: {one.path} ({one.where}): {one.what}: {what_to_do(home, one)}"
            for one in self.remains
        )
        seen = (
            f"STILL THERE: {one.store}: {one.place}: {', '.join(one.found)}: give the same `casereviews withdraw` again, which cleans once more, and then report this as a fault"
            for one in self._seen()
        )
        return list(dict.fromkeys((*lines, *seen)))

    def unseen(self) -> list[str]:
        """A line for each place of a server that could not be looked into."""
        return [
            f"not looked into: {one.store}: {one.place}: {one.unread}"
            for one in self.sought
            if one.unread
        ]


def complete(
    home: Home, journal: Journal, vocabulary: Vocabulary, *, resumed: bool = False
) -> Withdrawn:
    """Carry out what a journal says, in every room, look for what is left, and say that it is done. The caller holds the lock."""
    done = carry_out(home, journal, vocabulary, resumed=resumed)
    built = purge_from_index(home, done, vocabulary)
    forget_copies(done.document_ids)
    marks = forget_marks(home, {*done.review_ids, *done.marks})
    known = Exports(home)
    exports = known.holding({*journal.documents, *(one for one, _ in journal.versions)})
    known.forget({*journal.names, *journal.words, *journal.redacted})
    remains = tuple(done.canary())
    looked = tuple(sought(home, done.sha256s, (*done.phrases, *done.names), done.words))
    end(home)
    left = (*done.left, *left_in_index(home), *left_elsewhere(home))
    return Withdrawn(done, marks, remains, built, exports, known.unread(), left, looked)


def finish_withdrawal(home: Home, vocabulary: Vocabulary) -> Withdrawn | None:
    """Finish what an earlier command began, or what an older record still holds of what was withdrawn; None when there is nothing.

    Every command that writes does so before anything else, under the lock that it holds.
    """
    journal = begun(home)
    finished = complete(home, journal, vocabulary, resumed=True) if journal else None
    journal = caught_up(home, now=now())
    if journal is not None:
        finished = complete(home, journal, vocabulary, resumed=True)
    if _index_is_older(home):
        purge_from_index(home, None, vocabulary)
    return finished


def unfinished(home: Home) -> str:
    """What `doctor` says of a withdrawal that is not finished; "" when all are."""
    try:
        if has_record(home):
            with Record.open(home):
                pass
        built = standing_index(home)
        refuse_unfinished(home, built.withdrawals, "index")
    except WithdrawalUnfinished as trouble:
        return str(trouble)
    except (SearchError, RepositoryError):
        return ""  # told by other checks
    return ""


def _index_is_older(home: Home) -> bool:
    """True when the index does not know of all withdrawals, or an earlier version made it; one that cannot be read is built anew by whoever brings it up to date."""
    try:
        built = standing_index(home)
        refuse_unfinished(home, built.withdrawals, "index")
    except WithdrawalUnfinished:
        return True
    except SearchError:
        return False
    return built.withdrawals == UNKNOWN
