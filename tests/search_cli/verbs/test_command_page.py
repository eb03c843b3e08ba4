"""`docs/COMMANDS.md` says what the verbs are and do now."""

from tests import made_pages
from tests.search_cli.command_page import EXAMPLES, PAGE, commands, page
from tests.search_cli.verbs.conftest import Runner


def test_every_command_has_an_example() -> None:
    text = PAGE.read_text("utf-8")
    for words, _ in commands():
        _, found, section = text.partition(f"\n## {words}\n")
        assert found
        assert f"\n$ casereviews {words}" in section.partition("\n## ")[0]
    assert set(EXAMPLES) <= {words for words, _ in commands()}


def test_the_page_of_commands_is_what_its_maker_writes(change: Runner) -> None:
    assert PAGE.read_text("utf-8") == page(change.home), made_pages.STALE
