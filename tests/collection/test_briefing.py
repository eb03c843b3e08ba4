"""A briefing: every sentence stands on the page that is cited, every count is that of the search; and what is never quoted."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from itertools import combinations
from random import Random

import pytest

from casereviews import Collection
from casereviews.collection.briefing import html, recommended, word
from casereviews.collection.briefing.advice import LONGEST_RECOMMENDATION, MOST_RECOMMENDED
from casereviews.collection.briefing.cases import MOST_CASES
from casereviews.collection.briefing.drafting import TALLIED
from casereviews.collection.briefing.markdown import markdown
from casereviews.collection.briefing.recommended import (
    BOARD,
    COUNCIL,
    EVERYONE,
    GOVERNMENT,
    UNSAID,
    Addressees,
    joined,
    made_by,
)
from casereviews.collection.briefing.records import Briefing
from casereviews.collection.briefing.reports import MOST_OF_PUBLISHER, MOST_OF_REVIEW, Room
from casereviews.collection.briefing.sentences import (
    LONGEST,
    Sentence,
    as_quoted,
    as_recommended,
    quotable,
    stands_on,
)
from casereviews.collection.briefing.topic import theme_named
from casereviews.collection.errors import RequestError
from casereviews.repository.describing.evidence import CARRIES, Evidence
from casereviews.repository.describing.standing import CASE, DENIED
from casereviews.repository.model import Page, Reading, Recommendation, Section
from casereviews.repository.published_documents import Review, ReviewDocument
from casereviews.repository.vocabulary import PACKAGED
from tests.search_cli import small_home


def check(collection: Collection, briefing: Briefing) -> None:
    """Each quotation stands on its page, with its printed label and link; each count is that of `counts` and `search`."""
    filters = {"theme": [briefing.understood.partition(":")[2].partition(";")[0]]}
    query = "" if briefing.understood.startswith("theme:") else briefing.title
    filters = filters if not query else {}
    found = collection.search(query, filters=filters, limit=None)
    assert briefing.reviews == found.total
    ids = {hit.review_id for hit in found.hits}
    for one in briefing.quotations:
        page = collection.page(one.document_id, one.page)
        assert "".join(one.text.split()) in "".join(page.text.split())
        assert one.label == page.label
        assert one.url in (None, page.url, page.document.landing_url)
        assert one.review_id in ids
    for tally in briefing.tallies:
        counts = collection.counts(tally.by, within=query, filters=filters, top=12)
        assert tuple((code, number) for code, _, number in tally.values) == counts.values
        assert tally.left_out == counts.left_out
    carried = {}
    for by in ("theme",):
        counts = collection.counts(by, within=query, filters=filters, top=200)
        carried |= dict(counts.values)
    for theme in briefing.wanting:
        assert theme.reviews == carried.get(theme.theme, 0)
        assert theme.central == sum(
            theme.theme in hit.fields.get("central_themes", ()) for hit in found.hits
        )
    reviews = list(collection.reviews(ids))
    made = [one for review in reviews for each in review.documents for one in each.recommendations]
    assert briefing.recommendations == len(made)
    assert sum(body.recommendations for body in briefing.addressed) == briefing.different
    assert [tally.by for tally in briefing.tallies] == list(TALLIED)
    assert len(briefing.happened) <= MOST_CASES
    assert sum(len(body.shown) for body in briefing.addressed) <= MOST_RECOMMENDED


# ---------------------------------------------------------------- over a home


def test_quotations_stand_on_their_pages_and_counts_are_those_of_the_search(
    read: Collection,
) -> None:
    briefing = read.briefing(filters={"theme": ["harm_sudi"]})
    check(read, briefing)
    assert briefing.title == PACKAGED.labels("theme")["harm_sudi"]
    (case,) = briefing.happened
    assert case.quotations[0].text == (
        "Child Q was a baby of four months who died after unsafe sleep on a sofa beside a parent."
    )
    assert case.quotations[0].url == "http://northmoor.test/child-q.pdf#page=2"
    (theme,) = briefing.wanting
    assert [one.text for one in theme.quotations] == [
        "Professionals showed little professional curiosity about who lived in the household."
    ]
    assert [(body.code, body.recommendations, body.reviews) for body in briefing.addressed] == [
        (BOARD, 1, 1),
        (COUNCIL, 1, 1),
    ]
    check(read, read.briefing("sleep"))


def test_the_same_question_gives_the_same_briefing_in_every_form(read: Collection) -> None:
    one, other = read.briefing("baby OR boy"), read.briefing("baby OR boy")
    assert one == other
    assert markdown(one) == markdown(other)
    assert html.page(one) == html.page(other)
    assert word.docx(one) == word.docx(other)


def test_a_real_persons_name_is_in_no_form(read: Collection) -> None:
    briefing = read.briefing('"physical abuse"')
    assert briefing.reviews == 1
    said = f"{briefing.to_json()}{markdown(briefing)}{html.page(briefing)}"
    with zipfile.ZipFile(io.BytesIO(word.docx(briefing))) as packed:
        said += "".join(packed.read(one).decode("utf-8", "replace") for one in packed.namelist())
    assert not re.search("robin|brackenfield", said, re.IGNORECASE)


def test_neither_abstracts_nor_adults_nor_what_is_held_are_quoted(read: Collection) -> None:
    briefing = read.briefing("fictional")
    said = markdown(briefing)
    for words in (small_home.ABSTRACT, small_home.RETRACTED, "hoarding"):
        assert words not in said
    assert "adult reviews hidden" in briefing.understood


def test_a_briefing_must_be_about_something(read: Collection) -> None:
    with pytest.raises(RequestError, match="what the briefing is about"):
        read.briefing(" ")


def test_what_is_not_found_makes_an_empty_briefing(read: Collection) -> None:
    briefing = read.briefing("zeppelin")
    assert (briefing.reviews, briefing.quotations, briefing.recommendations) == (0, (), 0)


def test_forms_say_the_cautions_first_and_cite_page_and_link(read: Collection) -> None:
    briefing = read.briefing(filters={"theme": ["harm_sudi"]})
    text, page = markdown(briefing), html.page(briefing)
    for form in (text, page):
        first = form.index("Counts are of what was collected")
        assert first < form.index("Nothing here was written by a model") < form.index("1 review")
        assert "http://northmoor.test/child-q.pdf#page=2" in form
    with zipfile.ZipFile(io.BytesIO(word.docx(briefing))) as packed:
        links = packed.read("word/_rels/document.xml.rels").decode()
        words = packed.read("word/document.xml").decode()
    assert "http://northmoor.test/child-q.pdf#page=2" in links
    assert "w:hyperlink" in words
    assert briefing.quotations[0].text in words


def test_a_reports_own_signs_mean_themselves(read: Collection) -> None:
    briefing = read.briefing(filters={"theme": ["harm_sudi"]})
    hostile = replace(
        briefing.quotations[0], title="<b>*Bold*</b>", text="A [link](x) & <i>more</i>."
    )
    changed = replace(briefing, good_practice=(hostile,))
    assert "&lt;b&gt;*Bold*&lt;/b&gt;" in html.page(changed)
    assert "\\<b\\>\\*Bold\\*\\</b\\>" in markdown(changed)
    assert "<i>" not in html.page(changed)


# ---------------------------------------------------------------- what may be quoted


@pytest.mark.parametrize(
    ("raw", "quoted"),
    [
        ("The nurse did not\nwrite down the bruise.", "The nurse did not write down the bruise."),
        ("4.12 The nurse did not write it down.", "The nurse did not write it down."),
        ("• The nurse did not write it down.", "The nurse did not write it down."),
        ("Missed chances\nThe nurse did not write down the bruise that she saw that day.",
         "The nurse did not write down the bruise that she saw that day."),
        ("the nurse did not write it down.", None),
        ("The nurse did not write it down", None),
        ("Did the nurse write it down at all?", None),
        ("She wept.", None),
        ("May 2016\tThe nurse did not write it down.", None),
        ("May 2016 Stopped on a train without a ticket.", None),
        ("Learning point: Drift is invisible from inside.", None),
        ("The visit is described in section 4 of this.", None),
        ("The review was commissioned by the Board in May.", None),
        ("The Board decided that a review should be held.", None),
        ("The panel saw work of high quality everywhere.", None),
        ("The nurse (who had come late did not write it down.", None),
        (f"The nurse {'very ' * 60}much regretted it.", None),
    ],
)  # fmt: skip
def test_a_quotation_is_a_whole_short_sentence_without_what_stands_before_it(
    raw: str, quoted: str | None
) -> None:
    assert as_quoted(raw, 72) == quoted
    assert quoted is None or (stands_on(quoted, raw) and len(quoted) <= LONGEST)


def reading(*pages: str) -> Reading:
    made = tuple(Page(number, text) for number, text in enumerate(pages, 1))
    return Reading("0" * 64, "ok", "application/pdf", made)


def quoted(given: Reading, sections: tuple[Section, ...] = (), **more: object) -> list[str]:
    pieces = more.get("pieces", ())
    hidden = more.get("hidden", ())
    return [one.text for one in quotable(given, sections, pieces, (), hidden)]  # type: ignore[arg-type]


def test_what_runs_over_a_page_is_not_quoted() -> None:
    given = reading("The nurse saw the bruise. The doctor was never", "told of it by her.")
    assert quoted(given) == []
    given = reading(
        "The nurse saw the bruise on Monday. The doctor was never", "told of it by her."
    )
    assert quoted(given) == ["The nurse saw the bruise on Monday."]


@pytest.mark.parametrize(
    "sentence",
    [
        "An earlier review concerned a boy who was exploited.",
        "Research shows that bruises in babies are often missed.",
        "Neglect is defined as the persistent failure to meet needs.",
        "The panel will ask how well agencies shared what they knew.",
    ],
)
def test_what_is_of_another_case_or_at_large_or_asked_is_not_quoted(sentence: str) -> None:
    assert quoted(reading(f"The nurse did not write it down. {sentence}")) == [
        "The nurse did not write it down."
    ]


@pytest.mark.parametrize("kind", ["terms_of_reference", "glossary", "appendix", "known_at_large"])
def test_parts_that_tell_of_no_case_are_not_quoted(kind: str) -> None:
    text = "The nurse did not write it down."
    section = Section(kind, "", 1, 0, 1, len(text))
    assert quoted(reading(text), (section,)) == []


def test_what_a_report_denies_is_not_quoted() -> None:
    text = "There was no sign of neglect in the home."
    piece = Evidence("theme", "harm_neglect", "neglect", text, 1, "opening", DENIED, CARRIES)
    assert quoted(reading(text), pieces=(piece,)) == []
    assert quoted(reading(text), pieces=(replace(piece, standing=CASE),)) == [text]


def one(text: str) -> Sentence:
    (found,) = quotable(reading(text), (), (), ())
    return found


@pytest.mark.parametrize(
    ("text", "wanting", "praise"),
    [
        ("The nurse did not write down the bruise.", True, False),
        ("A holistic assessment would have asked why.", True, False),
        ("The school was not wrong to act on a knife.", False, False),
        ("The nurse visited every week and wrote it down.", False, False),
        ("Good practice by the nurse was seen at each visit.", False, True),
        ("There was no effective challenge by the nurse.", True, False),
    ],
)
def test_what_was_wanting_and_what_is_praised_are_told_apart(
    text: str, wanting: bool, praise: bool
) -> None:
    found = one(text)
    assert (found.is_wanting, found.is_praise) == (wanting, praise)


@pytest.mark.parametrize(
    ("text", "hangs", "past", "vague"),
    [
        ("This was a missed opportunity to ask.", True, True, False),
        ("Consent is not needed where there is risk.", False, False, False),
        ("Several workers went further than their role.", False, True, True),
        ("The nurse was told of it on Monday.", False, True, False),
    ],
)
def test_a_sentence_says_whether_it_stands_alone_and_what_it_tells(
    text: str, hangs: bool, past: bool, vague: bool
) -> None:
    found = one(text)
    assert (found.hangs, found.is_past, found.is_vague) == (hangs, past, vague)


def test_a_sentence_with_a_hidden_name_is_not_quoted() -> None:
    text = "Robin was seen at school. The teacher did not ask about his arm."
    assert quoted(reading(text), hidden=("Robin Brackenfield",)) == [
        "The teacher did not ask about his arm."
    ]


def test_no_review_says_much_and_nothing_is_said_twice() -> None:
    room = Room([])
    texts = [f"{at} {at}a {at}b" for at in range(5)]
    taken = [room.takes(review(1, 2020), text) for text in texts]
    assert taken == [True] * MOST_OF_REVIEW + [False] * (5 - MOST_OF_REVIEW)
    assert not room.takes(review(2, 2021), texts[0])
    many = [room.takes(review(at, 2021), f"{at} {at + 50} {at + 90}") for at in range(10, 30)]
    assert sum(many) == MOST_OF_PUBLISHER - MOST_OF_REVIEW


# ---------------------------------------------------------------- recommendations


def review(number: int, year: int, *texts: str, publisher: str = "Pear Vale Board") -> Review:
    made = tuple(Recommendation(str(at), text, None, 1) for at, text in enumerate(texts, 1))
    document = ReviewDocument(
        f"d{number}", "", None, None, None, None, None, None, None, 1, None, None, "", "", 1, made
    )
    fields = {"published": str(year), "publisher": publisher}
    return Review(f"r{number}", (), fields, (document,))


def test_near_identical_recommendations_are_one_and_count_reviews_over_years() -> None:
    text = "The Board should audit how advice on safer sleep is given to every new parent."
    other = "The Board should audit how the advice on safer sleep is given to each new parent."
    different = "The Trust should employ two more health visitors in the north of the county."
    reviews = [review(1, 2014, text, text), review(2, 2019, other), review(3, 2019, different)]
    groups = joined(one for each in reviews for one in made_by(each))
    assert [(one.reviews, one.by_year, one.made[0].recommendation.text) for one in groups] == [
        (2, ((2014, 1), (2019, 1)), other),
        (1, ((2019, 1),), different),
    ]


def drawn_recommendations(count: int, seed: int) -> list[Review]:
    """Recommendations of drawn words, each fifth a near-copy of an earlier one."""
    drawn = Random(seed)
    vocabulary = [f"word{at}" for at in range(600)]
    texts: list[list[str]] = []
    for at in range(count):
        if at % 5 == 4:
            copied = list(drawn.choice(texts))
            copied[-1:] = [drawn.choice(vocabulary)]
            texts.append(copied)
        else:
            texts.append(drawn.sample(vocabulary, drawn.choice((0, 1, 2, 3, 8, 14, 20))))
    return [review(at, 2010 + at % 9, " ".join(text)) for at, text in enumerate(texts)]


def test_recommendations_are_joined_as_if_each_was_compared_with_the_first_of_every_group() -> None:
    for seed in range(5):
        made = [one for each in drawn_recommendations(120, seed) for one in made_by(each)]
        groups = joined(made)
        firsts = [group.made[0] for group in groups]
        for place, group in enumerate(groups):
            for one in group.made[1:]:
                assert recommended._alike(group.made[0].words, one.words)
                assert not any(
                    recommended._alike(other.words, one.words) for other in firsts[:place]
                )
        alone = [first.words for first in firsts if first.words]
        assert not any(recommended._alike(*pair) for pair in combinations(alone, 2))


def test_a_recommendation_is_compared_with_less_than_one_other_of_hundreds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    compared: list[int] = []
    alike = recommended._alike
    monkeypatch.setattr(
        recommended, "_alike", lambda one, other: compared.append(1) or alike(one, other)
    )
    joined(one for each in drawn_recommendations(800, 1) for one in made_by(each))
    assert 0 < len(compared) < 800


def test_the_boards_own_name_does_not_keep_recommendations_apart() -> None:
    said = "{} Safeguarding Board should test its bruising protocol by calls every spring."
    reviews = [
        review(at, 2010 + at, said.format(name), publisher=f"{name} Safeguarding Board")
        for at, name in enumerate(("Barnmoor", "Pear Vale", "Nether Sallow"))
    ]
    (group,) = joined(one for each in reviews for one in made_by(each))
    assert group.reviews == 3


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (None, UNSAID),
        ("Barnmoor Safeguarding Children Partnership", BOARD),
        ("LSCB", BOARD),
        ("All partner agencies", EVERYONE),
        ("Barnmoor Constabulary", "agency_police"),
        ("GPs", "agency_gp"),
        ("Barnmoor Council", COUNCIL),
        ("The Department for Education", GOVERNMENT),
    ],
)
def test_addressees_are_told_by_label(said: str | None, code: str) -> None:
    addressees = Addressees(PACKAGED)
    assert addressees.code(said) == code
    assert code in addressees.labels


def test_of_a_long_recommendation_the_first_whole_sentences_that_direct_are_quoted() -> None:
    first = "The Board should audit its advice. "
    assert as_recommended(first + "It will be published.", 400) == first.strip()
    assert as_recommended(first * 40, LONGEST_RECOMMENDATION) == (first * 12).strip()
    assert as_recommended("the audit of advice", 400) is None


# ---------------------------------------------------------------- a query that names a theme


@pytest.mark.parametrize(
    ("query", "theme"),
    [
        ("bruising in infants", "harm_infant_bruising"),
        ("Criminal exploitation", "harm_cce"),
        ("neglect", "harm_neglect"),
        ("safer sleep in Pear Vale", None),
        ("sleep", None),
        ('"criminal exploitation"', None),
        ("suicide OR self-harm", None),
        ("bruis*", None),
        ("", None),
    ],
)
def test_a_query_that_is_a_themes_name_or_strong_phrase_as_a_whole_names_it(query, theme):
    assert theme_named(PACKAGED, query) == theme


def test_a_briefing_of_a_themes_name_is_that_of_the_theme_and_quotes_ask_for_the_words(
    read: Collection,
) -> None:
    assert read.briefing("safer sleep") == read.briefing(filters={"theme": ["harm_sudi"]})
    assert not read.briefing('"safer sleep"').understood.startswith("theme:")


def test_a_theme_that_no_review_has_is_looked_for_as_words(read: Collection) -> None:
    assert not read.briefing("female genital mutilation").understood.startswith("theme:")


def test_what_a_board_will_do_with_the_report_is_no_part_of_a_recommendation():
    asked = "All staff should read it within a year."
    pledged = "Pear Vale Safeguarding Board will publish a response and monitor it each quarter."
    assert as_recommended(f"{asked} {pledged}", 300) == asked
    assert as_recommended(f"{asked} Each agency should say so.", 300) == (
        f"{asked} Each agency should say so."
    )
