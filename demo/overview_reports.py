"""Overview reports in three plans: classic, by theme, by line of enquiry."""

from __future__ import annotations

from casereviews.demo.desk import Desk
from casereviews.demo.papers import Block, Heading, Paragraph
from casereviews.demo.report_parts import (
    analysis,
    dated_events,
    events,
    findings,
    glossary,
    good,
    recommendations,
    situation,
    some,
)


def overview(desk: Desk) -> list[Block]:
    """The blocks of a whole report, its sections numbered as some boards do."""
    plan = desk.chance.choice([_classic, _by_theme, _by_question])
    return _numbered(desk, plan(desk))


def _classic(desk: Desk) -> list[Block]:
    pick = desk.chance.choice
    return [
        Heading("Introduction"),
        *desk.frame("introduction", most=3),
        Heading(pick(["Terms of reference and scope", "Scope of the review"])),
        *desk.frame("scope", most=2),
        Heading(pick(["Methodology", "How the review was carried out"])),
        *desk.frame("method", most=2),
        Heading(pick(["Summary of the case", "Case summary", "Background and circumstances"])),
        *situation(desk),
        Heading(pick(["Key events", "Chronology of significant events", "Timeline"])),
        events(desk),
        Heading(pick(["Analysis of practice", "Analysis"])),
        *analysis(desk),
        Heading(pick(["Good practice", "What worked well"])),
        *good(desk),
        Heading(pick(["Findings", "Findings and learning"])),
        *findings(desk),
        Heading("Conclusion"),
        *desk.frame("conclusion", most=2),
        Heading("Recommendations"),
        *recommendations(desk),
        Heading(pick(["Appendix A: Glossary", "Glossary"])),
        glossary(desk),
    ]


def _by_theme(desk: Desk) -> list[Block]:
    blocks: list[Block] = [
        Heading("Introduction and context"),
        *desk.frame("introduction", most=2),
        *desk.frame("method", most=1),
        Heading("The family" if desk.kind == "child" else f"About {desk.slots['subject']}"),
        *situation(desk),
        *desk.frame("family_view", most=2),
        Heading("Narrative of events"),
        *(Paragraph(f"{when}: {what}") for when, what in dated_events(desk)),
    ]
    for number, strand in enumerate(desk.strands, 1):
        blocks.append(Heading(f"Learning theme {number}: {desk.word(strand.title)}"))
        blocks.extend(desk.paragraphs(some(desk, strand.analysis, 2 if number > 1 else 3)))
        blocks.extend(Paragraph(f"Learning point: {desk.word(f)}") for f in strand.findings[:1])
    blocks += [Heading("Effective practice"), *good(desk)]
    blocks += [Heading("Recommendations for the partnership"), *recommendations(desk)]
    return [*blocks, Heading("Closing remarks"), *desk.frame("conclusion", most=1)]


def _by_question(desk: Desk) -> list[Block]:
    blocks: list[Block] = [
        Heading("Foreword"),
        *desk.frame("conclusion", most=1),
        Heading("Why this review was undertaken"),
        *desk.frame("introduction", most=3),
        *desk.frame("scope", most=1),
        Heading("The facts"),
        *situation(desk),
        events(desk),
        Heading("Views of the family"),
        *desk.frame("family_view", most=2),
    ]
    for number, strand in enumerate(desk.strands, 1):
        blocks.append(Heading(f"Key line of enquiry {number}: {desk.word(strand.title)}"))
        blocks.extend(desk.paragraphs(some(desk, strand.analysis, 2 if number > 1 else 3)))
    blocks += [Heading("What went well"), *good(desk), Heading("Findings"), *findings(desk)]
    return [*blocks, Heading("Recommendations"), *recommendations(desk)]


def _numbered(desk: Desk, blocks: list[Block]) -> list[Block]:
    """Sections numbered as some boards do; appendices and forewords keep their names."""
    style = desk.chance.choice(["{n}. {text}", "{n} {text}", "Section {n}: {text}", "{text}"])
    numbered: list[Block] = []
    count = 0
    for block in blocks:
        plain = isinstance(block, Heading) and block.level == 1
        if isinstance(block, Heading) and plain and not block.text.startswith(("App", "Fore")):
            count += 1
            block = Heading(style.format(n=count, text=block.text))
        numbered.append(block)
    return numbered
