"""Evidence that two documents are of one case, each kind with its confidence.

| confidence | evidence |
|---|---|
| 0.99 | the same file (bytes) |
| 0.98 | the same text |
| 0.97 | nearly the same text (MinHash), for instance a neighbour's copy |
| 0.95 | the same case number of one publisher |
| 0.93 | one card or detail page, which speaks of one case only |
| 0.90 | the same type and running number of one publisher ("SCR 04"), where no date or report contradicts it |
| 0.90 | Welsh and English of one label, type and publisher |
| 0.85 | the same label, type and publisher, dates within two years |
| 0.82 | a paper (briefing, action plan...) of the only case that its publisher calls by this name or code |
| 0.80 | a joint review: same label and type, shared areas, same date |
| 0.75 | an entry of a national collection: same label, area and type, a year apart at most |
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, pairwise

from casereviews.repository.describing.grouping.agreement import (
    contradiction,
    is_name_or_code,
    is_running_number,
    label_keys,
    same_labels,
    same_types,
    years_between,
)
from casereviews.repository.describing.grouping.duplicates import alike_pairs
from casereviews.repository.describing.grouping.input import GroupingInput, GroupLink

PAPERS = frozenset(
    [
        "executive_summary",
        "briefing",
        "learning_summary",
        "action_plan",
        "response",
        "poster",
        "easy_read",
        "appendix",
    ]
)
LARGEST_CARD = 12  # files of one review; a larger block without labels is a list, not a card


def find_links(documents: Sequence[GroupingInput]) -> Iterator[GroupLink]:
    """Every pair of documents that some evidence joins; one pair may come several times."""
    ordered = sorted(documents, key=lambda one: one.document_id)
    texts = [
        *_same_value(ordered, "sha256", "the same file", 0.99),
        *_same_value(ordered, "text_sha256", "the same text", 0.98),
        *_alike(ordered),
    ]
    yield from texts
    yield from _same_case_number(ordered)
    yield from _same_running_number(ordered)
    yield from _one_card(ordered)
    undecided = _on_two_sites(ordered, texts)
    decided = [document for document in ordered if document.document_id not in undecided]
    yield from _same_label(decided)
    yield from _across_publishers(decided)


def _alike(documents: Iterable[GroupingInput]) -> Iterator[GroupLink]:
    sketches = {one.document_id: one.sketch for one in documents if one.sketch}
    labels = {one.document_id: label_keys(one.labels) for one in documents}
    pairs = list(alike_pairs(sketches))
    copies: dict[str, list[frozenset[str]]] = defaultdict(list)
    for one, other, _ in pairs:
        copies[one].append(labels[other])
        copies[other].append(labels[one])
    for one, other, share in pairs:
        if any(not labels[key] and _exclude(copies[key]) for key in (one, other)):
            continue  # a form that is filled for several children: whose this one is, it does not say
        yield GroupLink(one, other, f"nearly the same text ({share:.0%} of its phrases)", 0.97)


def _exclude(keys: Iterable[frozenset[str]]) -> bool:
    """True when some labels of these name other cases than others do."""
    named = {one for one in keys if one}
    return any(one.isdisjoint(other) for one, other in combinations(named, 2))


def _on_two_sites(documents: Sequence[GroupingInput], texts: Iterable[GroupLink]) -> set[str]:
    """Copies of one text held by boards of different areas.

    Whose case it is, the label does not prove (both may have a "Child Q"), so these are joined with nothing by label. Where the
    cover names the board, `GroupingInput.of` has given both copies its areas, and they are not among these.
    """
    known = {document.document_id: document for document in documents}
    found: set[str] = set()
    for link in texts:
        one, other = set(known[link.a].areas), set(known[link.b].areas)
        if one and other and one.isdisjoint(other):
            found |= {link.a, link.b}
    return found


def _same_value(
    documents: Iterable[GroupingInput], name: str, reason: str, confidence: float
) -> Iterator[GroupLink]:
    by_value: dict[str, list[str]] = defaultdict(list)
    for document in documents:
        if value := getattr(document, name):
            by_value[value].append(document.document_id)
    for members in by_value.values():
        for one, other in pairwise(members):
            yield GroupLink(one, other, reason, confidence)


def _same_case_number(documents: Iterable[GroupingInput]) -> Iterator[GroupLink]:
    by_number: dict[tuple[str, str], list[GroupingInput]] = defaultdict(list)
    for document in documents:
        if (
            document.case_ref
            and not document.anonymous
            and not is_running_number(document.case_ref)
        ):
            number = "/".join(part.lstrip("0") for part in _numbers(document.case_ref))
            by_number[(document.publisher, number)].append(document)
    for members in by_number.values():
        for one, other in combinations(members, 2):
            if same_types(one.review_type, other.review_type):
                yield GroupLink(
                    one.document_id, other.document_id, f"the same case number {one.case_ref}", 0.95
                )


def _same_running_number(documents: Iterable[GroupingInput]) -> Iterator[GroupLink]:
    """The same type and number of one publisher ("SCR 04"), on whatever pages: nothing is joined where a board may have counted anew."""
    by_number: dict[tuple[str, str, int], list[GroupingInput]] = defaultdict(list)
    for document in documents:
        reference, kind = document.case_ref, document.review_type
        if reference and kind and is_running_number(reference) and not document.anonymous:
            by_number[(document.publisher.casefold(), kind, int(reference))].append(document)
    for (_, _, number), members in sorted(by_number.items()):
        if _several_cases(members) or _given_again(members):
            continue
        for one, other in combinations(members, 2):
            yield GroupLink(
                one.document_id, other.document_id, f"the same type and number {number}", 0.9
            )


def _given_again(members: Sequence[GroupingInput]) -> bool:
    """True when two documents are the same paper of a review and no dates say that they are of one: the number may have been given anew."""
    return any(
        one.role == other.role and not (one.published and other.published)
        for one, other in combinations(members[:30], 2)
    )


def _numbers(reference: str) -> list[str]:
    return "".join(letter if letter.isdigit() else " " for letter in reference).split()


def _one_card(documents: Iterable[GroupingInput]) -> Iterator[GroupLink]:
    """Files of one card or detail page. Where it names several cases, a file without a label belongs to none of them; where it has
    reports that contradict each other, a file that fits two of them belongs to neither."""
    by_key: dict[str, list[GroupingInput]] = defaultdict(list)
    for document in documents:
        for key in document.keys:
            if not document.not_a_review:
                by_key[key].append(document)
    for key, members in sorted(by_key.items()):
        cases = {label_keys(member.labels) for member in members if member.labels}
        several = any(not one & other for one, other in combinations(cases, 2))
        if not cases and len(members) > LARGEST_CARD:
            continue
        unsure = _between_reports(members)
        what = "one detail page" if " page " in key else "one card"
        for one, other in combinations(members, 2):
            if several and not (one.labels and other.labels):
                continue
            if unsure and {one.document_id, other.document_id} & unsure:
                continue
            if contradiction(one, other, 0.93) is None:
                yield GroupLink(one.document_id, other.document_id, f"files of {what}", 0.93)


def _between_reports(members: Sequence[GroupingInput]) -> set[str]:
    """Documents of a card that fit two of its reports which contradict each other."""
    reports = [member for member in members if member.role not in PAPERS][:30]
    rivals = [pair for pair in combinations(reports, 2) if contradiction(*pair, 0.93)]
    return {
        member.document_id
        for member in members
        for pair in rivals
        if member not in pair and not any(contradiction(member, one, 0.93) for one in pair)
    }


def _same_label(documents: Iterable[GroupingInput]) -> Iterator[GroupLink]:
    """The same label of one publisher. A document without a date joins only where it has no choice."""
    by_publisher: dict[tuple[str, str], list[GroupingInput]] = defaultdict(list)
    for document in documents:
        if document.anonymous:
            continue
        for key in sorted(label_keys(document.labels)):
            by_publisher[(document.publisher.casefold(), key)].append(document)
    for members in by_publisher.values():
        for one, other in combinations(members, 2):
            if not same_labels(label_keys(one.labels), label_keys(other.labels)):
                continue
            if not _comparable(one, other):
                if _is_paper_of(one, other) and not _several_cases(members):
                    yield GroupLink(
                        one.document_id,
                        other.document_id,
                        "a paper of the publisher's only case of this name",
                        0.82,
                    )
                continue
            if (
                contradiction(one, other, 0.85)
                or _has_choice(one, members)
                or _has_choice(other, members)
            ):
                continue
            if one.language != other.language and "cy" in (one.language, other.language):
                yield GroupLink(
                    one.document_id, other.document_id, "Welsh and English of one review", 0.9
                )
            else:
                yield GroupLink(
                    one.document_id,
                    other.document_id,
                    "the same label, publisher and type, at one time",
                    0.85,
                )


def _comparable(one: GroupingInput, other: GroupingInput) -> bool:
    """True when both tell their type or both their date: a label alone is never a key."""
    typed = bool(one.review_type and other.review_type)
    return typed or bool(one.published and other.published)


def _is_paper_of(one: GroupingInput, other: GroupingInput) -> bool:
    """True when one of two documents is a paper beside a report, and a label that is no mere letter ("Ella", "BN14") says of which."""
    named = label_keys(one.labels) & label_keys(other.labels)
    return (one.role in PAPERS) != (other.role in PAPERS) and any(map(is_name_or_code, named))


def _several_cases(members: Sequence[GroupingInput]) -> bool:
    """True when some documents of a label contradict each other: it is of more cases than one."""
    return any(contradiction(one, other, 0.82) for one, other in combinations(members[:30], 2))


def _has_choice(document: GroupingInput, members: Sequence[GroupingInput]) -> bool:
    """True when the others that `document` could join contradict each other: which case it belongs to is unproven."""
    fitting = [
        other
        for other in members
        if other is not document
        and _comparable(document, other)
        and contradiction(document, other, 0.85) is None
    ]
    return any(contradiction(one, other, 0.85) for one, other in combinations(fitting[:30], 2))


def _across_publishers(documents: Iterable[GroupingInput]) -> Iterator[GroupLink]:
    """Joint reviews on both boards' sites, and entries of national collections for a named area."""
    by_label: dict[str, list[GroupingInput]] = defaultdict(list)
    for document in documents:
        if document.areas and not document.anonymous:
            for key in sorted(label_keys(document.labels)):
                by_label[key].append(document)
    for members in by_label.values():
        if len(members) > 400:
            continue
        for one, other in combinations(members, 2):
            if one.publisher.casefold() == other.publisher.casefold():
                continue
            if link := _across(one, other):
                yield link


def _across(one: GroupingInput, other: GroupingInput) -> GroupLink | None:
    mine, others = set(one.areas), set(other.areas)
    if label_keys(one.labels) != label_keys(other.labels) or not mine & others:
        return None
    if contradiction(one, other, 0.75) or not one.published or not other.published:
        return None
    if mine == others:
        if years_between(one.published, other.published) <= 1 and one.source_id != other.source_id:
            return GroupLink(
                one.document_id,
                other.document_id,
                "the same label, area and type, within a year",
                0.75,
            )
        return None
    same_day = one.published == other.published and len(one.published) > 4
    if (
        same_day
        and one.review_type
        and one.review_type == other.review_type
        and (mine < others or others < mine)
    ):
        return GroupLink(
            one.document_id,
            other.document_id,
            "a joint review: the same label, type, date and shared areas",
            0.8,
        )
    return None
