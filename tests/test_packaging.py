"""What is installed: every room under one name, every file of it, every library it imports, and nothing of the working directory."""

from __future__ import annotations

import ast
import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
LINKS = ROOT / "src" / "casereviews"
ROOMS = sorted(
    folder for folder in PROJECT["tool"]["setuptools"]["package-dir"].values() if "/" not in folder
)
EXTRAS = PROJECT["project"]["optional-dependencies"]
OURS = (
    "opensearch",
    "postgresql",
    "s3",
    "demo",
    "ocr",
    "semantic",
    "multilingual",
    "charts",
    "data",
    "serve",
)  # the extras that the product itself imports
SHADOWS = (
    *("casereviews", *ROOMS),
    *("json", "signal", "socket", "threading", "logging", "struct"),
    *("click", "lxml", "scrapy", "twisted", "pebble", "sqlalchemy", "pypdfium2"),
)


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


# A site that the live tests serve with a Python of its own, which has Wagtail and Django: no code of ours imports it.
ANOTHER_PYTHONS = ROOT / "tests/live/wagtail_site"


def declared(*requirements: str) -> set[str]:
    """Names of distributions, an extra of our own replaced by what it names."""
    names: set[str] = set()
    for requirement in requirements:
        own = re.fullmatch(r"casereviews\[([\w,]+)\]", requirement)
        if own:
            names |= declared(*(one for extra in own[1].split(",") for one in EXTRAS[extra]))
        else:
            names.add(normal(re.match(r"[\w.-]+", requirement)[0]))
    return names


def imported(*folders: Path) -> dict[str, Path]:
    """Top-level modules that the files import, without Python's own and ours, and a file that does."""
    found: dict[str, Path] = {}
    files = (file for folder in folders for file in folder.rglob("*.py"))
    for file in (file for file in files if not file.is_relative_to(ANOTHER_PYTHONS)):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            names: list[str] = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and not node.level:
                names = [node.module or ""]
            found |= {name.partition(".")[0]: file for name in names}
    return {
        name: file
        for name, file in found.items()
        if name not in sys.stdlib_module_names and name != "casereviews"
    }


@cache
def installed() -> Mapping[str, list[str]]:
    """Top-level modules of what is installed, and the distributions that each comes from."""
    return importlib.metadata.packages_distributions()


def distributions(module: str) -> set[str]:
    """Which distributions a module comes from; one that is not installed is called like its module."""
    known = installed().get(module, [module])
    return {normal(name) for name in known}


def test_every_library_that_a_room_imports_is_declared() -> None:
    names = declared(*PROJECT["project"]["dependencies"], *(f"casereviews[{one}]" for one in OURS))
    for module, file in imported(*(ROOT / room for room in ROOMS)).items():
        assert distributions(module) & names, f"{file} imports {module}, which is not declared"


def test_every_library_that_the_tests_import_is_declared() -> None:
    names = declared(*PROJECT["project"]["dependencies"], "casereviews[dev]")
    local = {file.stem for file in (ROOT / "tests").rglob("*.py")}
    local |= {file.stem for file in (ROOT / "benchmarks").rglob("*.py")} | {"tests", "benchmarks"}
    for module, file in imported(ROOT / "tests").items():
        assert module in local or distributions(module) & names, f"{file} imports {module}"


NOT_IMPORTED = {"wordllama", "psycopg-binary"}
"""Of wordllama two files are read (`repository/sentence_encoder.py`): loading it would load what no question needs. psycopg-binary is psycopg's
own part in C."""


def test_every_declared_library_is_imported() -> None:
    names = declared(*PROJECT["project"]["dependencies"], *(f"casereviews[{one}]" for one in OURS))
    used: set[str] = set()
    for module in imported(*(ROOT / room for room in ROOMS)):
        used |= distributions(module)
    assert names - used == NOT_IMPORTED


def test_the_build_and_the_links_name_the_same_rooms() -> None:
    mapped = PROJECT["tool"]["setuptools"]["package-dir"]
    assert mapped == {"casereviews": "src/casereviews"} | {f"casereviews.{r}": r for r in ROOMS}
    links = {
        path.name: path.readlink().as_posix() if path.is_symlink() else path.read_text("utf-8")
        for path in LINKS.iterdir()
        if path.name not in ("__init__.py", "__pycache__")
    }
    assert links == {room: f"../../{room}" for room in ROOMS}


def test_the_lock_has_every_direct_dependency_hashes_for_each_and_no_address() -> None:
    lock = (ROOT / ".ci" / "requirements.lock").read_text("utf-8")
    pins = re.split(r"\n(?=[\w.-]+==)", lock)[1:]
    assert all("--hash=sha256:" in pin for pin in pins)
    assert "://" not in lock
    names = declared(*PROJECT["project"]["dependencies"], "casereviews[dev]", "setuptools")
    assert names - {normal(pin.partition("==")[0]) for pin in pins} == set()


def test_the_lowest_dependencies_are_the_lower_bounds_and_the_lock_for_the_rest() -> None:
    lowest = [sys.executable, str(ROOT / ".ci" / "lowest.py")]
    done = subprocess.run(lowest, capture_output=True, text=True, check=True)
    lines = done.stdout.splitlines()
    bounds = [one for one in PROJECT["project"]["dependencies"] if ">=" in one]
    bounds += [one for extra in (*OURS, "test") for one in EXTRAS[extra] if ">=" in one]
    for requirement in bounds:
        name, version = re.match(r"([\w.-]+)>=([\w.]+)", requirement).groups()
        assert [one for one in lines if one.startswith(f"{normal(name)}==")] == [
            f"{normal(name)}=={version}"
        ]
    lock = (ROOT / ".ci" / "requirements.lock").read_text("utf-8")
    parsel = re.search(r"^parsel==([\w.]+)", lock, re.M)[1]  # Scrapy's, not ours
    assert f"parsel<={parsel}" in lines


def test_the_hosted_workflow_calls_the_same_script_and_audits_the_lock() -> None:
    workflow = (ROOT / ".github" / "workflows" / "ci.yml").read_text("utf-8")
    assert "bash .ci/run" in workflow
    for system in ("ubuntu", "macos", "windows"):
        assert f"{system}-latest" in workflow
    assert workflow.index("core.symlinks true") < workflow.index(
        "actions/checkout", workflow.index("windows")
    )
    assert "pip-audit" in workflow
    assert ".ci/requirements.lock" in workflow


def built(folder: Path, *, links: bool) -> Path:
    """A wheel of a copy of the tree, with the links of src/ or with the small texts that git leaves where there are none."""
    tree = folder / "tree"
    for room in ROOMS:
        shutil.copytree(ROOT / room, tree / room, ignore=shutil.ignore_patterns("__pycache__"))
    (tree / "src" / "casereviews").mkdir(parents=True)
    for name in ("pyproject.toml", "README.md", "LICENSE", "NOTICE", "src/casereviews/__init__.py"):
        shutil.copy(ROOT / name, tree / name)
    for room in ROOMS:
        link = tree / "src" / "casereviews" / room
        if links:
            link.symlink_to(f"../../{room}", target_is_directory=True)
        else:
            link.write_text(f"../../{room}", "utf-8")
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir"]
    subprocess.run([*pip, str(folder / "wheels"), *_isolation(), str(tree)], check=True)
    (wheel,) = (folder / "wheels").iterdir()
    return wheel


def _isolation() -> list[str]:
    """Where setuptools is new enough it builds as it is; elsewhere pip fetches one for the build."""
    try:
        version = importlib.metadata.version("setuptools")
    except importlib.metadata.PackageNotFoundError:
        return []
    return ["--no-build-isolation"] if int(version.partition(".")[0]) >= 77 else []


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory.mktemp("wheel"), links=False)


def files_of(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as opened:
        return set(opened.namelist())


def own_files() -> Iterator[str]:
    yield "casereviews/__init__.py"
    for room in ROOMS:
        for file in (ROOT / room).rglob("*"):
            if file.is_file() and "__pycache__" not in file.parts:
                yield f"casereviews/{file.relative_to(ROOT).as_posix()}"


@pytest.mark.slow
def test_the_wheel_holds_every_file_of_the_rooms_and_nothing_beside_casereviews(
    wheel: Path,
) -> None:
    files = files_of(wheel)
    information = {name for name in files if ".dist-info/" in name}
    assert files - information == set(own_files())
    assert {name.partition("/")[0] for name in information} == {"casereviews-0.1.0.dist-info"}
    assert {"LICENSE", "NOTICE"} <= {Path(name).name for name in information}


@pytest.mark.slow
def test_a_clone_without_links_gives_the_same_wheel(wheel: Path, tmp_path: Path) -> None:
    try:
        (tmp_path / "link").symlink_to(tmp_path)
    except OSError:
        pytest.skip("this system makes no links")
    assert files_of(built(tmp_path, links=True)) == files_of(wheel)


@pytest.mark.slow
def test_installed_it_runs_no_file_of_the_working_directory(wheel: Path, tmp_path: Path) -> None:
    home = tmp_path / "venv"
    venv.create(home, with_pip=False)
    scripts = home / ("Scripts" if os.name == "nt" else "bin")
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "--quiet", "--python", str(home)),
            *("install", "--no-deps", "--no-index", str(wheel)),
        ],
        check=True,
    )
    # The libraries of the environment that runs the tests, but none of its own links to this tree.
    (site,) = home.glob("[Ll]ib/**/site-packages")
    (site / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n", "utf-8")
    folder = tmp_path / "working directory"
    folder.mkdir()
    ran = tmp_path / "ran"
    for name in SHADOWS:
        (folder / f"{name}.py").write_text(
            f"with open({str(ran)!r}, 'a') as out: out.write({name!r} + ' ')\n", "utf-8"
        )
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    done = subprocess.run(
        [str(scripts / "casereviews"), "--home", str(tmp_path / "home"), "demo"],
        cwd=folder,
        env=environment | {"PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert not ran.exists(), ran.read_text("utf-8")
    assert done.returncode == 0, done.stderr
    assert re.search(r"^hallowshire +ok ", done.stdout, re.M), done.stdout
    assert sorted(path.stem for path in folder.iterdir()) == sorted(SHADOWS)


def test_benchmarks_import_one_another_by_their_full_name():
    files = list((ROOT / "benchmarks").rglob("*.py"))
    stems = {file.stem for file in files}
    for file in files:
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not {name.partition(".")[0] for name in names} & stems, f"{file.name}: {names}"
