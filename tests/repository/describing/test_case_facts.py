"""Facts of the case with page and sentence; other people's ages and deaths, law and denials are none."""

from __future__ import annotations

import pytest

from casereviews.repository.describing.case import find_case_facts
from casereviews.repository.describing.text.sections import find_sections
from casereviews.repository.model import Fact, Page, Reading


def facts(*texts: str, summary: str = "") -> tuple[Fact, ...]:
    pages = tuple(Page(number, text) for number, text in enumerate(texts, 1))
    reading = Reading("0", "ok", "text/plain", pages)
    return find_case_facts(reading, find_sections(reading), summary=summary)


def values(field: str, *texts: str, summary: str = "") -> list[str]:
    return [fact.value for fact in facts(*texts, summary=summary) if fact.field == field]


@pytest.mark.parametrize(
    ("text", "low", "high", "band"),
    [
        ("Death of a 4-month-old girl in March 2019.", "4", "4", "under_1"),
        ("A baby of six weeks was found lifeless.", "1", "1", "under_1"),
        ("A boy died at nine days in hospital.", "0", "0", "under_1"),
        ("Serious injuries to an 18 month old child.", "18", "18", "1_5"),
        ("This review is about a girl aged sixteen who died.", "192", "203", "16_17"),
        ("Child T, who was 14 when the incident happened, was hurt.", "168", "179", "11_15"),
        ("Child T (15) was stabbed.", "180", "191", "11_15"),
        ("Two brothers of eight and three were neglected.", "36", "107", "1_5|6_10"),
        ("Three sisters aged 4, 7 and 9 were harmed.", "48", "119", "1_5|6_10"),
        ("A girl aged one year and five months was injured.", "17", "17", "1_5"),
        ("A boy aged 5 years 3 months was injured.", "63", "63", "1_5"),
        ("A two-and-a-half-year-old girl drowned.", "24", "35", "1_5"),
        ("Both girls were 14-year-olds and were exploited.", "168", "179", "11_15"),
        (
            "Under Working Together to Safeguard Children 2018 this review followed the death of a 6-week-old boy.",
            "1",
            "1",
            "under_1",
        ),
        ("Sibling 1 (aged 9) and Sibling 2 (aged 5) were neglected.", "60", "119", "1_5|6_10"),
        ("Child S was two years and nine months old when she died.", "33", "33", "1_5"),
        ("Baby H was born prematurely and died at eleven weeks.", "2", "2", "under_1"),
        ("Age at time of death: 15 years.", "180", "191", "11_15"),
        ("A toddler drowned in a pond.", "12", "35", "1_5"),
    ],
)  # fmt: skip
def test_an_age_is_read_in_months_and_band(text: str, low: str, high: str, band: str) -> None:
    assert values("age_months_min", text) == [low]
    assert values("age_months_max", text) == [high]
    assert values("age_band", text) == [band]


def test_a_teenager_has_months_and_no_band() -> None:
    assert values("age_months_min", "A teenage girl died.") == ["156"]
    assert values("age_months_max", "A teenage girl died.") == ["215"]
    assert values("age_band", "A teenage girl died.") == []


@pytest.mark.parametrize(
    "text",
    [
        "The child lived with Mother, who was aged 17.",
        "An older sister, aged 7, was at school.",
        "The 16-year-old mother of the child left the room.",
        "The child was born at 29 weeks of gestation.",
        "Father was sentenced to 12 years in prison for the harm.",
        "The child was harmed. His half-brother aged three was not.",
    ],
)
def test_ages_of_others_and_other_numbers_are_not_the_childs_age(text: str) -> None:
    assert values("age_months_min", text) == []


def test_the_age_at_the_event_outweighs_a_memory() -> None:
    text = "When he was two the family moved to Eastwick. The boy was stabbed at the age of 15 and died."
    assert values("age_band", text) == ["11_15"]


def test_a_fact_carries_its_page_and_sentence() -> None:
    cover = "Harrowdale Safeguarding Partnership\nReview of Child Q"
    text = "1. Introduction\nChild Q was quiet.\nIn May 2020 a 5-month-old girl died at home.\n"
    fact = next(fact for fact in facts(cover, text) if fact.field == "age_band")
    assert fact == Fact(
        field="age_band",
        value="under_1",
        raw="5 month old",
        origin="text",
        confidence=fact.confidence,
        page=2,
        evidence="In May 2020 a 5-month-old girl died at home.",
        rule="age",
        standing="case",
    )
    assert 0.6 < fact.confidence <= 0.99


def test_the_summary_of_a_listing_is_an_origin_of_its_own() -> None:
    told = [
        (fact.field, fact.value, fact.origin, fact.page)
        for fact in facts("", summary="Death of a 3-week-old boy.")
        if fact.field in ("age_months_min", "outcome", "sex")
    ]
    assert told == [
        ("age_months_min", "0", "listing", None),
        ("sex", "boy", "listing", None),
        ("outcome", "death", "listing", None),
    ]


@pytest.mark.parametrize(
    ("text", "sex"),
    [
        ("Death of a boy aged 3.", "boy"),
        ("Twin girls of 14 weeks were injured.", "girl"),
        ("A brother and sister aged 4 and 6 were neglected.", "mixed"),
        ("A transgender young person of 16 died.", "other"),
        ("Child Q was seen at school, and she was tired. Child Q said that she was cold.", "girl"),
        ("A child of two was hurt. His mother's boyfriend was charged.", "boy"),
        ("A child of two was hurt. The mother's boyfriend lost his temper.", "not_stated"),
    ],
)
def test_sex_is_told_by_nouns_and_by_pronouns_of_the_child(text: str, sex: str) -> None:
    assert values("sex", text) == [sex]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Death of a boy aged 3.", "1"),
        ("Neglect of three siblings over four years.", "3"),
        ("Twin girls of 14 weeks were injured.", "2"),
        ("A mother of five children hurt the baby.", "1"),
    ],
)
def test_the_number_of_children_is_counted(text: str, number: str) -> None:
    assert values("n_subjects", text) == [number]


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("A girl of 15 took her own life.", ["death"]),
        ("A baby was killed by his father.", ["death"]),
        ("A boy of 17 was stabbed to death in a park.", ["death"]),
        ("A boy survived a near fatal stabbing.", ["serious_harm"]),
        ("A girl of 14 was sexually exploited by men after her mother died.", ["serious_harm"]),
        ("A girl was harmed; the death of her father came first.", ["serious_harm"]),
        ("A boy of 13 was hurt after an attempted suicide.", ["serious_harm"]),
        ("A boy of 15 was convicted of sexual assaults.", ["other"]),
        ("The young person, aged 17 at the time, was convicted of murder.", ["other"]),
        ("Child L was injured at 5 weeks. A sibling, aged 2, died in 2011.", ["serious_harm"]),
        ("This is a good practice review of work with a family.", ["good_practice"]),
        ("This review looks at how agencies met.", []),
        ("A review is held when a child dies or is seriously harmed and abuse or neglect is suspected.", []),
    ],
)  # fmt: skip
def test_the_outcome_is_what_befell_the_child(text: str, outcome: list[str]) -> None:
    assert values("outcome", text) == outcome


def test_a_harm_of_the_case_needs_more_than_a_mention_in_law_glossary_or_denial() -> None:
    text = (
        "1. Introduction\nA baby girl was shaken by her father and died.\nThere was no evidence of sexual abuse.\n"
        "2. Legal framework\nAbuse may be physical abuse, emotional abuse, sexual abuse or neglect.\n"
        "Female genital mutilation must be reported.\n3. Glossary\nCSE: child sexual exploitation\n"
    )
    assert values("harm", text) == ["harm_abusive_head_trauma"]


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("A baby was murdered by his mother's partner.", ["mothers_partner"]),
        ("Father was convicted of the manslaughter of the child.", ["father"]),
        ("A boy of two was killed by his mother and her partner.", ["mother", "mothers_partner"]),
        ("A girl of 15 took her own life.", ["self"]),
        ("A baby was killed by a dog.", ["animal"]),
        ("A girl was abused by a teacher.", ["position_of_trust"]),
        ("A boy fell ill.", []),
    ],
)
def test_the_source_of_harm_is_who_did_it(text: str, source: list[str]) -> None:
    assert sorted(values("source_of_harm", text)) == sorted(source)


def test_a_plan_at_the_time_is_also_a_plan_ever() -> None:
    text = "Child Q was subject to a child protection plan when the injury occurred."
    assert values("plan_status_now", text) == ["child_protection_plan"]
    assert values("plan_status_ever", text) == ["child_protection_plan"]


def test_a_plan_that_had_ended_is_a_plan_ever_only() -> None:
    text = "Child Q had previously been on a child protection plan, which ended in 2018."
    assert values("plan_status_now", text) == []
    assert values("plan_status_ever", text) == ["child_protection_plan"]


def test_the_mothers_own_time_in_care_is_not_the_childs_status() -> None:
    assert values("plan_status_ever", "Mother had been in foster care.") == []


@pytest.mark.parametrize(
    ("text", "plans"),
    [
        ("Early help needs consent, and consent was not given.", []),
        ("The family was offered early help, and the mother declined.", []),
        ("The family received early help from May.", ["early_help"]),
        ("The mother declined early help, and the boy was subject to a child protection plan.", ["child_protection_plan"]),
    ],
)  # fmt: skip
def test_help_that_was_not_taken_is_no_plan(text: str, plans: list[str]) -> None:
    assert values("plan_status_ever", text) == plans


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("The coroner has been given a copy. The children were sexually abused over several years.", "serious_harm"),
        ("A copy of this report was sent to HM coroner. The girl was injured.", "serious_harm"),
        ("The coroner recorded an open verdict. Child Q had asthma.", "death"),
        ("Research on sudden unexpected death in infancy shows that it is the unplanned night that carries the danger. The boy was injured.", "serious_harm"),
    ],
)  # fmt: skip
def test_who_has_a_copy_and_what_research_shows_are_no_death(text: str, outcome: str) -> None:
    assert values("outcome", text) == [outcome]


@pytest.mark.parametrize(
    ("text", "harms"),
    [
        ("Summary. Their mother slept on the sofa with the door locked. Their mother slept on the sofa.", []),
        ("Summary. Their mother slept on the sofa with the baby. She slept on the sofa with the baby.", ["harm_sudi"]),
    ],
)  # fmt: skip
def test_an_adult_who_sleeps_on_a_sofa_alone_is_no_unsafe_sleep(
    text: str, harms: list[str]
) -> None:
    assert values("harm", text, summary=text) == harms


def test_a_family_unknown_to_services_has_the_status_none() -> None:
    assert values("plan_status_now", "The baby was not known to social services.") == ["none"]


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("living_where", "Child Q lived with foster carers in Eastwick.", "foster_care"),
        ("living_where", "The baby lived with his mother in Stanmere.", "one_parent"),
        ("living_where", "The girl lived with her grandmother.", "relatives"),
        ("school_status", "The boy was permanently excluded at 13.", "excluded"),
        ("school_status", "The girl was electively home educated.", "home_educated"),
        ("school_status", "A baby of two months died.", "below_school_age"),
        ("methodology", "The review used the SCIE Learning Together model.", "scie_learning_together"),
        ("methodology", "The SILP methodology was used.", "silp"),
    ],
)  # fmt: skip
def test_living_school_and_method_are_told(field: str, text: str, value: str) -> None:
    assert values(field, text) == [value]


def test_classes_follow_only_from_a_single_harm() -> None:
    assert values("fatal_class", "A girl of 15 took her own life by hanging.") == ["5"]
    assert values("fatal_class", "This review looks at how agencies met.") == []


def test_an_empty_reading_tells_nothing() -> None:
    assert facts("") == ()


def told_of(labels: tuple[str, ...], *texts: str) -> dict[str, str]:
    pages = tuple(Page(number, text) for number, text in enumerate(texts, 1))
    reading = Reading("0", "ok", "text/plain", pages)
    found = find_case_facts(reading, find_sections(reading), labels=labels)
    return {fact.field: fact.value for fact in found}


def test_the_pseudonym_of_the_case_stands_for_the_child() -> None:
    text = "Wrenna was fifteen when she was found injured. Her mother was thirty-one."
    told = told_of(("Wrenna",), text)
    assert (told["age_band"], told["sex"]) == ("11_15", "girl")


def test_the_first_mention_of_the_child_outweighs_the_brothers_in_the_story() -> None:
    text = (
        "This review is about Child Q, a girl who was eleven months old. "
        "The older boys' school made a referral. The plan was about the boys. "
        "The boys filled the plan. The boys were at school. The boys had coats."
    )
    assert told_of(("Child Q",), text)["sex"] == "girl"


def test_one_boy_among_several_children_does_not_tell_the_sex_of_all() -> None:
    text = "The children were hurt in an attack. A boy said that he had been threatened."
    assert told_of(("Operation Heron",), text)["sex"] == "not_stated"


@pytest.mark.parametrize(
    "text",
    [
        "He was the first child of two young parents in the town.",
        "Between the ages of four and eight Child M was seen by eleven doctors.",
        "Delay matters more. The clinic should look at every baby and every toddler.",
    ],
)
def test_counts_stretches_of_life_and_advice_are_no_age(text: str) -> None:
    assert "age_band" not in told_of(("Child M",), text)


def test_how_long_a_baby_lived_is_its_age() -> None:
    assert told_of(("Baby Robin",), "Baby Robin lived for nine weeks.")["age_months_max"] == "2"


def test_an_appreciative_approach_is_a_method_and_no_outcome() -> None:
    text = "The review used an appreciative inquiry approach. Child M was seriously injured."
    assert told_of(("Child M",), text)["outcome"] == "serious_harm"
