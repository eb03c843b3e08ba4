"""The program from its first moment: a stop while its modules load is told in one line, with its exit code."""

from __future__ import annotations

import signal
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

STOPPED_WHILE = """
import os, runpy, sys

class Stop:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name == {module!r}:
            os.kill(os.getpid(), {number})

sys.meta_path.insert(0, Stop)
sys.argv = ["casereviews", "search", "neglect", "--help"]
runpy.run_module("casereviews.search_cli.main", run_name="__main__")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="os.kill sends no signals there")
@pytest.mark.parametrize(
    ("number", "module", "code", "said"),
    [
        (signal.SIGINT, "casereviews.search_cli.errors", 130, "Error: stopped by Ctrl-C before it began\n"),
        (signal.SIGINT, "click", 130, "Error: stopped by Ctrl-C before it began\n"),
        (signal.SIGINT, "casereviews.search_cli.commands.search", 130, "Error: stopped by Ctrl-C before it began\n"),
        (signal.SIGTERM, "click", 3, "Error: stopped by SIGTERM before it began\n"),
    ],
)  # fmt: skip
def test_a_stop_while_the_program_loads_is_told(
    number: int, module: str, code: int, said: str
) -> None:
    script = STOPPED_WHILE.format(module=module, number=int(number))
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (code, "", said)


def test_once_a_verb_is_loaded_stops_are_its_own() -> None:
    script = (
        "import signal\nfrom casereviews.search_cli import early_stop, main\n"
        "early_stop.loading()\n"
        "main.cli.get_command(None, 'search')\n"
        "print(signal.getsignal(2) is signal.default_int_handler, signal.getsignal(15) is signal.SIG_DFL)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.stdout == "True True\n"


def test_the_installed_program_begins_so() -> None:
    root = Path(__file__).parents[2]
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["scripts"]["casereviews"] == "casereviews.search_cli.program:run"
    script = STOPPED_WHILE.format(module="click", number=int(signal.SIGTERM)).partition("runpy.")[0]
    script = script.replace(" runpy,", "") + "from casereviews.search_cli.program import run\nrun()"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (3, "Error: stopped by SIGTERM before it began\n")


@pytest.mark.skipif(sys.platform == "win32", reason="signals are not inherited there")
def test_a_program_in_the_background_of_a_shell_goes_on_ignoring_ctrl_c() -> None:
    script = (
        "import signal\nsignal.signal(2, signal.SIG_IGN)\n"
        "from casereviews.search_cli.early_stop import loaded, loading\n"
        "loading()\nwhile_loading = signal.getsignal(2)\nloaded()\n"
        "print(while_loading is signal.getsignal(2) is signal.SIG_IGN)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.stdout == "True\n"
