"""Offsets of evidence: letter by letter in the text of its page, and none where it was read elsewhere."""

from __future__ import annotations

import pytest

from casereviews import Collection
from casereviews.repository.evidence_places import placed
from casereviews.repository.model import Fact, Page


def text_of(fact, pages):
    """What stands between the offsets of a fact."""
    texts = [page.text for page in pages if fact.page <= page.number <= fact.end_page]
    texts[-1] = texts[-1][: fact.end]
    return "".join(texts)[fact.start :]


def found(evidence, *texts, raw="", page=1):
    """The words at the place of the evidence; None without a place."""
    pages = [Page(number, text) for number, text in enumerate(texts, 1)]
    fact = next(placed([Fact("theme", "x", raw, "text", 0.9, page, evidence)], pages))
    return None if fact.start is None else text_of(fact, pages)


@pytest.mark.parametrize(
    ("evidence", "texts", "words"),
    [
        ("He fell ill.", ("\U0001f600 Ŵy. He fell ill. He", ""), "He fell ill."),
        ("He was ill and tired.", ("He was\n  ill and\u00a0tired.",), "He was\n  ill and\u00a0tired."),
        ("A well-known family.", ("A well-\n  known family.",), "A well-\n  known family."),
        ("Nobody saw the child at home.", ("1\nNobody saw", "the child\nat home. 2"), "Nobody sawthe child\nat home."),
        ("Case Review – Child Q – 2021", ("x\nCase Review\nChild Q\n2021\n",), "Case Review\nChild Q\n2021"),
        ("ation service saw nothing wrong", ("The probation service saw nothing wrong",), "ation service saw nothing wrong"),
        ("aged 3", ("managed 3 times, aged 3 then",), "aged 3"),
    ],
)  # fmt: skip
def test_evidence_is_found_as_it_is_printed(evidence, texts, words):
    assert found(evidence, *texts) == words


def test_offsets_count_code_points_and_whole_words_come_first():
    pages = [Page(1, "\U0001f600\U0001f600 managed aged three")]
    fact = next(placed([Fact("age", "3", "", "text", 0.9, 1, "aged three")], pages))
    assert (fact.start, fact.end, fact.end_page) == (11, 21, 1)
    short = next(placed([Fact("age", "3", "", "text", 0.9, 1, "aged")], pages))
    assert (short.start, short.end) == (11, 15)


def test_what_our_words_say_is_found_by_what_was_read():
    assert found("Author: Jo Penn", "Written by Jo Penn.", raw="Jo Penn") == "Jo Penn"
    assert found("", "An scr? The description of it", raw="scr") == "scr"
    assert found("", "The description of it", raw="scr") is None


def test_what_no_page_says_has_no_offsets():
    assert found("Nothing of the kind.", "Another text.") is None
    assert found("Another text.", "Another text.", page=None) is None
    assert found("Another text.", "Another text.", page=7) is None


def folded(text):
    return "".join(filter(str.isalnum, text))


def test_every_fact_that_was_read_on_a_page_says_where(built):
    with Collection(built) as collection:
        documents = [
            document for review in collection.reviews(placed=True) for document in review.documents
        ]
        assert sum(fact.start is not None for one in documents for fact in one.facts) > 80
        for document in documents:
            pages = [
                Page(number, collection.page(document.document_id, number).text)
                for number in range(1, document.pages + 1)
            ]
            for fact in document.facts:
                if fact.page is None:
                    assert fact.start is None
                    assert fact.origin != "page"
                else:
                    said = folded(text_of(fact, pages))
                    assert said in (folded(fact.evidence), folded(fact.raw)), fact


def test_exports_and_show_give_the_offsets(built):
    with Collection(built) as collection:
        exported = next(one for one in collection.exported() if len(one.review.documents) == 2)
        shown = collection.review(exported.review.review_id, placed=True).to_json()
        told = [fact for one in exported.to_json()["documents"] for fact in one["facts"]]
        first = next(fact for fact in told if fact["field"] == "theme")
        page = collection.page(exported.review.review_id, first["page"])
        assert page.text[first["start"] : first["end"]] == first["evidence"]
        keys = ("field", "page", "start", "end", "end_page")
        of_shown = [fact for one in shown["documents"] for fact in one["facts"]]
        assert [[fact[key] for key in keys] for fact in told] == [
            [fact[key] for key in keys] for fact in of_shown
        ]
        reason = next(
            one
            for one in collection.reasons(exported.review.review_id)
            if one.fact.field == "theme"
        ).to_json()
        assert reason["end"] > reason["start"] is not None
