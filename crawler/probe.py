"""`sources probe URL`: which family of site a page belongs to and why, and an entry for the home's sources.toml."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import tomlkit

from casereviews.crawler.parsing.dhr_library import parse_dhr_library
from casereviews.crawler.parsing.govuk import content_url
from casereviews.crawler.parsing.html.dom import read_html, text_of
from casereviews.crawler.parsing.listing import parse_listing
from casereviews.crawler.parsing.nspcc import parse_nspcc
from casereviews.crawler.parsing.sar_library import parse_sar_library
from casereviews.crawler.parsing.wordpress.api import find_root, read_json, types_url
from casereviews.crawler.process.preview import Answer, site_hosts
from casereviews.crawler.sources.source import Source, Sources
from casereviews.repository.vocabulary.authorities import authorities

Fetch = Callable[[str], Answer]
"""Asks one address: `functools.partial(casereviews.crawler.process.preview.ask, options=...)`, or a test's own."""


@dataclass(frozen=True, slots=True)
class Probe:
    """What a page showed: `family` ("none" when it could not be read), the reasons, and the TOML of an entry to start from.

    `documents` counts what the page itself offers; `todo` says what a person must still fill in or look at.
    """

    url: str
    family: str
    reasons: tuple[str, ...]
    entry: str
    documents: int = 0
    todo: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Fit:
    family: str
    reason: str
    documents: int = 0


def probe(url: str, fetch: Fetch, known: Sources | None = None) -> Probe:
    """Ask for `url`, and for what tells its family; never more than three requests.

    `known` is the registry, so that an entry for the same site is named.
    """
    answer = fetch(url)
    if answer.error:
        reason = f"the page could not be read: {answer.error}"
        return Probe(url, "none", (reason,), "", todo=("look at the address in a browser",))
    fit = next(fit for fit in _fits(answer, fetch) if fit is not None)
    reasons = [fit.reason, *_platform(answer), *_already_known(answer.url, known or {})]
    title = _site_name(answer)
    gss = _areas_named(title)
    todo = ['set status = "verified" when you have looked at what `sources check` shows']
    if not gss:
        todo.insert(0, "give areas as GSS codes, or national = true")
    if not fit.documents:
        todo.insert(
            0,
            "no document was seen on the page itself: `sources check` shows whether its links lead to some",
        )
    return Probe(
        url=url,
        family=fit.family,
        reasons=tuple(reasons),
        entry=_entry(answer, fit.family, title, gss, known or {}),
        documents=fit.documents,
        todo=tuple(todo),
    )


def _fits(answer: Answer, fetch: Fetch) -> Iterator[_Fit | None]:
    """What each family finds on the page, the most particular family first; the last always fits."""
    source = Source("probe", "probe", None, "none", (answer.url,), site_hosts(answer.url))
    yield _govuk(answer, fetch)
    cards = parse_dhr_library(answer.text, answer.url, source)
    if cards.sightings:
        yield _Fit(
            "dhr_library",
            f"{len(cards.sightings)} result cards of a review library",
            len(cards.sightings),
        )
    if read_html(answer.text).cssselect("button.collapsible"):
        rows = parse_sar_library(answer.text, answer.url, source).sightings
        if len(rows) > 2:
            yield _Fit("sar_library", f"collapsible tables with {len(rows)} files", len(rows))
    entries = parse_nspcc(answer.text, answer.url, source)
    if entries.sightings:
        what = (
            "a themed briefing"
            if entries.page_kind == "document"
            else "headings of date, publisher and case"
        )
        yield _Fit("nspcc", f"{what}, as NSPCC writes them", len(entries.sightings))
    listed = parse_listing(answer.text, answer.url, source)
    yield _wordpress(answer, fetch, len(listed.sightings))
    if listed.page_kind == "needs_javascript":
        yield _Fit("listing", "a page that only JavaScript fills: nothing can be read from it")
    count = len(listed.sightings)
    yield _Fit("listing", f"a page of links, {count} of them to documents of reviews", count)


def _govuk(answer: Answer, fetch: Fetch) -> _Fit | None:
    if 'name="govuk:' not in answer.text:
        return None
    item = read_json(fetch(content_url(answer.url)).text)
    if not isinstance(item, dict) or "schema_name" not in item:
        return None
    schema = item["schema_name"]
    files = (item.get("details") or {}).get("attachments") or ()
    return _Fit("govuk", f"GOV.UK's Content API knows it as a {schema}", len(files))


def _wordpress(answer: Answer, fetch: Fetch, documents: int) -> _Fit | None:
    root = find_root(answer.text, answer.url, answer.headers.get("link", ""))
    if root is None:
        return None
    types = fetch(types_url(root))
    if types.error or not isinstance(read_json(types.text), dict):
        why = types.error or "it answers with a page"
        return _Fit("listing", f"WordPress, but its API is closed ({why})", documents)
    return _Fit("wordpress", f"WordPress with an open API at {root}", documents)


_PLATFORMS = (
    (re.compile(r"/info/\d+/[^/]+/\d+/"), "address of a Jadu site (/info/<number>/...)"),
    (
        re.compile(r"/(?:scp|lscp|p)/.+/print/?$|Website by Taylorfitch", re.I),
        "a page with a /print twin",
    ),
    (re.compile(r"[?&]contrast=\d", re.I), "?contrast= makes a twin of every page: see same_as"),
    (re.compile(r"/index\.php/|[?&]start=\d+", re.I), "addresses of a Joomla site"),
    (re.compile(r"\.aspx\b", re.I), "addresses of an ASP.NET site"),
)


def _platform(answer: Answer) -> list[str]:
    hrefs = " ".join(anchor.get("href") or "" for anchor in read_html(answer.text).iter("a"))
    words = f"{answer.url} {hrefs} {text_of(read_html(answer.text))[-300:]}"
    return [what for pattern, what in _PLATFORMS if pattern.search(words)]


def _already_known(url: str, known: Sources) -> list[str]:
    host = urlsplit(url).netloc.lower()
    return [
        f"entry '{source.id}' ({source.publisher}) is of the same site: to change it, use its id"
        for source in known.values()
        if host in source.hosts or (source.home_url and urlsplit(source.home_url).netloc == host)
    ]


def _site_name(answer: Answer) -> str:
    """The site's own name: og:site_name, else the last part of the title."""
    tree = read_html(answer.text)
    for meta in tree.iter("meta"):
        if meta.get("property") == "og:site_name" and meta.get("content"):
            return " ".join(str(meta.get("content")).split())
    title = text_of(tree.find(".//title"))
    parts = [part.strip() for part in re.split(r"\s[-–—|:]\s", title) if part.strip()]
    return parts[-1] if parts else urlsplit(answer.url).netloc


def _areas_named(name: str) -> list[str]:
    """GSS codes of the authorities that the site's name holds, the longest names first ("East Sussex", not "Sussex")."""
    found: list[str] = []
    left = name
    known = [area for area in authorities().values() if area.answers_for_children]
    for area in sorted(known, key=lambda area: -len(area.name)):
        if re.search(rf"\b{re.escape(area.name)}\b", left, re.I):
            found.append(area.gss)
            left = re.sub(rf"\b{re.escape(area.name)}\b", " ", left, flags=re.I)
    return found


def _entry(answer: Answer, family: str, name: str, gss: list[str], known: Sources) -> str:
    url = answer.url
    nation = authorities()[gss[0]].nation if gss else "England"
    source_id = _slug(authorities()[gss[0]].name if gss else urlsplit(url).netloc)
    if source_id in known:  # it would change that entry instead of adding one
        source_id = _slug(urlsplit(url).netloc)
    entry: dict[str, Any] = {
        "id": source_id,
        "publisher": "".join(letter for letter in name if letter.isprintable()),
        "nation": nation,
        "areas": gss,
        "family": family,
        "start_urls": [url],
        "hosts": list(site_hosts(url)),
    }
    if re.search(r"[?&]contrast=\d", answer.text, re.I):
        entry["same_as"] = [[tomlkit.string(r"[?&]contrast=\w+$", literal=True), ""]]
    entry |= {"status": "unverified", "evidence": url}
    return tomlkit.dumps({"source": [entry]})


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
