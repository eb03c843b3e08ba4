"""When two addresses are one document, and how ids are made: on evidence, never by guess.

An address is only tidied where the standards say that nothing changes (case of the host, default port, fragment)
or where a parameter is a listed tracking mark. Everything else (a trailing slash, http and https, `?p=242`, `?contrast=1`)
needs evidence: a redirect, rel=canonical or shortlink, or a rule of that source.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from urllib.parse import parse_qsl, quote, urlsplit, urlunsplit

from casereviews.repository.model import Sighting

TRACKING_PARAMETERS = (
    "utm_*",
    "fbclid",
    "gclid",
    "gbraid",
    "wbraid",
    "dclid",
    "msclkid",
    "yclid",
    "igshid",
    "mc_cid",
    "mc_eid",
    "mkt_tok",
    "_ga",
    "_gl",
    "_hsenc",
    "_hsmi",
)
"""Parameters that mail and advertising tools add to links; a trailing * stands for any ending."""

SIGNATURE_PARAMETERS = frozenset(
    [
        "signature",
        "sig",
        "expires",
        "x-amz-signature",
        "x-amz-expires",
        "x-goog-signature",
        "token",
        "se",
        "sv",
    ]
)
"""Parameters of signed download addresses: they differ on every request and are evidence of nothing."""

# Crockford's base 32: no i, l, o or u, so that an id read out over the telephone is typed right.
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_TYPED = str.maketrans("ilo", "110")

_SAFE_PATH = "/:@!$&'()*+,;=~%-._"
_SAFE_QUERY = _SAFE_PATH + "?[]|"
_ESCAPE = re.compile(r"%[0-9a-fA-F]{2}")
_BARE_PERCENT = re.compile(r"%(?![0-9a-fA-F]{2})")
_SPACE = re.compile(r"\s+")


def canonical(
    url: str,
    *,
    same_as: Iterable[tuple[str, str]] = (),
) -> str:
    """The one spelling of an address.

    `same_as` are a source's own rules of identity: pairs of a regular expression and its replacement, applied in order to
    the tidied address. The parameters of TRACKING_PARAMETERS are dropped. Applying it twice changes nothing.
    """
    tidied = _tidy(url)
    for pattern, replacement in same_as:
        tidied = re.sub(pattern, replacement, tidied)
    return _tidy(tidied) if same_as else tidied


def _tidy(url: str) -> str:
    text = "".join(url.split("\n")).strip()
    try:
        parts = urlsplit(text)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return text
    scheme = parts.scheme.lower()
    if scheme not in ("http", "https") or not host:
        return text
    if ":" in host:
        host = f"[{host}]"
    default = {"http": 80, "https": 443}[scheme]
    netloc = host if port in (None, default) else f"{host}:{port}"
    query = "&".join(part for part in parts.query.split("&") if part and not _is_tracking(part))
    return urlunsplit(
        (scheme, netloc, _escaped(parts.path or "/", _SAFE_PATH), _escaped(query, _SAFE_QUERY), "")
    )


def _escaped(text: str, safe: str) -> str:
    """Percent-encode what must be, once, with capital hexadecimal digits."""
    encoded = quote(_BARE_PERCENT.sub("%25", text), safe=safe, errors="replace")
    return _ESCAPE.sub(lambda match: match.group().upper(), encoded)


def _is_tracking(part: str) -> bool:
    name = part.partition("=")[0].lower()
    return any(
        name.startswith(mark[:-1]) if mark.endswith("*") else name == mark
        for mark in TRACKING_PARAMETERS
    )


def is_signed(url: str) -> bool:
    """True for an address that carries a signature or an expiry: another one is given out each time."""
    try:
        names = {name.lower() for name, _ in parse_qsl(urlsplit(url).query, keep_blank_values=True)}
    except ValueError:
        return True
    return bool(names & SIGNATURE_PARAMETERS)


def fold(text: str) -> str:
    """Text without differences of case and white space."""
    return _SPACE.sub(" ", text).strip().casefold()


def address_of(sighting: Sighting, same_as: Iterable[tuple[str, str]] = ()) -> str:
    """The address that identifies what was sighted, within its source.

    A row without any link is known by its page and its name (headings and text; the card only when both are empty).
    """
    rules = tuple(same_as)
    if sighting.file_url is not None:
        return canonical(sighting.file_url, same_as=rules)
    page = canonical(sighting.detail_url or sighting.listing_url, same_as=rules)
    name = fold(" / ".join((*sighting.headings, sighting.link_text))).strip(" /")
    return "entry:" + _digest(page, name or fold(sighting.card_text))[:32]


def document_id(source_id: str, address: str, edition: str | None = None) -> str:
    """The id of the document first sighted at this canonical address: the same on every machine and after any kill."""
    return _base32(_digest("document", source_id, address, edition or ""), 13)


def review_id(source_id: str, first_document: str, length: int = 6) -> str:
    """A short, typable id such as `hampshire-7k3f9q`; a longer one when the short one is taken."""
    return f"{source_id}-{_base32(_digest('review', first_document), length)}"


def as_typed(text: str) -> str:
    """What a person typed as an id: lower case, and i, l, o read as the digits they look like after the last hyphen."""
    head, hyphen, tail = text.strip().lower().rpartition("-")
    return head + hyphen + tail.translate(_TYPED)


def _digest(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def _base32(hexadecimal: str, length: int) -> str:
    number = int(hexadecimal, 16) >> (len(hexadecimal) * 4 - 5 * length)
    return "".join(ALPHABET[(number >> (5 * place)) & 31] for place in reversed(range(length)))
