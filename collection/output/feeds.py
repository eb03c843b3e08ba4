"""The feeds of a home: `feeds/new.*`, what the last night found, and `feeds/saved/<name>.*`, what a saved search did.

They are written while the home's lock is held, so that no feed is written over a withdrawal.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from casereviews.collection.output.answer import Answer, Column
from casereviews.collection.output.forms import FORMS
from casereviews.collection.output.hits import COLUMNS as HIT_COLUMNS
from casereviews.collection.output.whole_titles import whole_title
from casereviews.repository.whole_files import write_whole

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from casereviews.index.results import Hit
    from casereviews.repository.vocabulary import Vocabulary

NEWS_COLUMNS = (
    Column("at", "When"),
    Column("what", "What"),
    Column("title", "Title"),
    Column("publisher", "Publisher"),
    Column("review_id", "Review"),
    Column("kind", "Kind", wide=True, words=lambda row, _: row["kind"].replace("_", " ")),
    Column("document_id", "Document", wide=True),
    Column("source", "Source", wide=True),
    Column("file_url", "File", wide=True),
    Column("landing_url", "Page of the publisher", wide=True),
)


def write_news(folder: Path, rows: Sequence[dict[str, Any]], at: str) -> None:
    """Write what happened in a refresh that ended at an ISO time, as Atom and Markdown; `rows` are its news in JSON."""
    answer = Answer(
        payload=rows,
        columns=NEWS_COLUMNS,
        rows=rows,
        records=rows,
        title="casereviews: what is new",
        accessed=at[:10],
        at=at,
        address="new.atom",
    )
    for form in (FORMS["atom"], FORMS["markdown"]):
        write_whole(folder / f"new.{form.extension}", form.text(answer))


def write_saved(
    folder: Path,
    name: str,
    at: str,
    new: Sequence[Hit],
    tonight: Mapping[str, tuple[Hit, str]],
    vocabulary: Vocabulary,
) -> None:
    """Write what a saved search found that is new, as Markdown and JSON, and as Atom all that is new `tonight` (review id -> hit, when it was found):
    a feed reader that comes by in the morning has missed nothing of a night with two runs."""
    records = [_entry(hit, at) for hit in new]
    answer = Answer(
        payload={"name": name, "at": at, "new": records},
        columns=HIT_COLUMNS[1:7],
        rows=records,
        records=records,
        title=f"casereviews: {name}",
        accessed=at[:10],
        at=at,
        address=f"{name}.atom",
        vocabulary=vocabulary,
    )
    entries = [_entry(hit, found) for hit, found in tonight.values()]
    feed = replace(answer, records=entries)
    (folder / "saved").mkdir(parents=True, exist_ok=True)
    for form, said, what in (
        ("atom", feed, ""),
        ("markdown", answer, ""),
        ("json", answer, "new."),
    ):
        place = folder / "saved" / f"{name}.{what}{FORMS[form].extension}"
        write_whole(place, FORMS[form].text(said))


def _entry(hit: Hit, at: str) -> dict[str, Any]:
    """A hit as an entry of a feed: its title is whole, and no snippet outlives a withdrawal in it."""
    said = hit.to_json()
    title = whole_title(str(said["title"] or "Untitled"), said["subjects"], said["role"])
    return {**said, "title": title, "pages": [], "at": at}
