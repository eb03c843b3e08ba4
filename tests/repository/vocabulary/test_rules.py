"""Rules of words: every packaged rule does what its examples say, and a wrong rule says what to write."""

import pytest

from casereviews.repository.describing.text.running_text import fold
from casereviews.repository.errors import VocabularyError
from casereviews.repository.vocabulary.rules import load_rules, parse_rules, rule_files

EVERY = [
    pytest.param(rules, rule, id=f"{name}-{at}-{rule.code}")
    for name in rule_files()
    for rules in (load_rules(name),)
    for at, rule in enumerate(rules, 1)
]
ONE = """
[parts]
child = "child(?:ren)?"
[[rule]]
code = "lcspr"
words = ['{child} safeguarding practice reviews?']
not_before = ['guidance (?:on|for)']
not_after = ['panel']
examples = ["Child Safeguarding Practice Review"]
"""


def text_for(rules, text):
    return fold(text) if rules.reads == "folded" else text


@pytest.mark.parametrize(("rules", "rule"), EVERY)
def test_every_rule_finds_its_examples_and_no_counter_example(rules, rule):
    for example in rule.examples:
        assert rule.search(text_for(rules, example)), f"{rule.code} does not fit {example!r}"
    for counter in rule.counter_examples:
        assert not rule.search(text_for(rules, counter)), f"{rule.code} fits {counter!r}"


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("The Child   Safeguarding practice reviews", True),
        ("Children safeguarding practice review", True),
        ("Guidance on child safeguarding practice reviews", False),
        ("Child safeguarding practice review panel", False),
        ("Child safeguarding practice review panels", True),
        ("Grandchild safeguarding practice review", False),
    ],
)
def test_words_are_whole_in_any_case_and_minds_their_neighbours(text, fits):
    assert parse_rules(ONE, "one").fits(text) is fits


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('code = "lcspr"', "", "rule 1: has no code"),
        ("{child}", "{kid}", "no part is called 'kid'"),
        ("reviews?", "reviews(", "missing )"),
        ("[[rule]]", "[[rule", "one.toml: "),
        ("[parts]", 'reads = "aloud"\n[parts]', "write one of printed, folded"),
    ],
)
def test_a_wrong_rule_names_its_file_and_what_to_write(old, new, said):
    with pytest.raises(VocabularyError, match=said.replace(")", r"\)")):
        parse_rules(ONE.replace(old, new), "one")
