"""How a query is understood: what is said, what is missing, which reading an abbreviation has."""

import pytest
from made import document, found, indexed

from casereviews.index.errors import QueryError
from casereviews.index.query.grammar import parse

HIDDEN = "; adult reviews hidden (scope:all shows them)"


@pytest.fixture(scope="module")
def searcher(tmp_path_factory):
    documents = [
        document(
            "w", "Neglect of an infant in care.", nation="Wales", areas=("Gwyllt",), year=2019
        ),
        document("e", "An infant and a dog; child protection.", nation="England", year=2021),
        document("u", "Neglect and a dog.", title="Unknown place", year=2020),
        document("a1", "Nothing.", subjects=("Child A1",), areas=("Northern Vale",)),
    ]
    return indexed(tmp_path_factory.mktemp("index"), documents)


def understood(searcher, query, **options):
    said = searcher.search(query, **options).understood
    assert said.endswith(HIDDEN)
    return said.removesuffix(HIDDEN)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("NOT (neglect dog)", "NOT (neglect AND dog)"),
        ("NOT (neglect OR dog)", "NOT (neglect OR dog)"),
        ("NOT neglect dog", "NOT neglect AND dog"),
        ("title:(NOT place)", "title:(NOT place)"),
        ("title:(unknown place)", "title:(unknown AND place)"),
        ("title:(unknown NEAR/3 place)", "title:(unknown NEAR/3 place)"),
        ("in:facts ((dog OR infant) neglect)", "in:facts ((dog OR infant) AND neglect)"),
        ("in:facts (FGM neglect)", 'in:facts ((FGM OR "Female Genital Mutilation") AND neglect)'),
        ("NOT (NOT dog)", "NOT (NOT dog)"),
        ("dog OR (infant care)", "(dog OR infant AND care)"),
        ("dog *", "dog AND *"),
        ("area:unknown dog", "area:unknown AND dog"),
        ("", "everything"),
        ("*", "everything"),
    ],
)
def test_what_is_understood_is_said_so_that_it_cannot_be_taken_otherwise(searcher, query, said):
    assert understood(searcher, query) == said


@pytest.mark.parametrize(
    "query",
    [
        "NOT (neglect dog)",
        "NOT (neglect OR dog) infant",
        "title:(NOT place) dog",
        "dog OR (infant care)",
        "(dog NEAR/5 neglect) OR care",
        "area:unknown dog",
        "nation:(wales OR england) -dog",
    ],
)
def test_what_is_said_finds_the_same_when_it_is_typed(searcher, query):
    said = understood(searcher, query, exact=True)
    assert parse(said)
    assert sorted(found(searcher, said, exact=True)) == sorted(found(searcher, query, exact=True))


def test_what_has_no_area_can_be_asked_for_in_the_query_and_as_a_filter(searcher):
    assert sorted(found(searcher, "area:unknown")) == ["e", "u"]
    assert sorted(found(searcher, "", filters={"area": ["unknown"]})) == ["e", "u"]
    assert found(searcher, "title:unknown") == ["u"]
    assert found(searcher, 'area:"unknown"') == []


@pytest.mark.parametrize(
    ("query", "options", "meant"),
    [
        ("neglekt", {}, ("neglekt → neglect",)),
        ('"neglekt of"', {}, ("neglekt → neglect",)),
        ("neglekt", {"exact": True}, ("neglekt → neglect",)),
        ("infent-neglect", {}, ("infent → infant",)),
        ("neglekt NEAR/3 dog", {}, ("neglekt → neglect",)),
        ("neglect", {}, ()),
        ("wonky wnb", {}, ()),
    ],
)
def test_a_word_that_is_nowhere_is_answered_wherever_it_stands(searcher, query, options, meant):
    assert searcher.search(query, **options).did_you_mean == meant


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("age:²", "has no value"),
        ("age:" + "9" * 5000, "Ages run from 0 to 17"),
        ("age:18", "Ages run from 0 to 17"),
        ("year:２０２０", "year takes a year"),
        ("published:" + "9" * 5000, "is neither"),
        ("year:abc", "“abc” is neither"),
        ("published:2020-13", "“2020-13” is neither"),
        ("published:2021-02-29", "“2021-02-29” is neither"),
    ],
)
def test_a_value_that_is_no_value_is_an_error_and_no_accident(searcher, query, said):
    with pytest.raises(QueryError) as caught:
        searcher.search(query)
    assert said in caught.value.reason
    assert len(caught.value.reason) < 300
    assert caught.value.position == query.index(":") + 1


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("language:welsh", "language:cy"),
        ("language:English", "language:en"),
        ('type:"serious case review"', "type:scr"),
        ("age:0", "age:under_1"),
        ("age:1-5", "age:1_5"),
        ("age:17", "age:16_17"),
        ('outcome:"Serious harm"', "outcome:serious_harm"),
        ("theme:NEGLECT", "theme:harm_neglect"),
    ],
)
def test_a_value_is_known_by_its_code_and_by_what_people_call_it(searcher, query, said):
    assert understood(searcher, query) == said


@pytest.mark.parametrize(
    ("filters", "said", "expected"),
    [
        ({"title": ["place unknown"]}, "title:(place AND unknown)", ["u"]),
        ({"title": ["place"]}, "title:place", ["u"]),
        ({"subject": ["Child A1"]}, 'subject:"Child A1"', ["a1"]),
        ({"subject": ["A1 Child"]}, 'subject:"A1 Child"', []),
        (
            {"area": ["Northern Vale", "Gwyllt"]},
            '(area:"Northern Vale" OR area:Gwyllt)',
            ["a1", "w"],
        ),
        (
            {"nation": ["wales"], "year": ["2019", "2020"]},
            "nation:Wales AND (year:2019 OR year:2020)",
            ["w"],
        ),
    ],
)
def test_filters_are_said_as_they_would_be_typed(searcher, filters, said, expected):
    assert understood(searcher, "", filters=filters) == said
    assert sorted(found(searcher, "", filters=filters)) == expected
    assert sorted(found(searcher, said)) == expected


@pytest.mark.parametrize(
    ("filters", "shown"),
    [
        ({"area": ["?"]}, "area:?"),
        ({"nation": ["natoin"]}, "nation:natoin"),
        ({"natoin": ["wales"]}, "natoin"),
        ({"year": ["2020..2010"]}, "year:2020..2010"),
    ],
)
def test_an_error_in_a_filter_shows_the_filter(searcher, filters, shown):
    with pytest.raises(QueryError) as caught:
        searcher.search("neglect", filters=filters)
    assert str(caught.value).splitlines()[1] == "  " + shown


def test_alternatives_that_were_typed_count_alike_whatever_their_order(tmp_path):
    pages = ["Dog, dog, dog.", "Cat, cat, cat.", "Nothing of the kind."]
    searcher = indexed(tmp_path, [document(f"d{n}", text) for n, text in enumerate(pages)])

    def scores(query):
        return {hit.document_id: round(hit.score, 9) for hit in searcher.search(query).hits}

    assert scores("dog OR cat") == scores("cat OR dog")
    assert scores("dog OR cat")["d0"] == scores("dog OR cat")["d1"]
