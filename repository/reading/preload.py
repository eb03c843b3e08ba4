"""Imported once by the server that children are forked from: loads the readers and the language model."""

from casereviews.repository.reading.formats import formats
from casereviews.repository.reading.languages import language

formats()
language("A few words of plain English to load the model before children are forked from here.")
