"""Addresses out of hrefs as people type them: raw spaces, ampersands, fragments, scripts."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

from w3lib.url import safe_url_string


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
        return str(safe_url_string(parts._replace(fragment="").geturl()))
    except ValueError:
        return None
