"""`similar`: from anywhere, in every form, with its reasons, and without a trace."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import docx
import pytest

from casereviews.collection.asking import described_case as description
from casereviews.collection.changing import indexing
from casereviews.index.errors import ModelError
from tests.search_cli import small_home
from tests.search_cli.verbs.conftest import Runner

SLEPT = "A baby died asleep on a sofa beside a parent."
FAR = "A parent beside a road."
NO_RISK = "does not assess risk"
FORMS = ("table", "json", "jsonl", "csv", "markdown", "ris", "bibtex")


def first(runner: Runner, *words: str, stdin: str | None = None) -> str:
    return str(runner.json("similar", *words, "--limit", "1", stdin=stdin)["hits"][0]["review_id"])


@pytest.mark.parametrize("form", FORMS)
def test_every_form_says_that_it_is_no_assessment_of_risk(read: Runner, form: str) -> None:
    flags = () if form == "table" else (f"--{form}",)
    done = read("similar", *flags, stdin=SLEPT)
    assert (done.exit_code, NO_RISK in done.stderr) == (0, True)
    assert NO_RISK in done.stdout or form == "table"


def test_reasons_go_into_a_spreadsheet_too_and_each_page_once(read: Runner) -> None:
    rows = list(csv.DictReader(io.StringIO(read.ok("similar", "--csv", stdin=SLEPT)[1:])))
    assert rows[0]["same"].startswith("under_1; death")
    assert "baby" in rows[0]["speaks_of"]
    assert rows[0]["pages"] == "p. 2"


def test_the_json_has_the_hits_of_search_with_their_reasons(read: Runner) -> None:
    searched = read.json("search", "child")
    payload = read.json("similar", stdin=SLEPT)
    assert payload.keys() - searched.keys() == {"caution"}
    best = payload["hits"][0]
    assert best.keys() - searched["hits"][0].keys() == {"why"}
    assert set(best["why"]) == {"facts", "speaks_of", "passages", "strength"}
    assert best["why"]["strength"] in ("strong", "fair")
    assert best["why"]["passages"] == best["pages"]
    assert best["why"]["facts"]["outcome"] == ["death"]


def test_a_real_persons_name_is_not_taken_away(read: Runner) -> None:
    text = "a boy of seven, physical abuse at home"
    for form in ("csv", "jsonl", "ris", "bibtex", "markdown"):
        assert "Brackenfield" not in read.ok("similar", f"--{form}", stdin=text), form
    assert "Brackenfield" in read.ok("similar", stdin=text)


def test_a_description_is_read_from_the_files_that_people_have(
    read: Runner, tmp_path: Path
) -> None:
    word = docx.Document()
    word.add_paragraph(SLEPT)
    word.save(str(tmp_path / "told.docx"))
    (tmp_path / "told.pdf").write_bytes(small_home.pdf([("Note", SLEPT)]))
    (tmp_path / "old.txt").write_bytes(f"Caf\xe9 \x93baby\x94: {SLEPT}".encode("latin-1"))
    (tmp_path / "wide.txt").write_bytes(SLEPT.encode("utf-16"))
    for name in ("told.docx", "told.pdf", "old.txt", "wide.txt"):
        assert first(read, "--file", str(tmp_path / name)) == read.review("Child Q (March 2021)")


def test_a_file_that_cannot_be_read_in_memory_is_refused(read: Runner, tmp_path: Path) -> None:
    for name, body, said in (
        ("a.doc", b"\xd0\xcf\x11\xe0 old", "save it as .docx"),
        ("b.docx", b"PK\x03\x04 broken", "has no text that can be read"),
    ):
        (tmp_path / name).write_bytes(body)
        done = read("similar", "--file", str(tmp_path / name))
        assert (done.exit_code, said in done.stderr) == (2, True)
    (tmp_path / "c.txt").write_text(" \n", "utf-8")
    assert read("similar", "--file", str(tmp_path / "c.txt")).exit_code == 2
    assert read("similar", "--file", str(tmp_path)).exit_code == 2


def test_bytes_that_are_no_text_do_no_harm(read: Runner) -> None:
    done = read("similar", stdin=f"\x1b[31m{SLEPT}\x00\x07 \x9b31m")
    assert done.exit_code == 0
    assert not set("\x1b\x00\x07\x9b") & set(done.stderr)
    assert description.plain("a\ud800b\x1bc\nd\te") == "a b c\nd\te"
    assert description.decoded(b"\xe9t\xe9 \x81") == "\xe9t\xe9 \ufffd"


def test_nothing_to_compare_is_nothing_found_and_an_empty_text_a_usage_error(read: Runner) -> None:
    unknown = read("similar", "--json", stdin="xqzzt plorf")
    assert (unknown.exit_code, json.loads(unknown.stdout)["hits"]) == (1, [])
    for words, stdin in (((), ""), (("--text", ""), None), (("--text", " \x00 "), None)):
        assert read("similar", *words, stdin=stdin).exit_code == 2
    assert read("similar", "some-id", "--text", "").exit_code == 2


def test_what_no_report_tells_is_not_close_and_the_table_says_what_to_read_next(
    read: Runner,
) -> None:
    for text in ("recipe for lemon cake", "a football fixture list"):
        done = read("similar", stdin=text)
        assert (done.exit_code, "nothing here is close" in done.stderr) == (1, True), text
    far = read("similar", stdin=FAR)
    assert {hit["why"]["strength"] for hit in read.json("similar", stdin=FAR)["hits"]} == {"weak"}
    assert "nothing here is close: these come nearest" in far.stderr
    done = read("similar", stdin=SLEPT)
    assert "nothing here is close" not in done.stderr
    review = read.review("Child Q (March 2021)")
    assert f"casereviews show {review} --page 2" in done.stderr
    assert "[strong]" in done.stdout
    assert "Serious Case Review" in done.stdout


def test_at_the_prompt_it_asks_on_and_loads_the_model_once(
    read: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    from casereviews.index.similar import encoders
    from casereviews.search_cli.commands import similar

    loaded: list[object] = []
    of_folder = encoders.encoder_for
    monkeypatch.setattr(similar, "asks_on", lambda ctx: True)
    monkeypatch.setattr(encoders, "encoder_for", lambda at: loaded.append(at) or of_folder(at))
    told = iter(["recipe for lemon cake", ""])
    monkeypatch.setattr(similar, "typed", lambda prompt: next(told))
    done = read("similar", stdin=SLEPT)
    assert (done.exit_code, len(loaded)) == (1, 1)
    assert "Child Q" in done.stdout
    assert "nothing here is close" in done.stderr


def test_a_description_without_end_is_cut_and_that_is_said(read: Runner) -> None:
    kept, note = description.bounded(f"{SLEPT} " * 50_000)
    assert len(kept) <= description.MOST_CHARACTERS
    assert "only the first" in note
    assert description.bounded(SLEPT) == (SLEPT, "")
    done = read("similar", stdin=f"{SLEPT} " * 2_000)
    assert (done.exit_code, "only the first" in done.stderr) == (0, True)


def test_a_description_in_place_of_an_id_is_sent_to_the_prompt(read: Runner) -> None:
    done = read("similar", "baby with a bruise")
    assert (done.exit_code, "type it at the prompt" in done.stderr) == (2, True)


def test_filters_and_scope_hold(read: Runner) -> None:
    assert {h["nation"] for h in read.json("similar", "--nation", "Wales", stdin="baby, gang")["hits"]} == {"Wales"}  # fmt: skip
    text = "a woman of 81, self-neglect and hoarding"
    adult = read.review("Ms T (2023)")
    assert adult not in [hit["review_id"] for hit in read.json("similar", stdin=text)["hits"]]
    assert first(read, "--scope", "all", stdin=text) == adult
    assert read("similar", "--nation", "Narnia", stdin=SLEPT).exit_code == 2


def test_a_night_compares_all_anew_after_a_change_of_vocabulary(
    change: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    from casereviews.index.similar.concepts import finder
    from casereviews.index.similar.upkeep import complete

    ids = indexing.indexed_ids(change.home)
    monkeypatch.setattr(finder(), "fingerprint", 4711)

    def whole() -> bool:
        return complete(change.home.index, change.home.id, ids, encoder=None)

    assert not whole()
    revision = indexing.record_revision(change.home)
    indexing.bring_up_to_date(change.home, changed=(), since_revision=revision)
    assert whole()


def test_a_report_is_withdrawn_from_the_vectors_when_the_model_is_gone(
    change: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(home: object) -> None:
        raise ModelError("the folder was moved")

    record = change.json("show", change.review("Child R (2019)"))
    document = record["documents"][0]["document_id"].encode()
    monkeypatch.setattr(indexing, "encoder_of", gone)
    change.ok("withdraw", record["review_id"], "--reason", "test", "--yes")
    holding = [
        path.name
        for path in change.home.index.rglob("*")
        if path.is_file() and document in path.read_bytes()
    ]
    assert holding == []


def test_a_night_without_its_model_keeps_words_and_concepts_and_says_so(
    change: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    from casereviews.index.similar.concepts import finder
    from casereviews.index.similar.upkeep import complete

    def gone(home: object) -> None:
        raise ModelError("the folder was moved")

    ids = indexing.indexed_ids(change.home)
    monkeypatch.setattr(finder(), "fingerprint", 4711)
    monkeypatch.setattr(indexing, "encoder_of", gone)
    with pytest.raises(ModelError, match="was moved"):
        indexing.bring_up_to_date(change.home)
    assert complete(change.home.index, change.home.id, ids, encoder=None)
