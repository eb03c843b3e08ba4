"""How the cost of reading grows with what is read: pages of many shapes, and titles and texts, at 500 to 8,000 of whatever there is much of.

`python -m benchmarks.page_growth [--only WORD] [--without WORD] [--sizes 500 1000...] [--runs 3] [--longest 120] [--json FILE]` prints for every shape and reader that takes it the exponent
that fits processor time best (1: twice as much costs twice as much) and the time at the largest size. `time.process_time`, the least of
several runs, one shape and reader to a process of its own, which is ended after `--longest` processor seconds: what had no time to finish is told.
"""

from __future__ import annotations

import argparse
import json
import math
import multiprocessing
import resource
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

SIZES = (500, 1000, 2000, 4000, 8000)
LONGEST = 120
"""Processor seconds for all sizes and runs of one shape and reader, unless told otherwise."""

LEAST = 0.004
"""Seconds. What costs less is too short to be fitted."""

AIM = 1.2
URL = "https://site.test/reviews/"


def _page(body: str, head: str = "") -> str:
    return f"<!DOCTYPE html><html><head>{head}<title>Serious case reviews</title></head><body><main><h1>Serious case reviews</h1>{body}</main></body></html>"


def _many(item: str, around: str = "{}", head: str = "") -> Callable[[int], str]:
    """A page of `size` items, `#` in each replaced by its number."""

    def made(size: int) -> str:
        items = "".join(item.replace("#", str(number)) for number in range(size))
        return _page(around.replace("{}", items), head)

    return made


def _once(text: str, unit: str) -> Callable[[int], str]:
    """A page with one thing in which `unit` stands `size` times."""
    return lambda size: _page(text.replace("{}", unit * size))


_LINK = '<a href="/f/#.pdf">Child A# overview report</a>'

SHAPES: dict[str, Callable[[int], str]] = {
    "rows": _many(f"<tr><td>Child A#</td><td>{_LINK}</td><td>March 2019</td></tr>", "<table>{}</table>"),
    "rows without closing tags": _many(f"<tr><td>Child A#<td>{_LINK}<td>March 2019", "<table>{}</table>"),
    "rows of a number and a report": _many('<tr><td>Child A#</td><td>#</td><td><a href="/f/#.pdf">SCR report</a></td></tr>', "<table>{}</table>"),
    "tables": _many(f"<table><tr><th>Child A#</th></tr><tr><td>{_LINK}</td></tr></table>"),
    "cells in a row": _many(f"<td>{_LINK}</td>", "<table><tr>{}</tr></table>"),
    "cells without links": _many("<td>Child A#</td>", '<table><tr>{}<td><a href="/f/a.pdf">Report</a></td></tr></table>'),
    "header cells": _many("<th>Child A#</th>", '<table><tr>{}</tr><tr><td><a href="/f/a.pdf">Report</a></td></tr></table>'),
    "links in a paragraph": _many(f"{_LINK} ", "<p>{}</p>"),
    "links in one cell": _many(f"{_LINK}<br>", "<table><tr><td>{}</td></tr></table>"),
    "dates in a paragraph": _many("12 March 2021 ", f"<p>{{}}{_LINK.replace('#', '1')}</p>"),
    "links alike": _many('<a href="/f/a.pdf">Child Wren overview report</a> ', "<p>{}</p>"),
    "links to pages": _many('<li><a href="child-a#/">Child A#</a></li>', "<ul>{}</ul>"),
    "links that lead nowhere": _many('<li><a href="#part#">Child A# report</a></li>', "<ul>{}</ul>"),
    "links left alone": _many('<li><a href="/f/policy-#.pdf">Newsletter number #</a></li>', "<ul>{}</ul>"),
    "links to other sites": _many('<li><a href="https://other.test/f/#.pdf">Child A# overview report</a></li>', "<ul>{}</ul>"),
    "links never closed": _many('<a href="/f/#.pdf">Child A# report '),
    "items": _many(f"<li>{_LINK} March 2019</li>", "<ul>{}</ul>"),
    "items never closed": _many(f"<li>{_LINK} March 2019", "<ul>{}</ul>"),
    "lists side by side": _many(f"<ul><li>{_LINK}</li></ul>"),
    "terms and descriptions": _many(f"<dt>Child A#</dt><dd>{_LINK}</dd>", "<dl>{}</dl>"),
    "articles": _many(f'<article><h3>Child A#</h3><p>March 2019</p>{_LINK}</article>'),
    "footers": _many(f"<footer>{_LINK}</footer>"),
    "blocks named as furniture": _many(f'<div class="related nav sidebar">{_LINK}</div>'),
    "blocks of cookies": _many('<div class="cookie-consent">We use cookies #</div>', f"{{}}<p>{_LINK}</p>"),
    "forms": _many('<form action="/download.ashx"><input type="hidden" name="id" value="#"><input type="submit" value="Report #"></form>'),
    "buttons": _many('<button onclick="window.open(\'/f/#.pdf\')">Child A# report</button>'),
    "headings without links": _many("<h3>Child A#</h3><p>Words of the case.</p>"),
    "headings with links": _many(f"<h3>Child A#</h3>{_LINK}"),
    "headings of every level": _many(f"<h2>Year #</h2><h3>Child A#</h3><h4>Papers</h4>{_LINK}"),
    "bold lines": _many(f"<strong>Child A#</strong> {_LINK} March 2019<br>", "<p>{}</p>"),
    "paragraphs": _many("<p>Child A# was seen. </p>", f"{{}}<p>{_LINK}</p>"),
    "attributes on one tag": _many("a#=1 ", f"<p {{}}>Child Wren {_LINK}</p>"),
    "attributes with paths": _many('data-file#="/f/#.pdf" ', "<p {}>Child Wren</p>"),
    "attributes of a link": _many('data-x#="/x/#" ', '<a href="/f/a.pdf" {}>Child Wren report</a>'),
    "open tags as attributes": lambda size: f"<!DOCTYPE html><html><body><form>{'<input ' * size}</body></html>",
    "open tags in quotes": lambda size: _page('<div title="' * size),
    "less-than signs": _once("<p>{}</p>", "<"),
    "iframe tags without source": _once("<p>x</p>{}", "<iframe "),
    "meta tags without charset": lambda size: f"<html><head>{'<meta ' * size}</head><body></body></html>",
    "ends of tags": _once("<p>x</p>{}", "</div>"),
    "ends of many kinds": _once("<p>x</p>{}", "</b></td></li></p>"),
    "nested blocks": lambda size: _page("<div>" * size + "Child Wren" + "</div>" * size),
    "nested blocks with links": _many(f"<div>{_LINK}"),
    "nested lists": _many(f"<ul><li>{_LINK}"),
    "nested tables": _many(f"<table><tr><td>{_LINK}"),
    "nested spans": lambda size: _page("<span>" * size + "Child Wren" + "</span>" * size),
    "nested sections": _many(f"<section><h2>Child A#</h2>{_LINK}"),
    "nested main elements": _many("<main><article><p>Child A#</p>"),
    "nested furniture": _many('<div class="nav related"><a href="/x#">x</a>'),
    "nested quotations": _many("<blockquote>Child A#"),
    "inline tags never closed": _many("<b><i><font color=red>Child A# "),
    "fonts side by side": _many("<font>Child A#</font>"),
    "spans side by side": _many(f"<span>{_LINK}</span>"),
    "breaks": _many("Child A#<br>", f"<p>{{}}{_LINK}</p>"),
    "bases": _many('<base href="/b#/">', head="", around=f"{{}}{_LINK}"),
    "iframes": _many('<iframe src="/f/#.pdf" title="Child A# report"></iframe>'),
    "objects": _many('<object data="/f/#.pdf" type="application/pdf">'),
    "images in links": _many('<a href="/f/#.pdf"><img src="/i/#.png" alt="Child A# report"></a>'),
    "options": _many('<option value="/f/#.pdf">Child A# report</option>', "<select>{}</select>"),
    "selects": _many('<select><option value="/f/#.pdf">Child A# report</option></select>'),
    "accordions": _many(
        f'<button aria-expanded="false" aria-controls="panel#">Child A#</button><div id="panel#">{_LINK}</div>'
    ),
    "tabs": _many(
        '<li role="tab" aria-controls="panel#"><a href="#panel#">Child A#</a></li>',
        '<ul role="tablist">{}</ul><div role="tabpanel" id="panel1"><a href="/f/a.pdf">Report</a></div>',
    ),
    "references to one panel": _many(
        '<a href="#panel" aria-controls="panel">Child A#</a>', f'{{}}<div id="panel">{_LINK}</div>'
    ),
    "details": _many(f"<details><summary>Child A#</summary>{_LINK}</details>"),
    "details never closed": _many(f"<details><summary>Child A#</summary>{_LINK}"),
    "numbered pages": _many('<a href="?page=#">#</a> ', f'{_LINK}<div class="pagination">{{}}</div>'),
    "scripts": _many('<script>var a# = "/f/#.pdf";</script>', f"{{}}{_LINK}"),
    "scripts of many addresses": lambda size: _page(
        "<script>" + "".join(f'x{one}="/f/{one}.pdf";' for one in range(size)) + '</script><div id="x">Report</div>'
    ),
    "styles": _many("<style>.a# { display: none }</style>", f"{{}}{_LINK}"),
    "style rules": lambda size: _page(
        _LINK, "<style>" + "".join(f".a{one} {{ display: none }}" for one in range(size)) + "</style>"
    ),
    "style braces": lambda size: _page(_LINK, f"<style>{'{' * size}</style>"),
    "comments": _many("<!-- # --><p>Child A#</p>", f"{{}}{_LINK}"),
    "comments never closed": _once("<p>x</p>{}", "<!-- "),
    "entities": _once(f"<p>{{}}</p>{_LINK}", "&amp;&#8211;&nbsp;"),
    "nothing signs": _once(f"<p>{{}}</p>{_LINK}", "a\x00"),
    "JSON in attributes": lambda size: _page(
        "<div data-files='[" + ",".join(f'{{"title":"Child A{one}","url":"/f/{one}.pdf"}}' for one in range(size)) + "]'></div>"
    ),
    "broken JSON in attributes": _once("<div data-files='[{}'></div>", '{"u":"/f/'),
    "deep JSON in attributes": _once("<div data-files='{}'></div>", '["/a",'),
    "query parameters": lambda size: _page(
        '<a href="/d?' + "&amp;".join(f"p{one}=/x{one}" for one in range(size)) + '">Child Wren report</a>'
    ),
    "shortcodes": _once("<p>{}</p>", "[x https://"),
    "shortcodes of WordPress": _once("<p>{}</p>", "[vc_row a='1'] "),
    "one long line": _once(f"<p>{{}}</p>{_LINK}", "Child Wren was seen at the school. " * 18),
    "one long word": _once(f"<p>{{}}</p>{_LINK}", "x" * 600),
    "addresses in the text": _many("https://site.test/f/#.pdf ", "<p>{}</p>"),
    "announced totals": _many("Showing 1 to 10 of # ", f"<p>{{}}</p>{_LINK}"),
}  # fmt: skip

RUNS = {
    "spaces": " ",
    "no-break spaces": "\xa0",
    "lines": " \n",
    "tabs": "\t",
    "digits": "1",
    "numbers": "12 ",
    "dotted numbers": "1.",
    "dashes": "- ",
    "dashes joined": "-",
    "long dashes": "\u2013",
    "dots": ".",
    "dots apart": ". ",
    "open brackets": "(",
    "closed brackets": ")",
    "square brackets": "[",
    "quotes": '"',
    "curly quotes": "\u201cA ",
    "apostrophes": "'",
    "apostrophes between letters": "a's ",
    "slashes": "/",
    "commas": ",",
    "commas and words": "Ann, ",
    "ampersands": "A & B ",
    "and": "and ",
    "capitals": "A",
    "capitals apart": "A ",
    "names": "Child A ",
    "names joined": "ChildA",
    "dates": "1 May 2020, ",
    "days": "1 May ",
    "months": "May ",
    "years": "2020 ",
    "years joined": "2020/21-",
    "ages": "3 year old ",
    "aged": "aged 3 months and ",
    "underscores": "_",
    "percent": "%20",
    "words": "word ",
    "sentences": "The child was seen. ",
    "review words": "serious case review ",
    "review of": "review of ",
    "of": "of the ",
    "board words": "Safeguarding Children Board ",
    "harms": "neglect and physical abuse and ",
    "recommendations": "Recommendation 1: The Board should ",
    "open parentheses of words": "(Child ",
    "colons": "a: ",
    "question marks": "?",
    "combining marks": "e\u0301\u0302",
}
"""What may stand many times over in a title, an address or a text."""

_PLACES = {
    "link text": '<p><a href="/f/a.pdf">Child Wren {} report</a></p>',
    "title": '<p><a href="/f/a.pdf" title="Child Wren {} report">Report</a></p>',
    "text": '<div>Child Wren {} <a href="/f/a.pdf">Report</a></div>',
    "heading": '<h2>Child Wren {} review</h2><a href="/f/a.pdf">Report</a>',
    "name": '<p>{}</p><a href="/f/child-wren-{}-report.pdf">Report</a>',
}
for _name, _unit in RUNS.items():
    for _place, _around in _PLACES.items():
        SHAPES[f"{_name} in a {_place}"] = _once(_around, _unit.replace('"', "&quot;") * 8)


def page_readers() -> dict[str, Callable[[str], object]]:
    """All that reads a page, by name: each takes it as text."""
    from casereviews.crawler.parsing.dhr_library import parse_dhr_library
    from casereviews.crawler.parsing.govuk import content_url, parse_govuk
    from casereviews.crawler.parsing.html.leading_on import leads_on
    from casereviews.crawler.parsing.html.visible import visible_text
    from casereviews.crawler.parsing.listing import parse_listing
    from casereviews.crawler.parsing.looked import look_at
    from casereviews.crawler.parsing.nspcc import parse_nspcc
    from casereviews.crawler.parsing.nspcc.library import parse_library_record
    from casereviews.crawler.parsing.page import Page
    from casereviews.crawler.parsing.parsed import Link
    from casereviews.crawler.parsing.sar_library import parse_sar_library
    from casereviews.crawler.parsing.wordpress import parse_linked_page, parse_post
    from casereviews.crawler.parsing.wordpress.api import find_root, read_posts
    from casereviews.crawler.sources import Source
    from casereviews.repository.reading.content import Opening
    from casereviews.repository.reading.formats.html import read
    from casereviews.repository.reading.limits import Deadline, Limits

    source = Source("made-up", "Made up", "England", "listing", (URL,), ("site.test",))

    def wordpress(html: str) -> None:
        (post,) = read_posts([{"id": 1, "link": URL, "title": {"rendered": "Child Wren"}, "content": {"rendered": html}}])  # fmt: skip
        parse_post(post, "https://site.test/wp-json/", source)
        find_root(html, URL)
        parse_linked_page(html, URL, source, Link(URL, "detail"))

    def govuk(html: str) -> None:
        url = "https://www.gov.uk/government/publications/x"
        body = {"base_path": "/government/publications/x", "title": "Child Wren", "document_type": "guidance", "details": {"body": html, "documents": [html]}}  # fmt: skip
        parse_govuk(Page(content_url(url), json.dumps(body), Link(url, "detail")), source)

    def reading(html: str) -> None:
        read(Opening(Path("x.html"), data=html.encode("utf-8", "replace")), Limits(), Deadline(600))

    def small_looks(html: str) -> None:
        look_at(html, URL, source)
        leads_on(html, URL)
        visible_text(html)

    return {
        "listing": lambda html: parse_listing(html, URL, source),
        "detail": lambda html: parse_listing(html, URL, source, link=Link(URL, "detail")),
        "wordpress": wordpress,
        "govuk": govuk,
        "nspcc": lambda html: (parse_nspcc(html, URL, source), parse_library_record(html, URL, source)),
        "libraries": lambda html: (parse_dhr_library(html, URL, source), parse_sar_library(html, URL, source)),
        "looks": small_looks,
        "reading": reading,
    }  # fmt: skip


def text_readers() -> dict[str, Callable[[str], object]]:
    """All that reads a long text, by name: a title, dates, a document of one page with it."""
    from casereviews.repository.describing.dates import find_dates
    from casereviews.repository.describing.describe import describe
    from casereviews.repository.describing.titles import read_title
    from casereviews.repository.model import (
        Document,
        DocumentInput,
        Page,
        Reading,
        Sighting,
        SourceInfo,
    )

    info = SourceInfo("made-up", "Pear Vale Safeguarding Children Partnership", "England")

    def describing(text: str) -> None:
        url = "https://site.test/f/a.pdf"
        now = "2026-01-01T00:00:00Z"
        document = Document("d1", info.id, url, URL, "file", "crawl", now, now, "available", 0, "listed", "0" * 64, "application/pdf", "a.pdf")  # fmt: skip
        sighting = Sighting("made-up", URL, url, link_text=text, card_text=text, headings=(text,))
        reading = Reading(
            "0" * 64, "ok", "application/pdf", (Page(1, text), Page(2, text)), title=text
        )
        describe(DocumentInput(document, info, (sighting,), reading))

    return {"dates": find_dates, "titles": read_title, "describing": describing}


def texts() -> dict[str, Callable[[int], str]]:
    """Long texts, by name."""
    return {
        f"text of {name}": lambda size, unit=unit: f"Child Wren {unit * (8 * size)} report"
        for name, unit in RUNS.items()
    }


def costs(
    made: Callable[[int], str], reader: Callable[[str], object], sizes: Sequence[int], runs: int
) -> Iterator[tuple[int, float]]:
    """(size, processor seconds) of reading what is made, at each size."""
    reader(made(3))  # what is made once, rules and patterns, is no cost of a page
    for size in sizes:
        text = made(size)
        least = math.inf
        for _ in range(runs):
            begun = time.process_time()
            reader(text)
            least = min(least, time.process_time() - begun)
        yield size, least


def exponent(points: Sequence[tuple[int, float]]) -> float | None:
    """The slope of log(time) over log(size), by least squares; None for what is too short to be fitted."""
    logs = [(math.log(size), math.log(cost)) for size, cost in points if cost >= LEAST]
    if len(logs) < 2:
        return None
    mean_x, mean_y = (sum(each) / len(logs) for each in zip(*logs, strict=True))
    return sum((x - mean_x) * (y - mean_y) for x, y in logs) / sum((x - mean_x) ** 2 for x, _ in logs)  # fmt: skip


def _child(shape: str, reader: str, given: argparse.Namespace, pipe: Any) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (given.longest, given.longest))
    readers = {**page_readers(), **text_readers()}
    made = {**SHAPES, **texts()}[shape]
    try:
        for point in costs(made, readers[reader], given.sizes, given.runs):
            pipe.send(point)
    except Exception as error:  # noqa: BLE001 - told by the parent, whatever it is
        pipe.send(f"{type(error).__name__}: {error}"[:200])
    pipe.send(None)


def measured(shape: str, reader: str, given: argparse.Namespace) -> dict[str, Any]:
    """One shape and reader, in a process of its own."""
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe()
    child = context.Process(target=_child, args=(shape, reader, given, theirs), daemon=True)
    child.start()
    theirs.close()  # so that the end of the child is the end of what it tells
    points: list[tuple[int, float]] = []
    trouble = f"did not end in {given.longest} s"
    try:
        while (told := ours.recv()) is not None:
            if isinstance(told, str):
                trouble = told
                break
            points.append(told)
        else:
            trouble = ""
    except EOFError:
        pass
    child.kill()
    child.join()
    return {
        "shape": shape,
        "reader": reader,
        "exponent": exponent(points),
        "seconds": points[-1][1] if points else None,
        "size": points[-1][0] if points else None,
        "trouble": trouble,
    }


def main() -> None:
    """Measure every shape with every reader, and print what grows fastest first."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--only", default="", help="shapes and readers whose name has this word")
    parser.add_argument("--without", help="leave out those whose name has this word")
    parser.add_argument("--longest", type=int, default=LONGEST, help="seconds for a pair")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    page_readers(), text_readers()
    pairs = [(shape, reader) for shape in SHAPES for reader in page_readers()]
    pairs += [(text, reader) for text in texts() for reader in text_readers()]
    rows = []
    for shape, reader in pairs:
        name = f"{shape} / {reader}"
        if given.only in name and (given.without is None or given.without not in name):
            rows.append(row := measured(shape, reader, given))
            if given.json:  # after each, so that a table that is broken off is not lost
                given.json.write_text(json.dumps(rows, indent=1), encoding="utf-8")
            if row["trouble"] or (row["exponent"] or 0) > AIM:
                print(_line(row), flush=True)
    rows.sort(key=lambda row: (not row["trouble"], -(row["exponent"] or 0)))
    print(f"\n{len(rows)} pairs of shape and reader, fastest growing first")
    for row in rows[:20]:
        print(_line(row))
    over = sum(bool(row["trouble"]) or (row["exponent"] or 0) > AIM for row in rows)
    print(f"{over} of {len(rows)} grow faster than size^{AIM} or did not end")


def _line(row: dict[str, Any]) -> str:
    fitted = "   –" if row["exponent"] is None else f"{row['exponent']:4.2f}"
    least = "–" if row["seconds"] is None else f"{row['seconds']:.3f} s at {row['size']:,}"
    return f"{row['shape']:44} {row['reader']:11} {fitted}  {least:22} {row['trouble']}"


if __name__ == "__main__":
    main()
