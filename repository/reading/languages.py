"""The language of a page and of a document: English (en), Welsh (cy) or both (bilingual).

py3langid restricted to the two: it is small, has no dependency but numpy, works offline, and tells them apart from a
dozen words on.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Any

_STRETCH = 400
_LETTERS = re.compile(r"[^\W\d_]")


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(["en", "cy"])
    return identifier


def language(text: str) -> str | None:
    """The language of one page, None when it has too few words to tell."""
    stretches = _stretches(text)
    if not stretches:
        return None
    found = [language_of(stretch) for stretch in stretches]
    if len(set(found)) == 1:
        return found[0]
    welsh = found.count("cy") / len(found)
    if welsh < 0.2:
        return "en"
    return "cy" if welsh > 0.8 else "bilingual"


def language_of(stretch: str) -> str:
    """en or cy for one stretch of text."""
    return str(_identifier().classify(stretch)[0])


def document_language(pages: Sequence[str | None]) -> str | None:
    """The language of a document from those of its pages: bilingual when each has a fifth of them."""
    known = [each for each in pages if each]
    if not known:
        return None
    welsh = sum({"cy": 1.0, "bilingual": 0.5}.get(each, 0.0) for each in known) / len(known)
    if welsh < 0.2:
        return "en"
    return "cy" if welsh > 0.8 else "bilingual"


def _stretches(text: str) -> list[str]:
    """Up to five stretches spread over a page: enough to see both languages of a bilingual one."""
    if len(_LETTERS.findall(text[:200])) < 20 and len(_LETTERS.findall(text[:2000])) < 20:
        return []
    if len(text) <= 2 * _STRETCH:
        half = len(text) // 2
        return [text[:half], text[half:]] if half > 60 else [text]
    step = (len(text) - _STRETCH) // 4
    starts = sorted({0, step, 2 * step, 3 * step, 4 * step})
    return [text[start : start + _STRETCH // 2] for start in starts]
