"""A made home of any size with the same texts in stock Whoosh and FTS5 beside it, kept on disk: what is there already is not made again.

DIR/<long>-<short>/corpus   the documents, pickled one after the other
                   home     ours: index, concepts, and passages where wordllama is installed
                   whoosh, fts5
"""

from __future__ import annotations

import os
import pickle
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from benchmarks import search_baselines
from benchmarks.corpus import Corpus
from casereviews.index.build import build
from casereviews.index.similar.encoders import encoder_for
from casereviews.index.similar.upkeep import keep_up
from casereviews.repository.home import Home
from casereviews.repository.model import PublishedDocument
from casereviews.repository.record import Record

NIGHT = "2026-01-01T02:00:00Z"


OTHERS = {"fts5": search_baselines.make_fts5, "whoosh": search_baselines.make_whoosh}


def made(folder: Path, corpus: Corpus, beside: Sequence[str] = tuple(OTHERS)) -> Path:
    """The folder of a corpus, with all that is measured on it; says how long each part took, and of that how long one processor.

    Stock Whoosh takes its time with 15,000 documents: `beside` names what is wanted of OTHERS.
    """
    spool = spool_of(folder, corpus)
    place = spool.parent
    home = recorded_home(place / "home")
    _once(place, "index", lambda: build(home.index, home.id, spooled(spool), revision=1))
    _once(place, "similar", lambda: _compared(home, spool))
    for name in beside:
        _once(place, name, partial(OTHERS[name], spooled(spool), place / name))
    return place


def spool_of(folder: Path, corpus: Corpus) -> Path:
    """The file of a corpus's documents, in its folder."""
    place = folder / f"{corpus.long}-{corpus.short}"
    place.mkdir(parents=True, exist_ok=True)
    spool = place / "corpus"
    _once(place, "corpus", lambda: _spool(spool, corpus))
    return spool


def recorded_home(folder: Path) -> Home:
    """A home in which one night was run: without a record of any no verb answers."""
    home = Home(folder).create()
    if not home.record_db.exists():
        with Record.open(home, write=True) as record:
            record.end_run(record.begin_run("refresh", NIGHT), NIGHT, "done", {})
    return home


def spooled(file: Path) -> Iterator[PublishedDocument]:
    """The documents of a file, one by one."""
    with file.open("rb") as source:
        while source.peek(1):
            yield pickle.load(source)


def _spool(spool: Path, corpus: Corpus) -> None:
    with spool.open("wb") as out:
        for document in corpus.documents():
            pickle.dump(document, out, protocol=pickle.HIGHEST_PROTOCOL)


def _compared(home: Home, spool: Path) -> None:
    keep_up(home.index, home.id, spooled(spool), (), encoder=encoder_for(None))


def _once(place: Path, part: str, make: Callable[[], object]) -> None:
    """Make a part unless it was made whole before."""
    done = place / f"{part}.done"
    if done.exists():
        return
    started, before = time.perf_counter(), os.times()
    make()
    seconds, after = time.perf_counter() - started, os.times()
    used = sum(after[:4]) - sum(before[:4])
    done.write_text(f"{seconds:.1f} {used:.1f}", "utf-8")
    print(f"{place.name}: {part} made in {seconds:.0f} s ({used:.0f} s of processor)", flush=True)
