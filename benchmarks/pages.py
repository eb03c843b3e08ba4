"""List pages kept aside, each with what is true of it: are all files had, under their own child, with their own date?

    python -m benchmarks.pages [--kind WORD] [--json FILE] [--quiet]

`pages_heldout/` has a file a page, written before the parser was tried on any; boards, children and addresses are invented. A page begins with
a comment that the parser does not see, a line a fact; the rest is what stands between the header and the footer of `chrome/NAME.html`:

    kind WORDS           what the page stands for
    chrome NAME          the site around it (wp, drupal, bootstrap, govuk, aspx, plain)
    title, url, publisher, nation, scope, head       of the page; those of a children's partnership in England unless given
    file ADDRESS | LABEL | DATE | GROUP              a document to be had: "-" is none, "?" is not judged, "A/B" is either
    detail ADDRESS | LABEL | DATE                    a page of one review to go on to
    decoy ADDRESS                                    no paper of a review: to be left alone
    next ADDRESS, back ADDRESS, total NUMBER         the next pages ("none": there is no link to one), pages before, and how many records the list says it has

Label and date are what the project says of a document that it has seen on this page only, without its file: the resolved facts of its
context. Where no label is read, the nearest heading or the link's words count when they are the label and nothing else: bare names
that the reader of titles does not know are not this benchmark's matter. Two files of one group must share the page's group key or the label read; files of different groups must not share a key.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from urllib.parse import urldefrag, urljoin, urlsplit

from casereviews.crawler.parsing.listing import parse_listing
from casereviews.crawler.parsing.parsed import Parsed
from casereviews.crawler.sources.source import Source
from casereviews.repository.describing.context import context_facts
from casereviews.repository.describing.resolve import resolve
from casereviews.repository.model import Document, DocumentInput, Sighting

PAGES = Path(__file__).with_name("pages_heldout")
_DEFAULTS = {
    "chrome": "plain",
    "title": "Case reviews",
    "url": "https://www.skerrowdale-scp.example/learning/reviews/",
    "publisher": "Skerrowdale Safeguarding Children Partnership",
    "nation": "England",
    "scope": "child",
    "head": "",
}
# What plugins add to an address at every visit.
_CHANGING = re.compile(r"(?<=[?&])(?:refresh|tmstv)=[^&]*&?")


@dataclass(frozen=True, slots=True)
class Item:
    """A file or a page of a review that a page offers; "?" in a value: not judged."""

    url: str
    is_file: bool
    labels: tuple[str, ...]
    date: str
    group: str


@dataclass(frozen=True, slots=True)
class HeldOut:
    """A page and what is true of it."""

    name: str
    kind: str
    html: str
    source: Source
    items: tuple[Item, ...]
    decoys: frozenset[str]
    next_pages: tuple[str, ...] | None
    known_pages: frozenset[str]
    total: int | None


@dataclass
class Score:
    """Rights and tries by what is judged; `errors` in words."""

    right: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    tried: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    errors: list[str] = field(default_factory=list)

    def add(self, what: str, right: bool, error: str = "") -> None:
        """Count one judgement; an empty `error` is not listed."""
        self.right[what] += right
        self.tried[what] += 1
        if not right and error:
            self.errors.append(f"{what}: {error}")

    def merge(self, other: Score) -> None:
        """Add another's counts and errors."""
        for what in other.tried:
            self.right[what] += other.right[what]
            self.tried[what] += other.tried[what]
        self.errors += other.errors


COLUMNS = (
    "pages",
    "recall",
    "precision",
    "label",
    "date",
    "group",
    "paging",
    "left",
    "counted",
)


def load(path: Path) -> HeldOut:
    """The page in a file."""
    head, _, body = path.read_text(encoding="utf-8").removeprefix("<!--\n").partition("-->\n")
    said: dict[str, list[str]] = defaultdict(list)
    for line in head.splitlines():
        word, _, rest = line.partition(" ")
        said[word].append(rest)
    one = {word: said.get(word, [value])[0] for word, value in _DEFAULTS.items()}
    url, publisher = one["url"], one["publisher"]

    def at(address: str) -> str:
        return _plain(urljoin(url, address))

    items = tuple(
        _item(at, line, is_file=word == "file")
        for word in ("file", "detail")
        for line in said[word]
    )
    next_pages = tuple(at(line) for line in said["next"] if line != "none")
    html = (PAGES / "chrome" / f"{one['chrome']}.html").read_text(encoding="utf-8")
    for word, value in {
        "site": publisher,
        "title": one["title"],
        "head": one["head"],
        "main": body,
    }.items():
        html = html.replace(f"{{{word}}}", value)
    source = Source(
        "held-out",
        publisher,
        one["nation"],
        "listing",
        (url,),
        (urlsplit(url).netloc,),
        scope=one["scope"],
    )
    return HeldOut(
        path.stem,
        said["kind"][0],
        html,
        source,
        items,
        frozenset(map(at, said["decoy"])),
        next_pages if said["next"] else None,
        frozenset(map(at, said["back"])) | {*next_pages, _plain(url)},
        int(said["total"][0]) if said["total"] else None,
    )


def judge(page: HeldOut) -> Score:
    """What the parser makes of a page, against what is true."""
    url = page.source.start_urls[0]
    parsed = parse_listing(page.html, url, page.source)
    score = Score()
    offered = _offered(parsed, page.source.id)
    read: dict[str, tuple[str, str | None]] = {}
    for item in page.items:
        sighting = offered.get((item.is_file, item.url))
        score.add("recall", sighting is not None, f"{page.name} lost {item.url}")
        if sighting is None:
            continue
        label, date = _said(page.source, sighting, item.url)
        read[item.url] = label, sighting.group
        if item.labels != ("?",):
            told = {label} if label else {"", *sighting.headings[-1:], sighting.link_text.strip()}
            right = bool({one.casefold() for one in told} & {one.casefold() for one in item.labels})
            score.add("label", right, f"{page.name} {item.url} {label!r}, not {item.labels}")
        if item.date != "?":
            score.add("date", date == item.date, f"{page.name} {item.url} {date}, not {item.date}")
    _judge_groups(page, read, score)
    _judge_what_else(page, parsed, score)
    whole = all(
        score.right[what] == score.tried[what] for what in list(score.tried) if what != "counted"
    )
    score.add("pages", whole)
    return score


def _item(at: Callable[[str], str], line: str, *, is_file: bool) -> Item:
    parts = [part.strip() for part in line.split(" | ")]
    labels = tuple("" if one == "-" else one for one in parts[1].split("/"))
    return Item(at(parts[0]), is_file, labels, parts[2], parts[3] if is_file else "?")


def _plain(url: str) -> str:
    return _CHANGING.sub("", urldefrag(url).url).rstrip("?&")


def _offered(parsed: Parsed, source_id: str) -> Mapping[tuple[bool, str], Sighting]:
    """(is it a file?, address) -> what the page said: files taken, handlers whose headers will tell, pages of reviews."""
    found = {}
    for link in parsed.follow:
        sighting = link.sighting or Sighting(source_id, "", None, link_text=link.text)
        found[False, _plain(link.url)] = sighting
        if link.role in ("file", "detail"):
            found[True, _plain(link.url)] = sighting
    for sighting in parsed.sightings:
        if sighting.file_url:
            found[True, _plain(sighting.file_url)] = sighting
    return found


def _said(source: Source, sighting: Sighting, url: str) -> tuple[str, str]:
    """The label and the date ("-" for none) of a document that was seen on one page only."""
    document = Document(
        id="D",
        source_id=source.id,
        file_url=url,
        landing_url=None,
        kind="file",
        origin="crawl",
        first_seen="",
        last_seen="",
        availability="available",
        missing_nights=0,
        visibility="shown",
        sha256=None,
        media_type=None,
        file_name=None,
    )
    resolved = resolve(context_facts(DocumentInput(document, source.info, (sighting,))))
    label, date = resolved.get("subject_labels"), resolved.get("published")
    return (label and label.value) or "", (date and date.value) or "-"


def _judge_groups(page: HeldOut, read: Mapping[str, tuple[str, str | None]], score: Score) -> None:
    wrong: dict[str, bool] = {
        item.url: False for item in page.items if item.group != "?" and item.url in read
    }
    groups = {item.url: item.group for item in page.items}
    for one, other in combinations(wrong, 2):
        (label, key), (other_label, other_key) = read[one], read[other]
        same_key = key is not None and key == other_key
        if groups[one] == groups[other]:
            bad = not same_key and (not label or label != other_label)
        else:
            bad = same_key
        if bad:
            wrong[one] = wrong[other] = True
    for url, bad in wrong.items():
        score.add("group", not bad, f"{page.name} {url} {read[url]}")


def _judge_what_else(page: HeldOut, parsed: Parsed, score: Score) -> None:
    wanted = {item.url for item in page.items}
    taken = {_plain(one.file_url) for one in parsed.sightings if one.file_url}
    for url in sorted(taken):
        score.add("precision", url in wanted, f"{page.name} took {url}")
    left = {_plain(url) for url, _, _ in parsed.left_links}
    for url in sorted(page.decoys):
        score.add("left", url not in taken)
        score.add("counted", url in left, f"{page.name} left {url} without a word")
    if page.next_pages is not None or page.total is not None:
        went = {_plain(link.url): link.role for link in parsed.follow}
        right = all(url in page.known_pages for url, role in went.items() if role == "next")
        if page.next_pages:
            right = right and page.next_pages[0] in went
        if page.total is not None:
            right = right and parsed.announced == page.total
        score.add("paging", right, f"{page.name} went {went}, announced {parsed.announced}")


def table(scores: Mapping[str, Score]) -> Iterator[str]:
    """Lines: a row a kind, right/tried in each column."""
    width = max(map(len, scores))
    yield "kind".ljust(width) + "".join(column.rjust(11) for column in COLUMNS)
    for kind, score in scores.items():
        cells = [
            f"{score.right[what]}/{score.tried[what]}" if score.tried[what] else ""
            for what in COLUMNS
        ]
        yield kind.ljust(width) + "".join(cell.rjust(11) for cell in cells)


def main() -> None:
    """Judge the pages, print the table and what is wrong."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--kind", default="", help="only kinds, or names of pages, with this word")
    parser.add_argument("--json", type=Path, help="write the counts here")
    parser.add_argument("--quiet", action="store_true", help="the table only")
    options = parser.parse_args()
    scores: dict[str, Score] = {}
    every = Score()
    for path in sorted(PAGES.glob("*.html")):
        page = load(path)
        if options.kind in page.kind or options.kind in page.name:
            score = judge(page)
            scores.setdefault(page.kind, Score()).merge(score)
            every.merge(score)
    scores["all"] = every
    if not options.quiet:
        print(*every.errors, "", sep="\n")
    print(*table(scores), sep="\n")
    if options.json:
        counts = {
            kind: {what: [score.right[what], score.tried[what]] for what in COLUMNS}
            for kind, score in scores.items()
        }
        options.json.write_text(json.dumps(counts, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
