"""What stands where a list of reviews should be, as a person would see it: an error page, a login, a parked domain, a home page; and
the links by which that person would go on looking."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from casereviews.crawler.parsing.dhr_library import parse_dhr_library
from casereviews.crawler.parsing.html.addresses import resolve
from casereviews.crawler.parsing.html.dom import own_text_of, read_html, text_of
from casereviews.crawler.parsing.html.sniff import claims_document
from casereviews.crawler.parsing.links.following import Seen, judged
from casereviews.crawler.parsing.links.wording import LABEL, LINK_WORDS, decoy_reason
from casereviews.crawler.parsing.nspcc import parse_nspcc
from casereviews.crawler.parsing.sar_library import parse_sar_library
from casereviews.crawler.parsing.wordpress.api import find_root
from casereviews.crawler.sources.source import Source
from casereviews.repository.vocabulary.decoys import names_review
from casereviews.repository.vocabulary.rules import load_rules

_STAND_INS = load_rules("stand_ins")
_BY_HEADING = _STAND_INS.having("heading")
_BY_WORDS = _STAND_INS.lacking("heading").of("not_found", "parked", "cookie_wall", "being_rebuilt")
_SENDS_ON = _STAND_INS["sends_on"]
_WAYS = load_rules("ways_to_reviews")
_LISTS = LINK_WORDS["list"]
FEW_WORDS = 150
"""A page that stands in for another says little; with more words it is a page of its own that mentions cookies or a domain."""

MOST_LEADS = 12
_LONGEST_LINK = 120
_FRAME = re.compile(r"<(?:iframe|frame|embed)\b[^>]{0,2000}?\bsrc\s*=\s*[\"']([^\"']+)", re.I)
_HOME = re.compile(r"/?(?:(?:index|home|default|welcome)(?:\.\w{2,5})?/?|en/?|cy/?)?", re.I)
_ERROR_PAGE = re.compile(r"/(?:error[-_]?)?(?:404|(?:page[-_]?)?not[-_]?found)(?:[./?]|$)", re.I)
_SCRIPTED = re.compile(
    r"\blocation(?:\.href)?\s*=\s*[\"']([^\"'#]+)|\blocation\.(?:replace|assign)\(\s*[\"']([^\"'#]+)"
)
_PASSWORD = re.compile(r"<input[^>]{1,2000}?type\s*=\s*[\"']?password", re.I)


@dataclass(frozen=True, slots=True)
class Look:
    """What a page is: `stands_for` is "" or a code of `rules/stand_ins.toml`, `leads` are links that speak of reviews, surest first,
    as (address, text). `sends_to` are addresses to which a page sends its reader that says that it has moved, or by a script; `frames`
    what it shows in frames. `says_none` is True when it says that there is no review now. `family` is the family of sites that it shows signs of, "" for none."""

    title: str = ""
    stands_for: str = ""
    leads: tuple[tuple[str, str], ...] = ()
    sends_to: tuple[str, ...] = ()
    frames: tuple[str, ...] = ()
    says_none: bool = False
    family: str = ""


def look_at(html: str, url: str, source: Source, link_header: str = "") -> Look:
    """What the page `html` at `url` is; pure. `source` is whose list was expected."""
    tree = read_html(html)
    title = text_of(tree.find(".//title"))
    heading = tree.find(".//h1")
    names = [title, own_text_of(heading) if heading is not None else ""]
    body = tree.find(".//body")
    words = text_of(body if body is not None else tree)
    links = [
        (at, own_text_of(one))
        for one in tree.iter("a")
        if (at := resolve(url, one.get("href"))) and urlsplit(at).scheme in ("http", "https")
    ]
    host = _bare(url)
    few = len(words.split()) <= FEW_WORDS
    sends_to = [at for at, _ in links if _bare(at) != host and few and _SENDS_ON.fits(words)]
    if few:
        scripted = (one or other for one, other in _SCRIPTED.findall(html))
        sends_to += [at for one in scripted if (at := resolve(url, one)) and at != url]
    return Look(
        title=next((name for name in reversed(names) if name), ""),
        stands_for=_stands_for(html, url, names, words),
        leads=tuple(_leads([one for one in links if _bare(one[0]) == host], url, source)),
        sends_to=tuple(dict.fromkeys(sends_to)),
        frames=tuple(
            dict.fromkeys(
                at
                for src in _FRAME.findall(html)
                if (at := resolve(url, src)) and not claims_document(at)
            )
        ),
        says_none=LINK_WORDS["nothing_yet"].fits(words),
        family=_family(html, url, source, link_header),
    )


def is_home(url: str) -> bool:
    """True for the address of a site's home page."""
    parts = urlsplit(url)
    return not parts.query and bool(_HOME.fullmatch(parts.path))


def _bare(url: str) -> str:
    return urlsplit(url).netloc.lower().removeprefix("www.")


def _stands_for(html: str, url: str, names: list[str], words: str) -> str:
    """By the title and the first heading, where they name no review; by the words of a page that has few."""
    few = len(words.split()) <= FEW_WORDS
    for rule in _BY_HEADING:
        if any(_opens(rule.search(name), name) for name in names if name):
            wall = rule.code != "login" or _PASSWORD.search(html) or few
            if wall and (few or not any(map(names_review, names))):
                return rule.code
    if few:
        if _PASSWORD.search(html):
            return "login"
        if _ERROR_PAGE.search(url):
            return "not_found"
        for rule in _BY_WORDS:
            if rule.fits(" ".join([*names, words])):
                return rule.code
    return ""


def _opens(found: re.Match[str] | None, name: str) -> bool:
    """True when words that were found make up a heading, or begin it, or follow the site's name ("404 | Pear Vale")."""
    if found is None:
        return False
    before = name[: found.start()].rstrip()
    return not before or before[-1] in "|-–—:·»!.404" or len(name) - len(before) > 0.5 * len(name)


def _leads(links: list[tuple[str, str]], url: str, source: Source) -> Iterator[tuple[str, str]]:
    """The pages, other than this one, by which a list of reviews would be looked for: each once, the surest first."""
    ranked: dict[str, tuple[int, str]] = {}
    here = url.partition("#")[0].rstrip("/")
    for at, text in links:
        page = at.partition("#")[0]
        if page.rstrip("/") == here or claims_document(page) or is_home(page):
            continue
        rank = _rank(page, text, url, source)
        if rank is not None and (page not in ranked or rank < ranked[page][0]):
            ranked[page] = (rank, text)
    for page, (_, text) in sorted(ranked.items(), key=lambda one: one[1][0])[:MOST_LEADS]:
        yield page, text


def _rank(page: str, text: str, url: str, source: Source) -> int | None:
    if not text or len(text) > _LONGEST_LINK:
        return None
    role, left = judged(Seen(page, text), url, source)
    if left is None and role == "list":
        return 0 if names_review(text) or _LISTS.fits(text) else 1
    way = _WAYS.first(text.strip(" -–—»>›→"))
    if way is not None:
        return 2 + [rule.code for rule in _WAYS].index(way.code)
    if left is None and names_review(text) and not LABEL.search(text) and not decoy_reason(text):
        return 1
    return None


def _family(html: str, url: str, source: Source, link_header: str) -> str:
    if 'name="govuk:' in html:
        return "govuk"
    if parse_dhr_library(html, url, source).sightings:
        return "dhr_library"
    if len(read_html(html).cssselect("button.collapsible")) and (
        len(parse_sar_library(html, url, source).sightings) > 2
    ):
        return "sar_library"
    if parse_nspcc(html, url, source).sightings:
        return "nspcc"
    return "wordpress" if find_root(html, url, link_header) else ""
