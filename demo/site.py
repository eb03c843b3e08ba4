"""What a demonstration site is: its pages and files by address, and how its server behaves."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape
from urllib.parse import quote

from casereviews.demo.papers import MARK, MARK_LONG

DOMAIN = "casereviews.test"
ORIGIN = "%%ORIGIN%%"
NONCE = "%%NONCE%%"


@dataclass(frozen=True, slots=True)
class Resource:
    """One answer of a server. In HTML, `ORIGIN` becomes the site's own address and `NONCE` differs each time."""

    body: bytes
    media_type: str = "text/html; charset=utf-8"
    disposition: str = ""
    etag: bool = False
    modified: str = ""


@dataclass(frozen=True, slots=True)
class Decoy:
    """A link that is no document of a review, and why: a reason as the crawler counts it."""

    path: str
    text: str
    reason: str


@dataclass(slots=True)
class Site:
    """One fictional site: a host of its own under `DOMAIN`.

    `entry` holds what the registry says of it: family, start path, rules. `resources` are keyed by decoded path,
    with the query where it counts. `canonical` names query parameters that make another page; others are ignored.
    """

    id: str
    publisher: str
    nation: str | None
    entry: dict[str, object]
    resources: dict[str, Resource] = field(default_factory=dict)
    decoys: list[Decoy] = field(default_factory=list)
    landing: dict[str, str] = field(default_factory=dict)
    robots: str = "User-agent: *\nDisallow: /wp-admin/\nDisallow: /search\n"

    @property
    def host(self) -> str:
        """The site's host name."""
        return f"{self.id}.{DOMAIN}"

    def add_page(self, path: str, html: str, *, etag: bool = False, modified: str = "") -> None:
        """Serve a web page at a path."""
        self.resources[path] = Resource(html.encode(), etag=etag, modified=modified)

    def add_decoy_page(self, path: str, text: str, reason: str) -> str:
        """Serve a page that is not about a case, remember why, and give the link to it."""
        self.decoys.append(Decoy(path, text, reason))
        body = f"This page is about {text.lower()}. It describes no case."
        self.add_page(path, page(self, text, f"<h1>{escape(text)}</h1><p>{escape(body)}</p>"))
        return link(path, text)


def link(path: str, text: str, extra: str = "") -> str:
    """A link as these sites write it: spaces and ampersands of file names stay as they are, escaped for HTML."""
    return f'<a href="{escape(path)}"{extra}>{escape(text)}</a>'


def quoted(path: str) -> str:
    """The path as a browser asks for it."""
    return quote(path, safe="/?&=%-_.~[]:+,;@!$'()*")


NAVIGATION = {
    "/about-us/": "About us",
    "/news/": "News and events",
    "/training/": "Training",
    "/policies/": "Policies and procedures",
    "/contact/": "Contact us",
}


def page(site: Site, title: str, main: str, *, language: str = "en", head: str = "") -> str:
    """A whole web page: header with navigation, cookie banner, main part, footer."""
    items = "".join(f"<li>{link(path, text)}</li>" for path, text in NAVIGATION.items())
    return f"""<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<title>{escape(title)} | {escape(site.publisher)}</title>
<meta name="description" content="{escape(MARK)}">
{head}
</head>
<body>
<div id="cookie-banner" role="dialog"><p>We use cookies to make this site work. {link("/cookies/", "Read our cookie policy")}</p><button>Accept all</button></div>
<header><a class="logo" href="/">{escape(site.publisher)}</a>
<nav aria-label="Main"><ul>{items}</ul></nav></header>
<main id="content">
{main}
</main>
<footer>
<p>{escape(MARK_LONG)}</p>
<ul><li>{link("/privacy/", "Privacy notice")}</li><li>{link("/accessibility/", "Accessibility statement")}</li><li>{link("/cookies/", "Cookies")}</li></ul>
</footer>
</body>
</html>
"""


def add_plain_pages(site: Site, home: str = "") -> None:
    """The home page where it is as plain (`home`), and the pages behind navigation and footer, so that no link of the demo is dead by accident."""
    if home:
        site.add_page("/", page(site, "Home", home))
    texts = {**NAVIGATION, "/privacy/": "Privacy notice", "/accessibility/": "Accessibility"}
    texts["/cookies/"] = "Cookies"
    for path, text in texts.items():
        words = f"{site.publisher}: {text.lower()}. {MARK_LONG}"
        site.add_page(path, page(site, text, f"<h1>{escape(text)}</h1><p>{escape(words)}</p>"))
