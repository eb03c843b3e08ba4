"""A title that says by itself which case it belongs to and what paper it is, for lists that show little else: news and feeds."""

from __future__ import annotations

import re
from collections.abc import Sequence

from casereviews.repository.vocabulary.codes import DOCUMENT_ROLES


def whole_title(title: str, labels: Sequence[str], role: str | None) -> str:
    """`title` with the case's labels before it where it names none of them, and with its role (a code) after it where it is nothing but labels.

    "Overview report" of Child Q is "Child Q: Overview report", the briefing called "Child Q" is "Child Q: Briefing", and "Children R & S Partnership
    Review" stays. Never shortened.
    """
    if labels and not any(_names(title, label) for label in labels):
        return f"{', '.join(labels)}: {title}"
    if role and role in DOCUMENT_ROLES and labels and not _beside_labels(title, labels):
        return f"{title}: {DOCUMENT_ROLES[role]}"
    return title


def _names(title: str, label: str) -> bool:
    """True when the title has the label, or its letter or code in a list ("Children R & S")."""
    if label.casefold() in title.casefold():
        return True
    code = re.escape(label.split()[-1])
    joined = r"\s*(?:&|/|,|\band\b|\bac?\b)\s*"
    return len(label.split()) > 1 and bool(
        re.search(rf"(?<!\w){code}{joined}|{joined}{code}(?!\w)", title)
    )


def _beside_labels(title: str, labels: Sequence[str]) -> str:
    """What a title says beside its labels."""
    for label in labels:
        title = re.sub(re.escape(label), " ", title, flags=re.IGNORECASE)
    return re.sub(r"(?i:\band\b)|[\W_]", "", title)
