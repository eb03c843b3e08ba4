"""The one table of described fields: what may be said of a document or a review, and how candidates are weighed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DescribedField:
    """A field of facts.

    `level`: document or review. `form`: text, code, date, number or list (a bar joins the values of a list;
    `several` = each fact is one value and all of them stand, such as themes).
    """

    name: str
    level: str
    form: str
    several: bool = False


_TABLE = (
    # name, level, form, several
    ("title", "document", "text", False),
    ("document_role", "document", "code", False),
    ("language", "document", "code", False),
    ("availability", "document", "code", False),
    ("draft_mark", "document", "text", True),
    ("published", "document", "date", False),
    ("report_date", "document", "date", False),
    ("agreed_date", "document", "date", False),
    ("revised", "document", "date", False),
    ("presented", "document", "date", False),
    ("uploaded", "document", "date", False),
    ("withdrawn_at", "document", "date", False),
    ("seen", "document", "date", False),
    ("host_site", "document", "text", False),
    ("keywords", "document", "list", True),
    ("review_type", "review", "list", False),
    ("subject_labels", "review", "list", False),
    ("label_kind", "review", "code", False),
    ("case_ref", "review", "text", False),
    ("nspcc_copy_no", "review", "text", False),
    ("publisher", "review", "text", False),
    ("nation", "review", "code", False),
    ("areas", "review", "list", False),
    ("anonymous", "review", "code", False),
    ("scope", "review", "code", False),
    ("statutory", "review", "code", False),
    ("incident_from", "review", "date", False),
    ("incident_to", "review", "date", False),
    ("death_date", "review", "date", False),
    ("lead_reviewer", "review", "text", False),
    ("chair", "review", "text", False),
    ("methodology", "review", "text", True),
    ("outcome", "review", "code", False),
    ("age_months_min", "review", "number", False),
    ("age_months_max", "review", "number", False),
    ("age_band", "review", "list", False),
    ("sex", "review", "code", False),
    ("n_subjects", "review", "text", False),
    ("ethnicity", "review", "text", True),
    ("disability", "review", "text", True),
    ("harm", "review", "list", True),
    ("source_of_harm", "review", "list", True),
    ("fatal_class", "review", "text", False),
    ("serious_harm_class", "review", "text", False),
    ("plan_status_now", "review", "text", True),
    ("plan_status_ever", "review", "text", True),
    ("known_to_services", "review", "code", False),
    ("living_where", "review", "text", True),
    ("school_status", "review", "text", True),
    ("parallel_process", "review", "list", True),
    ("theme", "review", "list", True),
    ("agency", "review", "list", True),
)

FIELDS: Mapping[str, DescribedField] = {row[0]: DescribedField(*row) for row in _TABLE}

# Fields that tell a place: an anonymous entry has none of them, of no origin (DESIGN section 4).
PLACE_FIELDS = frozenset({"areas", "nation", "host_site"})
