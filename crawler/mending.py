"""What mends a source: the proposals of its diagnosis are tried, as a look of their own, and only what brings documents is offered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from casereviews.crawler.check import check_all
from casereviews.crawler.check_report import CheckReport, Diagnosis, Proposal, Remedy
from casereviews.crawler.diagnosis import can_be_had
from casereviews.crawler.options import CrawlOptions
from casereviews.crawler.sources.loader import with_changes
from casereviews.crawler.sources.source import Source

ROUNDS = 6
"""Trials of one source at most, each within a preview's bounds."""

TRIAL_DEPTH = 2
"""Links deep: a home page's link to learning, that page's link to the reviews, and the reviews."""

Change = Mapping[str, Any]


@dataclass
class _Case:
    """One source under trial: `waiting` are changes to be tried, each with all that they build on; `change` is the best so far."""

    source: Source
    report: CheckReport
    waiting: list[tuple[Proposal, Change]]
    had: int
    kept: Proposal | None = None
    change: Change | None = None
    after: CheckReport | None = None


def check_and_mend(
    sources: Iterable[Source], options: CrawlOptions, others: Mapping[str, str] | None = None
) -> tuple[CheckReport, ...]:
    """A report for each source, in their order, with a remedy that was tried. Asks again only of sources whose diagnosis proposes a
    change; nothing is stored and nothing written. `others` and what is raised: see `check_all`."""
    wanted = list(sources)
    cases = [
        _begun(source, report)
        for source, report in zip(wanted, check_all(wanted, options, others), strict=True)
    ]
    for _ in range(ROUNDS):
        batch = [(case, *case.waiting.pop(0)) for case in cases if case.waiting]
        if not batch:
            break
        trials = [with_changes(case.source, change) for case, _, change in batch]
        deeper = replace(options, max_depth=TRIAL_DEPTH)
        reports = check_all(trials, deeper, others)
        for (case, proposal, change), trial, report in zip(batch, trials, reports, strict=True):
            _take(case, proposal, change, trial, report)
    return tuple(replace(case.report, remedy=_remedy(case)) for case in cases)


def _begun(source: Source, report: CheckReport) -> _Case:
    found = report.diagnosis
    assert found is not None
    proposals = [(one, one.change) for one in found.proposals]
    return _Case(source, report, proposals, can_be_had(source, report))


def _take(
    case: _Case, proposal: Proposal, change: Change, trial: Source, report: CheckReport
) -> None:
    """Keep a change that brings more than there was, and go on from it, or from one that leads on to another cause."""
    found = report.diagnosis
    assert found is not None
    assert case.report.diagnosis is not None
    had = can_be_had(trial, report)
    as_before = case.report.diagnosis.works and had >= case.had > 0
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
    case.waiting = [] if found.works and found.cause in ("works", "moved_path") else onward


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
        return Remedy(
            "command",
            case.kept.says,
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
