"""Letters as printed: ligatures that a font lost are put back where words prove them, and only there."""

from __future__ import annotations

import subprocess
import sys

import pytest

from casereviews.repository.reading.pdf.ligatures import mender_of, unproven
from casereviews.repository.reading.pdf.lines import lost_within_lines

TEXT = (
    "The information that the committee had about the family was identified after a meeting in the office. "
    "Practitioners offered effective support, often left unwritten, and the conflict was not sufficiently "
    "reflected in the notification that staff sent. Better attention to the situation, the relationship between "
    "services and the traffic of letters would have mattered to the assessment of the affected children. "
    "The partnership has since identified its actions and the officers shifted their attention to difficult questions."
)
LETTERS = ["ti", "tt", "ft", "fi", "ff", "ffi", "tti", "fl"]
"""Of the text; in a font each is one glyph."""


def lost(signs: dict[str, str], text: str = TEXT) -> str:
    """The text as a reader finds it whose font maps these ligatures to signs."""
    for letters in sorted(signs, key=len, reverse=True):
        text = text.replace(letters, signs[letters])
    return text


def mended(text: str) -> str:
    return mender_of(text.splitlines()).mend(text)


WRONG = {
    "other letters of the font": {"ti": "Ɵ", "tt": "Ʃ", "ft": "Ō", "ffi": "ĸ", "tti": "ƫ"},
    "letters of another alphabet": {"ti": "ș", "tt": "ǆ", "fi": "ħ", "ff": "đ"},
    "signs of ASCII": {"ti": "!", "tt": "&", "ft": "$", "ff": "%"},
    "capitals": {"ti": "Q", "tt": "Z"},
    "figures": {"fi": "9", "ti": "8"},
    "the same sign of no meaning": {"ti": "\ufffd"},
    "signs of private use": {"ti": "\ue001", "tt": "\ue002", "ft": "\ue003", "fi": "\ue004"},
    "control characters": {"ti": "\x1f", "tt": "\x01", "ffi": "\x03", "ff": "\x02"},
    "one of the upper controls": {"ti": "\x9f", "fi": "\x81"},
}


@pytest.mark.parametrize("signs", WRONG.values(), ids=WRONG)
def test_a_ligature_with_a_wrong_map_is_put_back(signs: dict[str, str]) -> None:
    assert mended(lost(signs)) == TEXT


@pytest.mark.parametrize("letters", ["ti", "tt", "fi", "ff"])
def test_one_sign_for_several_ligatures_is_told_by_each_word(letters: str) -> None:
    damaged = lost({"ti": "\ufffd", letters: "\ufffd"})
    assert mended(damaged) == TEXT


def test_a_ligature_without_a_trace_is_put_back() -> None:
    assert mended(lost({"ti": "", "tti": ""})) == TEXT


def test_ligatures_told_as_their_first_letter_are_put_back() -> None:
    assert mended(lost({"fi": "f", "ff": "f", "ffi": "f", "fl": "f"})) == TEXT


def test_words_that_fell_apart_at_their_ligatures_are_counted() -> None:
    apart = lost({"fi": " ", "ff": " ", "ffi": " ", "fl": " "})
    assert unproven(apart) >= 6
    assert unproven(f"{TEXT} The o, a y, i yr ac ei, to us up by it.") == 0


def test_a_letter_without_a_map_within_a_line_is_no_hyphen() -> None:
    class Places:
        def box(self, at: int) -> tuple[float, float, float, float]:
            return (10.0 * at, 0, 10.0 * at + 9, 10) if at < 8 else (10.0 * (at - 8), 12, 9, 22)

    said = lost_within_lines("the \ufffer\ufffelong", Places())  # type: ignore[arg-type]
    assert said == "the \ufffdr\ufffdlong"
    assert lost_within_lines("hyphen-\ufffeated", Places()) == "hyphen-\ufffeated"  # type: ignore[arg-type]


PLAIN = {
    "names written together": "The McArthur and MacDonald families met DeShawn, LaToya and O'Brien in NorthMoor.",
    "programs": "They used eSafety, LiquidLogic, iCare, YouTube, PowerPoint and WhatsApp to send what eConsult had.",
    "names of other lands": "Zoë Łukasz, Siân Ĺubica, Dvořák, Kovačević, Şahin, Nguyễn, Małgorzata and Ōtani spoke.",
    "Welsh": "Mae'r tŷ a'r dŵr yn y llŷn; gŵr a gwŷdd, y cŵn a'r Ŵyl yn sir y wawr.",
    "codes": "Forms SS/12b, A1c, X&Y, R&D, B&B, Q&A, M&S, 3rd#2, C++ and a=b were filed under ABx12Cd and pH.",
    "addresses": "See https://barnmoor.example/a_b?c=d&e=f#g or write to a.b+c@pearvale.example for the file.",
    "words in the plural": "The child(ren) and parent(s), he/she, and[sic] worker(s)' reports, c*nt and sh!t as quoted.",
}


@pytest.mark.parametrize("text", PLAIN.values(), ids=PLAIN)
def test_what_is_spelt_so_stays(text: str) -> None:
    assert mended(text) == text
    assert mended(f"{TEXT} {text}") == f"{TEXT} {text}"
    assert unproven(text) == 0


def test_names_stay_beside_words_that_are_mended() -> None:
    names = "Dvořák and LaToya met R&D in NorthMoor"
    assert mended(f"{lost({'ti': 'Ɵ', 'tt': 'Ʃ'})} {names}") == f"{TEXT} {names}"


def test_what_no_word_proves_stays_and_is_counted() -> None:
    text = "Xy\ufffdq plo\ufffdd wre\ufffdb"
    assert mended(text) == text
    assert unproven(text) == 3
    assert unproven(TEXT) == 0


def test_a_text_without_odd_letters_loads_no_word_list() -> None:
    program = (
        "import sys\n"
        "from casereviews.repository.reading.pdf.ligatures import mender_of\n"
        f"assert not mender_of([{TEXT!r}] * 40)\n"
        "assert 'spellchecker' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
