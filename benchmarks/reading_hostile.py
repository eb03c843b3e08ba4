"""Hostile files, made from seeds: bombs, false claims, deep nesting, splices, polyglots, mutations.

`python benchmarks/reading_hostile.py --mutations 10000` reads that many mutated files in children with limits and prints
what became of them; it ends with an error when any of them was lost, ran past its limit or took the parent with it.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import random
import tempfile
import time
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.reading_made import make_pdf
from casereviews.repository.model import READING_STATUS
from casereviews.repository.reading import Limits, ReadJob, read_files

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'wordprocessingml.document.main+xml"/></Types>'
)
_RELATIONS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="word/document.xml"/></Relationships>'
)
_LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "laugh laugh laugh">'
    + "".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + "]>"
)


def package(members: dict[str, bytes]) -> bytes:
    """A zip of members."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def docx(body: str, before: str = "") -> bytes:
    """The smallest DOCX around a body; `before` stands between the XML declaration and the root."""
    xml = f'<?xml version="1.0"?>{before}<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'
    return package(
        {
            "[Content_Types].xml": _TYPES.encode(),
            "_rels/.rels": _RELATIONS.encode(),
            "word/document.xml": xml.encode(),
        }
    )


def odt(body: str, before: str = "") -> bytes:
    """The smallest ODT around a body."""
    names = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for short, name in (("office", "office"), ("text", "text"), ("table", "table"))
    )
    xml = (
        f'<?xml version="1.0"?>{before}<office:document-content {names}><office:body><office:text>{body}'
        "</office:text></office:body></office:document-content>"
    )
    return package(
        {"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": xml.encode()}
    )


def pdf(content: bytes, *, filters: bytes = b"", count: int = 1, extra: bytes = b"") -> bytes:
    """A PDF with one page around a content stream; `count` is how many pages it claims."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R " + extra + b" >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count %d >>" % count,
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F 5 0 R >> >> >>",
        b"<< /Length %d %s >>\nstream\n" % (len(content), filters) + content + b"\nendstream",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, data in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + data + b"\nendobj\n"
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        start,
    )
    return bytes(out)


def text_pdf(words: str = "Learning from the life of Child Larch") -> bytes:
    return pdf(b"BT /F 12 Tf 72 700 Td (" + words.encode("latin-1") + b") Tj ET")


def repeated(block: bytes, times: int) -> bytes:
    """A zlib stream of a block many times over, made fast: after a full flush its bytes can be repeated as they are."""
    packer = zlib.compressobj(9)
    first = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    again = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    return first + again * (times - 1) + packer.flush()


def flate_bomb() -> bytes:
    """A page whose content inflates a million times: 3 GB of blanks and text behind two filters."""
    inner = repeated(b"BT /F 12 Tf 72 700 Td (bomb) Tj ET " * 30_000, 3000)
    return pdf(zlib.compress(inner, 9), filters=b"/Filter [/FlateDecode /FlateDecode]")


def zip_bomb() -> bytes:
    """A DOCX of two megabytes whose document part has 420."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        archive.writestr("_rels/.rels", _RELATIONS)
        with archive.open("word/document.xml", "w") as part:
            for _ in range(420):
                part.write(b" " * 1_000_000)
    return buffer.getvalue()


def lying_zip() -> bytes:
    """A zip bomb whose directory says its part has ten bytes."""
    data = bytearray(zip_bomb())
    place = data.rfind(b"PK\x01\x02")
    data[place + 24 : place + 28] = (10).to_bytes(4, "little")
    return bytes(data)


def picture_bomb() -> bytes:
    """A page that is one picture of 60,000 by 60,000 dots: 3.6 GB once decoded."""
    data = repeated(b"\x00" * 1_000_000, 3600)
    picture = (
        (
            b"<< /Type /XObject /Subtype /Image /Width 60000 /Height 60000 /ColorSpace /DeviceGray "
            b"/BitsPerComponent 8 /Filter /FlateDecode /Length %d >>\nstream\n" % len(data)
        )
        + data
        + b"\nendstream"
    )
    base = pdf(b"q 595 0 0 842 0 0 cm /I Do Q")
    base = base.replace(b"<< /Font << /F 5 0 R >> >>", b"<< /XObject << /I 6 0 R >> >>")
    return base.replace(b"xref\n0 6", b"6 0 obj\n" + picture + b"\nendobj\nxref\n0 6", 1)


HOSTILE: dict[str, tuple[Callable[[], bytes], frozenset[str]]] = {
    # name: (bytes, the statuses that are right for it)
    "flate bomb": (flate_bomb, frozenset({"too_large", "timed_out", "ok"})),
    "zip bomb": (zip_bomb, frozenset({"too_large"})),
    "zip that lies of its size": (lying_zip, frozenset({"corrupt", "too_large"})),
    "picture bomb": (picture_bomb, frozenset({"needs_ocr", "too_large"})),
    "entities in DOCX": (
        lambda: docx("<w:p><w:r><w:t>&i;</w:t></w:r></w:p>", _LAUGHS),
        frozenset({"corrupt"}),
    ),
    "entities in ODT": (lambda: odt("<text:p>&i;</text:p>", _LAUGHS), frozenset({"corrupt"})),
    "file entity in DOCX": (
        lambda: docx(
            "<w:p><w:r><w:t>&x;</w:t></w:r></w:p>",
            '<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/hostname">]>',
        ),
        frozenset({"corrupt"}),
    ),
    "entities in HTML": (
        lambda: f"{_LAUGHS}<html><body><p>&i;&i;&i;</p></body></html>".encode(),
        frozenset({"ok", "empty"}),
    ),
    "deep DOCX": (
        lambda: docx("<w:sdt><w:sdtContent>" * 20_000 + "</w:sdtContent></w:sdt>" * 20_000),
        frozenset({"corrupt"}),
    ),
    "deep ODT": (
        lambda: odt("<text:section>" * 50_000 + "</text:section>" * 50_000),
        frozenset({"corrupt"}),
    ),
    "deep HTML": (
        lambda: b"<html><body>" + b"<div>" * 200_000 + b"deep words",
        frozenset({"ok", "corrupt", "empty"}),
    ),
    "deep RTF": (
        lambda: b"{\\rtf1 " + b"{" * 300_000 + b"deep" + b"}" * 300_000 + b"}",
        frozenset({"ok", "corrupt", "empty", "too_large"}),
    ),
    "deep PDF": (
        lambda: pdf(b"BT ET", extra=b"/Deep " + b"[" * 200_000 + b"]" * 200_000),
        frozenset({"corrupt", "empty", "too_large"}),
    ),
    "a million pages claimed": (
        lambda: pdf(b"BT /F 12 Tf 72 700 Td (One page only) Tj ET", count=1_000_000),
        frozenset({"ok", "partial", "corrupt"}),
    ),
    "negative page count": (
        lambda: pdf(b"BT ET", count=1).replace(b"/Count 1", b"/Count -9"),
        frozenset({"empty", "corrupt"}),
    ),
    "page that is its own parent": (
        lambda: text_pdf().replace(b"/Kids [3 0 R]", b"/Kids [2 0 R]"),
        frozenset({"empty", "corrupt"}),
    ),
    "truncated PDF": (lambda: text_pdf()[:200], frozenset({"corrupt"})),
    "truncated DOCX": (
        lambda: docx("<w:p/>")[:300],
        frozenset({"not_a_document", "corrupt"}),
    ),
    "two PDFs spliced": (
        lambda: text_pdf()[:250] + text_pdf()[180:],
        frozenset({"ok", "corrupt", "empty"}),
    ),
    "PDF that is also a zip": (
        lambda: text_pdf() + docx("<w:p><w:r><w:t>other</w:t></w:r></w:p>"),
        frozenset({"ok"}),
    ),
    "GIF that is also a PDF": (lambda: b"GIF89a\n" + text_pdf(), frozenset({"ok", "corrupt"})),
    "HTML called PDF": (
        lambda: b"<!doctype html><title>Blocked</title><p>Please enable cookies to go on</p>",
        frozenset({"ok"}),
    ),
    "picture called PDF": (
        lambda: b"\x89PNG\r\n\x1a\n" + b"\x00" * 400,
        frozenset({"not_a_document"}),
    ),
    "noise": (lambda: random.Random(4).randbytes(20_000), frozenset({"not_a_document"})),
    "zeros": (lambda: b"\x00" * 20_000, frozenset({"not_a_document"})),
    "no bytes": (lambda: b"", frozenset({"empty"})),
}


def seeds(folder: Path) -> dict[str, bytes]:
    """Small sound files of each format, to be mutated."""
    import docx as python_docx
    import pptx

    document = python_docx.Document()
    document.add_heading("Findings", 1)
    document.add_paragraph("Words about the plan.", style="List Number")
    document.add_table(2, 2).cell(0, 0).text = "cell"
    document.save(str(folder / "seed.docx"))
    presentation = pptx.Presentation()
    slide = presentation.slides.add_slide(presentation.slide_layouts[1])
    slide.shapes.title.text = "Seven points"
    presentation.save(str(folder / "seed.pptx"))
    mixed = make_pdf(folder / "seed.pdf", "ruled table", 2)
    paragraph = "<text:h text:outline-level='1'>Head</text:h><text:p>Words of the plan</text:p>"
    return {
        "pdf": mixed.path.read_bytes(),
        "small pdf": text_pdf(),
        "docx": (folder / "seed.docx").read_bytes(),
        "pptx": (folder / "seed.pptx").read_bytes(),
        "odt": odt(paragraph),
        "rtf": b"{\\rtf1\\ansi{\\fonttbl{\\f0 Arial;}}{\\b Findings}\\par Words of the plan \\'e9\\u373?\\par}",
        "html": b"<html><body><h1>Findings</h1><table><tr><td>a<td>b</table><ul><li>one</ul></body></html>",
        "text": "Findings\n\nWords of the plan, Môn.".encode(),
    }


def mutate(data: bytes, chance: random.Random) -> bytes:
    """One to eight changes: bytes flipped, stretches cut, doubled, moved or filled, numbers blown up."""
    changed = bytearray(data)
    for _ in range(chance.randint(1, 8)):
        if not changed:
            break
        place = chance.randrange(len(changed))
        length = chance.choice((1, 4, 32, 400))
        kind = chance.randrange(7)
        if kind == 0:
            changed[place] ^= 1 << chance.randrange(8)
        elif kind == 1:
            del changed[place : place + length]
        elif kind == 2:
            changed[place:place] = changed[place : place + length] * chance.choice((1, 3, 50))
        elif kind == 3:
            changed[place : place + length] = chance.randbytes(length)
        elif kind == 4:
            other = chance.randrange(len(changed))
            changed[place : place + length] = changed[other : other + length]
        elif kind == 5:
            del changed[place + 1 :]
        else:
            changed[place : place + 4] = chance.choice(
                (b"9999", b"\xff\xff\xff\x7f", b"-999", b"\x00" * 4)
            )
    return bytes(changed)


def mutations(folder: Path, count: int, seed: int = 4) -> Iterator[ReadJob]:
    """Mutated files as jobs, each written when its turn comes and named by its hash."""
    sound = seeds(folder)
    names = sorted(sound)
    for number in range(count):
        chance = random.Random(seed * 1_000_003 + number)
        data = mutate(sound[names[number % len(names)]], chance)
        path = folder / f"m{number}"
        path.write_bytes(data)
        yield ReadJob(hashlib.sha256(data + str(number).encode()).hexdigest(), path)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mutations", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=4)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    limits = Limits(memory_mb=800, seconds=10.0, ocr=False)
    started = time.perf_counter()
    found: Counter[str] = Counter()
    slowest = 0.0
    seen: set[str] = set()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        jobs = mutations(folder, options.mutations, options.seed)
        for reading in read_files(jobs, workers=options.workers, limits=limits):
            found[reading.status] += 1
            slowest = max(slowest, reading.seconds)
            seen.add(reading.sha256)
    seconds = time.perf_counter() - started
    report = {
        "mutations": options.mutations,
        "read": len(seen),
        "seconds": round(seconds, 1),
        "slowest_seconds": round(slowest, 2),
        "statuses": dict(sorted(found.items())),
    }
    print(json.dumps(report, indent=1))
    if options.json:
        options.json.write_text(json.dumps(report, indent=1) + "\n", "utf-8")
    lost = options.mutations - len(seen)
    unknown = set(found) - set(READING_STATUS)
    if lost or unknown or slowest > limits.seconds + 6:
        raise SystemExit(f"lost {lost}, unknown statuses {unknown}, slowest {slowest:.1f} s")


if __name__ == "__main__":
    main()
