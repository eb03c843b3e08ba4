"""A second opinion: a theme that rests on one sentence loses weight when the sentence speaks of other things, and the fact says so."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from casereviews.repository.describing import second_opinion as judging
from casereviews.repository.describing.describer import describer_of
from casereviews.repository.describing.second_opinion import (
    POOR_MATCH,
    POOR_WORTH,
    SecondOpinion,
    can_judge,
    is_wanted,
    load_encoder,
    second_opinion,
)
from casereviews.repository.describing.themes import ThemeFinder
from casereviews.repository.errors import ModelError, TomlError
from casereviews.repository.home import Home
from casereviews.repository.model import Fact, Page, Reading
from casereviews.repository.processing import describing_children
from casereviews.repository.theme_weights import confidence_of
from casereviews.repository.vocabulary import PACKAGED, Theme, Vocabulary
from casereviews.repository.vocabulary.theme_examples import load_theme_examples

WORDS = ("hungry", "dirty", "garden", "asleep", "bed", "listened", "kites")


class CountedWords:
    """An encoder of seven words: a text is the words that it has of them."""

    key, dimension = "seven-words", len(WORDS)

    def encode(self, texts: Sequence[str]) -> Any:
        np = pytest.importorskip("numpy", reason="the [semantic] extra is not installed")
        counted = np.array([[float(word in text) for word in WORDS] for text in texts], "float32")
        return counted / np.maximum(np.linalg.norm(counted, axis=1, keepdims=True), 1e-9)


def theme(theme_id: str, group: str, phrase: str, definition: str) -> Theme:
    return Theme(theme_id, group, theme_id, (phrase,), definition=definition)


NEGLECT = theme("harm_neglect", "harm_type", "neglect", "The child was hungry.")
SLEEP = theme("harm_sudi", "harm_type", "co-sleeping", "The baby was asleep in a bed.")
VOICE = theme("practice_voice", "practice_issue", "voice", "Nobody listened.")
GARDENS = theme("practice_gardens", "practice_issue", "weeds", "The garden mattered.")
SCHOOLS = theme("agency_schools", "agency", "school", "A garden of kites.")
UNSAID = theme("child_kites", "child_factor", "kites", "")
THEMES = (NEGLECT, SLEEP, VOICE, GARDENS, SCHOOLS, UNSAID)


@pytest.fixture(autouse=True)
def _examples(monkeypatch: pytest.MonkeyPatch) -> None:
    examples = {"harm_neglect": ("The rooms were dirty.", "He was always hungry.")}
    monkeypatch.setattr(judging, "load_theme_examples", lambda: examples)


@pytest.mark.parametrize(
    ("said", "poor"),
    [
        ({"harm_neglect": "The garden showed neglect."}, {"harm_neglect"}),
        ({"harm_neglect": "Neglect: he was hungry."}, set()),
        ({"harm_neglect": "Neglect: all was dirty."}, set()),  # as an example has it
        ({"harm_neglect": "Neglect."}, set()),  # speaks of nothing: nothing is nearer
        ({"agency_schools": "He listened."}, set()),
        ({"child_kites": "He listened."}, set()),  # without a definition
        (
            {"harm_sudi": "He listened in the garden.", "practice_voice": "He listened."},
            {"harm_sudi"},
        ),
    ],
)
def test_a_sentence_that_is_nearer_to_many_other_themes_is_a_poor_match(
    said: dict[str, str], poor: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judging, "NEARER_THEMES", 0.25)
    opinion = SecondOpinion(THEMES, CountedWords)
    assert opinion.poor_matches(said) == poor == opinion.poor_matches(said)


def test_the_encoder_is_loaded_once_and_only_for_a_theme_that_is_judged() -> None:
    loaded = []

    def load() -> CountedWords:
        loaded.append(1)
        return CountedWords()

    opinion = SecondOpinion(THEMES, load)
    opinion.poor_matches({})
    opinion.poor_matches({"child_kites": "Kites.", "agency_schools": "A school."})
    assert loaded == []
    for _ in range(2):
        opinion.poor_matches({"harm_neglect": "Neglect."})
    assert loaded == [1]


class Told(SecondOpinion):
    """Holds every theme that it is asked of to be poor, and keeps what it was asked."""

    def __init__(self) -> None:
        super().__init__(THEMES, CountedWords)
        self.asked: dict[str, str] = {}

    def poor_matches(self, told: Any) -> frozenset[str]:
        self.asked |= told
        return frozenset(told)


def facts(text: str, opinion: SecondOpinion | None, **listing: str) -> dict[str, Fact]:
    reading = Reading("0", "ok", "text/plain", (Page(1, text),))
    finder = ThemeFinder(Vocabulary(THEMES))
    return {one.value: one for one in finder.find(reading, (), opinion=opinion, **listing)}


def test_a_poor_match_loses_a_part_of_its_strength_and_its_rule_says_so() -> None:
    text = "He suffered neglect. Then there was co-sleeping. The co-sleeping went on."
    without, opinion = facts(text, None), Told()
    with_it = facts(text, opinion)
    assert opinion.asked == {"harm_neglect": "He suffered neglect."}
    assert with_it["harm_sudi"] == without["harm_sudi"]  # rests on two sentences
    poor = with_it["harm_neglect"]
    assert poor.rule == f"{without['harm_neglect'].rule}; {POOR_MATCH}"
    assert poor.confidence == pytest.approx(
        1 - (1 - without["harm_neglect"].confidence) ** POOR_WORTH, abs=0.002
    )
    assert poor.confidence < without["harm_neglect"].confidence < confidence_of(99)


def test_a_title_is_no_sentence_to_be_judged() -> None:
    opinion = Told()
    assert set(facts("Nothing else.", opinion, title="Child D: neglect")) == {"harm_neglect"}
    assert opinion.asked == {}


def test_every_packaged_theme_has_two_examples_and_a_definition_to_be_compared_with() -> None:
    of_content = {one.id for one in PACKAGED.themes if one.group != "agency" and one.definition}
    examples = load_theme_examples()
    assert examples.keys() == of_content
    assert {len(some) for some in examples.values()} == {2}
    said = [sentence for some in examples.values() for sentence in some]
    assert len(set(said)) == len(said)


def test_with_the_extra_words_of_another_matter_are_a_poor_match(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pytest.importorskip("wordllama", reason="the [semantic] extra is not installed")
    monkeypatch.setattr(judging, "load_theme_examples", load_theme_examples)
    opinion = second_opinion.__wrapped__(PACKAGED)
    garden = "The garden behind the town hall had suffered from years of neglect."
    assert opinion.poor_matches({"harm_neglect": garden}) == {"harm_neglect"}
    toddler = "The toddler was unwashed and there was no food in the house."
    assert opinion.poor_matches({"harm_neglect": toddler}) == frozenset()


@pytest.mark.parametrize(
    ("config", "wanted"),
    [("", False), ("second_opinion = true\n", True), ("second_opinion = false\n", False)],
)
def test_the_home_switches_it_on(tmp_path: Path, config: str, wanted: bool) -> None:
    home = Home(tmp_path)
    assert is_wanted(home) is False
    home.config_toml.write_text(config, "utf-8")
    assert is_wanted(home) is wanted


@pytest.mark.parametrize("said", ['"yes"', "1", "[]"])
def test_what_is_no_switch_is_named_with_its_line(tmp_path: Path, said: str) -> None:
    home = Home(tmp_path)
    home.config_toml.write_text(f"# ours\nsecond_opinion = {said}\n", "utf-8")
    with pytest.raises(TomlError, match=r"config\.toml, line 2: write second_opinion = true or"):
        is_wanted(home)


def test_without_the_extra_it_says_what_to_do_and_nobody_judges(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(judging, "has_wordllama", lambda: False)
    with pytest.raises(ModelError, match=r'pip install "\.\[semantic\]"'):
        load_encoder()
    second_opinion.cache_clear()
    assert can_judge(PACKAGED) is False


def test_a_second_opinion_is_another_describer() -> None:
    assert describer_of(PACKAGED, with_second_opinion=True) != describer_of(PACKAGED)


def test_children_are_told_whether_there_is_a_second_opinion(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = []

    def describe_document(*_: object, **options: object) -> None:
        asked.append(options["with_second_opinion"])
        raise ValueError

    monkeypatch.setattr(describing_children, "describe_document", describe_document)
    monkeypatch.setattr(describing_children, "failed", lambda *_: None)
    monkeypatch.setattr(describing_children, "_with_second_opinion", False)
    for wanted in (True, False):
        describing_children._prepare(PACKAGED, wanted)
        describing_children._described(SimpleNamespace(given=None))  # type: ignore[arg-type]
    assert asked == [True, False]
