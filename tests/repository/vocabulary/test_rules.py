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
counter_examples = ["Child Safeguarding Practice Review Panel"]
"""
FOLDED = """
reads = "folded"
signs = ["school", "taught"]
[parts]
child = "child|pupil"
[[rule]]
code = "person"
words = ['the {child}']
examples = ["the child"]
counter_examples = ["the teacher"]
[[rule]]
code = "taught"
words = ['{person} was taught']
not_before = ['sister of']
not_after = ['at school']
examples = ["The pupil was taught at home."]
counter_examples = ["The pupil was taught at school."]
"""
PLAIN = """
reads = "folded"
plain = true
edges = "begins"
[[rule]]
code = "law"
words = ["children act", "act ("]
examples = ["The Children Act 1989"]
counter_examples = ["the children played"]
[[rule]]
code = "help"
words = ["helpline"]
examples = ["helplines"]
counter_examples = ["help"]
"""


def text_for(rules, text):
    return fold(text) if rules.reads == "folded" else text


@pytest.mark.parametrize(("rules", "rule"), EVERY)
def test_every_rule_finds_its_examples_and_no_counter_example(rules, rule):
    for example in rule.examples:
        assert rule.search(text_for(rules, example)), f"{rule.code} does not fit {example!r}"
        assert rules.may_fit(text_for(rules, example)), f"{example!r} has none of the signs"
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
        ("counter_examples", "counters", "has no counter_examples"),
        ("[[rule]]", '[[rule]]\nplace = "middle"', "called 'middle'; write edges = whole, begins"),
        ("{child}", "{kid}", "no part is called 'kid'"),
        ("reviews?", "reviews(", "missing )"),
        ("(?:on|for)'", "(?:on|for'", "missing )"),
        ("[[rule]]", "[[rule", "one.toml: "),
        ("[parts]", 'reads = "aloud"\n[parts]', "write one of printed, folded"),
    ],
)
def test_a_wrong_rule_names_its_file_and_what_to_write(old, new, said):
    with pytest.raises(VocabularyError, match=said.replace(")", r"\)")):
        parse_rules(ONE.replace(old, new), "one")


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("the pupil was taught at home", True),
        ("the child was taught", True),
        ("the pupil was  taught", False),
        ("the pupil was taught at school", False),
        ("the pupil was taught, at school", True),
        ("the sister of the pupil was taught", False),
        ("the teacher was taught", False),
    ],
)
def test_rules_of_folded_text_name_rules_above_them_and_take_a_blank_as_it_stands(text, fits):
    assert parse_rules(FOLDED, "one")["taught"].fits(text) is fits


def test_a_text_without_signs_fits_no_rule():
    rules = parse_rules(FOLDED, "one")
    assert (rules.may_fit("the child was taught"), rules.may_fit("the child")) == (True, False)


def test_plain_phrases_are_found_in_one_pass_in_their_order_of_precedence():
    found = list(parse_rules(PLAIN, "one").phrases("helplines, contract (3), children acts"))
    assert [(one.rule.code, one.order, one.start, one.end) for one in found] == [
        ("help", 2, 0, 8),
        ("law", 0, 25, 37),
    ]


@pytest.mark.parametrize(
    ("place", "edges", "text", "fits"),
    [
        ("start", "whole", "Annex 3", True),
        ("start", "whole", "The annex", False),
        ("end", "whole", "The annex", True),
        ("whole", "whole", "The annex", False),
        ("anywhere", "whole", "annexes", False),
        ("anywhere", "begins", "annexes", True),
        ("anywhere", "begins", "preannexes", False),
        ("anywhere", "inside", "preannexes", True),
    ],
)
def test_place_and_edges_say_where_words_stand(place, edges, text, fits):
    rule = (f'place = "{place}"\nedges = "{edges}"\n[[rule]]\ncode = "appendix"\nwords = ["annex"]\n'
            'examples = ["Annex"]\ncounter_examples = ["Index"]')  # fmt: skip
    assert parse_rules(rule, "one").fits(text) is fits


@pytest.mark.parametrize("name", rule_files())
def test_the_one_look_for_all_rules_finds_what_each_rule_finds(name):
    rules = load_rules(name)
    said = [one for rule in rules for one in (*rule.examples, *rule.counter_examples)]
    for one in said:
        text = text_for(rules, f"of {one}, that is")
        each = [(rule.code, match.span()) for rule in rules for match in rule.find(text)]
        assert [(hit.code, hit.match.span()) for hit in rules.hits(text)] == each
        assert rules.fits(text) is bool(each)


SHORT = """
gap = '[ ]*'
not_after = ['panel']
[[rule]]
code = "scr"
words = ['SCR']
acronym = true
not_after = ['group']
examples = ["SCR"]
counter_examples = ["scr"]
[[rule]]
code = "review"
words = ['case reviews?', 'scr overview']
longer = true
examples = ["Case review"]
counter_examples = ["Case"]
"""


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("SCRs and an SCR's summary", ["SCRs", "SCR's"]),
        ("2019SCR_3", ["SCR"]),
        ("scr, Scr, ASCR, SCREEN", []),
        ("SCR Panel, SCR group, case review panel", []),
        ("SCR: panel", ["SCR"]),
        ("Case review, SCR, case reviews", ["Case review", "SCR", "case reviews"]),
        ("SCR overview", ["SCR"]),
    ],
)
def test_acronyms_are_capitals_and_places_follow_the_text(text, found):
    assert [hit.match.group(0) for hit in parse_rules(SHORT, "short").places(text)] == found


def test_rules_are_told_apart_by_their_own_keys():
    rules = parse_rules(SHORT, "short")
    assert (rules.having("longer").codes, rules.lacking("longer").codes) == (("review",), ("scr",))
