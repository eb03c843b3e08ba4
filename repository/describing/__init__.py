"""Describing: from a document's context and text to facts, each with its evidence; from documents to reviews.

`titles` reads titles, `context` what stands around a link, `first_pages` the cover; `case_facts`, `sections`,
`recommendations` and `themes` the text. `resolve` picks the winner among candidate facts, `corrections` lets people say
otherwise, `grouping` joins the documents of one case.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from casereviews.repository.vocabulary import PACKAGED, Vocabulary

if TYPE_CHECKING:
    from casereviews.repository.describing.evidence import Evidence
    from casereviews.repository.model import Description, DocumentInput


def describe_document(
    document: DocumentInput,
    *,
    vocabulary: Vocabulary = PACKAGED,
    with_second_opinion: bool = False,
    evidence: list[Evidence] | None = None,
) -> Description:
    """Everything said of one document: candidate facts, sections and recommendations.

    Themes, harms and agencies are those of the vocabulary (`load_vocabulary(home)`, made once for many documents). The second opinion
    on themes (`second_opinion.py`) needs the extra [semantic]. What was seen on the way, counted or not, is added to `evidence` (`evidence.py`).
    """
    # Imported here so that reading a title does not load the theme finder.
    from casereviews.repository.describing.describe import describe

    return describe(
        document,
        vocabulary=vocabulary,
        with_second_opinion=with_second_opinion,
        evidence=evidence,
    )


__all__ = ["describe_document"]
