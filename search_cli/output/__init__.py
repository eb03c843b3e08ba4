"""The forms that verbs print: those of the collection, and the table for people."""

from casereviews.collection.output import FORMS as COLLECTED_FORMS
from casereviews.search_cli.output.table import FORM as TABLE

FORMS = {**COLLECTED_FORMS, TABLE.name: TABLE}
