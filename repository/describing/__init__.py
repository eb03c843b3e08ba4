"""Describing: from a document's context and text to facts, each with its evidence; from documents to reviews.

`titles` reads titles, `context` what stands around a link, `first_pages` the cover; `case_facts`, `sections`,
`recommendations` and `themes` the text. `resolve` picks the winner among candidate facts, `corrections` lets people say
otherwise, `grouping` joins the documents of one case.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from casereviews.repository.describing.themes import ThemeFinder
    from casereviews.repository.model import Description, DocumentInput


def describe_document(document: DocumentInput, *, finder: ThemeFinder | None = None) -> Description:
    """Everything said of one document: candidate facts, sections and recommendations.

    `finder` finds themes (`ThemeFinder(load_themes(home.themes_csv))`, made once for many documents); the packaged themes
    without it.
    """
    # Imported here so that reading a title does not load the theme finder.
    from casereviews.repository.describing.describe import describe

    return describe(document, finder=finder)


__all__ = ["describe_document"]
