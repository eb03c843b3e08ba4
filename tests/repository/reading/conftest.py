"""The makers of documents with known words are shared with the benchmarks."""

import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
for folder in (ROOT / "benchmarks", Path(__file__).parent):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
