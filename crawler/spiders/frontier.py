"""Where a source's crawl goes next: what is within its bounds, what is due, and the cheapest question that tells of a change."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from casereviews.crawler.network.guards import allowed_host
from casereviews.crawler.parsing.html.own_addresses import own_addresses
from casereviews.crawler.parsing.html.sniff import HTML
from casereviews.crawler.parsing.links.wording import LABEL
from casereviews.crawler.parsing.parsed import Link, Parsed
from casereviews.crawler.parsing.parser_digest import parser_digest
from casereviews.crawler.parsing.remembered import canonical_text, parsed_from
from casereviews.crawler.sources.source import Source
from casereviews.crawler.spiders.memory import PageMemory
from casereviews.crawler.spiders.schedule import (
    FULL_READS_A_NIGHT,
    full_read_due,
    is_due,
    size_tells,
)
from casereviews.crawler.spiders.session import Session
from casereviews.crawler.spiders.unlisted import FIRST_BYTES, is_page
from casereviews.repository.errors import FileLost
from casereviews.repository.identity import canonical
from casereviews.repository.model import Sighting
from casereviews.repository.record.outcome import PageNote, Unlisted, UrlState
from casereviews.repository.record.pages import IN_PART
from casereviews.repository.record.source_night import OTHER_BYTES
from casereviews.repository.vocabulary.link_titles import is_informative, without_file_notes

STANDS_IN = frozenset({"login", "bot_wall", "needs_javascript", "error"})
"""Kinds of pages that tell nothing of what the page in their place names."""


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
        self._changing = self._found_out()
        self._offered: dict[str, dict[str, Sighting]] = {}
        self._notes: list[PageNote] = []
        self._announcing: list[str] = []
        self._read_in_full = 0
        record = session.record
        self._in_doubt = record.in_doubt(source.id) if record is not None else frozenset()
        self._not_due: set[str] = set()

    # ---- bounds

    def is_taken(self, url: str, *, file: bool = False) -> bool:
        """True when the address, or a twin of it by the source's rules, was taken before."""
        return self._key(url, file) in self._taken

    def take(self, url: str, *, file: bool = False) -> None:
        """Note that the address is asked for, or told of, in this crawl."""
        self._taken.add(self._key(url, file))

    def look_at(self, parsed: Parsed) -> None:
        """Take back what was found out of changing parameters, where a page says that they tell documents apart.

        On one page two values are two documents; on two pages the same document may have two, unless they are of different cases.
        """
        if not self._changing:
            return
        told = [(one.file_url, one) for one in parsed.sightings]
        told += [(link.url, link.sighting) for link in parsed.follow if link.sighting]
        here: dict[str, str] = {}
        for url, one in told:
            if url is None or (key := self._key(url, True)) == self._key(url, False):
                continue
            others = self._offered.setdefault(key, {})
            if here.setdefault(key, url) != url or any(
                _is_other(one, it) for it in others.values()
            ):
                self._forget_found_out()
                return
            others[url] = one

    def _found_out(self) -> tuple[tuple[str, str], ...]:
        record = self.session.record
        return record.changing_parameters(self.source.id) if record is not None else ()

    def _forget_found_out(self) -> None:
        assert self.session.record is not None
        self.session.record.forget_changing_parameters(self.source.id)
        self._changing = ()

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

    def is_page_due(self, memory: PageMemory, at_least: float = 0.0) -> bool:
        """True when a remembered page is to be asked for again, after `at_least` so many days."""
        return self._is_due(memory.first_seen, memory.checked_at, memory.url, at_least)

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
        """Keep what a page said; True when it is what it said before. `text` is compared too, where the page is the publication.

        Where it led to (`final_url`) is not kept when that names a case that was withdrawn.
        """
        record = self.session.record
        if record is not None and final_url != url:
            (hidden,) = record.names_withdrawn(self.source.id, [final_url])
            final_url = url if hidden else final_url
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
                read_at=now,
                parser=parser_digest(),
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

    def note_read(self, url: str, parsed: Parsed, leads: Iterable[str] = ()) -> None:
        """Note that the page at an address was read, or says what it said; `leads` are where it leads beyond its links.

        One that says that there is more of it, which could not be followed, was read in part; so was what stands in a page's place.
        """
        onward = (*(link.url for link in parsed.follow), *leads)
        part = parsed.unread or parsed.page_kind in STANDS_IN
        self._notes.append(
            PageNote(url, onward, IN_PART if part else None, says_none=parsed.says_none)
        )
        if parsed.announced is not None:
            self._announcing.append(url)

    def note_unread(self, url: str, trouble: str) -> None:
        """Note that the page at an address could not be read, or not to its end (IN_PART)."""
        self._notes.append(PageNote(url, (), trouble))

    def notes(self, *, all_found: bool) -> list[PageNote]:
        """What was noted of the pages; those of a list that announces more than was found (`all_found` False) were read in part."""
        short = () if all_found else self._announcing
        return [*self._notes, *(PageNote(url, (), IN_PART) for url in short)]

    # ---- files

    def is_file(self, link: Link) -> bool:
        """True for a link that is taken for a file before it is asked: it says so, or it turned out to be one before."""
        if link.role != "detail":
            return link.role == "file"
        state = self._state(link.url)
        return state is not None and state.sha256 is not None and state.media_type != HTML

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
        if self._is_read_in_full(state):
            return Question(sha256=state.sha256)
        early = state.error == OTHER_BYTES or state.url in self._in_doubt
        if not early and not self._is_due(state.first_seen, state.checked_at, url):
            self._not_due.add(url)
            return Question(None, sha256=state.sha256, trouble=state.error)
        if state.sha256 and (state.etag or state.last_modified):
            return Question("GET", conditions(state), state.sha256)
        by_size = state.sha256 and size_tells(first_seen=state.first_seen, now=now)
        return Question("HEAD" if by_size else "GET", sha256=state.sha256)

    def _is_read_in_full(self, state: UrlState) -> bool:
        """True, and counted, for a file that is asked for without conditions: its last whole reading is long ago, or all are to be."""
        if self.session.options.recheck_all:
            return True
        due = state.sha256 is not None and full_read_due(
            first_seen=state.first_seen,
            read_at=state.read_at or state.checked_at,
            now=self.session.now(),
            key=state.url,
        )
        if not due or self._read_in_full >= FULL_READS_A_NIGHT:
            return False
        self._read_in_full += 1
        return True

    def page_conditions(self, memory: PageMemory | None) -> tuple[tuple[str, str], ...]:
        """The headers by which a remembered page is asked for; none where it is to be read anew.

        All are to be (`--recheck`), its last whole reading is long ago, or another parser read it: a server's "as it was" would keep what
        an older one understood.
        """
        if memory is None or self.session.options.recheck_all:
            return ()
        now = self.session.now()
        old = full_read_due(
            first_seen=memory.first_seen, read_at=memory.read_at, now=now, key=memory.url
        )
        return () if old or memory.parser != parser_digest() else conditions(memory)

    def question_of_unlisted(self, one: Unlisted) -> Question | None:
        """How a document that is listed no more, or was not due, is asked for; None when it is not to be asked for tonight.

        What was found to be gone, in case it comes back, and what stands on a page that fails is asked for as seldom as any file of its age.
        """
        taken = self.is_taken(one.url) and one.url not in self._not_due
        if taken or self.outside(one.url, 0):
            return None
        state = self._state(one.url)
        if one.seldom and state and not self._is_due(state.first_seen, state.checked_at, one.url):
            return None
        first = () if is_page(one) else FIRST_BYTES
        known = conditions(state) if state is not None and state.sha256 else ()
        return Question("GET", (*known, *first), one.sha256)

    def same_validators(self, url: str, etag: str | None, last_modified: str | None) -> bool:
        """True when a server states for an address the validators that it stated for the bytes held."""
        state = self._state(url)
        if state is None or not state.sha256:
            return False
        if state.etag and etag:
            return state.etag == etag
        return bool(last_modified) and state.last_modified == last_modified

    def has_size(self, sha256: str | None, stated: str) -> bool:
        """True when the kept file has the size that a server states (the text of Content-Length)."""
        record = self.session.record
        if not stated.isdecimal() or not sha256 or record is None:
            return False
        return record.archive.size(sha256) == int(stated)

    def kept(self, sha256: str | None) -> bytes | None:
        """The bytes that are held by a hash; None where they are lost."""
        record = self.session.record
        if not sha256 or record is None:
            return None
        try:
            return record.archive.read(sha256)
        except FileLost:
            return None

    def _key(self, url: str, file: bool) -> str:
        found_out = self._changing if file else ()
        return canonical(url, same_as=(*self.source.same_as, *found_out))

    def _state(self, url: str) -> UrlState | None:
        record = self.session.record
        return record.url_state(url, self.source.id) if record is not None else None

    def _is_due(self, first_seen: str, checked_at: str, key: str, at_least: float = 0.0) -> bool:
        return self.session.options.recheck_all or is_due(
            first_seen=first_seen,
            checked_at=checked_at,
            now=self.session.now(),
            key=key,
            at_least=at_least,
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


def _is_other(one: Sighting, other: Sighting) -> bool:
    """True when two sightings name different cases, or are called differently where one of them names none."""
    cases, others = (
        {
            found.group(0).casefold()
            for found in LABEL.finditer(" ".join((*each.headings, each.link_text)))
        }
        for each in (one, other)
    )
    if cases and others:
        return not cases & others
    names = [without_file_notes(each.link_text) for each in (one, other)]
    return all(map(is_informative, names)) and names[0].casefold() != names[1].casefold()
