"""A WordPress post as the API gives it: the files that its content links or embeds."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, replace
from html import escape, unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import lxml.html
from lxml.html import HtmlElement

from casereviews.crawler.parsing.html.addresses import resolve
from casereviews.crawler.parsing.html.dom import text_of
from casereviews.crawler.parsing.html.sniff import claims_document
from casereviews.crawler.parsing.links.wording import DATE, LINK_WORDS, words_of
from casereviews.crawler.parsing.listing import parse_listing
from casereviews.crawler.parsing.parsed import Link, Parsed
from casereviews.crawler.parsing.wordpress.api import Post, media_url
from casereviews.crawler.sources.source import Source
from casereviews.repository.model import Sighting
from casereviews.repository.vocabulary.decoys import names_review

# Beside the types of review: what boards call the papers of one.
_PAPER = LINK_WORDS["paper_of_post"]
_PUBLISHED = re.compile(
    rf"\b(?:publi(?:shed|cation)|released)\b[^.\n]{{0,30}}?({DATE.pattern})", re.I
)
_ATTACHMENT = re.compile(r"\bwp-att-(\d+)\b")
# The stand-in by which the card finder sees a link to an attachment's page as a link to its file.
_STAND_IN = "wordpress-attachment.invalid"


def parse_post(post: Post, root: str, source: Source, known: Collection[str] = ()) -> Parsed:
    """What one published post offers.

    `root` is the API's; `known` are the addresses of all posts that it lists: links to them are not followed, other pages
    of the site may be attachments' own pages and are. A protected post is left alone.
    """
    if post.protected:
        return _left(post, "protected")
    tree = _tree(post)
    attachments = _stand_ins(tree, post, root, source, known)
    html = lxml.html.tostring(tree, encoding="unicode")
    listed = parse_listing(html, post.link, source, link=Link(post.link, "detail"))
    about = _About(post, text_of(tree.find(".//h1")), _printed_date(tree))
    if listed.page_kind == "document":
        return _itself_a_document(about, listed, source)
    found: dict[tuple[str, ...], Sighting] = {}
    follow = [
        link for link in listed.follow if link.role != "file" or about.is_of_review(link.text)
    ]
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
        page_kind="detail",
        title=about.title,
        elsewhere=tuple(
            about.complete(one)
            for one in listed.elsewhere
            if about.is_of_review(one.link_text, one.card_text, *one.headings)
        ),
    )


@dataclass(frozen=True, slots=True)
class _About:
    """What a post says of all its files."""

    post: Post
    title: str
    printed_date: str

    def is_of_review(self, *said: str) -> bool:
        """True when the post, or what stands near the link, names a review: a whole site passes through the API."""
        # "Apr 2021" names no Adult Practice Review.
        words = DATE.sub(" ", " ".join((self.title, *said)))
        return names_review(words) or _PAPER.fits(words)

    def complete(self, said: Sighting) -> Sighting:
        """The sighting with the post's title and date; a date printed in the content is told apart from the post's own."""
        extra = {
            "post_title": self.title,
            "post_date": self.post.date,
            "printed_date": said.dates[0] if said.dates else self.printed_date,
        }
        return replace(
            said,
            detail_url=self.post.link,
            extra={name: value for name, value in extra.items() if value},
        )


def _printed_date(tree: HtmlElement) -> str:
    found = _PUBLISHED.search(text_of(tree))
    return found.group(1) if found else ""


def _itself_a_document(about: _About, listed: Parsed, source: Source) -> Parsed:
    """A post that is itself the briefing: its page is asked for, because a reader sees it there."""
    if not about.is_of_review():
        return Parsed(left_alone={"not_a_review": 1}, page_kind="empty", title=about.title)
    link = about.post.link
    told = about.complete(Sighting(source.id, link, None, kind="page"))
    onward = Link(link, "detail", about.title, told)
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
    """A page of the site that a post led to: an attachment's own page gives its file, a briefing itself.

    What the post said of it is kept.
    """
    listed = parse_listing(html, url, source, link=link)
    said = link.sighting
    if said is None:
        return listed
    if listed.page_kind == "document":
        pages = tuple(replace(one, extra=said.extra) for one in listed.sightings)
        return replace(listed, sightings=pages, follow=())
    files = tuple(
        replace(said, file_url=one.file_url, kind="file")
        for one in listed.sightings
        if one.kind == "file"
    )
    return replace(listed, sightings=files, follow=(), page_kind="detail" if files else "empty")


def _tree(post: Post) -> HtmlElement:
    """The post as a page of its own, embedded documents turned into links."""
    title = escape(unescape(re.sub(r"<[^>]+>", "", post.title)))
    tree = lxml.html.document_fromstring(
        f"<html><body><main><h1>{title}</h1>\n{post.content}</main></body></html>"
    )
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
    tree: HtmlElement, post: Post, root: str, source: Source, known: Collection[str]
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
        elif _may_be_attachment(address, post, source, known):
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
    if parts.netloc != urlsplit(post.link).netloc or parts.query or address in known:
        return False
    if address.rstrip("/") + "/" in known or any(re.search(rule, address) for rule in source.skip):
        return False
    own = urlsplit(post.link).path.rstrip("/") + "/"
    steps = [step for step in parts.path.split("/") if step]
    return bool(steps) and (parts.path.startswith(own) or len(steps) == 1) and parts.path != own


def _left(post: Post, reason: str) -> Parsed:
    title = unescape(post.title)
    return Parsed(
        left_alone={reason: 1},
        left_links=((post.link, title, reason),),
        page_kind="empty",
        title=title,
    )
