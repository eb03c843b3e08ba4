"""Parameters of addresses that are others on every visit: found out from addresses that change while the bytes behind them stay.

A site may put a time, a token or a visitor's number into the address of each file. What is found out is remembered for a source as a rule
of identity more (`rules_of`), and forgotten when a page shows that it tells documents apart. A parameter is taken for a changing one only
when it changed at least twice with the same title and bytes, while no document kept its value that night and none would be taken for
another: to join two children's reports would be worse than to ask for one again.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from itertools import takewhile, zip_longest
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit

from sqlalchemy import Connection, select

from casereviews.repository.identity import canonical
from casereviews.repository.record import dialects
from casereviews.repository.record.tables import document_address, meta, url_state, version

LEAST_CHANGES = 2
"""Changes that are seen before a parameter is taken for a changing one: of two documents in a night, or of one in two."""


class Parameter(NamedTuple):
    """A parameter of the addresses of one host ("name" or "name:port") whose path begins with `path`."""

    host: str
    path: str
    name: str


class Change(NamedTuple):
    """A document that came under another address with the bytes and the title that it had."""

    document_id: str
    was: str
    became: str


def parameters_of(c: Connection, source_id: str) -> tuple[Parameter, ...]:
    """What is known to change in the addresses of a source."""
    found = c.execute(select(meta.c.value).where(meta.c.key == _key(source_id))).scalar()
    return tuple(Parameter(*one) for one in json.loads(found or "[]"))


def rules_of(c: Connection, source_id: str) -> tuple[tuple[str, str], ...]:
    """The same as rules of identity: pairs of a pattern and its replacement, for `identity.canonical`."""
    return tuple(map(_rule, parameters_of(c, source_id)))


def forget(c: Connection, source_id: str) -> None:
    """A page shows that they tell documents apart: what was found out of a source counts no more."""
    c.execute(meta.delete().where(meta.c.key == _key(source_id)))


def unname(c: Connection, source_id: str, addresses: Collection[str]) -> None:
    """Keep no path that is a withdrawn document's own, for it may be named in it: the folder above stands for it."""
    own = {urlsplit(one).path for one in addresses}
    known = parameters_of(c, source_id)
    without = {
        one._replace(path=one.path[: one.path.rstrip("/").rfind("/") + 1])
        if one.path in own
        else one
        for one in known
    }
    if without != set(known):
        _write(c, source_id, without)


def changed_only(was: str, became: str) -> frozenset[Parameter]:
    """The parameters whose values are all that differs between two addresses, at their path; empty when more differs, or nothing."""
    try:
        one, other = urlsplit(canonical(was)), urlsplit(canonical(became))
    except ValueError:
        return frozenset()
    if (one.netloc, one.path) != (other.netloc, other.path):
        return frozenset()
    before, after = (parse_qsl(each.query, keep_blank_values=True) for each in (one, other))
    if [name for name, _ in before] != [name for name, _ in after]:
        return frozenset()
    pairs = zip(before, after, strict=True)
    return frozenset(
        Parameter(one.netloc, one.path, old[0]) for old, new in pairs if old[1] != new[1]
    )


def learn(
    c: Connection,
    source_id: str,
    changes: Iterable[Change],
    sighted: Mapping[str, Collection[tuple[str, str]]],
    known_before: Collection[str],
) -> frozenset[Parameter]:
    """Find out which parameters change, from a night's `changes`; returns those that are new.

    `sighted` has (address, page) of every document that was sighted, `known_before` the documents that are older than the night: one of
    these that stands at an address which it had before has kept its value.
    """
    together: dict[tuple[str, frozenset[str]], list[Change]] = defaultdict(list)
    for one in changes:
        if changed := changed_only(one.was, one.became):
            names = frozenset(each.name for each in changed)
            together[next(iter(changed)).host, names].append(one)
    found: set[Parameter] = set()
    for (host, names), moved in together.items():
        path = _common_path([urlsplit(canonical(one.became)).path for one in moved])
        parameters = {Parameter(host, path, name) for name in names}
        rules = tuple(map(_rule, sorted(parameters)))
        values = [_addresses_like(c, one.document_id, one.became, rules) for one in moved]
        if sum(len(each) - 1 for each in values) < LEAST_CHANGES:
            continue
        steady = set(known_before) - {one.document_id for one in moved}
        anywhere = tuple(_rule(Parameter(host, "/", name)) for name in sorted(names))
        if not _kept(sighted, steady, anywhere) and not _told_apart(c, sighted, rules):
            found |= parameters
    fresh = frozenset(found) - set(parameters_of(c, source_id))
    if fresh:
        _remember(c, source_id, fresh, [one.became for one in changes], sighted)
    return fresh


def _common_path(paths: list[str]) -> str:
    """The path, or the folder, that they share: "/download/" of "/download/51/" and "/download/53/"."""
    if len(set(paths)) == 1:
        return paths[0]
    folders = [path.split("/")[:-1] for path in paths]
    shared = takewhile(lambda parts: len(set(parts)) == 1, zip_longest(*folders))
    return "/".join([*(parts[0] for parts in shared), ""])


def _addresses_like(
    c: Connection, document_id: str, url: str, rules: tuple[tuple[str, str], ...]
) -> set[str]:
    """The addresses of a document that are the same as `url` but for the parameters of `rules`."""
    rows = c.execute(
        select(document_address.c.address).where(document_address.c.document_id == document_id)
    ).scalars()
    base = canonical(url, same_as=rules)
    known = {str(one) for one in rows if one != base}
    return {one for one in {*known, canonical(url)} if canonical(one, same_as=rules) == base}


def _kept(
    sighted: Mapping[str, Collection[tuple[str, str]]],
    steady: Collection[str],
    rules: tuple[tuple[str, str], ...],
) -> bool:
    """True when a document still stands at the address that it had, with a value of these parameters."""
    return any(
        canonical(address, same_as=rules) != canonical(address)
        for document_id in steady
        for address, _ in sighted.get(document_id, ())
    )


def _told_apart(
    c: Connection,
    sighted: Mapping[str, Collection[tuple[str, str]]],
    rules: tuple[tuple[str, str], ...],
) -> bool:
    """True when two documents that were sighted differ in these parameters only, and stand on one page or hold different bytes."""
    at: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for document_id, places in sighted.items():
        for address, page in places:
            at[canonical(address, same_as=rules)][document_id].add(page)
    for found in at.values():
        if len(found) < 2:
            continue
        pages = [page for each in found.values() for page in each]
        held = c.execute(
            select(version.c.sha256).where(
                version.c.document_id.in_(list(found)), version.c.state == "current"
            )
        ).scalars()
        hashes = list(held)
        if len(set(pages)) < len(pages) or len(set(hashes)) > 1 or len(hashes) < len(found):
            return True
    return False


def _remember(
    c: Connection,
    source_id: str,
    fresh: frozenset[Parameter],
    moved: Iterable[str],
    sighted: Mapping[str, Collection[tuple[str, str]]],
) -> None:
    """Keep what was found out, and give every document the address without it; what is known of its old address stays known."""
    every = sorted({*parameters_of(c, source_id), *fresh})
    _write(c, source_id, every)
    rules = tuple(map(_rule, every))
    here = (
        select(document_address)
        .where(document_address.c.source_id == source_id)
        .order_by(document_address.c.address, document_address.c.edition)
    )
    rows = sorted(c.execute(here).all(), key=lambda row: row.document_id not in sighted)
    for row in rows:
        address = canonical(row.address, same_as=rules)
        if address != row.address:
            values = {**row._mapping, "address": address, "evidence": "changing_parameter"}
            dialects.add_unless_known(c, document_address, values)
    for url in moved:
        state = c.execute(select(url_state).where(url_state.c.url == url)).one_or_none()
        if state is not None:
            values = {**state._mapping, "url": canonical(url, same_as=rules)}
            dialects.add_unless_known(c, url_state, values)


def _write(c: Connection, source_id: str, parameters: Iterable[Parameter]) -> None:
    dialects.put(c, meta, {"key": _key(source_id), "value": json.dumps(sorted(parameters))})


def _rule(one: Parameter) -> tuple[str, str]:
    where = re.escape(one.host + one.path)
    return rf"^(https?://{where}[^?#]*\?(?:[^#]*&)?){re.escape(one.name)}=[^&#]*", r"\1"


def _key(source_id: str) -> str:
    return f"changing_parameters:{source_id}"
