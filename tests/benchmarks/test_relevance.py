"""The benchmark of similar cases takes files as people have them and measures what it says."""

import json
import math
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from benchmarks import relevance
from benchmarks.relevance_files import NotReadable, Query, cases_of, judged_of, queries_of
from casereviews import Collection
from casereviews.collection.changing import indexing
from casereviews.demo.sites import build
from casereviews.demo.truth import truth_of

FOLDS = ("dev", "final", "third", "fourth")

CASES = (
    {"case_id": "A", "facts": "A baby was scalded in a bath.", "age_band": None, "more": [1]},
    {"case_id": "B", "facts": "A boy of 16 was stabbed by a gang."},
    {"id": "C", "text": "A girl drowned in a canal after a party."},
    {"case_id": "D", "facts": ""},
)
QUERIES = (
    {"query_id": "1", "kind": "case", "text": "baby burnt by hot water", "relevant": {"A": 3}},
    {"text": "knife attack on a teenager", "relevant": {"B": "2", "C": 0}, "extra": {"x": 1}},
    {"kind": "topic", "text": "water", "relevant": ["A", "C", "nowhere"]},
    {"kind": "topic", "text": "?!", "relevant": {"A": 1}},
    {"kind": "topic", "text": "nothing named"},
    {"kind": "topic", "text": "nothing above 0", "relevant": {"A": 0}},
)


def lines(folder, name, rows):
    file = folder / name
    file.write_text("\n \n".join(json.dumps(row) for row in rows) + "\n", "utf-8-sig")
    return file


def test_files_are_read_whatever_else_stands_in_them(tmp_path):
    found, without = queries_of(lines(tmp_path, "q.jsonl", QUERIES))
    assert without == 2
    assert found == [
        Query("baby burnt by hot water", "case", {"A": 3}),
        Query("knife attack on a teenager", "case", {"B": 2}),
        Query("water", "topic", {"A": 1, "C": 1, "nowhere": 1}),
        Query("?!", "topic", {"A": 1}),
    ]
    whole = tmp_path / "cases.json"
    whole.write_text(json.dumps(CASES, indent=2), "utf-8")
    assert cases_of(whole) == {
        "A": "A baby was scalded in a bath.",
        "B": "A boy of 16 was stabbed by a gang.",
        "C": "A girl drowned in a canal after a party.",
    }


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ('{"text": 3}', r"q\.jsonl, line 2: a query needs `text`"),
        ("{", r"q\.jsonl, line 2: Expecting"),
        ("3", r"q\.jsonl, line 2: not an object"),
        ('{"text": "a", "relevant": 7}', r"q\.jsonl, line 2: `relevant` is grades"),
        ('{"text": "a", "relevant": {}}', r"q\.jsonl: no query names"),
    ],
)
def test_a_wrong_file_is_named_with_its_line(tmp_path, row, said):
    file = tmp_path / "q.jsonl"
    file.write_text(f"\n{row}\n", "utf-8")
    with pytest.raises(NotReadable, match=said):
        queries_of(file)


def test_the_measures_are_those_of_the_books():
    relevant = {"a": 3, "b": 1}
    ideal = 7 + 1 / math.log2(3)
    assert relevance.ndcg(["x", "a", "b"], relevant) == pytest.approx(
        (7 / math.log2(3) + 1 / 2) / ideal
    )
    assert relevance.ndcg(["x", "a"], relevant, 1) == 0
    assert relevance.recall(["x", "a"], relevant) == 0.5
    assert relevance.reciprocal(["x", "a"], relevant) == 0.5


def test_the_table_has_every_system_for_both_kinds_at_any_depth(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(relevance, "has_wordllama", lambda: False)
    files = [
        "--queries",
        str(lines(tmp_path, "q.jsonl", QUERIES)),
        "--cases",
        str(lines(tmp_path, "c.jsonl", CASES)),
        "--distractors",
        "2",
    ]
    relevance.main([*files, "--k", "3", "--json", "-"])
    said = capsys.readouterr()
    told = json.loads(said.out)
    assert told["documents"] == 5
    assert told["k"] == 3
    assert told["queries"] == {"case": 2, "topic": 2}
    assert set(told["systems"]) == {"stock Whoosh (OR)", "SQLite FTS5 (OR)", "ours, no extras"}
    assert told["systems"]["ours, no extras"]["case"] == {"ndcg@3": 1, "recall@3": 1, "mrr": 1}
    assert "2 queries left out" in said.err
    assert "1 relevant cases are not among the cases" in said.err
    relevance.main(files)
    assert "nDCG@10" in capsys.readouterr().out


JUDGED = (
    {"text": "a", "relevant": {"x": 2}, "fold": "dev"},
    {"text": "b", "relevant": {}, "fold": "final", "kind": "topic"},
    {"text": "c", "relevant": {"y": 1}},
)


@pytest.mark.parametrize(("fold", "texts"), [("dev", "ac"), ("final", "bc"), ("all", "abc")])
def test_a_fold_is_what_says_so_and_what_says_nothing(tmp_path, fold, texts):
    files = [lines(tmp_path, "a.jsonl", JUDGED[:1]), lines(tmp_path, "b.jsonl", JUDGED[1:])]
    found = judged_of(files, fold)
    assert "".join(query.text for query in found) == texts
    assert [bool(query.relevant) for query in found] == [query.text != "b" for query in found]


def test_a_judged_query_says_that_nothing_answers_it(tmp_path):
    with pytest.raises(NotReadable, match="needs `text` and `relevant`"):
        judged_of([lines(tmp_path, "q.jsonl", [{"text": "a"}])], "all")


def test_whole_reports_of_a_home_are_asked_of_every_system(built, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(indexing, "encoder_of", lambda home: None)
    with Collection(built) as collection:
        child = [one for one in collection.reviews() if one.field("scope") != "adult"]
    review = next(one for one in child if one.documents[0].url)
    path = unquote(urlsplit(review.documents[0].url).path)
    said = str(review.field("title"))
    rows = [
        {"text": said, "kind": "topic", "relevant": {path: 3, "/not/there.pdf": 1}},
        {"text": 'no "end', "kind": "case", "relevant": {review.review_id: 1}},
        {"text": "zeppelin", "relevant": {}, "fold": "dev"},
        {"text": "zeppelin", "relevant": {}, "fold": "final"},
    ]
    home = ["--home", str(built.root), "--queries", str(lines(tmp_path, "q.jsonl", rows))]
    relevance.main([*home, "--json", "-"])
    told, notes = capsys.readouterr()
    table = json.loads(told)
    assert table["documents"] == len(child)
    assert (table["fold"], table["queries"]) == ("dev", {"topic": 1, "case": 1})
    assert list(table["systems"]) == [
        "stock Whoosh (OR)",
        "SQLite FTS5 (OR)",
        "search, plainly",
        "similar",
    ]
    assert all(kinds["topic"]["mrr"] > 0 for kinds in table["systems"].values())
    assert table["systems"]["search, plainly"]["case"]["mrr"] == 0
    assert table["given where nothing answers"]["search, plainly"] == 0
    assert "1 judged reviews are not in the home" in notes
    relevance.main([*home, "--fold", "final"])
    assert "of 10 given where nothing answers" in capsys.readouterr().out


SETS = [Path(relevance.__file__).parent / f"whole_reports/demo_{fold}.jsonl" for fold in FOLDS]


def test_each_judged_set_holds_its_own_fold():
    assert [[len(judged_of([file], fold)) for fold in FOLDS] for file in SETS] == [
        [27, 0, 0, 0],
        [0, 13, 0, 0],
        [0, 0, 16, 0],
        [0, 0, 0, 21],
    ]


@pytest.mark.slow
def test_the_judged_sets_name_files_of_the_demo(tmp_path):
    cases = truth_of(build(tmp_path), 80).reviews
    paths = {unquote(urlsplit(one.url).path) for case in cases for one in case.documents}
    assert {key for query in judged_of(SETS, "all") for key in query.relevant} <= paths
