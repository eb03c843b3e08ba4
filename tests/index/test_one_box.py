"""One box: words typed plainly are read as people mean them, and reviews with most of them follow, told apart."""

import pytest
from made import HOME, document, indexed

from casereviews.index.one_box import search_plainly, shortest_stretch
from casereviews.index.query.advice import advice
from casereviews.index.similar.upkeep import keep_up
from casereviews.index.snippets import is_contents, snippet
from casereviews.repository.model import Section


@pytest.fixture(scope="module")
def searcher(tmp_path_factory):
    terms = "Terms of reference: midwives and fathers and bruising. "
    told = "The fathers were not asked about the bruising by the midwife."
    return indexed(
        tmp_path_factory.mktemp("index"),
        [
            document("all", "The midwife told the father about the bruising in Pear Vale."),
            document("two", "The midwife saw the bruising."),
            document("one", "A bruising debate of the council."),
            document("none", "Drains and roads."),
            document("wnb", "The boy was not brought to the clinic."),
            document("apart", "He was there. They brought sweets, but not for him."),
            document("a", "Child A lived in Barnmoor.", title="Child A", subjects=("Child A",)),
            document("adult", "The midwife told the father of bruising.", scope="adult"),
            document(
                "terms",
                terms,
                told,
                title="Zebra",
                sections=[Section("terms_of_reference", "Terms", 1, 0, 1, len(terms))],
            ),
        ],
    )


def ids(results):
    return [hit.document_id for hit in results.hits]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("what do reviews say about dads", "(dads OR father)"),
        ("Are there any cases of bruising?", "bruising"),
        ("who's the father", "father"),
        ("the", "the"),
        ("child a", "child AND a"),
        ("was not brought", '("was not brought" OR WNB OR "did not attend" OR DNA)'),
    ],
)
def test_a_question_is_read_for_what_it_says(searcher, query, said):
    assert searcher.search(query).understood.partition(";")[0] == said


@pytest.mark.parametrize(
    "query", ["what do reviews say about dads", "midwife bruising", "was not brought", "child a"]
)
def test_what_is_understood_finds_the_same_when_typed(searcher, query):
    first = searcher.search(query)
    again = searcher.search(first.understood.partition(";")[0])
    assert set(ids(again)) == set(ids(first)) != set()


@pytest.mark.parametrize(
    "query", ["what about dads AND midwives", '"dads"', "title:dads", "(dads)"]
)
def test_operators_quotes_and_fields_are_not_read_plainly(searcher, query):
    assert not search_plainly(searcher, query).most
    assert "father" not in searcher.search(query).understood


def test_brackets_within_prose_group_nothing(searcher):
    whole = search_plainly(searcher, "midwife bruising dads")
    assert ids(search_plainly(searcher, "midwife (bruising) dads")) == ids(whole)
    assert not search_plainly(searcher, "midwife (bruising OR drains) dads").most


def test_all_words_looks_for_each_as_typed(searcher):
    found = search_plainly(searcher, "what about the bruising midwife dads", all_words=True)
    assert (found.total, found.most, found.hits) == (0, 0, ())


def test_reviews_with_most_follow_and_say_what_they_lack_and_are_not_counted(searcher):
    found = search_plainly(searcher, "midwife dads bruising")
    exact = searcher.search("midwife dads bruising")
    assert (found.total, found.documents, found.facets) == (
        exact.total,
        exact.documents,
        exact.facets,
    )
    assert set(ids(found)[:2]) == {"all", "terms"}
    lacks = {hit.document_id: hit.lacks for hit in found.hits}
    assert lacks["all"] == lacks["terms"] == ()
    assert lacks["two"] == ("dads",)
    assert lacks["one"] == ("midwife", "dads")
    assert not {"none", "adult"} & set(lacks)
    assert found.most == len(found.hits) - found.total == found.to_json()["most"]
    assert "lacks" not in found.hits[0].to_json()
    assert found.hits[2].to_json()["lacks"] == ["dads"]
    assert [hit.rank for hit in found.hits] == list(range(1, len(found.hits) + 1))


def test_pages_of_hits_go_on_from_what_has_all_to_what_has_most(searcher):
    whole = ids(search_plainly(searcher, "midwife dads bruising"))
    paged = [
        one
        for offset in range(len(whole))
        for one in ids(search_plainly(searcher, "midwife dads bruising", limit=1, offset=offset))
    ]
    assert paged == whole


def test_filters_hold_for_what_has_most(searcher):
    assert set(ids(search_plainly(searcher, "midwife roads", filters={"scope": ["adult"]}))) == {
        "adult"
    }


def test_sorted_by_date_only_what_has_all_is_listed(searcher):
    assert search_plainly(searcher, "midwife dads bruising", sort="date").most == 0


def test_a_phrase_held_together_by_joining_words_is_looked_for_as_one(searcher):
    assert ids(searcher.search("was not brought")) == ["wnb"]


def test_terms_of_reference_are_not_the_best_page_when_another_has_the_words(searcher):
    (hit,) = searcher.search("bruising fathers title:zebra").hits
    assert [page.page for page in hit.pages] == [2, 1]


def test_a_table_of_contents_is_known():
    lines = ["Contents", "1. Introduction ...... 3", "2. The family ..... 5"]
    lines += ["3. Findings .... 9", "4. Bruising ....... 12"]
    assert is_contents("\n".join(lines))
    assert not is_contents("The family lived here.\nThe report has contents of 12 pages.")


def test_a_snippet_shows_words_that_stand_far_apart_in_pieces():
    text = "The midwife came. " + "Nothing was said of it then. " * 40 + "The father left."
    made = snippet(text, [(1, 2), (4 + 6 * 40, 5 + 6 * 40)], of=[0, 1])
    assert [made.text[a:b] for a, b in made.matches] == ["midwife", "father"]
    assert "…" in made.text
    assert len(made.text) < 600


@pytest.mark.parametrize(
    ("query", "begins"),
    [
        ("infant ADJ3 bruising", "ADJ3 was read as a word: for words near each other type NEAR/3"),
        ("infant W/5 bruising", "W/5 was read as a word: for words near each other type NEAR/5"),
        ("infant near/5 bruising", "near/5 was read as a word"),
        ("neglect or abuse", "or in small letters"),
        ("wom?n", "wom?n was read as words"),
    ],
)
def test_signs_of_other_databases_are_answered_with_what_to_type(searcher, query, begins):
    (line,) = advice(query)
    assert line.startswith(begins)
    assert searcher.search(query).advice == (line,)


def test_a_word_that_nobody_wrote_and_that_ends_in_a_question_mark_is_advised_on(searcher):
    (line,) = searcher.search("bruis? midwife").advice
    assert line.startswith("bruis? was read as words")
    assert "bruis*" in line
    assert searcher.search("midwife? bruising").advice == ()


@pytest.mark.parametrize(
    "query",
    ["who saw the child?", '"neglect or abuse"', "a NEAR/5 b", "nearly", "neglect OR abuse"],
)
def test_what_is_right_is_not_advised_on(query):
    assert advice(query) == ()


@pytest.mark.parametrize(
    ("places", "shortest"),
    [
        ([[1, 50], [60]], 10),
        ([[1, 50], [60], [4, 49, 300]], 11),
        ([[7]], 0),
        ([[7], [7]], 0),
        ([[1], []], float("inf")),
    ],
)
def test_the_shortest_stretch_has_a_place_of_each(places, shortest):
    assert shortest_stretch(places) == shortest


def test_all_of_the_words_far_apart_follow_and_are_counted(tmp_path):
    filler = "Nothing else is told on this page of it. " * 20
    searcher = indexed(
        tmp_path,
        [
            document("far", f"Drains leaked. {filler} A zebra came. {filler} Drains, drains."),
            document("near", f"{filler} The zebra stood by the drains."),
            document("head", f"{filler} Here are the drains.", title="Zebra"),
            document("one", "A zebra."),
        ],
    )
    found = search_plainly(searcher, "zebra drains")
    hits = {hit.document_id: hit for hit in found.hits}
    assert found.total == searcher.search("zebra drains").total == 3
    assert [(one, hits[one].apart, hits[one].lacks) for one in ("far", "near", "head", "one")] == [
        ("far", True, ()),
        ("near", False, ()),
        ("head", False, ()),
        ("one", False, ("drains",)),
    ]
    assert set(ids(found)[:2]) == {"near", "head"}
    assert [hit.follows for hit in found.hits] == [False, False, True, True]
    assert hits["far"].to_json()["apart"] is True
    assert "apart" not in hits["near"].to_json()


def test_whatever_has_a_word_of_what_was_said_may_follow(searcher):
    found = search_plainly(searcher, "midwife bruising clinic council roads")
    assert {"none", "one", "two", "wnb"} <= set(ids(found))


def test_where_none_has_all_and_the_closest_has_little_it_is_far(tmp_path):
    told, other = "A baby was shaken by his father at night.", "Drains and roads of the council."
    crowd = [document(f"c{n}", told if n < 3 else other) for n in range(12)]
    searcher = indexed(tmp_path, crowd)
    keep_up(tmp_path, HOME, crowd, (), encoder=None)
    assert not search_plainly(searcher, "baby shaken father night yacht").far
    far = search_plainly(searcher, "night yacht regatta harbour")
    assert (far.far, far.most, far.to_json()["far"]) == (True, 3, True)
    assert "far" not in search_plainly(searcher, "baby shaken father night yacht").to_json()
    assert not search_plainly(searcher, "baby shaken").far


@pytest.fixture(scope="module")
def in_other_words(tmp_path_factory):
    folder = tmp_path_factory.mktemp("other_words")
    told = [
        document("phrase", "She was a young carer, and young carers were not asked."),
        document("other", "The girl was caring for her mother, as carers do who are young."),
        document("cse", "The girl was at risk of sexual exploitation by older men."),
        document("drains", "Drains and roads of the council."),
        document("adult", "Sexual exploitation of a woman.", scope="adult"),
    ]
    searcher = indexed(folder, told)
    keep_up(folder, HOME, told, (), encoder=None)
    return searcher


@pytest.mark.parametrize(
    ("query", "first", "follows"),
    [
        ("young carers", "phrase", "other"),
        ("looks after her mum", "other", "phrase"),
    ],
)
def test_a_known_phrase_is_followed_by_what_tells_of_it_in_other_words(
    in_other_words, query, first, follows
):
    found = search_plainly(in_other_words, query)
    hits = {hit.document_id: hit for hit in found.hits}
    assert {first, follows} <= set(hits), query
    assert "drains" not in hits


def test_what_tells_of_it_in_other_words_says_by_what_concept_and_is_not_counted(tmp_path):
    told = [
        document("words", "The clinic wrote that Tomos was not brought."),
        document("other", "Seven missed appointments at the clinic were not asked about."),
        document("drains", "Drains and roads of the council."),
    ]
    searcher = indexed(tmp_path, told)
    keep_up(tmp_path, HOME, told, (), encoder=None)
    found = search_plainly(searcher, "was not brought")
    assert [(hit.document_id, hit.follows) for hit in found.hits] == [
        ("words", False),
        ("other", True),
    ]
    assert (found.total, found.most) == (1, 1)
    assert found.hits[1].other_words
    assert found.hits[1].lacks == ("was not brought",)
    assert found.hits[1].to_json()["other_words"] == list(found.hits[1].other_words)
    assert "other_words" not in found.hits[0].to_json()
    assert search_plainly(searcher, "brought").most == 0


@pytest.mark.parametrize(
    "query", ["camfanteisio rhywiol", "camfanteisio'n rhywiol ar ferched", "gamfanteisio rhywiol"]
)
def test_what_is_asked_in_welsh_is_found_in_english_reports(in_other_words, query):
    found = search_plainly(in_other_words, query)
    assert found.hits[0].document_id == "cse"
    assert not {"adult", "drains"} & set(ids(found))


def test_what_a_report_speaks_of_throughout_comes_before_what_it_says_in_passing(tmp_path):
    summary = "Summary. The boy died in the spring."
    told = [Section("summary", "Summary", 1, 9, 1, len(summary))]
    documents = [
        document(
            "passing",
            summary,
            "He was sad. One lad had a knife. Later he was heard on a bus by the river.",
            "The council, the roads and the drains are told of again here.",
            sections=told,
        ),
        document(
            "through",
            summary,
            "He was sad. One lad had a knife. Later he was stabbed with a blade by the river.",
            "The stabbing, the blade and the weapon are told of again on this page.",
            sections=told,
        ),
        *(document(f"s{n}", f"He was sad, {n} times.") for n in range(6)),
        *(document(f"n{n}", f"Drains and roads, {n} miles.") for n in range(12)),
    ]
    with indexed(tmp_path, documents) as searcher:
        keep_up(tmp_path, HOME, documents, (), encoder=None)
        found = search_plainly(searcher, "sad lads carrying knives")
    assert ids(found)[:2] == ["through", "passing"]
