"""A real refresh over a site mends what it can make again, and says so."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from casereviews.repository.home import Home
from tests.crawler.faults import LIST, list_page
from tests.crawler.server import Answer, serving
from tests.search_cli.small_home import pdf
from tests.search_cli.verbs.conftest import Runner

SOURCE = """[[source]]
id = "pear-vale"
publisher = "Pear Vale Partnership"
nation = "England"
family = "listing"
national = true
start_urls = ["{url}"]
hosts = ["{host}"]
"""
NIGHT = ("refresh", "--source", "pear-vale", "--delay", "0")


@pytest.fixture(scope="module")
def collected(tmp_path_factory):
    """A site with two reports and a home that collected them; its site goes on."""
    with pytest.MonkeyPatch.context() as patch, serving() as site:
        patch.setenv("CASEREVIEWS_NOW", "2026-03-01T08:00:00Z")
        patch.setenv("CASEREVIEWS_CONTACT", "you@example.org")
        links = [(f"/f/{n}.pdf", f"Child F{n} overview report") for n in (1, 2)]
        site.routes[LIST] = Answer(list_page(links))
        for n in (1, 2):
            file = pdf([[f"Child F{n} overview report", f"A dunnock was heard {n} times."] * 3])
            site.routes[f"/f/{n}.pdf"] = Answer(file, media_type="application/pdf")
        home = Home(tmp_path_factory.mktemp("collected") / "home").create()
        home.sources_toml.write_text(SOURCE.format(url=site.url + LIST, host=site.host))
        run = Runner(home)
        run.ok(*NIGHT)
        assert run.json("search", "dunnock", "--scope", "all")["total"] == 2
        yield run


@pytest.fixture
def run(collected, tmp_path, monkeypatch):
    monkeypatch.setenv("CASEREVIEWS_NOW", "2026-03-02T08:00:00Z")
    shutil.copytree(collected.home.root, tmp_path / "home")
    return Runner(Home(tmp_path / "home"))


def flipped(file: Path) -> bytes:
    body = bytearray(file.read_bytes())
    body[len(body) // 2] ^= 0x55
    file.write_bytes(body)
    return bytes(body)


@pytest.mark.slow
@pytest.mark.parametrize("how", ["flipped", "gone", "a folder", "nowhere"])
def test_a_damaged_kept_file_is_fetched_again_by_a_recheck(run, how):
    first, second = sorted(run.home.archive.glob("??/*"))
    before = first.read_bytes()
    if how == "flipped":
        flipped(first)
    else:
        first.unlink()
    if how == "a folder":
        first.mkdir()
    if how == "nowhere":
        first.symlink_to("/nowhere/at/all")
    said = {row["check"]: row for row in json.loads(run("doctor", "--json").stdout)}
    assert (said["archive"]["state"], "refresh --recheck" in said["archive"]["detail"]) == (
        "wrong",
        True,
    )
    run.ok(*NIGHT, "--recheck")
    assert (first.read_bytes(), first.is_symlink(), second.exists()) == (before, False, True)
    assert run("doctor").exit_code == 0


@pytest.mark.slow
@pytest.mark.parametrize("name", ["CURRENT", "*.trm", "*.toc", "*.pst", "pages.db", "index.json"])
def test_a_refresh_over_a_damaged_index_makes_it_anew_and_says_so(run, name):
    flipped(next(iter([*run.home.index.glob(name), *run.home.index.glob(f"g*/{name}")])))
    assert run("doctor").exit_code == 3
    done = run(*NIGHT)
    assert (done.exit_code, "made anew" in done.stderr) == (0, True), done.stderr
    assert run.json("search", "dunnock", "--scope", "all")["total"] == 2
    assert run("doctor").exit_code == 0


@pytest.mark.slow
def test_a_refresh_over_a_damaged_derived_db_reads_everything_anew_and_says_so(run):
    run.home.derived_db.write_bytes(flipped(run.home.derived_db)[:20_000])
    done = run(*NIGHT)
    assert (done.exit_code, "made anew from the archive" in done.stderr) == (0, True), done.stderr
    assert run.json("search", "dunnock", "--scope", "all")["total"] == 2
