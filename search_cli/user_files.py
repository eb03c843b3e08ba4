"""Files that people name on the command line: what goes wrong with them is told, not traced."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from casereviews.search_cli.errors import BadRequest, CannotRun

# Windows alone has O_BINARY, without which it would change line ends.
_APPENDED = os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0)


@contextmanager
def named_file(path: Path) -> Iterator[None]:
    """Turn what the machine says of `path` into BadRequest (no such folder) or CannotRun (no permission, no space)."""
    try:
        yield
    except FileNotFoundError:
        raise BadRequest(f"{path}: there is no folder {path.parent}: make it first") from None
    except OSError as error:
        raise CannotRun(f"{path} cannot be written: {error.strerror or error}") from error


def name_of(file: Any) -> str:
    """What a file that was given to read is called; "-" is the standard input."""
    name = str(getattr(file, "name", "-"))
    return "-" if name == "<stdin>" else name


def text_of(file: Any) -> str:
    """The text of a file that was given to read in bytes. Raises BadRequest when it is not UTF-8."""
    given = file.read()
    if given.startswith(b"PK\x03\x04"):
        raise BadRequest(
            f"{name_of(file)} is a ZIP file or a workbook: unpack it, or save it as CSV UTF-8, and give that"
        )
    try:
        return str(given.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise BadRequest(
            f"{name_of(file)} is not UTF-8: save it so (CSV UTF-8), and give it again"
        ) from None


def append_line(path: Path, line: str) -> None:
    """Append one line in one call, so that lines of two programs never mix; a half line of a killed one is ended first."""
    with named_file(path):
        descriptor = os.open(path, _APPENDED, 0o666)
        try:
            size = os.lseek(descriptor, 0, os.SEEK_END)
            whole = True
            if size:
                os.lseek(descriptor, size - 1, os.SEEK_SET)
                whole = os.read(descriptor, 1) == b"\n"
            os.write(descriptor, (("" if whole else "\n") + line + "\n").encode("utf-8"))
        finally:
            os.close(descriptor)


def replace(path: Path, content: str | bytes) -> None:
    """Write a file whole or not at all."""
    from casereviews.repository.whole_files import write_whole

    with named_file(path):
        write_whole(path, content)
