"""Night after night both engines are brought to the same documents, and give the same answers."""

from __future__ import annotations

import dataclasses
import random
from contextlib import closing
from pathlib import Path

import pytest
from made import HOME
from random_queries import as_document, corpus, query

pytest.importorskip("opensearchpy", reason="the extra [opensearch] is not installed")

from casereviews.index import build as folder
from casereviews.index.opensearch import building, state
from casereviews.index.opensearch.connection import connect
from casereviews.index.opensearch.searcher import open_state
from casereviews.index.search import open_index
from casereviews.repository.model import PublishedDocument
from casereviews.repository.stores import IndexServer
from tests.index.opensearch.test_same_answers import told

pytestmark = pytest.mark.live
QUERIES = 20


def night(chance: random.Random, held: dict[str, PublishedDocument], number: int) -> set[str]:
    """What came, what is said otherwise, and what went (its ids are returned)."""
    gone = set(chance.sample(sorted(held), min(len(held), chance.randint(0, 3))))
    for name in gone:
        del held[name]
    for fact in chance.sample(corpus(chance), chance.randint(0, 4)):
        one = as_document(fact)
        name = f"{one.document_id}-{chance.randint(0, 9)}"
        # Some come back on a later night, others are documents of a review that is held.
        review = chance.choice([f"r-{name}", *(each.review_id for each in held.values())])
        held[name] = dataclasses.replace(one, document_id=name, review_id=review)
    for name in chance.sample(sorted(held), min(len(held), chance.randint(0, 2))):
        fields = {**held[name].fields, "title": f"Otherwise on night {number}"}
        held[name] = dataclasses.replace(held[name], fields=fields)
    return gone - set(held)


def nights(server: IndexServer, place: Path, count: int, seed: int) -> None:
    chance = random.Random(seed)
    held = {one.document_id: one for one in map(as_document, corpus(chance))}
    folder.build(place, HOME, held.values(), revision=0)
    with closing(connect(server)) as servers:
        building.build(servers, HOME, held.values(), revision=0)
        for number in range(1, count + 1):
            gone = night(chance, held, number)
            if chance.random() < 0.1:
                ours = folder.build(place, HOME, held.values(), revision=number)
                theirs = building.build(servers, HOME, held.values(), revision=number)
            else:
                ours = folder.update(place, HOME, held.values(), gone, revision=number)
                theirs = building.update(servers, HOME, held.values(), gone, revision=number)
            for name in ("home", "revision", "documents", "reviews", "words"):
                assert getattr(ours, name) == getattr(theirs, name), (number, name)
            standing = state.current(servers, HOME)
            with (
                open_index(place, HOME) as one,
                closing(open_state(servers, standing, place)) as other,
            ):
                kept = {
                    document.document_id: document
                    for at, _ in other.store.ids()
                    if (document := other.store.indexed_document(at)) is not None
                }
                assert kept == held
                for _ in range(QUERIES):
                    text = query(chance)
                    mine, its = (each.search(text, limit=1_000) for each in (one, other))
                    assert told(its) == told(mine), (number, text)
                    # Which of a review's documents is its best is each engine's own affair.
                    reviews = [{hit.review_id for hit in each.hits} for each in (mine, its)]
                    assert reviews[0] == reviews[1], (number, text)


def test_twelve_nights_leave_both_engines_with_the_same_answers(
    server: IndexServer, tmp_path: Path
) -> None:
    nights(server, tmp_path, 12, seed=1)


@pytest.mark.long
@pytest.mark.parametrize("seed", [2, 3])
def test_sixty_nights_leave_both_engines_with_the_same_answers(
    server: IndexServer, tmp_path: Path, seed: int
) -> None:
    nights(server, tmp_path, 60, seed)
