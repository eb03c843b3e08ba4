"""One module a form of output. Adding a form is adding a module here with a `FORM`; nothing else needs to know.

Modules load nothing heavy: what a form needs is imported where it renders.
"""

from __future__ import annotations

import importlib
import pkgutil

from casereviews.collection.output.form import Form

FORMS: dict[str, Form] = {
    form.name: form
    for form in (
        importlib.import_module(f"{__name__}.{module.name}").FORM
        for module in pkgutil.iter_modules(__path__)
    )
}
RECORDS = tuple(form.name for form in FORMS.values() if form.of in ("rows", "records"))
ROWS = tuple(form.name for form in FORMS.values() if form.of == "rows")
