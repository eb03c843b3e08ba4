"""`add`: reports that were sent on request or come from a site that cannot be read, kept like all others."""

from __future__ import annotations

import mimetypes
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from casereviews.search_cli.errors import BadRequest
from casereviews.search_cli.options import home_of, now
from casereviews.search_cli.progress import telling

if TYPE_CHECKING:
    from casereviews.repository.home import Home
    from casereviews.repository.model import Fetch, Sighting, SourceInfo

BY_HAND = "manual"
ENDINGS = {".pdf", ".docx", ".doc", ".odt", ".rtf", ".pptx", ".html", ".htm", ".txt"}


@dataclass(frozen=True, slots=True)
class Given:
    """One thing to add: what to say of it, how it was come by, and its bytes (a file)."""

    seen: Sighting
    fetch: Fetch
    body: Path


@click.command("add")
@click.argument("what", metavar="FILE|URL|FOLDER", nargs=-1, required=True)
@click.option(
    "--publisher", required=True, help="Who published it: a source's id or name, or any name."
)
@click.option("--title", default="", help="Its title, as it would stand on the board's page.")
@click.option(
    "--published", default="", help="When it was published: 2021, March 2021, 17/03/2021."
)
@click.option("--heading", default="", help="The heading it stood under, such as a review's name.")
@click.option("--nation", help="For a publisher that is in no registry.")
@click.option(
    "--scope",
    type=click.Choice(["child", "adult", "both"]),
    help="For a publisher that is in no registry [default: child].",
)
@click.option("--landing-url", default=None, help="The page where people find it.")
@click.pass_context
def command(
    ctx: click.Context,
    what: tuple[str, ...],
    publisher: str,
    title: str,
    published: str,
    heading: str,
    nation: str | None,
    scope: str | None,
    landing_url: str | None,
) -> None:
    """Add files, addresses or folders by hand: read, described, grouped and withdrawn like all others, origin manual."""
    from casereviews.repository.lock import writing
    from casereviews.repository.model import Sighting
    from casereviews.repository.processing import process
    from casereviews.repository.record import Record
    from casereviews.repository.record.derived import Derived
    from casereviews.search_cli.indexing import bring_up_to_date

    home = home_of(ctx).create()
    info = publisher_of(home, publisher, nation, scope)
    said = Sighting(
        source_id=info.id,
        listing_url=landing_url or "",
        file_url=None,
        detail_url=landing_url,
        link_text=title,
        headings=(heading,) if heading else (),
        dates=(f"Published {published}",) if published else (),
    )
    with telling() as teller, writing(home, "add") as vocabulary:
        with Record.open(home, write=True) as record, Derived.open(home, write=True) as derived:
            before = record.revision()
            run_id = record.begin_run("add", now())
            record.put_source(merged(info, record.sources().get(info.id)))
            stored = []
            for given in givens(home, what, said, has_title=bool(title)):
                if given.seen.file_url is not None:
                    record.record_sightings(run_id, info.id, [given.seen])
                stored.append(
                    record.store_file(run_id, given.seen, given.fetch, given.body, origin="manual")
                )
                teller.step("kept", len(stored))
            done = process(record, derived, now=now(), vocabulary=vocabulary, progress=teller.step)
            record.end_run(run_id, now(), "done", {"added": len(stored)})
        bring_up_to_date(
            home,
            changed=done.changed,
            gone=done.gone,
            since_revision=before,
            vocabulary=vocabulary,
            progress=teller.step,
        )
    for one in stored:
        click.echo(f"{one.document_id or '(withdrawn before: refused)'}  {one.result}")
    if not stored:
        raise BadRequest("the folder holds no file that could be a report")


def publisher_of(home: Home, named: str, nation: str | None, scope: str | None) -> SourceInfo:
    """The source that a publisher's id or name stands for; one of its own when no registry knows it."""
    from casereviews.crawler.sources import load_sources
    from casereviews.repository.model import SourceInfo

    folded = named.casefold().strip()
    for source in load_sources(home.sources_toml).values():
        if folded in (source.id, source.publisher.casefold()):
            return source.info
    plain = unicodedata.normalize("NFKD", folded).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    if not slug:
        raise BadRequest(f"'{named}' is no publisher's name: use letters")
    return SourceInfo(
        id=f"manual-{slug[:40]}",
        publisher=named.strip(),
        nation=nation,
        scope=scope or "",
        family=BY_HAND,
    )


def merged(info: SourceInfo, known: SourceInfo | None) -> SourceInfo:
    """A publisher of one's own with what was said of it before, where this time nothing is said."""
    if info.family != BY_HAND:
        return info
    nation = info.nation or (known.nation if known else None)
    scope = info.scope or (known.scope if known else "child")
    return replace(info, nation=nation, scope=scope)


def givens(
    home: Home, what: tuple[str, ...], said: Sighting, *, has_title: bool
) -> Iterator[Given]:
    """Everything that was named, one file at a time; folders are walked, addresses fetched."""
    for named in what:
        if re.match(r"https?://", named):
            yield from from_address(home, named, said)
            continue
        path = Path(named)
        if path.is_dir():
            if has_title:
                raise BadRequest("--title goes with one file, not with a folder: leave it out")
            files = sorted(
                f for f in path.rglob("*") if f.suffix.lower() in ENDINGS and f.is_file()
            )
            yield from (from_file(file, said) for file in files)
        elif path.is_file():
            yield from_file(path, said)
        else:
            raise BadRequest(f"{named} is neither a file nor a folder nor an address")


def from_file(path: Path, said: Sighting) -> Given:
    """A file of this machine; without a title its name tells."""
    from casereviews.repository.model import Fetch

    media_type = mimetypes.guess_type(path.name)[0]
    fetch = Fetch(
        source_id=said.source_id,
        url="",
        final_url="",
        fetched_at=now(),
        media_type=media_type,
        file_name=path.name,
        size=path.stat().st_size,
    )
    return Given(replace(said, link_text=said.link_text or path.name), fetch, path)


def from_address(home: Home, url: str, said: Sighting) -> Iterator[Given]:
    """Fetch an address through the crawler, with all its manners and guards, into a home that is thrown away."""
    import tempfile

    from casereviews.repository.home import Home
    from casereviews.repository.record import Record
    from casereviews.search_cli.fetching import fetch_one

    with tempfile.TemporaryDirectory(prefix="casereviews-") as folder:
        aside = Home(Path(folder)).create()
        reason = fetch_one(home, aside, url)
        with Record.open(aside) as record:
            documents = [d for d in record.documents() if d.sha256]
            if not documents:
                raise BadRequest(f"{url} gave no document: {reason or 'it is a page without one'}")
            for document in documents:
                state = record.url_state(document.file_url or url)
                yield from _fetched(aside, url, said, document, state)


def _fetched(
    aside: Home, url: str, said: Sighting, document: object, state: object
) -> Iterator[Given]:
    from casereviews.repository.archive import Archive
    from casereviews.repository.model import Document, Fetch

    assert isinstance(document, Document)
    assert document.sha256 is not None
    address = document.file_url or url
    fetch = Fetch(
        source_id=said.source_id,
        url=address,
        final_url=getattr(state, "final_url", address),
        fetched_at=now(),
        status=getattr(state, "status", None),
        media_type=document.media_type,
        file_name=document.file_name,
        sha256=document.sha256,
    )
    seen = replace(
        said,
        file_url=address,
        kind=document.kind,
        listing_url=said.listing_url or address,
        link_text=said.link_text or document.title or document.file_name or "",
    )
    yield Given(seen, fetch, Archive(aside.archive).path(document.sha256))
