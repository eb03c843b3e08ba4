"""The guide's own examples load, and its tables name what there is."""

import re
from pathlib import Path

from casereviews.crawler.sources import FollowRule, load_sources
from casereviews.crawler.sources.source import FAMILIES, STATUSES

GUIDE = (Path(__file__).parents[3] / "docs" / "ADDING-A-SOURCE.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```toml\n(.*?)```", GUIDE, re.S)


def test_the_examples_load_as_a_homes_own_sources(tmp_path: Path) -> None:
    own = tmp_path / "sources.toml"
    own.write_text("\n".join(EXAMPLES), encoding="utf-8")
    sources = load_sources(own)
    added = sources["kestrel-vale"]
    assert added.follow == (
        FollowRule(text=r"\bpublished reviews\b", role="list"),
        FollowRule(href=r"/resources/page/\d+", role="list"),
    )
    assert (added.crawled, added.policy_months, list(sources)[-1]) == (True, 12, "kestrel-vale")
    packaged = load_sources()["hampshire"]
    assert sources["hampshire"].status == "verified"
    assert sources["hampshire"].start_urls == packaged.start_urls


def test_the_guide_names_every_family_and_status() -> None:
    assert [name for name in (*FAMILIES, *STATUSES) if f"`{name}`" not in GUIDE] == []
