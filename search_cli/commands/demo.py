"""`demo`: the whole job over bundled fictional sites: real HTTP, real Scrapy, real files, all on this machine."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from casereviews import Collection, Home
from casereviews.collection.clock import today
from casereviews.collection.output.wording import counts_listed
from casereviews.search_cli.errors import EXIT_CANNOT_RUN, EXIT_INTERRUPTED, BadRequest, CannotRun
from casereviews.search_cli.examples import examples
from casereviews.search_cli.hits import drawn_hits
from casereviews.search_cli.options import collection_of, write
from casereviews.search_cli.progress import progress_shown
from casereviews.search_cli.serving import serve_collection
from casereviews.search_cli.user_files import replace

if TYPE_CHECKING:
    from casereviews import Refreshed

PORT = 18743  # where it is free, so that addresses, and the ids made from them, are those of the README
SEARCHES = (
    '"was not brought" OR "professional curiosity"',
    "in:recommendations (supervision training)",
)
TRY = (
    "search '\"was not brought\"' --facets",
    "search neglect --nation England --year 2018..2024 --sort date",
    "search 'infant NEAR/8 bruis*' --json",
    "similar --text 'baby with a bruise before he could crawl, mum has a new boyfriend'",
    "show {review}",
    "show {review} --why",
    "stats --by theme --by year",
    "sources list",
    "status",
    "export --jsonl",
)


@examples("demo", "demo --serve", "--home ~/try-it demo --keep-serving")
@click.command("demo")
@click.option(
    "--keep-serving",
    is_flag=True,
    help="Serve the sites on after the run, changed as for a second night, until Ctrl-C.",
)
@click.option(
    "--serve",
    "shown_as_pages",
    is_flag=True,
    help="Show the result as pages in a browser, and serve the sites on as --keep-serving does, until Ctrl-C.",
)
@click.pass_context
def command(ctx: click.Context, keep_serving: bool, shown_as_pages: bool) -> None:
    """Build fictional sites, serve them on loopback, collect, read and index them, and search the result.

    Uses the given home when it is empty or a demo's own, else a folder of its own; never a real collection. Every review,
    area, board and person in it is invented.
    """
    try:
        import reportlab  # noqa: F401 - only to say at once what is missing
    except ImportError:
        raise CannotRun(
            'the demo makes PDFs and needs the extra [demo]: pip install ".[demo]"'
        ) from None
    from casereviews.demo.sites import Changes, build, temporary_folder

    collection = demo_collection(ctx)
    collection.check_vocabulary()
    click.echo(
        "Building fictional sites: every review, area and person in them is invented.", err=True
    )
    with temporary_folder("demo-") as folder:
        sites = build(folder)
        with served(collection.home, sites) as server:
            replace(collection.home.sources_toml, server.registry_toml())
            with progress_shown() as progress:
                done = collection.refresh_from(
                    server.sources(), server.crawl_options(), progress=progress
                )
            show_collected(done)
            if done.why_stopped is not None:
                ctx.exit(EXIT_INTERRUPTED if done.why_stopped == "interrupted" else EXIT_CANNOT_RUN)
            for query in SEARCHES:
                show_search(collection, query)
            suggest(collection)
            if keep_serving or shown_as_pages:
                server.change_to(build(folder / "second-night", changes=Changes.every()))
                click.echo(
                    more_nights(collection.home, server.port, date.fromisoformat(today())), err=True
                )
            if shown_as_pages:
                serve_collection(collection)
            elif keep_serving:
                serve_on()


def more_nights(home: Home, port: int, first: date) -> str:
    """What to type in another terminal while the sites are served, which have changed by now as sites do between two nights.

    What is gone is concluded on the third night, so the clock is moved for the two after the second.
    """
    verb = f"casereviews --home {home.root}"
    third, fourth = (f"CASEREVIEWS_NOW={first + timedelta(days)}T12:00:00Z" for days in (1, 2))
    return (
        f"The sites are served on port {port} until Ctrl-C. They have changed: a review is new, a text, a file and an address are others,"
        " a file is gone. For the second night, in another terminal:\n"
        f"  {verb} refresh\n"
        f"  {verb} new\n"
        "What is gone is missing for three nights before it is taken for a retraction and held. The two to come, with the clock moved:\n"
        f"  {third} {verb} refresh\n"
        f"  {fourth} {verb} refresh\n"
        f"  {verb} held"
    )


def serve_on() -> None:
    """Wait for Ctrl-C while the server's own thread serves, on a terminal or without one."""
    with suppress(KeyboardInterrupt):
        while True:
            time.sleep(3600)


def demo_collection(ctx: click.Context) -> Collection:
    """The given home when it is empty or a demo's, else the demo's own folder."""
    given = collection_of(ctx).home
    if ctx.meta.get("casereviews.home_given"):
        if given.exists and not given.is_demo:
            raise BadRequest(
                f"{given.root} holds a real collection: the demo leaves it alone; name an empty folder"
            )
        if not given.exists and given.root.is_dir() and any(given.root.iterdir()):
            raise BadRequest(f"{given.root} is not empty: name an empty folder")
        return ctx.with_resource(Collection(given.create(demo=True)))
    import platformdirs

    own = Path(platformdirs.user_cache_dir("casereviews", appauthor=False)) / "demo"
    return ctx.with_resource(Collection(Home(own).create(demo=True)))


@contextmanager
def served(home: Home, sites: Any) -> Iterator[Any]:
    """The sites on the port that they had in this home's last demo, since addresses contain it; on another when it is taken."""
    from casereviews.demo.server import serve

    kept = home.root / "demo-port"
    with ExitStack() as stack:
        for port in (*_kept_port(kept), PORT, 0):
            try:
                server = stack.enter_context(serve(sites, port=port))
                break
            except OSError:
                continue
        replace(kept, str(server.port))
        yield server


def _kept_port(kept: Path) -> list[int]:
    try:
        return [int(kept.read_text("utf-8"))]
    except (OSError, ValueError):
        return []


def show_collected(done: Refreshed) -> None:
    """What was collected per source, and what was left alone and why."""
    from rich.table import Table
    from rich.text import Text

    from casereviews.search_cli.output.terminal import drawn

    table = Table(title="What was collected", title_justify="left", box=None, pad_edge=False)
    for heading in ("Source", "Result", "Sighted", "What happened", "Left alone, and why"):
        table.add_column(heading, justify="right" if heading == "Sighted" else "left")
    for one in done.report.sources:
        cells = (
            one.source_id,
            one.result,
            str(one.counts.get("sighted", 0)),
            counts_listed(one.events) or "nothing new",
            counts_listed(one.left_alone),
        )
        table.add_row(*(Text(cell) for cell in cells))
    write(drawn(table))
    built = done.built
    if built is None:
        click.echo("\nIt was stopped before it was indexed: run it again.\n")
        return
    click.echo(
        f"\n{built.documents} documents of {built.reviews} reviews, {built.words:,} words, searchable by page.\n"
    )


def show_search(collection: Collection, query: str) -> None:
    """A search with its page hits, as `search` prints it."""
    from casereviews.search_cli.output.terminal import drawn

    found = collection.search(query, limit=3)
    click.echo(f"$ casereviews search {shown(query)}")
    click.echo(f"understood: {found.understood}")
    write(drawn(drawn_hits(found, False, collection.vocabulary)))
    click.echo("")


def shown(query: str) -> str:
    """A query as it is typed in a shell."""
    return f"'{query}'" if any(letter in query for letter in ' "()*') else query


def suggest(collection: Collection) -> None:
    """Commands to try next."""
    hits = collection.search("neglect", limit=1).hits
    review = hits[0].review_id if hits else "ID"
    click.echo("Try next:")
    for line in TRY:
        click.echo(f"  casereviews --home {collection.home.root} {line.format(review=review)}")
