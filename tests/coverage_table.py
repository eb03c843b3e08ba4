"""The README's table of the registry, made from the registry: a test keeps them equal."""

from __future__ import annotations

from collections import Counter

from casereviews.crawler.sources import Sources

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
