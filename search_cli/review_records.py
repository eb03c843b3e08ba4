"""Reviews as records, for `show`, `open` and `export`: what may leave the home."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from casereviews.repository.home import Home
from casereviews.search_cli.errors import BadRequest

NOT_EXPORTED = ("recommendations", "sections", "error", "link_reason")
# NSPCC's abstracts are the NSPCC's text: what was read from them is kept, their sentences are not handed on.
ABSTRACT_ORIGINS = ("listing", "text")


def record_of(home: Home, identifier: str) -> dict[str, Any]:
    """The whole record of a review by the id of it or of one of its documents; UnknownId when it is not shown."""
    from casereviews.repository.published_documents import review

    if not home.record_db.exists():
        raise BadRequest(
            f"there is no {identifier}: nothing was collected yet (run `casereviews refresh`)"
        )
    return review(home, identifier)


def chosen_document(home: Home, identifier: str) -> dict[str, Any]:
    """The document that an id names; of a review its best one."""
    record = record_of(home, identifier)
    documents: list[dict[str, Any]] = record["documents"]
    for document in documents:
        if document["document_id"] == identifier:
            return document
    return documents[0]


def exported(
    record: Mapping[str, Any], families: Mapping[str, str], *, names: bool = False
) -> dict[str, Any]:
    """A record as it is taken away: no report's text, no abstract's sentence, and real persons' names only when asked for."""
    out = {name: value for name, value in record.items() if name not in ("documents", "aliases")}
    abstract = families.get(str(record.get("source"))) == "nspcc"
    hidden = set()
    if record.get("label_kind") == "real_name" and not names:
        hidden = set(record.get("subjects") or ())
        out["subjects"] = []
        out["subjects_withheld"] = True
        out["title"] = _without(str(out.get("title") or ""), hidden)
    out["documents"] = [
        _document(document, abstract=abstract, hidden=hidden) for document in record["documents"]
    ]
    return out


def withheld(hit: Mapping[str, Any], kinds: Mapping[str, str]) -> dict[str, Any]:
    """A hit as reference managers and spreadsheets get it: without labels that are real persons' names.

    `kinds` maps document ids to the kind of their label. The terminal and `--json` show what the publisher shows.
    """
    if kinds.get(str(hit["document_id"])) != "real_name":
        return dict(hit)
    hidden = {str(label) for label in hit.get("subjects") or ()}
    out = {**hit, "subjects": [], "title": _without(str(hit.get("title") or ""), hidden)}
    out["pages"] = [{**page, "snippet": "", "matches": []} for page in hit.get("pages") or ()]
    for name in ("landing_url", "file_url"):
        if out.get(name) and any(_slug(label) in _slug(str(out[name])) for label in hidden):
            out[name] = None
    return out


def _document(document: Mapping[str, Any], *, abstract: bool, hidden: set[str]) -> dict[str, Any]:
    out = {name: value for name, value in document.items() if name not in (*NOT_EXPORTED, "facts")}
    out["facts"] = [
        _fact(fact, abstract=abstract, hidden=hidden)
        for fact in document["facts"]
        if not (hidden and fact["field"] == "subject_labels")
    ]
    if hidden:
        out["title"] = _without(str(out.get("title") or ""), hidden)
        for name in ("url", "landing_url"):
            if out.get(name) and any(_slug(label) in _slug(str(out[name])) for label in hidden):
                out[name] = None
    return out


def _fact(fact: Mapping[str, Any], *, abstract: bool, hidden: set[str]) -> dict[str, Any]:
    names = ("field", "value", "raw", "origin", "page", "evidence", "confidence")
    out = {name: fact[name] for name in names}
    if abstract and fact["origin"] in ABSTRACT_ORIGINS and fact["page"] is None:
        out["evidence"] = ""
        out["raw"] = fact["value"]
    for name in ("value", "raw", "evidence"):
        out[name] = _without(str(out[name]), hidden)
    return out


def _without(text: str, hidden: set[str]) -> str:
    """The text without the labels, however their letters and spaces are written."""
    for label in hidden:
        written = r"\s+".join(map(re.escape, label.split()))
        text = re.sub(written, "[name withheld]", text, flags=re.IGNORECASE) if written else text
    return text


def _slug(text: str) -> str:
    return "".join(letter for letter in text.lower() if letter.isalnum())
