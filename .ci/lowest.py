"""Prints a constraints file: each direct dependency at the lower bound that pyproject.toml names, all others no newer than in the lock.

So a new release elsewhere breaks no verdict here, and what the old ones need older is still to be had.
"""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
PIN = re.compile(r"([\w.-]+)==([^\s\\]+)(\s*;[^\\]*)?")


def normal(name: str) -> str:
    """The name as indexes compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def lower_bounds() -> dict[str, str]:
    """Name to lowest version of every direct dependency, extras included, tools for developers not."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    named = project["dependencies"] + [
        one for name in extras if name != "dev" for one in extras[name]
    ]
    bounds = {}
    for requirement in named:
        if requirement.startswith(f"{project['name']}["):
            continue
        name, version = re.match(r"([\w.-]+)[>=]=([\w.]+)", requirement).groups()
        if bounds.setdefault(normal(name), version) != version:
            raise SystemExit(f"pyproject.toml has two lower bounds of {name}")
    return bounds


def constraints() -> list[str]:
    """A line for each direct dependency, then one for each other line of the lock."""
    bounds = lower_bounds()
    lock = (ROOT / ".ci" / "requirements.lock").read_text("utf-8")
    others = [
        f"{name}<={version}{marker or ''}".rstrip()
        for name, version, marker in PIN.findall(lock)
        if normal(name) not in bounds
    ]
    return [f"{name}=={version}" for name, version in bounds.items()] + others


if __name__ == "__main__":
    print("\n".join(constraints()))
