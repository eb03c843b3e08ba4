"""What code, rule files and docs cite stands in this repository, or is a law or a standard that they name."""

import ast
import io
import re
import tokenize
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent
FOLDERS = [
    "crawler",
    "repository",
    "index",
    "collection",
    "search_cli",
    "demo",
    "web",
    "notebook",
    "benchmarks",
    "tests",
    "docs",
    "src",
    ".ci",
]
PAGE = re.compile(r"[\w./-]*\w\.md\b")
# A page by its name in capitals, with or without the word section; or a section alone, of whatever page.
SECTION = re.compile(
    r"(?P<page>\b[A-Z]{4,}(?:-[A-Z]+)*(?:\.md)?,? )?(?:\b[Ss]ections? (?P<number>\d[\w.]*)|(?<=[A-Z]{4} )(?P<bare>\d+\.\d+))"
)
LAW = re.compile(r"\bRFC \d+|\bSVG \d|\bAct\b")
STANDARDS = ("WCAG",)


def cited_in(path):
    """What a file says to people: comments and docstrings of Python, comments of data files, whole pages."""
    text = path.read_text("utf-8")
    if path.suffix == ".py":
        comments = [
            token.string
            for token in tokenize.generate_tokens(io.StringIO(text).readline)
            if token.type == tokenize.COMMENT
        ]
        spoken = [
            node.value.value
            for node in ast.walk(ast.parse(text))
            if isinstance(node, ast.Expr)
            and isinstance(node.value, ast.Constant)
            and isinstance(node.value.value, str)
        ]
        return "\n\n".join((*comments, *spoken))
    if path.suffix == ".md":
        return text
    return "\n".join(re.findall(r"(?:^|\s)#.*", text))


def files():
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*")):
            told = path.parent.name == "told"  # texts of fictional reviews
            if (
                path.suffix in (".py", ".toml", ".csv", ".md", ".txt")
                and not told
                and path.is_file()
            ):
                yield path
    yield from (path for path in ROOT.iterdir() if path.suffix in (".md", ".toml", ".cfg"))


def strangers(path, text):
    """Pages and sections that `text`, which stands in `path`, cites and that are not there."""
    for named in PAGE.findall(re.sub(r"https?://\S+", "", text)):
        places = (ROOT / named, path.parent / named)
        if not any(place.is_file() for place in places):
            yield named
    for found in SECTION.finditer(text):
        number = found["number"] or found["bare"]
        page = (found["page"] or "").strip(" ,").removesuffix(".md")
        if page in STANDARDS:
            continue
        if page:
            cited = ROOT / "docs" / f"{page}.md"
            heading = rf"(?m)^#+ {re.escape(number.rstrip('.'))}\b"
            if not cited.is_file() or not re.search(heading, cited.read_text("utf-8")):
                yield found[0]
        elif number.rstrip(".") not in ("17", "20", "47", "76"):  # of the Children Acts
            before = text[max(found.start() - 60, 0) : found.start()]
            if not LAW.search(before):
                yield found[0]


def test_every_page_and_section_that_is_cited_is_here():
    assert {
        str(path.relative_to(ROOT)): found
        for path in files()
        if (found := list(strangers(path, cited_in(path))))
    } == {}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Codes of VOCABULARY section 2.2.", ["VOCABULARY section 2.2."]),
        ("Codes of VOCABULARY 2.2", ["VOCABULARY 2.2"]),
        ("# (section 2.1)", ["section 2.1"]),
        ("see docs/NOWHERE.md, and docs/VOCABULARY.md", ["docs/NOWHERE.md"]),
        ("RFC 9309 (section 2.5); a section 47 enquiry", []),
    ],
)
def test_a_citation_of_what_is_not_here_is_found(text, found):
    assert list(strangers(ROOT / "docs" / "DATA.md", text)) == found
