"""The page for newcomers says what the matcher does."""

from pathlib import Path

from casereviews.repository.vocabulary import rules
from casereviews.repository.vocabulary.themes import load_themes, load_word_groups

PAGE = (Path(__file__).parents[3] / "docs" / "VOCABULARY.md").read_text("utf-8")


def example_under(heading: str) -> str:
    """The first indented block under a heading of the page."""
    lines = PAGE.split(f"## {heading}")[1].splitlines()
    first = next(at for at, line in enumerate(lines) if line.startswith("    "))
    last = next(at for at, line in enumerate(lines[first:], first) if line and line[0] != " ")
    return "\n".join(line[4:] for line in lines[first:last])


def test_the_page_tells_every_key_of_a_rule_and_its_rule_works():
    assert [key for key in sorted(rules._KNOWN) if f"`{key}" not in PAGE] == []
    (rule,) = rules.parse_rules(
        f'[parts]\nchild = "child"\n{example_under("A rule")}', "page"
    ).rules
    assert all(map(rule.fits, rule.examples))
    assert not any(map(rule.fits, rule.counter_examples))


def test_the_page_tells_every_word_group_and_its_themes_can_be_loaded(tmp_path):
    assert [group for group in load_word_groups() if group not in PAGE] == []
    themes = tmp_path / "themes.csv"
    themes.write_text(example_under("A theme, and its phrases"), "utf-8")
    loaded = {theme.id: theme for theme in load_themes(themes)}
    assert loaded["practice_dogs"].label == "Dangerous dogs"
    assert loaded["practice_dogs"].strong == ("dangerous dog", "XL Bully", "dog bite & {child}")
    assert (loaded["practice_dogs"].weak, loaded["practice_dogs"].faint) == (("aggressive dog",), ("kennel",))  # fmt: skip
    before = next(theme for theme in load_themes() if theme.id == "harm_neglect").strong
    kept = tuple(phrase for phrase in before if phrase != "nits")
    assert loaded["harm_neglect"].strong == (*kept, "dirty nappies") != (*before, "dirty nappies")


def test_the_page_names_every_rule_file_of_titles_and_links():
    told = ["review_types", "review_acronyms", "review_words", "document_roles", "decoys", "status_words", "label_nouns", "label_words",
            "link_words", "bodies", "title_words"]  # fmt: skip
    assert [
        name for name in told if f"`{name}.toml`" not in PAGE or name not in rules.rule_files()
    ] == []
