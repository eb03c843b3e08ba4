"""LibreOffice as a converter of legacy files: headless, with a profile of its own, in a folder of its own, with limits."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from casereviews.repository import this_system
from casereviews.repository.reading.errors import Corrupt, OutOfTime, ProgramMissing
from casereviews.repository.temporary_folders import temporary_folder

# Words of a reading's detail that tell `better_could_read` what was missing.
MISSING = "install LibreOffice"
NO_WRITER = "LibreOffice has no Writer"
_PLACES = (
    "/usr/bin/soffice",
    "/usr/lib/libreoffice/program/soffice",
    "/opt/libreoffice/program/soffice",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    r"C:\Program Files\LibreOffice\program\soffice.exe",
    r"C:\Program Files (x86)\LibreOffice\program\soffice.exe",
)
_MEMORY_MB = 4000
_FILE_MB = 200


def find_office() -> str | None:
    """The path of LibreOffice's program, None when it is not installed."""
    return shutil.which("soffice") or next((path for path in _PLACES if Path(path).exists()), None)


def has_writer(program: str) -> bool:
    """False when LibreOffice's folder lacks the library of Writer (swlo), as where only some of its packages are installed.

    A folder that is not laid out as LibreOffice's own (a wrapper script, macOS) is taken to have it.
    """
    folder = Path(program).resolve().parent
    return not (folder / "soffice.bin").exists() or any(folder.glob("*swlo.*"))


@contextmanager
def converted(path: Path, *, to: str, suffix: str, seconds: float) -> Iterator[Path]:
    """Convert a file by LibreOffice to the format `to` ("docx"); gives the path of the result, removed afterwards.

    `suffix` is the ending that the content calls for (".doc"): LibreOffice goes by names. Macros and links are not followed: a
    fresh profile trusts nothing. Raises ProgramMissing, OutOfTime or Corrupt.
    """
    program = find_office()
    if program is None:
        raise ProgramMissing(
            f"{MISSING} (package libreoffice-writer) to read this kind of file, then run `casereviews rebuild --reading`"
        )
    if not has_writer(program):
        raise ProgramMissing(
            f"{NO_WRITER}: install libreoffice-writer to read this kind of file, then run `casereviews rebuild --reading`"
        )
    with temporary_folder("office-") as folder:
        source = folder / f"document{suffix}"
        shutil.copyfile(path, source)
        command = [
            program,
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            "--headless", "--norestore", "--nolockcheck", "--nodefault", "--nofirststartwizard",
            "--convert-to", to, "--outdir", str(folder), str(source),
        ]  # fmt: skip
        _run(command, str(folder), seconds)
        result = folder / f"document.{to.split(':', 1)[0]}"
        if not result.exists():
            raise Corrupt("LibreOffice could not open it: a damaged file")
        yield result


def _run(command: list[str], folder: str, seconds: float) -> None:
    """Run LibreOffice in a process group of its own, and end the whole group when time is up, or with us."""
    process = this_system.guarded(
        command,
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "HOME": folder, "TMPDIR": folder, "TEMP": folder, "TMP": folder},
    )
    # It starts before the bound is set, but has read nothing yet.
    this_system.bound_program(process.pid, memory_mb=_MEMORY_MB, file_mb=_FILE_MB)
    try:
        process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        raise OutOfTime(f"LibreOffice took longer than {seconds:.0f} seconds") from None
    finally:
        if process.poll() is None:
            this_system.end_group(process)
        assert process.stdin is not None
        process.stdin.close()
