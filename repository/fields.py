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
    only. `described_by`: the modules and folders of `repository/describing/` that find it (or `theme_weights`). `says`, `cannot`: what it tells and
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
    Field("title", "document", "text", origins="T L P", described_by="context named_fields first_pages", label="Title",
          says="the words a reader would cite, without what the site says of the file; the fact's `raw` has what was printed", cannot='a bare "Report" is named by the heading above it',
          published="title", query="title", room=1_024, weight=6.0, hit=(1, "title"), column=1, exported=True, brief=True,
          hint="words of the title"),
    Field("subject_labels", "review", "list", origins="T L P", described_by="stated", label="Subjects",
          says="labels as printed", cannot="a label is unique per publisher at best",
          published="subjects", query="subject", aliases=("label", "child"), room=3_072, weight=6.0, hit=(2, "subjects"), column=7,
          exported=True, shown=True, hint="the label of the child"),
    Field("review_type", "review", "list", origins="T L P", described_by="stated", label="Type", codes="review_type",
          says="the kind of review; a bar joins two", cannot='the law of the time, not quality; a "Learning Review" in England is not the Scottish one',
          published="review_type", bar="all", query="type", aliases=("review_type",), facet=5, hit=(3, "review_type"), column=5,
          exported=True, shown=True, brief=True, hint="scr, lcspr, cpr, cmr, learning_review, thematic_review, dhr, sar..."),
    Field("document_role", "document", "code", origins="T L P", described_by="stated", label="Document", codes="document_role",
          says="what kind of document it is", cannot="press statements, podcasts and letters are `statement` or `other`; empty when nothing says so",
          published="document_role", query="role", aliases=("document",), facet=6, hit=(4, "role"), column=6,
          hint="overview_report, executive_summary, briefing, response..."),
    Field("publisher", "review", "text", origins="D L P T", described_by="context named_fields first_pages", label="Publisher",
          says="the board or partnership as printed, else the source's", cannot="boards change their names; the name is kept as it was printed",
          published="publisher", query="publisher", aliases=("board",), room=1_024, weight=2.0, facet=1, hit=(5, "publisher"),
          column=2, exported=True, shown=True, brief=True, hint="words of the publisher's name"),
    Field("source", "record", "code", label="Source",
          says="id of the registry entry that it was collected from", cannot="a report may stand at other publishers too",
          published="source", query="source", facet=15, hit=(6, "source"), exported=True, hint="id of a registry entry"),
    Field("nation", "review", "code", origins="D L P", described_by="context stated", label="Nation", codes="nation", place=True,
          says="from the publisher, else its area", cannot="absent for anonymous entries",
          published="nation", query="nation", aliases=("country",), facet=4, hit=(7, "nation"), column=8, exported=True, shown=True,
          hint="England, Wales, Scotland, Northern Ireland..."),
    Field("areas", "review", "list", origins="D L P T", described_by="context stated", label="Areas", place=True,
          says="council areas of the publisher, or named in a national list or on a cover", cannot="absent for anonymous entries; the board's area, not where a family lived",
          published="areas", query="area", aliases=("council",), room=4_096, weight=3.0, facet=2, hit=(8, "areas"), column=9,
          exported=True, shown=True, hint="council area"),
    Field("regions", "record", "list", label="Regions",
          says="English regions of the areas", cannot="absent where no area is known",
          published="regions", query="region", facet=3, exported=True, hint="English region"),
    Field("published", "document", "date", origins="T L P D", described_by="context named_fields stated", label="Published",
          says="the day, month or year of publication", cannot="uploads and migrations of a site are weaker candidates, never silently taken",
          published="published", query="published", aliases=("date",), hit=(9, "published"), column=3, exported=True, shown=True,
          brief=True, hint="2021-03-17, 2021-03 or 2019-04..2020"),
    Field("precision", "record", "code", label="Precision", codes="precision",
          says="whether `published` is a day, a month or a year",
          published="precision", hit=(10, "precision"), column=4, exported=True),
    Field("year", "record", "number", label="Year",
          says="year of publication", cannot="as `published`",
          published="year", query="year", ranked=True, facet=7, hint="2021 or 2015..2021"),
    Field("scope", "review", "code", origins="D T", described_by="context stated", label="Scope", codes="scope",
          says="child, adult, both, or not a review", cannot="by type, else by the source; a title may say that it is no review",
          published="scope", query="scope", facet=14, hit=(14, "scope"), exported=True, shown=True,
          hint="child (the default), adult, both, all"),
    Field("age_band", "review", "list", origins="F L", described_by="case", label="Age", codes="age_band", of_children=True,
          says="bands of Panel reports; several for siblings", cannot="none when an age reaches over a border",
          published="age_bands", bar="hit", query="age", aliases=("age_band",), ranked=True, facet=9, hit=(12, "age_band"),
          column=11, exported=True, shown=True, hint="under_1, 1_5, 6_10, 11_15, 16_17"),
    Field("age_months_min", "review", "number", origins="F L", described_by="case", label="Age in months, least", of_children=True,
          says="youngest age in months that fits", cannot="ages of siblings may be taken for the subject's in long family histories",
          published="age_months_min", exported=True),
    Field("age_months_max", "review", "number", origins="F L", described_by="case", label="Age in months, most", of_children=True,
          says="oldest age in months that fits", cannot='as above; "a teenager" is a wide range',
          published="age_months_max", exported=True),
    Field("sex", "review", "code", origins="F L D", described_by="case finders", label="Sex", codes="sex", of_children=True,
          says="as told; `not_stated` (D) when no sentence tells it safely", cannot="a review may withhold it on purpose",
          published="sex", query="sex", aliases=("gender",), facet=17, exported=True, shown=True,
          hint="girl, boy, mixed, other, not_stated"),
    Field("outcome", "review", "code", origins="F L", described_by="case", label="Outcome", codes="outcome",
          says="what happened to the subject", cannot="thematic reviews have none",
          published="outcome", query="outcome", facet=10, hit=(13, "outcome"), column=12, exported=True, shown=True,
          hint="death, serious_harm, other, good_practice"),
    Field("harm", "review", "list", several=True, origins="F L", described_by="case", label="Harm", codes="harm",
          says="harm themes of the case", cannot="needs stronger evidence than a mention",
          published="harms", query="harm", facet=11, exported=True, shown=True, hint="a harm theme's id or name"),
    Field("plan_status_now", "review", "text", several=True, origins="F L", described_by="case", label="Plan or legal status", of_children=True,
          says="plan or legal status at the time", cannot="empty says nothing: a report may not tell it",
          published="plan_status", query="plan", aliases=("plan_status",), facet=18, exported=True, shown=True,
          hint="child_protection_plan, child_in_need, early_help, looked_after..."),
    Field("plan_status_ever", "review", "text", several=True, origins="F L", described_by="case", label="Plan or legal status earlier", of_children=True,
          says="plan or legal status earlier", cannot="when, and for how long",
          published="plan_status"),
    Field("theme", "review", "list", several=True, origins="T L F", described_by="themes", label="Themes", codes="theme",
          says="themes of `themes.csv` that are told of this case, central and present ones", cannot="what is denied, asked, wished for, told of another case or of people at large does not count; absence proves nothing",
          published="themes", query="theme", aliases=("topic",), facet=8, hit=(11, "themes"), column=10, exported=True, shown=True,
          hint="a theme's id or name"),
    Field("central_theme", "review", "list", several=True, origins="T L F", described_by="theme_weights", label="Central themes", codes="theme", fixed=True,
          says="themes that the review is about: told in its title or again and again", cannot="a short document names few",
          published="central_themes", query="central", exported=True, hint="a theme's id or name, of what the review is about"),
    Field("touched_theme", "review", "list", several=True, origins="T L F", described_by="theme_weights", label="Themes touched on", codes="theme", fixed=True,
          says="themes that the review tells of in passing; they are in no facet, no keyword and no likeness", cannot="one sentence may mislead",
          published="touched_themes", query="touched", hint="a theme's id or name, of what is told in passing"),
    Field("agency", "review", "list", several=True, origins="F L", described_by="themes", label="Agencies", codes="agency",
          says="agencies that the text names", cannot="named is not the same as involved",
          published="agencies", query="agency", facet=12, exported=True, shown=True, hint="an agency's id or name"),
    Field("language", "document", "code", origins="F", described_by="first_pages", label="Language", codes="language",
          says="of the text; pages have their own", cannot="unknown without readable text; short or mixed texts may be judged wrongly",
          published="language", query="language", aliases=("lang",), facet=13, hit=(15, "language"), column=13, exported=True,
          hint="en, cy, bilingual"),
    Field("availability", "document", "code", origins="L", described_by="context", label="Availability", codes="availability",
          says="what the list says of it; what is published also knows `missing`, `unlisted` (its file is still public) and `removed` from the nights", cannot="nothing of copies elsewhere",
          published="availability", query="availability", aliases=("status",), facet=16, hit=(16, "availability"), column=14,
          exported=True, shown=True, hint="available, unlisted, removed, no_longer_published..."),
    Field("landing_url", "record", "text", label="Page of the publisher",
          says="the publisher's page that lists it", cannot="sites delete pages",
          published="landing_url", hit=(17, "landing_url"), column=15, exported=True),
    Field("file_url", "record", "text", label="File",
          says="address of the file", cannot="sites delete files",
          published="file_url", hit=(18, "file_url"), column=16, exported=True),
    Field("trouble", "record", "code", label="Trouble with the file", published="trouble", query="trouble", exported=True,
          says="why its file could not be had when it was last asked for, such as `http_404`; what was had before is kept", cannot="whether it comes back",
          hint="http_404, robots, html_for_file, off_site... of files that could not be had"),
    Field("trouble_host", "record", "text", label="Host of the trouble", published="trouble_host", exported=True,
          says="the host that the trouble was met at"),
    Field("label_kind", "review", "code", origins="T L P", described_by="stated", label="Kind of label", codes="label_kind",
          says="letter, code, pseudonym, real name...", cannot="a first name alone may be a pseudonym or real",
          published="label_kind"),
    Field("case_ref", "review", "text", origins="T L P", described_by="stated", label="Reference", published="case_ref",
          says="the board's reference, or the number after a type (SCR 04)", cannot="its year is that of commissioning, not of publication"),
    Field("nspcc_copy_no", "review", "text", origins="L", described_by="named_fields", label="NSPCC copy number",
          says="NC and digits", cannot="a copy number says nothing of the case"),
    Field("anonymous", "review", "code", origins="L", described_by="context", label="Anonymous", fixed=True, published="anonymous",
          says="the publisher is withheld on purpose", cannot="no place is kept of such an entry, whatever its report says"),
    Field("statutory", "review", "code", origins="D", described_by="context", label="Statutory", codes="statutory",
          says="from the type", cannot="unknown where a board does not say",
          published="statutory"),
    Field("incident_from", "review", "date", origins="T L P", described_by="stated", label="Incident from",
          says="the date of the incident, or where its period begins", cannot="rarely stated beside the report",
          published="incident_from"),
    Field("incident_to", "review", "date", origins="F L", described_by="finders", label="Incident to",
          says="the end of that period, where a sentence says from when to when harm lasted", cannot="few reports say it so; the period that the review looks at is another"),
    Field("death_date", "review", "date", origins="T L P", described_by="stated named_fields", label="Date of death",
          says="date of death as printed", cannot="often only a month, or withheld",
          published="death_date"),
    Field("lead_reviewer", "review", "text", origins="P", described_by="first_pages_people", label="Lead reviewer",
          says="name of the author", cannot="only as cover and first pages name them",
          published="lead_reviewer"),
    Field("chair", "review", "text", origins="P", described_by="first_pages_people", label="Chair",
          says="name of the chair", cannot="only as cover and first pages name them"),
    Field("methodology", "review", "text", several=True, origins="F L", described_by="case", label="Method",
          says="SCIE, SILP, Welsh model...", cannot="many reports name none",
          published="methodology"),
    Field("n_subjects", "review", "text", origins="F L", described_by="case", label="Number of children",
          says="a number of children", cannot="rough; one child is the usual reading"),
    Field("ethnicity", "review", "text", several=True, origins="F L", described_by="finders", label="Ethnicity",
          says="the group as the report says it of the child", cannot="most reports do not say it; never derived from names, languages or places"),
    Field("disability", "review", "text", several=True, origins="F L", described_by="finders", label="Disability",
          says="the kind, said of the child itself", cannot="few kinds; the theme `child_disability` finds more reports that speak of it"),
    Field("source_of_harm", "review", "list", several=True, origins="F L", described_by="case", label="Source of harm",
          says="who harmed", cannot="often not proven when a review is written",
          published="source_of_harm"),
    Field("fatal_class", "review", "text", origins="D", described_by="case", label="Class of death",
          says="2 or 5 of the national classes, only when one harm is sure", cannot="the other classes are not judged"),
    Field("serious_harm_class", "review", "text", origins="D", described_by="case", label="Class of serious harm",
          says="class of serious harm, only when one harm is sure", cannot="empty where several harms compete"),
    Field("known_to_services", "review", "code", origins="F L", described_by="finders", label="Known to services", codes="known_to_services",
          says="how far services knew the family; a child protection or child in need plan, the register and care are social care", cannot="only where a sentence says it in so many words; the first that does counts, and whether it was before the harm is not told"),
    Field("living_where", "review", "text", several=True, origins="F L", described_by="case", label="Living where",
          says="where the child lived", cannot="the most telling sentence wins; moves are lost"),
    Field("school_status", "review", "text", several=True, origins="F L D", described_by="case", label="School", of_children=True,
          says="in school, excluded, home educated...; `below_school_age` (D) from the age", cannot="one status of several"),
    Field("circumstance", "review", "text", several=True, origins="F L", described_by="finders", label="Circumstances", of_children=True,
          says="what the child did or was that bears on its age (pregnant, a parent, at work, in a school year) or tells that it lives on; checks other facts (`repository/describing/agreement.py`)", cannot="said of the one child by a noun or name, so that most is left out"),
    Field("parallel_process", "review", "list", several=True, origins="F L", described_by="finders", label="Parallel processes", codes="parallel_process",
          says="trial, inquest, care proceedings...", cannot="a conviction stands for a trial; whether it ran beside the review or before is not told"),
    Field("draft_mark", "document", "text", several=True, origins="P", described_by="first_pages_people", label="Draft or final",
          says="draft, final, redacted, v2... as the cover says", cannot="whether a later version exists"),
    Field("report_date", "document", "date", origins="T L P", described_by="first_pages stated", label="Date of the report",
          says="the date of the report, mostly on its cover", cannot="often months or years before publication"),
    Field("agreed_date", "document", "date", origins="T L P", described_by="first_pages stated", label="Agreed",
          says="when the board agreed it", cannot="many reports do not say"),
    Field("revised", "document", "date", origins="T L P", described_by="first_pages stated", label="Revised",
          says="when it was revised, or its page updated", cannot="what was changed"),
    Field("presented", "document", "date", origins="T L P", described_by="first_pages stated", label="Presented",
          says="when it was presented to a board or panel", cannot="not a date of publication"),
    Field("uploaded", "document", "date", origins="T L D", described_by="stated named_fields", label="Uploaded",
          says="a date of the site: a post, an upload, a folder", cannot="a site that moved gives all its posts one day"),
    Field("withdrawn_at", "document", "date", origins="L", described_by="named_fields", label="Withdrawn",
          says="when GOV.UK says it was withdrawn", cannot="other sites say no such thing"),
    Field("seen", "document", "date", origins="D", described_by="context", label="Seen", fixed=True,
          says="the day it was last sighted", cannot="only bounds other dates"),
    Field("host_site", "document", "text", label="Site that held it", place=True,
          says="the site that held it, when that is not its publisher", cannot="no rule reads it yet: empty unless somebody corrects it"),
    Field("keywords", "document", "list", several=True, origins="L", described_by="named_fields", label="Keywords",
          says="terms that a list gives (NSPCC thesaurus)", cannot="the NSPCC spells and words differently from practitioners",
          published="keywords", room=2_944, weight=4.0),
    Field("sha256", "file", "text", label="SHA-256", published="sha256",
          says="hash of the bytes of the newest version"),
    Field("media_type", "file", "text", label="Media type", published="media_type",
          says="what the file is"),
    Field("text_status", "file", "code", label="Reading", published="text_status",
          says="how its file was read"),
)
# fmt: on

MARK = Field(
    "mark",
    "review",
    "list",
    label="Mark",
    codes="mark",
    query="mark",
    says="what somebody decided on the review (`mark`), at the last stage it reached and at each stage",
    cannot="whether the decision is right; nothing of it is in the index or leaves with an export",
    hint="include, exclude, maybe, conflict, title_abstract_include...",
)
"""Kept by people beside the record, and asked for as a field is: no fact, no column of the index."""

DESCRIBED: Mapping[str, Field] = {field.name: field for field in FIELDS if field.described}
PLACE_FIELDS = frozenset(field.name for field in FIELDS if field.place)
OF_CHILDREN = frozenset(field.name for field in FIELDS if field.of_children)
PUBLISHED = tuple(field for field in FIELDS if field.published)
# Of two that are published under one name the first.
PUBLISHED_AS: Mapping[str, Field] = {field.published: field for field in reversed(PUBLISHED)}
STORED = tuple(field for field in FIELDS if field.query)
"""The fields that the index keeps."""
SEARCHED = (*STORED, MARK)
FACETS = tuple(sorted((one for one in FIELDS if one.facet), key=lambda one: one.facet))
COLUMNS = tuple(sorted((one for one in FIELDS if one.column), key=lambda one: one.column))
HIT = tuple(sorted((one for one in FIELDS if one.hit), key=lambda one: one.hit or ()))


def digest_of(rows: object) -> str:
    """A hash of what a store took from the table: with another one it must be made anew."""
    return hashlib.blake2b(repr(rows).encode(), digest_size=8).hexdigest()


def as_number(published: str, value: object) -> object:
    """The value of a published field as JSON has it: a number where the table says so ("36" months is 36)."""
    if published in _COUNTED and isinstance(value, str) and value.isdigit():
        return int(value)
    return value


_COUNTED = frozenset(
    field.published for field in FIELDS if field.form == "number" and field.described
)
