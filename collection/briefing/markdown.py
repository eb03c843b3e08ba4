"""A briefing as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from casereviews.collection.briefing.layout import Block, Heading, Paragraph, Quote, Table, blocks
from casereviews.collection.briefing.records import Briefing
from casereviews.collection.output.forms.markdown import cell, escaped


def markdown(briefing: Briefing) -> str:
    """The briefing as Markdown text; quotations are block quotes, each with its source below."""
    return in_markdown(blocks(briefing))


def in_markdown(parts: Iterable[Block]) -> str:
    """The parts of a text, one after the other."""
    return "\n".join(line for block in parts for line in _lines(block))


def _lines(block: Block) -> Iterator[str]:
    if isinstance(block, Heading):
        yield f"{'#' * block.level} {escaped(block.text)}"
    elif isinstance(block, Paragraph):
        yield f"*{escaped(block.text)}*" if block.caution else escaped(block.text)
    elif isinstance(block, Table):
        yield f"| {' | '.join(map(escaped, block.heads))} |"
        yield f"|{'---|' * (len(block.heads) - 1)}---:|"
        for row in block.rows:
            yield f"| {' | '.join(map(escaped, row))} |"
    else:
        yield f"> “{escaped(block.text)}”"
        yield ">"
        yield f"> {_source(block)}"
    yield ""


def _source(quote: Quote) -> str:
    link = f" {cell(quote.url)}" if quote.url else ""
    note = f" ({escaped(quote.note)})" if quote.note else ""
    return f"{escaped(quote.cited)}{note}{link}"
