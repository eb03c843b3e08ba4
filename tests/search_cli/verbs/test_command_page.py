"""`docs/COMMANDS.md` says what the verbs are and do now."""

from tests.search_cli.command_page import EXAMPLES, PAGE, commands, page
from tests.search_cli.verbs.conftest import Runner


def test_every_command_has_an_example() -> None:
    assert {words for words, _ in commands()} == set(EXAMPLES)


def test_the_page_of_commands_is_what_its_maker_writes(change: Runner) -> None:
    assert PAGE.read_text("utf-8") == page(change.home), (
        "stale: run `python -m tests.search_cli.command_page`"
    )
