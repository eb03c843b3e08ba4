"""Titles of links without what they say of the file."""

import pytest

from casereviews.repository.model import Sighting
from casereviews.repository.record.documents import title_of
from casereviews.repository.vocabulary.link_titles import is_informative, without_file_notes

NOTED = [
    "Child Q review (PDF, 1.2MB)",
    "Child Q review (1.2 MB PDF)",
    "Child Q review [pdf] 842KB",
    "Child Q review pdf 842 KB opens in new window",
    "Child Q review - PDF",
    "Child Q review, PDF, 12 pages, 1 MB",
    "Child Q review (Word document, 34 KB) (this link opens in a new tab)",
    "Child Q review – file size: 2.5 MiB",
    "Child Q review (3,123 downloads)",
    "Child Q review – Downloaded 68 times",
    "Download “Child Q review” child-q.pdf – Downloaded 0 times – 2.00 KB",
    "Download: Child Q review.docx",
]


@pytest.mark.parametrize("words", NOTED)
def test_a_title_has_no_counts_sizes_and_forms(words: str) -> None:
    assert without_file_notes(words) == "Child Q review"
    assert is_informative(words)


@pytest.mark.parametrize(
    "words",
    ["Child Q: 7 minute briefing", "7 MB Child Q", "“Unheard”: Child Q", "The words of Child Q", "Child Q (born 2019)"],
)  # fmt: skip
def test_words_of_the_title_stay(words: str) -> None:
    assert without_file_notes(words) == words


@pytest.mark.parametrize(
    "words",
    ["Download (3,123 downloads)", "pdf 842 KB opens in new window", "Link", "68", "1,024", "PDF (1.2 MB)", "12 downloads", "(opens in a new tab)"],
)  # fmt: skip
def test_notes_alone_name_nothing_and_the_heading_does(words: str) -> None:
    assert not is_informative(words)
    seen = Sighting("a", "u", "f", link_text=words, headings=("Reviews", "Child Q", "68"))
    assert title_of(seen) == "Child Q"
