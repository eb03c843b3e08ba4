"""Words of other projects' test files, read by ours and by the usual programs.

`python -m benchmarks.reading_corpora --from DIR` reads every PDF and Office file below a folder, and in the source archives (.tar.gz)
in it, as `pip download --no-binary :all: --no-deps python-docx python-pptx odfpy pdfminer.six pypdf -d DIR` leaves them. Beside
it: pdftotext for PDF, LibreOffice's text for Word, OpenDocument and RTF, its PDF through pdftotext for slides, and mammoth for DOCX where
it is installed. By kind of file it prints the share of their words that are in ours (and of those that the file
itself has: a program may draw a scale, or today's date), and of ours in theirs. Nothing is downloaded.
"""

from __future__ import annotations

import argparse
import importlib
import json
import re
import shutil
import subprocess
import tarfile
import tempfile
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lxml import etree

from casereviews.repository.reading import Limits, ReadJob, read_files
from casereviews.repository.reading.office import find_office

_TEXTS = (".docx", ".doc", ".odt", ".rtf", ".html")
_SLIDES = (".pptx", ".odp")
_KINDS = (".pdf", *_TEXTS, *_SLIDES)
_WORD = re.compile(r"\d+(?:[.,]\d+)+|[^\W_]+")
_BATCH = 20  # files that LibreOffice converts in one go
_SECONDS = 240
LIMITS = Limits(ocr=False, seconds=60)


@dataclass(slots=True)
class Score:
    """Words of one kind of file: theirs, ours, and those of both; files where the other gave any; the worst for us.

    `held`: those of theirs that the file itself has; a program writes others of its own (the numbers along an axis, today's date).
    `lettered`: those of these that are no numbers, for the numbers along an axis may stand in the file for something else.
    """

    files: int = 0
    theirs: int = 0
    ours: int = 0
    both: int = 0
    held: int = 0
    held_in_ours: int = 0
    lettered: int = 0
    lettered_in_ours: int = 0
    worst: list[tuple[int, str, list[str]]] = field(default_factory=list)

    def add(
        self,
        name: str,
        theirs: Counter[str],
        ours: Counter[str],
        held: Counter[str] | None = None,
    ) -> None:
        self.files += 1
        of_file = theirs if held is None else theirs & held
        self.held += of_file.total()
        self.held_in_ours += (of_file & ours).total()
        self.theirs += theirs.total()
        self.ours += ours.total()
        self.both += (theirs & ours).total()
        lettered = Counter({word: n for word, n in of_file.items() if not word[0].isdigit()})
        self.lettered += lettered.total()
        self.lettered_in_ours += (lettered & ours).total()
        missing = of_file - ours
        self.worst.append((missing.total(), name, [word for word, _ in missing.most_common(8)]))

    def row(self) -> dict[str, Any]:
        """Figures to print: both recalls are shares."""
        return {
            "files": self.files,
            "their words in ours": round(self.both / max(self.theirs, 1), 4),
            "of those that the file has": round(self.held_in_ours / max(self.held, 1), 4),
            "of these without numbers": round(self.lettered_in_ours / max(self.lettered, 1), 4),
            "our words in theirs": round(self.both / max(self.ours, 1), 4),
            "their words": self.theirs,
            "that the file has": self.held,
            "our words": self.ours,
        }


def words(text: str) -> Counter[str]:
    """How often each word stands in a text, a number whole ("4.3"); case and ligatures do not count."""
    return Counter(_WORD.findall(text.casefold()))


def held(path: Path) -> Counter[str] | None:
    """How often each word stands in the XML of a zipped document; None for other files."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = [each for each in archive.namelist() if each.endswith((".xml", ".rels"))]
            roots = [etree.fromstring(archive.read(each)) for each in members]
    except (zipfile.BadZipFile, etree.XMLSyntaxError):
        return None
    # A word may stand in pieces within a paragraph, so both are counted.
    found: Counter[str] = Counter()
    for root in roots:
        blocks = ("".join(each.itertext()) for each in root.iter("{*}p", "{*}h"))
        pieces = (each.text or "" for each in root.iter("*"))
        found += words(" ".join(blocks)) | words(" ".join(pieces))
    return found


def unpacked(source: Path, folder: Path) -> list[Path]:
    """The files of all kinds in a folder and in the source archives in it."""
    folder.mkdir(parents=True, exist_ok=True)
    for archive in sorted(source.glob("*.tar.gz")):
        with tarfile.open(archive) as packed:
            for number, member in enumerate(packed):
                # Under names of our own: an archive's may lead anywhere.
                inside = packed.extractfile(member) if member.isfile() else None
                if inside is not None and Path(member.name).suffix.lower() in _KINDS:
                    place = folder / f"{archive.name}-{number}" / Path(member.name).name
                    place.parent.mkdir()
                    place.write_bytes(inside.read())
    found = (path for top in (source, folder) for path in sorted(top.rglob("*")))
    return [path for path in found if path.suffix.lower() in _KINDS and path.is_file()]


def ours(paths: list[Path]) -> dict[Path, str]:
    """Our text of each file that could be read."""
    jobs = (ReadJob(str(path), path) for path in paths)
    return {
        Path(reading.sha256): "\n".join(page.raw or page.text for page in reading.pages)
        for reading in read_files(jobs, workers=2, limits=LIMITS)
        if reading.pages
    }


def by_pdftotext(paths: list[Path], *how: str) -> Iterator[tuple[Path, str]]:
    for path in paths:
        command = ["pdftotext", *how, "-enc", "UTF-8", str(path), "-"]
        done = subprocess.run(command, capture_output=True, timeout=_SECONDS)
        yield path, done.stdout.decode("utf-8", "replace")


def by_office(paths: list[Path], to: str) -> Iterator[tuple[Path, Path]]:
    """Files as LibreOffice converts them, a batch in one start; those that it cannot convert are left out."""
    program = find_office() or "soffice"
    for start in range(0, len(paths), _BATCH):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            copies = {
                folder / f"{number}{path.suffix}": path
                for number, path in enumerate(paths[start : start + _BATCH])
            }
            for copy, path in copies.items():
                shutil.copyfile(path, copy)
            command = [program, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless",
                       "--norestore", "--convert-to", to, "--outdir", str(folder), *map(str, copies)]  # fmt: skip
            try:
                subprocess.run(command, capture_output=True, timeout=_SECONDS)
            except subprocess.TimeoutExpired:
                continue
            for copy, path in copies.items():
                result = copy.with_suffix(f".{to.split(':')[0]}")
                if result.exists():
                    yield path, result


def by_office_text(paths: list[Path]) -> Iterator[tuple[Path, str]]:
    for path, result in by_office(paths, "txt:Text (encoded):UTF8"):
        yield path, result.read_text("utf-8", "replace")


def by_office_slides(paths: list[Path]) -> Iterator[tuple[Path, str]]:
    """As LibreOffice prints them; -raw leaves the words of a chart whole that stand aslant."""
    for path, result in by_office(paths, "pdf"):
        for _pdf, text in by_pdftotext([result], "-raw"):
            yield path, text


def by_mammoth(paths: list[Path]) -> Iterator[tuple[Path, str]]:
    try:
        mammoth = importlib.import_module("mammoth")
    except ImportError:
        return
    for path in paths:
        try:
            with path.open("rb") as file:
                yield path, str(mammoth.extract_raw_text(file).value)
        except Exception:  # noqa: BLE001 - what it refuses is left out
            continue


Reader = Callable[[list[Path]], Iterable[tuple[Path, str]]]
READERS: tuple[tuple[str, str, tuple[str, ...], Reader], ...] = (
    # name, program that it needs, endings, reader
    ("pdftotext", "pdftotext", (".pdf",), by_pdftotext),
    ("LibreOffice", "soffice", _TEXTS, by_office_text),
    ("LibreOffice, PDF", "soffice", _SLIDES, by_office_slides),
    ("mammoth", "", (".docx",), by_mammoth),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--from", dest="source", type=Path, required=True)
    parser.add_argument("--worst", type=int, default=0, help="name so many of the worst files")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    rows: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as name:
        paths = unpacked(options.source, Path(name))
        read = ours(paths)
        for reader, program, endings, run in READERS:
            if program and shutil.which(program) is None:
                continue
            for ending in endings:
                score = Score()
                for path, text in run([each for each in paths if each.suffix.lower() == ending]):
                    score.add(path.name, words(text), words(read.get(path, "")), held(path))
                if score.files:
                    rows.append({"kind": ending[1:], "beside": reader, **score.row()})
                    print("  ".join(f"{key}: {value}" for key, value in rows[-1].items()))
                for count, file, missing in sorted(score.worst, reverse=True)[: options.worst]:
                    print(
                        f"    {count} of their words are not in ours: {file}: {' '.join(missing)}"
                    )
    if options.json:
        options.json.write_text(json.dumps(rows, indent=1), "utf-8")


if __name__ == "__main__":
    main()
