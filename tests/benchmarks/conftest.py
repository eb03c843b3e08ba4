"""The benchmarks are no installed package: they are found beside the tests, also by a bare `pytest`."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent.parent))
