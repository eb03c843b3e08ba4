"""Putting what was written where it was wanted, whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from casereviews.collection.errors import RequestError
from casereviews.collection.output.places import refuse_other_file
from casereviews.collection.output.tables.form import TableForm
from casereviews.repository.temporary_folders import temporary_folder
from casereviews.repository.this_system import flush_folder, put_in_place
from casereviews.repository.whole_files import remove


class NothingWritten(Exception):
    """Raised within `placed`: nothing is put in place, and what stood there stays."""


@contextmanager
def placed(path: Path, form: TableForm) -> Iterator[Path]:
    """A folder beside `path` to write in; when the block ends well its files take their place.

    An earlier file, and a folder that an earlier export of this form made, are replaced. Whatever fails or is killed before, `path`
    stays as it was; what a kill leaves beside it goes with the next export there. Raises RequestError for a folder that holds other things, and for
    a file of another kind.
    """
    refuse_others(path, form)
    with temporary_folder("export-", place=path.parent) as around:
        folder = around / "whole"
        folder.mkdir()
        yield folder
        for file in folder.iterdir():
            _flush(file)
        if form.folder:
            _replace_folder(folder, path, around)
        else:
            for ending in form.stale:  # it would be read as part of the new file
                Path(f"{path}{ending}").unlink(missing_ok=True)
            # The file itself last: what stands beside it is of no use without it.
            for file in sorted(folder.iterdir(), key=lambda one: one.name == path.name):
                put_in_place(file, path.with_name(file.name))
        flush_folder(path.parent)


def refuse_others(path: Path, form: TableForm) -> None:
    """Raise RequestError where something stands that an export does not replace, and where the folder for it is missing."""
    if not path.parent.is_dir():
        raise RequestError(f"{path}: there is no folder {path.parent}: make it first")
    if form.folder and path.exists():
        others = path.is_dir() and {one.name for one in path.iterdir()} - set(form.files)
        if others or not path.is_dir():
            raise RequestError(
                f"{path} holds other things than an earlier --{form.name}: name a new folder"
            )
    if not form.folder and path.is_dir():
        raise RequestError(f"{path} is a folder: name a file for --{form.name}")
    refuse_other_file(path, form.name)


def _replace_folder(folder: Path, path: Path, around: Path) -> None:
    """A folder cannot be renamed over another that holds files: the old one is moved aside, and goes with what is around."""
    if path.is_dir():
        path.rename(around / "before")
    folder.rename(path)
    remove(around / "before")


def _flush(file: Path) -> None:
    with file.open("rb+") as opened:
        os.fsync(opened.fileno())
