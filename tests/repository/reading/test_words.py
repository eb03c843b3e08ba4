"""Language, repair, joining and cutting: the small rules."""

import random
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from reading_made import prose

from casereviews.repository.model import Heading
from casereviews.repository.reading.flow import FULL, Block, page_of, sections
from casereviews.repository.reading.languages import document_language, language
from casereviews.repository.reading.pdf.paragraphs import join
from casereviews.repository.reading.pdf.quality import usable, word_share
from casereviews.repository.reading.repair import repair

ENGLISH = "The panel found that the school and the health visitor had not shared what they knew about the family."
WELSH = "Canfu'r panel nad oedd yr ysgol a'r ymwelydd iechyd wedi rhannu'r hyn a wyddent am y teulu hwn."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (ENGLISH * 3, "en"),
        (WELSH * 3, "cy"),
        (f"{ENGLISH}\n\n{WELSH}", "bilingual"),
        ("12 / 2021", None),
        ("", None),
    ],
)
def test_the_language_of_a_page_is_told(text, expected):
    assert language(text) == expected


@pytest.mark.parametrize(
    ("pages", "expected"),
    [
        (["en"] * 9 + ["cy"], "en"),
        (["cy"] * 9 + [None], "cy"),
        (["en"] * 5 + ["cy"] * 5, "bilingual"),
        (["bilingual"] * 4, "bilingual"),
        ([None, None], None),
    ],
)
def test_the_language_of_a_document_is_that_of_its_pages(pages, expected):
    assert document_language(pages) == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("the o\ufb03ce con\ufb02ict", "the office conflict"),
        ("the familyâ€™s plan", "the family’s plan"),
        ("Ynys MÃ´n", "Ynys Môn"),
        ("soft\u00adhyphen and\u200bnothing", "softhyphen andnothing"),
        ("\uf0b7 point", "• point"),
        ("bell\x07 and \x1b[31mred", "bell and [31mred"),
        ("turn\u202eed", "turned"),
        ("w\u0302 and a\u0302", "ŵ and â"),
        ("many    blanks\u00a0here", "many blanks here"),
        ("£5 – “ŵyr” ŷd", "£5 – “ŵyr” ŷd"),
    ],
)
def test_text_is_repaired(raw, expected):
    assert repair(raw) == expected


@given(st.text())
@example("Â\x1f¡")
@example("Ã\u200b©")
def test_repaired_text_has_no_control_characters_and_is_repaired_once_for_all(text):
    once = repair(text)

    assert repair(once) == once
    controls = [
        sign for sign in once if unicodedata.category(sign) in ("Cc", "Cs") and sign not in "\n\t"
    ]
    assert [sign for sign in controls if sign != "\x85"] == []


@pytest.mark.parametrize(
    ("first", "second", "broken", "expected"),
    [
        ("the safe", "guarding board", True, "the safeguarding board"),
        ("a multi", "agency plan", True, "a multi-agency plan"),
        ("the well", "known risk", True, "the well-known risk"),
        ("a drop", "in session", True, "a drop-in session"),
        ("Smith", "Jones said", True, "Smith-Jones said"),
        ("in 2019", "20 the", True, "in 2019-20 the"),
        ("one line", "and the next", False, "one line and the next"),
        ("ends with -", "a dash", False, "ends with - a dash"),
    ],
)
def test_lines_are_joined_as_a_person_would(first, second, broken, expected):
    assert join(first, second, broken, {"drop-in", "safeguarding"}) == expected


def test_words_that_look_like_none_make_a_poor_text_layer():
    assert word_share(ENGLISH) > 0.9
    assert word_share(WELSH) > 0.75
    assert word_share("xq#zk vvtrp qqjx wrtz bknm zxcv") < 0.45
    assert not usable("\ue001\ue002\ue003" * 40, 0.0)
    assert usable(ENGLISH * 3, 0.0)
    assert not usable("Received 3 March", 1.0)


def test_sections_are_about_a_page_and_headings_bring_them_back_to_the_same_cuts():
    chance = random.Random(4)
    blocks = []
    for number in range(30):
        blocks.append(Block("heading", f"{number} Part", 2))
        blocks += [Block("paragraph", prose(chance, 90)) for _ in range(5)]

    before = sections(blocks, "docx", limit=1000)
    after = sections([Block("paragraph", "A new first paragraph."), *blocks], "docx", limit=1000)

    assert all(len(page.text) <= FULL + 100 for page in before)
    assert [page.number for page in before] == list(range(1, len(before) + 1))
    assert {page.text for page in before[1:]} - {page.text for page in after} == set()


def test_a_heading_never_ends_a_section():
    blocks = [
        Block("paragraph", "word " * 600),
        Block("heading", "Next"),
        Block("paragraph", "word " * 300),
    ]

    pages = sections(blocks, "docx", limit=10)

    assert [page.headings for page in pages] == [(), (Heading(0, "Next", 2),)]


def test_a_block_longer_than_a_page_is_cut_at_a_blank_and_nothing_is_lost():
    words = [f"word{number}" for number in range(3000)]

    pages = sections([Block("paragraph", " ".join(words))], "text", limit=100)

    assert " ".join(page.text for page in pages).split() == words


def test_items_and_rows_follow_by_a_line_and_all_else_by_an_empty_one():
    blocks = [
        Block("paragraph", "a"),
        Block("item", "• b"),
        Block("item", "• c"),
        Block("row", "d\te"),
    ]

    assert page_of(blocks, 1, "html").text == "a\n\n• b\n• c\n\nd\te"


def test_an_alphabet_that_is_shifted_is_no_text_though_blanks_became_letters():
    line = "#74I58ABCI58=38=6BIF4A4I2>=58A<43I1HIC74I>558280;I8=B?42C>AI>5Iy40AI%0;4W"
    assert not usable("\n".join([line] * 14), 0.0)
    assert usable(
        "See https://barnmoor.example/a1/b2/c3/d4?e5=f6 for the report of the panel. " * 14, 0.0
    )
