"""Searching: what is found, in what order, on which page, and how it is told."""

from collections import Counter, defaultdict
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made import HOME, document, found, indexed, matching_documents

from casereviews.index.errors import ForeignIndex, NoIndex, QueryError
from casereviews.index.search import open_index
from casereviews.repository.model import Recommendation, Section

REPORT = (
    "Contents",
    "1 Summary. Child Q was not brought to four appointments. The health visitor wrote twice.",
    "2 Findings. Unsafe sleep and bed-sharing were discussed once. Ynys Môn's board asked why.",
    "3 Recommendations. The Partnership should train staff in safe sleep.",
)


@pytest.fixture(scope="module")
def searcher(tmp_path_factory):
    documents = [
        document(
            "q-report",
            *REPORT,
            review="q",
            title="Child Q: Overview Report",
            subjects=("Child Q",),
            review_type="lcspr",
            document_role="overview_report",
            nation="England",
            published="2021-03",
            year=2021,
            themes=("harm_neglect", "practice_voice"),
            sections=(
                Section("findings", "Findings", 3, 0, 3, len(REPORT[2])),
                Section("recommendations", "Recommendations", 4, 0, 4, len(REPORT[3])),
            ),
            recommendations=(
                Recommendation("1", "The Partnership should train staff in safe sleep.", None, 4),
            ),
        ),
        document("q-brief", "Seven points on Child Q.", review="q", title="Child Q briefing"),
        document(
            "t",
            "Every child in the family was seen. The child asked questions.",
            title="Family T",
            review_type="scr|thematic_review",
            nation="Wales",
            published="2014",
            year=2014,
        ),
        document("a", "Self neglect of an adult.", title="Mr A", scope="adult"),
        document("n", "A newsletter on neglect.", title="News", scope="not_a_review"),
    ]
    return indexed(tmp_path_factory.mktemp("index"), documents)


def test_child_q_in_quotes_finds_child_q_and_not_every_child(searcher):
    assert set(found(searcher, '"child q"')) == {"q-brief"}
    assert searcher.search('"child q"').documents == 2
    assert set(found(searcher, "child")) == {"q-brief", "t"} or set(found(searcher, "child")) == {
        "q-report",
        "t",
    }


def test_hits_are_reviews_and_copies_never_crowd_out_others(searcher):
    results = searcher.search("child")
    assert (results.total, results.documents) == (2, 3)
    assert [hit.other_documents for hit in results.hits if hit.review_id == "q"] == [1]


def test_accents_and_hyphens_are_folded(searcher):
    assert found(searcher, "mon") == ["q-report"]
    assert found(searcher, "Môn") == ["q-report"]
    assert found(searcher, "bed-sharing") == ["q-report"]
    assert found(searcher, '"bed sharing"') == ["q-report"]


def test_adult_reviews_and_what_is_no_review_are_hidden_unless_asked_for(searcher):
    assert found(searcher, "neglect") == []
    assert set(found(searcher, "neglect scope:all")) == {"a", "n"}
    assert found(searcher, "neglect", filters={"scope": ["adult"]}) == ["a"]
    assert "adult reviews hidden" in searcher.search("neglect").understood


def test_filters_are_alternatives_within_and_conditions_between(searcher):
    assert set(found(searcher, "", filters={"nation": ["Wales", "england"]})) == {"t", "q-report"}
    assert found(searcher, "", filters={"nation": ["Wales"], "year": ["2020.."]}) == []
    assert found(searcher, "", filters={"nation": "Wales"}) == found(
        searcher, "", filters={"nation": ["Wales"]}
    )
    assert found(searcher, "type:thematic_review") == ["t"]


def test_the_unknown_can_be_asked_for(searcher):
    assert found(searcher, "nation:unknown") == ["q-brief"]


def test_a_section_is_searched_alone(searcher):
    assert found(searcher, "in:recommendations (safe sleep)") == ["q-report"]
    assert found(searcher, "in:recommendations unsafe") == []
    assert found(searcher, "in:findings unsafe") == ["q-report"]


def test_the_best_page_comes_with_its_label_and_marked_words(searcher):
    (hit,) = searcher.search('"not brought"').hits
    (page,) = hit.pages
    assert (page.page, page.label) == (2, "1")
    assert [page.snippet[start:end] for start, end in page.matches] == ["not brought"]
    assert page.snippet == "Child Q was not brought to four appointments."


def test_sorting_by_date_is_newest_first_and_undated_last(searcher):
    hits = searcher.search("", filters={"scope": ["all"]}, sort="date").hits
    assert [hit.review_id for hit in hits[:2]] == ["q", "r-t"]


def test_facets_count_reviews_and_show_their_unknowns(searcher):
    facets = searcher.search("").facets
    assert dict(facets["nation"]) == {"England": 1, "Wales": 1}
    assert dict(facets["type"]) == {"lcspr": 1, "scr": 1, "thematic_review": 1}
    assert facets["outcome"] == [(None, 2)]


def test_json_is_the_contract(searcher):
    said = searcher.search("unsafe", limit=1).to_json()
    assert list(said) == [
        "query",
        "understood",
        "total",
        "documents",
        "took_ms",
        "index",
        "facets",
        "hits",
    ]
    assert said["facets"]["nation"] == [{"value": "England", "count": 1}]
    hit = said["hits"][0]
    assert hit["review_id"] == "q"
    assert hit["subjects"] == ["Child Q"]
    assert (hit["review_type"], hit["role"]) == ("lcspr", "overview_report")
    assert (hit["published"], hit["outcome"], hit["areas"]) == ("2021-03", None, [])
    assert hit["pages"][0]["matches"] == [[0, 6]]


def test_a_misspelt_word_is_answered_with_words_that_are_there(searcher):
    results = searcher.search("visiter")
    assert results.total == 0
    assert results.did_you_mean == ("visiter → visitor",)


def test_offset_and_limit_cut_the_same_order(searcher):
    everything = found(searcher, "", filters={"scope": ["all"]})
    parts = [
        id_
        for offset in range(len(everything))
        for id_ in found(searcher, "", filters={"scope": ["all"]}, limit=1, offset=offset)
    ]
    assert parts == everything


@pytest.mark.parametrize(
    ("query", "position", "words"),
    [
        ("natoin:wales", 0, "nation"),
        ("nation:whales", 7, "Wales"),
        ("(neglect", 0, "not closed"),
        ("year:20x1", 5, "a year"),
        ("year:2020..2010", 5, "before it begins"),
        ("in:recomendations x", 3, "recommendations"),
        ("a NEAR/5", 8, "missing"),
        ("title:(in:findings x)", 7, "One field or part at a time"),
    ],
)
def test_errors_point_at_the_character_and_name_the_nearest(searcher, query, position, words):
    with pytest.raises(QueryError) as caught:
        searcher.search(query)
    assert caught.value.position == position
    assert words in str(caught.value)


def test_snippets_are_right_beyond_any_length(tmp_path):
    long = "word " * 30_000 + "The very end mentions a zebra."
    searcher = indexed(tmp_path, [document("long", long)])
    (hit,) = searcher.search("zebra").hits
    assert hit.pages[0].snippet == "…The very end mentions a zebra." or hit.pages[
        0
    ].snippet.endswith("The very end mentions a zebra.")
    start, end = hit.pages[0].matches[0]
    assert hit.pages[0].snippet[start:end] == "zebra"


def test_a_phrase_may_run_over_the_end_of_a_page(tmp_path):
    searcher = indexed(tmp_path, [document("a", "It was a near", "miss for everyone.")])
    assert found(searcher, '"near miss"') == ["a"]


def test_words_side_by_side_rank_above_words_far_apart(tmp_path):
    filler = "other words " * 200
    searcher = indexed(
        tmp_path,
        [
            document("far", f"infant {filler} bruising {filler}"),
            document("near", f"{filler} infant bruising {filler}"),
        ],
    )
    assert found(searcher, "infant bruising") == ["near", "far"]


def test_the_concordance_shows_every_occurrence_with_its_page(searcher):
    lines = list(searcher.concordance("child q", width=12))
    assert {(line.document_id, line.page) for line in lines} == {
        ("q-report", 2),
        ("q-brief", 1),
    }
    (report,) = [line for line in lines if line.document_id == "q-report"]
    assert (report.match, report.after.startswith(" was not")) == ("Child Q", True)


def test_without_an_index_the_next_step_is_named(tmp_path):
    with pytest.raises(NoIndex, match="casereviews refresh"):
        open_index(tmp_path, HOME)


def test_an_index_of_another_home_is_never_opened(tmp_path):
    indexed(tmp_path, [document("a", "Words.")])
    for file in tmp_path.rglob("*.toc"):
        file.write_bytes(b"not a pickle that may be loaded")
    with pytest.raises(ForeignIndex):
        open_index(tmp_path, "another-home")


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["r1", "r2", "r3"]),
            st.sampled_from(["cat", "dog", "cat dog"]),
            st.sampled_from([None, "Wales", "England"]),
            st.sets(st.sampled_from(["harm_neglect", "harm_sudi"])),
        ),
        min_size=1,
        max_size=8,
    ),
    st.sampled_from(["cat", "NOT dog", "nation:unknown", "theme:neglect OR cat"]),
)
@settings(max_examples=25)
def test_facets_are_the_counts_of_a_count_by_hand(documents, query):
    made = [
        document(f"d{n}", text, review=review, nation=nation, themes=tuple(sorted(themes)))
        for n, (review, text, nation, themes) in enumerate(documents)
    ]
    with TemporaryDirectory() as folder:
        searcher = indexed(Path(folder), made)
        ids = matching_documents(searcher, query)
        facets = {name: dict(searcher.search(query).facets[name]) for name in ("nation", "theme")}
        searcher.close()
    values = {"nation": defaultdict(set), "theme": defaultdict(set)}
    for n, (review, _, nation, themes) in enumerate(documents):
        if f"d{n}" in ids:
            values["nation"][review] |= {nation} - {None}
            values["theme"][review] |= themes
    for name, of_review in values.items():
        assert facets[name] == Counter(
            value for found in of_review.values() for value in (found or {None})
        )


def test_of_equals_the_report_stands_for_its_review_before_a_briefing(tmp_path):
    documents = [
        document("a", "The midwife told him.", review="r", document_role="briefing"),
        document("b", "The midwife told him.", review="r", document_role="overview_report"),
        document("c", "The midwife told him.", review="r", document_role="statement"),
        document("d", "A midwife, a midwife.", review="s", document_role="briefing"),
        document("e", "The midwife told him.", review="s"),
    ]
    with indexed(tmp_path, documents) as searcher:
        assert [hit.document_id for hit in searcher.search("").hits] == ["b", "e"]
        found = searcher.search("midwife", all_words=True)
        assert {hit.document_id for hit in found.hits} == {"b", "d"}
