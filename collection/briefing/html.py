"""A briefing as HTML: a page that stands alone, or the part of another one."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from casereviews.collection.briefing.layout import Block, Heading, Paragraph, Quote, Table, blocks
from casereviews.collection.briefing.records import Briefing

_STYLE = (
    "body{font:1rem/1.5 sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem;overflow-wrap:anywhere}"
    "blockquote{margin:1rem 0;padding-left:1rem;border-left:.25rem solid}blockquote p{margin:0}cite{font-style:normal;font-size:.9rem}"
    "table{border-collapse:collapse}th,td{text-align:left;padding:.2rem 1rem .2rem 0;border-bottom:1px solid}td:last-child,th:last-child{text-align:right}"
    ".caution{border:2px solid;padding:.5rem 1rem}"
)


def page(briefing: Briefing) -> str:
    """The briefing as a page of its own."""
    title = next(block.text for block in blocks(briefing) if isinstance(block, Heading))
    return (
        '<!doctype html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n{body(briefing)}</main>\n</body>\n</html>\n"
    )


def body(briefing: Briefing) -> str:
    """The parts of the briefing, from its h1 on, for a page that has head and style of its own."""
    return "".join(f"{line}\n" for block in blocks(briefing) for line in _lines(block))


def _lines(block: Block) -> Iterator[str]:
    if isinstance(block, Heading):
        yield f"<h{block.level}>{escape(block.text)}</h{block.level}>"
    elif isinstance(block, Paragraph):
        said = ' class="caution"' if block.caution else ""
        yield f"<p{said}>{escape(block.text)}</p>"
    elif isinstance(block, Table):
        yield "<table>"
        heads = "".join(f'<th scope="col">{escape(one)}</th>' for one in block.heads)
        yield f"<thead><tr>{heads}</tr></thead>"
        yield "<tbody>"
        for row in block.rows:
            yield f"<tr>{''.join(f'<td>{escape(one)}</td>' for one in row)}</tr>"
        yield "</tbody>"
        yield "</table>"
    else:
        yield f"<blockquote><p>“{escape(block.text)}”</p>{_source(block)}</blockquote>"


def _source(quote: Quote) -> str:
    cited = escape(quote.cited)
    if quote.url:
        cited = f'<a href="{escape(quote.url)}">{cited}</a>'
    note = f" ({escape(quote.note)})" if quote.note else ""
    return f"<cite>{cited}{note}</cite>"
