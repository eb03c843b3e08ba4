"""The words of a described case that tell it from others."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from casereviews.index.analysis import kin, words
from casereviews.index.query import plan
from casereviews.index.query.engine import Leaf
from casereviews.index.query.understand import understand
from casereviews.index.search import Searcher

MOST_TERMS = 28
# So many are read as words typed plainly are; a longer text by its telling words alone.
PLAIN_WORDS = 90
COMMONEST = 0.6  # of the documents: a key term that more of them have tells none from another
FEW = 10  # documents, of which any word may tell, and that a word is in none of them tells nothing
_WORD = re.compile(r"\w+(?:['’-]\w+)*")
# Words that say nothing of a case. "She" and "his", "two" and "no" do: whom it is about, how many, what was not done; where nearly
# every document has them, they are left out all the same.
_EMPTY = """
a an the and or of to in on at by for with from as is are was were be been being it its that this
which whom had has have having but after before into over under about when while than then there
these those do does said says also any all some each other what where how why can could would
should may might will shall very so up out off because during through within upon same own only
just now
"""
STOP = frozenset(_EMPTY.split())


def word_places(text: str, searcher: Searcher) -> dict[str, tuple[float, frozenset[int]]]:
    """Each telling word of a text by its family: how rare it is, and the numbers of the documents that have it."""
    found = {}
    families = list(dict.fromkeys(kin(word) for word in words(text) if word not in STOP))
    _expect(families, text, searcher)
    for family in families:
        forms = searcher.lexicon.forms(family)
        places = frozenset(searcher.engine.term_weights(forms)) if forms else frozenset()
        found[family] = searcher.engine.idf(len(places)), places
    return found


def _expect(families: Iterable[str], text: str, searcher: Searcher) -> None:
    """Says which words of a text are looked up next."""
    searcher.expect_text(text)
    forms = (tuple(searcher.lexicon.forms(family)) for family in families)
    searcher.engine.expect_sets(plan.Terms(some) for some in forms if some)


def telling_words(text: str, searcher: Searcher) -> list[Leaf]:
    """The weighted leaves by which documents are compared with a text: half as if it were typed plainly (phrases as one, lay words as the
    field's), half its `key_terms`; of a long text these alone. Each half is better on some judged set (benchmarks/README.md)."""
    typed = _WORD.findall(text)
    if len(typed) > PLAIN_WORDS:
        return key_terms(text, searcher)
    # Small letters where they would be an operator: of a described case nothing is one.
    plain = " ".join(
        word.lower() if word in ("AND", "OR", "NOT", "NEAR") else word for word in typed
    )
    understood = understand(plain, searcher.lexicon, filters={}, vocabulary=searcher.vocabulary)
    total = len(searcher.lexicon.live)
    searcher.engine.expect_sets(what for one in understood.asked for what, _ in one.leaves)
    having = (
        (what, boost, len(searcher.engine.matching(what)))
        for one in understood.asked
        if one.typed.lower() not in STOP
        for what, boost in one.leaves
    )
    plainly = [
        (what, boost / 2)
        for what, boost, documents in having
        if documents > 0 and (documents < total or total < FEW)
    ]
    return plainly + [(what, boost / 2) for what, boost in key_terms(text, searcher)]


def key_terms(text: str, searcher: Searcher) -> list[Leaf]:
    """At most MOST_TERMS weighted leaves: families of words, the rarest and most repeated first."""
    counts = Counter(kin(word) for word in words(text) if word not in STOP and len(word) > 1)
    total = max(len(searcher.lexicon.live), 1)
    _expect(counts, text, searcher)
    weighed: list[tuple[float, str, Sequence[str]]] = []
    for family, count in counts.items():
        forms = searcher.lexicon.forms(family)
        if not forms:
            continue
        documents = len(searcher.engine.term_weights(forms))
        if 0 < documents <= COMMONEST * total or total < FEW:
            weighed.append((searcher.engine.idf(documents) * min(count, 3) ** 0.5, family, forms))
    weighed.sort(key=lambda one: (-one[0], one[1]))
    return [(plan.Terms(tuple(forms)), 1.0) for _, _, forms in weighed[:MOST_TERMS]]
