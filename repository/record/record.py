"""The record: one door to record.db and the archive. What a method changes, it changes in one transaction."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path

from sqlalchemy import Connection, select

from casereviews.repository import identity, likeness
from casereviews.repository.archive import sha256_of
from casereviews.repository.archives import archive_of
from casereviews.repository.errors import UnknownId
from casereviews.repository.home import Home
from casereviews.repository.model import Attached, Document, Fetch, Sighting
from casereviews.repository.record import (
    absence,
    case_names,
    documents,
    enclosures,
    events,
    holds,
    pages,
    reconcile,
    review_ids,
    runs,
    sightings,
    storing,
    tombstones,
    versions,
    withdrawing,
)
from casereviews.repository.record.database import open_record
from casereviews.repository.record.outcome import (
    Event,
    Held,
    Leaving,
    PageNote,
    Rules,
    SourceOutcome,
    Stored,
    Unlisted,
    Version,
)
from casereviews.repository.record.run_log import RunLog
from casereviews.repository.record.tables import sighting
from casereviews.repository.tombstone_file import TombstoneFile
from casereviews.repository.withdrawal_journal import Journal, refuse_unfinished


class _TakenBack(Exception):
    """Ends a transaction whose changes were only tried."""


class Record(RunLog):
    """What was collected, by whom it was published and what became of it. Use as a context manager.

    `write=True` is for the holder of the lock (`casereviews.repository.lock.writing`) and the child processes that it starts,
    which is not checked here; it migrates an older home. Without it nothing can be written. Times are ISO 8601 text in UTC, handed in.
    """

    def __init__(self, home: Home, *, write: bool, rules: Rules, unfinished: bool = False) -> None:
        self.home = home
        self.archive = archive_of(home)
        self.rules = rules
        self.engine = open_record(home, write=write)
        if not write and not unfinished:
            try:
                self._refuse_unfinished()
            except BaseException:
                self.close()
                raise

    @classmethod
    def open(
        cls,
        home: Home,
        *,
        write: bool = False,
        rules: Rules | None = None,
        unfinished: bool = False,
    ) -> Record:
        """Open the record of a home; raises HomeError or HomeTooNew when it cannot be read as it is.

        A reader is refused (WithdrawalUnfinished) while a withdrawal is not finished, unless it is part of finishing or looking
        after the home (`unfinished`).
        """
        return cls(home, write=write, rules=rules or Rules(), unfinished=unfinished)

    def _refuse_unfinished(self) -> None:
        if self.home.withdrawal_json.exists() or self.home.tombstones.exists():
            with self.transaction() as c:
                known = tombstones.known_outside(c)
            refuse_unfinished(self.home, known, "record")

    # ---- what a crawl brings

    def record_sightings(
        self,
        run_id: int,
        source_id: str,
        seen: Iterable[Sighting],
        at: str | None = None,
        *,
        page_url: str | None = None,
    ) -> int:
        """Keep what one page said (all its sightings together); returns how many sayings are new.

        `at` is the time of the fetch, the run's start when it is not given; `page_url` the address under which the page was asked for.
        """
        with self.transaction() as c:
            when = at or runs.run_started(c, run_id)
            return sightings.record_sightings(c, run_id, source_id, seen, when, page_url)

    def note_pages(self, run_id: int, source_id: str, notes: Iterable[PageNote]) -> None:
        """Keep which of a source's pages were read in full on a run, and which could not be: absence is counted by these."""
        with self.transaction() as c:
            pages.note(c, run_id, source_id, notes)

    def refuses(self, seen: Sighting) -> bool:
        """True when what is sighted there was withdrawn, or is a row that only names it: nothing of it is kept or remembered."""
        with self.transaction() as c:
            address = identity.address_of(seen, runs.same_as(c, seen.source_id))
            return tombstones.refuses_address(
                c, seen.source_id, address
            ) or case_names.WithdrawnCases(c, seen.source_id).row_names(seen)

    def without_withdrawn(self, seen: Iterable[Sighting]) -> tuple[Sighting, ...]:
        """What a page said, but for what was withdrawn, and without the names of withdrawn cases in what it said of others."""
        kept = [one for one in seen if not self.refuses(one)]
        with self.transaction() as c:
            cases = {key: case_names.WithdrawnCases(c, key) for key in {s.source_id for s in kept}}
        return tuple(cases[one.source_id].without(one) for one in kept)

    def names_withdrawn(self, source_id: str, texts: Iterable[str]) -> list[bool]:
        """For each text or address of a source's page, whether it names a case that was withdrawn."""
        with self.transaction() as c:
            cases = case_names.WithdrawnCases(c, source_id)
        return [cases.named_in(text) for text in texts]

    def store_file(
        self,
        run_id: int,
        seen: Sighting,
        done: Fetch,
        body: bytes | Path,
        *,
        origin: str = "crawl",
    ) -> Stored:
        """Archive a file and give it to its document; refused (result "withdrawn") when it was withdrawn.

        The source must be known (`put_source`). A file that came without an address is known by its bytes. Raises
        ArchiveError when the disk is full.
        """
        sha256, size = sha256_of(body)
        with self.transaction() as c:
            seen = case_names.WithdrawnCases(c, seen.source_id).without(sightings.writable(seen))
            where = storing.addresses_for(c, seen, done, sha256)
            if storing.refuse(c, seen, where, sha256, done.fetched_at):
                return Stored("withdrawn", None, None)
        self.archive.put(body)
        arrival = versions.Arrival(sha256, size, done.media_type, done.file_name, done.fetched_at)
        with self.transaction() as c:
            return storing.store(c, run_id, seen, where, arrival, origin=origin)

    def link_addresses(
        self, source_id: str, url: str, twins: Sequence[str], evidence: str, at: str
    ) -> None:
        """Say that addresses are twins of a stored document's: `evidence` is canonical, shortlink or rule."""
        with self.transaction() as c:
            storing.link_addresses(c, source_id, url, twins, evidence, at)

    def finish_source(self, run_id: int, outcome: SourceOutcome) -> tuple[Event, ...]:
        """Reconcile a source at the end of its part of a run; returns what happened to its documents."""
        with self.transaction() as c:
            return reconcile.finish_source(c, run_id, outcome, self.rules)

    def unlisted(
        self,
        run_id: int,
        source_id: str,
        at: str,
        *,
        complete: bool = True,
        accept_shrink: bool = False,
    ) -> tuple[Unlisted, ...]:
        """Documents that no page of a source named on this run: each is to be asked for itself. `complete`: its whole list was read.

        None when so much is missing that the list must be broken, unless a person confirmed that it shrank (`accept_shrink`).
        """
        with self.transaction() as c:
            outcome = SourceOutcome(
                source_id, "ok", at, at, listing_complete=complete, accept_shrink=accept_shrink
            )
            return reconcile.unlisted(c, run_id, outcome, self.rules)

    def in_doubt(self, source_id: str) -> frozenset[str]:
        """Addresses of listed files, as `url_state` spells them, that are to be asked again whatever their age: their last answer did not say that they are there."""
        with self.transaction() as c:
            return absence.in_doubt(c, source_id)

    # ---- what is held

    def documents(
        self,
        *,
        ids: Collection[str] | None = None,
        source_id: str | None = None,
        visibility: str | None = None,
    ) -> list[Document]:
        """Documents with their newest content, by id."""
        with self.transaction() as c:
            return list(documents.documents(c, ids=ids, source_id=source_id, visibility=visibility))

    def document(self, document_id: str) -> Document:
        """One document; UnknownId when there is none."""
        found = self.documents(ids=[document_id])
        if not found:
            raise UnknownId(f"no document {document_id!r}: `casereviews search` shows ids")
        return found[0]

    def document_at(self, source_id: str, url: str) -> Document | None:
        """The document that a source has at an address; None when it has none."""
        with self.transaction() as c:
            address = identity.canonical(url, same_as=runs.same_as(c, source_id))
            row = documents.find(c, source_id, [address], None)
        return None if row is None else self.document(row.id)

    def versions(self, document_id: str) -> list[Version]:
        """Every state of a document's content, oldest first."""
        with self.transaction() as c:
            return versions.versions(c, document_id)

    def addresses_of(self, document_id: str) -> list[tuple[str, str]]:
        """(canonical address, evidence) of a document."""
        with self.transaction() as c:
            return documents.addresses_of(c, document_id)

    def all_sightings(self) -> dict[str, tuple[Sighting, ...]]:
        """What the pages last said of every document, by id; documents that no page names are absent."""
        with self.transaction() as c:
            return sightings.by_document(c)

    def sightings_of(self, document_id: str) -> tuple[Sighting, ...]:
        """What the pages last said of a document."""
        with self.transaction() as c:
            return sightings.sightings_of(c, document_id)

    def events(
        self,
        *,
        since: str | None = None,
        run_id: int | None = None,
        document_id: str | None = None,
        kinds: tuple[str, ...] | None = None,
        after: int | None = None,
    ) -> list[Event]:
        """What happened, in order, from a time on (inclusive), of one run or of one document, after the event with an id."""
        with self.transaction() as c:
            return events.events(
                c, since=since, run_id=run_id, document_id=document_id, kinds=kinds, after=after
            )

    def last_event(self) -> int:
        """The highest id that was ever given to an event, 0 before the first."""
        with self.transaction() as c:
            return events.last_id(c)

    def held(self) -> list[Held]:
        """What is hidden until a person says release or withdraw."""
        with self.transaction() as c:
            theirs = enclosures.follows_hold(c)
            return [one for one in holds.held(c) if one.document_id not in theirs]

    def release(self, document_id: str, *, at: str, version: int | None = None) -> None:
        """Show a held document again, or let one of its replaced versions rest; UnknownId when it is not held."""
        with self.transaction() as c:
            holds.release(c, document_id, version, at)

    def release_returned(self, source_id: str | None, *, at: str) -> list[str]:
        """Show every held document that its list names again, of one source or of all (None); returns their ids."""
        with self.transaction() as c:
            return holds.release_returned(c, source_id, at)

    # ---- versions and texts

    def unread_versions(self) -> list[Version]:
        """The current content of every document and whatever is not settled yet."""
        with self.transaction() as c:
            return versions.waiting(c)

    def settle(self, document_id: str, texts: Mapping[str, str | None]) -> tuple[Event, ...]:
        """Decide what a document's new bytes are, by the hashes of their texts; see `versions.settle`.

        Bytes that need not be kept leave the archive. A text that was withdrawn is refused: its bytes go, and with them a
        document that has no others.
        """
        with self.transaction() as c:
            row = documents.row_of(c, document_id)
            info = runs.sources(c)[row.source_id]
            months = self.rules.months_of(info)
            settled = versions.settle(
                c,
                document_id,
                row.source_id,
                texts,
                months,
                lambda text: tombstones.refuses_text(c, text),
                served=row.origin != enclosures.ORIGIN,
            )
        for sha256 in settled.dropped:
            self.archive.delete(sha256)
        return settled.events

    def refuse_texts(self, texts: Mapping[str, str | None], at: str) -> list[str]:
        """Take out the documents whose new bytes say a text that was withdrawn; returns their ids."""
        with self.transaction() as c:
            found = [
                one
                for one in versions.waiting(c)
                if (text := texts.get(one.sha256)) is not None and tombstones.refuses_text(c, text)
            ]
            if not found:
                return []
            taken = withdrawing.take_documents(
                c,
                {one.document_id for one in found},
                remaining=(),
                reason="the same text as one that was withdrawn",
                at=at,
            )
        for sha256 in taken.hashes:
            self.archive.delete(sha256)
        return sorted(taken.documents)

    def hold_near_copies(
        self,
        texts: Mapping[str, Sequence[str]],
        at: str,
        said_by: Callable[[str], Iterable[str]],
    ) -> dict[str, str]:
        """Hold each document (id -> the pages of its newest bytes) that is nearly what was withdrawn, or a part of it; id -> the reason.

        `said_by` gives the other texts that are shown of a source. One that a person released for that reason is not held for it again.
        """
        held: dict[str, str] = {}
        with self.transaction() as c:
            key = tombstones.key(c)

            @cache
            def runs_said_by(
                source_id: str, sketch: str, runs_of: tombstones.RunsOf
            ) -> Collection[str]:
                texts = (runs_of(text, key) for text in said_by(source_id))
                return set().union(*(likeness.told_by(sketch, runs) for runs in texts))

            for document_id, pages in texts.items():
                source_id = documents.row_of(c, document_id).source_id
                withdrawn = tombstones.resembled(c, source_id, pages, runs_said_by)
                if withdrawn is not None:
                    reason = holds.NEAR_COPY.format(withdrawn[:10])
                    if holds.hold(c, document_id, reason, at):
                        held[document_id] = reason
        return held

    def knows_what_was_withdrawn(self) -> bool:
        """True when something was withdrawn whose near-copies, or names, are known."""
        with self.transaction() as c:
            return bool(tombstones.values(c, "sketch") or tombstones.values(c, "names"))

    # ---- withdrawing

    def would_take(self, leaving: Leaving) -> withdrawing.Taken:
        """What a withdrawal would take out; nothing is changed."""
        taken = withdrawing.Taken()
        with suppress(_TakenBack), self.transaction() as c:
            taken = withdrawing.take(c, leaving)
            raise _TakenBack
        return taken

    def take_out(self, journal: Journal, outside: TombstoneFile) -> None:
        """Take out what a journal says, as far as it is still there, and leave tombstones, first outside the record and then in it."""
        with self.transaction() as c:
            tombstones.put_key(c, journal.key or tombstones.key(c) or likeness.new_key())
            leaving = Leaving(
                journal.documents,
                journal.versions,
                journal.remaining,
                journal.reason,
                journal.at,
                journal.heirs,
            )
            withdrawing.take(c, leaving)
            for kind, source_id, document_id, value in journal.digests:
                tombstones.bury(
                    c,
                    kind,
                    [value],
                    source_id=source_id,
                    document_id=document_id,
                    reason=journal.reason,
                    at=journal.at,
                )
            withdrawing.clean_names(c, journal.redacted, journal.names, journal.sought)
            self._share(c, outside)

    def knows_tombstones(self, digest: str) -> bool:
        """True when the record has all tombstones of the file with this digest, and it all of the record's; "" is no file."""
        with self.transaction() as c:
            if not digest:
                return not tombstones.last(c)
            return tombstones.known_outside(c) == digest

    def left_to_take(self, outside: TombstoneFile, at: str) -> Leaving | None:
        """What the record still holds of what was withdrawn by the tombstones outside it; None for nothing."""
        _, stones = outside.read()
        with self.transaction() as c:
            known = set(tombstones.since(c, 0))
            new = [one for one in stones if one not in known]
            return withdrawing.left_of(c, new, tombstones.BEFORE, at) if new else None

    def share_tombstones(self, outside: TombstoneFile) -> None:
        """Give the file outside the record's tombstones, and the record those of the file."""
        with self.transaction() as c:
            self._share(c, outside)

    def _share(self, c: Connection, outside: TombstoneFile) -> None:
        key, stones = outside.read()
        if key or not tombstones.key(c):
            tombstones.put_key(c, key or likeness.new_key())
        for one in stones:
            tombstones.bury(
                c,
                one.kind,
                [one.value],
                source_id=one.source_id,
                document_id=one.document_id,
                reason=tombstones.BEFORE,
                at=one.at,
            )
        outside.add(tombstones.key(c), tombstones.since(c, 0))
        tombstones.know_outside(c, outside.digest())

    def withdrawal_key(self, outside: TombstoneFile) -> str:
        """The key of the home's digests, that of the file outside first; a new one before the first withdrawal."""
        with self.transaction() as c:
            return outside.read()[0] or tombstones.key(c) or likeness.new_key()

    def all_said(self) -> str:
        """All that pages say of documents, as JSON."""
        with self.transaction() as c:
            return "\n".join(c.execute(select(sighting.c.payload)).scalars())

    def buried_hashes(self) -> list[str]:
        """The SHA-256 of every file that was withdrawn."""
        with self.transaction() as c:
            return tombstones.buried_hashes(c)

    def was_withdrawn(self, typed: str) -> bool:
        """True for the id of a review or a document that was withdrawn."""
        with self.transaction() as c:
            return any(
                tombstones.tombstone_of(c, one) is not None
                for one in (typed.strip(), identity.as_typed(typed))
            )

    def kept_hashes(self) -> set[str]:
        """The SHA-256 of every file that some document's version names."""
        with self.transaction() as c:
            return versions.all_hashes(c)

    # ---- files within portfolios

    def keep_enclosed(
        self, holder_sha256: str, attached: Sequence[Attached], read: Collection[str], at: str
    ) -> list[str]:
        """Archive the files that a portfolio holds and give each to a document of its own; see `enclosures`.

        Returns the ids of documents that were taken out instead: when one of the files was withdrawn, the portfolio's bytes hold
        it, and go.
        """
        bodies = [one for one in attached if one.content]
        found = [
            enclosures.Enclosed(one.name, *sha256_of(one.content), one.media_type) for one in bodies
        ]
        with self.transaction() as c:
            gone = enclosures.refused(c, holder_sha256, found)
            taken = gone and withdrawing.take_documents(
                c, gone, remaining=(), reason="a file in it was withdrawn", at=at
            )
        if taken:
            for sha256 in taken.hashes:
                self.archive.delete(sha256)
            return sorted(taken.documents)
        for one in bodies:
            self.archive.put(one.content)
        self.follow_portfolios(read, at, {holder_sha256: found})
        return []

    def follow_portfolios(
        self,
        read: Collection[str],
        at: str,
        fresh: Mapping[str, Sequence[enclosures.Enclosed]] | None = None,
    ) -> None:
        """Bring what stands in portfolios to how those stand now; `read` are the hashes of all that could be read."""
        with self.transaction() as c:
            infos = runs.sources(c)
            enclosures.follow(
                c, fresh or {}, read, lambda source: self.rules.months_of(infos.get(source)), at
            )

    def portfolios(self) -> dict[str, str]:
        """Document id of every file within a portfolio -> that of the portfolio."""
        with self.transaction() as c:
            return enclosures.portfolios(c)

    def with_enclosed(self, sha256s: Collection[str]) -> set[str]:
        """These files, the portfolios that hold one of them, and what only those hold: what a withdrawal of them takes."""
        with self.transaction() as c:
            return enclosures.taken_with(c, sha256s)

    def is_too_deep(self, sha256: str) -> bool:
        """True for a portfolio with so many around it that its files are not taken out."""
        with self.transaction() as c:
            return enclosures.depth_of(c, sha256) >= enclosures.DEEPEST

    # ---- ids

    def review_ids(self) -> dict[str, str]:
        """Document id -> review id, of every document that is its review's first."""
        with self.transaction() as c:
            return review_ids.by_first_document(c)

    def assign_reviews(self, groups: Sequence[Collection[str]], at: str) -> Mapping[str, str]:
        """Give every group of documents its review id; returns document id -> review id."""
        with self.transaction() as c:
            national = {key for key, info in runs.sources(c).items() if info.national}
            return review_ids.assign(c, groups, national, at)

    def first_documents(self) -> dict[str, str]:
        """Every review id, those that now lead elsewhere too -> the document that it belongs to."""
        with self.transaction() as c:
            return review_ids.minted_from(c)

    def merged_documents(self) -> dict[str, str]:
        """The ids of documents that became part of others -> those."""
        with self.transaction() as c:
            return review_ids.merged_documents(c)

    def aliases(self) -> dict[str, list[str]]:
        """Review id -> the older ids that lead to it, of every review that has some."""
        with self.transaction() as c:
            return review_ids.aliases(c)

    def aliases_of(self, review_id: str) -> list[str]:
        """Older ids that lead to a review."""
        with self.transaction() as c:
            return review_ids.aliases_of(c, review_id)

    def resolve_document(self, text: str) -> str:
        """The document that a typed id leads to: its own, or that of a review, whose first document it is; UnknownId."""
        found = self.resolve_id(text)
        return self.first_documents().get(found, found)

    def resolve_id(self, text: str) -> str:
        """The review or document id that a typed id leads to now.

        Raises UnknownId with the nearest known id, or with the reason when it was withdrawn.
        """
        known = self.known_id(text)
        with self.transaction() as c:
            return review_ids.live_id(c, known) or review_ids.live_document(c, known) or known

    def known_id(self, text: str) -> str:
        """A typed id as it was given out once, also where it leads to another now.

        Raises UnknownId as `resolve_id`.
        """
        with self.transaction() as c:
            for typed in (text.strip(), identity.as_typed(text)):
                if review_ids.live_id(c, typed) or review_ids.live_document(c, typed):
                    return typed
                buried = tombstones.tombstone_of(c, typed)
                if buried is not None:
                    reason, at = buried
                    raise UnknownId(f"{typed} was withdrawn on {at[:10]}: {reason}")
            near = difflib.get_close_matches(identity.as_typed(text), review_ids.known_ids(c), n=1)
        hint = f"did you mean {near[0]}?" if near else "`casereviews search` shows ids"
        raise UnknownId(f"no review or document {text!r}: {hint}")
