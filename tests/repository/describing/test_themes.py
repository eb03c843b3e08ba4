"""Themes with evidence: place, company, borders, number, denial and boilerplate decide what counts."""

from __future__ import annotations

import pytest

from casereviews.repository.describing.standing import CASE
from casereviews.repository.describing.text.phrases import PhraseFinder
from casereviews.repository.describing.text.running_text import fold
from casereviews.repository.describing.text.sections import find_sections
from casereviews.repository.describing.themes import ThemeFinder, theme_finder, threshold
from casereviews.repository.model import Fact, Page, Reading
from casereviews.repository.theme_weights import FIELD, ThemeShares, weighed
from casereviews.repository.vocabulary import PACKAGED as VOCABULARY
from casereviews.repository.vocabulary import Theme, Vocabulary, load_themes

NEGLECT = Theme("harm_neglect", "harm_type", "Neglect", ("home conditions",), ("neglect",))
SLEEP = Theme("harm_sudi", "harm_type", "Unsafe sleep", ("co-sleeping",), ())
LANGUAGE = Theme("practice_voice", "practice_issue", "Voice", ("voice of the child",), ())
SCHOOLS = Theme("agency_schools", "agency", "Schools", ("head teacher",), ())
MOTHER = Theme("parent_mental_health", "parent_factor", "Illness", ("{mother} & depression",), ())
CARE = Theme("child_looked_after", "child_factor", "Care", ("LAC", "lac"), ())
FINDER = ThemeFinder(Vocabulary((NEGLECT, SLEEP, LANGUAGE, SCHOOLS, MOTHER)))


def themes(text: str, finder: ThemeFinder = FINDER, **listing: str) -> list[str]:
    """The central and present themes of a text, and its agencies."""
    reading = Reading("0", "ok", "text/plain", (Page(1, text),))
    facts = weighed(finder.find(reading, find_sections(reading), **listing), ThemeShares())
    return [fact.value for fact in facts if fact.field in (FIELD, "agency")]


def test_a_theme_is_a_fact_with_the_words_the_sentence_and_the_page() -> None:
    pages = (
        Page(1, "A cover."),
        Page(2, "Nobody asked. Co-\nsleeping was usual in the house. So it went."),
    )
    assert FINDER.find(Reading("0", "ok", "text/plain", pages), ()) == (
        Fact(
            field="theme",
            value="harm_sudi",
            raw="Co-sleeping",
            origin="text",
            confidence=0.892,
            page=2,
            evidence="Co-sleeping was usual in the house.",
            rule="theme phrase in opening",
            standing=CASE,
        ),
    )


def test_agencies_are_facts_of_their_own_field() -> None:
    reading = Reading("0", "ok", "text/plain", (Page(1, "The head teacher called."),))
    assert [(fact.field, fact.value) for fact in FINDER.find(reading, ())] == [
        ("agency", "agency_schools")
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Co sleeping was usual.",
        "CO-SLEEPING was usual.",
        "co\u2011sleeping was usual.",
        "Co-sleepings were usual.",
    ],
)
def test_hyphen_space_case_and_number_make_no_difference(text: str) -> None:
    assert themes(text) == ["harm_sudi"]


def test_a_phrase_inside_a_longer_word_does_not_count() -> None:
    assert themes("The disco-sleepingbag was usual.") == []


FILLER = "A letter was sent on the Monday and nobody read it for a while. "


def test_a_weak_phrase_alone_counts_in_an_abstract_and_not_in_the_body_of_a_report() -> None:
    assert themes("There was neglect.") == ["harm_neglect"]
    assert themes(f"There was neglect. {FILLER * 20}") == []


def test_a_faint_phrase_supports_only() -> None:
    dirt = Theme("harm_neglect", "harm_type", "Neglect", ("home conditions",), (), ("dirty",))
    finder = ThemeFinder(Vocabulary((dirt,)))
    assert themes("The home was dirty.", finder, title="A dirty home") == []
    alone, both = (
        finder.find(Reading("0", "ok", "text/plain", (Page(1, text),)), ())[0].confidence
        for text in ("Home conditions fell.", "It was dirty. Home conditions fell.")
    )
    assert alone < both


@pytest.mark.parametrize(
    ("text", "listing"),
    [
        ("There was neglect, and home conditions were poor.", {}),
        ("Words.", {"title": "Learning from a case of neglect"}),
        ("Words.", {"keywords": "neglect, housing"}),
    ],
)
def test_a_weak_phrase_counts_beside_a_strong_one_and_in_what_a_list_says(
    text: str, listing: dict[str, str]
) -> None:
    assert themes(text, **listing) == ["harm_neglect"]


@pytest.mark.parametrize(
    "text",
    [
        "There was no evidence of co-sleeping.",
        "Co-sleeping was ruled out.",
        "Co-sleeping was considered and excluded.",
        "The police found no history of bruises, fractures or co-sleeping.",
        "Nothing suggested co-sleeping.",
    ],
)
def test_what_is_denied_does_not_count(text: str) -> None:
    assert themes(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "There was no father at home, and co-sleeping was usual.",
        "No one came but co-sleeping was usual.",
        "He was excluded from school after years of co-sleeping.",
    ],
)
def test_a_denial_of_something_else_does_not_undo_a_theme(text: str) -> None:
    assert themes(text) == ["harm_sudi"]


def test_a_parents_suicide_is_not_the_childs() -> None:
    finder = ThemeFinder(VOCABULARY)
    assert "harm_suicide_self_harm" not in themes(
        "A boy was killed by his father, who took his own life.", finder
    )
    assert "harm_suicide_self_harm" in themes("A boy of 15 took his own life.", finder)


@pytest.mark.parametrize(
    ("text", "theme"),
    [
        ("Services for disabled children are services to parents, so the child waits.", "child_disability"),
        ("Behaviour hid abuse, especially boys already excluded from school.", "child_school_exclusion"),
        ("Exclusion comes first, and boys with special educational needs are over-represented.", "child_disability"),
        ("The working culture rewards answers and not questions.", "family_faith_culture"),
        ("Child P was well looked after by his grandmother.", "child_looked_after"),
        ("Kit's father, Dan (not his name), was a looked after child.", "child_looked_after"),
        ("Child P's mother had grown up in care. The leaving care plan foresaw no baby.", "child_looked_after"),
    ],
)  # fmt: skip
def test_what_is_so_of_a_kind_of_people_of_services_or_of_a_parent_is_not_the_childs(
    text: str, theme: str
) -> None:
    assert theme not in themes(text, ThemeFinder(VOCABULARY))


def test_leaving_care_is_the_childs_where_no_parents_care_is_told() -> None:
    finder = ThemeFinder(VOCABULARY)
    assert "child_looked_after" in themes("The leaving care plan for Child P was late.", finder)


def test_practice_is_told_by_its_absence() -> None:
    assert themes("There was no evidence of the voice of the child.") == ["practice_voice"]


@pytest.mark.parametrize(
    "text",
    [
        "Terms of reference\nWas co-sleeping considered by the services?",
        "Glossary\nCo-sleeping: a baby in an adult's bed",
        "2. Statutory framework\nCo-sleeping is named in it.",
        "Working Together to Safeguard Children 2018 names co-sleeping.",
        "Co-sleeping is defined as sharing a bed.",
    ],
)
def test_law_method_and_glossary_do_not_count(text: str) -> None:
    assert themes(text) == []


def test_a_sentence_that_lists_many_harms_is_no_account_of_any() -> None:
    text = "Abuse takes the form of forced marriage, county lines, sexting or co-sleeping."
    assert themes(f"{text} {FILLER * 20}", ThemeFinder(VOCABULARY)) == []


def test_two_halves_of_a_pair_must_stand_in_one_sentence() -> None:
    assert themes("Depression after the birth was known to Mother's nurse.") == [
        "parent_mental_health"
    ]
    assert themes("Mother came. Depression was discussed.") == []


def test_an_abbreviation_counts_only_in_capitals() -> None:
    finder = ThemeFinder(Vocabulary((CARE,)))
    assert themes("He was a LAC child.", finder) == ["child_looked_after"]
    assert themes("The lac was red.", finder) == []


def test_one_mention_is_enough_in_a_short_text_and_not_in_a_long_one() -> None:
    filler = FILLER * 700
    assert themes(f"Co-sleeping was usual. {filler}") == []
    assert themes(f"Findings\nCo-sleeping was usual. It was co-sleeping again. {filler}") == [
        "harm_sudi"
    ]


def test_the_threshold_grows_with_length_within_its_bounds() -> None:
    assert [round(threshold(words), 2) for words in (0, 400, 2_000, 15_000, 90_000)] == [
        0.9,
        0.9,
        1.52,
        2.3,
        2.3,
    ]


def test_the_strongest_theme_comes_first() -> None:
    text = "Home conditions were poor.\nFindings\nCo-sleeping was usual.\nIt was co-sleeping again."
    assert themes(text) == ["harm_sudi", "harm_neglect"]


def test_every_packaged_phrase_without_capitals_finds_its_theme() -> None:
    packaged = load_themes()
    finder = PhraseFinder(packaged, VOCABULARY)
    missed = []
    for index, theme in enumerate(packaged):
        for phrase in (*theme.strong, *theme.weak):
            text = phrase.replace(" & ", " ").replace("{", "").replace("}", "")
            hits = finder.find(fold(text), text.upper(), lambda offset: offset)
            if (
                phrase == phrase.lower()
                and "{" not in phrase
                and index not in {hit.theme for hit in hits}
            ):
                missed.append((theme.id, phrase))
    assert missed == []


PACKAGED = ThemeFinder(VOCABULARY)


def test_a_parents_illness_is_not_the_childs() -> None:
    text = "Summary\nA referral to the perinatal mental health team was made. It was described as low mood of her mother."
    assert "child_mental_health" not in themes(text, PACKAGED)
    assert "harm_suicide_self_harm" not in themes(text, PACKAGED)


def test_a_heading_that_only_names_a_part_of_the_report_tells_no_theme() -> None:
    page = "4. Analysis\nThe letters went to a team that had moved away in the spring."
    assert "practice_assessment" not in themes(page, PACKAGED)


def test_a_weak_word_in_a_recommendation_alone_tells_nothing_of_the_case() -> None:
    filler = "The letters went to a team that had moved away in the spring. " * 20
    wish = "Recommendations\nThe Board should review how neglect is recorded."
    assert themes(f"{filler}\n\n{wish}") == []
    told = f"Facts\nHome conditions shocked all.\n\n{filler}\n\n{wish}"
    assert themes(told) == ["harm_neglect"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("He used drugs and alcohol, and relations with his mother were strained.", False),
        ("At fifteen she was drinking most days and hid it from her father.", False),
        ("His mother said that he and his father used drugs at home.", True),
        ("He used heroin, and the mother was afraid of him.", True),
        ("His father used heroin and he saw his mother weep.", True),
    ],
)
def test_what_is_said_of_the_child_of_a_parent_is_no_theme_of_the_parent(
    text: str, told: bool
) -> None:
    found = theme_finder(VOCABULARY).find(
        Reading("", "ok", "text/plain", pages=(Page(1, text),)), ()
    )
    assert ("parent_substance" in {fact.value for fact in found}) is told
