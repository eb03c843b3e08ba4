"""Snippets: whole sentences, the words marked."""

import pytest

from casereviews.index import snippets
from casereviews.index.analysis import words
from casereviews.index.snippets import snippet

BEFORE = "Filler words went on and on for a long while before it all. "
AFTER = "More filler words went on and on for a long while after it all."


def cut(text, word):
    at = words(text).index(word)
    made = snippet(text, [(at, at + 1)], width=60)
    return made.text, [made.text[start:end] for start, end in made.matches]


@pytest.mark.parametrize(
    "sentence",
    [
        "The zebra was seen.",
        "He saw Dr. Smith about a zebra at home.",
        "Mrs. Jones had the zebra.",
        "The zebra met Child Q.",
        "See No. 5 of the zebra list.",
        "Under s. 47 the zebra was seen, e.g. Monday.",
        "Page pp. 12 tells of the zebra.",
        "Was it a zebra?",
        "The zebra (a horse).",
    ],
)
def test_a_snippet_is_the_whole_sentence(sentence):
    assert cut(f"{BEFORE}{sentence} {AFTER}", "zebra") == (sentence, ["zebra"])


@pytest.mark.parametrize("next_one", ["Ŵyr oedd ef.", "“Yes,” said he.", "(More.)", "7 came."])
def test_a_sentence_ends_where_the_next_begins(next_one):
    after = next_one + " filler" * 12 + "."
    assert cut(f"{BEFORE}Roedd zebra yno. {after}", "zebra") == ("Roedd zebra yno.", ["zebra"])


def test_a_word_of_any_length_is_shown_whole():
    long = "y" * 500
    text, matches = cut(f"{BEFORE}Some {long} here. {AFTER}", long)
    assert matches == [long]
    assert long in text


def test_a_page_of_one_word_is_that_word():
    assert cut("zebra", "zebra") == ("zebra", ["zebra"])


def test_the_words_of_a_page_are_looked_for_once(monkeypatch):
    asked = []
    real = snippets.word_spans
    monkeypatch.setattr(snippets, "word_spans", lambda text: asked.append(text) or real(text))
    text = "A heron stood by the weir. " * 40
    made = snippet(text, [(1, 2), (40, 41), (200, 201)], of=[0, 1, 2])
    assert made.matches
    assert asked == [text]


def test_the_stretch_that_holds_most_is_shown_and_of_equals_the_first():
    words_of = ["filler"] * 300
    places = [10, 100, 102, 104, 200, 202, 204]
    for place in places:
        words_of[place] = "zebra"
    made = snippet(" ".join(words_of), [(place, place + 1) for place in places], width=60)
    assert [made.text[a:b] for a, b in made.matches] == ["zebra"] * 3
    first = " ".join(words_of).index("zebra filler zebra")
    assert made.text.strip("…") in " ".join(words_of)[first - 60 : first + 90]


@pytest.mark.parametrize(
    ("last", "contents"), [("4", True), ("٤", True), ("iv", False), ("4.", False)]
)
def test_a_page_of_contents_ends_its_lines_in_numbers(last, contents):
    assert snippets.is_contents("\n".join([f"A part of the report ..... {last}"] * 5)) is contents
