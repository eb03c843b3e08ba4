"""The one table of fields: a row says all of a field, and every room reads it.

Describing, corrections, publishing, the index, filter options, `stats --by`, help, hits, exports, `show` and the tables of
docs/DATA.md follow from the rows. To add a field, add a row (docs/ARCHITECTURE.md, "Where to add what").
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass


@dataclass(frozen=True, slots=True)
class Field:
    """All that is known of one field. What a row does not say is not done with the field.

    What it is:
    `name`: its name among facts and in corrections. `level`: document or review (described: found as facts), record (from the
    record, or worked out of other fields) or file (of the file of each document). `form`: text, code, date, number or list (a
    bar joins the values of a list). `several`: each fact is one value and all of them stand, such as themes.
    `origins`: where the rules find it, best first: T title, L listing, P first pages, F full text, D derived; none: corrections
    only. `described_by`: the modules and folders of `repository/describing/` that find it. `says`, `cannot`: what it tells and
    what it cannot tell, for docs/DATA.md. `label`: what people read for its name. `codes`: its list of codes in the vocabulary.
    `of_children`: not told of adults. `place`: an anonymous entry has none, of no origin. `fixed`: not for correcting.

    What is done with it:
    `published`: its name in `PublishedDocument.fields`, in exports and in `show --json`. `bar`: where its several values are
    one text, joined by a bar: "hit", or "all" (else a list). `query`, `aliases`: its names before a colon; `query` is also
    the filter option and the name in facets and `stats --by`, `hint` what the option's help says. `room`, `weight`: its words
    are searched, up to so many positions, and a word counts for so many of plain text; without room a value is searched whole.
    `ranked`: counts keep its own order; else the most come first. `exported`: a column of `export`'s flat forms.
    `shown`: a line of `show`. `brief`: it has room in a terminal's table.
    `facet`, `column` and `hit` (place, key) say that it is a facet, a column of `search`'s flat forms, a key of `search --json`,
    and where it stands among them; the order is what programs rely on, so a new one takes the next free number.
    """

    name: str
    level: str
    form: str
    _: KW_ONLY
    says: str
    label: str
    cannot: str = ""
    several: bool = False
    origins: str = ""
    described_by: str = ""
    codes: str = ""
    of_children: bool = False
    place: bool = False
    fixed: bool = False
    published: str = ""
    bar: str = ""
    query: str = ""
    aliases: tuple[str, ...] = ()
    hint: str = ""
    room: int = 0
    weight: float = 1.0
    ranked: bool = False
    exported: bool = False
    shown: bool = False
    brief: bool = False
    facet: int = 0
    column: int = 0
    hit: tuple[int, str] | None = None

    @property
    def described(self) -> bool:
        """True for a field of facts."""
        return self.level in ("document", "review")

    @property
    def listed(self) -> bool:
        """True when its published value is a tuple."""
        return (self.several or self.form == "list") and self.bar != "all"

    @property
    def kind(self) -> str:
        """How it is searched: text (by its words), date, number or code (by its whole value)."""
        if self.room:
            return "text"
        return self.form if self.form in ("date", "number") else "code"


# The order of the rows is that of options, exports, `show` and docs/DATA.md. A row keeps to few lines: what it is, what it
# says, what is done with it; so the formatter leaves the table alone.
# fmt: off
FIELDS: tuple[Field, ...] = (
    Field("title", "document", "text", origins="T L P", described_by="context named_fields first_pages",
          says="the words a reader would cite", cannot='a bare "Report" is named by the heading above it',
          label="Title", published="title", query="title", hint="words of the title", room=1_024, weight=6.0,
          hit=(1, "title"), column=1, exported=True, brief=True),
    Field("subject_labels", "review", "list", origins="T L P", described_by="stated",
          says="labels as printed", cannot="a label is unique per publisher at best",
          label="Subjects", published="subjects", query="subject", aliases=("label", "child"),
          hint="the label of the child", room=3_072, weight=6.0, hit=(2, "subjects"), column=7, exported=True, shown=True),
    Field("review_type", "review", "list", origins="T L P", described_by="stated",
          says="the kind of review; a bar joins two", cannot='the law of the time, not quality; a "Learning Review" in England is not the Scottish one',
          label="Type", published="review_type", query="type", aliases=("review_type",), codes="review_type", bar="all",
          hint="scr, lcspr, cpr, cmr, learning_review, thematic_review, dhr, sar...",
          facet=5, hit=(3, "review_type"), column=5, exported=True, shown=True, brief=True),
    Field("document_role", "document", "code", origins="T L P", described_by="stated",
          says="what kind of document it is", cannot="press statements, podcasts and letters are `statement` or `other`; empty when nothing says so",
          label="Document", published="document_role", query="role", aliases=("document",), codes="document_role",
          hint="overview_report, executive_summary, briefing, response...", facet=6, hit=(4, "role"), column=6),
    Field("publisher", "review", "text", origins="D L P T", described_by="context named_fields first_pages",
          says="the board or partnership as printed, else the source's", cannot="boards change their names; the name is kept as it was printed",
          label="Publisher", published="publisher", query="publisher", aliases=("board",),
          hint="words of the publisher's name", room=1_024, weight=2.0, facet=1, hit=(5, "publisher"), column=2,
          exported=True, shown=True, brief=True),
    Field("source", "record", "code",
          says="id of the registry entry that it was collected from", cannot="a report may stand at other publishers too",
          label="Source", published="source", query="source", hint="id of a registry entry", facet=15, hit=(6, "source"), exported=True),
    Field("nation", "review", "code", origins="D L P", described_by="context stated",
          says="from the publisher, else its area", cannot="absent for anonymous entries",
          label="Nation", published="nation", query="nation", aliases=("country",), codes="nation", place=True,
          hint="England, Wales, Scotland, Northern Ireland...", facet=4, hit=(7, "nation"), column=8, exported=True, shown=True),
    Field("areas", "review", "list", origins="D L P T", described_by="context stated",
          says="council areas of the publisher, or named in a national list or on a cover", cannot="absent for anonymous entries; the board's area, not where a family lived",
          label="Areas", published="areas", query="area", aliases=("council",), place=True,
          hint="council area", room=4_096, weight=3.0, facet=2, hit=(8, "areas"), column=9, exported=True, shown=True),
    Field("regions", "record", "list",
          says="English regions of the areas", cannot="absent where no area is known",
          label="Regions", published="regions", query="region", hint="English region", facet=3, exported=True),
    Field("published", "document", "date", origins="T L P D", described_by="context named_fields stated",
          says="the day, month or year of publication", cannot="uploads and migrations of a site are weaker candidates, never silently taken",
          label="Published", published="published", query="published", aliases=("date",),
          hint="2021-03-17, 2021-03 or 2019-04..2020", hit=(9, "published"), column=3, exported=True, shown=True, brief=True),
    Field("precision", "record", "code",
          says="whether `published` is a day, a month or a year",
          label="Precision", published="precision", codes="precision", hit=(10, "precision"), column=4, exported=True),
    Field("year", "record", "number",
          says="year of publication", cannot="as `published`",
          label="Year", published="year", query="year", hint="2021 or 2015..2021", facet=7, ranked=True),
    Field("scope", "review", "code", origins="D T", described_by="context stated",
          says="child, adult, both, or not a review", cannot="by type, else by the source; a title may say that it is no review",
          label="Scope", published="scope", query="scope", codes="scope", hint="child (the default), adult, both, all",
          facet=14, hit=(14, "scope"), exported=True, shown=True),
    Field("age_band", "review", "list", origins="F L", described_by="case",
          says="bands of Panel reports; several for siblings", cannot="none when an age reaches over a border",
          label="Age", published="age_bands", query="age", aliases=("age_band",), codes="age_band", bar="hit", of_children=True, ranked=True,
          hint="under_1, 1_5, 6_10, 11_15, 16_17", facet=9, hit=(12, "age_band"), column=11, exported=True, shown=True),
    Field("age_months_min", "review", "number", origins="F L", described_by="case",
          says="youngest age in months that fits", cannot="ages of siblings may be taken for the subject's in long family histories",
          label="Age in months, least", published="age_months_min", of_children=True, exported=True),
    Field("age_months_max", "review", "number", origins="F L", described_by="case",
          says="oldest age in months that fits", cannot='as above; "a teenager" is a wide range',
          label="Age in months, most", published="age_months_max", of_children=True, exported=True),
    Field("sex", "review", "code", origins="F L D", described_by="case finders",
          says="as told; `not_stated` (D) when no sentence tells it safely", cannot="a review may withhold it on purpose",
          label="Sex", published="sex", query="sex", aliases=("gender",), codes="sex", of_children=True,
          hint="girl, boy, mixed, other, not_stated", facet=17, exported=True, shown=True),
    Field("outcome", "review", "code", origins="F L", described_by="case",
          says="what happened to the subject", cannot="thematic reviews have none",
          label="Outcome", published="outcome", query="outcome", codes="outcome",
          hint="death, serious_harm, other, good_practice", facet=10, hit=(13, "outcome"), column=12, exported=True, shown=True),
    Field("harm", "review", "list", several=True, origins="F L", described_by="case",
          says="harm themes of the case", cannot="needs stronger evidence than a mention",
          label="Harm", published="harms", query="harm", codes="harm", hint="a harm theme's id or name",
          facet=11, exported=True, shown=True),
    Field("plan_status_now", "review", "text", several=True, origins="F L", described_by="case",
          says="plan or legal status at the time", cannot="empty says nothing: a report may not tell it",
          label="Plan or legal status", published="plan_status", query="plan", aliases=("plan_status",), of_children=True,
          hint="child_protection_plan, child_in_need, early_help, looked_after...", facet=18, exported=True, shown=True),
    Field("plan_status_ever", "review", "text", several=True, origins="F L", described_by="case",
          says="plan or legal status earlier", cannot="when, and for how long",
          label="Plan or legal status earlier", published="plan_status", of_children=True),
    Field("theme", "review", "list", several=True, origins="T L F", described_by="themes",
          says="themes of `themes.csv` with weights by place", cannot="a mention in a legal basis, a glossary or a negation does not count; absence proves nothing",
          label="Themes", published="themes", query="theme", aliases=("topic",), codes="theme",
          hint="a theme's id or name", facet=8, hit=(11, "themes"), column=10, exported=True, shown=True),
    Field("agency", "review", "list", several=True, origins="F L", described_by="themes",
          says="agencies that the text names", cannot="named is not the same as involved",
          label="Agencies", published="agencies", query="agency", codes="agency", hint="an agency's id or name",
          facet=12, exported=True, shown=True),
    Field("language", "document", "code", origins="F", described_by="first_pages",
          says="of the text; pages have their own", cannot="unknown without readable text; short or mixed texts may be judged wrongly",
          label="Language", published="language", query="language", aliases=("lang",), codes="language",
          hint="en, cy, bilingual", facet=13, hit=(15, "language"), column=13, exported=True),
    Field("availability", "document", "code", origins="L", described_by="context",
          says="what the list says of it; what is published also knows `missing` and `removed` from the nights", cannot="nothing of copies elsewhere",
          label="Availability", published="availability", query="availability", aliases=("status",), codes="availability",
          hint="available, removed, no_longer_published...", facet=16, hit=(16, "availability"), column=14, exported=True, shown=True),
    Field("landing_url", "record", "text",
          says="the publisher's page that lists it", cannot="sites delete pages",
          label="Page of the publisher", published="landing_url", hit=(17, "landing_url"), column=15, exported=True),
    Field("file_url", "record", "text",
          says="address of the file", cannot="sites delete files",
          label="File", published="file_url", hit=(18, "file_url"), column=16, exported=True),
    Field("label_kind", "review", "code", origins="T L P", described_by="stated",
          says="letter, code, pseudonym, real name...", cannot="a first name alone may be a pseudonym or real",
          label="Kind of label", published="label_kind", codes="label_kind"),
    Field("case_ref", "review", "text", origins="T L P", described_by="stated",
          says="the board's reference", cannot="its year is that of commissioning, not of publication",
          label="Reference", published="case_ref"),
    Field("nspcc_copy_no", "review", "text", origins="L", described_by="named_fields",
          says="NC and digits", cannot="a copy number says nothing of the case",
          label="NSPCC copy number"),
    Field("anonymous", "review", "code", origins="L", described_by="context",
          says="the publisher is withheld on purpose", cannot="no place is kept of such an entry, whatever its report says",
          label="Anonymous", published="anonymous", fixed=True),
    Field("statutory", "review", "code", origins="D", described_by="context",
          says="from the type", cannot="unknown where a board does not say",
          label="Statutory", published="statutory", codes="statutory"),
    Field("incident_from", "review", "date", origins="T L P", described_by="stated",
          says="the date of the incident, or where its period begins", cannot="rarely stated beside the report",
          label="Incident from", published="incident_from"),
    Field("incident_to", "review", "date",
          says="the end of that period", cannot="no rule reads it yet: empty unless somebody corrects it",
          label="Incident to"),
    Field("death_date", "review", "date", origins="T L P", described_by="stated named_fields",
          says="date of death as printed", cannot="often only a month, or withheld",
          label="Date of death", published="death_date"),
    Field("lead_reviewer", "review", "text", origins="P", described_by="first_pages_people",
          says="name of the author", cannot="only as cover and first pages name them",
          label="Lead reviewer", published="lead_reviewer"),
    Field("chair", "review", "text", origins="P", described_by="first_pages_people",
          says="name of the chair", cannot="only as cover and first pages name them",
          label="Chair"),
    Field("methodology", "review", "text", several=True, origins="F L", described_by="case",
          says="SCIE, SILP, Welsh model...", cannot="many reports name none",
          label="Method", published="methodology"),
    Field("n_subjects", "review", "text", origins="F L", described_by="case",
          says="a number of children", cannot="rough; one child is the usual reading",
          label="Number of children"),
    Field("ethnicity", "review", "text", several=True,
          says="as told", cannot="no rule reads it yet: empty unless somebody corrects it; never derived from names",
          label="Ethnicity"),
    Field("disability", "review", "text", several=True,
          says="as told", cannot="no rule reads it yet: empty unless somebody corrects it; the theme `child_disability` finds reports that speak of it",
          label="Disability"),
    Field("source_of_harm", "review", "list", several=True, origins="F L", described_by="case",
          says="who harmed", cannot="often not proven when a review is written",
          label="Source of harm", published="source_of_harm"),
    Field("fatal_class", "review", "text", origins="D", described_by="case",
          says="2 or 5 of the national classes, only when one harm is sure", cannot="the other classes are not judged",
          label="Class of death"),
    Field("serious_harm_class", "review", "text", origins="D", described_by="case",
          says="class of serious harm, only when one harm is sure", cannot="empty where several harms compete",
          label="Class of serious harm"),
    Field("known_to_services", "review", "code",
          says="how far services knew the family", cannot="no rule reads it yet: empty unless somebody corrects it",
          label="Known to services", codes="known_to_services"),
    Field("living_where", "review", "text", several=True, origins="F L", described_by="case",
          says="where the child lived", cannot="the most telling sentence wins; moves are lost",
          label="Living where"),
    Field("school_status", "review", "text", several=True, origins="F L D", described_by="case",
          says="in school, excluded, home educated...; `below_school_age` (D) from the age", cannot="one status of several",
          label="School", of_children=True),
    Field("parallel_process", "review", "list", several=True,
          says="trial, inquest, care proceedings...", cannot="no rule reads it yet: empty unless somebody corrects it",
          label="Parallel processes", codes="parallel_process"),
    Field("draft_mark", "document", "text", several=True, origins="P", described_by="first_pages_people",
          says="draft, final, redacted, v2... as the cover says", cannot="whether a later version exists",
          label="Draft or final"),
    Field("report_date", "document", "date", origins="T L P", described_by="first_pages stated",
          says="the date of the report, mostly on its cover", cannot="often months or years before publication",
          label="Date of the report"),
    Field("agreed_date", "document", "date", origins="T L P", described_by="first_pages stated",
          says="when the board agreed it", cannot="many reports do not say",
          label="Agreed"),
    Field("revised", "document", "date", origins="T L P", described_by="first_pages stated",
          says="when it was revised, or its page updated", cannot="what was changed",
          label="Revised"),
    Field("presented", "document", "date", origins="T L P", described_by="first_pages stated",
          says="when it was presented to a board or panel", cannot="not a date of publication",
          label="Presented"),
    Field("uploaded", "document", "date", origins="T L D", described_by="stated named_fields",
          says="a date of the site: a post, an upload, a folder", cannot="a site that moved gives all its posts one day",
          label="Uploaded"),
    Field("withdrawn_at", "document", "date", origins="L", described_by="named_fields",
          says="when GOV.UK says it was withdrawn", cannot="other sites say no such thing",
          label="Withdrawn"),
    Field("seen", "document", "date", origins="D", described_by="context",
          says="the day it was last sighted", cannot="only bounds other dates",
          label="Seen", fixed=True),
    Field("host_site", "document", "text",
          says="the site that held it, when that is not its publisher", cannot="no rule reads it yet: empty unless somebody corrects it",
          label="Site that held it", place=True),
    Field("keywords", "document", "list", several=True, origins="L", described_by="named_fields",
          says="terms that a list gives (NSPCC thesaurus)", cannot="the NSPCC spells and words differently from practitioners",
          label="Keywords", published="keywords", room=2_944, weight=4.0),
    Field("sha256", "file", "text",
          says="hash of the bytes of the newest version",
          label="SHA-256", published="sha256"),
    Field("media_type", "file", "text",
          says="what the file is",
          label="Media type", published="media_type"),
    Field("text_status", "file", "code",
          says="how its file was read",
          label="Reading", published="text_status"),
)
# fmt: on

DESCRIBED: Mapping[str, Field] = {field.name: field for field in FIELDS if field.described}
PLACE_FIELDS = frozenset(field.name for field in FIELDS if field.place)
OF_CHILDREN = frozenset(field.name for field in FIELDS if field.of_children)
PUBLISHED = tuple(field for field in FIELDS if field.published)
SEARCHED = tuple(field for field in FIELDS if field.query)
FACETS = tuple(sorted((one for one in FIELDS if one.facet), key=lambda one: one.facet))
COLUMNS = tuple(sorted((one for one in FIELDS if one.column), key=lambda one: one.column))
HIT = tuple(sorted((one for one in FIELDS if one.hit), key=lambda one: one.hit or ()))


def digest_of(rows: object) -> str:
    """A hash of what a store took from the table: with another one it must be made anew."""
    return hashlib.blake2b(repr(rows).encode(), digest_size=8).hexdigest()
