"""A coded project for programs of qualitative analysis: what it holds, where its codes lie, what is not in it."""

from __future__ import annotations

import io
import os
import unicodedata
import zipfile

import pytest
from click.testing import CliRunner

from casereviews import Collection
from casereviews.collection.output.coding.codebook import codebook, every_code, qdc
from casereviews.collection.output.coding.names import id_in, named, plain
from casereviews.collection.output.coding.project import WARNING
from casereviews.collection.output.coding.sources import source_of
from casereviews.repository.evidence_places import placed
from casereviews.repository.model import Fact, Page
from casereviews.repository.published_documents import Review, ReviewDocument
from casereviews.repository.vocabulary import PACKAGED
from casereviews.search_cli.main import cli
from tests.collection.coded_projects import read
from tests.search_cli.small_home import ABSTRACT, NOW

NAME = "Robin", "Brackenfield"


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setenv("CASEREVIEWS_NOW", NOW)


def written(home, *, found=None, **options):
    out = io.BytesIO()
    with Collection(home) as collection:
        done = collection.write_project(out, found, **options)
    return done, out.getvalue()


@pytest.fixture(scope="module")
def projects(built):
    """The small home as projects without and with report text."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CASEREVIEWS_NOW", NOW)
        return written(built)[1], written(built, texts=True)[1]


def every_byte(content):
    """All that a project holds, inflated."""
    packed = zipfile.ZipFile(io.BytesIO(content))
    names = " ".join(packed.namelist()).encode()
    return content + names + b"".join(packed.read(one) for one in packed.namelist())


# ---------------------------------------------------------------- the codebook


def test_the_codebook_has_themes_in_groups_with_definitions_and_fields_with_codes():
    codes = codebook(PACKAGED)
    themes = {one.value: one for one in every_code(codes) if one.field == "theme"}
    assert set(themes) == {one.id for one in PACKAGED.themes if one.group != "agency"}
    assert themes["harm_neglect"].description.startswith("The child's basic needs")
    outcome = next(one for one in codes if one.name == "Outcome")
    assert [one.value for one in outcome.children] == [
        "death",
        "serious_harm",
        "other",
        "good_practice",
    ]
    names = [one.name.casefold() for one in (*codes, *every_code(codes))]
    assert len(names) == len(set(names))
    assert b'<Code guid="' in qdc(PACKAGED)
    assert qdc(PACKAGED).count(b"<Code ") == len(names)


# ---------------------------------------------------------------- what a project holds


def test_a_case_is_a_review_with_its_variables_and_its_documents(projects):
    project = read(projects[0])
    name = next(one for one in project.cases if "Child Q (March 2021)" in one)
    case = project.cases[name]
    assert id_in(name) == case["review_id"]
    assert {key: case[key] for key in ("year", "nation", "outcome", "age_months_max", "harms")} == {
        "year": "2021",
        "nation": "England",
        "outcome": "death",
        "age_months_max": "4",
        "harms": "harm_neglect|harm_sudi",
    }
    assert len(project.case_sources[name]) == 2
    assert len(project.cases) == 6


def test_without_texts_codes_lie_on_evidence_sentences_with_their_pages(projects):
    project = read(projects[0])
    name = next(one for one in project.texts if "Serious Case Review Child Q (March" in one)
    assert (name, "Neglect", "The health visitor had recorded neglect in the home and domestic abuse between the adults.") in project.codings  # fmt: skip
    text = project.texts[name]
    assert "\np. 2: The health visitor had recorded" in text
    assert "should audit how safer sleep advice is given" not in text
    assert "Report: http://northmoor.test/child-q.pdf" in text
    assert "not the report" in project.memo
    assert project.notes["About this project"] == project.memo


def test_with_texts_codes_lie_on_the_pages(projects):
    project = read(projects[1])
    name = next(one for one in project.texts if "Serious Case Review Child Q (March" in one)
    assert "[page 3]\n" in project.texts[name]
    assert "should audit how safer sleep advice is given" in project.texts[name]
    assert (name, "Neglect", "The health visitor had recorded neglect in the home and domestic abuse between the adults.") in project.codings  # fmt: skip
    assert project.memo.startswith(WARNING)
    assert project.notes["About this project"] == project.memo


def test_every_code_that_a_page_tells_lies_on_it(built, projects):
    codings = {(id_in(name), code) for name, code, _ in read(projects[1]).codings}
    labels = {(one.field, one.value): one.name for one in every_code(codebook(PACKAGED))}
    with Collection(built) as collection:
        told = {
            (document.document_id, labels[fact.field, fact.value])
            for review in collection.reviews()
            for document in review.documents
            for fact in document.facts
            if fact.field == "theme" and fact.page is not None
        }
    assert told
    assert told <= codings


def test_a_second_export_is_the_same_file(built, projects):
    assert written(built)[1] == projects[0]


def test_only_what_was_found_is_in_it(built):
    with Collection(built) as collection:
        found = collection.search("", filters={"nation": ["Wales"]}, limit=None)
    done, content = written(built, found=found)
    assert (done.cases, done.sources) == (1, 1)
    assert len(read(content).cases) == 1


# ---------------------------------------------------------------- what may not leave


def test_withheld_names_are_in_no_byte(projects, built):
    for content in projects:
        held = every_byte(content).lower()
        assert not [name for name in NAME if name.lower().encode() in held]
        assert b"[name withheld]" in held
    project = read(projects[1])
    name = next(one for one in project.texts if "name withheld" in project.texts[one])
    assert "physical abuse at home" in project.texts[name]
    lying = {words for source, code, words in project.codings if (source, code) == (name, "Physical abuse")}  # fmt: skip
    assert lying == {
        "This fictional review of [name withheld], a boy of seven, looks at physical abuse at home."
    }
    assert b"brackenfield" in every_byte(written(built, names=True, texts=True)[1]).lower()


def test_a_librarys_abstract_is_in_no_byte(projects):
    for content in projects:
        assert ABSTRACT.encode() not in every_byte(content)
        assert any("Child W" in one for one in read(content).cases)


# ---------------------------------------------------------------- letters


def of_text(text, evidence):
    """A source with the text of one page, and the words under its one code."""
    facts = placed([Fact("theme", "harm_neglect", "", "text", 0.9, 1, evidence)], [])
    document = ReviewDocument("abc", "T", None, None, None, None, None, "0" * 64, "text/html", 1,
                              "ok", "available", "crawl", "", 1, facts=tuple(facts))  # fmt: skip
    review = Review("r-1", (), {"themes": ("harm_neglect",)}, (document,))
    source = source_of(review, document, [Page(1, text)])
    return source, [source.text[one.start : one.end] for one in source.coded]


@pytest.mark.parametrize(
    ("text", "evidence"),
    [
        ("One.\r\nTwo\rthree four.", "Two three four."),
        ("\U0001f600 \U0001f9d2 Two three.", "Two three."),
        (unicodedata.normalize("NFD", "Ysgol Môr é. Two thrée."), "Two thrée."),
        ("A\x00\x0b\ud800\ufeff Two three.", "Two three."),
    ],
)
def test_positions_are_those_of_the_text_as_it_is_written(text, evidence):
    source, words = of_text(text, evidence)
    assert [" ".join(one.split()) for one in words] == [evidence]
    assert source.text.encode("utf-8").decode("utf-8") == source.text
    assert unicodedata.is_normalized("NFC", source.text)
    assert not set(source.text) & set("\r\x00\x0b\ufeff")


def test_names_are_those_of_files_and_keep_their_id():
    assert named("A/B: \x07 [x] <c>", "north-1") == "A B x c [north-1]"
    assert id_in(named("A [old-1]", "north-1")) == "north-1"
    assert id_in("none") == ""
    assert plain("a\r\nb") == "a\nb"


# ---------------------------------------------------------------- the verb


def run(home, *words):
    return CliRunner().invoke(cli, ["--home", str(home.root), *words])


def test_export_writes_both_files_and_says_what_is_in_them(change, tmp_path, projects):
    built = change.home
    project, codes = tmp_path / "p.qdpx", tmp_path / "c.qdc"
    done = run(built, "export", "--qdpx", str(project), "--qdc", str(codes))
    assert done.exit_code == 0
    assert not done.stdout
    assert "6 cases, 7 sources" in done.stderr
    assert WARNING not in done.stderr
    assert project.read_bytes() == projects[0]
    assert codes.read_bytes() == qdc(PACKAGED)
    with_texts = run(built, "export", "--qdpx", str(project), "--texts")
    assert WARNING in with_texts.stderr
    assert project.read_bytes() == projects[1]


def test_export_of_nothing_writes_no_file(built, tmp_path):
    project = tmp_path / "p.qdpx"
    done = run(built, "export", "xyzzyplugh", "--qdpx", str(project))
    assert done.exit_code == 1
    assert "nothing found" in done.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("words", [("--texts",), ("--qdc", "x.qdc", "--json")])
def test_what_does_not_go_together_is_a_usage_error(built, words):
    assert run(built, "export", *words).exit_code == 2


def test_a_file_that_cannot_be_written_is_told(built, tmp_path):
    done = run(built, "export", "--qdpx", str(tmp_path / "no" / "p.qdpx"))
    assert done.exit_code == 2
    assert "there is no folder" in done.stderr


# ---------------------------------------------------------------- the standard's own schema


@pytest.mark.live
def test_projects_are_valid_by_the_standards_schema(projects):
    from lxml import etree

    wheel = os.environ.get("CASEREVIEWS_REFI_QDA_WHEEL")
    if not wheel:
        pytest.skip("CASEREVIEWS_REFI_QDA_WHEEL names no wheel of qualitative-coding, which has the schema")  # fmt: skip
    xsd = zipfile.ZipFile(wheel).read("qualitative_coding/refi_qda/schema.xsd")
    schema = etree.XMLSchema(etree.fromstring(xsd))
    for content in projects:
        packed = zipfile.ZipFile(io.BytesIO(content))
        schema.assertValid(etree.fromstring(packed.read("project.qde")))
        assert {one.partition("/")[0] for one in packed.namelist()} == {"project.qde", "sources"}
    # The codebook is the same element in another namespace.
    codes = qdc(PACKAGED).replace(b"urn:QDA-XML:codebook:1.0", b"urn:QDA-XML:project:1.0")
    project = b'<Project xmlns="urn:QDA-XML:project:1.0" name="x">%s</Project>'
    alone = codes.split(b"\n", 1)[1].replace(b' origin="casereviews"', b"")
    schema.assertValid(etree.fromstring(project % alone))
