"""One module a form of output. Adding a form is adding a module here with a `FORM`; nothing else needs to know.

Modules load nothing heavy: what a form needs is imported where it renders.
"""

from __future__ import annotations

import importlib
from pathlib import Path

from casereviews.collection.output.form import Form

FORMS: dict[str, Form] = {
    form.name: form
    for form in (
        importlib.import_module(f"{__name__}.{module.stem}").FORM
        for module in sorted(Path(__file__).parent.glob("[a-z]*.py"))
    )
}
RECORDS = tuple(form.name for form in FORMS.values() if form.of in ("rows", "records"))
ROWS = tuple(form.name for form in FORMS.values() if form.of == "rows")
