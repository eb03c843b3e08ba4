"""Bringing index, concepts and vectors to what the repository holds now."""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from casereviews.collection.keepers import keeper
from casereviews.index.errors import (
    ForeignIndex,
    IndexDamaged,
    ModelError,
    NoIndex,
)
from casereviews.index.folder import Built
from casereviews.repository.home import Home
from casereviews.repository.left_behind import LeftBehind, Sought
from casereviews.repository.published_documents import published_documents, published_ids
from casereviews.repository.stores import HomeAt, Stores
from casereviews.repository.tombstone_file import TombstoneFile
from casereviews.repository.toml_files import read_word
from casereviews.repository.vocabulary import Vocabulary, load_vocabulary

if TYPE_CHECKING:
    from casereviews.index.similar.encoders import Encoder
    from casereviews.repository.withdrawals import Withdrawal

Progress = Callable[[str, int], None]


def bring_up_to_date(
    home: Home,
    *,
    changed: Collection[str] | None = None,
    gone: Collection[str] = (),
    since_revision: int | None = None,
    purge: bool = False,
    vocabulary: Vocabulary | None = None,
    progress: Progress | None = None,
    tell: Callable[[str], None] = lambda _: None,
) -> Built:
    """Make the index say what the repository says; `purge` leaves nothing in its files of what it said before.

    `changed` and `gone` (document ids) are enough when the index stood at `since_revision`; otherwise, as after a killed run,
    every shown document is compared with what is indexed (unchanged ones cost a hash). What is indexed and not shown goes in any case.
    Without an index a first one is built; a damaged one is built anew, and `tell` is told.
    `vocabulary` is the home's, as `writing` gives it; loaded here when None.
    """
    with keeper(home) as index:
        try:
            standing = index.standing()
            gone = {*gone, *(index.ids() - published_ids(home))}
            if changed is None or standing.revision != since_revision:
                changed = None
            built = index.update(
                published_documents(home, document_ids=changed),
                gone,
                revision=record_revision(home),
                withdrawals=TombstoneFile.of(home).digest(),
                purge=purge,
            )
        except NoIndex as error:
            if isinstance(error, IndexDamaged):
                tell(f"the index was damaged ({error.file.name} {error.wrong}) and is made anew")
            return build_anew(home, vocabulary=vocabulary, progress=progress)
    _keep_similar(home, changed, gone, vocabulary, progress)
    return built


def build_anew(
    home: Home, *, vocabulary: Vocabulary | None = None, progress: Progress | None = None
) -> Built:
    """A new generation of everything that is shown."""
    with keeper(home) as index:
        built = index.build(
            published_documents(home),
            revision=record_revision(home),
            withdrawals=TombstoneFile.of(home).digest(),
            progress=(lambda done: progress("indexed", done)) if progress else None,
        )
    _keep_similar(home, None, (), vocabulary, progress)
    return built


def _keep_similar(
    home: Home,
    changed: Collection[str] | None,
    gone: Collection[str],
    vocabulary: Vocabulary | None,
    progress: Progress | None,
) -> None:
    from casereviews.index.similar.upkeep import complete

    vocabulary = vocabulary or load_vocabulary(home)
    trouble: ModelError | None = None
    try:
        encoder = encoder_of(home)
    except ModelError as error:
        encoder, trouble = None, error
    if changed is not None:
        others = indexed_ids(home) - set(changed)
        if not complete(home.index, home.id, others, encoder=encoder, vocabulary=vocabulary):
            changed = None
    _kept_up(home, changed, gone, encoder, vocabulary, progress)
    if trouble is not None:  # words and concepts are kept up all the same
        raise trouble


def _kept_up(
    home: Home,
    changed: Collection[str] | None,
    gone: Collection[str],
    encoder: Encoder | None,
    vocabulary: Vocabulary,
    progress: Progress | None,
) -> None:
    """Keep profiles and vectors up; profiles whose damage no seal told are made anew, of all that is shown."""
    from casereviews.index.similar.upkeep import drop_profiles, keep_up

    def keep(changed: Collection[str] | None) -> None:
        keep_up(
            home.index,
            home.id,
            published_documents(home, document_ids=changed),
            gone,
            encoder=encoder,
            vocabulary=vocabulary,
            progress=(lambda done: progress("compared", done)) if progress else None,
        )

    try:
        keep(changed)
    except IndexDamaged:
        drop_profiles(home.index, home.id)
        keep(None)


def encoder_of(home: Home) -> Encoder | None:
    """The sentence encoder that this home uses, None when the extra [semantic] is not installed."""
    from casereviews.index.similar.encoders import encoder_for

    return encoder_for(model_folder(home))


def model_folder(home: Home) -> Path | None:
    """The chosen sentence model's folder, None when none was chosen."""
    named = read_word(home.config_toml, "model")
    return Path(named) if named else None


def purge_from_index(
    home: Home, done: Withdrawal | None, vocabulary: Vocabulary | None = None
) -> Built | None:
    """Take a withdrawn document's words out of every file of the index; then index what is left of its review.

    Without `done` all is compared: nobody knows what an index that is older than a withdrawal holds.

    What cannot be opened (another version's, damaged, unfinished) cannot be cleaned either: it goes as a whole.
    """
    with keeper(home) as index:
        try:
            standing = index.standing()
        except (NoIndex, ForeignIndex) as error:
            foreign = isinstance(error, ForeignIndex) and Stores.of(home).index is not None
            if foreign or not index.drop(but_searched=False):
                return None  # what another home has at its servers is not ours to clean
            return build_anew(home, vocabulary=vocabulary)
        index.drop(but_searched=True)
        fresh = done is not None and standing.revision == done.revision_before
        touched = done.touched_ids if done is not None and fresh else None
        gone = index.ids() - published_ids(home)
        gone |= set(done.document_ids) if done else set()
        built = index.update(
            published_documents(home, document_ids=touched),
            gone,
            revision=record_revision(home),
            withdrawals=TombstoneFile.of(home).digest(),
            purge=True,
        )
    try:
        encoder = encoder_of(home)
    except ModelError:
        encoder = None  # words must go whatever befell the model; what is left is embedded when it is back
    _kept_up(home, touched, gone, encoder, vocabulary or load_vocabulary(home), None)
    return built


def indexed_ids(home: Home) -> set[str]:
    """Ids of the documents in the index."""
    with keeper(home) as index:
        return index.ids()


def broken_index(home: Home) -> list[tuple[Path, str]]:
    """(file, what is wrong with it) of the index, every byte of it read; raises as `Keeper` does."""
    with keeper(home) as index:
        return index.broken()


def left_in_index(home: Home) -> tuple[LeftBehind, ...]:
    """What the servers of the index still hold of what was purged; () of an index in the folder."""
    with keeper(home) as index:
        return index.left()


def sought_in_index(
    home: Home, words: Collection[str], hashes: Collection[str] = ()
) -> tuple[Sought, ...]:
    """What of withdrawn words and hashes is found where the servers of the index keep their files."""
    with keeper(home) as index:
        return index.sought(words, hashes)


def record_revision(home: Home) -> int:
    """The record's revision: it grows with every change that the index must follow."""
    from casereviews.repository.record import Record

    with Record.open(home, unfinished=True) as record:
        return record.revision()


def take_away_index(home: HomeAt) -> tuple[LeftBehind, ...]:
    """The index at one of a home's places; returns what its servers still hold of it."""
    with keeper(home) as index:
        index.drop(but_searched=False)
        with suppress(NoIndex):
            return index.left()
        return ()
