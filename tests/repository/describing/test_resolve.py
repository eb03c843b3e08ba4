"""Candidates of one field: who wins, who disagrees, what a correction does."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from casereviews.repository.describing.resolve import ADDED, TAKEN_OUT, resolve, resolve_review
from casereviews.repository.model import Fact


def fact(
    field: str, value: str, confidence: float = 0.8, origin: str = "listing", rule: str = ""
) -> Fact:
    return Fact(field, value, value, origin, confidence, rule=rule)


def test_the_surest_candidate_wins_and_others_that_disagree_are_kept() -> None:
    weak, strong = fact("review_type", "scr", 0.6), fact("review_type", "lcspr", 0.9, "title")
    won = resolve([weak, strong])["review_type"]
    assert (won.value, won.fact, won.conflicting) == ("lcspr", strong, (weak,))


def test_the_same_value_from_elsewhere_is_no_conflict() -> None:
    assert (
        resolve([fact("review_type", "scr", 0.6), fact("review_type", "scr", 0.9)])[
            "review_type"
        ].conflicting
        == ()
    )


def test_of_dates_of_the_same_time_the_more_exact_wins_and_none_conflicts() -> None:
    won = resolve([fact("published", "2019", 0.9), fact("published", "2019-05-03", 0.8)])[
        "published"
    ]
    assert (won.value, won.conflicting) == ("2019-05-03", ())


def test_a_report_month_does_not_conflict_with_a_date_of_publication() -> None:
    won = resolve(
        [fact("published", "2019-05-03", 0.95), fact("published", "2017-03", 0.5, "page")]
    )["published"]
    assert (won.value, won.conflicting) == ("2019-05-03", ())


def test_a_correction_wins_over_every_rule_and_shows_what_it_overrules() -> None:
    rule, person = fact("sex", "girl", 1.0), fact("sex", "boy", 0.2, "manual")
    won = resolve([rule, person])["sex"]
    assert (won.value, won.corrected, won.conflicting) == ("boy", True, (rule,))


def test_an_empty_correction_says_that_nothing_is_known() -> None:
    assert resolve([fact("sex", "girl", 1.0), fact("sex", "", 1.0, "manual")])["sex"].value is None


def test_values_of_several_facts_stand_side_by_side() -> None:
    won = resolve([fact("theme", "harm_neglect", 0.7), fact("theme", "harm_cse_b", 0.9)])["theme"]
    assert (won.value, won.values) == ("harm_cse_b|harm_neglect", ("harm_cse_b", "harm_neglect"))


def test_impossible_dates_lose_to_possible_ones_and_stay_as_conflicts() -> None:
    late, fine = fact("published", "2031-04-03", 0.95), fact("published", "2019-05", 0.5)
    won = resolve([late, fine, fact("seen", "2026-05-05", 1.0, "derived")])["published"]
    assert (won.value, won.conflicting) == ("2019-05", (late,))


def test_an_impossible_date_that_a_person_gave_stands() -> None:
    given_date = fact("published", "2016", 1.0, "manual")
    assert resolve([given_date, fact("death_date", "2018-05-04")])["published"].value == "2016"


def test_a_review_takes_its_date_from_the_report_and_its_facts_from_all() -> None:
    report = [
        fact("published", "2020-03", 0.8),
        fact("subject_labels", "Child Q"),
        fact("document_role", "overview_report"),
    ]
    briefing = [fact("published", "2019-01", 0.95), fact("review_type", "lcspr", 0.95)]
    fields = resolve_review([report, briefing])
    assert {name: one.value for name, one in fields.items()} == {
        "published": "2020-03", "subject_labels": "Child Q", "review_type": "lcspr",
    }  # fmt: skip


_facts = st.lists(
    st.builds(
        fact,
        st.sampled_from(["published", "death_date", "review_type", "theme", "seen"]),
        st.sampled_from(["2019", "2019-05-03", "2031", "2016-01", "scr", "lcspr|thematic_review"]),
        st.sampled_from([0.2, 0.5, 0.9]),
        st.sampled_from(["manual", "title", "page", "text"]),
    ),
    max_size=8,
)


@given(_facts, st.randoms(use_true_random=False))
def test_the_order_of_facts_changes_nothing(facts: list[Fact], chance: st.DataObject) -> None:
    shuffled = list(facts)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert resolve(shuffled) == resolve(facts)


def test_a_candidate_that_says_the_same_and_more_wins() -> None:
    kind = resolve([fact("review_type", "cpr", 0.9), fact("review_type", "cpr_concise", 0.6)])
    assert kind["review_type"].value == "cpr_concise"
    cover = fact("subject_labels", "Child M|Skye", 0.82, "page", "cover")
    both = resolve([fact("subject_labels", "Child M", 0.9), cover])
    assert both["subject_labels"].values == ("Child M", "Skye")


def test_a_month_in_a_title_does_not_hide_the_day_on_the_listing() -> None:
    listed = fact("published", "2024-02-20", 0.7)
    dates = [fact("published", "2024-02", 0.9, "title"), listed, fact("published", "2023-01-05")]
    assert resolve(dates)["published"].fact == listed


def test_people_add_and_take_out_one_value_and_the_others_stay_as_found() -> None:
    found = [
        fact("theme", "harm_neglect", 0.9, "text"),
        fact("theme", "practice_voice", 0.7, "text"),
    ]
    added = fact("theme", "child_missing", 1.0, "manual", ADDED)
    out = replace(fact("theme", "", 1.0, "manual", TAKEN_OUT), raw="harm_neglect")
    assert resolve([*found, added])["theme"].values == (
        "child_missing",
        "harm_neglect",
        "practice_voice",
    )
    assert resolve([*found, added, out])["theme"].values == ("child_missing", "practice_voice")
    assert resolve([found[0], out])["theme"].value is None
    assert resolve([out])["theme"].value is None
    assert resolve_review([[*found, out], [fact("theme", "harm_neglect", 0.9, "text")]])[
        "theme"
    ].values == ("practice_voice",)
    assert resolve([*found, out])["theme"].corrected


def test_one_value_is_taken_out_of_a_list_and_of_what_a_person_said_before() -> None:
    labels = fact("subject_labels", "Child Q|Heron", 0.9, "title")
    out = replace(fact("subject_labels", "", 1.0, "manual", TAKEN_OUT), raw="Heron")
    assert resolve([labels, out])["subject_labels"].values == ("Child Q",)
    said = fact("subject_labels", "Heron|Wren", 1.0, "manual", "correction")
    assert resolve([labels, said, out])["subject_labels"].values == ("Wren",)


def weighed_themes(*facts: Fact) -> dict[str, tuple[str, ...]]:
    resolved = resolve(facts)
    return {
        name: resolved[name].values
        for name in ("theme", "central_theme", "touched_theme")
        if name in resolved and resolved[name].value
    }


FOUND = (
    Fact("theme", "harm_neglect", "", "text", 0.9),
    Fact("theme", "harm_cse", "", "text", 0.8),
    Fact("central_theme", "harm_neglect", "", "text", 0.9),
    Fact("touched_theme", "harm_fii", "", "text", 0.5),
)


def test_a_theme_that_a_person_added_is_central_and_no_more_touched() -> None:
    added = Fact("theme", "harm_fii", "", "manual", 1.0, rule=ADDED)
    assert weighed_themes(*FOUND, added) == {
        "theme": ("harm_fii", "harm_neglect", "harm_cse"),
        "central_theme": ("harm_fii", "harm_neglect"),
    }


def test_a_theme_that_a_person_took_out_has_no_weight() -> None:
    out = Fact("theme", "", "harm_neglect", "manual", 1.0, rule=TAKEN_OUT)
    assert weighed_themes(*FOUND, out) == {
        "theme": ("harm_cse",),
        "touched_theme": ("harm_fii",),
    }


def test_themes_that_a_person_said_are_all_there_are() -> None:
    said = Fact("theme", "harm_cse", "", "manual", 1.0)
    assert weighed_themes(*FOUND, said) == {"theme": ("harm_cse",), "central_theme": ("harm_cse",)}


def test_what_one_document_touches_and_another_is_about_is_not_touched() -> None:
    assert weighed_themes(*FOUND, Fact("touched_theme", "harm_cse", "", "text", 0.5)) == {
        "theme": ("harm_neglect", "harm_cse"),
        "central_theme": ("harm_neglect",),
        "touched_theme": ("harm_fii",),
    }
