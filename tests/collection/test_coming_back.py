"""What a researcher changed in a coded project comes back as corrections with evidence, and nothing else does."""

from __future__ import annotations

import io
import json
import re
import uuid
import zipfile
from xml.etree import ElementTree as etree

import pytest
from click.testing import CliRunner

from casereviews import Collection
from casereviews.collection.errors import RequestError
from casereviews.collection.output.coding import returned
from casereviews.search_cli.main import cli
from tests.search_cli.small_home import NOW

NS = "{urn:QDA-XML:project:1.0}"
CURIOSITY = "Professionals showed little professional curiosity about who lived in the household."
NEGLECT = (
    "The health visitor had recorded neglect in the home and domestic abuse between the adults."
)


class Researcher:
    """A project as somebody edits it in a program of theirs."""

    def __init__(self, content: bytes) -> None:
        packed = zipfile.ZipFile(io.BytesIO(content))
        self.files = {one: packed.read(one) for one in packed.namelist()}
        self.root = etree.fromstring(self.files.pop("project.qde"))

    def source(self, part: str) -> etree.Element:
        return next(one for one in self.root.iter(f"{NS}TextSource") if part in one.get("name"))

    def path(self, source: etree.Element) -> str:
        return f"sources/{source.get('plainTextPath').removeprefix('internal://')}"

    def code(self, name: str) -> str:
        return next(one.get("guid") for one in self.root.iter(f"{NS}Code") if one.get("name") == name)  # fmt: skip

    def add_code(self, name: str) -> None:
        made = {"guid": str(uuid.uuid4()), "name": name, "isCodable": "true"}
        etree.SubElement(self.root.find(f"{NS}CodeBook")[0], f"{NS}Code", made)

    def add(self, part: str, code: str, words: str, by: str = "Ash") -> None:
        source = self.source(part)
        text = self.files[self.path(source)].decode("utf-8")
        start = text.index(words)
        user = etree.SubElement(self.root.find(f"{NS}Users"), f"{NS}User", guid=str(uuid.uuid4()), name=by)  # fmt: skip
        bounds = {"startPosition": str(start), "endPosition": str(start + len(words))}
        chosen = etree.SubElement(source, f"{NS}PlainTextSelection", guid=str(uuid.uuid4()), **bounds)  # fmt: skip
        coding = etree.SubElement(
            chosen, f"{NS}Coding", guid=str(uuid.uuid4()), creatingUser=user.get("guid"), creationDateTime="2026-02-20T10:00:00Z",
        )  # fmt: skip
        etree.SubElement(coding, f"{NS}CodeRef", targetGUID=self.code(code))

    def remove(self, code: str, part: str = "") -> int:
        wanted, count = self.code(code), 0
        for source in self.root.iter(f"{NS}TextSource"):
            for chosen in list(source) if part in source.get("name") else ():
                if chosen.find(f"{NS}Coding/{NS}CodeRef[@targetGUID='{wanted}']") is not None:
                    source.remove(chosen)
                    count += 1
        return count

    def case(self, part: str) -> etree.Element:
        return next(one for one in self.root.iter(f"{NS}Case") if part in one.get("name"))

    def put(self, part: str, variable: str, value: str | None) -> None:
        wanted = next(one.get("guid") for one in self.root.iter(f"{NS}Variable") if one.get("name") == variable)  # fmt: skip
        case = self.case(part)
        for one in list(case.findall(f"{NS}VariableValue")):
            if one[0].get("targetGUID") == wanted:
                if value is None:
                    case.remove(one)
                else:
                    one[1].text = value

    def saved(self, path):
        with zipfile.ZipFile(path, "w") as packed:
            packed.writestr("project.qde", etree.tostring(self.root))
            for name, content in self.files.items():
                packed.writestr(name, content)
        return path


@pytest.fixture(scope="module")
def contents(built):
    """The small home as projects, without and with report text, as they were written."""
    out = io.BytesIO(), io.BytesIO()
    with pytest.MonkeyPatch.context() as patch, Collection(built) as collection:
        patch.setenv("CASEREVIEWS_NOW", NOW)
        for texts in (False, True):
            collection.write_project(out[texts], texts=texts)
    return [one.getvalue() for one in out]


@pytest.fixture
def short(contents):
    return Researcher(contents[False])


@pytest.fixture
def whole(contents):
    return Researcher(contents[True])


@pytest.fixture(params=[False, True], ids=["short", "texts"])
def project(request, contents):
    return Researcher(contents[request.param])


@pytest.fixture
def planned(read, tmp_path):
    """What a project would change in the home that all tests read."""
    return lambda project: read.import_codings(project.saved(tmp_path / "p.qdpx"), dry_run=True)


def exported(collection, **options):
    out = io.BytesIO()
    collection.write_project(out, **options)
    return Researcher(out.getvalue())


def said(corrections):
    return [(one.field, one.value, one.page, one.evidence, one.by) for one in corrections]


def child_q(collection):
    return next(one for one in collection.reviews() if len(one.documents) == 2)


# ---------------------------------------------------------------- what comes back


def test_an_unchanged_project_changes_nothing(project, planned, read):
    done = planned(project)
    assert (done.corrections, done.standing, done.further, done.left_out) == ((), 0, 0, ())
    assert done.reviews == 6


def test_a_theme_added_to_a_passage_is_a_correction_with_page_place_and_coder(whole, change, tmp_path):  # fmt: skip
    whole.add("Child Q (March", "Parental alcohol and drug misuse", CURIOSITY)
    path = whole.saved(tmp_path / "p.qdpx")
    planned = change.import_codings(path, dry_run=True)
    assert not planned.applied
    assert not change.home.corrections_toml.exists()
    done = change.import_codings(path)
    assert done.corrections == planned.corrections
    (one,) = done.corrections
    review = child_q(change)
    document = next(each for each in review.documents if each.role != "executive_summary")
    assert said([one]) == [("theme+", "parent_substance", "2", CURIOSITY, "Ash")]
    assert one.id == document.document_id
    assert change.page(one.id, 2).text[int(one.start) : int(one.end)] == CURIOSITY
    assert (one.note, one.made) == ("coded on 2026-02-20 in casereviews", NOW[:10])
    assert "parent_substance" in review.field("themes")
    fact = next(
        each
        for each in change.review(review.review_id, placed=True).document(one.id).facts
        if each.value == "parent_substance"
    )
    assert (fact.origin, fact.page, fact.evidence, str(fact.start)) == ("manual", 2, CURIOSITY, one.start)  # fmt: skip


def test_a_project_comes_back_again_and_again(short, change, tmp_path):
    short.add("Child Q (March", "Parental alcohol and drug misuse", CURIOSITY)
    short.remove("Neglect", "Child Q")
    short.put("Child Q (March", "outcome", "serious_harm")
    path = short.saved(tmp_path / "p.qdpx")
    assert len(change.import_codings(path).corrections) == 3
    before = change.home.corrections_toml.read_bytes()
    again = change.import_codings(path)
    assert (again.corrections, again.left_out) == ((), ())
    assert change.home.corrections_toml.read_bytes() == before
    review = child_q(change)
    assert review.outcome == "serious_harm"
    assert "harm_neglect" not in review.field("themes")
    assert "parent_substance" in review.field("themes")
    later = exported(change)
    later.remove("Parental alcohol and drug misuse")
    later.put("Child Q (March", "sex", "girl")
    done = change.import_codings(later.saved(path))
    assert [(one.field, one.value) for one in done.corrections] == [("sex", "girl"), ("theme-", "parent_substance")]  # fmt: skip
    assert "parent_substance" not in child_q(change).field("themes")


def test_two_coders_do_not_undo_each_other(contents, change, tmp_path):
    first, second, third = (Researcher(contents[True]) for _ in range(3))
    first.add("Child Q (March", "Parental alcohol and drug misuse", CURIOSITY)
    first.put("Child Q (March", "outcome", "serious_harm")
    change.import_codings(first.saved(tmp_path / "first.qdpx"))
    done = change.import_codings(second.saved(tmp_path / "second.qdpx"), dry_run=True)
    assert (done.corrections, done.left_out) == ((), ())
    third.add("Child Q (March", "Parental alcohol and drug misuse", NEGLECT, by="Rowan")
    done = change.import_codings(third.saved(tmp_path / "third.qdpx"), dry_run=True)
    assert (done.corrections, done.further) == ((), 1)
    third.add("Child Q (March", "Police", NEGLECT, by="Rowan")
    third.remove("Neglect", "Child Q")
    done = change.import_codings(third.saved(tmp_path / "third.qdpx"), dry_run=True)
    assert [(one.field, one.value) for one in done.corrections] == [
        ("agency+", "agency_police"),
        ("theme-", "harm_neglect"),
    ]


def test_a_moved_coding_has_its_new_passage_as_evidence(project, planned):
    project.remove("Neglect", "Child Q (March")
    project.add("Child Q (March", "Neglect", CURIOSITY)
    (one,) = planned(project).corrections
    assert said([one]) == [("theme+", "harm_neglect", "2", CURIOSITY, "Ash")]


def test_a_theme_that_another_document_still_has_stays(project, planned, read):
    assert project.remove("Neglect", "Child Q (March")
    assert planned(project).corrections == ()
    assert project.remove("Neglect", "Child Q")
    (one,) = planned(project).corrections
    assert (one.id, one.field, one.value) == (child_q(read).review_id, "theme-", "harm_neglect")


def test_a_second_passage_of_a_code_that_stands_is_counted(short, planned):
    short.add("Child Q (March", "Neglect", CURIOSITY)
    done = planned(short)
    assert (done.corrections, done.further) == ((), 1)


def test_an_agency_comes_back_too(short, planned):
    short.add("Child Q (March", "Police", CURIOSITY)
    (one,) = planned(short).corrections
    assert (one.field, one.value) == ("agency+", "agency_police")


# ---------------------------------------------------------------- programs and what they do


def by_another_program(project, origin="QualCoder 3.8"):
    """New identifiers for everything, as QualCoder gives them; names stay."""
    project.root.set("origin", origin)
    fresh: dict[str, str] = {}
    for one in project.root.iter():
        for name in ("guid", "targetGUID", "creatingUser"):
            if one.get(name):
                one.set(name, fresh.setdefault(one.get(name), str(uuid.uuid4())))


@pytest.mark.parametrize(
    "ends",
    [
        lambda text: text,
        lambda text: text.replace(b"\n", b"\r\n"),
        lambda text: b"\xef\xbb\xbf" + text,
        lambda text: text.replace(b"\n\n", b"\n").rstrip(),
    ],
    ids=["as it was", "two letters a line's end", "a mark of byte order", "fewer lines"],
)
def test_what_programs_do_to_identifiers_and_line_ends_is_no_change(whole, planned, ends):  # fmt: skip
    whole.add("Child Q (March", "Parental alcohol and drug misuse", CURIOSITY)
    by_another_program(whole)
    for source in whole.root.iter(f"{NS}TextSource"):
        path = whole.path(source)
        before = whole.files[path].decode("utf-8")
        whole.files[path] = ends(whole.files[path])
        after = whole.files[path].decode("utf-8-sig")
        for chosen in source.iter(f"{NS}PlainTextSelection"):
            for name in ("startPosition", "endPosition"):
                # where the same letter stands now
                letters = sum(not one.isspace() for one in before[: int(chosen.get(name))])
                places = [at for at, one in enumerate(after) if not one.isspace()]
                at = places[letters] if name == "startPosition" else places[letters - 1] + 1
                chosen.set(name, str(at))
    done = planned(whole)
    assert said(done.corrections) == [("theme+", "parent_substance", "2", CURIOSITY, "Ash")]
    assert done.left_out == ()
    assert done.origin == "QualCoder 3.8"


def test_atlas_counts_a_lines_end_as_one_letter(whole, planned):
    project = whole
    project.add("Child Q (March", "Parental alcohol and drug misuse", CURIOSITY)
    project.root.set("origin", "ATLAS.ti 24")
    for name in project.files:
        project.files[name] = project.files[name].replace(b"\n", b"\r\n")
    (one,) = planned(project).corrections
    assert one.evidence == CURIOSITY


def test_numbers_that_became_decimals_are_no_change(short, planned):
    short.put("Child Q (March", "age_months_max", "4.0")
    assert planned(short).corrections == ()
    short.put("Child Q (March", "age_months_max", "9.0")
    (one,) = planned(short).corrections
    assert (one.field, one.value) == ("age_months_max", "9")


# ---------------------------------------------------------------- what is not applied


def left(done):
    return [(one.what, one.why) for one in done.left_out]


def test_unknown_codes_cases_and_sources_are_named_and_nothing_of_them_is_applied(short, planned):  # fmt: skip
    short.add_code("My own code")
    short.add("Child Q (March", "My own code", CURIOSITY)
    short.add("Child Q (March", "Outcome: serious harm", CURIOSITY)
    case, source = short.case("Child R"), short.source("Child R")
    short.put("Child R", "review_id", "elsewhere-123abc")
    case.set("name", "Child R [elsewhere-123abc]")
    source.set("name", "Child R [unknown]")
    source.set("guid", str(uuid.uuid4()))
    done = planned(short)
    assert done.corrections == ()
    assert sorted(one.what for one in done.left_out) == ["case", "code", "codings", "source"]
    assert [one.name for one in done.left_out if one.what == "code"] == ["My own code"]


def test_a_changed_text_is_named_and_nothing_of_it_is_applied(project, planned):
    project.add("Child Q (March", "Parental alcohol and drug misuse", CURIOSITY)
    project.remove("Neglect", "Child Q")
    path = project.path(project.source("Child Q (March"))
    project.files[path] = project.files[path].replace(b"health visitor", b"nurse")
    done = planned(project)
    assert done.corrections == ()
    assert any(what == "source" and "not the one" in why for what, why in left(done))
    assert any("cannot be told" in why for _, why in left(done))


def test_a_review_that_was_described_anew_is_named(short, planned):
    short.put("Child Q (March", "outcome", "serious_harm")
    short.put("Child Q (March", "casereviews_state", "0" * 16)
    done = planned(short)
    assert done.corrections == ()
    assert "read or described anew" in left(done)[0][1]


def test_what_was_corrected_by_hand_stands(short, change, tmp_path):
    review = child_q(change).review_id
    change.home.corrections_toml.write_text(
        f"""[[correction]]
        id = "{review}"
        field = "outcome"
        value = "death"
        [[correction]]
        id = "{review}"
        field = "theme-"
        value = "parent_substance"
        """,
        "utf-8",
    )
    short.put("Child Q (March", "outcome", "serious_harm")
    short.add("Child Q (March", "Parental alcohol and drug misuse", CURIOSITY)
    done = change.import_codings(short.saved(tmp_path / "p.qdpx"), dry_run=True)
    assert done.corrections == ()
    assert sorted(one.what for one in done.left_out) == ["codings", "variable"]
    assert all("by hand" in one.why for one in done.left_out)


def test_values_that_cannot_be_are_named(short, planned):
    short.put("Child Q (March", "outcome", "nonsense")
    short.put("Child Q (March", "age_months_min", "90")
    done = planned(short)
    assert done.corrections == ()
    assert len(done.left_out) == 2


def test_a_position_beyond_the_text_takes_no_theme_out(whole, planned):
    for source in whole.root.iter(f"{NS}TextSource"):
        for chosen in source.iter(f"{NS}PlainTextSelection"):
            chosen.set("startPosition", "9" * 5000)
            chosen.set("endPosition", "-3")
    done = planned(whole)
    assert done.corrections == ()
    assert any("lie on no letters" in why for _, why in left(done))


def test_names_that_were_withheld_stay_so(whole, read, planned):
    words = "[name withheld], a boy of seven, looks at physical abuse at home."
    whole.add("name withheld", "Neglect", words)
    (one,) = planned(whole).corrections
    assert one.evidence == words
    assert (one.page, one.start) == ("1", "")
    named = planned(exported(read, texts=True, names=True))
    assert (named.corrections, named.left_out) == ((), ())


# ---------------------------------------------------------------- files from elsewhere


def packed(path, **members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return path


PROJECT = '<Project xmlns="urn:QDA-XML:project:1.0" name="x">{}</Project>'


@pytest.mark.parametrize(
    ("members", "why"),
    [
        ({"project.qde": '<!DOCTYPE a [<!ENTITY e "x">]>' + PROJECT.format("&e;")}, "entities"),
        ({"project.qde": PROJECT.format("<a>" * 100 + "</a>" * 100)}, "too deep"),
        ({"project.qde": PROJECT.format("<Description>" + "0" * 3_000_000 + "</Description>")}, "larger than any"),
        ({"project.qde": PROJECT.format("<a")}, "is no XML"),
        ({"project.qde": "<html/>"}, "no Project of REFI-QDA"),
        ({"project.qde": PROJECT.format(""), "../../x.txt": "x"}, "outside itself"),
        ({"project.qde": PROJECT.format(""), "sources\\..\\..\\x": "x"}, "outside itself"),
        ({"project.qde": PROJECT.format(""), "C:/x": "x"}, "outside itself"),
        ({"a.qde": PROJECT.format(""), "b.qde": PROJECT.format("")}, "has 2 .qde files"),
        ({"x": ""}, "has 0 .qde files"),
        ({"project.qde": PROJECT.format("")}, "nothing was read"),
    ],
)  # fmt: skip
def test_a_hostile_file_ends_with_a_clear_error(read, tmp_path, members, why):
    path = packed(tmp_path / "p.qdpx", **members)
    done = CliRunner().invoke(cli, ["--home", str(read.home.root), "corrections", "import", str(path)])  # fmt: skip
    assert done.exit_code == 2
    assert why in done.stderr
    assert "Traceback" not in done.output


def test_what_is_no_project_at_all_says_so(read, tmp_path):
    path = tmp_path / "p.qdpx"
    with pytest.raises(RequestError, match="there is no"):
        read.import_codings(path)
    path.write_bytes(b"PK no zip")
    with pytest.raises(RequestError, match="no whole"):
        read.import_codings(path)


def test_texts_are_read_from_the_file_alone_and_not_without_end(short, tmp_path, monkeypatch):
    project = short
    source = project.source("Child R")
    source.set("plainTextPath", "internal://../project.qde")
    found = returned.read_project(project.saved(tmp_path / "p.qdpx"))
    assert [one.name for one in found.sources if one.text is None] == [source.get("name")]
    monkeypatch.setattr(returned, "MOST_TEXT", 10)
    with pytest.raises(RequestError, match="too large"):
        returned.read_project(tmp_path / "p.qdpx")
    monkeypatch.setattr(returned, "MOST_MEMBERS", 3)
    with pytest.raises(RequestError, match="more than 3"):
        returned.read_project(tmp_path / "p.qdpx")


# ---------------------------------------------------------------- the verb


def test_the_verb_says_what_would_change_and_what_is_left(short, change, tmp_path):
    short.add("Child Q (March", "Parental alcohol and drug misuse", CURIOSITY)
    short.add_code("My own code")
    short.add("Child Q (March", "My own code", CURIOSITY)
    path = str(short.saved(tmp_path / "p.qdpx"))
    home = ("--home", str(change.home.root))
    done = CliRunner().invoke(cli, [*home, "corrections", "import", path, "--dry-run", "--json"])
    assert done.exit_code == 0
    said = json.loads(done.stdout)
    assert (said["applied"], len(said["corrections"])) == (False, 1)
    assert "not applied: code My own code: no code of this home" in done.stderr
    assert "1 correction would be made" in done.stderr
    done = CliRunner().invoke(cli, [*home, "corrections", "import", path])
    assert done.exit_code == 0
    assert "parent_substance" in re.sub(r"\s+", "", done.stdout)
    again = CliRunner().invoke(cli, [*home, "corrections", "import", path])
    assert (again.exit_code, "nothing changes" in again.stderr) == (0, True)
    rows = json.loads(CliRunner().invoke(cli, [*home, "corrections", "--json"]).stdout)
    assert [(one["by"], one["page"]) for one in rows] == [("Ash", "2")]


def test_a_changed_variable_that_is_no_field_of_the_case_is_named_with_how_to_say_it(
    short, planned, read
):
    review = child_q(read)
    for name, value in (
        ("title", "Another title"),
        ("published", "1999-01-01"),
        ("year", "1999"),
        ("themes", "harm_fii"),
        ("landing_url", "https://elsewhere.example"),
    ):
        short.put(review.review_id, name, value)
    done = planned(short)
    assert done.corrections == ()
    assert {one.name: one.why for one in done.left_out} == {
        f"title of {review.review_id}": "it is not read back: `casereviews correct DOCUMENT title=VALUE`",
        f"published of {review.review_id}": "it is not read back: `casereviews correct DOCUMENT published=VALUE`",
        f"year of {review.review_id}": "it follows `published`",
        f"themes of {review.review_id}": "themes and agencies are told by codings on passages",
    }
