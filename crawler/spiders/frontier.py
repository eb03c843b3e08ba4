"""Where a source's crawl goes next: what is within its bounds, what is due, and the cheapest question that tells of a change."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from casereviews.crawler.network.guards import allowed_host
from casereviews.crawler.parsing.html.own_addresses import own_addresses
from casereviews.crawler.parsing.parsed import Link, Parsed
from casereviews.crawler.parsing.remembered import canonical_text, parsed_from
from casereviews.crawler.sources.source import Source
from casereviews.crawler.spiders.memory import PageMemory
from casereviews.crawler.spiders.schedule import is_due, size_tells
from casereviews.crawler.spiders.session import Session
from casereviews.repository.identity import canonical
from casereviews.repository.record.outcome import UrlState


@dataclass(frozen=True, slots=True)
class Question:
    """How a file is asked for: `method` GET or HEAD (None: not at all tonight), conditions, the hash that is held of it, and what
    kept it away when it was last asked for."""

    method: str | None = "GET"
    headers: tuple[tuple[str, str], ...] = ()
    sha256: str | None = None
    trouble: str | None = None


class Frontier:
    """What one source's crawl knows of the addresses before it; it asks nothing itself."""

    def __init__(self, source: Source, session: Session) -> None:
        self.source = source
        self.session = session
        self._taken: set[str] = set()
        self._pages = 0

    # ---- bounds

    def is_taken(self, url: str) -> bool:
        """True when the address, or a twin of it by the source's rules, was taken before."""
        return self._key(url) in self._taken

    def take(self, url: str) -> None:
        """Note that the address is asked for, or told of, in this crawl."""
        self._taken.add(self._key(url))

    def outside(self, url: str, depth: int) -> str | None:
        """Why an address is out of bounds: "off_site", "depth", or None when it is within them."""
        if not allowed_host(url, self.source.hosts):
            return "off_site"
        limit = self.session.options.max_depth
        deepest = self.source.max_depth if limit is None else min(limit, self.source.max_depth)
        return "depth" if depth > deepest else None

    def has_room(self) -> bool:
        """True, and counted, while the source's number of pages is not used up."""
        if self._pages >= self.source.max_pages:
            return False
        self._pages += 1
        return True

    # ---- pages

    def remembered(self, url: str) -> PageMemory | None:
        """What a page said last time; None too when it is a publication that the record lacks (a run was killed between)."""
        memory = self.session.memory.page(self.source.id, url)
        return None if memory is None or self._owes_itself(memory) else memory

    def is_page_due(self, memory: PageMemory) -> bool:
        """True when a remembered page is to be asked for again."""
        return self._is_due(memory.first_seen, memory.checked_at, memory.url)

    def remember(
        self,
        url: str,
        parsed: Parsed,
        *,
        final_url: str,
        etag: str | None = None,
        last_modified: str | None = None,
        text: str = "",
    ) -> bool:
        """Keep what a page said; True when it is what it said before. `text` is compared too, where the page is the publication."""
        said = canonical_text(parsed)
        digest = hashlib.sha256((said + text).encode("utf-8", "replace")).hexdigest()
        before = self.session.memory.page(self.source.id, url)
        now = self.session.now()
        self.session.memory.remember(
            self.source.id,
            PageMemory(
                url=url,
                first_seen=before.first_seen if before else now,
                checked_at=now,
                final_url=final_url,
                etag=etag,
                last_modified=last_modified,
                said=said,
                said_sha256=digest,
            ),
        )
        return before is not None and before.said_sha256 == digest

    def twins(self, url: str, parsed: Parsed, listing_url: str) -> tuple[tuple[str, str], ...]:
        """(address, evidence) of what may be the page at `url`: what it names as its own, and pages that name it so."""
        lists = (*self.source.start_urls, listing_url)
        named_by = (
            (page, "canonical")
            for page in self.session.memory.pages_naming(self.source.id, url)
            if own_addresses(page, url, None, lists)
        )
        return (*own_addresses(url, parsed.canonical, parsed.shortlink, lists), *named_by)

    # ---- files

    def is_file(self, link: Link) -> bool:
        """True for a link that is taken for a file before it is asked: it says so, or it turned out to be one before."""
        return link.role == "file" or (link.role == "detail" and self.is_kept(link.url))

    def is_kept(self, url: str) -> bool:
        """True when the record holds what was fetched from the address."""
        state = self._state(url)
        return state is not None and state.sha256 is not None

    def question(self, url: str) -> Question:
        """The cheapest question that tells whether a file changed."""
        state = self._state(url)
        if state is None or _was_refused(state):
            return Question()
        now = self.session.now()
        if not self._is_due(state.first_seen, state.checked_at, url):
            return Question(None, sha256=state.sha256, trouble=state.error)
        if state.sha256 and (state.etag or state.last_modified):
            return Question("GET", conditions(state), state.sha256)
        by_size = state.sha256 and size_tells(first_seen=state.first_seen, now=now)
        return Question("HEAD" if by_size else "GET", sha256=state.sha256)

    def has_size(self, sha256: str | None, stated: str) -> bool:
        """True when the kept file has the size that a server states (the text of Content-Length)."""
        record = self.session.record
        if not stated.isdigit() or not sha256 or record is None:
            return False
        kept = record.archive.path(sha256)
        return kept.is_file() and kept.stat().st_size == int(stated)

    def _key(self, url: str) -> str:
        return canonical(url, same_as=self.source.same_as)

    def _state(self, url: str) -> UrlState | None:
        record = self.session.record
        return record.url_state(url) if record is not None else None

    def _is_due(self, first_seen: str, checked_at: str, key: str) -> bool:
        return self.session.options.recheck_all or is_due(
            first_seen=first_seen, checked_at=checked_at, now=self.session.now(), key=key
        )

    def _owes_itself(self, memory: PageMemory) -> bool:
        if self.session.record is None or self.is_kept(memory.url):
            return False
        parsed = parsed_from(memory.said)
        itself = (memory.url, memory.final_url, parsed.canonical)
        return any(one.kind == "page" and one.file_url in itself for one in parsed.sightings)


def _was_refused(state: UrlState) -> bool:
    """True for an address that was never asked for, because its host was none of the source's then."""
    return state.error == "off_site" and state.status is None and state.final_url == state.url


def conditions(known: PageMemory | UrlState | None) -> tuple[tuple[str, str], ...]:
    """The headers of a conditional request: answered with 304 while nothing changed."""
    if known is None:
        return ()
    given = (("If-None-Match", known.etag), ("If-Modified-Since", known.last_modified))
    return tuple((name, value) for name, value in given if value)
