"""What a registry entry must be like: every rule of `[[source]]`, each with a message that helps."""

from __future__ import annotations

import csv
import ipaddress
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from urllib.parse import urlsplit

from casereviews.crawler.sources.errors import Problem
from casereviews.crawler.sources.source import (
    FAMILIES,
    FAMILY_OPTIONS,
    KINDS,
    NO_LIST_KINDS,
    ROLES,
    SCOPES,
    STATUSES,
    Source,
)
from casereviews.repository.vocabulary.authorities import area_named, authorities
from casereviews.repository.vocabulary.codes import NATIONS

Entry = Mapping[str, object]

_TEXT = ("id", "publisher", "nation", "family", "scope", "status", "kind", "policy_note")
_LONG_TEXT = ("home_url", "evidence", "notes")
_LISTS = ("start_urls", "hosts", "areas", "skip")
_NUMBERS = ("max_depth", "max_pages", "policy_months")
FIELDS = (*_TEXT, *_LONG_TEXT, *_LISTS, *_NUMBERS, "national", "follow", "same_as", "options")
REQUIRED = ("id", "publisher", "nation", "family")
FOLLOW_FIELDS = ("text", "href", "on", "role")
_CHOICES: Mapping[str, Collection[str]] = {
    "family": FAMILIES,
    "status": STATUSES,
    "nation": NATIONS,
    "scope": SCOPES,
    "kind": tuple(KINDS),
}
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_HOST = re.compile(r"([a-z0-9_-]+(\.[a-z0-9_-]+)*|\[[0-9a-f:]+\])(:\d{1,5})?")


def nearest(value: str, choices: Iterable[str]) -> str:
    """'did you mean ...?' with the choice nearest to a wrong value, else the list of all choices."""
    known = list(choices)
    by_case = {choice.casefold(): choice for choice in known}
    close = get_close_matches(value.casefold(), by_case, n=1, cutoff=0.5)
    if close:
        return f"did you mean '{by_case[close[0]]}'?"
    return "use one of " + ", ".join(known[:20])


def check_form(file: str, entry: Entry, *, whole: bool) -> list[Problem]:
    """What is wrong with the form of one raw entry.

    `whole` is False for an overlay's entry that only changes some fields of a known one.
    """
    name = str(entry.get("id", ""))

    def problem(field: str, message: str) -> Problem:
        return Problem(file, name, field, message)

    found = [
        problem(field, f"unknown field; {nearest(field, FIELDS)}")
        for field in entry
        if field not in FIELDS
    ]
    needed = REQUIRED if whole else ("id",)
    found += [problem(field, "is missing") for field in needed if not entry.get(field)]
    for field, value in entry.items():
        found += [problem(field, message) for message in _value_problems(field, value)]
    return found


def _value_problems(field: str, value: object) -> Iterator[str]:
    if field in _TEXT or field in _LONG_TEXT:
        if not isinstance(value, str):
            yield f"must be text, not {value!r}"
        elif field in _CHOICES and value and value not in _CHOICES[field]:
            yield f"'{value}' is not known; {nearest(value, _CHOICES[field])}"
        elif field == "id" and not _ID.fullmatch(value):
            yield f"'{value}' must be lower-case words joined by hyphens, such as 'north-yorkshire'"
    elif field in _NUMBERS:
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            yield f"must be a whole number, not {value!r}"
    elif field == "national":
        if not isinstance(value, bool):
            yield f"must be true or false, not {value!r}"
    elif field in _LISTS:
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            yield f'must be a list of texts such as ["..."], not {value!r}'
        else:
            for item in value:
                yield from _ITEM_CHECKS[field](item)
    elif field == "follow":
        yield from _follow_problems(value)
    elif field == "same_as":
        yield from _same_as_problems(value)
    elif field == "options" and not isinstance(value, dict):
        yield f'must be a table such as {{ page_size = "50" }}, not {value!r}'


def _pattern_problems(pattern: str) -> Iterator[str]:
    try:
        re.compile(pattern)
    except re.error as error:
        yield f"'{pattern}' is not a regular expression: {error}"


def _url_problems(url: str) -> Iterator[str]:
    try:
        parts = urlsplit(url)
        good = (
            parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc
        )
        _ = parts.port
    except ValueError:
        good = False
    if not good:
        yield f"'{url}' is not an address that starts with http:// or https://"


def _host_problems(host: str) -> Iterator[str]:
    if not _HOST.fullmatch(host.lower()):
        yield f"'{host}' is not a host; write 'name' or 'name:port', without http:// or a path"


def area_codes(name: str) -> tuple[str, ...]:
    """The GSS codes that an item of `areas` stands for: a code itself, or those of a council or joint area of this name; none when it
    is neither."""
    if name in authorities():
        return (name,)
    area = area_named(name)
    return area.gss if area is not None else ()


def _area_problems(area: str) -> Iterator[str]:
    if area_codes(area):
        return
    if any(letter.isdigit() for letter in area):
        yield f"'{area}' is not a GSS code; {nearest(area, authorities())}"
        return
    names = {one.name.casefold(): one.name for one in authorities().values() if one.current}
    close = get_close_matches(area.casefold(), names, n=3, cutoff=0.6)
    near = ", ".join(f"'{names[one]}'" for one in close)
    yield (
        f"'{area}' is no council area of the UK; "
        + (f"the nearest names are {near}" if near else "no name is near it")
        + ". A list of a whole nation has national = true; an invented place has no areas, and hosts under .test"
    )


_ITEM_CHECKS: Mapping[str, Callable[[str], Iterator[str]]] = {
    "start_urls": _url_problems,
    "hosts": _host_problems,
    "areas": _area_problems,
    "skip": _pattern_problems,
}


def _follow_problems(rules: object) -> Iterator[str]:
    if not isinstance(rules, list) or not all(isinstance(rule, dict) for rule in rules):
        yield 'must be a list of tables such as [{ text = "published reviews", role = "list" }]'
        return
    for rule in rules:
        for key, value in rule.items():
            if key not in FOLLOW_FIELDS:
                yield f"unknown field '{key}'; {nearest(key, FOLLOW_FIELDS)}"
            elif not isinstance(value, str):
                yield f"'{key}' must be text, not {value!r}"
            elif key == "role" and value not in ROLES:
                yield f"role '{value}' is not known; {nearest(value, ROLES)}"
            elif key != "role":
                yield from _pattern_problems(value)
        if not {"text", "href"} & set(rule):
            yield "a rule needs text or href, else it would follow every link"


def _same_as_problems(pairs: object) -> Iterator[str]:
    if not isinstance(pairs, list) or not all(
        isinstance(pair, list) and len(pair) == 2 and all(isinstance(side, str) for side in pair)
        for pair in pairs
    ):
        yield r'must be a list of pairs such as [["\\?contrast=1$", ""]]'
        return
    for pattern, replacement in pairs:
        broken = list(_pattern_problems(pattern))
        yield from broken
        if not broken:
            try:
                re.sub(pattern, replacement, "https://example.org/a")
            except (re.error, IndexError) as error:
                yield f"'{replacement}' cannot replace '{pattern}': {error}"


@cache
def refused_hosts() -> Mapping[str, str]:
    """Hosts that are never asked, with the reason: staging sites, vendors' mirrors and document scrapers."""
    table = files("casereviews.crawler.sources") / "refused_hosts.csv"
    rows = csv.DictReader(table.read_text(encoding="utf-8").splitlines())
    return {row["host"]: row["reason"] for row in rows}


def check_source(source: Source, named_hosts: Collection[str]) -> Iterator[tuple[str, str]]:
    """What is wrong with a finished entry, as (field, message).

    `named_hosts` are the hosts that the entry's own `hosts` field names: loopback and private addresses are
    asked only for an entry that names them there.
    """
    for host in source.hosts:
        name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
        reason = next(
            (
                why
                for refused, why in refused_hosts().items()
                if name == refused or name.endswith("." + refused)
            ),
            None,
        )
        if reason:
            yield "hosts", f"'{host}' is refused: {reason}; use the publisher's own site"
        if is_private(name) and host not in named_hosts:
            yield "hosts", f"'{host}' is a private address; name it in hosts if you mean it"
    if source.status in ("unverified", "verified"):
        if not source.start_urls:
            yield "start_urls", "is missing; without a list use status = 'list_unknown'"
        if source.family == "none":
            yield "family", f"'none' is never crawled; {nearest('listing', FAMILIES)}"
        if source.kind in NO_LIST_KINDS:
            yield "status", f"a '{source.kind}' is no list of reports; use 'off' or 'list_unknown'"
    known = FAMILY_OPTIONS.get(source.family, {})
    for name, _ in source.options:
        if name not in known:
            hint = nearest(name, known) if known else f"family '{source.family}' has no options"
            yield "options", f"unknown option '{name}'; {hint}"
    for code in source.areas:
        area = authorities()[code]
        if not area.current:
            heirs = ", ".join(f"'{gss}' ({authorities()[gss].name})" for gss in area.replaced_by)
            yield (
                "areas",
                f"'{code}' ({area.name}) has been replaced; use {heirs or 'a current one'}",
            )
        elif area.nation != source.nation:
            yield "areas", f"'{code}' ({area.name}) is in {area.nation}, not {source.nation}"
    invented = bool(source.hosts) and all(_is_test_name(host) for host in source.hosts)
    placed = source.areas or source.national or invented
    settled = (
        source.status != "list_unknown"
    )  # of an unknown list the publisher's area may be unknown too
    if not placed and settled and source.nation in _NATIONS_WITH_AREAS:
        yield (
            "areas",
            "is missing; give names or GSS codes of councils, or national = true for a national list",
        )


def _is_test_name(host: str) -> bool:
    """True under `.test`, a name that never belongs to anyone (RFC 6761): fictional sites have no real area."""
    return host.rsplit(":", 1)[0].endswith(".test")


_NATIONS_WITH_AREAS = frozenset({"England", "Wales", "Scotland", "Northern Ireland"})


def is_private(host: str) -> bool:
    """True for localhost and for addresses of loopback, private and link-local networks."""
    name = host.strip("[]")
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return False
    return not address.is_global


def check_together(sources: Mapping[str, Source]) -> Iterator[tuple[str, str, str]]:
    """Entries that crawl the same list, as (entry, field, message): each list belongs to one entry."""
    owners: dict[str, str] = {}
    for source in sources.values():
        if not source.crawled:
            continue
        for url in source.start_urls:
            owner = owners.setdefault(list_key(url), source.id)
            if owner != source.id:
                yield source.id, "start_urls", f"'{url}' is already the list of entry '{owner}'"


def list_key(url: str) -> str:
    """One key for the plain twins of a list's address: scheme, www, letter case of the host, final slash."""
    parts = urlsplit(url)
    query = f"?{parts.query}" if parts.query else ""
    return parts.netloc.lower().removeprefix("www.") + parts.path.rstrip("/") + query
