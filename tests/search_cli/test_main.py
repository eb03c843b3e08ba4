"""The group, its verbs, its exit codes."""

import errno
import importlib
import os
import shlex
import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from casereviews.collection.output import Answer, Column
from casereviews.collection.output.hits import row_of
from casereviews.collection.output.withholding import without_name
from casereviews.crawler.probe import Probe
from casereviews.index.folder import Built
from casereviews.index.results import Hit, PageHit, Results
from casereviews.repository.errors import HomeLocked, UnknownId
from casereviews.search_cli.edge import at_the_edge
from casereviews.search_cli.errors import as_click_exception
from casereviews.search_cli.main import VERBS, cli
from casereviews.search_cli.options import emit, output_options
from tests.another_system.verbs import RUNS
from tests.search_cli.command_page import commands, examples_of


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.delenv("CASEREVIEWS_HOME", raising=False)

    def invoke(*args):
        return CliRunner().invoke(cli, ["--home", str(tmp_path / "home"), *args])

    return invoke


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_exists_and_helps(verb, run):
    module = importlib.import_module(f"casereviews.search_cli.commands.{verb}")
    assert isinstance(module.command, click.Command)
    result = run(verb, "--help")
    assert result.exit_code == 0
    assert "Usage:" in result.stdout


@pytest.mark.parametrize(("words", "command"), list(commands()))
def test_the_help_of_every_command_ends_with_an_example_that_its_parser_takes(words, command, run):
    text = run(*words.split(), "--help").stdout
    _, found, examples = text.partition("\n  Example")
    assert found
    lines = [line.strip() for line in examples.splitlines()[1:] if line.strip()]
    given = examples_of(command)
    assert given
    assert lines == [f"casereviews {line}" for line in given]
    for line in given:
        parts = shlex.split(line.partition(" > ")[0].partition(" < ")[0])
        if parts[0] == "--home":
            parts = parts[2:]
        command = cli
        context = click.Context(cli)
        while isinstance(command, click.Group) and parts and not parts[0].startswith("-"):
            command = command.get_command(context, parts.pop(0))
        read = ("queries.txt", "articles.csv", "asreview.ris", "coding/sheet.csv")
        there = dict.fromkeys((*read, "review_1_excluded_csv_20260301.csv"), __file__)
        there["/path/to/all-MiniLM-L6-v2"] = str(Path(__file__).parent)
        parts = [there.get(part, part) for part in parts]
        with command.make_context(words, parts, parent=context) as taken:
            assert taken.params is not None


def test_a_mistyped_verb_is_told_the_nearest(run):
    result = run("serach", "neglect")
    assert result.exit_code == 2
    assert "did you mean 'search'?" in result.stderr


def test_searching_without_an_index_says_what_to_do_and_exits_3(run):
    result = run("search", "neglect")
    assert result.exit_code == 3
    assert "casereviews refresh" in result.stderr


def test_searching_for_nothing_is_a_usage_error(run):
    result = run("search")
    assert result.exit_code == 2
    assert "say what to search for" in result.stderr


@pytest.mark.parametrize("verb", ["status", "new", "held"])
def test_reading_verbs_of_an_empty_home_say_what_to_do(verb, run):
    result = run(verb)
    assert result.exit_code == 3
    assert "casereviews refresh" in result.stderr


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (UnknownId("no review 'x'"), 2, "no review"),
        (HomeLocked("held by 7"), 3, "held by 7"),
        (OSError(errno.ENOSPC, "no space"), 3, "disk is full"),
        (sqlite3.OperationalError("database or disk is full"), 3, "disk is full"),
        (sqlite3.OperationalError("disk I/O error"), 3, "(disk I/O error): free some space"),
        (OSError(errno.EFBIG, "File too large", "place"), 3, "File too large: 'place'"),
        (sqlite3.OperationalError("database is locked"), 3, "busy"),
        (PermissionError(errno.EACCES, "denied", "place"), 3, "--home"),
    ],
)
def test_errors_of_the_rooms_leave_with_their_exit_code(error, code, words):
    with pytest.raises(click.ClickException) as caught, at_the_edge():
        raise error
    assert caught.value.exit_code == code
    assert words in caught.value.message


def test_a_defect_of_ours_is_not_dressed_up():
    assert as_click_exception(KeyError("x")) is None
    with pytest.raises(KeyError), at_the_edge():
        raise KeyError("x")


def test_a_stream_of_nothing_is_nothing_and_a_stream_of_something_is_whole(capsys):
    with pytest.raises(SystemExit) as left:
        emit(Answer(payload=None, records=iter(())), "jsonl")
    assert (left.value.code, capsys.readouterr().out) == (1, "")
    emit(Answer(payload=None, records=iter([{"a": 1}, {"a": 2}])), "jsonl")
    assert capsys.readouterr().out == '{"a": 1}\n{"a": 2}\n'


@pytest.mark.parametrize(
    ("form", "expected"),
    [("csv", "\ufeffa\r\nM\u0177r\r\n"), ("json", '"M\u0177r"\n'), ("table", "A\nM?r\n")],
)
def test_what_is_taken_away_is_utf8_wherever_it_is_printed(form, expected):
    code = (
        "from casereviews.search_cli.options import emit\nfrom casereviews.collection.output import Answer, Column\n"
        "emit(Answer(payload='M\u0177r', columns=(Column('a', 'A'),), rows=[{'a': 'M\u0177r'}]), "
        f"{form!r})"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        check=True,
        env={**os.environ, "PYTHONIOENCODING": "latin-1"},
    )
    assert done.stdout.decode("utf-8") == expected


def test_two_forms_at_once_are_refused():
    @click.command()
    @output_options("json", "csv")
    def verb():
        return Answer(payload=[])

    result = CliRunner().invoke(verb, ["--json", "--csv"])
    assert result.exit_code == 2
    assert "--json and --csv" in result.output


def test_an_empty_answer_exits_1_and_still_gives_programs_a_document(capsys):
    answer = Answer(payload=[], columns=(Column("a", "A"),), empty="nothing at all")
    with pytest.raises(SystemExit) as left:
        emit(answer, "json")
    assert left.value.code == 1
    assert capsys.readouterr().out == "[]\n"
    with pytest.raises(SystemExit):
        emit(answer, "table")
    assert "nothing at all" in capsys.readouterr().err


def test_the_home_can_be_named_by_the_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("CASEREVIEWS_HOME", str(tmp_path / "named"))
    result = CliRunner().invoke(cli, ["search", "neglect"])
    assert str(tmp_path / "named") in result.stderr


def test_help_loads_none_of_the_heavy_libraries():
    heavy = "scrapy twisted sqlalchemy numpy whoosh rich lxml"
    code = (
        "import sys\nfrom casereviews.search_cli.main import cli\n"
        "try:\n    cli(['--help'])\nexcept SystemExit:\n    pass\n"
        f"print(sorted(set({heavy.split()!r}) & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"


def test_a_hit_in_a_spreadsheet_cites_the_printed_page_and_the_files():
    pages = [{"page": 12, "label": "11"}, {"page": 3, "label": "3"}, {"page": 12, "label": "11"}]
    assert row_of({"pages": pages})["pages"] == ["p. 11 (file page 12)", "p. 3"]


def test_real_names_stay_out_of_what_a_search_takes_away():
    from casereviews.repository.vocabulary import PACKAGED
    from casereviews.search_cli.commands.search import answer_for

    fields = {
        "title": "Learning Review: Mara Quillfeather",
        "subjects": ("Mara Quillfeather",),
        "label_kind": "real_name",
        "landing_url": "http://b.casereviews.test/reviews/",
        "file_url": "http://b.casereviews.test/mara-quillfeather.pdf",
    }
    page = PageHit(1, None, "Mara Quillfeather was", ((0, 4),))
    hit = Hit(1, 1.0, "r-1", "d1", fields, 0, (page,))
    built = Built("g001", "home", 1, 1, 1, 1, 1, "2026-03-01T02:00:00Z")
    results = Results("x", "x", 1, 1, 1.0, built, (hit,))
    answer = answer_for(results, PACKAGED)
    assert answer.payload["hits"] == [hit.to_json()]
    for taken in (*answer.records, *answer.rows):
        assert "quillfeather" not in str(taken).lower()
    invented = replace(hit, fields={**fields, "label_kind": "pseudonym"})
    assert answer_for(replace(results, hits=(invented,)), PACKAGED).records == [invented.to_json()]
    loud = without_name(
        replace(hit, fields={**fields, "title": "Review: MARA  QUILLFEATHER (2020)"})
    )
    assert loud.fields["title"] == "Review: [name withheld] (2020)"


@pytest.mark.parametrize(
    "words", [("--help",), ("search", "--help"), ("sources", "list", "--help"), ("--version",)]
)
def test_help_says_nothing_on_stderr(run, words):
    done = run(*words)
    assert (done.exit_code, done.stderr) == (0, "")


def test_a_verb_that_ends_with_an_exit_code_of_its_own_prints_no_error():
    @click.command()
    @click.pass_context
    def ends(ctx):
        with at_the_edge():
            ctx.exit(3)

    done = CliRunner().invoke(ends, [])
    assert (done.exit_code, done.output) == (3, "")


OBEYED = "a\x1b]0;b\x07\u202e\x9b31m\u200bc"
"""What a terminal would obey, or nobody would see, with letters between."""


@pytest.mark.parametrize(
    "error",
    [click.UsageError(OBEYED), click.ClickException(OBEYED), UnknownId(OBEYED)],
)
def test_what_an_error_cites_cannot_act_on_the_terminal(error):
    with pytest.raises(click.ClickException) as told, at_the_edge():
        raise error
    assert told.value.message == "a]0;b31mc"


def test_what_a_page_says_cannot_act_on_the_terminal_through_the_probe(run, monkeypatch):
    found = Probe("https://x.test/", "listing", (f"{OBEYED}\n- forged",), OBEYED, todo=(OBEYED,))
    monkeypatch.setattr("casereviews.collection.keeping.registry.probe", lambda *_: found)
    monkeypatch.setenv("CASEREVIEWS_CONTACT", "you@example.org")
    result = run("sources", "probe", "https://x.test/")
    assert (result.stdout, result.stderr.splitlines()) == (
        "a]0;b31mc\n",
        ["listing: 0 documents on this page", "- a]0;b31mc - forged", "to do: a]0;b31mc"],
    )


def test_notes_beside_an_answer_cannot_act_on_the_terminal(capsys):
    emit(Answer(payload=None, records=iter([{"a": 1}]), notes=(OBEYED,)), "jsonl")
    assert capsys.readouterr().err == "a]0;b31mc\n"


def test_no_verb_is_forgotten_where_names_of_posix_are_missing() -> None:
    assert set(RUNS) == set(VERBS)
