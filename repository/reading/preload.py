"""Imported once by the server that children are forked from: loads the readers and the language model."""

from contextlib import suppress

from casereviews.repository.reading.formats import formats
from casereviews.repository.reading.languages import language

formats()
with suppress(OSError):  # a full disk is told by the child that reads
    language("A few words of plain English to load the model before children are forked from here.")
