"""Papers as Word and HTML: the other two forms in which boards publish."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime
from html import escape
from typing import Any

import docx

from casereviews.demo.papers import MARK_LONG, Block, Grid, Heading, Paper, Paragraph, Points

_MADE = datetime(2024, 1, 1, tzinfo=UTC)


def docx_bytes(paper: Paper) -> bytes:
    """The paper as a Word file with real heading styles, a header and a page break after the cover."""
    document: Any = docx.Document()
    core = document.core_properties
    core.title, core.author, core.comments = paper.title, paper.board, paper.marked
    core.created = core.modified = _MADE.replace(tzinfo=None)
    core.last_modified_by, core.revision = paper.board, 1
    core.keywords = ", ".join((*paper.keywords, *filter(None, [paper.revision])))
    document.sections[0].header.paragraphs[0].text = f"{paper.board} – {paper.marked}"
    document.add_paragraph(paper.board)
    document.add_paragraph(paper.title, style="Title")
    for line in paper.cover:
        document.add_paragraph(line, style="Subtitle")
    document.add_paragraph(MARK_LONG, style="Intense Quote")
    document.add_page_break()
    for block in paper.blocks:
        _add(document, block)
    target = io.BytesIO()
    document.save(target)
    return _same_every_time(target.getvalue())


def _add(document: Any, block: Block) -> None:
    match block:
        case Heading(text, level):
            document.add_heading(text, level=min(level, 3))
        case Paragraph(text):
            document.add_paragraph(text)
        case Points(items):
            for item in items:
                document.add_paragraph(item, style="List Bullet")
        case Grid(head, rows):
            table = document.add_table(rows=0, cols=len(head), style="Table Grid")
            for row in (head, *rows):
                cells = table.add_row().cells
                for cell, text in zip(cells, row, strict=True):
                    cell.text = text


def _same_every_time(data: bytes) -> bytes:
    """The same archive with one fixed time on every member: a zip carries the clock of its making."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for member in old.infolist():
            info = zipfile.ZipInfo(member.filename, date_time=_MADE.timetuple()[:6])
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, old.read(member))
    return target.getvalue()


def article_html(paper: Paper) -> str:
    """The paper as the main part of a web page: what stands between a site's header and its footer."""
    parts = [f"<article>\n<h1>{escape(paper.title)}</h1>"]
    parts += [f'<p class="meta">{escape(line)}</p>' for line in paper.cover]
    parts.append(f'<p class="notice">{escape(MARK_LONG)}</p>')
    parts += [_html(block) for block in paper.blocks]
    return "\n".join([*parts, "</article>"])


def _html(block: Block) -> str:
    match block:
        case Heading(text, level):
            return f"<h{min(level + 1, 4)}>{escape(text)}</h{min(level + 1, 4)}>"
        case Paragraph(text):
            return f"<p>{escape(text)}</p>"
        case Points(items):
            return "<ul>" + "".join(f"<li>{escape(item)}</li>" for item in items) + "</ul>"
        case Grid(head, rows):
            heads = "".join(f"<th>{escape(cell)}</th>" for cell in head)
            lines = "".join(
                "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>"
                for row in rows
            )
            return f"<table><thead><tr>{heads}</tr></thead><tbody>{lines}</tbody></table>"
