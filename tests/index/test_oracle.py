"""An oracle: random queries of the whole grammar give exactly what a brute-force matcher over token lists finds.

The matcher below knows nothing of the engine: it walks the tree of the grammar over plain lists of words.
"""

import itertools
import random
import unicodedata

import pytest
from made import indexed, matching_documents
from random_queries import as_document, corpus, query

from casereviews.index.analysis import kin, words
from casereviews.index.positions import GAP
from casereviews.index.query import grammar
from casereviews.index.storage import postings
from casereviews.index.storage.lexicon import edits


class Brute:
    """One document as lines of words: a position for each, lines too far apart for any phrase or NEAR."""

    def __init__(self, fact, vocabulary):
        self.fact = fact
        self.vocabulary = vocabulary
        body = list(itertools.chain(*fact["pages"]))
        lines = [
            ("title", fact["title"]),
            *(("subject", one) for one in fact["subjects"]),
            ("body", body),
        ]
        self.tokens = {}
        at = 0
        self.zones = {"title": set(), "subject": set(), "findings": set()}
        for zone, line in lines:
            for n, word in enumerate(line):
                self.tokens[at + n] = word
                if zone in self.zones:
                    self.zones[zone].add(at + n)
                if zone == "body" and fact["findings"][0] <= n < fact["findings"][1]:
                    self.zones["findings"].add(at + n)
            at += len(line) + 2 * GAP

    def spans(self, node, zone):
        """(first, last) of every place where a node stands."""
        inside = (
            self.tokens
            if zone is None
            else {p: w for p, w in self.tokens.items() if p in self.zones[zone]}
        )
        match node:
            case grammar.Word(text=text):
                return [(p, p) for p, w in inside.items() if kin(w) == kin(text)]
            case grammar.Prefix(text=text):
                return [(p, p) for p, w in inside.items() if w.startswith(text)]
            case grammar.Fuzzy(text=text, distance=distance):
                return [(p, p) for p, w in inside.items() if edits(w, text, distance) <= distance]
            case grammar.Phrase(parts=parts):

                def fits(part, word):
                    return (
                        word.startswith(part.text)
                        if isinstance(part, grammar.Prefix)
                        else word == part
                    )

                return [
                    (p, p + len(parts) - 1)
                    for p in inside
                    if all(
                        p + n in inside and fits(part, inside[p + n])
                        for n, part in enumerate(parts)
                    )
                ]
            case grammar.Joined(parts=parts):
                apart = [
                    (p, p + len(parts) - 1)
                    for p in inside
                    if all(
                        p + n in inside and kin(inside[p + n]) == kin(part)
                        for n, part in enumerate(parts)
                    )
                ]
                whole = kin("".join(parts))
                return apart + [(p, p) for p, w in inside.items() if kin(w) == whole]
            case grammar.Any(items=items):
                return [span for item in items for span in self.spans(item, zone)]
            case grammar.Near(items=items, distance=distance):
                lists = [self.spans(item, zone) for item in items]
                return [(0, 0)] if self.chain(lists, distance) else []
        raise AssertionError(node)

    def chain(self, lists, distance):
        """True when one span of each list can be chosen, each near the one before and none overlapping it."""
        reach = set(lists[0])
        for following in lists[1:]:
            reach = {
                (c, d)
                for (a, b) in reach
                for (c, d) in following
                if (c > b and c - b <= distance) or (a > d and a - d <= distance)
            }
        return bool(reach)

    def matches(self, node, zone=None):
        match node:
            case grammar.Everything():
                return True
            case grammar.All(items=items) | grammar.Run(items=items):
                return all(self.matches(item, zone) for item in items)
            case grammar.Any(items=items):
                return any(self.matches(item, zone) for item in items)
            case grammar.Not(item=item):
                return not self.matches(item, zone)
            case grammar.Inside(zone=inner, item=item):
                return self.matches(item, inner)
            case grammar.Value(field=field, text=text):
                return self.has_value(field, text)
            case _:
                return bool(self.spans(node, zone))

    def has_value(self, field, text):
        if text == "all":
            return True
        value = self.fact[{"published": "year"}.get(field, field)]
        if text == "unknown":
            return value is None
        if field in ("year", "published"):
            low, _, high = text.partition("..") if ".." in text else (text, "", text)
            return value is not None and (low or "0") <= str(value) <= (high or "9999")
        return value is not None and text.lower() in [one.lower() for one in str(value).split("|")]


@pytest.mark.parametrize("seed", range(30))
def test_random_queries_find_exactly_what_brute_force_finds(seed, tmp_path, monkeypatch):
    chance = random.Random(seed)
    # Words with the same beginning are read one by one, or in a walk when they are many.
    monkeypatch.setattr(postings, "MANY", chance.choice((2, postings.MANY)))
    facts = corpus(chance)
    vocabulary = set(itertools.chain(*(page for fact in facts for page in fact["pages"])))
    searcher = indexed(tmp_path, [as_document(fact) for fact in facts])
    documents = [Brute(fact, vocabulary) for fact in facts]
    checked = 0
    while checked < 100:
        text = query(chance)
        assert unicodedata.is_normalized("NFC", text)
        tree = grammar.parse(text)
        shown = [one for one in documents if "scope:" in text or one.fact["scope"] != "adult"]
        expected = {one.fact["id"] for one in shown if one.matches(tree)}
        assert matching_documents(searcher, text) == expected, text
        checked += 1
    searcher.close()


def test_the_brute_force_matcher_and_the_engine_share_nothing_but_words():
    assert words("Neglected infants") == ["neglected", "infants"]
    assert kin("neglected") == kin("neglect") != kin("negligent")
