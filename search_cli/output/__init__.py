"""Output formats: a module a format, each with `render(answer) -> Iterator[str]`.

To add one: write `search_cli/output/<name>_format.py` with `render`, name it in FORMATS, and offer it in a verb by
`@output_options(..., "<name>")`.
"""

from casereviews.search_cli.output.answer import Answer, Column

FORMATS = {
    "table": "a table for people",
    "json": "JSON",
    "jsonl": "JSON, one record a line",
    "csv": "CSV that opens right in Excel",
    "markdown": "Markdown",
    "ris": "RIS, for Zotero, EndNote, Mendeley",
    "bibtex": "BibTeX, for JabRef and LaTeX",
    "atom": "an Atom feed",
}

RECORDS = ("json", "jsonl", "csv", "markdown", "ris", "bibtex")
ROWS = ("json", "csv", "markdown")

__all__ = ["FORMATS", "RECORDS", "ROWS", "Answer", "Column"]
