"""What of a web page is its own text: what surrounds it is told by what it is, what is hidden for good by how it is hidden.

Navigation, forms to fill in, cookie notices and the like are known by landmarks and by what they hold (links, controls, a few words); a
word in a class name is a hint and never decides over prose: "social-care", "feedback", "widget" name blocks of briefings too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from lxml import etree

from casereviews.repository.reading.html_styles import Styles

_NEVER = frozenset(
    """
    script style noscript template iframe object embed svg math canvas select input textarea
    head link meta audio video map datalist
    """.split()  # noqa: SIM905 - readable
)
_LANDMARKS = frozenset(["nav", "menu"])
_ROLES = frozenset(["navigation", "contentinfo", "search", "menu", "menubar", "toolbar"])
_HINTED_ROLES = frozenset(["banner", "alertdialog", "dialog"])
_HINTED_TAGS = frozenset(["footer", "header", "form", "dialog", "button"])
# Call-outs and builders' blocks are marked so as often as what surrounds a page.
_BESIDE_ROLES = frozenset(["complementary", "alert", "status"])
_BESIDE = re.compile(r"(?:^|[\s_-])(?:widgets?|banner)(?:$|[\s_-])", re.IGNORECASE)
_HINT = re.compile(
    r"(?:^|[\s_-])(?:cookies?|consent|breadcrumbs?|nav|navbar|navigation|menu|sidebar|side-bar|share|sharing|social|skip|skip-link|"
    r"related|pagination|pager|footer|site-header|masthead|newsletter|subscribe|comments?|back-to-top|"
    r"feedback|print-link|toolbar|rate-this-page|translate|search|popular|modal|popup)(?:$|[\s_-])",
    re.IGNORECASE,
)
_VISITORS = re.compile(
    r"(?:^|\s)(?:comments-area|comment-list|commentlist|comment-respond|disqus_thread|wp-block-comments)(?:$|\s)|^(?:comments|respond)$"
)
"""Threads of visitors' comments, as WordPress and Disqus name them: prose, and none of the page's own."""
_WHOLE = frozenset(
    ["main", "article", "body", "html", "td", "th", "tr", "table", "details", "summary"]
)
_SENTENCE = re.compile(r"\b(?:\w+\W+){7}\w+[.!?:;]")
PROSE_LETTERS = 60
"""Letters outside of links from which on, with a sentence among them, a block is prose."""
_MOSTLY_LINKS = 0.6
_SAYS = 4  # words of its own that make a block more than a heading of links
_LINKS = frozenset(["a", "button", "label", "option"])
_BEGINNING = 4000
"""Letters, and elements, of a block that are looked at: blocks stand in blocks, and each is judged."""
_COOKIE = re.compile(r"\bcookies?\b", re.IGNORECASE)
_ASKS_CONSENT = re.compile(r"cookie|consent|gdpr", re.IGNORECASE)
_COOKIE_NOTICE = 1500  # letters: a policy on cookies is longer

_OPENS = re.compile(
    r"collaps|accord|tab-?(?:pane|content|panel)|panel|toggle|expand|disclos|reveal|readmore|read-more|faq|drawer|e-n-tabs|et_pb_tab",
    re.IGNORECASE,
)


_COMES_IN = re.compile(
    r"elementor-invisible|(?:^|\s)(?:wow|aos-\S+)(?:$|\s)|animat|fade-?in|waypoint", re.IGNORECASE
)
"""What scripts of builders let come in when a reader gets there."""
_GOES_NOWHERE = re.compile(r"#?$|javascript:", re.IGNORECASE)
_QUOTED = re.compile(r"[\"']#?([\w-]+)[\"']")


class PageParts:
    """Tells the parts of one page apart; made once for it. `hid_text` is set when something hidden had words."""

    def __init__(self, root: Any) -> None:
        self.hid_text = False
        self._opened = _opened_ids(root)
        self._styles = Styles(root)

    def is_left_out(self, element: Any) -> bool:
        """True for what surrounds the page's own text, and for what its readers never see."""
        if self.is_unseen(element) or surrounds(element):
            return True
        # Icons, and menus that are folded away.
        return (
            element.get("aria-hidden") == "true"
            and not self._can_be_opened(element)
            and not _is_prose(element)
        )

    def is_unseen(self, element: Any) -> bool:
        """True for what readers of the page never see."""
        if element.tag in _NEVER:
            return True
        if self.is_hidden(element):
            self.hid_text = self.hid_text or bool("".join(element.itertext()).strip())
            return True
        return False

    def is_hidden(self, element: Any) -> bool:
        """True for what is hidden for good; a panel that a reader can open is not."""
        hidden = element.get("hidden") is not None or self._styles.hide(element)
        if hidden and not self._can_be_opened(element):
            return True
        return self._styles.pale(element)

    def _can_be_opened(self, element: Any) -> bool:
        if element.get("hidden") == "until-found" or element.get("role") == "tabpanel":
            return True
        if element.get("id") in self._opened:
            return True
        names = f"{element.get('class') or ''} {element.get('id') or ''}"
        if _OPENS.search(names) or _COMES_IN.search(names) or element.get("data-aos") is not None:
            return True
        before = element.getprevious()
        if before is not None and (_is_control(before) or any(map(_is_control, before.iter()))):
            return True
        parent = element.getparent()
        return parent is not None and bool(_OPENS.search(parent.get("class") or ""))


def _is_control(element: Any) -> bool:
    return (
        element.get("aria-expanded") is not None
        or element.get("aria-controls") is not None
        or (element.tag == "button" and element.get("type") != "submit")
        or element.get("onclick") is not None
        or (element.tag == "a" and _GOES_NOWHERE.match(element.get("href") or "x") is not None)
    )


def _opened_ids(root: Any) -> frozenset[str]:
    """Ids of what some control of the page opens."""
    found: set[str] = set()
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        for name in (
            "aria-controls",
            "data-target",
            "data-bs-target",
            "data-toggle-target",
            "data-tab",
        ):
            found.update(part.lstrip("#") for part in (element.get(name) or "").split())
        href = element.get("href") or ""
        if href.startswith("#") and len(href) > 1:
            found.add(href[1:])
        found.update(_QUOTED.findall(element.get("onclick") or ""))
    return frozenset(found)


def surrounds(element: Any) -> bool:
    """True for what stands around the text of a page on every page of a site."""
    tag = element.tag
    if tag in _NEVER or tag in _LANDMARKS:
        return True
    role = (element.get("role") or "").lower()
    if role in _ROLES:
        return True
    if tag in _WHOLE:
        return False
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    if _VISITORS.search(element.get("class") or "") or _VISITORS.search(element.get("id") or ""):
        return True
    asks = role in ("dialog", "alertdialog") or _ASKS_CONSENT.search(names)
    if asks and _is_cookie_notice(element):
        return True
    if tag == "button":
        return not (_is_control(element) and element.get("aria-expanded") is not None)
    hinted = tag in _HINTED_TAGS or role in _HINTED_ROLES or bool(_HINT.search(names))
    if hinted:
        return element.find(".//h1") is None and not _is_prose(element)
    if tag == "aside" or role in _BESIDE_ROLES or _BESIDE.search(names):
        return element.find(".//h1") is None and not _says_something(element)
    return False


def _is_cookie_notice(element: Any) -> bool:
    text = " ".join(islice(element.itertext(), _COOKIE_NOTICE))
    return len(text) < _COOKIE_NOTICE and bool(_COOKIE.search(text))


def _says_something(element: Any) -> bool:
    """True for a block with a few words of its own, which are not mostly links and controls, and with nothing to fill in."""
    own, linked = _own_and_linked(element)
    asks = next(element.iter("input", "select", "textarea", "button"), None) is not None
    letters = sum(map(len, own))
    return (
        len(" ".join(own).split()) >= _SAYS
        and linked <= letters
        and not (asks and letters < PROSE_LETTERS)
    )


def _is_prose(element: Any) -> bool:
    """True for a block with sentences of its own, most of them outside of links and controls; its beginning decides."""
    own, linked = _own_and_linked(element)
    letters = sum(map(len, own))
    if letters < PROSE_LETTERS or linked > _MOSTLY_LINKS * (linked + letters):
        return False
    return bool(_SENTENCE.search(" ".join(own)[: 2 * _BEGINNING]))


def _own_and_linked(element: Any) -> tuple[list[str], int]:
    """The texts outside of links and controls of a block's beginning, and the number of letters in such."""
    own: list[str] = []
    letters = linked = 0
    for text, in_link in islice(_texts(element), _BEGINNING):
        if in_link:
            linked += len(text)
        else:
            own.append(text)
            letters += len(text)
        if letters + linked > _BEGINNING:
            break
    return own, linked


def _texts(element: Any) -> Iterator[tuple[str, bool]]:
    """(text, whether a link or control holds it) of a block, in order; what is never text is passed over, "" for an element without any."""
    links = never = 0
    for event, each in etree.iterwalk(element, events=("start", "end", "comment", "pi")):
        tag = each.tag if isinstance(each.tag, str) else ""
        step = {"start": 1, "end": -1}.get(event, 0)
        links += step * (tag in _LINKS)
        never += step * (tag in _NEVER)
        text = each.text if event == "start" else each.tail if each is not element else None
        words = " ".join((text or "").split())
        if not never and (words or event == "start"):
            yield words, links > 0
