"""The style sheet and the icon: the only files that are served as they are, found by name in a list made at the start."""

from __future__ import annotations

import hashlib
from pathlib import Path

FOLDER = Path(__file__).parent / "static"
TYPES = {".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}
FILES = {path.name: path.read_bytes() for path in sorted(FOLDER.iterdir()) if path.suffix in TYPES}
STAMP = hashlib.sha256(b"".join(FILES.values())).hexdigest()[:12]
"""Changes with any of them: in their address, so that a browser may keep them."""
