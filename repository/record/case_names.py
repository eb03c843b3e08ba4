"""Taking the names of a withdrawn case out of what pages said of other documents, now and whenever a page says them again."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from urllib.parse import unquote

from sqlalchemy import Connection

from casereviews.repository import likeness
from casereviews.repository.model import Sighting
from casereviews.repository.record import tombstones

LEFT_OUT = "…"
_WORD = re.compile(r"[^\W_]+")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_GAPS = re.compile(rf"{LEFT_OUT}(?:[\s'’_-]*{LEFT_OUT})+")
Hides = Callable[[str], bool]


def plainly(words: Collection[str]) -> Hides:
    """Knows the names of a withdrawal that is going on."""
    folded = {part for word in words for part in likeness.words_of(word)}
    return lambda word: any(part in folded for part in likeness.words_of(word))


def years_said(text: str) -> tuple[str, ...]:
    """The years in a text, as it names them."""
    return tuple(_YEAR.findall(text))


def without_words(text: str, hides: Hides) -> str:
    """The text with LEFT_OUT for every word that is hidden."""
    return _GAPS.sub(
        LEFT_OUT, _WORD.sub(lambda m: LEFT_OUT if hides(m.group()) else m.group(), text)
    )


def says(text: str | None, hides: Hides) -> bool:
    """True when a text, or an address, has a word that is hidden."""
    return text is not None and any(hides(word) for word in _WORD.findall(unquote(text)))


def cleaned(one: Sighting, hides: Hides) -> Sighting | None:
    """What a page said, without the words that are hidden; None for what stands on a page of the hidden case, or is its own file."""
    if says(one.listing_url, hides) or says(one.file_url, hides):
        return None

    def clean(text: str) -> str:
        return without_words(text, hides)

    return replace(
        one,
        detail_url=None if says(one.detail_url, hides) else one.detail_url,
        link_text=clean(one.link_text),
        headings=tuple(map(clean, one.headings)),
        card_text=clean(one.card_text),
        dates=tuple(map(clean, one.dates)),
        status_words=tuple(map(clean, one.status_words)),
        group=None if says(one.group, hides) else one.group,
        extra={clean(name): clean(value) for name, value in one.extra.items()},
    )


class WithdrawnCases:
    """The cases of a source that were withdrawn, known by digests of their names: a text names one when it has all of its names."""

    def __init__(self, c: Connection, source_id: str) -> None:
        self.key = tombstones.key(c)
        # One name alone is another child's at another publisher.
        anywhere = (one for one in tombstones.values(c, "names") if " " in one)
        self.cases = {*tombstones.values(c, "names", source_id), *anywhere} if self.key else set()
        self.labels = tombstones.values(c, "label", source_id)

    def named_in(self, text: str | None) -> bool:
        """True when a text or an address names a withdrawn case."""
        return bool(text and self.cases) and likeness.names_case(
            unquote(str(text)), self.cases, self.key
        )

    def row_names(self, one: Sighting) -> bool:
        """True for a row without a link that names such a case: it says no more than that.

        A case that is known by a label is named by a row of its own publisher that has no other label beside it, and no other year:
        letters are given again.
        """
        if one.kind != "entry":
            return False
        said = " ".join((one.link_text, *one.headings, one.card_text, *one.extra.values()))
        return self.named_in(said) or (bool(self.labels) and self._row_is_labelled(one))

    def _row_is_labelled(self, one: Sighting) -> bool:
        # Reading titles loads the vocabulary: not before a case without a name was withdrawn.
        from casereviews.repository.describing.grouping.agreement import labels_said

        labels = labels_said((one.link_text, one.card_text))
        years = next(
            filter(None, map(years_said, (one.link_text, *reversed(one.headings), one.card_text))),
            (),
        )
        return any(likeness.is_case(labels, years, case, self.key) for case in self.labels)

    def without(self, one: Sighting) -> Sighting:
        """What a page said of another document, without the names of such a case where a text has all of them."""
        if not self.cases:
            return one

        def clean(text: str) -> str:
            found = [case for case in self.cases if likeness.names_case(text, (case,), self.key)]
            return without_words(text, self._hides(found)) if found else text

        return replace(
            one,
            detail_url=None if self.named_in(one.detail_url) else one.detail_url,
            link_text=clean(one.link_text),
            headings=tuple(map(clean, one.headings)),
            card_text=clean(one.card_text),
            dates=tuple(map(clean, one.dates)),
            status_words=tuple(map(clean, one.status_words)),
            group=one.group and clean(one.group),
            extra={clean(name): clean(value) for name, value in one.extra.items()},
        )

    def _hides(self, cases: Collection[str]) -> Hides:
        digests = {digest for case in cases for digest in case.split(" ")}
        return lambda word: any(
            likeness.case_names((part,), self.key) in digests for part in likeness.words_of(word)
        )


def cleaned_json(value: object, hides: Hides) -> object:
    """A JSON value whose texts have LEFT_OUT for hidden words."""
    if isinstance(value, str):
        return without_words(value, hides)
    if isinstance(value, list):
        return [cleaned_json(one, hides) for one in value]
    if isinstance(value, Mapping):
        return {without_words(key, hides): cleaned_json(one, hides) for key, one in value.items()}
    return value
