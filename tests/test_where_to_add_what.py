"""docs/ARCHITECTURE.md, "Where to add what": one of each is added to one copy of the tree, and used there as users would."""

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple

import pytest
from click.testing import CliRunner

from casereviews.repository.home import Home
from casereviews.search_cli.main import cli
from tests.search_cli import small_home

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]
REPORT = """<html><body><main><h1>Serious Case Review: Child Z</h1><p>Published May 2020.</p>
<p>The independent chair of the panel was Quentin Oakhurst.</p>
<p>Child Z, a girl of fourteen, was of Black Caribbean heritage and died of neglect in this fictional report.</p>
<p>Child Z was permanently excluded from school.</p>
</main></body></html>"""

PUBLISHER = """
[[source]]
id = "amberford"
publisher = "Amberford Safeguarding Children Partnership"
nation = "England"
areas = ["E10000014"]
scope = "child"
family = "listing"
start_urls = ["https://www.amberford.example/learning/reviews/"]
hosts = ["www.amberford.example"]
status = "unverified"
evidence = "https://www.amberford.example/learning/reviews/"
notes = "One page of links."
"""
OWN_PUBLISHER = """
[[source]]
id = "kite-vale"
publisher = "Kite Vale Safeguarding Children Partnership"
nation = "Wales"
areas = ["W06000015"]
scope = "child"
family = "listing"
start_urls = ["http://127.0.0.1:{port}/"]
hosts = ["127.0.0.1:{port}"]
status = "unverified"
"""
LIST = """<html><body><main><h1>Published reviews</h1>
<a href="child-v.pdf">Child V: Child Practice Review (March 2022)</a></main></body></html>"""

THEMES = """theme_id,group,label,phrases
child_sofas,child_factor,Sofas and armchairs,sofa & {parent}|La-Z-Boy|~settee|~~cushion
harm_neglect,,,+dirty nappies|-nits
"""

CSL = '''\
"""CSL-JSON, as citation processors read it."""

import json

from casereviews.collection.output.citations import cited
from casereviews.collection.output.form import Form


def render(answer):
    """One array of references."""
    references = (cited(record, answer.accessed, answer.vocabulary) for record in answer.records)
    yield json.dumps(
        [
            {"id": one.key, "type": "report", "title": one.title, "publisher": one.publisher,
             "note": "; ".join(one.pages)}
            for one in references
        ]
    )


FORM = Form("csl-json", "CSL-JSON, for citation processors", "records", "json", render, cites=True)
'''

DESCRIBED = """\
    Field("heritage", "review", "text", several=True, origins="F", described_by="finders", label="Heritage",
          says="as told", cannot="never derived from names",
          published="heritage", exported=True, shown=True),
"""
FINDER = '''\
"""Heritage, as a sentence of the case tells it."""

import re

_TOLD = re.compile(r"was of ((?:black|white|asian) [a-z]+) heritage")


def find(given):
    """Facts `heritage`."""
    for sentence in given.sentences:
        for told in _TOLD.finditer(sentence.folded):
            yield sentence.fact("heritage", told[1].title(), told[0], 0.7, "heritage words")
'''

SEARCHABLE = """\
    Field("school_status", "review", "text", several=True, origins="F L D", described_by="case", label="School", of_children=True,
          says="as told", cannot="one status of several",
          published="school_status", query="school", aliases=("schooling",), facet=19, hint="excluded, home_educated..."),
"""
SEARCHABLE_WORDS = """\
    Field("chair", "review", "text", origins="P", described_by="first_pages_people", label="Chair",
          says="name of the chair", cannot="only as cover and first pages name them",
          published="chair", query="chair", room=512, weight=2.0, hint="words of the name"),
"""

VERB = '''\
"""`glossary`: what abbreviations stand for."""

import click

from casereviews.search_cli.examples import examples
from casereviews.search_cli.options import collection_of, output_options
from casereviews.collection.output import ROWS, Answer, Column

COLUMNS = (Column("short", "Abbreviation"), Column("expansion", "Stands for"))


@examples("glossary LSCB")
@click.command("glossary")
@click.argument("short")
@output_options(*ROWS)
@click.pass_context
def command(ctx, short):
    """Print what an abbreviation stands for."""
    rows = [
        {"short": one.short, "expansion": one.expansion}
        for one in collection_of(ctx).vocabulary.abbreviations
        if one.short.lower() == short.lower()
    ]
    return Answer(payload=rows, columns=COLUMNS, rows=rows, empty=f"{short} is not known")
'''
# Runs one command line a line of its input: a process a verb would cost a second each.
DRIVER = """
import json, sys
from click.testing import CliRunner
from casereviews.search_cli.main import cli
for line in sys.stdin:
    done = CliRunner().invoke(cli, json.loads(line))
    told = "" if isinstance(done.exception, SystemExit) else repr(done.exception or "")
    print(json.dumps([done.exit_code, done.stdout, done.stderr + told]), flush=True)
"""


class Done(NamedTuple):
    """How a verb ended."""

    returncode: int
    stdout: str
    stderr: str


class Tree:
    """A copy of the project, and verbs run from it over a home."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.package = folder / "src" / "casereviews"
        ignored = shutil.ignore_patterns("__pycache__", "casereviews")
        shutil.copytree(ROOT / "src" / "casereviews", self.package, ignore=ignored)
        for name in ("docs", "tests"):
            shutil.copytree(ROOT / name, folder / name, ignore=ignored)
        shutil.copy(ROOT / "README.md", folder)
        self.home = folder / "home"
        self.environment = {
            **os.environ,
            "PYTHONPATH": str(self.package.parent),
            "CASEREVIEWS_NOW": small_home.NOW,
            "CASEREVIEWS_CONTACT": "tests@casereviews.test",
        }

    def start(self) -> None:
        """Verbs are run from now on, so nothing of the tree changes any more."""
        self.process = subprocess.Popen(
            [sys.executable, "-c", DRIVER],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            cwd=self.folder,
            env=self.environment,
        )

    def stop(self) -> None:
        self.process.communicate()

    def python(self, *words: str) -> str:
        return subprocess.run(
            [sys.executable, *words],
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=True,
            cwd=self.folder,
            env=self.environment,
        ).stdout

    def run(self, *words: str, home: Path | None = None) -> Done:
        asked = json.dumps(["--home", str(home or self.home), *words])
        self.process.stdin.write(asked + "\n")
        self.process.stdin.flush()
        return Done(*json.loads(self.process.stdout.readline()))

    def ok(self, *words: str, home: Path | None = None) -> str:
        done = self.run(*words, home=home)
        assert done.returncode == 0, (words, done)
        return done.stdout

    def json(self, *words: str) -> object:
        return json.loads(self.ok(*words, "--json"))

    def add_row(self, before: str, row: str) -> None:
        """Write a row into the table of fields before the one of this name."""
        path = self.package / "repository" / "fields.py"
        text = path.read_text("utf-8")
        place = text.index(f'    Field("{before}"')
        path.write_text(text[:place] + row + text[place:], "utf-8")

    def replace_row(self, name: str, row: str) -> None:
        """Write a row of the table of fields in place of the one of this name."""
        path = self.package / "repository" / "fields.py"
        old = re.compile(rf'^    Field\("{name}".*?\),\n(?=    Field|\))', re.S | re.M)
        text, count = old.subn(lambda _: row, path.read_text("utf-8"))
        assert count == 1
        path.write_text(text, "utf-8")


@pytest.fixture(scope="module")
def before(tmp_path_factory):
    """A home that the tree made as it stands, with Child Z in it."""
    folder = tmp_path_factory.mktemp("before")
    small_home.make(Home(folder / "home"))
    (folder / "z.html").write_text(REPORT, "utf-8")
    words = ("add", str(folder / "z.html"), "--publisher", "northmoor", "--title", "Child Z: Serious Case Review")  # fmt: skip
    done = CliRunner().invoke(cli, ["--home", str(folder / "home"), *words])
    assert done.exit_code == 0, done.output
    return folder / "home"


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """The port of a fictional publisher's site."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "index.html").write_text(LIST, "utf-8")
    (folder / "child-v.pdf").write_bytes(
        small_home.pdf([("Child Practice Review: Child V", "Child V lived on a houseboat.")])
    )

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *words):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


@pytest.fixture(scope="module")
def tree(before, address, tmp_path_factory):
    """A copy of the tree with one of each added, beside a copy of that home that it has built again."""
    tree = Tree(tmp_path_factory.mktemp("tree"))
    with (tree.package / "crawler" / "sources" / "england.toml").open(
        "a", encoding="utf-8"
    ) as file:
        file.write(PUBLISHER)
    forms = tree.package / "collection" / "output" / "forms"
    (forms / "csl_json.py").write_text(CSL, "utf-8")
    tree.add_row("ethnicity", DESCRIBED)
    finders = tree.package / "repository" / "describing" / "finders"
    (finders / "heritage.py").write_text(FINDER, "utf-8")
    tree.replace_row("school_status", SEARCHABLE)
    tree.replace_row("chair", SEARCHABLE_WORDS)
    (tree.package / "search_cli" / "commands" / "glossary.py").write_text(VERB, "utf-8")
    main = tree.package / "search_cli" / "main.py"
    verbs = "VERBS = {\n"
    assert verbs in main.read_text("utf-8")
    main.write_text(
        main.read_text("utf-8").replace(verbs, f'{verbs}    "glossary": "What it stands for.",\n'),
        "utf-8",
    )
    shutil.copytree(before, tree.home)
    (tree.home / "sources.toml").write_text(OWN_PUBLISHER.format(port=address), "utf-8")
    (tree.home / "themes.csv").write_text(THEMES, "utf-8")
    tree.start()
    tree.ok("rebuild")
    yield tree
    tree.stop()


def test_a_publisher_is_an_entry_of_the_registry_or_of_the_home(tree):
    told = {row["id"]: row for row in tree.json("sources", "list")}
    assert told["amberford"]["publisher"] == "Amberford Safeguarding Children Partnership"
    tree.ok("refresh", "--source", "kite-vale")
    (hit,) = tree.json("search", "houseboat", "--source", "kite-vale")["hits"]
    assert (hit["nation"], hit["review_type"]) == ("Wales", "cpr")
    assert hit["publisher"] == "Kite Vale Safeguarding Children Partnership"


def test_a_theme_is_a_row_of_the_homes_own_file(tree):
    for name in ("theme:child_sofas", "theme:sofas", 'theme:"sofas and armchairs"'):
        (hit,) = tree.json("search", name)["hits"]
        assert hit["title"] == "Serious Case Review: Child Q (March 2021)"
    assert "KW  - Sofas and armchairs" in tree.ok("search", "theme:sofas", "--ris")
    counts = {row["theme"]: row["reviews"] for row in tree.json("stats", "--by", "theme")}
    assert counts["child_sofas"] == 1


def test_a_form_is_one_module(tree):
    for verb in ("search", "export"):
        (entry,) = json.loads(tree.ok(verb, "sofa", "--csl-json"))
        assert entry["title"] == "Serious Case Review: Child Q (March 2021)"
        assert entry["type"] == "report"
        assert entry["note"] == "p. 2"
        assert "CSL-JSON, for citation processors" in tree.ok(verb, "--help")
    both = tree.run("search", "sofa", "--csl-json", "--ris")
    assert both.returncode == 2
    assert "--csl-json and --ris exclude each other" in both.stderr
    assert tree.run("search", "nothingofthekind", "--csl-json").stdout == "[]\n"


def test_a_described_field_is_one_row_and_a_finder(tree):
    (line,) = tree.ok("export", '"black caribbean heritage"', "--jsonl").splitlines()
    record = json.loads(line)
    assert record["heritage"] == ["Black Caribbean"]
    review = record["review_id"]
    rows = csv.DictReader(io.StringIO(tree.ok("export", "--csv").removeprefix("\ufeff")))
    assert {row["review_id"]: row["heritage"] for row in rows}[review] == "Black Caribbean"
    assert re.search(r"^Heritage +Black Caribbean$", tree.ok("show", review), re.M)
    (told,) = (row for row in tree.json("show", review, "--why") if row["field"] == "heritage")
    assert told["evidence"].startswith("Child Z, a girl of fourteen, was of Black Caribbean heri")


def test_a_searchable_field_is_one_row(tree):
    asked = tree.json("search", "schooling:excluded")
    assert asked["understood"].startswith("school:excluded")
    titles = {hit["title"] for hit in asked["hits"]}
    assert titles == {"Child Z: Serious Case Review", "Child Practice Review: Child Q"}
    assert {"value": "excluded", "count": 2} in asked["facets"]["school"]
    assert list(asked["facets"])[-1] == "school"
    assert not {"school", "school_status"} & set(asked["hits"][0])  # the contract of a hit stays
    assert tree.json("search", "neglect", "--school", "excluded")["total"] == 1
    assert tree.json("search", "school:unknown")["total"] > 1
    counts = {row["school"]: row["reviews"] for row in tree.json("stats", "--by", "school")}
    assert counts["excluded"] == 2
    assert "school" in tree.ok("search", "x", "--help-query")
    assert "--school VALUE" in tree.ok("search", "--help")


def test_an_index_without_the_field_says_so_and_the_next_writing_verb_makes_it_anew(
    tree, before, tmp_path
):
    old = shutil.copytree(before, tmp_path / "old")
    for query in ("chair:oakhurst", "school:*"):
        refused = tree.run("search", query, home=old)
        assert refused.returncode == 3
        assert "another table of fields: run `casereviews rebuild`" in refused.stderr
    review = json.loads(tree.ok("export", "--jsonl", home=old).splitlines()[0])["review_id"]
    tree.ok("correct", review, "chair=Quentin Oakhurst", "--note", "the cover says so", home=old)
    for words in (
        ("chair:oakhurst",),
        ('chair:"quentin oakhurst"',),
        ("chair:oakh*",),
        ("--chair", "Oakhurst"),
    ):
        found = json.loads(tree.ok("search", *words, "--scope", "all", "--json", home=old))
        assert review in {hit["review_id"] for hit in found["hits"]}, words
    assert tree.run("search", "title:oakhurst", home=old).returncode == 1

    # Nor does the tree without the rows take that index for its own.
    back = CliRunner().invoke(cli, ["--home", str(old), "search", "neglect"])
    assert back.exit_code == 3
    assert "another table of fields" in back.stderr


def test_a_verb_is_a_module_and_a_line(tree):
    assert tree.json("glossary", "lscb") == [
        {"short": "LSCB", "expansion": "Local Safeguarding Children Board"}
    ]
    assert "casereviews glossary LSCB" in tree.ok("glossary", "--help")
    heavy = "scrapy twisted sqlalchemy numpy whoosh lxml"
    loaded = tree.python(
        "-c",
        "import sys\nfrom casereviews.search_cli.main import cli\n"
        f"cli(['--home', {str(tree.home)!r}, 'glossary', 'LSCB', '--json'], standalone_mode=False)\n"
        f"print(sorted(set({heavy.split()!r}) & set(sys.modules)))",
    )
    assert loaded.endswith("\n[]\n")


@pytest.mark.slow
def test_one_command_writes_all_of_them_into_the_pages(tree):
    tree.python("-m", "tests.made_pages")
    commands, data = (
        (tree.folder / "docs" / name).read_text("utf-8") for name in ("COMMANDS.md", "DATA.md")
    )
    assert "## glossary\n\nWhat it stands for. `casereviews glossary SHORT`" in commands
    assert "$ casereviews glossary LSCB\nAbbreviation" in commands
    assert "- `--school`: excluded, home_educated..." in commands
    assert "`--csl-json`" in commands
    assert "| `heritage` | review | text (several) | F | as told | never derived from names |" in data  # fmt: skip
    assert "| `school` | `schooling` | code | yes | `school_status` |" in data
    number = re.compile(r"\| England \| (\d+) \|")
    england = [number.search(path.read_text("utf-8"))[1] for path in (ROOT / "README.md", tree.folder / "README.md")]  # fmt: skip
    assert int(england[1]) == int(england[0]) + 1
