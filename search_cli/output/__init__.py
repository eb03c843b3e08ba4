"""What verbs answer, and the forms in which it is printed (`casereviews.search_cli.output.forms`)."""

from casereviews.search_cli.output.answer import Answer, Column
from casereviews.search_cli.output.form import Form
from casereviews.search_cli.output.forms import FORMS, RECORDS, ROWS

__all__ = ["FORMS", "RECORDS", "ROWS", "Answer", "Column", "Form"]
