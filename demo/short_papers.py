"""The shorter papers of a case: summary, briefing, response, statement, key messages, easy read."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from casereviews.demo import written_reports
from casereviews.demo.desk import Desk
from casereviews.demo.papers import Block, Grid, Heading, Paragraph, Points
from casereviews.demo.report_parts import recommendations_of


def _summary(desk: Desk) -> list[Block]:
    main = desk.strands[0]
    return [
        Heading("Purpose of this summary"),
        *desk.frame("introduction", most=2),
        Heading("What happened"),
        *desk.paragraphs(main.situation),
        Heading("Main findings"),
        *desk.paragraphs([text for strand in desk.strands for text in strand.findings]),
        Heading("Summary of recommendations"),
        Points(tuple(recommendations_of(desk)[:5])),
    ]


def _briefing(desk: Desk) -> list[Block]:
    heads = desk.banks.frame["briefing_heads"][desk.chance.choice(["seven", "points"])]
    main, *sides = desk.strands
    asked = desk.banks.frame["briefing_questions"]["both"]
    bodies: list[list[Block]] = [
        list(desk.frame("introduction", most=1)),
        list(desk.paragraphs(main.situation[:1])),
        list(desk.paragraphs(main.analysis[:1])),
        list(desk.paragraphs([main.findings[0], *(s.findings[0] for s in sides)])),
        list(desk.paragraphs(main.good)),
        [Points(tuple(recommendations_of(desk)[:4]))],
        [Points(tuple(desk.word(text) for text in desk.chance.sample(asked, k=3)))],
    ]
    if heads[2] == "The incident":
        bodies[2] = list(desk.paragraphs(main.situation[1:2])) or bodies[2]
    blocks: list[Block] = []
    for number, (head, body) in enumerate(zip(heads, bodies, strict=True), 1):
        blocks += [Heading(f"{number}. {head}", 2), *body]
    return blocks


def _response(desk: Desk) -> list[Block]:
    bank = desk.banks.frame["response"]
    rows = []
    for number, text in enumerate(recommendations_of(desk), 1):
        lead, state, when = (
            desk.word(desk.chance.choice(bank[k])) for k in ("lead", "state", "when")
        )
        rows.append((f"{number}. {text}", f"{state} Lead: {lead}.", when))
    return [
        Heading("Our response"),
        *desk.paragraphs(bank["opening"]),
        Grid(("Recommendation", "Response and lead", "By when"), tuple(rows)),
        Heading("How we will know"),
        *desk.frame("conclusion", most=1),
    ]


def _statement(desk: Desk) -> list[Block]:
    return [
        *desk.frame("statement"),
        *desk.paragraphs(desk.strands[0].findings[:1]),
        *desk.frame("conclusion", most=1),
    ]


def _messages(desk: Desk) -> list[Block]:
    blocks: list[Block] = []
    for strand in desk.strands:
        blocks.append(Heading(desk.word(strand.title), 2))
        blocks.append(
            Points(tuple(desk.word(t) for t in (*strand.findings, *strand.recommendations[:2])))
        )
    return blocks


def _easy_read(desk: Desk) -> list[Block]:
    subject = desk.slots["subject"]
    return [
        Heading("What is this about?", 2),
        Paragraph(f"This is about {subject}. People did not keep {subject} safe."),
        Paragraph("Some adults hurt her. That was their fault. It was not her fault."),
        Heading("What did we find?", 2),
        Points(
            (
                "People did not listen.",
                "People wrote words that blamed her.",
                "One person did not give up.",
            )
        ),
        Heading("What will change?", 2),
        Points(("We will ask young people what helps.", "We will act when a child goes missing.")),
        Paragraph("If someone hurts you, tell an adult you trust. You will not be in trouble."),
    ]


def _told_summary(desk: Desk) -> list[Block]:
    return [
        Heading("What this review is about"),
        *written_reports.opening_of(desk.told),
        Heading("What was found"),
        Points(tuple(written_reports.findings_of(desk.told))),
        Heading("Summary of recommendations"),
        Points(tuple(written_reports.recommendations_of(desk.told))),
    ]


def _told_briefing(desk: Desk) -> list[Block]:
    asked = desk.banks.frame["briefing_questions"]["both"]
    return [
        Heading("1. Why this review was written", 2),
        *written_reports.opening_of(desk.told)[:1],
        Heading("2. What we learned", 2),
        Points(tuple(_short(text) for text in written_reports.findings_of(desk.told))),
        Heading("3. What must change", 2),
        Points(tuple(written_reports.recommendations_of(desk.told)[:4])),
        Heading("4. Questions for your team", 2),
        Points(tuple(desk.word(text) for text in desk.chance.sample(asked, k=3))),
    ]


def _short(text: str) -> str:
    """The first two sentences of a text."""
    return " ".join(re.split(r"(?<=[.?!])\s+", text)[:2])


Writer = Callable[[Desk], list[Block]]

WRITERS: Mapping[str, Writer] = {
    "executive_summary": _summary,
    "briefing": _briefing,
    "response": _response,
    "action_plan": _response,
    "statement": _statement,
    "learning_summary": _messages,
    "poster": _messages,
    "easy_read": _easy_read,
}

# Where the review itself was told by hand, these are drawn from what it says.
TOLD_WRITERS: Mapping[str, Writer] = {
    "executive_summary": _told_summary,
    "briefing": _told_briefing,
    "learning_summary": _told_briefing,
}
