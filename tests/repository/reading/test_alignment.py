"""Letters of a page's text among those of its picture."""

from __future__ import annotations

import pytest

from casereviews.repository.reading.pdf.alignment import aligned

BODY = (
    "The health visitor saw the child at home and wrote that the bruise on the arm was new. "
    "Nobody asked the father about it, and the nursery was not told. "
)


def place(text: str, shown: str, word: str, nth: int = 0) -> tuple[list[int], str]:
    """Where a word of the text is in the picture, and which letters stand there."""
    at = -1
    for _ in range(nth + 1):
        at = text.index(word, at + 1)
    there = aligned(text, shown)
    places = [there[one] for one in range(at, at + len(word)) if one in there]
    return places, "".join(shown[one] for one in dict.fromkeys(places))


@pytest.mark.parametrize(
    ("text", "shown", "word", "found"),
    [
        pytest.param(
            BODY, "Child Q of Barnmoor\r\n" + BODY + "\r\n7", "bruise", "bruise", id="running head"
        ),
        pytest.param(
            BODY + "What safeguarding means.",
            BODY + "What safe\ufffeguarding means.",
            "safeguarding",
            "safeguarding",
            id="parted by a hyphen",
        ),
        pytest.param(
            "The police identified it. " + BODY,
            "The police identi\u019fed it. " + BODY,
            "identified",
            "identied",
            id="lost ligature",
        ),
        pytest.param(
            "The office asked. " + BODY,
            "The o\ufb03ce asked. " + BODY,
            "office",
            "o\ufb03ce",
            id="ligature",
        ),
        pytest.param("Ynys Môn said so.", "YNYS MÔN said so.", "Môn", "MÔN", id="accents and case"),
        pytest.param(
            "one two three four five six seven",
            "one five two six three seven four",
            "six",
            "six",
            id="columns, line by line",
        ),
        pytest.param(
            BODY + "Outcome | Died",
            "Outcome\r\nDied\r\n" + BODY,
            "Died",
            "Died",
            id="a table before",
        ),
        pytest.param(
            BODY + "chronology",
            BODY + "c h r o n o l o g y",
            "chronology",
            "chronology",
            id="spaced",
        ),
    ],
)
def test_a_word_is_found_where_it_stands(text: str, shown: str, word: str, found: str) -> None:
    assert place(text, shown, word)[1] == found


def test_repeated_words_keep_their_own_places() -> None:
    shown = "Bruise, said the head of the page.\r\n" + BODY + BODY.upper()
    text = BODY + BODY.upper()

    places, _ = place(text, shown, "bruise")

    assert places[0] == shown.index("bruise")
    assert place(text, shown, "BRUISE")[0][0] == shown.index("BRUISE")


def test_columns_that_are_read_in_another_order_keep_their_places() -> None:
    left, right = (
        "The left column tells of the strategy meeting. ",
        "The right column tells of the neglect. ",
    )
    shown = right + left

    places, letters = place(left + right, shown, "strategy")

    assert (places[0], letters) == (shown.index("strategy"), "strategy")


def test_a_title_in_the_running_head_does_not_take_the_place_of_the_one_in_the_text() -> None:
    title = "Review of Child Q in Pear Vale"
    shown = f"{title}\r\nPage 3\r\n{title} was begun in May. {BODY}"
    text = f"{title} was begun in May. {BODY}"

    assert place(text, shown, "Pear")[0][0] == shown.index("Pear", len(title))


def test_what_the_picture_does_not_show_has_no_place() -> None:
    hidden = BODY.replace("bruise", " " * 6)

    assert place(BODY, hidden, "bruise") == ([], "")
    assert place("Nothing here", BODY.replace("N", "n"), "Nothing") == ([], "")


@pytest.mark.parametrize("text", ["ab" * 20_000, "neglect " * 5_000, "", "…"])
def test_a_page_made_to_cost_time_ends(text: str) -> None:
    assert len(aligned(text, text)) == sum(letter.isalnum() for letter in text)
