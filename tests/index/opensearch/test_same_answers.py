"""Both engines give the same answers: documents, reviews, facets, pages, and what is understood; only their order is each one's own."""

from __future__ import annotations

import itertools
import json
import random
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from made import HOME, document, indexed, matching_documents
from random_queries import as_document, corpus, query

pytest.importorskip("opensearchpy", reason="the extra [opensearch] is not installed")

from casereviews.index import folder as folders
from casereviews.index.one_box import search_plainly
from casereviews.index.opensearch.connection import Servers, connect
from casereviews.index.opensearch.searcher import ClusterSearcher
from casereviews.index.results import Results
from casereviews.index.search import Searcher
from casereviews.index.similar.finding import DescribedCase, find_similar
from casereviews.index.similar.upkeep import keep_up
from casereviews.repository.model import PublishedDocument, Section
from casereviews.repository.stores import IndexServer
from tests.index.opensearch.filled import emptied, filled
from tests.opensearch_nodes import Cluster

pytestmark = pytest.mark.live
QUERIES = 100


@pytest.fixture(scope="module")
def servers(cluster: Cluster) -> Iterator[Servers]:
    server = IndexServer(cluster.urls, prefix="alike", replicas=0, timeout=60.0)
    with closing(connect(server)) as asked:
        yield asked


@pytest.fixture(scope="module")
def both(
    servers: Servers, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Searcher, ClusterSearcher]:
    """The reports below on both engines, with what compares cases."""
    place = tmp_path_factory.mktemp("alike")
    ours = indexed(place / "folder", reports())
    keep_up(place / "folder", HOME, reports(), (), encoder=None)
    beside = folders.describe_beside(place / "cluster", ours.built)
    keep_up(place / "cluster", HOME, reports(), (), encoder=None)
    return ours, filled(servers, reports(), beside, shards=2)


def told(found: Results) -> object:
    """What both engines must say alike."""
    return (
        found.understood,
        found.total,
        found.documents,
        found.facets,
        found.did_you_mean,
        found.advice,
        (found.most, found.alike, found.far),
        {hit.review_id: hit.other_documents for hit in found.hits}
        if found.total <= len(found.hits)
        else None,
    )


def pages(one: Results, other: Results) -> list[tuple[object, object]]:
    """The pages of each hit that is there in both: which document stands for its review is each engine's own affair."""
    theirs = {hit.document_id: hit.pages for hit in other.hits}
    return [(hit.pages, theirs[hit.document_id]) for hit in one.hits if hit.document_id in theirs]


def answers_alike(seed: int, servers: Servers, place: Path) -> None:
    chance = random.Random(seed)
    facts = corpus(chance)
    documents = [as_document(fact) for fact in facts]
    ours = indexed(place, documents)
    theirs = filled(servers, documents, place, shards=1 + seed % 2)
    for _ in range(QUERIES):
        text = query(chance)
        assert matching_documents(theirs, text) == matching_documents(ours, text), text
        assert told(theirs.search(text, pages=False)) == told(ours.search(text, pages=False)), text
    emptied(theirs)
    ours.close()


@pytest.mark.parametrize("seed", range(100, 104))
def test_random_queries_find_the_same_on_both(seed: int, servers: Servers, tmp_path: Path) -> None:
    answers_alike(seed, servers, tmp_path)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(200, 230))
def test_three_thousand_random_queries_find_the_same_on_both(
    seed: int, servers: Servers, tmp_path: Path
) -> None:
    answers_alike(seed, servers, tmp_path)


# ---------------------------------------------------------------- what random queries do not reach


def reports() -> list[PublishedDocument]:
    """Reports with abbreviations, sections that lie side by side, several documents a review, and long beginnings."""
    of = "The CP plan and the cp conference. CPs met the MASH. A mash of words in May; may it be so. "
    near = "The mother was seen. An infant slept. The health visitor saw bruises on the child. "
    beginnings = " ".join(f"prefix{number}" for number in range(1_200))
    first = "Neglect was seen by the health visitor. "
    second = "The child was not brought to school. "
    parts = [
        Section("findings", "One", 1, 0, 1, len(first)),
        Section("findings", "Two", 1, len(first), 1, len(first + second)),
    ]
    return [
        document("a", of, near, title="Child Q of the North", review="r1", nation="Wales"),
        document(
            "b", near * 3 + of, review="r1", nation="England", subjects=("Child Q", "Child R")
        ),
        document("c", first + second + near, "The end.", sections=parts, review="r2", year=2015),
        document("d", beginnings, near + "non-accidental injury, A&E and A & E", review="r3"),
        document("e", "of the of the was of the", "x" * 1_500 + " haematoma", review="r4"),
        document("f", review="r5", title="No pages", scope="adult"),
    ]


ASKED = [
    "", "CP", "cp", "MASH NEAR/5 CP", 'CP "cp conference"', "title:CP", "in:findings CP", "CPs",
    "mother NEAR/9 infant NEAR/9 bruises", "(infant OR \"health visitor\") NEAR/6 (child OR \"the mother\")",
    'in:findings "visitor the"', "in:findings (visitor NEAR/2 the)", "in:findings (neglect NEAR/9 school)",
    'subject:("child q" OR "child r")', 'subject:"q child"', "title:(child NEAR/2 north)", "prefix*", "prefix1*",
    '"prefix1* prefix*"', '"seen an* infant"', "prefix* NEAR/3 prefix7*", "-prefix* child", "A&E", "non-accidental",
    '"of the"', '"of the of"', "in:findings the", "NOT (mother NEAR/9 infant NEAR/9 bruises)", "haematoma~2", "xx*",
    "child AND (NOT \"was not brought\")", "nation:unknown", "year:..2016 visitor", "scope:all", "mohter", "pr*",
    " OR ".join(f'"prefix{n}* prefix*"' for n in range(1, 10)), "prefix1* NEAR/5 prefix2* NEAR/5 prefix3*",
    "(" + " OR ".join(f'"prefix{n}* prefix{n + 1}*"' for n in range(1, 9)) + ") NEAR/5 prefix9* NEAR/5 prefix10*",
    " ".join(f"({n} OR prefix{n} OR child)" for n in range(340)),
    '"health visitor" NEAR/8 (saw OR seen OR "was seen")', "was NEAR/3 was", "the NEAR/1 the",
]  # fmt: skip


def test_whatever_the_cluster_cannot_say_by_itself_is_looked_at_place_by_place(
    both: tuple[Searcher, ClusterSearcher],
) -> None:
    ours, theirs = both
    modes = itertools.cycle(({"exact": True}, {"all_words": True}, {"sort": "date"}))
    for text in ASKED:
        for more in ({}, next(modes)):
            one, other = ours.search(text, **more), theirs.search(text, **more)
            assert told(other) == told(one), (text, more)
            assert all(a == b for a, b in pages(one, other)), (text, more)
        for name in "abcd":
            assert theirs.marked_page(name, 1, text) == ours.marked_page(name, 1, text), text


@pytest.mark.parametrize(
    "phrase", ["the mother", "health visitor", "CP", "child q", "of the", "zebra"]
)
def test_every_occurrence_is_found_on_both(
    phrase: str, both: tuple[Searcher, ClusterSearcher]
) -> None:
    ours, theirs = both
    assert list(theirs.concordance(phrase)) == list(ours.concordance(phrase))


def test_what_is_read_of_documents_and_words_is_the_same(
    both: tuple[Searcher, ClusterSearcher],
) -> None:
    ours, theirs = both
    assert theirs.shown_ids() == ours.shown_ids()
    assert list(theirs.all_ids()) == list(ours.all_ids())
    assert theirs.values_of("nation") == ours.values_of("nation")
    for name in ("a", "c", "f", "nobody"):
        assert theirs.fields_of(name) == ours.fields_of(name)
        assert [theirs.page(name, n) for n in (1, 2, 9)] == [ours.page(name, n) for n in (1, 2, 9)]
    for number in range(1, 8):
        assert theirs.store.indexed_document(number) == ours.store.indexed_document(number)
    for word in ("child", "prefix", "x" * 1_500, "nothing"):
        assert list(theirs.lexicon.beginning(word)) == list(ours.lexicon.beginning(word))
        assert list(theirs.lexicon.like(word, 2)) == list(ours.lexicon.like(word, 2))
    for word in ("chlid", "prefxi", "nothing"):
        assert list(theirs.suggest(word)) == list(ours.suggest(word))
    assert list(theirs.lexicon.like("o", 2)) == list(ours.lexicon.like("o", 2))


def test_what_people_keep_limits_a_search_on_both(servers: Servers, tmp_path: Path) -> None:
    from casereviews.index.search import open_generation

    kept = {"mark": lambda: {"r1": ("included",), "r5": ("excluded",)}}
    indexed(tmp_path, reports()).close()
    place, built = folders.current(tmp_path, HOME)
    ours = open_generation(place, built, kept=kept)
    theirs = filled(servers, reports(), tmp_path, kept=kept)
    with ours:
        for text in ("mark:included", "mark:unknown child", "NOT mark:included", "mark:excluded"):
            assert told(theirs.search(text)) == told(ours.search(text)), text


def test_words_typed_plainly_and_described_cases_find_the_same_reviews(
    both: tuple[Searcher, ClusterSearcher],
) -> None:
    ours, theirs = both
    for text in (
        "bruises on a child seen by a health visitor",
        "a baby who slept badly and was never brought to school by the mother",
        "mash of words", "neglect zebra", "zebra crossing", "infant bruises",
    ):  # fmt: skip
        one, other = search_plainly(ours, text), search_plainly(theirs, text)
        assert told(other) == told(one), text
        assert {(hit.review_id, hit.lacks, hit.apart, hit.other_words) for hit in other.hits} == {
            (hit.review_id, hit.lacks, hit.apart, hit.other_words) for hit in one.hits
        }, text
        case = DescribedCase(text)
        one, other = find_similar(ours, case), find_similar(theirs, case)
        assert {hit.review_id for hit in other.hits} == {hit.review_id for hit in one.hits}, text
        assert (other.total, other.documents) == (one.total, one.documents)


def test_a_machine_on_which_nothing_was_compared_searches_all_the_same(
    servers: Servers, tmp_path: Path
) -> None:
    theirs = filled(servers, reports(), folders.beside(tmp_path))
    assert [hit.review_id for hit in search_plainly(theirs, "neglect zebra").hits] == ["r2"]
    assert find_similar(theirs, DescribedCase("neglect and bruises")).hits


def test_a_document_that_went_meanwhile_is_no_hit_without_its_row(
    servers: Servers, tmp_path: Path
) -> None:
    from casereviews.index.errors import IndexChanged

    theirs = filled(servers, reports(), tmp_path)
    name = theirs.view.names["documents"]
    servers.ask("DELETE", f"/{name}/_doc/3", params={"routing": "r2", "refresh": True})
    assert "c" not in matching_documents(theirs, "neglect")
    with pytest.raises(IndexChanged, match="again"):
        theirs.hit(1, 3, 0.0, [])
    json.dumps(theirs.search("child").to_json())
