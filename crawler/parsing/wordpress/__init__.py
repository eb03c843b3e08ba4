"""A WordPress post: the files that its content links or embeds, as the API gives it, and what its own page adds."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from dataclasses import replace
from html import escape
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import lxml.html
from lxml.html import HtmlElement

from casereviews.crawler.parsing.briefing_page import needs_javascript
from casereviews.crawler.parsing.html.addresses import resolve
from casereviews.crawler.parsing.html.content import own_content
from casereviews.crawler.parsing.html.dom import read_html, text_of
from casereviews.crawler.parsing.html.sniff import claims_document
from casereviews.crawler.parsing.links.wording import LINK_WORDS, words_of
from casereviews.crawler.parsing.listing import parse_listing
from casereviews.crawler.parsing.parsed import Link, Parsed
from casereviews.crawler.parsing.wordpress.about import About, title_of
from casereviews.crawler.parsing.wordpress.api import Post, bare, media_url
from casereviews.crawler.parsing.wordpress.shortcodes import without_shortcodes
from casereviews.crawler.sources.source import Source
from casereviews.repository.html_bounds import Bounded, bounded
from casereviews.repository.model import Sighting

_NOTHING_YET = LINK_WORDS["nothing_yet"]
_ATTACHMENT = re.compile(r"\bwp-att-(\d+)\b")
# The stand-in by which the card finder sees a link to an attachment's page as a link to its file.
_STAND_IN = "wordpress-attachment.invalid"


def parse_post(post: Post, root: str, source: Source, known: Collection[str] = ()) -> Parsed:
    """What the content of one published post offers.

    A post of one review gives its title and date to its files; any other is read as a list is. `root` is the API's; `known` are
    the addresses of all posts that it lists: links to them are not followed, other pages of the site may be attachments' own
    pages, or of a type that the API does not show, and are. A protected post is left alone.
    """
    if post.protected:
        return _left(post, "protected")
    tree = _tree(post)
    about = About.of(post, tree, source.publisher)
    attachments = _stand_ins(tree, post, root, about, source, known)
    html = lxml.html.tostring(tree, encoding="unicode")
    listed = _read(html, post.link, source, Link(post.link, "detail"), of_one=about.of_one)
    if listed.page_kind == "document":
        return _itself_a_document(about, listed, source)
    found: dict[tuple[str, ...], Sighting] = {}
    follow = [link for link in listed.follow if _leads_on(link, about, known)]
    left = list(listed.left_links)
    for said in listed.sightings:
        url = said.file_url or ""
        if not about.is_of_review(
            said.link_text, said.card_text, *said.headings, words_of("", url)
        ):
            left.append((url, said.link_text, "not_a_review"))
        elif url in attachments:
            told = about.complete(replace(said, file_url=None))
            follow.append(Link(attachments[url], "detail", said.link_text, told))
        else:
            key = (url,) if url else (*said.headings, said.link_text)
            found.setdefault(key, about.complete(said))
    return Parsed(
        sightings=tuple(found.values()),
        follow=tuple(follow),
        left_alone=Counter(reason for _, _, reason in left),
        left_links=tuple(left),
        page_kind="detail" if about.of_one else "list",
        unread=_page(post).cut,
        title=about.title,
        elsewhere=tuple(
            about.complete(one)
            for one in listed.elsewhere
            if about.is_of_review(one.link_text, one.card_text, *one.headings)
        ),
    )


def _read(html: str, url: str, source: Source, link: Link, *, of_one: bool) -> Parsed:
    """A post read as one review's page, or as a list's; a list of nothing may be a publication itself."""
    if of_one:
        return parse_listing(html, url, source, link=link)
    listed = parse_listing(html, url, source, link=Link(link.url, "list"))
    if listed.sightings or listed.follow:
        return listed
    if not _is_same(url, link.url):
        return listed
    itself = parse_listing(html, url, source, link=link)
    return itself if itself.page_kind == "document" else listed


def _leads_on(link: Link, about: About, known: Collection[str]) -> bool:
    """True for a link to follow: a file of a review, or, from a post about reviews, a page that the API does not list."""
    if link.role == "file":
        said = link.sighting
        return about.is_of_review(link.text, *(said.headings if said is not None else ()))
    return about.is_of_review() and not _is_known(link.url, known)


def _is_known(url: str, known: Collection[str]) -> bool:
    return url in known or url.rstrip("/") + "/" in known


def page_of_post(post: Post, source: Source, parsed: Parsed) -> Link | None:
    """The link to a post's own page, where that may show more than its content (`parsed`) says; None where it is of no interest.

    A theme prints fields, a page builder runs its shortcodes, a block lists what belongs to another type: none of it is in the
    API's content.
    """
    if post.protected or any(link.url == post.link for link in parsed.follow):
        return None
    by_title = About(post.link, title_of(post), post.date, of_one=False)
    if parsed.sightings or parsed.follow or by_title.is_of_interest(post.content):
        return _own_page(About.of(post, _tree(post), source.publisher), source)
    return None


def _own_page(about: About, source: Source) -> Link:
    said = {"post_title": about.title, "post_date": about.date, "printed_date": about.printed_date}
    told = Sighting(
        source.id,
        about.link,
        None,
        kind="page",
        detail_url=about.link if about.of_one else None,
        extra={name: value for name, value in said.items() if value},
    )
    return Link(about.link, "detail", about.title, told)


def _itself_a_document(about: About, listed: Parsed, source: Source) -> Parsed:
    """A post that is itself the briefing: its page is asked for, because a reader sees it there."""
    if not about.is_of_review():
        return Parsed(left_alone={"not_a_review": 1}, page_kind="empty", title=about.title)
    onward = _own_page(about, source)
    return replace(listed, sightings=(), follow=(onward,), page_kind="detail")


def parse_attachment(answer: Any, link: Link) -> Parsed:
    """The file behind an attachment that a post links by its id."""
    url = answer.get("source_url") if isinstance(answer, dict) else None
    said = link.sighting
    if not url or said is None:
        return Parsed(page_kind="empty")
    if not claims_document(str(url)):
        return Parsed(left_alone={"not_a_document": 1}, page_kind="empty")
    return Parsed(sightings=(replace(said, file_url=str(url), kind="file"),), page_kind="detail")


def parse_linked_page(html: str, url: str, source: Source, link: Link) -> Parsed:
    """A page of the site: one that a list led to is read as on any site, a post's own page and an attachment's with what the post said."""
    said = link.sighting
    if said is None or (said.kind == "page" and said.listing_url != link.url):
        return parse_listing(html, url, source, link=link)
    if said.kind == "page":
        # A post of a type that has no pages leads elsewhere, often to the home page: what stands there is not of its review.
        of_one = said.detail_url is not None and _is_same(url, link.url)
        page = _read(html, url, source, link, of_one=of_one)
        onward = () if page.page_kind == "document" else page.follow
        return completed(replace(page, follow=onward), said)
    listed = parse_listing(html, url, source, link=link)
    pages = tuple(replace(one, extra={**one.extra, **said.extra}) for one in listed.sightings)
    if listed.page_kind == "document":
        return replace(listed, sightings=pages, follow=())
    files = tuple(one for one in pages if one.kind == "file")
    if len(files) == 1:  # an attachment's page
        files = (replace(said, file_url=files[0].file_url, kind="file"),)
    onward = tuple(one for one in listed.follow if one.role == "file")
    kind = "detail" if files or onward else "empty"
    return replace(listed, sightings=files, follow=onward, page_kind=kind)


def is_filled_by_scripts(html: str, url: str, listed: Parsed) -> bool:
    """True for a list that only a browser fills: what `listed` follows of it is the site's furniture, if anything."""
    if listed.sightings:
        return False
    content = own_content(read_html(html))
    if _NOTHING_YET.fits(text_of(content)):
        return False
    own = {resolve(url, anchor.get("href")) for anchor in content.iter("a")}
    return needs_javascript(html, content) and not any(link.url in own for link in listed.follow)


def completed(page: Parsed, told: Sighting) -> Parsed:
    """A post's own page with what the post says of itself (the sighting of its `page_of_post`), whoever led to it."""
    of_one = told.detail_url is not None or page.page_kind == "document"
    said = told.extra
    about = About(
        told.listing_url,
        said.get("post_title", ""),
        said.get("post_date", ""),
        of_one,
        said.get("printed_date", ""),
    )
    return replace(
        page,
        sightings=tuple(
            about.complete(one) if _is_same(one.detail_url or "", about.link) else one
            for one in page.sightings
        ),
    )


def _is_same(one: str, other: str) -> bool:
    return bare(one) == bare(other)


def beyond(reading: Parsed, before: Parsed) -> Parsed:
    """What a second reading of a post says beyond the one `before`: its page beyond the API's content of it, or the reverse.

    A file is said again where only the second reading has the post's title and date, or a list's words, for it.
    """
    given = {_saying(one): About.is_told(one) for one in before.sightings}
    told = set(before.left_links)
    left = [one for one in reading.left_links if one not in told]
    twice = Counter(one[2] for one in reading.left_links) - Counter(one[2] for one in left)
    there, here = Counter(map(_place, before.follow)), Counter(map(_place, reading.follow))
    return replace(
        reading,
        sightings=tuple(
            one
            for one in reading.sightings
            if given.get(_saying(one)) not in (True, About.is_told(one))
        ),
        follow=tuple(
            one
            for one in reading.follow
            if one.role != "file" or here[_place(one)] > there[_place(one)]
        ),
        left_alone=Counter(reading.left_alone) - twice,
        left_links=tuple(left),
    )


def _saying(one: Sighting) -> tuple[str, ...]:
    """What two sightings of the same thing on the same page share."""
    return (one.listing_url, *((one.file_url,) if one.file_url else (*one.headings, one.link_text)))


def _place(link: Link) -> tuple[str, ...]:
    """Where a link stands and where to, but for what is new in its address at every visit (`?tmstv=`): its parameters' values."""
    parts = urlsplit(link.url)
    names = sorted(name for name, _ in parse_qsl(parts.query, keep_blank_values=True))
    said = link.sighting
    above = said.headings[-1:] if said is not None else ()
    return (parts.netloc, parts.path, *names, "", link.text, *above)


def _page(post: Post) -> Bounded:
    return bounded(
        f"<html><body><main><h1>{escape(title_of(post))}</h1>\n{without_shortcodes(post.content)}</main></body></html>"
    )


def _tree(post: Post) -> HtmlElement:
    """The post as a page of its own, embedded documents turned into links."""
    tree = lxml.html.document_fromstring(_page(post).text)
    linked = {resolve(post.link, anchor.get("href")) for anchor in tree.iter("a")}
    for element in list(tree.iter("object", "embed", "iframe")):
        given = element.get("data") or element.get("src") or ""
        viewed = parse_qs(urlsplit(given).query)
        # Viewers carry the file's address in a parameter: viewer.html?file=..., ?url=...
        given = next((viewed[name][0] for name in ("file", "url", "src") if name in viewed), given)
        address = resolve(post.link, given)
        if address and claims_document(address) and address not in linked:
            anchor = lxml.html.Element("a", href=address)
            anchor.text = element.get("title") or element.get("aria-label") or "Embedded document"
            element.addprevious(anchor)
            linked.add(address)
    return tree


def _stand_ins(
    tree: HtmlElement,
    post: Post,
    root: str,
    about: About,
    source: Source,
    known: Collection[str],
) -> dict[str, str]:
    """Give each link to an attachment a stand-in address; stand-in to the address that tells its file."""
    targets: dict[str, str] = {}
    for anchor in tree.iter("a"):
        address = resolve(post.link, anchor.get("href"))
        if address is None or claims_document(address):
            continue
        by_id = _attachment_id(anchor, address)
        if by_id:
            target = media_url(root, int(by_id))
        elif about.of_one and _may_be_attachment(address, post, source, known):
            target = address
        else:
            continue
        stand_in = f"{urlsplit(post.link).scheme}://{urlsplit(post.link).netloc}/{_STAND_IN}/{len(targets)}.pdf"
        targets[stand_in] = target
        anchor.set("href", stand_in)
    return targets


def _attachment_id(anchor: HtmlElement, address: str) -> str | None:
    by_rel = _ATTACHMENT.search(f"{anchor.get('rel') or ''} {anchor.get('class') or ''}")
    if by_rel:
        return by_rel.group(1)
    stated = parse_qs(urlsplit(address).query).get("attachment_id", [""])[0]
    return stated if stated.isdigit() else None


def _may_be_attachment(address: str, post: Post, source: Source, known: Collection[str]) -> bool:
    """An attachment's page stands under the post's own address, or at the top of a site; it is no listed post."""
    parts = urlsplit(address)
    if parts.netloc != urlsplit(post.link).netloc or parts.query or _is_known(address, known):
        return False
    if any(re.search(rule, address) for rule in source.skip):
        return False
    own = urlsplit(post.link).path.rstrip("/") + "/"
    steps = [step for step in parts.path.split("/") if step]
    return bool(steps) and (parts.path.startswith(own) or len(steps) == 1) and parts.path != own


def _left(post: Post, reason: str) -> Parsed:
    title = title_of(post)
    return Parsed(
        left_alone={reason: 1},
        left_links=((post.link, title, reason),),
        page_kind="empty",
        title=title,
    )
