"""The query language: text to a tree, and errors that point at the character."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casereviews.index.errors import QueryError
from casereviews.index.query.grammar import (
    All,
    Any,
    Everything,
    Fuzzy,
    Inside,
    Joined,
    Near,
    Not,
    Phrase,
    Prefix,
    Run,
    Value,
    Word,
    parse,
)


def word(text, at=0):
    return Word(text.lower(), text, at)


@pytest.mark.parametrize(
    ("query", "tree"),
    [
        ("", Everything()),
        ("*", Everything()),
        ("neglect", word("neglect")),
        ("Neglect INFANT", Run((word("Neglect"), word("INFANT", 8)))),
        ("a AND b", All((word("a"), word("b", 6)))),
        ("a b OR c", Any((Run((word("a"), word("b", 2))), word("c", 7)))),
        ("a (b OR c)", All((word("a"), Any((word("b", 3), word("c", 8)))))),
        ("a -b", All((word("a"), Not(word("b", 3))))),
        ("NOT a", Not(word("a", 4))),
        ("and or not", Run((word("and"), word("or", 4), word("not", 7)))),
        ('"Child Q"', Phrase(("child", "q"), 0)),
        ("“child q”", Phrase(("child", "q"), 0)),
        ('"child protect*"', Phrase(("child", Prefix("protect", 0)), 0)),
        ("non-accidental", Joined(("non", "accidental"), "non-accidental", 0)),
        ("safeg*", Prefix("safeg", 0)),
        ("haematoma~", Fuzzy("haematoma", 1, 0)),
        ("haematoma~2", Fuzzy("haematoma", 2, 0)),
        ("a NEAR/5 b NEAR/5 c", Near((word("a"), word("b", 9), word("c", 18)), 5, 0)),
        ("a NEAR b", Near((word("a"), word("b", 7)), 10, 0)),
        ("nation:Wales", Value("nation", "Wales", 7)),
        ("country:Wales", Value("nation", "Wales", 8)),
        ("type:(scr OR cpr)", Any((Value("type", "scr", 6), Value("type", "cpr", 13)))),
        ("title:neglect", Inside("title", word("neglect", 6), 0)),
        ("in:findings x", Inside("findings", word("x", 12), 0)),
        ("note: x", Run((word("note"), word("x", 6)))),
        ("?! -- neglect", word("neglect", 6)),
        ("A & E", word("A&E")),
        ("saw A & E", Run((word("saw"), word("A&E", 4)))),
        ("child & q", Run((word("child"), word("q", 8)))),
        ("‟child q″", Phrase(("child", "q"), 0)),
        ("2019*", Prefix("2019", 0)),
        ("child's", Word("child", "child's", 0)),
        ("year:..2012", Value("year", "..2012", 5)),
    ],
)
def test_a_query_is_read_so(query, tree):
    assert parse(query) == tree


@pytest.mark.parametrize(
    ("query", "position", "said"),
    [
        ('a "b', 2, "not closed"),
        ("a (b", 2, "not closed"),
        ("a) b", 1, "closes nothing"),
        ("a ()", 2, "nothing between"),
        ("a OR", 4, "missing here"),
        ("OR a", 0, "missing here"),
        ("a AND OR b", 6, "missing here"),
        ("a NOT", 2, "missing after this"),
        ("natoin:wales", 0, "did you mean nation?"),
        ("labell:x", 0, "did you mean subject?"),
        ("zzzz:x", 0, "the fields are: title, subject"),
        ("nation:", 0, "A value is missing after nation:"),
        ("in:recomendations x", 3, "did you mean recommendations?"),
        ("in:findings", 0, "What to look for is missing"),
        ("s*", 0, "At least 2 letters"),
        ("sa*fe", 0, "at the end of a word"),
        ("safe~3", 0, "as far as ~2"),
        ('"a b"~5', 5, "a NEAR/5 b"),
        ("a NEAR/0 b", 2, "from 1 to 100"),
        ("a NEAR/101 b", 2, "from 1 to 100"),
        ("a NEAR/" + "9" * 5000 + " b", 2, "from 1 to 100"),
        ("a NEAR/x b", 2, "takes a number of words: a NEAR/5 b"),
        ("a NEAR/ b", 2, "takes a number of words"),
        ("a NEAR/-1 b", 2, "takes a number of words"),
        ("???", 0, "no word in this query"),
        (" **", 1, "no word in this query"),
        ("~", 0, "no word in this query"),
        ("~2", 0, "at the end of a word"),
        ("*5", 0, "at the end of a word"),
        ("child~22", 0, "as far as ~2"),
        ("child~0", 0, "as far as ~2"),
        ("child~2*", 0, "at the end of a word"),
        ("title:? neglect", 6, "no word here"),
        ("in:? neglect", 3, "no part “?”"),
        ("NOT " * 2000 + "a", 160, "at most 40 deep"),
        ("-(" * 60 + "a" + ")" * 60, 40, "at most 40 deep"),
        ("title:" * 1500 + "a", 240, "at most 40 deep"),
        ("a NEAR/5 b NEAR/3 c", 11, "one distance"),
        ("(a AND b) NEAR/5 c", 0, "NEAR stands between"),
        ('""', 0, "no words between"),
        ("(" * 41 + "a" + ")" * 41, 40, "at most 40 deep"),
        ("a" * 10_001, 10_000, "at most 10,000"),
    ],
)
def test_an_error_points_at_the_character_and_says_what_is_meant(query, position, said):
    with pytest.raises(QueryError) as caught:
        parse(query)
    assert caught.value.position == position
    assert said in caught.value.reason
    shown, mark = str(caught.value).splitlines()[-2:]
    assert mark == " " * mark.index("^") + "^"
    if position < len(query):
        assert shown[mark.index("^")] in (query[position], "…")


@pytest.mark.parametrize(
    ("query", "shown", "mark"),
    [
        ("é natoin:x", "é natoin:x", "  ^"),
        ("e\u0301 natoin:x", "e\u0301 natoin:x", "  ^"),
        ("日本 natoin:x", "日本 natoin:x", "     ^"),
        ("\x1b[2J natoin:x", "\ufffd[2J natoin:x", "     ^"),
        ("a\tb\nnatoin:x", "a b natoin:x", "    ^"),
        ("a \udcff natoin:x", "a \ufffd natoin:x", "    ^"),
        ("a " * 100 + "natoin:x", "…" + "a " * 35 + "natoin:x", " " * 71 + "^"),
        ("natoin:" + "x" * 100, "natoin:" + "x" * 63 + "…", "^"),
    ],
)
def test_the_mark_stands_under_the_character_and_nothing_moves_the_cursor(query, shown, mark):
    with pytest.raises(QueryError) as caught:
        parse(query)
    assert str(caught.value).splitlines()[1:] == ["  " + shown, "  " + mark]


@given(st.text(alphabet='ab "()*~-:/.ANDORTEin5^\t“é', max_size=40))
def test_any_text_is_a_tree_or_a_query_error(text):
    position = len(text)
    try:
        parse(text)
    except QueryError as error:
        position = error.position
    assert 0 <= position <= len(text)
