"""A page on which every way to offer a file is a link.

Pages offer files by more than links: they embed them, show them in a viewer, open them from a button or a whole card by script, list them in a
select, hide their address in a `data-` attribute, or hand them out by a form. Each of these is made a link where it stands, so that
whoever reads the page need only know links. What a link of the page offers already is not offered again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from urllib.parse import urlencode

import lxml.html
from lxml import etree
from lxml.html import HtmlElement

from casereviews.crawler.parsing.html.addresses import is_handler, is_store, resolve, viewed
from casereviews.crawler.parsing.html.dom import text_of, whole_tree, without_unseen
from casereviews.crawler.parsing.html.sniff import DOCUMENT_TYPES, claims_document
from casereviews.repository.vocabulary.rules import load_rules

_WORDS = load_rules("link_words")
_EMBEDS = {"iframe": "src", "embed": "src", "object": "data"}
_BUTTONS = ("button", "input")
_NOT_READ = (
    "html",
    "head",
    "body",
    "meta",
    "link",
    "script",
    "style",
    "base",
    "template",
    "svg",
    "img",
    "form",
    "select",
)
_NOT_OWN = (
    "nav",
    "footer",
    "header",
    "aside",
    "noscript",
    "iframe",
    "object",
    "template",
    "script",
)
"""Elements whose links are no page's own, or are not seen: what is offered there only is offered again where it is shown."""

_TELLS = re.compile(
    r"^(?:class|id|style|title|alt|name|content|cite|value|placeholder|srcset|download|aria-.*|on.*|item.*|xmlns.*)$",
    re.I,
)
"""Attributes that hold no address of what the element leads to."""

_LEADS = re.compile(
    r"(?:^|[-_])(?:href|url|link|src|source|file|pdf|download|document|doc|location|downloadurl|fileurl|pdfurl)(?:$|[-_])",
    re.I,
)
_CALL = re.compile(
    r"(?:\bopen\s*\(|\blocation(?:\s*\.\s*(?:href|assign|replace))?\s*(?:=(?!=)|\())\s*(?P<quote>[\"'`])(?P<address>[^\"'`\s]+)(?P=quote)",
    re.I,
)
_QUOTED = re.compile(r"([\"'`])([^\"'`\s<>]{5,500}?)\1")
_WRITTEN = re.compile(
    r"\[[\w-]+\s[^\]\[]*?(?P<shortcode>https?://[^\s\"'<>\]\[]+)[^\]\[]*\]|(?P<bare>https?://[^\s\"'<>\]\[()]+)"
)
_DOCUMENT_NAME = re.compile(r"\.(?:pdf|docx?|pptx?|odt|rtf)\b", re.I)
_NAME = re.compile(r"\b(?:window\.)?(?:option_)?(\w+)\s*=")
_DEAD = re.compile(r"^\s*(?:#.*|javascript:.*|)$", re.I | re.S)
_FILES = re.compile(r"download|file|pdf|document", re.I)
_TITLES = ("title", "name", "label", "text", "caption")
_PANELS = ("aria-controls", "aria-expanded", "data-toggle", "data-bs-toggle")
LONGEST_NAME = 300
"""Characters. An element that leads somewhere and says more is a block around a page's text, no name of a file."""

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


def read_offers(html: str, url: str) -> HtmlElement:
    """The tree of the page at `url`, as `read_html` gives it, on which every offered file is an `<a href>`.

    Addresses are told from the page's `<base href>` where it has one: then every link has its whole address. Counts of visitors, which are
    others every night, are taken out of the words.
    """
    tree = whole_tree(html)
    base = _base(tree, url)
    if base != url:
        for element in tree.iter("a", "area", "link"):
            _make_whole(element, base)
    offers = _Offers(tree, base)
    for element in list(tree.iter()):
        if isinstance(element.tag, str):
            offers.make(element)
    without_unseen(tree)
    _drop_counters(tree)
    return tree


def promises_file(element: HtmlElement) -> bool:
    """True for a link or button that a script of the page acts on and whose address cannot be read from it."""
    call = _scripted(element)
    dead = _DEAD.match(element.get("href") or "") is not None
    return dead and "(" in call and not _opens_panel(element) and "void(0)" not in call


def leads_nowhere(element: HtmlElement) -> bool:
    """True for a link that no crawler can ask for: a script's, a mail address, another scheme, a place that the page does not have."""
    href = (element.get("href") or "").strip()
    if element.tag != "a" or _opens_panel(element) or not (href or element.get("onclick")):
        return False
    if href.startswith("#") and len(href) > 1 and not element.get("onclick"):
        root = element.getroottree().getroot()
        return not root.xpath("boolean(//*[@id = $name or @name = $name])", name=href[1:])
    return resolve("http://a.example/", href) is None


def _opens_panel(element: HtmlElement) -> bool:
    """True for the heading of a tab or an accordion."""
    return any(element.get(name) for name in _PANELS) or element.get("role") == "tab"


def _base(tree: HtmlElement, url: str) -> str:
    for element in tree.iter("base"):
        if element.get("href"):
            return resolve(url, element.get("href")) or url
    return url


def _make_whole(element: HtmlElement, base: str) -> None:
    href = (element.get("href") or "").strip()
    address = resolve(base, href)
    if address is not None:
        place = href.partition("#")[2]
        element.set("href", f"{address}#{place}" if place else address)


class _Offers:
    """The offers of one page. `linked` are the addresses that the page's own links have."""

    def __init__(self, tree: HtmlElement, base: str) -> None:
        self.base = base
        self.ids = {str(one.get("id")): one for one in tree.iter() if one.get("id")}
        hidden = {one for above in tree.iter(*_NOT_OWN) for one in above.iter("a")}
        self.linked = {
            address
            for one in tree.iter("a")
            if one not in hidden and (address := resolve(base, one.get("href")))
        }

    def make(self, element: HtmlElement) -> None:
        """Make `element` a link, or put one into it, where it offers a file that no link offers."""
        tag = element.tag
        if tag == "a":
            self._make_link(element)
        elif tag == "area":
            if resolve(self.base, element.get("href")):
                element.tag, element.text = "a", _named(element)
        elif tag in _EMBEDS:
            self._make_embed(element)
        elif tag == "option":
            self._make_option(element)
        elif tag in _BUTTONS:
            self._make_button(element)
        elif tag == "noscript":
            self._show(element)
        elif tag == "svg":
            self._make_drawn(element)
        elif tag == "script":
            self._make_drawn_by_script(element)
        elif tag not in _NOT_READ:
            self._make_block(element)
            self._make_written(element)

    def _make_link(self, anchor: HtmlElement) -> None:
        href = anchor.get("href") or ""
        if _DEAD.match(href):
            if (found := self._pressed(anchor)) and not self._beside(anchor, found):
                anchor.set("href", found)
                self.linked.add(found)
            return
        target = viewed(self.base, href)
        if target is None and not claims_document(href):
            hidden = (one for one, _ in self._of_attributes(anchor, named=_FILES))
            target = next(filter(claims_document, (*self._of_scripts(anchor), *hidden)), None)
        if target and target not in self.linked:
            anchor.set("href", target)
            self.linked.add(target)

    def _pressed(self, element: HtmlElement) -> str | None:
        """Where a link without an address or a button leads: what its script opens, or what its attributes name."""
        found = [*self._of_scripts(element)]
        any_form = not _opens_panel(element)
        found += [one for one, _ in self._of_attributes(element, any_form=any_form)]
        return next((one for one in found if claims_document(one)), next(iter(found), None))

    def _beside(self, element: HtmlElement, address: str) -> bool:
        """Offer a file after the heading of a tab or an accordion, which stays what it is; False for any other element."""
        if not _opens_panel(element):
            return False
        if address not in self.linked:
            element.addnext(_link(address, "", "div"))
            self.linked.add(address)
        return True

    def _make_embed(self, element: HtmlElement) -> None:
        for address in self._embedded(element):
            target = viewed(self.base, address) or resolve(self.base, address)
            if not target or target in self.linked:
                continue
            kind = (element.get("type") or "").partition(";")[0].strip().lower()
            shown = claims_document(target) or is_handler(target) or is_store(target)
            if shown or kind in DOCUMENT_TYPES or viewed(self.base, address):
                block = _link(target, _caption(element), "div")
                block.tail, element.tail = element.tail, None
                element.addprevious(block)
                self.linked.add(target)
                return

    @staticmethod
    def _embedded(element: HtmlElement) -> Iterator[str]:
        """The addresses that an embedding element may show, the likeliest first."""
        own = _EMBEDS[str(element.tag)]
        if element.get(own):
            yield element.get(own) or ""
        yield from (
            value
            for name, value in element.items()
            if name.startswith("data-") and name.endswith("src")
        )
        within = [element, *map(whole_tree, filter(None, [element.get("srcdoc")]))]
        for inside in (
            one for each in within for one in each.iter("param", "embed", "iframe", "a")
        ):
            names = ("value",) if inside.tag == "param" else ("src", "href")
            yield from filter(claims_document, (inside.get(name) or "" for name in names))

    def _make_option(self, option: HtmlElement) -> None:
        """A list of files to choose from is a list of links."""
        value = (option.get("value") or "").strip()
        address = resolve(self.base, value)
        if address is None or not (
            value.startswith(("/", "http://", "https://", "?")) or claims_document(value)
        ):
            return
        select = next((up for up in option.iterancestors() if up.tag == "select"), None)
        chosen = select is not None and "location" in (select.get("onchange") or "")
        if not (chosen or claims_document(address) or is_handler(address)):
            return
        self._wrap(option, address)
        option.tag = "li"
        if select is not None:
            select.tag = "ul"
            _open_form(select)

    def _make_button(self, button: HtmlElement) -> None:
        found = self._pressed(button)
        form = next((up for up in button.iterancestors() if up.tag == "form"), None)
        kind = (button.get("type") or ("submit" if button.tag == "button" else "text")).lower()
        if found is None and form is not None and kind in ("submit", "image"):
            found = self._handed_out(form, button)
        if found is None or self._beside(button, found):
            return
        if button.tag == "input":
            if kind not in ("button", "submit", "image"):
                return
            button.text = button.get("value") or _named(button)
        button.tag = "a"
        button.set("href", found)
        self.linked.add(found)
        _open_form(button)

    def _handed_out(self, form: HtmlElement, button: HtmlElement) -> str | None:
        """The address that a form without questions asks for; None where it asks some, or sends what nobody may send twice."""
        action = resolve(self.base, form.get("action"))
        fields = [one for one in form.iter("input", "select", "textarea") if one is not button]
        kinds = {(one.get("type") or "text").lower() for one in fields}
        if action is None or not (claims_document(action) or is_handler(action)):
            return None
        if kinds - {"hidden", "submit", "image", "button"}:
            return None
        if (form.get("method") or "get").lower() != "get":
            button.set(
                "onclick", "submit()"
            )  # for `promises_file`: only a script, or a person, gets it
            _open_form(button)
            return None
        said = [(one.get("name"), one.get("value") or "") for one in fields]
        query = urlencode([(name, value) for name, value in said if name])
        return resolve(self.base, f"{action}?{query}") if query else action

    def _make_drawn(self, drawing: HtmlElement) -> None:
        for inside in drawing.iter("a"):
            target = resolve(self.base, inside.get("href") or inside.get("xlink:href"))
            if target and claims_document(target) and target not in self.linked:
                drawing.addprevious(_link(target, text_of(inside), "div"))
                self.linked.add(target)

    def _make_drawn_by_script(self, script: HtmlElement) -> None:
        """A script that names one document and the id of an element shows it there; what it says otherwise is its own business."""
        said = (script.text or "").replace("\\/", "/")
        if script.get("src") or not _DOCUMENT_NAME.search(said):
            return
        named = [match[2] for match in _QUOTED.finditer(said)]
        documents = {
            target
            for one in named
            if "/" in one and (target := resolve(self.base, one)) and claims_document(target)
        }
        words = [*named, *_NAME.findall(said)]
        place = next((self.ids[key] for one in words if (key := _bare_id(one)) in self.ids), None)
        if len(documents) == 1 and place is not None and not documents & self.linked:
            self._put_into(place, dict.fromkeys(documents, ""))

    def _make_written(self, element: HtmlElement) -> None:
        """An address that stands in the text, by itself or in a shortcode that nothing replaced, is a link."""
        text = element.text or ""
        match = _WRITTEN.search(text) if "://" in text else None
        if match is None or any(up.tag == "a" for up in element.iterancestors()):
            return
        target = resolve(self.base, (match["shortcode"] or match["bare"]).rstrip(".,;:"))
        if target and claims_document(target) and target not in self.linked:
            title = re.search(r"\btitle=[\"“]([^\"”]+)", match[0])
            link = _link(target, title[1] if title else "")
            element.text, link.tail = text[: match.start()], text[match.end() :]
            element.insert(0, link)
            self.linked.add(target)

    def _show(self, noscript: HtmlElement) -> None:
        """What is offered to readers without scripts only is shown."""
        for inside in noscript.iter("a", *_EMBEDS):
            address = resolve(
                self.base, inside.get("href") or inside.get("src") or inside.get("data")
            )
            if address and claims_document(address) and address not in self.linked:
                noscript.tag = "div"
                return

    def _make_block(self, element: HtmlElement) -> None:
        named = [(one, "") for one in self._of_scripts(element)]
        named += self._of_attributes(element)
        offers = {one: text for one, text in reversed(named) if one not in self.linked}
        row = element.tag == "tr"
        place = next(element.iterchildren("td", "th"), None) if row else element
        if not offers or place is None:
            return
        heading = next((one for one in element.iter(*_HEADINGS) if text_of(one)), None)
        plain = (
            place.tag not in ("ul", "ol", "table", "tbody") and len(text_of(place)) <= LONGEST_NAME
        )
        (address, text), *more = offers.items()
        if not more and heading is not None and heading.find(".//a") is None:
            self._wrap(heading, address)
        elif not more and plain and not text and next(place.iter("a", *_BUTTONS), None) is None:
            self._wrap(place, address)
        else:
            self._put_into(place, offers)

    def _put_into(self, place: HtmlElement, offers: Mapping[str, str]) -> None:
        """Begin an element with links, each a block of its own where they are several; the last of `offers` stood first."""
        for address, text in offers.items():
            link = _link(address, text, "div" if len(offers) > 1 else None)
            link.tail, place.text = place.text, None
            place.insert(0, link)
            self.linked.add(address)

    def _wrap(self, element: HtmlElement, address: str) -> None:
        """Make all that an element holds the words of a link."""
        link = _link(address, element.text or "")
        element.text = None
        link.extend(list(element))
        element.append(link)
        self.linked.add(address)

    def _of_scripts(self, element: HtmlElement) -> Iterator[str]:
        """The addresses that an element's own script opens, as whole addresses."""
        call = _scripted(element)
        if not call:
            return
        for match in _CALL.finditer(call):
            href = match["address"]
            if (target := viewed(self.base, href) or resolve(self.base, href)) is not None:
                yield target
        for match in _QUOTED.finditer(call):
            if (
                "/" in match[2]
                and (target := resolve(self.base, match[2]))
                and claims_document(target)
            ):
                yield target

    def _of_attributes(
        self, element: HtmlElement, *, any_form: bool = False, named: re.Pattern[str] | None = None
    ) -> Iterator[tuple[str, str]]:
        """(address, its name or "") of the documents that an element's attributes hold, one by one or in JSON.

        `any_form`: also addresses that do not end like a file, for what is pressed. `named`: only of attributes so named.
        """
        for name, value in element.items():
            if _TELLS.match(name) or name == "href" or (named and not named.search(name)):
                continue
            said = value.replace("\\/", "/").strip()
            leads = bool(_LEADS.search(name)) or name == "formaction"
            if said[:1] in ("[", "{"):
                held = list(_of_json(said))
            elif len(said) > 3 and ("/" in said or leads) and not re.search(r"[<>\n]", said):
                held = [(said, "")]
            else:
                continue
            for one, text in held:
                target = viewed(self.base, one) or resolve(self.base, one)
                whole = one is said and one.startswith(("/", "http://", "https://", "?", "."))
                if target and (claims_document(target) or (any_form and leads and whole)):
                    yield target, text


def _bare_id(word: str) -> str:
    return word.removeprefix("#")


def _of_json(said: str) -> Iterator[tuple[str, str]]:
    """(address, title beside it) of what JSON in an attribute names; of what is no JSON after all, what stands in quotes."""
    try:
        waiting = [json.loads(said)]
    except (ValueError, RecursionError):
        yield from ((match[2], "") for match in _QUOTED.finditer(said) if "/" in match[2])
        return
    while waiting:
        part = waiting.pop()
        texts = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
        titles = [part[name] for name in _TITLES if isinstance(part, dict) and name in part]
        title = next((one for one in titles if isinstance(one, str)), "")
        yield from ((one, title) for one in texts if isinstance(one, str) and "/" in one)
        waiting += reversed([one for one in texts if isinstance(one, dict | list)])


def _scripted(element: HtmlElement) -> str:
    """The script that runs when an element is pressed."""
    href = element.get("href") or ""
    own = href[len("javascript:") :] if href.lower().startswith("javascript:") else ""
    pressed = f"{element.get('onclick') or ''} {own}".strip()
    return pressed.replace("\\/", "/")


def _link(address: str, text: str, block: str | None = None) -> HtmlElement:
    """A new link; in a `block` of its own, that block."""
    around: HtmlElement = lxml.html.Element(block or "div")
    link: HtmlElement = etree.SubElement(around, "a")
    link.set("href", address)
    link.text = text or None
    if block is None:
        around.remove(link)
    return around if block else link


def _named(element: HtmlElement) -> str:
    for name in ("alt", "aria-label", "title"):
        if said := " ".join((element.get(name) or "").split()):
            return said
    return ""


def _caption(element: HtmlElement) -> str:
    """What an embedded file is called: by its title, its figure's caption, or the link that stands in for it; "" for "PDF viewer"."""
    figure = next((up for up in element.iterancestors() if up.tag == "figure"), None)
    caption = figure.find(".//figcaption") if figure is not None else None
    within = element.find(".//a")
    for said in (
        element.get("title"),
        element.get("aria-label"),
        text_of(caption),
        text_of(within),
    ):
        words = _WORDS["embed_leading"].pattern.sub("", " ".join((said or "").split())).strip()
        if (
            words
            and not _WORDS["embed"].fits(words)
            and not _WORDS["empty"].fits(words)
            and not claims_document(f"/{words}")
        ):
            return words
    return ""


def _open_form(element: HtmlElement) -> None:
    """A form that only serves to offer files is a block like any other."""
    for up in element.iterancestors():
        if up.tag == "form":
            up.tag = "div"
            return


def _drop_counters(tree: HtmlElement) -> None:
    for element in tree.iter():
        if element.text:
            element.text = _without_counters(element.text)
        if element.tail:
            element.tail = _without_counters(element.tail)


def _without_counters(text: str) -> str:
    if not any(sign.isdigit() for sign in text):
        return text
    return _WORDS["counter"].pattern.sub(" ", text)
