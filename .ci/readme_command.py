"""Prints a command exactly as the README has it: the shell block under `<!-- command: NAME -->`."""

import re
import sys
from pathlib import Path

readme = (Path(__file__).parent.parent / "README.md").read_text("utf-8")
found = re.search(rf"<!-- command: {re.escape(sys.argv[1])} -->\s*```\w*\n(.*?)```", readme, re.S)
if not found:
    sys.exit(f"README.md has no block marked <!-- command: {sys.argv[1]} -->")
print(found[1].strip())
