"""What mends a source: the proposals of its diagnosis are tried, as a look of their own, and only what brings documents is offered."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from casereviews.crawler.check import check_all
from casereviews.crawler.check_report import CheckReport, Diagnosis, Proposal, Remedy
from casereviews.crawler.diagnosis import can_be_had
from casereviews.crawler.network.manners import needs_contact
from casereviews.crawler.options import CrawlOptions
from casereviews.crawler.sources.loader import with_changes
from casereviews.crawler.sources.source import Source

ROUNDS = 6
"""Trials of one source at most, each within a preview's bounds."""

TRIAL_DEPTH = 2
"""Links deep: a home page's link to learning, that page's link to the reviews, and the reviews."""

Change = Mapping[str, Any]
Look = Callable[[Iterable[Source], CrawlOptions], Iterator[CheckReport]]
"""Looks at sources, a report each in their order: `functools.partial(check_all, others=...)`, or a test's own."""


@dataclass
class _Case:
    """One source under trial: `waiting` are changes to be tried, each with all that they build on; `change` is the best so far."""

    source: Source
    report: CheckReport
    waiting: list[tuple[Proposal, Change]]
    had: int
    cause: str
    kept: Proposal | None = None
    change: Change | None = None
    after: CheckReport | None = None


def check_and_mend(
    sources: Iterable[Source], options: CrawlOptions, look: Look = check_all
) -> tuple[CheckReport, ...]:
    """A report for each source, in their order, with a remedy that was tried.

    Asks again only of sources whose diagnosis proposes a change; nothing is stored and nothing written. What is raised: see `check_all`.
    """
    wanted = list(sources)
    cases = [
        _begun(source, report) for source, report in zip(wanted, look(wanted, options), strict=True)
    ]
    deeper = replace(options, max_depth=TRIAL_DEPTH)
    for _ in range(ROUNDS):
        batch = [(case, *case.waiting.pop(0)) for case in cases if case.waiting]
        if not batch:
            break
        trials = [
            (case, proposal, change, trial)
            for case, proposal, change in batch
            if _may_be_asked(trial := with_changes(case.source, change), options)
        ]
        reports = look([trial for *_, trial in trials], deeper)
        for (case, proposal, change, trial), report in zip(trials, reports, strict=True):
            _take(case, proposal, change, trial, report)
    return tuple(replace(case.report, remedy=_remedy(case)) for case in cases)


def _may_be_asked(trial: Source, options: CrawlOptions) -> bool:
    """False for a trial on the public web without a contact, which only the look itself may ask the operator for."""
    return bool(options.contact) or not needs_contact([trial], options)


def _begun(source: Source, report: CheckReport) -> _Case:
    found = report.diagnosis
    assert found is not None
    proposals = [(one, one.change) for one in found.proposals]
    return _Case(source, report, proposals, can_be_had(source, report), found.cause)


def _take(
    case: _Case, proposal: Proposal, change: Change, trial: Source, report: CheckReport
) -> None:
    """Keep a change that brings more than there was, and go on from it, or from one that leads on to another cause."""
    found = report.diagnosis
    assert found is not None
    assert case.report.diagnosis is not None
    had = can_be_had(trial, report)
    as_before = case.cause == "moved_path" and had >= case.had
    better = had > case.had or proposal.certain or as_before
    onward: list[tuple[Proposal, Change]] = [
        (one, {**change, **one.change})
        for one in found.proposals
        if any(_value(trial, name) != value for name, value in one.change.items())
    ]
    if not better:
        if found.cause != case.report.diagnosis.cause:
            case.waiting[:0] = onward
        return
    if proposal.narrow:
        change = {**change, "start_urls": _narrowed(trial, report)}
    case.had, case.kept, case.change, case.after = had, proposal, change, report
    case.cause, case.waiting = found.cause, onward


def _value(source: Source, name: str) -> Any:
    """A field of an entry as a change would give it."""
    value = getattr(source, name)
    return list(value) if isinstance(value, tuple) else value


def _narrowed(trial: Source, report: CheckReport) -> list[str]:
    """Of the start pages that were tried, those that hold documents; else the one page below them that does; else all that lead to some."""
    giving = [page.url for page in report.pages if page.collected and page.kind == "list"]
    themselves = [url for url in trial.start_urls if url in giving]
    if themselves:
        return themselves
    if len(giving) == 1:
        return giving
    leading = {page.url for page in report.pages if page.follows}
    return [url for url in trial.start_urls if url in leading] or list(trial.start_urls)


def _remedy(case: _Case) -> Remedy:
    found: Diagnosis | None = case.report.diagnosis
    assert found is not None
    if case.change:
        assert case.after is not None
        assert case.kept is not None
        tidy = found.cause == "moved_path"
        return Remedy(
            "works" if tidy else "command",
            f"nothing must be done; {case.kept.says}" if tidy else case.kept.says,
            f"casereviews sources fix {case.source.id} --write",
            case.change,
            case.after.verdict,
        )
    if case.after is not None:
        return Remedy(
            "works", "nothing: a night goes on to further pages", after=case.after.verdict
        )
    if found.works and not found.person:
        return Remedy("works", "nothing")
    return Remedy("person", found.person)
