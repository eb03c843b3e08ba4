"""How large the code is and how its rooms hang together: lines, modules, imports drawn between the children of each room.

`python -m benchmarks.structure` measures this tree; `--tree DIR` another checkout, also of 24f162f or before,
where the rooms were packages of their own. Prints a table and, with `--json FILE`, writes it. No time is measured.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import grimp

ROOMS = (
    "crawler",
    "repository",
    "index",
    "collection",
    "search_cli",
    "demo",
    "tests",
    "benchmarks",
)
DRAWN = ("crawler", "index", "repository", "repository.describing", "search_cli", "collection")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--tree", type=Path, default=Path(__file__).parents[1])
    options.add_argument("--json", type=Path)
    said = options.parse_args()
    measured = {"size": size(said.tree), "imports": imports(said.tree)}
    for name, rows in measured.items():
        print(name)
        for row in rows:
            print("  " + "  ".join(f"{key} {value}" for key, value in row.items()))
    if said.json:
        said.json.write_text(json.dumps(measured, indent=2) + "\n", "utf-8")


def size(tree: Path) -> list[dict[str, Any]]:
    """Python files and their lines by room, and lines of the vocabulary's rule files."""
    rows = []
    for room in ROOMS:
        files = sorted((tree / room).rglob("*.py"))
        lines = sum(len(file.read_text("utf-8").splitlines()) for file in files)
        rows.append({"room": room, "modules": len(files), "lines": lines})
    rules = sorted((tree / "repository" / "vocabulary" / "rules").glob("*.toml"))
    lines = sum(len(file.read_text("utf-8").splitlines()) for file in rules)
    return [*rows, {"room": "rule files", "modules": len(rules), "lines": lines}]


def imports(tree: Path) -> list[dict[str, Any]]:
    """For each room: its children (modules and folders) and the imports drawn between them, each pair counted once."""
    one_name = (tree / "src" / "casereviews").is_dir()
    sys.path.insert(0, str(tree / "src" if one_name else tree))
    prefix = "casereviews." if one_name else ""
    roots = ["casereviews"] if one_name else ["crawler", "repository", "index", "search_cli"]
    graph = grimp.build_graph(*roots, cache_dir=None)
    rows = []
    for room in DRAWN:
        package = prefix + room
        if package not in graph.modules:
            continue
        children = graph.find_children(package)
        owner = {
            module: child
            for child in children
            for module in (child, *graph.find_descendants(child))
        }
        drawn = {
            (owner[one], owner[other])
            for one in owner
            for other in graph.find_modules_directly_imported_by(one)
            if other in owner and owner[one] != owner[other]
        }
        rows.append({"room": room, "children": len(children), "imports drawn": len(drawn)})
    return rows


if __name__ == "__main__":
    main()
