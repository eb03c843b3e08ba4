"""Compose the documents of a case: from its told story, or from the strands that the case names.

A report is a frame (introduction, method, conclusion) around strands: what happened, the life around it, how
agencies worked. Every text of the banks has choices, every board its own order and headings, so that no two
reports read alike; the choices hang on the seed, the case and the role only.
"""

from __future__ import annotations

from random import Random

from casereviews.demo import written_reports
from casereviews.demo.cases import MONTHS, Case, DocumentPlan, ThemedPage
from casereviews.demo.desk import Banks, Desk
from casereviews.demo.naming import KINDS, ROLE_WORDS, printed_date, slots_of
from casereviews.demo.overview_reports import overview
from casereviews.demo.papers import Block, Heading, Paper, Paragraph, Points
from casereviews.demo.report_parts import findings, recommendations_of
from casereviews.demo.short_papers import TOLD_WRITERS, WRITERS

HOUSE_OF_SITE = {
    "hallowshire": "partnership",
    "brackenford": "council",
    "marlsea": "classic",
    "eastermere": "modern",
    "wennol": "modern",
    "homicide": "home_office",
    "lantern": "plain",
}


def compose(case: Case, plan: DocumentPlan, banks: Banks, seed: int) -> Paper:
    """The paper of one document of a case; equal arguments give an equal paper."""
    chance = Random(f"{seed}/{case.site}/{case.id}/{plan.role}/{plan.language}")
    authors = list(banks.places["authors"]["names"])
    slots = slots_of(case, banks.places[case.site], authors)
    desk = Desk(case, banks, chance, slots, whole=plan.role == "overview_report")
    if plan.language == "cy":
        return _welsh(desk)
    parts = written_reports.parts_of(case.told) if case.told else {}
    desk.told = tuple(parts.get("overview_report", ()))
    writers = {"overview_report": overview, **WRITERS, **(TOLD_WRITERS if desk.told else {})}
    blocks = parts.get(plan.role) or writers[plan.role](desk)
    return Paper(
        title=_title(case, plan.role),
        board=_board(desk),
        cover=_cover(desk, plan.role),
        blocks=tuple(blocks),
        role=plan.role,
        house=_house(case, plan.role),
    )


def _house(case: Case, role: str) -> str:
    if role in ("briefing", "poster", "easy_read", "learning_summary"):
        return "leaflet"
    return "plain" if role in ("statement", "response", "action_plan") else HOUSE_OF_SITE[case.site]


def _board(desk: Desk) -> str:
    board = desk.slots["board"]
    return board[4:] if board.startswith("the ") else board


def _title(case: Case, role: str) -> str:
    kind = KINDS[case.type]
    label = " and ".join(case.labels) or case.reference or case.title
    if case.labels and case.reference:
        label = f"{label} ({case.reference})"
    if role == "statement":
        return f"Statement on the {kind}: {label}"
    return case.title if label == case.title and "eview" in label else f"{kind}: {label}"


def _cover(desk: Desk, role: str) -> tuple[str, ...]:
    case, chance = desk.case, desk.chance
    when = printed_date(case.published, chance)
    if role == "overview_report":
        dated = chance.choice([f"Published {when}", f"Date of publication: {when}", when])
        by = chance.choice(["Independent author:", "Lead reviewer:", "Report author:"])
        return (ROLE_WORDS[role], dated, f"{by} {desk.slots['author']}")
    return (ROLE_WORDS[role], when)


def _welsh(desk: Desk) -> Paper:
    bank, case = desk.banks.welsh, desk.case
    names = ("introduction", "background", "findings", "good", "recommendations")
    blocks: list[Block] = []
    for head, name in zip(bank["heads"], names, strict=True):
        blocks.append(Heading(head))
        for number, text in enumerate(bank[name], 1):
            lead = f"{bank['recommendation']} {number}: " if name == "recommendations" else ""
            blocks.append(Paragraph(lead + desk.word(text)))
    return Paper(
        title=f"{bank['report']}: {desk.slots['subject_cy']} ({case.reference})",
        board=desk.slots["board_cy"],
        cover=(
            f"{bank['published']} {case.published[:4]}",
            f"{bank['author']}: {desk.slots['author']}",
        ),
        blocks=tuple(blocks),
        language="cy",
        house=HOUSE_OF_SITE[case.site],
    )


def compose_themed(page: ThemedPage, banks: Banks, seed: int) -> Paper:
    """A themed briefing: what many reviews say about one subject."""
    chance = Random(f"{seed}/{page.site}/{page.slug}")
    place = banks.places[page.site]
    about = Case(
        site=page.site, id=page.slug, labels=("the child",), type="lcspr", title=page.title,
        months=60, sex="boy", outcome="serious_harm", main=page.strands[0], side=page.strands[1:],
        published=page.published, documents=(),
    )  # fmt: skip
    desk = Desk(about, banks, chance, slots_of(about, place, ["the learning team"]))
    blocks: list[Block] = [
        Heading("About this briefing"),
        Paragraph(
            f"This briefing draws together what reviews published up to {MONTHS[int(page.published[5:7]) - 1]} "
            f"{page.published[:4]} say about one subject, for people who work with children and families."
        ),
    ]
    for strand in desk.strands:
        blocks.append(Heading(desk.word(strand.title)))
        blocks.extend(desk.paragraphs(strand.analysis))
    blocks += [Heading("Learning for improved practice"), *findings(desk)]
    blocks.append(Points(tuple(recommendations_of(desk))))
    when = f"{MONTHS[int(page.published[5:7]) - 1]} {page.published[:4]}"
    return Paper(
        title=page.title,
        board=str(place["board"]),
        cover=(f"Published: {when}",),
        blocks=tuple(blocks),
        role="learning_summary",
        house="plain",
    )
