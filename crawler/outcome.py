"""What became of one source's crawl: counts and named trouble, no judgement (that is `health`)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from casereviews.crawler.parsing.parsed import Parsed
from casereviews.repository.model import Sighting

MOST_REASONS = 5


@dataclass(frozen=True, slots=True)
class CrawlOutcome:
    """One source's crawl as it went.

    `ended` is "finished", "budget" (requests or time ran out), "stopped" (SIGTERM), "crashed" (its spider or the process
    died) or "not_started". `complete` is True when every list and every due detail page was read, so that absence means
    something. `start_errors` are the error names of start pages that could not be read; `errors` counts those of all requests;
    `page_kinds` counts what the pages turned out to be. `sighted` counts distinct documents and entries. `announced` is the list's own total,
    `reached` how many of it the pages that were read say they show (None where they do not number them). `unlisted_asked` counts
    documents that were asked for though no page named them.
    `moved_to` is the address that a start page redirected to on a host that is not the source's.
    """

    source_id: str
    ended: str = "not_started"
    complete: bool = False
    requests: int = 0
    received: int = 0
    pages: int = 0
    pages_same: int = 0
    pages_not_due: int = 0
    sighted: int = 0
    announced: int | None = None
    reached: int | None = None
    files_new: int = 0
    files_changed: int = 0
    files_same: int = 0
    files_not_due: int = 0
    files_failed: int = 0
    unlisted_asked: int = 0
    start_pages: int = 0
    start_errors: tuple[str, ...] = ()
    errors: Mapping[str, int] = field(default_factory=dict)
    page_kinds: Mapping[str, int] = field(default_factory=dict)
    left_alone: Mapping[str, int] = field(default_factory=dict)
    moved_to: str | None = None
    detail: str = ""
    seconds: float = 0.0

    @property
    def asked(self) -> bool:
        """False when the run ended before its turn: nothing was asked of its site."""
        anything = self.requests or self.pages or self.sighted
        return bool(anything) or self.ended not in ("not_started", "budget", "stopped")

    @property
    def all_found(self) -> bool:
        """True when no list announces more records than were found."""
        found = self.sighted if self.reached is None else self.reached
        return self.announced is None or found >= self.announced


class Tally:
    """Counts while a source is crawled; `outcome` freezes them."""

    def __init__(self, source_id: str) -> None:
        self.source_id = source_id
        self.counts: Counter[str] = Counter()
        self.errors: Counter[str] = Counter()
        self.page_kinds: Counter[str] = Counter()
        self.left_alone: Counter[str] = Counter()
        self.sighted: set[tuple[str, ...]] = set()
        self.announced: int | None = None
        self.shown: dict[int, set[int]] = {}
        self.start_errors: list[str] = []
        self.incomplete: set[str] = set()
        self.moved_to: str | None = None
        self.crash: str = ""
        self.ended: str = "not_started"
        self.seconds: float = 0.0

    def count_page(self, parsed: Parsed, *, fetched: bool, same: bool) -> None:
        """Count a page that was read, or that said again what it said (`fetched` False)."""
        self.counts["pages"] += fetched
        self.counts["pages_same"] += fetched and same
        self.page_kinds[parsed.page_kind] += 1
        self.left_alone.update(parsed.left_alone)
        self.count_more(parsed)
        self.count_sightings(parsed.sighted)

    def count_more(self, parsed: Parsed) -> None:
        """Count what a page says of its list as a whole: a total, the part that it shows, what could not be followed."""
        if parsed.announced is not None:
            self.announced = max(self.announced or 0, parsed.announced)
        if parsed.announced is not None and parsed.shown is not None:
            first, last = parsed.shown
            self.shown.setdefault(parsed.announced, set()).update(range(first, last + 1))
        self.incomplete.update(parsed.unread)

    def count_sightings(self, sightings: Iterable[Sighting]) -> None:
        """Count documents and entries that were sighted, each once."""
        self.sighted.update(map(_identity_of, sightings))

    @property
    def is_whole(self) -> bool:
        """True when, so far, every list and every due detail page was read, and no list announces more than was found."""
        announced = self.announced is None or len(self.sighted) >= self.announced
        ends = self.crash or self.ended != "not_started"
        return announced and not (ends or self.incomplete or self.start_errors)

    def outcome(self) -> CrawlOutcome:
        """The frozen result; `complete` only when nothing was cut short and no page was missed."""
        ended = "crashed" if self.crash else self.ended
        # Several lists may state totals: the one that most is missing of is told.
        least = max(self.shown, key=lambda total: total - len(self.shown[total]), default=None)
        reached = len(self.shown[least]) if least is not None else None
        announced = self.announced if least is None or reached == least else least
        return CrawlOutcome(
            source_id=self.source_id,
            ended=ended,
            complete=ended == "finished" and not self.incomplete and not self.start_errors,
            requests=self.counts["requests"],
            received=self.counts["received"],
            pages=self.counts["pages"],
            pages_same=self.counts["pages_same"],
            pages_not_due=self.counts["pages_not_due"],
            sighted=len(self.sighted),
            announced=announced,
            reached=announced if least is not None and reached == least else reached,
            files_new=self.counts["files_new"],
            files_changed=self.counts["files_changed"],
            files_same=self.counts["files_same"],
            files_not_due=self.counts["files_not_due"],
            files_failed=self.counts["files_failed"],
            unlisted_asked=self.counts["unlisted_asked"],
            start_pages=self.counts["start_pages"],
            start_errors=tuple(self.start_errors),
            errors=dict(self.errors),
            page_kinds=dict(self.page_kinds),
            left_alone=dict(self.left_alone),
            moved_to=self.moved_to,
            detail=self.crash or _told(self.incomplete),
            seconds=round(self.seconds, 3),
        )


def _told(reasons: Iterable[str]) -> str:
    """The first reasons in words, and how many more there are: every page of a list may have the same button."""
    first = sorted(reasons)
    more = [f"and {len(first) - MOST_REASONS} more"] if len(first) > MOST_REASONS else []
    return "; ".join([*first[:MOST_REASONS], *more])


def _identity_of(sighting: Sighting) -> tuple[str, ...]:
    if sighting.file_url:
        return (sighting.file_url, sighting.edition or "")
    return (sighting.listing_url, *sighting.headings, sighting.link_text, sighting.card_text)
