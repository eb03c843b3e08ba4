"""One vocabulary: a title that describing knows as a review or a paper of one is taken by the crawler, a decoy is left by both."""

from __future__ import annotations

from dataclasses import replace

import pytest

from casereviews.crawler.parsing.listing import parse_listing
from casereviews.crawler.parsing.parsed import Parsed
from casereviews.crawler.sources.source import Source
from casereviews.repository.describing.titles import read_title
from casereviews.repository.model import AVAILABILITY
from casereviews.repository.record.availability import STATED, availability_of
from casereviews.repository.vocabulary.codes import DOCUMENT_ROLES, REVIEW_TYPES
from casereviews.repository.vocabulary.rules import Rule, Rules, load_rules

SITE = "http://hallowshire.test"
SOURCE = Source(
    "hallowshire", "Hallowshire Safeguarding Partnership", "England", "listing", (f"{SITE}/",), ("hallowshire.test",)
)  # fmt: skip
TYPES, ACRONYMS = load_rules("review_types"), load_rules("review_acronyms")
ROLES, DECOYS = load_rules("document_roles"), load_rules("decoys")


NATIONAL = replace(SOURCE, national=True)


def listed(title: str, source: Source = SOURCE) -> Parsed:
    """A plain page of publications with one link of this name; the file's own name tells nothing."""
    page = f'<main><h1>Publications</h1><p><a href="/d/1.pdf">{title}</a></p></main>'
    return parse_listing(f"<html><body>{page}</body></html>", f"{SITE}/publications/", source)


def every(*files: Rules) -> list[object]:
    return [
        pytest.param(rule, example, id=f"{rule.code}: {example}")
        for rules in files
        for rule in rules
        for example in rule.examples
    ]


def codes_by_nation(rule: Rule) -> dict[str | None, str]:
    """The code that a rule's words have in each nation they mean one in, "" for an unknown nation."""
    nations = rule.more.get("nations", ["Wales", "England", "Scotland", "Northern Ireland", ""])
    other = rule.more.get("in_nation", {})
    return {nation or None: other.get(nation, rule.code) for nation in nations}


@pytest.mark.parametrize(("rule", "title"), every(TYPES.lacking("beside"), ACRONYMS))
def test_a_title_of_every_type_is_read_by_describing_and_taken_by_the_crawler(rule, title):
    for nation, code in codes_by_nation(rule).items():
        read = read_title(title, nation=nation)
        assert code in (read.review_type or "").split("|"), nation
        assert not read.not_a_review
    # A national review's own publishers list it; on a board's page it is the Panel's paper.
    source = NATIONAL if rule.code == "national_review" else SOURCE
    assert [one.link_text for one in listed(title, source).sightings] == [title]


@pytest.mark.parametrize(("rule", "title"), every(TYPES.having("beside")))
def test_a_kind_that_stands_away_from_its_types_name_is_read_and_taken(rule, title):
    assert read_title(title, nation="Wales").review_type == rule.code
    assert len(listed(title).sightings) == 1


@pytest.mark.parametrize(("rule", "title"), every(ROLES.lacking("bare")))
def test_a_title_of_every_role_is_read_by_describing_and_taken_by_the_crawler(rule, title):
    read = read_title(title, nation="England")
    assert (read.document_role or read.other_role) == rule.code
    assert len(listed(title).sightings) == 1


@pytest.mark.parametrize(("rule", "title"), every(DECOYS))
def test_a_decoy_is_left_by_both_and_the_crawler_says_why(rule, title):
    read = read_title(title, nation="England")
    assert (read.not_a_review, read.review_type, read.document_role) == (True, None, None)
    parsed = listed(title)
    assert (parsed.sightings, dict(parsed.left_alone)) == ((), {rule.code: 1})


@pytest.mark.parametrize(
    "title", [title for rule in DECOYS for title in rule.counter_examples if " " in title]
)
def test_what_is_no_decoy_is_turned_away_by_neither(title):
    assert not read_title(title, nation="England").not_a_review
    assert not set(listed(title).left_alone) & set(DECOYS.codes)


@pytest.mark.parametrize(
    ("title", "reason"),
    [
        ("Learning from the Hallowshire CMR dissemination event (2017)", None),
        ("Learning from serious case reviews: escalation", None),
        ("Thematic review of training records", None),
        ("Learning from case reviews toolkit", "toolkit"),
        ("Expression of interest: serious case reviews", "notice"),
        ("LCSPR – guidelines", "guidance"),
        ("E-learning on serious case reviews", "training"),
        ("Inquiry into thresholds: terms of reference", "committee"),
    ],
)
def test_what_a_name_is_called_after_is_told_from_what_it_is_about_by_both(title, reason):
    assert read_title(title, nation="England").not_a_review is (reason is not None)
    assert dict(listed(title).left_alone) == ({reason: 1} if reason else {})


def test_every_code_of_the_lists_has_words():
    acronyms_and_names = {
        code
        for rule in (*TYPES, *ACRONYMS)
        for code in (rule.code, *rule.more.get("in_nation", {}).values())
    }
    assert acronyms_and_names == set(REVIEW_TYPES)
    assert set(ROLES.lacking("bare").codes) == set(DOCUMENT_ROLES)


@pytest.mark.parametrize(("rule", "words"), every(load_rules("status_words").of(*STATED)))
def test_a_status_is_the_same_for_the_list_and_for_the_record(rule, words):
    assert availability_of([words]) == rule.code


def test_the_status_words_that_mean_an_availability_are_those_of_the_record():
    assert set(STATED) <= set(AVAILABILITY)
    assert STATED == ("no_longer_published", "unpublished", "delayed", "on_request")
