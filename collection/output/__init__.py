"""What may leave a home, and the forms that it takes: an `Answer` in one of `FORMS`. A terminal draws tables of its own."""

from casereviews.collection.output.answer import Answer, Column, in_words
from casereviews.collection.output.form import Form
from casereviews.collection.output.forms import FORMS, RECORDS, ROWS

__all__ = ["FORMS", "RECORDS", "ROWS", "Answer", "Column", "Form", "in_words"]
