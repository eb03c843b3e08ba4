"""The running text of a reading: folding keeps the way back to page, offset and sentence."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from casereviews.repository.describing.case import find_case_facts
from casereviews.repository.describing.recommendations import find_recommendations
from casereviews.repository.describing.text.running_text import RunningText, fold
from casereviews.repository.describing.text.sections import find_sections
from casereviews.repository.describing.text.sentences import LONGEST, sentences, tidy
from casereviews.repository.model import Heading, Page, Reading, Section


def paper(*texts: str) -> Reading:
    return Reading(
        "0", "ok", "text/plain", tuple(Page(at, text) for at, text in enumerate(texts, 1))
    )


def test_folding_joins_wrapped_lines_and_keeps_paragraphs_apart() -> None:
    assert fold("The  Boy’s non-\nmobile\n\nSISTER") == "the boy's non mobile\n sister"


def test_an_offset_leads_back_to_the_page_and_the_printed_words() -> None:
    text = RunningText.of(paper("One   page.", "Another –  BIG  page."))
    at = text.folded.index("big")
    start = text.original(at)
    assert text.text[start : start + 3] == "BIG"
    assert text.in_folded(start) == at
    assert text.page(start) == 2


def test_a_letter_whose_small_form_is_longer_does_not_shift_offsets() -> None:
    text = RunningText.of(paper("İİİ then Ash"))
    start = text.original(text.folded.index("ash"))
    assert text.text[start:] == "Ash"


def test_a_sentence_may_run_over_a_page_and_a_heading_is_its_own() -> None:
    pages = (
        Page(1, "Findings\nThe nurse called and", headings=(Heading(0, "Findings"),)),
        Page(2, "nobody came. It rained."),
    )
    text = RunningText.of(Reading("0", "ok", "text/plain", pages))
    assert [text.quote(*bounds) for bounds in text.sentences] == [
        "Findings",
        "The nurse called and nobody came.",
        "It rained.",
    ]


def test_the_innermost_section_gives_the_kind_of_a_place() -> None:
    sections = (Section("findings", "F", 1, 0, 1, 30), Section("good_practice", "G", 1, 10, 1, 20))
    text = RunningText.of(paper("x" * 40), sections)
    assert [text.kind(offset) for offset in (5, 15, 25, 35)] == [
        "findings",
        "good_practice",
        "findings",
        None,
    ]


def test_what_goes_on_without_an_end_is_parted_between_words() -> None:
    words = "Police | school | " * 2000
    found = sentences("One. " + words)
    assert found[0] == (0, 4)
    pieces = [("One. " + words)[slice(*bounds)] for bounds in found[1:]]
    assert " ".join(pieces) == words.strip()
    assert max(map(len, pieces)) <= LONGEST
    assert [last - first for first, last in sentences("w" * 13000)] == [LONGEST, LONGEST, 1000]


def test_titles_initials_and_paragraph_numbers_do_not_end_sentences() -> None:
    text = "5.1. Dr. A. Ash wrote to Mrs. Elm, i.e. her aunt. She agreed."
    assert [text[start:end] for start, end in sentences(text)] == [
        "5.1. Dr. A. Ash wrote to Mrs. Elm, i.e. her aunt.",
        "She agreed.",
    ]


def test_evidence_is_one_line_without_bullet_and_with_words_put_together() -> None:
    assert tidy("•  a multi-\n  agency\nvisit") == "a multi-agency visit"


@settings(max_examples=60)
@given(st.lists(st.text(max_size=120), max_size=3))
def test_any_text_keeps_its_offsets_and_breaks_nothing(texts: list[str]) -> None:
    reading = paper(*texts)
    text = RunningText.of(reading)
    for at in range(len(text.folded)):
        assert text.in_folded(text.original(at)) == at
    sections = find_sections(reading)
    find_recommendations(reading, sections)
    find_case_facts(reading, sections, summary=" ".join(texts))
