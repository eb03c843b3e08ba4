"""The methods of a collection in words, as parts that Markdown is made of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from casereviews.collection.asking.counts import CAUTION, UNKNOWN, Counts
from casereviews.collection.briefing.layout import Block, Heading, Paragraph, Table
from casereviews.collection.briefing.markdown import in_markdown
from casereviews.collection.output.flow_diagram import WORDS
from casereviews.collection.output.wording import counted
from casereviews.collection.reliability.agreement import Agreement
from casereviews.collection.reliability.measures import Measure, Share
from casereviews.collection.reliability.methods import (
    NOT_REGISTERED,
    UNREADABLE,
    Methods,
    MethodsSource,
)


def methods_markdown(methods: Methods) -> str:
    """The methods as Markdown."""
    return in_markdown(_parts(methods))


def _parts(methods: Methods) -> Iterator[Block]:
    yield Heading("Methods", 1)
    yield Paragraph(
        f"Written by {methods.program} on {methods.at[:10]} from what this collection knows of itself. Every number is the collection's own.",
        caution=True,
    )
    yield Heading("Where the reviews come from", 2)
    yield from map(Paragraph, _sources(methods))
    yield Heading("What was collected", 2)
    yield from map(Paragraph, _collected(methods))
    yield Heading("What is missing", 2)
    yield from map(Paragraph, _missing(methods))
    yield Heading("How the reviews were described", 2)
    yield from map(Paragraph, _described(methods))
    yield from _reliability(methods.agreement)
    yield Heading("Searches", 2)
    yield from _searches(methods)
    yield Heading("Screening", 2)
    yield from _screening(methods)
    yield Heading("Publishers", 2)
    yield Table(
        ("Publisher", "Nation", "Entry", "Last run", "Last read whole", "Documents listed"),
        tuple(map(_row, sorted(methods.sources, key=lambda one: (not one.asked, one.publisher)))),
    )


def _sources(methods: Methods) -> Iterator[str]:
    asked = [one for one in methods.sources if one.asked]
    nations = Counter(one.nation or "no one nation" for one in asked)
    span = "no run that is recorded"
    if methods.first_run:
        to = f" to {methods.last_run[:10]}" if methods.last_run else ", the last of them not ended"
        span = f"{counted(methods.runs, 'run')}, {methods.first_run[:10]}{to}"
    registered = sum(one.status != NOT_REGISTERED for one in methods.sources)
    yield (
        f"Reviews were collected from the websites of {counted(len(asked), 'publisher')} ({_listed(nations)}) in {span}."
        f" The registry of publishers has {registered:,} {'entry' if registered == 1 else 'entries'}."
    )
    statuses = Counter(one.status for one in asked)
    told = []
    if statuses["verified"]:
        told.append(
            f"{statuses['verified']:,} verified (the entry says that somebody has checked the site)"
        )
    if statuses["unverified"]:
        told.append(f"{statuses['unverified']:,} unverified (nobody has checked that yet)")
    others = {
        name: count for name, count in statuses.items() if name not in ("verified", "unverified")
    }
    told += [f"{count:,} {name.replace('_', ' ')}" for name, count in others.items()]
    if told:
        yield f"Of the entries that were asked: {', '.join(told)}."
    if methods.by_hand:
        yield f"Added by hand: {counted(methods.by_hand, 'document')}."


def _collected(methods: Methods) -> Iterator[str]:
    yield (
        f"The index of {methods.index_built} holds {counted(methods.reviews, 'review')} in {counted(methods.documents, 'document')};"
        " a report, its summary and its copies at other publishers are one review."
    )
    for by in ("scope", "nation"):
        yield f"By {by}: {_counts(methods.counted[by])}."
    years = methods.counted["year"]
    known = [value for value, count in years.values if value != UNKNOWN and count]
    unknown = dict(years.values).get(UNKNOWN, 0)
    if known:
        undated = f"; {unknown:,} without a date" if unknown else ""
        yield f"Published {known[0]} to {known[-1]}{undated}. {CAUTION}"


def _missing(methods: Methods) -> Iterator[str]:
    asked = [one for one in methods.sources if one.asked]
    never = [one for one in methods.sources if not one.asked]
    failing = [one for one in asked if not one.whole]
    if never:
        uncrawled = sum(not one.crawled for one in never)
        more = f" ({uncrawled:,} of them have no list that can be asked)" if uncrawled else ""
        yield f"Never asked: {counted(len(never), 'publisher')} of the registry{more}; the table names them."
    if failing:
        names = "; ".join(
            f"{one.publisher} ({one.result}, last read whole {(one.last_success or 'never')[:10]})"
            for one in failing
        )
        yield f"Not read whole in the last run: {counted(len(failing), 'publisher')}: {names}."
    if files := sum(one.files_not_had for one in asked):
        yield f"Listed, but their file could not be had in the last run: {counted(files, 'document')}."
    if methods.documents_without_file:
        whole = f"; of {counted(methods.without_file, 'review')} no file at all" if methods.without_file else ""  # fmt: skip
        yield f"Known by their entry alone, no file of them is kept: {counted(methods.documents_without_file, 'document')}{whole}."
    if methods.unread:
        named = {UNREADABLE[status]: count for status, count in methods.unread.items()}
        yield f"Kept, but not all of its text could be read: {counted(sum(named.values()), 'file')} ({_listed(named)})."
    if methods.undescribed:
        yield f"Could not be described: {counted(methods.undescribed, 'document')}."
    if methods.held:
        yield f"Held back, because it left its publisher's list too early or was replaced, until a person decides: {counted(methods.held, 'document')}."
    if methods.withdrawn:
        yield f"Withdrawn from the collection: {counted(methods.withdrawn, 'document')}."
    if not (
        never
        or failing
        or files
        or methods.documents_without_file
        or methods.unread
        or methods.undescribed
        or methods.held
        or methods.withdrawn
    ):
        yield "Nothing that the collection knows of."
    yield "What publishers had taken down before the first run, and reviews that were never published, are not in the collection, and it does not know how many these are."


def _described(methods: Methods) -> Iterator[str]:
    yield (
        "Fields, themes and recommendations were found in the reports' own words by rules; each keeps the sentence and the page that it was read from."
        f" The rules, by the digest of their words and code, and how many documents each described: {_rules(methods)}."
    )
    older = sum(count for rules, count in methods.rules.items() if rules != methods.rules_today)
    if older:
        yield f"Described by other rules than those of {methods.program} ({methods.rules_today}): {counted(older, 'document')}."
    own = "some of them this collection's own" if methods.own_themes else "all as packaged"
    yield f"Themes that reviews are described by: {methods.themes:,}, {own}."
    if methods.second_opinion:
        yield "A sentence model gave a second opinion on themes."
    if methods.corrections:
        total = counted(sum(methods.corrections.values()), "correction")
        yield f"People made {total}, which win over the rules ({_listed(methods.corrections)})."


def _rules(methods: Methods) -> str:
    return (
        ", ".join(
            f"{digest} ({counted(number, 'document')})" for digest, number in methods.rules.items()
        )
        or "none"
    )


def _reliability(agreement: Agreement | None) -> Iterator[Block]:
    yield Heading("Reliability of coding", 2)
    if agreement is None:
        yield Paragraph(
            "Not given: methods --sheet FILE takes a sheet of sample that somebody filled in."
        )
        return
    left = len(agreement.gaps) + len({(one.review_id, one.field) for one in agreement.unknown})
    yield Paragraph(
        f"A filled sheet of {counted(agreement.reviews, 'review')} was compared with what the rules say of them"
        f" ({counted(left, 'cell')} empty or unreadable, in no count; {counted(len(agreement.not_coded), 'row')} not coded,"
        f" {len(agreement.left_out):,} left out). Kappa is Cohen's, of fields of several values"
        " pooled over their codes (De Vries et al. 2008), with a jackknife's interval of 95%; precision and recall count codes, with Wilson's."
    )
    yield Table(
        ("Field", "Kappa", "Precision", "Recall", "Reviews"),
        tuple(
            (
                one.label,
                _measure(one.kappa),
                _share(one.precision),
                _share(one.recall),
                f"{one.reviews:,}",
            )
            for one in agreement.fields_coded
        ),
    )
    if uncoded := [one.label for one in agreement.fields if one not in agreement.fields_coded]:
        yield Paragraph(f"In the sheet, but coded by nobody: {', '.join(uncoded)}.")


def _searches(methods: Methods) -> Iterator[Block]:
    if not methods.searches:
        yield Paragraph(
            "Not given: methods --log FILE takes the log that search --log FILE writes."
        )
        return
    days = sorted(one.searched_at[:10] for one in methods.searches)
    yield Paragraph(
        f"{counted(len(methods.searches), 'search')} from {days[0]} to {days[-1]}.".replace(
            "searchs", "searches"
        )
    )
    yield Table(
        ("Search", "When", "Query", "Limits", "Understood as", "Documents searched", "Reviews"),
        tuple(
            (
                str(one.line), one.searched_at, one.query, one.limits, one.understood,
                f"{one.index_documents:,}", f"{one.reviews_found:,}",
            )
            for one in methods.searches
        ),
    )  # fmt: skip
    gaps = sorted({name for one in methods.searches for name in one.not_read_whole})
    if gaps:
        yield Paragraph(
            f"Publishers that had not been read whole when it was searched: {'; '.join(gaps)}."
        )


def _screening(methods: Methods) -> Iterator[Block]:
    if not methods.flow:
        yield Paragraph("No review is marked.")
        return
    yield Paragraph(
        "The boxes of the PRISMA 2020 flow diagram (Page et al. 2021); a record is a review."
    )
    yield Table(
        ("Box", "Of these", "Reviews"),
        tuple((WORDS[one.box], one.reason, f"{one.count:,}") for one in methods.flow),
    )


def _row(one: MethodsSource) -> tuple[str, ...]:
    return (
        one.publisher,
        one.nation or "",
        one.status.replace("_", " "),
        one.result or "never asked",
        (one.last_success or "")[:10],
        "" if one.documents is None else f"{one.documents:,}",
    )


def _measure(one: Measure | None) -> str:
    if one is None:
        return "–"
    return f"{one.value:.2f}" + (
        f" ({one.low:.2f} to {one.high:.2f})"
        if one.low is not None and one.high is not None
        else ""
    )


def _share(one: Share) -> str:
    if one.value is None:
        return "–"
    return f"{one.value:.2f} ({one.low:.2f} to {one.high:.2f}) {one.hits}/{one.of}"


def _counts(of: Counts) -> str:
    return _listed(dict(of.values))


def _listed(counts: Mapping[str, int]) -> str:
    return (
        ", ".join(f"{name.replace('_', ' ')} {number:,}" for name, number in counts.items())
        or "none"
    )
