"""What is made from the code in README and docs/. Write all of it again after a change: `python -m tests.made_pages`."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from casereviews.repository.home import Home
from tests import field_pages, readme_coverage
from tests.search_cli import command_page, small_home

STALE = "stale: run `python -m tests.made_pages`"


def main() -> None:
    """Write the pages."""
    os.environ["CASEREVIEWS_NOW"] = small_home.NOW
    readme_coverage.PAGE.write_text(readme_coverage.page(), "utf-8")
    for name in field_pages.PAGES:
        (field_pages.DOCS / name).write_text(field_pages.page(name), "utf-8")
    with tempfile.TemporaryDirectory() as folder:
        home = small_home.make(Home(Path(folder) / "home"))
        command_page.PAGE.write_text(command_page.page(home), "utf-8")


if __name__ == "__main__":
    main()
