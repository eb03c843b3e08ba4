"""Terms that are searched for one another: both ways, by nation, in capitals where they must be."""

import pytest
from made import document, found, indexed

TEXTS = {
    "care-order": "A CO was made; the CO's terms were plain.",
    "company": "Carbon and Co visited, co working.",
    "register": "The name was on the child protection register.",
    "practice": "The child practice review was concise.",
    "looked-after": "He was a looked after child.",
    "lac": "LAC reviews were late.",
    "small-lac": "The lac team.",
    "in-care": "The children in care council met.",
    "section": "A section 47 enquiry began.",
    "dotted": "An s.47 enquiry began.",
    "short": "An S47 was open.",
    "spaced": "She went to A & E at night.",
    "together": "She went to A&E at night.",
    "written": "She went to accident and emergency.",
    "scrs": "Several SCRs said so.",
    "serious": "A serious case review said so.",
    "significant": "A significant case review said so.",
    "gps": "The GP's notes were thin.",
    "general": "A general practitioner wrote.",
    "aces": "Her ACEs were many.",
    "ace": "He was an ace pupil.",
    "rip": "The wound was a rip.",
    "research": "A research in practice tool.",
    "fii": "FII was considered.",
    "perplexing": "A perplexing presentation.",
    "pp": "See PP 4 to 6.",
}


@pytest.fixture(scope="module")
def searcher(tmp_path_factory):
    documents = [document(name, text, title="Review") for name, text in TEXTS.items()]
    return indexed(tmp_path_factory.mktemp("index"), documents)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("CO", {"care-order"}),
        ("co", {"care-order", "company"}),
        ("lac", {"lac", "small-lac", "looked-after", "in-care"}),
        ("LAC", {"lac", "small-lac", "looked-after", "in-care"}),
        ('"looked after child"', {"looked-after"}),
        ("looked after children", {"lac", "small-lac", "looked-after", "in-care"}),
        ("S47", {"section", "dotted", "short"}),
        ("s47", {"section", "dotted", "short"}),
        ("s.47", {"section", "dotted", "short"}),
        ("section 47", {"section", "dotted", "short"}),
        ("A&E", {"spaced", "together", "written"}),
        ("a&e", {"spaced", "together", "written"}),
        ("A & E", {"spaced", "together", "written"}),
        ("accident and emergency", {"spaced", "together", "written"}),
        ("SCR", {"scrs", "serious", "significant"}),
        ("SCRs", {"scrs", "serious", "significant"}),
        ("scr", {"scrs", "serious", "significant"}),
        ("SCR nation:scotland", set()),
        ("GPs", {"gps", "general"}),
        ("gp", {"gps", "general"}),
        ("general practitioners", {"gps", "general"}),
        ("ACES", {"aces"}),
        ("ACEs", {"aces"}),
        ("RiP", {"rip", "research"}),
        ("rip", {"rip"}),
        ("research in practice", {"research"}),
        ("PP", {"pp", "perplexing"}),
        ("perplexing presentations", {"perplexing"}),
    ],
)
def test_a_term_finds_its_equivalents(searcher, query, expected):
    assert {each.removeprefix("r-") for each in found(searcher, query, limit=50)} == expected


@pytest.mark.parametrize("nation", ["wales", '"Wales"', "WALES"])
def test_cpr_is_a_practice_review_in_wales(searcher, nation):
    said = searcher.search(f"CPR nation:{nation}").understood
    assert said.startswith('(CPR OR "Child Practice Review") AND nation:Wales')


def test_cpr_is_the_register_in_scotland_and_both_where_no_nation_is_named(searcher):
    said = searcher.search("CPR nation:scotland").understood
    assert said.startswith('(CPR OR "Child Protection Register" OR "child protection plan")')
    for query in ("CPR", "CPR nation:unknown", "CPR nation:uk-wide"):
        said = searcher.search(query).understood
        assert "Child Practice Review" in said
        assert "Child Protection Register" in said


def test_a_nation_of_two_words_chooses_however_it_is_written(searcher):
    for value in ("northern_ireland", '"Northern Ireland"', '"northern ireland"'):
        said = searcher.search(f"CMR nation:{value}").understood
        assert said.startswith('(CMR OR "Case Management Review") AND')
        assert searcher.search(f"DSL nation:{value}").understood.startswith("DSL AND")


def test_exact_words_have_no_equivalents(searcher):
    assert found(searcher, "lac", exact=True, limit=50) in (
        ["lac", "small-lac"],
        ["small-lac", "lac"],
    )
    assert found(searcher, '"CO"') == found(searcher, "CO", exact=True)
