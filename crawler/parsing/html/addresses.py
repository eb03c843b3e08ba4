"""Addresses out of hrefs as people type them: raw spaces, ampersands, fragments, scripts; and those within addresses of viewers."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, unquote, urljoin, urlsplit

from lxml.html import HtmlElement
from w3lib.url import safe_url_string

from casereviews.crawler.parsing.html.sniff import claims_document

_PER_VISIT = re.compile(
    r"(?<=[?&])(?:(?:PHPSESSID|ASPSESSIONID\w*|CFID|CFTOKEN|session_?id|osCsid|zenid|_wpnonce|tmstv)=[^&]*|sid=[0-9a-f]{16,})(?:&|$)"
    r"|;jsessionid=[^?#/]*|/\(S\(\w+\)\)(?=/)",
    re.I,
)
"""Parts of an address that are new on every visit: with them, no page would ever be the same. `tmstv` is Download Monitor's time of day."""

_WPDM_REFRESH = re.compile(r"(?<=[?&])refresh=[^&]*(?:&|$)")
"""WordPress Download Manager's own mark of a visit, beside `wpdmdl`."""


LONGEST_ADDRESS = 8000
"""Characters. Longer ones are refused by servers (RFC 9110, section 4.1, asks for 8,000 octets)."""


def resolve(base: str, href: str | None) -> str | None:
    """The absolute http(s) address of `href` on the page `base`, percent-encoded where needed and without its fragment.

    None for what is no page or file: mailto:, javascript:, a bare fragment, nonsense, more than LONGEST_ADDRESS.
    """
    text = (href or "").strip()
    if not text or text.startswith("#") or len(text) > LONGEST_ADDRESS:
        return None
    scheme = text.partition(":")[0].lower()
    if ":" in text and scheme.isalpha() and scheme not in ("http", "https"):
        return None
    try:
        joined = urljoin(base, text.replace("\\", "/") if "://" not in text else text)
        parts = urlsplit(joined)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            return None
        address = _PER_VISIT.sub("", parts._replace(fragment="").geturl())
        if "wpdmdl=" in address:
            address = _WPDM_REFRESH.sub("", address)
        return str(safe_url_string(address.rstrip("?&")))
    except ValueError:
        return None


def leads_to_document(anchor: HtmlElement) -> bool:
    """True for a link whose address ends as documents' do."""
    address = resolve("http://page.invalid/", anchor.get("href"))
    return address is not None and claims_document(address)


_HANDLER = re.compile(
    r"/downloads?(?:/|\.|$)|/download[-_]?(?:file|document|manager)|documents?_info|\.ashx|/getmedia/|/getfile|/getattachment/|/asset-library/|/file(?:s)?/\d+"
    r"|/documents?/(?:download|s\d+)|/media/\d+/download|/viewdocument|/doc(?:ument)?s?/[\w-]*\d{2,}|/at_download/|/@@download|/gatewaylink|/docidredir"
    r"|/:[bwp]:/|/-/media/|/ecsddisplay|/get[-_]?(?:file|doc(?:ument)?|download)?\.(?:php|aspx?|cfm|jsp)|/(?:file|send/[\w-]+/[\w-]+)$"
    r"|\.(?:pdf|docx?|pptx?|odt|rtf)/(?:view|download|file|at_download)"
    r"|[?&](?:wpdmdl|attachment_id|document_?id|doc_?id|file_?id|download_?id|eddfile|s[md]m_process_download|download|file|doc)=",
    re.I,
)
_VIEWER = re.compile(
    r"^docs\.google\.\w+/.*\b(?:viewer|gview)|^drive\.google\.\w+/viewer|\.officeapps\.live\.com/op/|viewer\.(?:html?|php|aspx?)$|pdf[-_.]?js\b"
    r"|(?:pdf|doc|document)[-_]?(?:viewer|reader|embed)|(?:viewer|reader)[-_]?(?:pdf|doc)|flip-?book|/viewer/(?:index\.html?)?$",
    re.I,
)
_STORE = re.compile(
    r"^(?:drive\.google\.\w+/(?:file|open|uc)|docs\.google\.\w+/(?:document|presentation|file)|(?:\w+\.)?(?:issuu|scribd|calameo|yumpu|heyzine|publuu|flipsnack|slideshare|joomag)\.\w+/."
    r"|\w+\.(?:flippingbook|sharepoint)\.com/|onedrive\.live\.com/|1drv\.ms/|sway\.\w+\.?\w*/|(?:www\.)?dropbox\.com/)",
    re.I,
)
"""Where publishers put documents that they show on their own pages, under addresses that no file has."""

_PASSES_ON = re.compile(
    r"share|intent|tweet|log-?in|sign-?in|translate|validat|bookmark|mailto|whatsapp", re.I
)
"""Pages that are given an address to tell others of it, or to come back to it: they show no document."""


def is_handler(url: str) -> bool:
    """True for an address in the form of a script or a store that hands out files under no file's name."""
    parts = urlsplit(url)
    return bool(_HANDLER.search(parts.path + ("?" + parts.query if parts.query else "")))


def is_store(url: str) -> bool:
    """True for an address of a document at a store of documents of somebody else's (Google Drive, Issuu, SharePoint...)."""
    parts = urlsplit(url)
    return bool(_STORE.search((parts.hostname or "") + (parts.path or "/")))


def viewed(base: str, href: str | None) -> str | None:
    """The address of the document that a viewer's address names in a parameter (pdf.js, Google, Office...); None for any other address.

    A parameter with a path only is a viewer's where the page is called one: a download script takes paths too.
    """
    if len(href or "") > LONGEST_ADDRESS:
        return None
    try:
        viewer = urljoin(base, (href or "").strip())
        parts = urlsplit(viewer)
        named = [*parse_qsl(parts.query), *parse_qsl(parts.fragment)]
    except ValueError:
        return None
    where = (parts.hostname or "") + parts.path
    is_viewer = bool(_VIEWER.search(where))
    if not named or (not is_viewer and _PASSES_ON.search(where)):
        return None
    for _, value in named:
        value = unquote(value) if re.match(r"(?:https?)?%", value, re.I) else value
        whole = value.startswith(("http://", "https://", "//"))
        if not whole and not (is_viewer and ("/" in value or claims_document(f"/{value}"))):
            continue
        target = resolve(viewer, value)
        if target and (claims_document(target) or (is_viewer and (whole or is_handler(target)))):
            return target
    return None
