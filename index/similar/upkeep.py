"""Keeping profiles and vectors in step with the index: incremental, and purged when a report is withdrawn."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import closing
from pathlib import Path

from casereviews.index.folder import broken_of_similar, changing, compared_in
from casereviews.index.similar.concepts import finder
from casereviews.index.similar.encoders import Encoder
from casereviews.index.similar.profiles import FILE, Profiles
from casereviews.index.similar.vectors import VectorStore
from casereviews.repository.model import PublishedDocument
from casereviews.repository.vocabulary import PACKAGED, Vocabulary

BATCH = 200


def keep_up(
    index_dir: Path,
    home_id: str,
    documents: Iterable[PublishedDocument],
    gone: Collection[str],
    *,
    encoder: Encoder | None,
    vocabulary: Vocabulary = PACKAGED,
    progress: Callable[[int], None] | None = None,
) -> None:
    """Add what is new or changed among `documents` and take out `gone` (document ids), in the current generation.

    Without an encoder only the concepts are kept, those of `vocabulary`. Stopped midway, the next call goes on. Raises NoIndex or ForeignIndex,
    and IndexDamaged for profiles whose damage shows while they are changed: `drop_profiles`, and keep all up.
    """
    generation = compared_in(index_dir, home_id)
    _drop_damaged(generation)
    concepts = finder(vocabulary)
    with (
        changing(generation),
        closing(Profiles(generation, vocabulary=concepts.fingerprint)) as profiles,
    ):
        profiles.remove(gone)
        store = VectorStore(generation, encoder.key) if encoder is not None else None
        done = 0
        for batch in batches(documents):
            profiles.add(batch, concepts)
            if store is not None and encoder is not None:
                store.add(batch, encoder)
            done += len(batch)
            if progress is not None:
                progress(done)
        profiles.weigh(concepts)
        forget_vectors(generation, gone)


def complete(
    index_dir: Path,
    home_id: str,
    document_ids: Collection[str],
    *,
    encoder: Encoder | None,
    vocabulary: Vocabulary = PACKAGED,
) -> bool:
    """True when each document was compared by this vocabulary and embedded by this encoder, so that changes are enough.

    It is not after a stopped run, an upgrade, other themes in the home, another model or damage.
    """
    generation = compared_in(index_dir, home_id)
    if broken_of_similar(generation):
        return False
    fingerprint = finder(vocabulary).fingerprint
    if not Profiles.complete(generation, document_ids, vocabulary=fingerprint):
        return False
    return encoder is None or VectorStore(generation, encoder.key).complete(document_ids)


def _drop_damaged(generation: Path) -> None:
    """Profiles and vectors that are not as they were written go: they are made anew."""
    for file, _ in broken_of_similar(generation):
        _drop(file if file.parent == generation else file.parent)


def drop_profiles(index_dir: Path, home_id: str) -> None:
    """Take the profiles of the current generation away, whatever stands in their place. Raises NoIndex or ForeignIndex."""
    generation = compared_in(index_dir, home_id)
    with changing(generation):
        _drop(generation / FILE)


def _drop(place: Path) -> None:
    if place.is_dir() and not place.is_symlink():
        shutil.rmtree(place)
    else:
        place.unlink(missing_ok=True)


def forget_vectors(generation: Path, gone: Collection[str]) -> None:
    """Take documents out of the vectors of every encoder that was ever used in this generation.

    Vectors that cannot be read (damage, the extra [semantic] gone) are dropped whole: they cannot be purged.
    """
    for folder in sorted((generation / "vectors").glob("*/")):
        store = VectorStore(generation, folder.name)
        if gone and not store.sound():
            shutil.rmtree(folder)
        else:
            store.remove(gone)


def batches(documents: Iterable[PublishedDocument]) -> Iterator[list[PublishedDocument]]:
    """Lists of at most BATCH documents, so that memory stays bounded."""
    batch: list[PublishedDocument] = []
    for document in documents:
        batch.append(document)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
