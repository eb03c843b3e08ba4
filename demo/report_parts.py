"""The parts that reports are put together from: what happened, the analysis, findings, recommendations."""

from __future__ import annotations

from casereviews.demo import written_reports
from casereviews.demo.cases import MONTHS
from casereviews.demo.desk import Desk
from casereviews.demo.papers import Block, Grid, Heading, Paragraph


def some(desk: Desk, texts: tuple[str, ...], most: int) -> list[str]:
    """At most `most` of the texts, in their own order."""
    keep = sorted(desk.chance.sample(range(len(texts)), k=min(most, len(texts))))
    return [texts[number] for number in keep]


def situation(desk: Desk) -> list[Block]:
    """Who the family were and how they lived."""
    main, *sides = desk.strands
    return list(desk.paragraphs([*main.situation, *(s for side in sides for s in side.situation)]))


def dated_events(desk: Desk) -> list[tuple[str, str]]:
    """Events of all strands, the main strand's in order, spread over two years before the end."""
    main, *sides = desk.strands
    texts = list(main.events)
    for side in sides:
        for text in side.events:
            texts.insert(desk.chance.randint(0, len(texts)), text)
    year = int(desk.slots["to"][-4:]) - 2
    months = sorted(desk.chance.sample(range(24), k=len(texts)))
    dates = [f"{MONTHS[month % 12]} {year + month // 12}" for month in months]
    return [(when, desk.word(text)) for when, text in zip(dates, texts, strict=True)]


def events(desk: Desk) -> Grid:
    """The dated events as a table."""
    head = desk.chance.choice([("Date", "Event"), ("When", "What happened")])
    return Grid(head, tuple(dated_events(desk)))


def analysis(desk: Desk) -> list[Block]:
    """What the review makes of each strand."""
    blocks: list[Block] = []
    for strand in desk.strands:
        blocks.append(Heading(desk.word(strand.title), 2))
        blocks.extend(desk.paragraphs(some(desk, strand.analysis, 3)))
    return blocks


def good(desk: Desk) -> list[Block]:
    """What went well."""
    texts = [text for strand in desk.strands for text in strand.good]
    return [*desk.frame("good"), *desk.paragraphs(texts)]


def findings(desk: Desk) -> list[Block]:
    """The findings of all strands, numbered or not."""
    texts = [text for strand in desk.strands for text in strand.findings]
    words = desk.chance.choice(["Finding {n}: ", "Finding {n}. ", ""])
    return [Paragraph(words.format(n=n) + desk.word(text)) for n, text in enumerate(texts, 1)]


def recommendations_of(desk: Desk) -> list[str]:
    """The texts of the case's recommendations, each beginning with whom it addresses."""
    if desk.told:
        return written_reports.recommendations_of(desk.told)
    return [desk.word(text) for strand in desk.strands for text in strand.recommendations]


def recommendations(desk: Desk) -> list[Block]:
    """The recommendations in one of the four forms that boards use."""
    texts = recommendations_of(desk)
    match desk.chance.choice(["line", "heading", "table", "number"]):
        case "line":
            return [Paragraph(f"Recommendation {n}: {text}") for n, text in enumerate(texts, 1)]
        case "heading":
            pairs = [
                (Heading(f"Recommendation {n}", 3), Paragraph(t)) for n, t in enumerate(texts, 1)
            ]
            return [block for pair in pairs for block in pair]
        case "table":
            return [
                Grid(("No.", "Recommendation"), tuple((str(n), t) for n, t in enumerate(texts, 1)))
            ]
        case _:
            return [Paragraph(f"R{n}. {text}") for n, text in enumerate(texts, 1)]


def glossary(desk: Desk) -> Grid:
    """Some terms and their meaning."""
    rows = desk.chance.sample(desk.banks.frame["glossary"]["rows"], k=5)
    return Grid(("Term", "Meaning"), tuple((row[0], row[1]) for row in sorted(rows)))
