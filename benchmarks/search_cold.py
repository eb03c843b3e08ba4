"""One search in a new process, as stock Whoosh or FTS5 would answer it: `python benchmarks/search_cold.py whoosh|fts5 DIR QUERY`."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.search_baselines import open_fts5, open_whoosh

if __name__ == "__main__":
    system, folder, query = sys.argv[1:]
    {"whoosh": open_whoosh, "fts5": open_fts5}[system](Path(folder))(query)
