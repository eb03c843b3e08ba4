"""What every change of a collection goes through: lock, work, process, index, release.

    with write_cycle(home, "correct", progress) as cycle, cycle.opened() as stores:
        add_correction(...)

When a step fails the lock is released, and what is missing is made up for by the next cycle: the index then stands at another
revision than the record stood, and is compared whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from casereviews.collection.changing.indexing import bring_up_to_date, build_anew
from casereviews.collection.changing.withdrawing import Withdrawn, complete, finish_withdrawal
from casereviews.collection.clock import now
from casereviews.collection.progress import Progress
from casereviews.index.folder import Built
from casereviews.repository.describing import second_opinion
from casereviews.repository.describing.corrections import load_corrections
from casereviews.repository.home import Home
from casereviews.repository.lock import writing
from casereviews.repository.processing import Processed, process
from casereviews.repository.record import Record
from casereviews.repository.record.derived import Derived
from casereviews.repository.sealed_databases import has_derived, has_record
from casereviews.repository.vocabulary import Vocabulary
from casereviews.repository.withdrawal_journal import Journal


@dataclass(slots=True)
class OpenStores:
    """The record and what is derived from it, open for writing. `counts` are kept with the run, when the change is one; `read_again`
    are the files that were read again after the block."""

    record: Record
    derived: Derived
    run_id: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    read_again: int = 0


@dataclass(slots=True)
class WriteCycle:
    """One change of a home whose lock is held. `vocabulary` is the home's, checked before anything is
    changed; `built` is the index afterwards, None while there is none."""

    home: Home
    progress: Progress
    vocabulary: Vocabulary
    built: Built | None = None
    indexed: bool = False
    _processed: Processed | None = None
    _revision_before: int | None = None

    @contextmanager
    def opened(self, *, run: str | None = None, reread: bool = False) -> Iterator[OpenStores]:
        """The stores for the block; what it did is then processed. `run` is the verb to note in the log of runs; `reread` reads again
        what this reader could read better."""
        with (
            Record.open(self.home, write=True) as record,
            Derived.open(self.home, write=True) as derived,
        ):
            before = record.revision()
            stores = OpenStores(record, derived)
            if run:
                stores.run_id = record.begin_run(run, now())
            yield stores
            done = process(
                record,
                derived,
                now=now(),
                vocabulary=self.vocabulary,
                progress=self.progress.step,
                at_once=reread,
            )
            self.processed(done, before)
            stores.read_again = done.read_again
            if run:
                record.end_run(stores.run_id, now(), "done", stores.counts)

    def processed(self, done: Processed, revision_before: int) -> None:
        """Note what was processed, for the index; `revision_before` is the record's when the change began."""
        self._processed, self._revision_before = done, revision_before

    def index(self, *, anew: bool = False) -> Built:
        """Bring the index to what the stores say, or build a new generation; a lost derived.db is made anew first."""
        if has_record(self.home) and not has_derived(self.home):
            with self.opened():
                pass  # an index of nothing would answer "nothing found"
        if anew:
            self.built = build_anew(
                self.home, vocabulary=self.vocabulary, progress=self.progress.step
            )
        else:
            done = self._processed
            self.built = bring_up_to_date(
                self.home,
                changed=done.changed if done else None,
                gone=done.gone if done else (),
                since_revision=self._revision_before,
                purge=done is not None and done.uncovered,
                vocabulary=self.vocabulary,
                progress=self.progress.step,
                tell=self.progress.note,
            )
        if self._processed is not None and self._processed.uncovered:
            self.home.purge_owed.unlink(missing_ok=True)
        self.indexed = True
        return self.built

    def leave_index(self) -> None:
        """Leave the index as it stands: the run was stopped, and the next cycle compares it whole."""
        self.indexed = True

    def withdraw(self, journal: Journal) -> Withdrawn:
        """Carry out a withdrawal that was begun, in every room, the index too."""
        done = complete(self.home, journal, self.vocabulary)
        self.built, self.indexed = done.built, True
        return done


@contextmanager
def write_cycle(
    home: Home, verb: str, progress: Progress, warn: Callable[[str], None] | None = None
) -> Iterator[WriteCycle]:
    """Hold the home's lock for the block, and bring the index up to date when it ends well and has not done so itself.

    A withdrawal that an earlier command began is finished first, and `warn` is told of it.

    Raises, before anything is changed: HomeLocked when another process holds it, VocabularyError, CorrectionError and
    TomlError when the home's own themes, its corrections or its config.toml are wrong.
    """
    with writing(home, verb, tell=progress.note) as vocabulary:
        load_corrections(home.corrections_toml, vocabulary)
        second_opinion.is_wanted(home)
        finished = finish_withdrawal(home, vocabulary)
        if finished is not None and warn is not None:
            for line in finished.told():
                warn(line)
        cycle = WriteCycle(home, progress, vocabulary)
        yield cycle
        if not cycle.indexed:
            cycle.index()
