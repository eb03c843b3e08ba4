"""What every request and response passes: allowed hosts, budgets, patience, bounded decompression."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response, TextResponse

from casereviews.crawler.network.asker import asker_of
from casereviews.crawler.network.guards import Refused, allowed_host, host_name
from casereviews.crawler.network.pace import pause_host
from casereviews.crawler.network.trouble import RETRIED, RETRIED_STATUS, STOPPED, error_name
from casereviews.crawler.network.walls import is_wall
from casereviews.crawler.parsing.html.sniff import is_plain


class _PerCrawler:
    """A middleware that is given its crawler."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> _PerCrawler:
        return cls(crawler)


class HostGuardMiddleware(_PerCrawler):
    """Lets requests through to the source's own hosts only, redirect hops and robots.txt included."""

    def process_request(self, request: Request) -> None:
        spider = asker_of(self.crawler)
        if not allowed_host(request.url, spider.source.hosts):
            came_from = request.meta.get("redirect_urls", [""])[-1]
            raise Refused(
                "off_site",
                f"{came_from or 'a link'} leads to {request.url}, which is none of the hosts of {spider.source.id}",
                leads_to=request.url,
            )
        name = host_name(urlsplit(request.url).netloc)
        if spider.session.policy.is_local(name):
            # A proxy cannot reach this machine's loopback, and the demo's names exist nowhere else.
            request.meta["proxy"] = None


class BudgetMiddleware(_PerCrawler):
    """Stops asking a host, and the night, once their number of requests is used up, or their time."""

    def process_request(self, request: Request) -> None:
        spider = asker_of(self.crawler)
        if spider.time_is_up or spider.session.stopped:
            raise Refused(STOPPED, f"{request.url} is not asked for any more tonight")
        if request.meta.get("asked") in spider.session.options.too_slow:
            raise Refused("page_too_slow", f"reading {request.url} took too long before")
        host = urlsplit(request.url).netloc.lower()
        if not spider.session.may_ask(host):
            raise Refused("budget", f"tonight's number of requests to {host} is used up")
        spider.tally.counts["requests"] += 1


class CookieNoteMiddleware(_PerCrawler):
    """Notes that a redirect sets a cookie: we keep none, and a site that insists sends us round in a circle."""

    def process_response(self, request: Request, response: Response) -> Response:
        if 300 <= response.status < 400 and response.headers.get("Set-Cookie"):
            request.meta["sets_cookie"] = True
        return response


class PoliteRetryMiddleware(_PerCrawler):
    """Tries again after a pause that grows, or the one that the server asks for (Retry-After).

    The whole host waits, not only this request. A server that asks for longer than `longest_wait` is left
    alone for the night.
    """

    def process_response(self, request: Request, response: Response) -> Response | Request:
        if response.status not in RETRIED_STATUS or is_wall(response):
            return response
        asked = _retry_after(response)
        if asked is not None and asked > asker_of(self.crawler).session.options.longest_wait:
            raise Refused(
                "asked_to_wait",
                f"{urlsplit(request.url).netloc} asks to wait {asked:.0f} seconds",
                seconds=asked,
            )
        return self._again(request, asked) or response

    def process_exception(self, request: Request, exception: Exception) -> Request | None:
        if isinstance(exception, IgnoreRequest):
            return None
        if error_name(exception, request) not in RETRIED or request.meta.get("too_slow"):
            return None
        return self._again(request, None)

    def _again(self, request: Request, asked: float | None) -> Request | None:
        options = asker_of(self.crawler).session.options
        tries = request.meta.get("tries", 0) + 1
        if tries > options.retries:
            return None
        pause_host(self.crawler, request, asked or options.backoff * 2 ** (tries - 1))
        again = request.copy()
        again.meta["tries"] = tries
        again.dont_filter = True
        return again


def _retry_after(response: Response) -> float | None:
    """Seconds of a Retry-After header (a number or an HTTP date), None without a readable one."""
    value = (response.headers.get("Retry-After") or b"").decode("latin-1").strip()
    if not value:
        return None
    if value.isascii() and value.isdigit():
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())


class CharsetMiddleware(_PerCrawler):
    """A page that claims a character set which is none of text (hex, idna) is read as UTF-8: Scrapy's middlewares would fail on it."""

    def process_response(self, request: Request, response: Response) -> Response:
        """The response, whose `text` can be had."""
        if isinstance(response, TextResponse):
            try:
                response.text  # noqa: B018 - it keeps what it decoded
            except (LookupError, UnicodeError):
                return response.replace(encoding="utf-8")
        return response


class BoundedCompressionMiddleware(HttpCompressionMiddleware):
    """Scrapy's decompression, whose refusal of a bomb becomes a named result.

    A body that plainly is a document or a page was never encoded, whatever the header says ("none", "utf-8", a gzip that was forgotten).
    """

    def process_response(
        self, request: Request, response: Response, spider: object = None
    ) -> Request | Response:
        if "Content-Encoding" in response.headers and is_plain(response.body):
            del response.headers["Content-Encoding"]
            return response
        try:
            return super().process_response(request, response)
        except IgnoreRequest as error:
            raise Refused("too_large_unpacked", str(error)) from error
