"""README's Python runs as it is printed, over the small home."""

import contextlib
import io
import re
from pathlib import Path

from casereviews.repository.home import Home
from tests.search_cli import small_home

README = (Path(__file__).parents[1] / "README.md").read_text("utf-8")


def test_the_python_of_the_readme_prints_what_its_output_looks_like(tmp_path):
    code, output = re.search(r"```python\n(.*?)```\n\n```text\n(.*?)```", README, re.S).groups()
    assert code.count('"FOLDER"') == 1
    home = small_home.make(Home(tmp_path / "home"))
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(code.replace('"FOLDER"', repr(str(home.root))), {})
    first, *others = printed.getvalue().splitlines()
    assert first == output.splitlines()[0]
    assert others == [
        "Child Q: Executive Summary (March 2021) | 2021-03 | pages [1]",
        "Executive Summary: Child Q",
    ]
    assert len(others) + 1 == len(output.splitlines())
