"""`docs/COMMANDS.md`: made from the verbs themselves, its examples run over the small home."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import click
from click.testing import CliRunner

from casereviews.repository.home import Home
from casereviews.search_cli.main import VERBS, cli
from casereviews.search_cli.options import FILTERS
from casereviews.search_cli.output import FORMS

PAGE = Path(__file__).parents[2] / "docs" / "COMMANDS.md"
OPENING = """# Commands

Made by `python -m tests.made_pages`; a test fails when it is stale. The examples run over a small fictional home.

`casereviews [--home DIR] VERB ...`: the home is `--home`, then `CASEREVIEWS_HOME`, else the platform's data folder. Results go
to stdout, all else to stderr. Exit codes: 0 done; 1 nothing found, or a refresh that needs a look; 2 usage, a bad query or an
unknown id; 3 could not run; 130 stopped by Ctrl-C.
"""
# Command -> lines that are run and whose output is shown; True: shown without being run (they ask the network or a person).
# A command that is not here is shown with the examples of its own help, which are run.
EXAMPLES: Mapping[str, tuple[tuple[str, bool], ...]] = {
    "demo": (("demo", True),),
    "refresh": (("refresh --due --budget 4h", True), ("refresh --source hampshire", True)),
    "add": (("add report.pdf --publisher hampshire --title 'Child X: Serious Case Review'", True),),
    "search": (("search '\"unsafe sleep\" age:under_1' --nation England", False),),
    "serve": (
        ("serve --open", True),
        ("serve --host 0.0.0.0 --name reviews.example.org --token-file token.txt", True),
        ("serve --behind-proxy 127.0.0.1 --user-header X-User --name reviews.example.org", True),
    ),
    "similar": (("similar", True), ("similar < described.txt", True), ("similar {q}", True)),
    "show": (("show {r}", False), ("show {q} --recommendations", False)),
    "open": (("open {q} --web --print", False),),
    "new": (("new --kind removed", False),),
    "export": (
        ("export --jsonl > reviews.jsonl", True),
        ("export --theme neglect --qdpx neglect.qdpx", True),
        ("export 'sofa' --bibtex", False),
    ),
    "stats": (("stats --by year", False),),
    "briefing": (
        ("briefing --theme harm_sudi", False),
        ("briefing --theme 'criminal exploitation' --to exploitation.docx", True),
    ),
    "themes list": (
        ("themes list --group parent_factor", False),
        ("themes list --json", True),
    ),
    "saved add": (("saved add sleep '\"unsafe sleep\"' --nation England", False),),
    "saved list": (("saved list", False),),
    "saved run": (("saved run sleep", False),),
    "saved batch": (("saved batch queries.txt --csv", True),),
    "saved remove": (("saved remove sleep", True),),
    "mark": (
        ("mark {r} exclude --reason 'no infant'", False),
        ("mark include --matching sofa --stage title_abstract --reader Ash", False),
        ("mark --flow", False),
        ("mark --from ash.csv --reader Ash", True),
        ("mark --flow --log searches.jsonl --svg flow.svg", True),
        ("mark --log searches.jsonl --markdown > appendix.txt", True),
    ),
    "mark import": (
        ("mark import articles.csv --dry-run", True),
        ("mark import asreview.ris --reader Ash", True),
        ("mark import review_1_excluded_csv_20260301.csv exclude --stage full_text", True),
    ),
    "sample": (
        ("sample --n 2 --by nation --seed 7", False),
        ("sample --n 40 --by year,nation --to coding", True),
    ),
    "agree": (("agree coding/sheet.csv", True), ("agree coding/sheet.csv --differences", True)),
    "methods": (
        ("methods > methods.txt", True),
        ("methods --log searches.jsonl --sheet coding/sheet.csv > methods.txt", True),
    ),
    "kwic": (("kwic unsafe sleep --width 24", False),),
    "sources list": (("sources list --nation Wales --family wordpress", True),),
    "sources show": (("sources show hampshire", True),),
    "sources check": (("sources check hampshire", True),),
    "sources fix": (("sources fix hampshire", True), ("sources fix hampshire --write", True)),
    "sources probe": (("sources probe https://www.example.org/reviews/", True),),
    "correct": (
        ("correct {r} outcome=serious_harm --note 'page 4 says so'", False),
        ("correct {r} theme+=harm_neglect --note 'findings 2 and 3'", False),
        ("correct {r} same_as={q} --note 'one child'", True),
        ("correct --list {r}", False),
        ("correct --undo {r} outcome", False),
        ("correct --undo {r} theme+", False),
    ),
    "corrections": (("corrections --json", True),),
    "corrections import": (
        ("corrections import coded.qdpx --dry-run", True),
        ("corrections import coded.qdpx", True),
    ),
    "held": (("held", False),),
    "held release": (("held release {s}", False),),
    "withdraw": (("withdraw {s} --reason 'names the home' --yes", False),),
    "rebuild": (("rebuild", False),),
    "migrate": (
        ("migrate --to servers.toml", True),
        ("migrate --to folder", True),
        ("migrate --remove-old", False),
    ),
    "backup": (("backup /mnt/backups/casereviews", True),),
    "restore": (("restore /mnt/backups/casereviews", True),),
    "status": (("status", False),),
    "doctor": (("doctor", False),),
    "model show": (("model show", True),),
    "model use": (("model use DIR", True), ("model use e5-small", True)),
    "model forget": (("model forget", True),),
    "model fetch": (("model fetch", True),),
    "completion": (("completion", True),),
}
# What differs from machine to machine and from run to run.
_MASKS = (
    (re.compile(r"\d+ ms · index of \S+"), "9 ms · index of 2026-03-01T08:00:00Z"),
    (re.compile(r"\d+ MB used, [\d.]+ GB free"), "1 MB used, 400.0 GB free"),
    (re.compile(r"index built: \S+"), "index built: 2026-03-01T08:00:00Z"),
)


def commands() -> Iterator[tuple[str, click.Command]]:
    """Every command that does something, by its words: "search", "saved add"..."""
    context = click.Context(cli)
    for verb in VERBS:
        command = cli.get_command(context, verb)
        assert command is not None
        if not isinstance(command, click.Group) or command.invoke_without_command:
            yield verb, command
        inners = command.commands if isinstance(command, click.Group) else {}
        for name, inner in (inners or getattr(command, "beside", {})).items():
            yield f"{verb} {name}", inner


def examples_of(command: click.Command) -> list[str]:
    """The examples at the end of a command's help, without the program's name."""
    _, _, lines = (command.epilog or "").partition(":\n")
    return [line.strip().removeprefix("casereviews ") for line in lines.splitlines()]


def page(home: Home) -> str:
    """The whole page; the home is changed by the examples."""
    parts = [OPENING, "Filters, repeatable, of every verb that searches:\n"]
    parts += [f"- `--{name}`: {hint}" for name, hint in FILTERS.items()]
    names = _ids(home)
    for words, command in commands():
        parts += ["", f"## {words}", "", _said(words, command), ""]
        options = list(_options(command))
        parts += [*options, "", "```text"] if options else ["```text"]
        own = ((line, False) for line in examples_of(command))
        for line, only_shown in EXAMPLES.get(words, own):
            parts.append(f"$ casereviews {line.format(**names)}")
            if not only_shown:
                parts += _run(home, line.format(**names)).splitlines()
        parts.append("```")
    return "\n".join(parts) + "\n"


def _said(words: str, command: click.Command) -> str:
    text = VERBS.get(words) or (command.help or "").partition("\n\n")[0]
    usage = " ".join(
        param.make_metavar(click.Context(command)).replace("[[", "[").replace("]]", "]")
        for param in command.params
        if isinstance(param, click.Argument)
    )
    line = " ".join(text.split()).replace("\b", "")
    return f"{line} `casereviews {f'{words} {usage}'.strip()}`"


def _options(command: click.Command) -> Iterator[str]:
    forms = []
    filters = False
    for param in command.params:
        if not isinstance(param, click.Option) or param.hidden:
            continue
        name = param.opts[0]
        if name[2:] in FORMS and param.name == FORMS[name[2:]].parameter:
            forms.append(f"`{name}`")
        elif param.name == f"filter_{name[2:]}":
            filters = True
        else:
            metavar = param.make_metavar(click.Context(command))
            value = "" if param.is_flag else f" {re.sub('INTEGER( RANGE)?', 'N', metavar)}"
            help_text = f": {param.help}" if param.help else ""
            yield f"- `{name}{value}`{help_text}"
    if filters:
        yield "- the filters above"
    if forms:
        yield f"- forms: {', '.join(forms)}"


def _ids(home: Home) -> dict[str, str]:
    """The ids that examples speak of: Child Q's and Child R's review, Child S's held document."""
    from casereviews.repository.record import Record
    from casereviews.repository.record.derived import Derived

    with Record.open(home) as record, Derived.open(home) as derived:
        by_title = {one.title or "": one.id for one in record.documents()}
        reviews = {key: review for key, (review, _) in derived.memberships().items()}
    return {
        "q": reviews[by_title["Serious Case Review: Child Q (March 2021)"]],
        "r": reviews[by_title["Serious Case Review: Child R (2019)"]],
        "s": by_title["Serious Case Review: Child S (January 2026)"],
    }


def _run(home: Home, line: str) -> str:
    import shlex

    result = CliRunner().invoke(cli, ["--home", str(home.root), *shlex.split(line)])
    assert result.exit_code == 0, (line, result.output)
    text = result.output.replace("\ufeff", "").strip("\n")
    for pattern, instead in _MASKS:
        text = pattern.sub(instead, text)
    return text
