"""The fictional sites as a whole: build them, change them, and know the truth about them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path

from casereviews.demo.cases import Case, DocumentPlan, ThemedPage, load_cases, load_themed_pages
from casereviews.demo.compose import compose_themed
from casereviews.demo.desk import Banks, load_banks
from casereviews.demo.papers import Paper, Paragraph
from casereviews.demo.pdf import pdf_bytes
from casereviews.demo.placing import MEDIA_TYPES, Placed, place
from casereviews.demo.site import Resource, Site
from casereviews.demo.site_accordion import accordion_site
from casereviews.demo.site_briefings import briefings_site
from casereviews.demo.site_council import council_site
from casereviews.demo.site_homicide import homicide_site
from casereviews.demo.site_library import library_site
from casereviews.demo.site_table import table_site
from casereviews.demo.site_welsh import welsh_site
from casereviews.demo.word import docx_bytes
from casereviews.repository.temporary_folders import temporary_folder as temporary_folder

SEED = 2024
WITH_VALIDATORS = {
    "marlsea": "both",
    "hallowshire": "both",
    "lantern": "etag",
    "eastermere": "date",
}
"""Which sites send validators with their files; the others send none, as half of the real sites do."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Changes:
    """What is different on the sites from the first build. Each acts on one document, named in `ChangeMade`."""

    new_review: bool = False
    changed_text: bool = False
    changed_bytes: bool = False
    moved_file: bool = False
    missing_file: bool = False

    @classmethod
    def every(cls) -> Changes:
        """All five at once."""
        return cls(**{change.name: True for change in fields(cls)})


@dataclass(frozen=True, slots=True)
class ChangeMade:
    """One change as it was made: `kind` is a field of `Changes`; `path` is the new address, `old_path` the one before."""

    kind: str
    site: str
    case: str
    path: str
    old_path: str


CHANGED_TEXT = ("hallowshire", "family-w", "overview_report")
CHANGED_BYTES = ("brackenford", "b-arun", "overview_report")
MOVED = ("eastermere", "e-two-sisters", "overview_report")
MISSING = ("marlsea", "m-child-h", "briefing")


@dataclass(frozen=True, slots=True)
class DemoSites:
    """The sites as built: `placed` are the documents of reviews, `themed` the web pages that are briefings."""

    folder: Path
    sites: tuple[Site, ...]
    cases: tuple[Case, ...]
    placed: tuple[Placed, ...]
    themed: tuple[tuple[ThemedPage, Paper], ...]
    changes: tuple[ChangeMade, ...] = ()

    def site(self, id: str) -> Site:
        """The site with this id; raises `KeyError` when there is none."""
        return {site.id: site for site in self.sites}[id]


def build(
    folder: Path,
    *,
    seed: int = SEED,
    changes: Changes | None = None,
    progress: Progress | None = None,
) -> DemoSites:
    """Make all documents and pages, and write the documents under `folder/<site>/`.

    Equal seeds and changes give equal bytes. `progress` is called with (made, total) after each document.
    """
    wanted = changes or Changes()
    banks = load_banks()
    cases = tuple(case for case in load_cases() if wanted.new_review or not case.later)
    placed, made = _make_documents(cases, banks, seed, wanted, progress)
    themed = tuple((page, compose_themed(page, banks, seed)) for page in load_themed_pages())
    sites = tuple(_sites(cases, placed, themed))
    for document in placed:
        _serve_file(next(site for site in sites if site.id == document.case.site), document)
        _write(folder, document)
    for site in sites:
        _serve_decoys(site)
    return DemoSites(folder, sites, cases, tuple(placed), themed, tuple(made))


def _make_documents(
    cases: Sequence[Case], banks: Banks, seed: int, wanted: Changes, progress: Progress | None
) -> tuple[list[Placed], list[ChangeMade]]:
    plans = [(case, plan) for case in cases for plan in case.documents]
    placed: list[Placed] = []
    made: list[ChangeMade] = []
    for number, (case, plan) in enumerate(plans, 1):
        document, change = _make(case, plan, banks, seed, wanted)
        if document is not None:
            placed.append(document)
        if change is not None:
            made.append(change)
        if progress is not None:
            progress(number, len(plans))
    return placed, made


def _make(
    case: Case, plan: DocumentPlan, banks: Banks, seed: int, wanted: Changes
) -> tuple[Placed | None, ChangeMade | None]:
    """One document after the wanted changes, and the change that was made to it."""
    key = (case.site, case.id, plan.role)
    edit, kind = "", ""
    if case.later:
        kind = "new_review"
    elif wanted.changed_text and key == CHANGED_TEXT:
        edit, kind = "text", "changed_text"
    elif wanted.changed_bytes and key == CHANGED_BYTES:
        edit, kind = "bytes", "changed_bytes"
    document = place(case, plan, banks, seed, edit)
    old = document.path
    if wanted.moved_file and key == MOVED:
        kind, document = "moved_file", replace(document, path=f"/resources/archive{old}")
    elif wanted.missing_file and key == MISSING:
        return None, ChangeMade("missing_file", case.site, case.id, "", old)
    if not kind:
        return document, None
    before = "" if kind == "new_review" else old
    return document, ChangeMade(kind, case.site, case.id, document.path, before)


def _sites(
    cases: Sequence[Case],
    placed: Sequence[Placed],
    themed: Sequence[tuple[ThemedPage, Paper]],
) -> list[Site]:
    def of(site: str) -> tuple[list[Case], list[Placed]]:
        return (
            sorted((case for case in cases if case.site == site), key=lambda case: not case.later),
            [document for document in placed if document.case.site == site],
        )

    def pages(site: str) -> list[tuple[ThemedPage, Paper]]:
        return [(page, paper) for page, paper in themed if page.site == site]

    return [
        library_site(*of("hallowshire"), pages("hallowshire")),
        council_site(*of("brackenford")),
        table_site(*of("marlsea")),
        accordion_site(*of("eastermere")),
        welsh_site(*of("wennol")),
        briefings_site(pages("lantern")),
        homicide_site(*of("homicide")),
    ]


def _serve_file(site: Site, document: Placed) -> None:
    if document.html:
        return
    manner = WITH_VALIDATORS.get(site.id, "")
    modified = f"{document.case.published}-15-15"[:10] if len(document.case.published) > 4 else ""
    modified = modified or f"{document.case.published}-06-15"
    site.resources[document.path] = Resource(
        document.body,
        document.media_type,
        document.disposition,
        etag=manner in ("both", "etag"),
        modified=modified if manner in ("both", "date") else "",
    )


def _serve_decoys(site: Site) -> None:
    """Decoys whose address is a file's are files: a crawler that takes one in gets a real one."""
    for decoy in site.decoys:
        name = decoy.path.rsplit("/", 1)[-1]
        if not (name.endswith((".pdf", ".docx")) or decoy.path.startswith("/downloads/file/")):
            continue
        form = "docx" if name.endswith(".docx") else "pdf"
        words = f"{decoy.text}. This {decoy.reason.replace('_', ' ')} describes no case."
        paper = Paper(decoy.text, site.publisher, (), (Paragraph(words),), role="", house="plain")
        body = docx_bytes(paper) if form == "docx" else pdf_bytes(paper)
        disposition = "" if "." in name else f"{name}.pdf"
        site.resources[decoy.path] = Resource(body, MEDIA_TYPES[form], disposition)


def _write(folder: Path, document: Placed) -> None:
    place_ = folder / document.case.site
    place_.mkdir(parents=True, exist_ok=True)
    name = document.disposition or Path(document.path).name or "page.html"
    if document.case.site == "homicide":
        name = f"{document.case.id}.pdf"
    if document.html:
        name = f"{Path(document.path.rstrip('/')).name}.html"
    (place_ / name).write_bytes(document.body)
