"""The program `casereviews`."""

from casereviews.search_cli.early_stop import loading


def run() -> None:
    """Run the command line; nothing but `signal` is loaded before a stop is understood."""
    loading()
    from casereviews.search_cli.main import cli

    cli()
