"""Reading: a file becomes pages of text, in a child process, with limits, and with a name for everything that goes wrong.

    read_files(jobs) --child--> read_file: sniffing -> a format -> repair, languages -> Reading

`formats/` has one module a format; `pdf/` is how a PDF page becomes text in reading order; `flow` cuts formats
without pages into stable sections.
"""

from casereviews.repository.reading.better import better_could_read, due_at_night
from casereviews.repository.reading.limits import Deadline, Limits
from casereviews.repository.reading.ocr import ocr_available, waiting_pages
from casereviews.repository.reading.page_store import FolderPageStore, OcrPage, PageStore
from casereviews.repository.reading.processes import ReadJob, read_files
from casereviews.repository.reading.reader import READER, read_file

__all__ = [
    "READER",
    "Deadline",
    "FolderPageStore",
    "Limits",
    "OcrPage",
    "PageStore",
    "ReadJob",
    "better_could_read",
    "due_at_night",
    "ocr_available",
    "read_file",
    "read_files",
    "waiting_pages",
]
