"""Text that a file covers is nowhere in a home but in the file as it was published, and what is seen is all there."""

from __future__ import annotations

import shutil
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from benchmarks.reading_office import convert
from casereviews import Collection
from casereviews.crawler.options import CrawlOptions
from casereviews.crawler.sources.source import Source
from casereviews.repository.canary import canary
from casereviews.repository.home import Home
from casereviews.repository.model import Page
from casereviews.repository.reading.covered import covered_pages
from casereviews.repository.reading.office import find_office
from casereviews.repository.record import Record
from casereviews.repository.record.derived import Derived
from casereviews.search_cli.main import cli
from tests.crawler.server import Answer, Route, serving
from tests.repository.reading.covered_pdfs import ABOVE, AFTER, BEFORE, BELOW, HIDDEN, SECRET, made

FIRST, SECOND = "2026-03-01T02:00:00Z", "2026-03-02T02:00:00Z"
HOST = "pearvale.test"
COVERED = (SECRET, SECRET[:6], SECRET[-7:])
SEEN = (ABOVE, BEFORE, AFTER, BELOW)


def night(home: Path, files: dict[str, bytes], now: str) -> None:
    """A refresh over a site whose list offers these PDFs."""
    links = "".join(
        f'<p><a href="/files/{name}.pdf">Child {name}: Serious Case Review</a></p>'
        for name in files
    )
    page = f"<html><body><main><h1>Published case reviews</h1>{links}</main></body></html>"
    routes: dict[str, Route] = {"/reviews/": Answer(page)}
    for name, body in files.items():
        routes[f"/files/{name}.pdf"] = Answer(body, media_type="application/pdf")
    url = f"http://{HOST}/reviews/"
    source = Source(
        "pearvale",
        "Pear Vale Safeguarding Partnership",
        "England",
        "listing",
        (url,),
        (HOST,),
    )
    with serving(routes) as site, closing(Collection(home)) as collection:
        options = CrawlOptions(resolve={HOST: site.host}, delay=0.0, now=now)
        collection.refresh_from([source], options)


def left(home: Home) -> list[object]:
    """Where in the home a covered word is, outside of the published files."""
    return [one for one in canary(home, (), COVERED) if home.archive not in one.path.parents]


def shown(home: Home, *words: str) -> str:
    """What a verb prints, on both outputs."""
    result = CliRunner().invoke(cli, ["--home", str(home.root), *words])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.stdout + result.stderr


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASEREVIEWS_NOW", SECOND)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home after a night over all the made PDFs that hide a word."""
    root = tmp_path_factory.mktemp("covered") / "home"
    files = {f"{number:02}": made(case) for number, case in enumerate(HIDDEN.values(), 1)}
    assert len(files) >= 40
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("CASEREVIEWS_NOW", FIRST)
        night(root, files, FIRST)
    return Home(root)


def proven(home: Home, count: int) -> None:
    """Nothing covered is in any file or answer of the home, and nothing that is seen is lost."""
    with Record.open(home) as record, Derived.open(home) as derived:
        documents = record.documents(visibility="shown")
        readings = [derived.reading(one.sha256 or "") for one in documents]
    assert len(readings) == count
    for reading in readings:
        assert reading is not None
        said = " ".join(" ".join(page.text.split()) for page in reading.pages)
        assert [line for line in SEEN if line not in said] == []
        assert covered_pages(reading.detail) == (1,)
    # The words that are seen are found where the covered ones are looked for.
    places = {one.path for one in canary(home, (), ["nursery"])}
    assert home.derived_db in places
    assert any(home.index in one.parents for one in places)
    asked = [
        ("doctor",),
        ("status",),
        ("search", "nursery worker", "--json", "--limit", "100"),
        ("search", "mother name reviewer"),
        ("kwic", "mother"),
        ("export", "--jsonl", "--names"),
        ("export", "nursery", "--csv"),
        ("new", "--since", "2026-01-01", "--atom"),
        ("new", "--since", "2026-01-01", "--json"),
        ("similar", documents[0].id),
        *(("show", one.id, "--json") for one in documents),
        *(("show", one.id, "--page", "1") for one in documents[:3]),
    ]
    answers = [shown(home, *words) for words in asked]
    for answer in answers:
        assert [word for word in COVERED if word.lower() in answer.lower()] == []
    assert "covered text on page 1: the publisher may want to know" in answers[0]
    assert f"{count} files" in answers[1]
    assert "nursery" in answers[2]
    assert shown(home, "search", SECRET, "--json").count('"document_id"') == 0
    assert left(home) == []


@pytest.mark.slow
@pytest.mark.usefixtures("clock")
def test_no_covered_word_is_anywhere_in_a_home_but_in_the_published_files(filled: Home) -> None:
    proven(filled, len(HIDDEN))


@pytest.mark.slow
@pytest.mark.parametrize("how", ["a night", "rebuild --reading", "rebuild --reading --index"])
@pytest.mark.usefixtures("clock")
def test_what_an_older_reader_had_read_is_gone_once_it_is_read_again(
    filled: Home, tmp_path: Path, how: str
) -> None:
    home = Home(Path(shutil.copytree(filled.root, tmp_path / "home")))
    files = {f"{number:02}": made(case) for number, case in enumerate(HIDDEN.values(), 1)}
    exposed = Page(1, " ".join((ABOVE, BEFORE, SECRET, AFTER, BELOW)))
    with Record.open(home) as record, Derived.open(home, write=True) as derived:
        ids = [one.id for one in record.documents()]
        for one in derived.readings():
            older = replace(one, pages=(exposed,), detail="", reader="reading/1", text_sha256=None)
            derived.save_reading(older)
        derived.forget_documents(ids)
    with closing(Collection(home.root)) as collection:
        collection.rebuild(index=True, describing=True)
        assert collection.search(SECRET, filters={}).total > 0
    assert left(home)
    if how == "a night":
        night(home.root, files, SECOND)
    else:
        with closing(Collection(home.root)) as collection:
            rebuilt = collection.rebuild(reading=True, index="--index" in how)
            assert rebuilt.read_again == len(HIDDEN)
    proven(home, len(HIDDEN))


OFFICE = """<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" office:version="1.2"
 xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"
 xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0" office:mimetype="application/vnd.oasis.opendocument.text">
<office:automatic-styles>
<style:style style:name="W" style:family="text"><style:text-properties {style}/></style:style>
<style:style style:name="G" style:family="graphic"><style:graphic-properties draw:fill="solid" draw:fill-color="{fill}"
 draw:stroke="none" style:run-through="foreground" style:wrap="run-through" style:vertical-pos="from-top"
 style:vertical-rel="paragraph" style:horizontal-pos="from-left" style:horizontal-rel="paragraph"/></style:style>
</office:automatic-styles>
<office:body><office:text><text:p>{above}</text:p><text:p>{before}</text:p>
<text:p>{shape}<text:span text:style-name="W">{secret}</text:span></text:p>
<text:p>{after}</text:p><text:p>{below}</text:p></office:text></office:body></office:document>"""
SHAPE = (
    '<draw:rect text:anchor-type="paragraph" draw:z-index="9" draw:style-name="G" svg:x="-0.2cm" svg:y="-0.05cm" '
    'svg:width="5cm" svg:height="0.6cm"/>'
)
LIBREOFFICE = {
    "black shape": ("", "#000000", SHAPE),
    "white shape": ("", "#ffffff", SHAPE),
    "white words": ('fo:color="#ffffff"', "#ffffff", ""),
}


@pytest.mark.live
@pytest.mark.usefixtures("clock")
def test_no_word_that_libreoffice_covered_is_anywhere_either(tmp_path: Path) -> None:
    if find_office() is None:
        pytest.skip("LibreOffice is not installed")
    files = {}
    for number, (style, fill, shape) in enumerate(LIBREOFFICE.values(), 1):
        flat = tmp_path / f"{number}.fodt"
        lines = {"above": ABOVE, "before": BEFORE, "after": AFTER, "below": BELOW}
        flat.write_text(
            OFFICE.format(style=style, fill=fill, shape=shape, secret=SECRET, **lines), "utf-8"
        )
        files[str(number)] = convert(flat, "pdf", tmp_path).read_bytes()
    night(tmp_path / "home", files, FIRST)
    proven(Home(tmp_path / "home"), len(LIBREOFFICE))
