"""Addresses out of hrefs as people type them: raw spaces, ampersands, fragments, scripts."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement
from w3lib.url import safe_url_string

from casereviews.crawler.parsing.html.sniff import claims_document

_PER_VISIT = re.compile(
    r"(?<=[?&])(?:PHPSESSID|_wpnonce|sessionid)=[^&]*(?:&|$)|;jsessionid=[^?#/]*", re.I
)
"""Parts of an address that are new on every visit: with them, no page would ever be the same."""

_WPDM_REFRESH = re.compile(r"(?<=[?&])refresh=[^&]*(?:&|$)")
"""WordPress Download Manager's own mark of a visit, beside `wpdmdl`."""


def resolve(base: str, href: str | None) -> str | None:
    """The absolute http(s) address of `href` on the page `base`, percent-encoded where needed and without its fragment.

    None for what is no page or file: mailto:, javascript:, a bare fragment, nonsense.
    """
    text = (href or "").strip()
    if not text or text.startswith("#"):
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
