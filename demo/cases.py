"""The plan of the demonstration: which fictional reviews exist and which documents each has.

The data are `stories/cases.toml` (reviews of boards), `stories/homicide.toml` (cards of the library) and
`stories/themed.toml` (web pages that are briefings themselves).
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any


@dataclass(frozen=True, slots=True)
class DocumentPlan:
    """A document to be made: its role, its form (pdf, docx, html, scan, locked, empty) and its link's words."""

    role: str
    form: str
    text: str
    path: str = ""
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Case:
    """One fictional review, as its site lists it and as its texts need it.

    `published` is ISO as long as its precision; `shown` is how the listing prints it. `entries` are (role, words)
    of documents that have words in place of a link. `main` and `side` name strands of the banks. `later` marks a
    review that the sites get only by a change. `partnership`, `region` and `death` are for homicide cards.
    """

    site: str
    id: str
    labels: tuple[str, ...]
    type: str
    title: str
    months: int
    sex: str
    outcome: str
    main: str
    side: tuple[str, ...]
    published: str
    documents: tuple[DocumentPlan, ...]
    plan: str = "none"
    scope: str = "child"
    shown: str = ""
    told: str = ""
    reference: str = ""
    themes: tuple[str, ...] = ()
    entries: tuple[tuple[str, str], ...] = ()
    later: bool = False
    partnership: str = ""
    region: str = ""
    death: str = ""

    @property
    def plural(self) -> bool:
        """True when the review is about several children."""
        return self.sex in ("mixed", "girls", "boys")


@dataclass(frozen=True, slots=True)
class ThemedPage:
    """A web page that is a briefing over many reviews."""

    site: str
    slug: str
    title: str
    strands: tuple[str, ...]
    published: str


def story_text(name: str) -> str:
    """The text of a file under `stories/`."""
    return (resources.files("casereviews.demo") / "stories" / name).read_text(encoding="utf-8")


def load_cases() -> tuple[Case, ...]:
    """All reviews of boards and all homicide cards, in the order in which their sites list them."""
    boards = tomllib.loads(story_text("cases.toml"))["case"]
    return (*(_case(entry) for entry in boards), *_homicide_cards())


def load_themed_pages() -> tuple[ThemedPage, ...]:
    """The web pages that are briefings themselves."""
    pages = tomllib.loads(story_text("themed.toml"))["page"]
    return tuple(ThemedPage(**{**page, "strands": tuple(page["strands"])}) for page in pages)


def load_places() -> dict[str, dict[str, Any]]:
    """The invented areas: names of boards, services and towns, by site; and the names of authors."""
    return tomllib.loads(story_text("places.toml"))


def _case(entry: Mapping[str, Any]) -> Case:
    fields = dict(entry)
    for name in ("labels", "side", "themes"):
        fields[name] = tuple(fields.get(name, ()))
    fields["documents"] = tuple(DocumentPlan(*row) for row in fields["documents"])
    fields["entries"] = tuple((row[0], row[1]) for row in fields.get("entries", ()))
    return Case(**fields)


def _homicide_cards() -> tuple[Case, ...]:
    data = tomllib.loads(story_text("homicide.toml"))
    return tuple(_card(row, data["told"]) for row in data["cards"])


MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


def _card(row: list[Any], told: Mapping[str, str]) -> Case:
    name, partnership, region, uploaded, death, main, side = row
    month, year = uploaded.split()
    key = f"{name}-{partnership}-{death}".lower().replace(" ", "-")
    number = hashlib.sha256(key.encode()).hexdigest()[:24]
    return Case(
        site="homicide",
        id=key,
        labels=tuple(name.split(" and ")),
        type="dhr",
        title=f"{name} - {partnership} - {death[-4:]}/a - DHR",
        months=_adult_months(number),
        sex="woman",
        outcome="death",
        scope="adult",
        main=main,
        side=tuple(side),
        published=f"{year}-{MONTHS.index(month) + 1:02d}",
        shown=uploaded,
        told=told.get(name, ""),
        documents=(DocumentPlan("overview_report", "pdf", name, f"/download/{number}"),),
        partnership=partnership,
        region=region,
        death=death,
    )


def _adult_months(number: str) -> int:
    return 12 * (24 + int(number[:4], 16) % 50)
