"""Words with the same beginning: a walk through the terms finds what looking each of them up finds."""

import pytest
from made import document, indexed

from casereviews.index.query.engine import leaves_of
from casereviews.index.query.understand import understand
from casereviews.index.storage import postings

TEXTS = [
    " ".join(f"presc{(seed * 7 + n) % 90:02}" for n in range(40)) + " press of the prescott presbo"
    for seed in range(6)
]


@pytest.mark.parametrize("query", ["presc*", '"of the presc*"', "title:presc*", "pres*"])
def test_a_walk_finds_the_places_that_single_words_have(query, tmp_path, monkeypatch):
    searcher = indexed(
        tmp_path, [document(f"d{n}", text, title=text[:40]) for n, text in enumerate(TEXTS)]
    )
    walks = []

    def places(many):
        monkeypatch.setattr(postings, "MANY", many)
        engine = searcher.engine
        engine._words._terms.clear()
        plan = understand(query, searcher.lexicon, filters={}, exact=False).plan
        found = {
            (number, at): engine.spans(leaf, number)
            for number in range(len(TEXTS))
            for at, (leaf, _) in enumerate(leaves_of(plan))
        }
        walks.append(len(engine._words._walked))
        return found

    one_by_one = places(10_000)
    assert places(2) == one_by_one
    assert walks == [0, 1]


def test_words_that_only_look_alike_to_a_slip_are_not_walked_to(tmp_path, monkeypatch):
    monkeypatch.setattr(postings, "MANY", 2)
    searcher = indexed(tmp_path, [document("d0", "carer barer rarer child")])
    (hit,) = searcher.search("carer~").hits
    (page,) = hit.pages
    assert [page.snippet[start:end] for start, end in page.matches] == ["carer", "barer", "rarer"]
    assert searcher.engine._words._walked == {}
