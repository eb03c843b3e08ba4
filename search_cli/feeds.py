"""The feeds of a home: `feeds/new.*`, what the last refresh found, and `feeds/saved/<name>.*`, what a saved search did."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from casereviews.repository.whole_files import write_whole
from casereviews.search_cli.hits import COLUMNS as HIT_COLUMNS
from casereviews.search_cli.output import FORMS, Answer, Column

if TYPE_CHECKING:
    from collections.abc import Iterable

    from casereviews import Feeds, News, SavedNews

NEWS_COLUMNS = (
    Column("at", "When"),
    Column("what", "What"),
    Column("title", "Title"),
    Column("publisher", "Publisher"),
    Column("review_id", "Review"),
    Column("kind", "Kind", wide=True),
    Column("document_id", "Document", wide=True),
    Column("source", "Source", wide=True),
    Column("file_url", "File", wide=True),
    Column("landing_url", "Page of the publisher", wide=True),
)


def feeds_in(folder: Path) -> Feeds:
    """What writes the feeds into a home's folder of feeds, as Atom and Markdown."""
    from casereviews import Feeds

    def write_news(news: tuple[News, ...], at: str) -> None:
        rows = [one.to_json() for one in news]
        answer = Answer(
            payload=rows,
            columns=NEWS_COLUMNS,
            rows=rows,
            records=rows,
            title="casereviews: what is new",
            accessed=at[:10],
        )
        for form in (FORMS["atom"], FORMS["markdown"]):
            write_whole(folder / f"new.{form.extension}", form.text(answer))

    def write_saved(news: SavedNews) -> None:
        # No snippet outlives a withdrawal in a feed.
        records = [{**hit.to_json(), "pages": [], "at": news.at} for hit in news.new]
        answer = Answer(
            payload={"name": news.name, "at": news.at, "new": records},
            columns=HIT_COLUMNS[1:7],
            rows=records,
            records=records,
            title=f"casereviews: {news.name}",
            accessed=news.at[:10],
        )
        (folder / "saved").mkdir(parents=True, exist_ok=True)
        for name, what in (("atom", ""), ("markdown", ""), ("json", "new.")):
            form = FORMS[name]
            place = folder / "saved" / f"{news.name}.{what}{form.extension}"
            write_whole(place, form.text(answer))

    return Feeds(write_news, write_saved)


def print_troubles(saved: Iterable[SavedNews]) -> None:
    """Say on stderr which saved searches were not run, and why."""
    for one in saved:
        if one.trouble:
            click.echo(one.trouble, err=True)
