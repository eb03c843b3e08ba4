"""Reviews as they are taken away, as an answer that every form of records renders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from casereviews.collection.clock import today
from casereviews.collection.output.answer import Answer, Column, in_words
from casereviews.collection.output.citations import page_citation
from casereviews.collection.output.withholding import ExportedReview
from casereviews.repository.fields import PUBLISHED

# A heading is the name in the records, so that a table is found again in JSON and CSV.
COLUMNS = (
    Column("review_id", "Review id"),
    *(
        Column(
            one.published,
            one.published.replace("_", " ").capitalize(),
            wide=not one.brief,
            words=in_words(one, one.published),
        )
        for one in PUBLISHED
        if one.exported
    ),
)


def answer_of(reviews: Sequence[ExportedReview], *, searched: bool = False) -> Answer:
    """The reviews; where they were `searched` for, each with the best pages that were found."""
    payload = [review.to_json() for review in reviews]
    cited = [
        {**told, "pages": [page.to_json() for page in review.pages]}
        for told, review in zip(payload, reviews, strict=True)
    ]
    answer = Answer(
        payload=payload,
        columns=COLUMNS,
        rows=[{**one, "pages": [page_citation(page) for page in one["pages"]]} for one in cited],
        records=cited,
        accessed=today(),
    )
    if not searched:
        return answer
    return replace(answer, columns=(*COLUMNS, Column("pages", "Pages", wide=True)))
