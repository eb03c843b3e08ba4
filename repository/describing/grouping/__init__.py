"""The documents of one case, joined on evidence: every link has its reason and can be undone.

Evidence gives pairs (`grouping_links`); pairs are joined from the surest to the weakest, and a join is refused where any two
members would contradict each other (other labels, other case numbers, other types, years far apart, an anonymous entry).
The result does not depend on the order of the documents. What people joined is no
evidence: rules compare only what rules joined, so that a join parts nothing. A label is never a key alone: two areas each have a "Child Q".
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from casereviews.repository.describing.grouping.agreement import contradiction
from casereviews.repository.describing.grouping.input import GroupingInput, GroupLink
from casereviews.repository.describing.grouping.links import find_links

__all__ = ["JOINED_BY_HAND", "Group", "GroupLink", "GroupingInput", "group"]


JOINED_BY_HAND = "joined by a correction"


@dataclass(frozen=True, slots=True)
class Group:
    """The documents of one case, first-sighted first, with the links that joined them (one fewer than members)."""

    members: tuple[str, ...]
    links: tuple[GroupLink, ...] = ()


def group(
    documents: Sequence[GroupingInput],
    *,
    same: Iterable[tuple[str, str]] = (),
    apart: Iterable[tuple[str, str]] = (),
    enclosed: Iterable[tuple[str, str]] = (),
) -> list[Group]:
    """Groups of documents of one case, every document in exactly one, in order of first sight.

    `same` and `apart` are pairs of document ids that people joined or parted (corrections); they win over all rules. What is joined are
    the groups that the rules make, whole: a joined document takes the others of its case along, and new ones go where they would have
    gone without it. `enclosed` are pairs of a file and the portfolio that holds it: one review, unless people parted them.
    """
    known = {document.document_id: document for document in documents}
    parted = {frozenset(pair) for pair in apart}
    by_rules = {key: _Cluster([document]) for key, document in known.items()}
    whole = {key: _Cluster([document]) for key, document in known.items()}

    def parted_by_hand(link: GroupLink) -> bool:
        one, other = whole[link.a], whole[link.b]
        return one is not other and _parted(one, other, parted)

    for one, other in sorted(tuple(sorted(pair)) for pair in same):
        link = GroupLink(one, other, JOINED_BY_HAND, 1.0)
        if one in known and other in known and not parted_by_hand(link):
            _join(whole, link)
    for one, other in enclosed:
        link = GroupLink(one, other, "a file of the same portfolio", 1.0)
        if one in known and other in known and not parted_by_hand(link):
            _join(by_rules, link)
            _join(whole, link)
    links = find_links(list(known.values()))
    for link in sorted(links, key=lambda link: (-link.confidence, link.a, link.b, link.reason)):
        first, second = by_rules[link.a], by_rules[link.b]
        if first is second or parted_by_hand(link):
            continue
        if not any(
            contradiction(a, b, link.confidence) for a in first.members for b in second.members
        ):
            _join(by_rules, link)
            _join(whole, link)
    distinct = {id(cluster): cluster for cluster in whole.values()}
    return sorted(
        (cluster.group() for cluster in distinct.values()),
        key=lambda made: (known[made.members[0]].first_seen, made.members[0]),
    )


class _Cluster:
    """A group while it grows."""

    def __init__(self, members: list[GroupingInput]) -> None:
        self.members = members
        self.links: list[GroupLink] = []

    def group(self) -> Group:
        ordered = sorted(self.members, key=lambda one: (one.first_seen, one.document_id))
        return Group(tuple(one.document_id for one in ordered), tuple(self.links))


def _join(clusters: dict[str, _Cluster], link: GroupLink) -> None:
    one, other = clusters[link.a], clusters[link.b]
    if one is other:
        return
    one.members += other.members
    one.links += [*other.links, link]
    for member in other.members:
        clusters[member.document_id] = one


def _parted(one: _Cluster, other: _Cluster, parted: Collection[frozenset[str]]) -> bool:
    return bool(parted) and any(
        frozenset((a.document_id, b.document_id)) in parted
        for a in one.members
        for b in other.members
    )
