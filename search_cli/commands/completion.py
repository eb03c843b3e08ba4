"""`completion`: the shell completes verbs, options and values."""

from __future__ import annotations

import os
from pathlib import Path

import click

from casereviews.search_cli.errors import CannotRun
from casereviews.search_cli.examples import examples
from casereviews.search_cli.user_files import replace

SHELLS = ("bash", "zsh", "fish")
MARK = "# casereviews completion"


@examples("completion", "completion zsh --print")
@click.command("completion")
@click.argument("shell", type=click.Choice(SHELLS), required=False)
@click.option("--print", "only_print", is_flag=True, help="Print the script, change nothing.")
def command(shell: str | None, only_print: bool) -> None:
    """Install completion for this shell (SHELL, or the one that is named): verbs, options, sources, themes, nations, ids, saved names.

    The script is kept in a file of its own, and bash and zsh get one line in ~/.bashrc or ~/.zshrc that reads it; run again, both are
    brought up to date.
    """
    chosen = shell or Path(os.environ.get("SHELL", "")).name
    if chosen not in SHELLS:
        raise click.UsageError(
            f"which shell? Completion is made for {', '.join(SHELLS)}: casereviews completion bash"
        )
    script = script_of(chosen)
    if only_print:
        click.echo(script)
        return
    try:
        file, read_by = installed(chosen, script, Path.home())
    except OSError as error:
        raise CannotRun(
            f"cannot write {error.filename} ({error.strerror}): `casereviews completion {chosen} --print` gives the "
            "script to keep elsewhere"
        ) from error
    click.echo(f"wrote {file}" + (f", read by {read_by}" if read_by else ""), err=True)
    click.echo("it works in every new shell", err=True)


def script_of(shell: str) -> str:
    """The script with which a shell asks the program what to offer."""
    from click.shell_completion import get_completion_class

    from casereviews.search_cli.main import cli

    maker = get_completion_class(shell)
    assert maker is not None
    return maker(cli, {}, "casereviews", "_CASEREVIEWS_COMPLETE").source()


def installed(shell: str, script: str, user: Path) -> tuple[Path, Path | None]:
    """Write the script under the user's folder; returns its file, and the one that now reads it (None for fish, which reads its own)."""
    if shell == "fish":
        file = user / ".config" / "fish" / "completions" / "casereviews.fish"
    else:
        file = user / ".config" / "casereviews" / f"completion.{shell}"
    file.parent.mkdir(parents=True, exist_ok=True)
    replace(file, script + "\n")
    if shell == "fish":
        return file, None
    rc = user / f".{shell}rc"
    line = f'[ -r "{file}" ] && . "{file}"  {MARK}\n'
    before = rc.read_text("utf-8") if rc.exists() else ""
    others = [one for one in before.splitlines(keepends=True) if not one.rstrip().endswith(MARK)]
    text = "".join(others)
    # Written in place: an rc file is often a link into somebody's dotfiles.
    rc.write_text(text + ("\n" if text and not text.endswith("\n") else "") + line, "utf-8")
    return file, rc
