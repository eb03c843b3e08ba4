"""The stories told by hand: Markdown files under `stories/told`, one for each review.

A line `@briefing` (or another role) begins another document of the same review; what stands before the first
such line is the overview report. Headings, paragraphs, `- ` lists and `|` tables are all that is used.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from casereviews.demo.cases import story_text
from casereviews.demo.papers import Block, Grid, Heading, Paragraph, Points


def parts_of(name: str) -> dict[str, list[Block]]:
    """The documents of a told review, by role."""
    role = "overview_report"
    lines: list[str] = []
    parts: dict[str, list[str]] = {}
    for line in story_text(f"told/{name}.md").splitlines():
        if line.startswith("@"):
            parts[role], role, lines = lines, line[1:].strip(), []
        else:
            lines.append(line)
    parts[role] = lines
    return {key: list(_blocks(value)) for key, value in parts.items()}


_NUMBER = re.compile(r"^(Recommendation \d+[.:]|Finding \d+[.:]|[RF]?\d+(\.\d+)*[.:]?)\s+")
_FINDINGS = re.compile(r"\b(findings|learning points|learning|lessons|what we learned)\b", re.I)
_RECOMMENDATIONS = re.compile(r"\b(recommendations|improving systems)\b", re.I)


def opening_of(blocks: Sequence[Block]) -> list[Paragraph]:
    """The first paragraphs of the first two sections: whom the review is about and what happened."""
    found: list[Paragraph] = []
    for _, section in _sections(blocks)[:2]:
        found += [block for block in section if isinstance(block, Paragraph)][:2]
    return found


def findings_of(blocks: Sequence[Block]) -> list[str]:
    """The findings as the report states them, without their numbers."""
    return _texts_under(blocks, _FINDINGS)


def recommendations_of(blocks: Sequence[Block]) -> list[str]:
    """The recommendations as the report states them, without their numbers."""
    return [text for text in _texts_under(blocks, _RECOMMENDATIONS) if " should " in text]


def _texts_under(blocks: Sequence[Block], title: re.Pattern[str]) -> list[str]:
    sections = [section for head, section in _sections(blocks) if title.search(head)]
    texts: list[str] = []
    for block in sections[-1] if sections else []:
        if isinstance(block, Paragraph):
            texts.append(block.text)
        elif isinstance(block, Points):
            texts.extend(block.items)
    return [_NUMBER.sub("", text) for text in texts]


def _sections(blocks: Sequence[Block]) -> list[tuple[str, list[Block]]]:
    sections: list[tuple[str, list[Block]]] = []
    for block in blocks:
        if isinstance(block, Heading) and block.level == 1:
            sections.append((block.text, []))
        elif sections:
            sections[-1][1].append(block)
    return [(head, section) for head, section in sections if section]


def _blocks(lines: list[str]) -> Iterator[Block]:
    for chunk in _chunks(lines):
        first = chunk[0]
        if first.startswith("#"):
            yield Heading(first.lstrip("# ").strip(), len(first) - len(first.lstrip("#")))
        elif first.startswith("- "):
            yield Points(tuple(_items(chunk)))
        elif first.startswith("|"):
            rows = [_cells(row) for row in chunk if not set(row) <= set("|- ")]
            yield Grid(rows[0], tuple(rows[1:]))
        else:
            yield Paragraph(" ".join(chunk))


def _chunks(lines: list[str]) -> Iterator[list[str]]:
    chunk: list[str] = []
    for line in [*(line.rstrip() for line in lines), ""]:
        if line and not (chunk and chunk[0].startswith("#")):
            chunk.append(line)
            continue
        if chunk:
            yield chunk
        chunk = [line] if line else []


def _items(chunk: list[str]) -> Iterator[str]:
    item = ""
    for line in chunk:
        if line.startswith("- ") and item:
            yield item
            item = ""
        item = f"{item} {line.removeprefix('- ').strip()}".strip()
    yield item


def _cells(row: str) -> tuple[str, ...]:
    return tuple(cell.strip() for cell in row.strip("|").split("|"))
