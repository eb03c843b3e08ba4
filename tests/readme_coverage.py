"""What README says of the registry: the number of lists, and the table of nations and families."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from casereviews.crawler.sources import Sources, load_sources

PAGE = Path(__file__).parents[1] / "README.md"

FAMILIES = ("listing", "wordpress", "govuk", "nspcc", "dhr_library", "sar_library")


def coverage_table(sources: Sources) -> str:
    """Publishers by nation and family of site, as a Markdown table."""
    counts: dict[str, Counter[str]] = {}
    for source in sources.values():
        row = counts.setdefault(source.nation or "unknown", Counter())
        row[source.family if source.crawled else "not crawled"] += 1
    columns = (*FAMILIES, "not crawled")
    lines = [
        "| nation | entries | "
        + " | ".join(f"`{one}`" if one in FAMILIES else one for one in columns)
        + " |",
        "|---|" + "---:|" * (len(columns) + 1),
    ]
    for nation, row in counts.items():
        cells = [str(row[one] or "") for one in columns]
        lines.append(f"| {nation} | {row.total()} | " + " | ".join(cells) + " |")
    total: Counter[str] = sum(counts.values(), Counter())
    cells = [str(total[one]) for one in columns]
    lines.append(f"| **all** | **{total.total()}** | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def page() -> str:
    """README with both made again."""
    sources = load_sources()
    crawled = sum(source.crawled for source in sources.values())
    made = {
        r"(?<=\*\*Collects\*\* from )\d+(?= publishers' lists)": str(crawled),
        r"(?<=<!-- coverage -->\n).*(?=\n<!-- /coverage -->)": coverage_table(sources),
    }
    text = PAGE.read_text("utf-8")
    for pattern, new in made.items():
        text, count = re.subn(pattern, lambda _, new=new: new, text, flags=re.S)
        assert count == 1, pattern
    return text
