"""Themes in the words of those who describe a case in a few lines."""

import pytest

from casereviews.collection.asking.described_case import described
from casereviews.collection.asking.described_themes import possible, themes_told
from casereviews.repository.vocabulary import PACKAGED


def themes(text: str) -> set[str]:
    facts = described(text, PACKAGED).facts
    return {*facts.get("themes", ()), *facts.get("harms", ())}


@pytest.mark.parametrize(
    ("text", "theme"),
    [
        ("She's 9. Uncle makes her touch him when gran is out.", "harm_csa_family"),
        ("Girl of 14, older men pick her up in cars, she has new trainers.", "harm_cse"),
        ("14 year old boy has been touching his 7 year old sister.", "harm_hsb"),
        ("Lad of 15 caught with wraps in his sock, owes the olders.", "harm_cce"),
        ("She is 16, jumped off a bridge last night.", "harm_suicide_self_harm"),
        ("House stinks, nits, always hungry. 4 and 6.", "harm_neglect"),
        ("He is 7. The pastor says he is possessed.", "harm_honour_culture"),
        ("Ten weeks old, hasn't gained weight since birth.", "harm_neglect"),
        ("Mum won't let us in and swears at social workers. Boy of 3.", "parent_resistance"),
        (
            "The night worker kissed one of the girls in the unit. She is 15.",
            "harm_position_of_trust",
        ),
        ("Ten year old does all the cooking for her mum.", "child_young_carer"),
        ("Complaint that the respite carer slaps the boys. 7 and 9.", "harm_position_of_trust"),
        ("Mother insists on more tests, collapses only when with mum. 4.", "harm_fii"),
        ("Family have arranged a wedding abroad, girl of 16.", "harm_honour_culture"),
        ("Teenage brother filmed his sister in the shower. She is 9.", "harm_hsb"),
        ("Burns in the shape of a hob, boy of 5.", "harm_physical_abuse"),
        ("Boy of 8 has to ask to eat and sleeps in the shed.", "harm_emotional_abuse"),
        ("Dad knifed another lad. He is 15, knifed another lad.", "harm_youth_violence"),
        ("Partner reads her messages. Baby of 3 months.", "family_domestic_abuse"),
        ("MO drinks most nights. Twins of 2.", "parent_substance"),
        ("Dad's on tag. Girl of 6.", "parent_criminality"),
    ],
)
def test_what_was_done_tells_the_theme(text: str, theme: str) -> None:
    assert theme in themes(text)


@pytest.mark.parametrize(
    ("text", "theme"),
    [
        ("Foster carer takes her swimming, she is 9.", "harm_position_of_trust"),
        ("Teacher noticed he was limping; he hurt his foot at football.", "harm_position_of_trust"),
        ("The ward wants to send them home. Baby of two days.", "child_disability"),
        ("Otherwise well looked after. Baby of 3 months.", "child_looked_after"),
        ("Mum grew up in care. Twins of 13 weeks.", "child_looked_after"),
        ("Her first two were adopted. Baby of 3 weeks.", "child_other_care"),
        ("He is 9, taken out of school to be taught at home.", "child_school_exclusion"),
        ("She keeps missing clinic. 15.", "child_missing"),
        ("Dad stabbed mum. Children 4 and 6.", "harm_youth_violence"),
        ("He punches mum in the stomach. Boys 3 and 5.", "harm_physical_abuse"),
        ("Teen boy, substance use, in trouble with the police.", "parent_substance"),
        ("There was no history of self-harm. Girl of 15.", "harm_suicide_self_harm"),
        ("He is 14 and says he'll burn down the mosque.", "harm_accident_ingestion"),
        ("Mum is on a methadone script, baby 4 weeks.", "harm_accident_ingestion"),
        ("Kid drowned in a pond, 6, mum was inside.", "harm_homicide"),
        ("He is 16 and charged with murder after a fight.", "harm_homicide"),
        ("Dad punches mum most nights, choked her. Kids 3 and 5.", "harm_physical_abuse"),
        ("Mum was beaten by her in-laws, girl of 9 saw it.", "harm_physical_abuse"),
        ("Girl of 15 fell down the stairs of the big hotel in town.", "harm_cse"),
        ("Both parents with mild learning difficulties, baby of 2 months.", "child_disability"),
        ("Dad, in the navy, has PTSD. Boy of 9 is fine.", "child_mental_health"),
        ("Lad of 13 made to sell crack.", "child_substance"),
        ("He came off the roll in June. 15.", "child_home_education"),
    ],
)
def test_who_came_whose_it_is_and_what_words_else_mean_tell_no_theme(text: str, theme: str) -> None:
    assert theme not in themes(text)


@pytest.mark.parametrize(
    "text",
    [
        "Father strangled mother in front of their girl of 3, and has threatened to kill himself.",
        "Dad hits mum, says he is killing himself; the boy is 7.",
    ],
)
def test_who_speaks_of_killing_himself_has_killed_nobody(text: str) -> None:
    assert "harm_homicide" not in described(text, PACKAGED).facts["harms"]


def test_a_girl_whom_somebody_pretends_to_be_is_nobodys_sex() -> None:
    facts = described("10 year old boy sent pictures to a ‘girl’ he met on an app.", PACKAGED).facts
    assert facts["sex"] == ("boy",)


@pytest.mark.parametrize(
    ("themes", "bands", "left"),
    [
        (("child_mental_health", "harm_neglect"), ("under_1",), ("harm_neglect",)),
        (("harm_infant_bruising",), ("1_5",), ()),
        (("harm_suicide_self_harm", "harm_accident_ingestion"), ("11_15",), ("harm_suicide_self_harm",)),
        (("harm_suicide_self_harm", "harm_accident_ingestion"), ("1_5",), ("harm_accident_ingestion",)),
        (("harm_homicide", "harm_suicide_self_harm"), ("1_5", "6_10"), ("harm_homicide",)),
        (("child_mental_health", "child_substance", "harm_fii"), ("1_5",), ("harm_fii",)),
        (("child_mental_health",), ("1_5", "6_10"), ("child_mental_health",)),
        (("child_mental_health",), (), ("child_mental_health",)),
    ],
)  # fmt: skip
def test_an_age_excludes_what_cannot_be_of_it(
    themes: tuple[str, ...], bands: tuple[str, ...], left: tuple[str, ...]
) -> None:
    assert possible(themes, bands) == left


def test_a_mark_is_a_babys_bruise_or_abuse_by_the_age() -> None:
    assert themes_told("a mark on his cheek", ("under_1",)) == ("harm_infant_bruising",)
    assert themes_told("a mark on his cheek", ("6_10",)) == ("harm_physical_abuse",)


@pytest.mark.parametrize(
    ("text", "never"),
    [
        ("Girl 15, mum smokes cannabis in the car on the school run.", "child_substance"),
        ("Girl 14. Dad owes money to a dealer and men have come twice.", "harm_cce"),
        ("Boy 15, dad in prison for drugs. Boy does well at school.", "child_substance"),
        ("Boy of 16, his older brother sells drugs from the flat.", "harm_cce"),
        ("Boy, 10, is anxious because his gran has cancer.", "child_health"),
        ("Her best friend overdosed last month. She is 14.", "harm_suicide_self_harm"),
        ("Foster mum has become depressed. Boy of 3.", "parent_mental_health"),
        ("Aunt has bipolar and minds the toddler while mum works.", "parent_mental_health"),
        ("Foster dad was sacked and drinks at night. Twins of 6.", "parent_substance"),
        ("Mum was in care herself and was sexually exploited at 14. Baby of 3 months.", "harm_cse"),
        ("Dad was abused himself as a boy. Girl 9, wary of him.", "harm_csa_family"),
        ("Foster carers' own son, 17, has been arrested. Child is 8.", "child_substance"),
        ("Boy 9, his teacher is off with depression.", "child_mental_health"),
        ("Mum's ex has threatened to burn the flat down. Twins of 2.", "harm_accident_ingestion"),
    ],
)
def test_what_is_anothers_is_not_read_of_the_child_or_its_parents(text: str, never: str) -> None:
    assert never not in themes(text)


@pytest.mark.parametrize(
    ("text", "theme"),
    [
        ("Girl 14 self-harming since her dad left.", "harm_suicide_self_harm"),
        ("Lad 13, mum's partner has him carrying packages on the train.", "harm_cce"),
        ("Boy 16 sells drugs for mum's boyfriend.", "harm_cce"),
        ("Girl of 12, cousin took his own life, she cuts her arms now.", "harm_suicide_self_harm"),
        ("Girl 14 self-harming. Mum smokes weed.", "parent_substance"),
    ],
)
def test_what_is_the_childs_is_read_whoever_is_named_beside_it(text: str, theme: str) -> None:
    assert theme in themes(text)
