"""The themes that reviews are described by: what each says, and how many reviews carry it."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from casereviews.collection.errors import RequestError
from casereviews.index.storage.columns import values_of
from casereviews.repository.fields import DESCRIBED
from casereviews.repository.json_record import JsonRecord
from casereviews.repository.vocabulary import Vocabulary
from casereviews.repository.vocabulary.codes import plain_name
from casereviews.repository.vocabulary.themes import GROUP_LABELS

if TYPE_CHECKING:
    from casereviews.index.results import Results

GROUPS = tuple(GROUP_LABELS)
CARRIED_AS = (DESCRIBED["theme"], DESCRIBED["agency"])


@dataclass(frozen=True, slots=True)
class ListedTheme(JsonRecord):
    """A theme or an agency. `definition` is "" where a home's own theme has none, `reviews` None where nothing was collected yet."""

    id: str
    label: str
    group: str
    group_label: str
    definition: str
    reviews: int | None


@dataclass(frozen=True, slots=True)
class ListedThemes:
    """Themes in the order of the vocabulary; `of` reviews, all that were counted, and `understood` which those are."""

    themes: tuple[ListedTheme, ...]
    of: int | None
    understood: str


def groups_named(said: Iterable[str]) -> frozenset[str]:
    """The groups that codes or labels mean. Raises RequestError for any other."""
    known = {
        plain_name(name): code for code, label in GROUP_LABELS.items() for name in (label, code)
    }
    found = []
    for one in said:
        name = plain_name(one)
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f"did you mean {known[near[0]]}?" if near else f"there are: {', '.join(GROUPS)}"
            raise RequestError(f"there is no group of themes '{one}': {hint}")
        found.append(known[name])
    return frozenset(found)


def listed_themes(
    vocabulary: Vocabulary, found: Results | None, groups: Collection[str]
) -> ListedThemes:
    """The themes of a vocabulary, of some groups (their codes) or of all, counted in the hits of a search; without one not counted."""
    counts = None if found is None else Counter(_carried(found))
    themes = tuple(
        ListedTheme(
            one.id,
            one.label,
            one.group,
            GROUP_LABELS[one.group],
            one.definition,
            None if counts is None else counts[one.id],
        )
        for one in vocabulary.themes
        if not groups or one.group in groups
    )
    if found is None:
        return ListedThemes(themes, None, "")
    return ListedThemes(themes, found.total, found.understood)


def _carried(found: Results) -> Iterator[str]:
    for hit in found.hits:
        for field in CARRIED_AS:
            yield from set(values_of(hit.fields.get(field.published)))
