"""The text of files that people edit, in the encodings that their editors write."""

from __future__ import annotations

import codecs
from pathlib import Path


def edited_text(path: Path, *, save: str = "save the file as UTF-8") -> str:
    """A file's text: UTF-8 with or without a mark, UTF-16 with one.

    `save` says how another encoding is mended. Raises FileNotFoundError, NotADirectoryError, and ValueError, whose message names file, line and what to do, when it cannot be
    read as text.
    """
    try:
        given = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        raise
    except OSError as error:
        raise ValueError(
            f"{path} cannot be read ({error.strerror}): let it be read, or take it away"
        ) from error
    wide = given.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        return given.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = given.count(b"\n", 0, error.start) + 1
        raise ValueError(f"{path}, line {line}: not UTF-8 text: {save}") from error
