"""Files as they come in: what they are, whether they changed, and what stands in for them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from scrapy import Request
from scrapy.http import Response

from casereviews.crawler.network import walls
from casereviews.crawler.network.fetching import header
from casereviews.crawler.network.guards import allowed_host
from casereviews.crawler.parsing.html import sniff
from casereviews.crawler.parsing.parsed import Link
from casereviews.crawler.spiders.asking import Asking, Output
from casereviews.crawler.spiders.items import FileArrived
from casereviews.repository.identity import canonical
from casereviews.repository.model import Sighting


class Receiving(Asking):
    """Takes the files of one source."""

    def _file_of(self, sighting: Sighting, depth: int) -> Iterator[Output]:
        assert sighting.file_url is not None
        key = canonical(sighting.file_url, same_as=self.source.same_as)
        if key in self.asked:
            return
        if not allowed_host(sighting.file_url, self.source.hosts):
            self.tally.left_alone["off_site"] += 1
            return
        self.asked.add(key)
        link = Link(sighting.file_url, "file", sighting.link_text, sighting)
        for output in self._ask_file(link, depth):
            if isinstance(output, Request):
                output.meta["certain"] = True  # a page said that it is a document
                yield output

    def on_file(self, response: Response) -> Iterator[Output]:
        """A file came in, or the answer to whether it changed."""
        meta = response.meta
        link: Link = meta["link"]
        request = response.request
        assert request is not None
        if response.status == 304 and link.sighting:
            yield from self._unchanged(response, link.sighting)
            return
        if request.method == "HEAD":
            if self._size_is_same(response) and link.sighting:
                yield from self._unchanged(response, link.sighting)
            else:
                yield request.replace(method="GET", dont_filter=True)
            return
        kind = sniff.media_type(response.body, header(response, "Content-Type") or "", response.url)
        trouble = self._file_trouble(response, kind)
        if trouble is None:
            yield from self._arrived(response, kind)
        elif trouble == "empty_file" and meta.get("certain") and not meta.get("sha256"):
            # A page names it as a document and it never had content: kept as it is, reading says "empty".
            yield from self._arrived(response, header(response, "Content-Type") or "")
        elif trouble == "html_for_file" and not sniff.claims_document(meta["asked"]):
            # A link that did not say what it is turned out to be a page.
            yield from self._read(response, kind)
        else:
            yield from self._in_vain(request, trouble, response)

    def _file_trouble(self, response: Response, kind: str) -> str | None:
        if walls.is_bot_wall(response):
            return "bot_wall"
        if walls.is_login(response):
            return "login"
        if response.status >= 300:
            return f"http_{response.status}"
        if not response.body:
            return "empty_file"
        if sniff.is_document(kind):
            return None
        return "html_for_file" if kind == sniff.HTML else "not_a_document"

    def _arrived(self, response: Response, kind: str) -> Iterator[Output]:
        link: Link = response.meta["link"]
        sighting = link.sighting or Sighting(
            self.source.id, link.url, link.url, link_text=link.text
        )
        if not sighting.file_url:
            sighting = replace(sighting, file_url=link.url)
        if not response.meta.get("certain"):
            yield self._sight_again(sighting)
        yield FileArrived(self._fetch(response, kind, with_file=True), sighting, response.body)

    def _unchanged(self, response: Response, sighting: Sighting) -> Iterator[Output]:
        if not response.meta.get("certain"):
            yield self._sight_again(sighting)
        yield FileArrived(self._fetch(response), sighting, None)

    def _size_is_same(self, response: Response) -> bool:
        stated = header(response, "Content-Length") or ""
        sha256 = response.meta.get("sha256")
        record = self.session.record
        if response.status != 200 or not stated.isdigit() or not sha256 or record is None:
            return False
        kept: Path = record.archive.path(sha256)
        return kept.is_file() and kept.stat().st_size == int(stated)

    def _read(self, response: Response, kind: str) -> Iterator[Output]:
        """Read a page; the heirs know how."""
        raise NotImplementedError

    def _in_vain(
        self, request: Request | None, trouble: str, response: Response | None
    ) -> Iterator[Output]:
        """Tell of a request that brought nothing; the heirs know what it means."""
        raise NotImplementedError
