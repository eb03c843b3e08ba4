"""References read by what nobody here wrote: pandoc and bibutils. rispy and bibtexparser are asked in the default tests.

Zotero, EndNote, Rayyan, Covidence and EPPI-Reviewer themselves are not, nor the JSON schema of CSL data and EndNote's DTD: none could be had from
a package index. What these forms may hold is asserted field by field in tests/collection/test_taking_away.py.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from xml.etree import ElementTree

import pytest

from casereviews.repository.home import Home
from tests.search_cli.verbs.conftest import Runner

pytestmark = pytest.mark.live

MODS = "{http://www.loc.gov/mods/v3}"


@pytest.fixture(scope="module")
def read(built: Home) -> Runner:
    return Runner(built)


def given(read: Runner) -> dict[str, str]:
    """Title -> the beginning of its abstract, "" where nothing of it was coded (a library's entry), as a reference has them."""
    references = json.loads(read.ok("export", "--csl-json"))
    found = {one["title"]: one.get("abstract", "")[:40] for one in references}
    assert sum(map(bool, found.values())) == len(found) - 1 == 5
    return found


@pytest.mark.skipif(not shutil.which("pandoc"), reason="pandoc is not installed")
@pytest.mark.parametrize(("flag", "form"), [("--bibtex", "bibtex"), ("--csl-json", "csljson")])
def test_pandoc_reads_each_reference_with_title_body_date_and_abstract(
    read: Runner, flag: str, form: str
) -> None:
    done = subprocess.run(
        ["pandoc", "-f", form, "-t", "csljson"],
        input=read.ok("export", flag),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    found = json.loads(done.stdout)
    assert {one["title"]: one.get("abstract", "")[:40] for one in found} == given(read)
    assert all(one["issued"]["date-parts"][0][0] >= 2018 for one in found)
    assert all(one["publisher"] for one in found)


@pytest.mark.parametrize(
    ("flag", "program"),
    [("--ris", "ris2xml"), ("--endnote-xml", "endx2xml"), ("--bibtex", "bib2xml")],
)
def test_bibutils_reads_each_reference_with_title_and_abstract(
    read: Runner, flag: str, program: str
) -> None:
    if not shutil.which(program):
        pytest.skip(f"{program} (bibutils) is not installed")
    done = subprocess.run(
        [program, "-i", "utf8"],
        input=read.ok("export", flag).encode(),
        capture_output=True,
        check=True,
    )
    records = ElementTree.fromstring(done.stdout).findall(f"{MODS}mods")
    abstracts = sorted((one.findtext(f"{MODS}abstract") or "")[:40] for one in records)
    assert abstracts == sorted(given(read).values())
    parted = [f"{one.findtext(f'{MODS}titleInfo/{MODS}title')}" for one in records]
    assert all(any(title.startswith(part) for title in given(read)) for part in parted)
