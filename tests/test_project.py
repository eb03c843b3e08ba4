"""The project's files say what is there."""

import re
import tomllib
from pathlib import Path

from tests import made_pages, readme_coverage

ROOT = Path(__file__).parent.parent
ROOMS = ("crawler", "repository", "index", "collection", "search_cli", "demo", "web", "notebook")


def project():
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def test_every_package_is_listed_and_no_other():
    found = {"casereviews"} | {
        ".".join(("casereviews", *file.parent.relative_to(ROOT).parts))
        for room in ROOMS
        for file in (ROOT / room).rglob("__init__.py")
    }
    assert sorted(found) == project()["tool"]["setuptools"]["packages"]


def test_every_data_file_of_a_package_is_shipped():
    packages = project()["tool"]["setuptools"]["packages"]
    patterns = project()["tool"]["setuptools"]["package-data"]
    for room in ROOMS:
        for file in (ROOT / room).rglob("*"):
            if file.is_dir() or file.suffix in (".py", ".pyc") or file.name == "README.md":
                continue
            home = next(one for one in file.parents if (one / "__init__.py").exists())
            package = ".".join(("casereviews", *home.relative_to(ROOT).parts))
            within = file.relative_to(home)
            assert package in packages
            assert any(
                within.match(pattern) and len(within.parts) == pattern.count("/") + 1
                for pattern in (*patterns["*"], *patterns.get(package, ()))
            ), f"{file.relative_to(ROOT)} is in no wheel; name it in pyproject's package-data"


def test_the_continuous_integration_runs_the_command_that_the_readme_prints():
    readme = (ROOT / "README.md").read_text("utf-8")
    for name in ("demo", "tests"):
        assert len(re.findall(rf"<!-- command: {name} -->\n```", readme)) == 1
    assert "readme_command.py tests" in (ROOT / ".ci" / "run").read_text("utf-8")


def test_every_dependency_is_explained():
    why = (ROOT / "docs" / "ARCHITECTURE.md").read_text("utf-8").lower()
    said = project()["project"]
    named = [*said["dependencies"], *said["optional-dependencies"]["demo"]]
    for extra in ("ocr", "semantic", "charts", "data", "serve"):
        named += said["optional-dependencies"][extra]
    for requirement in named:
        name = re.match(r"[\w.-]+", requirement)[0].lower()
        assert f"`{name}`" in why, f"docs/ARCHITECTURE.md does not say why {name}"


def test_the_readme_has_the_registrys_coverage():
    assert readme_coverage.page() == (ROOT / "README.md").read_text("utf-8"), made_pages.STALE


def test_pages_that_the_readme_links_are_there():
    readme = (ROOT / "README.md").read_text("utf-8")
    for target in re.findall(r"\]\(((?:docs|benchmarks)/[^)#]+)\)", readme):
        assert (ROOT / target).is_file(), target


def test_files_and_modules_that_the_architecture_names_exist():
    page = (ROOT / "docs" / "ARCHITECTURE.md").read_text("utf-8")
    for path in re.findall(
        r"`((?:crawler|repository|index|collection|search_cli|demo|web|notebook)/[\w/]+\.(?:py|csv))`",
        page,
    ):
        assert (ROOT / path).is_file(), path
    for dotted in set(re.findall(r"`(casereviews(?:\.\w+)+)`", page)):
        parts = dotted.split(".")[1:]
        found = any(
            (ROOT / Path(*parts[:n])).with_suffix(".py").is_file()
            or (ROOT / Path(*parts[:n])).is_dir()
            for n in range(1, len(parts) + 1)
        )
        assert found, dotted


def test_the_notice_says_where_every_list_of_words_is_from():
    notice = (ROOT / "NOTICE").read_text("utf-8")
    folder = ROOT / "repository" / "vocabulary"
    for path in (*folder.glob("*.csv"), *folder.glob("*.txt"), *folder.glob("*/*.toml")):
        name = path.name if path.parent == folder else f"{path.parent.name}/"
        assert re.search(rf"(?<![\w-]){re.escape(name)}", notice), name
