"""Compose the documents of a case: from its told story, or from the strands that the case names.

A report is a frame (introduction, method, conclusion) around strands: what happened, the life around it, how
agencies worked. Every text of the banks has choices, every board its own order and headings, so that no two
reports read alike; the choices hang on the seed, the case and the role only.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from search_cli.demo import told
from search_cli.demo.cases import Case, DocumentPlan, ThemedPage, load_places, story_text
from search_cli.demo.naming import KINDS, MONTHS, ROLE_WORDS, printed_date, slots_of
from search_cli.demo.papers import Block, Grid, Heading, Paper, Paragraph, Points
from search_cli.demo.wording import worded

HOUSE_OF_SITE = {
    "hallowshire": "partnership",
    "brackenford": "council",
    "marlsea": "classic",
    "eastermere": "modern",
    "wennol": "modern",
    "homicide": "home_office",
    "lantern": "plain",
}


@dataclass(frozen=True, slots=True)
class Strand:
    """One thread of a report and the texts that tell it."""

    id: str
    title: str
    themes: tuple[str, ...] = ()
    situation: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    analysis: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()
    good: tuple[str, ...] = ()
    recommendations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Banks:
    """All the texts to combine from."""

    strands: Mapping[str, Strand]
    frame: Mapping[str, Any]
    welsh: Mapping[str, Any]
    places: Mapping[str, Mapping[str, Any]]


def load_banks() -> Banks:
    """Read the banks under `stories/banks`."""
    strands = {}
    for name in ("child_harms", "circumstances", "adult"):
        for entry in tomllib.loads(story_text(f"banks/{name}.toml"))["strand"]:
            fields = {key: value for key, value in entry.items() if key != "for"}
            lists = {key: tuple(value) for key, value in fields.items() if isinstance(value, list)}
            strands[entry["id"]] = Strand(**{**fields, **lists})
    return Banks(
        strands=strands,
        frame=tomllib.loads(story_text("banks/frame.toml")),
        welsh=tomllib.loads(story_text("banks/welsh.toml")),
        places=load_places(),
    )


@dataclass(slots=True)
class Desk:
    """What a writer has before them: the case, the banks, the names and the dice."""

    case: Case
    banks: Banks
    chance: Random
    slots: Mapping[str, str] = field(default_factory=dict)
    told: tuple[Block, ...] = ()
    whole: bool = False

    @property
    def kind(self) -> str:
        """Whether the frame of a child's or an adult's review is used."""
        return "child" if self.case.scope == "child" else "adult"

    @property
    def strands(self) -> list[Strand]:
        """The main strand first, then the side strands; a whole report has more than its shorter papers."""
        names = strands_of(self.case) if self.whole else (self.case.main, *self.case.side)
        return [self.banks.strands[name] for name in names]

    def word(self, text: str) -> str:
        """One reading of a text of the banks."""
        return worded(text, self.chance, self.slots)

    def paragraphs(self, texts: tuple[str, ...] | list[str]) -> Iterator[Paragraph]:
        """Each text as a paragraph."""
        return (Paragraph(self.word(text)) for text in texts)

    def frame(self, part: str, *, most: int = 9) -> list[Paragraph]:
        """Some paragraphs of a part of the frame, in their own order."""
        texts = self.banks.frame[part].get(self.kind) or self.banks.frame[part].get("both", [])
        keep = sorted(self.chance.sample(range(len(texts)), k=min(most, len(texts))))
        return [Paragraph(self.word(texts[number])) for number in keep]


_MORE = {
    "child": [
        "voice",
        "curiosity",
        "information_sharing",
        "escalation",
        "thresholds",
        "drift",
        "records",
        "supervision",
        "cp_process",
        "cross_boundary",
        "culture_language",
        "optimism",
    ],
    "adult": [
        "curiosity",
        "information_sharing",
        "escalation",
        "records",
        "supervision",
        "optimism",
        "cross_boundary",
        "housing",
        "culture_language",
    ],
}


def strands_of(case: Case) -> tuple[str, ...]:
    """The strands of a case's whole report: those that its plan names, and two to five on how agencies worked."""
    named = (case.main, *case.side)
    others = [
        name for name in _MORE["adult" if case.scope == "adult" else "child"] if name not in named
    ]
    chance = Random(f"strands/{case.site}/{case.id}")
    return (*named, *chance.sample(others, k=chance.randint(2, 5)))


def compose(case: Case, plan: DocumentPlan, banks: Banks, seed: int) -> Paper:
    """The paper of one document of a case; equal arguments give an equal paper."""
    chance = Random(f"{seed}/{case.site}/{case.id}/{plan.role}/{plan.language}")
    authors = list(banks.places["authors"]["names"])
    slots = slots_of(case, banks.places[case.site], authors)
    desk = Desk(case, banks, chance, slots, whole=plan.role == "overview_report")
    if plan.language == "cy":
        return _welsh(desk)
    parts = told.parts_of(case.told) if case.told else {}
    desk.told = tuple(parts.get("overview_report", ()))
    writers = _TOLD_WRITERS if desk.told and plan.role in _TOLD_WRITERS else _WRITERS
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


# ---------------------------------------------------------------- the overview report


def _overview(desk: Desk) -> list[Block]:
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
        *_situation(desk),
        Heading(pick(["Key events", "Chronology of significant events", "Timeline"])),
        _events(desk),
        Heading(pick(["Analysis of practice", "Analysis"])),
        *_analysis(desk),
        Heading(pick(["Good practice", "What worked well"])),
        *_good(desk),
        Heading(pick(["Findings", "Findings and learning"])),
        *_findings(desk),
        Heading("Conclusion"),
        *desk.frame("conclusion", most=2),
        Heading("Recommendations"),
        *_recommendations(desk),
        Heading(pick(["Appendix A: Glossary", "Glossary"])),
        _glossary(desk),
    ]


def _by_theme(desk: Desk) -> list[Block]:
    blocks: list[Block] = [
        Heading("Introduction and context"),
        *desk.frame("introduction", most=2),
        *desk.frame("method", most=1),
        Heading("The family" if desk.kind == "child" else f"About {desk.slots['subject']}"),
        *_situation(desk),
        *desk.frame("family_view", most=2),
        Heading("Narrative of events"),
        *(Paragraph(f"{when}: {what}") for when, what in _dated_events(desk)),
    ]
    for number, strand in enumerate(desk.strands, 1):
        blocks.append(Heading(f"Learning theme {number}: {desk.word(strand.title)}"))
        blocks.extend(desk.paragraphs(_some(desk, strand.analysis, 2 if number > 1 else 3)))
        blocks.extend(Paragraph(f"Learning point: {desk.word(f)}") for f in strand.findings[:1])
    blocks += [Heading("Effective practice"), *_good(desk)]
    blocks += [Heading("Recommendations for the partnership"), *_recommendations(desk)]
    return [*blocks, Heading("Closing remarks"), *desk.frame("conclusion", most=1)]


def _by_question(desk: Desk) -> list[Block]:
    blocks: list[Block] = [
        Heading("Foreword"),
        *desk.frame("conclusion", most=1),
        Heading("Why this review was undertaken"),
        *desk.frame("introduction", most=3),
        *desk.frame("scope", most=1),
        Heading("The facts"),
        *_situation(desk),
        _events(desk),
        Heading("Views of the family"),
        *desk.frame("family_view", most=2),
    ]
    for number, strand in enumerate(desk.strands, 1):
        blocks.append(Heading(f"Key line of enquiry {number}: {desk.word(strand.title)}"))
        blocks.extend(desk.paragraphs(_some(desk, strand.analysis, 2 if number > 1 else 3)))
    blocks += [Heading("What went well"), *_good(desk), Heading("Findings"), *_findings(desk)]
    return [*blocks, Heading("Recommendations"), *_recommendations(desk)]


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


def _some(desk: Desk, texts: tuple[str, ...], most: int) -> list[str]:
    keep = sorted(desk.chance.sample(range(len(texts)), k=min(most, len(texts))))
    return [texts[number] for number in keep]


def _situation(desk: Desk) -> list[Block]:
    main, *sides = desk.strands
    return list(desk.paragraphs([*main.situation, *(s for side in sides for s in side.situation)]))


def _dated_events(desk: Desk) -> list[tuple[str, str]]:
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


def _events(desk: Desk) -> Grid:
    head = desk.chance.choice([("Date", "Event"), ("When", "What happened")])
    return Grid(head, tuple(_dated_events(desk)))


def _analysis(desk: Desk) -> list[Block]:
    blocks: list[Block] = []
    for strand in desk.strands:
        blocks.append(Heading(desk.word(strand.title), 2))
        blocks.extend(desk.paragraphs(_some(desk, strand.analysis, 3)))
    return blocks


def _good(desk: Desk) -> list[Block]:
    texts = [text for strand in desk.strands for text in strand.good]
    return [*desk.frame("good"), *desk.paragraphs(texts)]


def _findings(desk: Desk) -> list[Block]:
    texts = [text for strand in desk.strands for text in strand.findings]
    words = desk.chance.choice(["Finding {n}: ", "Finding {n}. ", ""])
    return [Paragraph(words.format(n=n) + desk.word(text)) for n, text in enumerate(texts, 1)]


def recommendations_of(desk: Desk) -> list[str]:
    """The texts of the case's recommendations, each beginning with whom it addresses."""
    if desk.told:
        return told.recommendations_of(desk.told)
    return [desk.word(text) for strand in desk.strands for text in strand.recommendations]


def _recommendations(desk: Desk) -> list[Block]:
    texts = recommendations_of(desk)
    match desk.chance.choice(["line", "heading", "table", "number"]):
        case "line":
            return [Paragraph(f"Recommendation {n}: {text}") for n, text in enumerate(texts, 1)]
        case "heading":
            pairs = [(Heading(f"Recommendation {n}", 3), Paragraph(t)) for n, t in _count(texts)]
            return [block for pair in pairs for block in pair]
        case "table":
            return [Grid(("No.", "Recommendation"), tuple((str(n), t) for n, t in _count(texts)))]
        case _:
            return [Paragraph(f"R{n}. {text}") for n, text in _count(texts)]


def _count(texts: list[str]) -> Iterator[tuple[int, str]]:
    return iter(enumerate(texts, 1))


def _glossary(desk: Desk) -> Grid:
    rows = desk.chance.sample(desk.banks.frame["glossary"]["rows"], k=5)
    return Grid(("Term", "Meaning"), tuple((row[0], row[1]) for row in sorted(rows)))


# ---------------------------------------------------------------- the shorter papers


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


_WRITERS = {
    "overview_report": _overview,
    "executive_summary": _summary,
    "briefing": _briefing,
    "response": _response,
    "action_plan": _response,
    "statement": _statement,
    "learning_summary": _messages,
    "poster": _messages,
    "easy_read": _easy_read,
}


# ---------------------------------------------------------------- shorter papers of a told review


def _told_summary(desk: Desk) -> list[Block]:
    return [
        Heading("What this review is about"),
        *told.opening_of(desk.told),
        Heading("What was found"),
        Points(tuple(told.findings_of(desk.told))),
        Heading("Summary of recommendations"),
        Points(tuple(told.recommendations_of(desk.told))),
    ]


def _told_briefing(desk: Desk) -> list[Block]:
    asked = desk.banks.frame["briefing_questions"]["both"]
    return [
        Heading("1. Why this review was written", 2),
        *told.opening_of(desk.told)[:1],
        Heading("2. What we learned", 2),
        Points(tuple(_short(text) for text in told.findings_of(desk.told))),
        Heading("3. What must change", 2),
        Points(tuple(told.recommendations_of(desk.told)[:4])),
        Heading("4. Questions for your team", 2),
        Points(tuple(desk.word(text) for text in desk.chance.sample(asked, k=3))),
    ]


def _short(text: str) -> str:
    """The first two sentences of a text."""
    return " ".join(re.split(r"(?<=[.?!])\s+", text)[:2])


_TOLD_WRITERS = {
    "executive_summary": _told_summary,
    "briefing": _told_briefing,
    "learning_summary": _told_briefing,
}


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
    blocks += [Heading("Learning for improved practice"), *_findings(desk)]
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
