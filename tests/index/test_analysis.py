"""Words: what counts as one, how it is folded, and which are forms of one another."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casereviews.index.analysis import cased, fold, kin, raw_words, spans, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Child Q's mother", ["child", "q", "mother"]),
        ("7/2020, aged 3½", ["7", "2020", "aged", "31⁄2"]),
        ("non-accidental", ["non", "accidental"]),
        ("A&E saw R & D", ["a&e", "saw", "r", "d"]),
        ("Ynys Môn, café naïve", ["ynys", "mon", "cafe", "naive"]),
        ("Mo\u0302n", ["mon"]),
        ("safe\u00adguarding", ["safeguarding"]),
        ("O’Brien didn't", ["obrien", "didnt"]),
        ("snake_case", ["snake", "case"]),
        ("Œuvre Łódź Straße", ["oeuvre", "lodz", "strasse"]),
        ("ŵŷ ﬁrst", ["wy", "first"]),
        ("", []),
    ],
)
def test_a_text_has_these_words(text, expected):
    got = words(text)
    assert got == [word.replace("⁄", "") for word in expected]


@given(st.text())
def test_spans_are_the_same_words_in_the_same_order(text):
    plain = text.replace("_", " ")
    assert [plain[start:end] for start, end in spans(text)] == raw_words(text)


@given(st.text())
def test_folding_a_folded_word_changes_nothing(text):
    for word in words(text):
        assert word
        assert fold(word) == word


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("child", "children"),
        ("neglect", "neglected"),
        ("organise", "organized"),
        ("behaviour", "behavior"),
        ("paediatric", "pediatric"),
        ("foetal", "fetal"),
        ("haemorrhage", "haemorrhages"),
        ("judgement", "judgment"),
        ("programme", "programs"),
        ("centre", "centers"),
        ("mum", "mom"),
        ("counsellor", "counselors"),
        ("travellers", "traveler"),
        ("tumours", "tumor"),
        ("candour", "candor"),
        ("diarrhoea", "diarrhea"),
        ("leukaemia", "leukemia"),
        ("hypoglycaemic", "hypoglycemic"),
        ("caesarean", "cesarean"),
        ("faeces", "feces"),
        ("aetiology", "etiology"),
        ("oesophagus", "esophagus"),
        ("manoeuvring", "maneuver"),
        ("dialogue", "dialog"),
        ("sceptical", "skeptical"),
        ("learnt", "learned"),
        ("scrs", "scr"),
        ("lscbs", "lscb"),
        ("prus", "pru"),
        ("sgos", "sgo"),
        ("gps", "gp"),
        ("midwives", "midwife"),
        ("knives", "knife"),
    ],
)
def test_forms_and_spellings_of_a_word_are_kin(one, other):
    assert kin(one) == kin(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("q", "k"),
        ("2019", "2020"),
        ("neglect", "negligent"),
        ("organ", "organisation"),
        ("hour", "hor"),
        ("cps", "cp"),
        ("could", "cold"),
    ],
)
def test_different_words_are_not(one, other):
    assert kin(one) != kin(other)


def test_short_words_in_capitals_have_a_second_term():
    assert [
        cased(word) for word in ("CP", "CPs", "CP's", "CP’s", "LADO", "Ed", "cp", "A", "MARAC")
    ] == [
        "^CP",
        "^CP",
        "^CP",
        "^CP",
        "^LADO",
        None,
        None,
        None,
        None,
    ]
