"""Signals fused: what counts, what does not, and what is said of it."""

from dataclasses import replace

import numpy as np
import pytest
from made import opened

from casereviews.index.build import build
from casereviews.index.similar import finding, upkeep
from casereviews.index.similar.agreement import facts_of
from casereviews.index.similar.closeness import FLOOR
from casereviews.index.similar.finding import DescribedCase, _coded, find_similar, standardised
from casereviews.index.similar.key_terms import MOST_TERMS, telling_words
from casereviews.index.similar.profiles import Profiles
from casereviews.index.similar.upkeep import complete, keep_up
from casereviews.index.similar.vectors import Nearest, VectorStore
from casereviews.index.storage.store import Store
from casereviews.repository.model import Page, PublishedDocument

HOME = "home"


def document(name, text, **fields):
    said = {"title": "A review", "scope": "child", "nation": "England", **fields}
    return PublishedDocument(name, f"r-{name}", said, (Page(1, text),))


DOCUMENTS = (
    document("shaken", "A baby of six weeks was shaken by his father.", age_bands=("under_1",)),
    document("stabbed", "A boy of sixteen was stabbed by a gang.", nation="Wales"),
    document("slept", "An infant died while bed-sharing on the sofa.", age_bands=("under_1",)),
    document("scurvy", "A girl never seen by any doctor died of scurvy and rickets."),
    document("scan", ""),
)


class SeaEncoder:
    """Knows one thing: how much of a text is about the sea."""

    key = "sea"
    dimension = 2

    def encode(self, texts):
        rows = [(1.0, 0.0) if "sea" in text.split() else (0.6, 0.8) for text in texts]
        return np.asarray(rows, np.float32)


@pytest.fixture
def folder(tmp_path):
    build(tmp_path, HOME, DOCUMENTS, revision=1)
    keep_up(tmp_path, HOME, DOCUMENTS, (), encoder=None)
    return tmp_path


def ranked(folder, text, **options):
    found = find_similar(opened(folder, HOME), DescribedCase(text), **options)
    return [hit.document_id for hit in found.hits]


def test_signals_are_measured_in_standard_deviations():
    assert standardised({"a": 1.0, "b": 3.0}) == {"a": -1.0, "b": 1.0}
    assert standardised({"a": 2.0, "b": 2.0}) == {}
    assert standardised({}) == {}


def test_a_signal_that_singles_one_out_beats_one_that_finds_all_alike():
    sharp = standardised({str(n): float(n == 0) for n in range(50)})
    flat = standardised({str(n): 0.5 + 0.001 * (n % 2) for n in range(50)})
    assert sharp["0"] > 3 * max(flat.values())


def test_what_is_near_by_its_words_alone_is_not_called_strong(folder):
    searcher = opened(folder, HOME)
    number = {one.document_id: one.n for one in _coded(searcher)}
    case = DescribedCase("scurvy and rickets of a girl never seen; stabbed by a gang")
    signals = finding.Signals(searcher, case, None, searcher.lexicon.live)
    named = signals.hit(1, number["stabbed"], 1.0, "strong").why
    assert (named.strength, bool(named.speaks_of)) == ("strong", True)
    bare = signals.hit(1, number["slept"], 1.0, "strong").why
    assert (bare.strength, bare.facts, bare.speaks_of) == ("fair", {}, ())


def test_a_rare_word_finds_its_case_without_any_concept(folder):
    assert ranked(folder, "rickets")[0] == "scurvy"


def test_plain_words_find_the_fields_words(folder):
    assert ranked(folder, "teenager knifed in the street")[0] == "stabbed"


def test_a_text_of_which_nothing_is_known_finds_nothing_even_by_passages(folder):
    keep_up(folder, HOME, DOCUMENTS, (), encoder=SeaEncoder())
    searcher = opened(folder, HOME)
    found = find_similar(searcher, DescribedCase("xqzzt plorf"), encoder=SeaEncoder())
    assert found.hits == ()
    assert "speaks of: nothing known" in found.understood


def test_a_document_without_passages_stands_last_and_not_first(folder):
    keep_up(folder, HOME, DOCUMENTS, (), encoder=SeaEncoder())
    assert "scan" not in ranked(folder, "a baby shaken", encoder=SeaEncoder())


def test_however_many_batches_are_added_all_are_weighed_once(tmp_path, monkeypatch):
    weighed = []
    monkeypatch.setattr(upkeep, "BATCH", 2)
    monkeypatch.setattr(Profiles, "weigh", lambda self, finder: weighed.append(self.documents()))
    build(tmp_path, HOME, DOCUMENTS, revision=1)
    keep_up(tmp_path, HOME, DOCUMENTS, (), encoder=None)
    assert weighed == [{one.document_id for one in DOCUMENTS}]


def test_filters_leave_out_what_they_leave_out(folder):
    text = "baby shaken, boy stabbed"
    assert ranked(folder, text, filters={"nation": ["Wales"]}) == ["stabbed"]


def test_one_document_alone_is_found(tmp_path):
    build(tmp_path, HOME, DOCUMENTS[:1], revision=1)
    keep_up(tmp_path, HOME, DOCUMENTS[:1], (), encoder=None)
    assert ranked(tmp_path, "a baby shaken by dad") == ["shaken"]


def test_it_is_said_when_passages_of_some_documents_only_were_compared(folder):
    encoder = SeaEncoder()

    def said():
        found = find_similar(opened(folder, HOME), DescribedCase("a baby"), encoder=encoder)
        return found.understood.rpartition("; ")[2]

    assert said().startswith("passages of 0 of 5 documents compared: embed")
    keep_up(folder, HOME, DOCUMENTS[:2], (), encoder=encoder)
    assert said().startswith("passages of 2 of 5 documents compared: embed")
    keep_up(folder, HOME, DOCUMENTS, (), encoder=encoder)
    assert said() == "passages compared"


def test_an_index_is_complete_when_every_document_is_compared_and_embedded(folder):
    ids = {one.document_id for one in DOCUMENTS}
    encoder = SeaEncoder()
    assert complete(folder, HOME, ids, encoder=None)
    assert not complete(folder, HOME, ids | {"new"}, encoder=None)
    assert not complete(folder, HOME, ids, encoder=encoder)
    keep_up(folder, HOME, DOCUMENTS, (), encoder=encoder)
    assert complete(folder, HOME, ids, encoder=encoder)
    (generation,) = folder.glob("g*")
    next(VectorStore(generation, "sea").folder.glob("*.npy")).unlink()
    assert not complete(folder, HOME, ids, encoder=encoder)


def reasons(tmp_path, told, text, facts=None, **fields):
    documents = [document("it", told, **fields), document("other", "Nothing of that.")]
    build(tmp_path, HOME, documents, revision=1)
    keep_up(tmp_path, HOME, documents, (), encoder=None)
    found = find_similar(opened(tmp_path, HOME), DescribedCase(text, facts or {}))
    return {hit.document_id: hit.why.speaks_of for hit in found.hits if hit.why}.get("it", ())


@pytest.mark.parametrize(
    ("told", "text", "label"),
    [
        ("A boy was stabbed in a park.", "he was knifed", "knife"),
        ("There were pregnancies and terminations.", "she is pregnant", "pregnancy"),
        ("She went missing on the second night.", "he has gone missing again", "missing"),
    ],
)
def test_what_both_tell_of_is_a_reason(tmp_path, told, text, label):
    assert label in reasons(tmp_path, told, text)


@pytest.mark.parametrize(
    ("told", "text", "label"),
    [
        ("Scans showed bleeding around the brain.", "she is pregnant", "pregnancy"),
        ("Her wish was missing from every plan.", "gone missing again", "missing"),
        ("Advice came from the named nurse.", "the health visitor saw her", "health visitor"),
        ("The file says she had a boyfriend.", "mum's new partner", "new partner"),
        ("There was no evidence of domestic abuse.", "domestic abuse", "domestic abuse"),
        (
            "Harm includes sexual exploitation, neglect, physical abuse, suicide and self-harm,"
            " and fabricated or induced illness.",
            "a girl was sexually exploited",
            "sexual exploitation",
        ),
    ],
)
def test_a_word_of_another_meaning_a_denial_or_a_list_of_harms_is_no_reason(
    tmp_path, told, text, label
):
    assert label not in reasons(tmp_path, told, text)


def test_a_theme_of_the_child_or_the_parents_is_a_reason_only_where_both_are_coded_so(tmp_path):
    told, text = "The mother had been unwell with psychosis.", "mum's psychosis is back"
    mother = {"themes": ("parent_mental_health",)}
    found = reasons(tmp_path, told, text, mother, **mother)
    assert "mental ill parent" in found
    assert "Child mental health" not in found


@pytest.mark.parametrize(
    ("told", "text", "same"),
    [
        ("A boy was bitten by the dog of a neighbour.", "toddler mauled by a dog", True),
        ("A boy swallowed methadone.", "toddler mauled by a dog", False),
    ],
)
def test_a_theme_that_joins_several_things_is_a_reason_of_the_same_thing(
    tmp_path, told, text, same
):
    accident = {"themes": ("harm_accident_ingestion", "parent_substance")}
    documents = [document("it", told, **accident), document("other", "Nothing of that.")]
    build(tmp_path, HOME, documents, revision=1)
    keep_up(tmp_path, HOME, documents, (), encoder=None)
    found = find_similar(opened(tmp_path, HOME), DescribedCase(text, accident))
    (first, *_) = found.hits
    assert ("harm_accident_ingestion" in first.why.same) is same
    assert "parent_substance" in first.why.same
    assert (first.why.strength == "weak") is not same


def test_where_nobody_tells_of_such_an_accident_nothing_is_close(tmp_path):
    accident = {"themes": ("harm_accident_ingestion",)}
    documents = [document("it", "A boy swallowed methadone at home.", **accident)]
    build(tmp_path, HOME, documents, revision=1)
    keep_up(tmp_path, HOME, documents, (), encoder=None)
    opened_once = opened(tmp_path, HOME)
    assert not find_similar(
        opened_once, DescribedCase("a boy was bitten by a dog at home", accident)
    ).hits
    assert find_similar(opened_once, DescribedCase("a boy swallowed tablets", accident)).hits
    # What kind it was is not told: any may be like it.
    assert find_similar(
        opened_once, DescribedCase("a boy was hurt by an animal at home", accident)
    ).hits


def test_an_age_that_is_not_said_ranks_and_is_no_reason(folder):
    infant = {"age_bands": ("under_1",)}
    said, unsaid = (
        find_similar(
            opened(folder, HOME),
            DescribedCase("baby shaken by father", infant, unsaid=frozenset(kept)),
        ).hits[0]
        for kept in ((), ("age_bands",))
    )
    assert said.document_id == unsaid.document_id == "shaken"
    assert said.why.same == ("under_1",)
    assert unsaid.why.same == ()


def test_a_care_leaver_is_no_parent(tmp_path):
    assert "care leaver parent" not in reasons(
        tmp_path, "He was leaving care at the time.", "care leaver found dead"
    )


def test_what_the_description_denies_is_not_read_as_said(folder):
    found = find_similar(
        opened(folder, HOME), DescribedCase("a baby, no history of drugs or abuse")
    )
    assert "substance" not in found.understood


def test_weak_likenesses_stand_after_all_others(folder):
    found = find_similar(opened(folder, HOME), DescribedCase("boy of sixteen stabbed, shaken baby"))
    strengths = [hit.why.strength == "weak" for hit in found.hits if hit.why]
    assert strengths == sorted(strengths)


def counted(monkeypatch, owner, name):
    """How often a method is called from here on, by its first argument after self."""
    calls = []
    real = getattr(owner, name)

    def call(self, *given):
        calls.append(given[:1])
        return real(self, *given)

    monkeypatch.setattr(owner, name, call)
    return calls


def test_a_second_question_reads_nothing_of_the_collection_again(folder, monkeypatch):
    keep_up(folder, HOME, DOCUMENTS, (), encoder=SeaEncoder())
    searcher = opened(folder, HOME)
    rows = counted(monkeypatch, Store, "ids")
    manifests = counted(monkeypatch, VectorStore, "_read")
    for text in ("a baby shaken", "a boy stabbed by a gang", "a baby shaken"):
        assert find_similar(searcher, DescribedCase(text), encoder=SeaEncoder()).hits
    assert len(rows) == len(manifests) == 1


def test_the_coded_facts_of_every_document_are_those_of_its_fields(folder):
    searcher = opened(folder, HOME)
    coded = _coded(searcher)
    assert len(coded) == len(DOCUMENTS)
    for one in coded:
        row = searcher.store.document(one.n)
        assert (one.document_id, one.facts) == (row.document_id, facts_of(row.fields))


def test_a_question_looks_at_each_document_once_and_at_passages_of_hits_only(tmp_path, monkeypatch):
    crowd = [document(f"d{n}", f"A baby was shaken in house {n}.") for n in range(60)]
    build(tmp_path, HOME, crowd, revision=1)
    keep_up(tmp_path, HOME, crowd, (), encoder=SeaEncoder())
    searcher = opened(tmp_path, HOME)
    agreed, made = [], counted(monkeypatch, Nearest, "__getitem__")
    monkeypatch.setattr(finding, "agreement", lambda one, other: agreed.append(other) or 0.0)
    found = find_similar(searcher, DescribedCase("a baby shaken"), encoder=SeaEncoder(), limit=3)
    assert (found.total, found.documents, len(found.hits)) == (60, 60, 3)
    assert len(made) == 3
    assert len(agreed) == 1  # all have the same facts


def test_documents_are_counted_by_their_reviews(tmp_path):
    pair = [
        replace(document(name, "A baby was shaken by his father."), review_id="r-one")
        for name in ("report", "summary")
    ]
    given = [*pair, document("other", "A girl died of scurvy.")]
    build(tmp_path, HOME, given, revision=1)
    keep_up(tmp_path, HOME, given, (), encoder=None)
    found = find_similar(opened(tmp_path, HOME), DescribedCase("a baby shaken by his father"))
    assert (found.total, found.documents) == (1, 2)


def test_of_a_short_text_words_are_read_as_if_typed_plainly_and_none_is_an_operator(folder):
    searcher = opened(folder, HOME)
    assert telling_words("dads", searcher)[0][0].terms == ("father",)
    assert telling_words('NOT a "father" (AND a gang)', searcher)
    assert len(telling_words("a father of a gang " * 40, searcher)) <= MOST_TERMS
    assert telling_words("xqzzt plorf", searcher) == []


def test_themes_coded_for_both_rank_before_a_silent_report(tmp_path):
    crowd = [document(f"c{n}", "The boy was seen at a clinic once.") for n in range(12)]
    coded = document("coded", "The boy was seen at a clinic once.", themes=("harm_neglect",))
    build(tmp_path, HOME, [*crowd, coded], revision=1)
    keep_up(tmp_path, HOME, [*crowd, coded], (), encoder=None)
    case = DescribedCase("A boy at a clinic.", {"themes": ("harm_neglect",)})
    assert find_similar(opened(tmp_path, HOME), case).hits[0].document_id == "coded"


def test_what_no_report_has_a_word_for_makes_all_less_close_but_in_welsh(tmp_path):
    crowd = [document(f"c{n}", "A baby was shaken by his father at night.") for n in range(12)]
    build(tmp_path, HOME, crowd, revision=1)
    keep_up(tmp_path, HOME, crowd, (), encoder=None)
    searcher = opened(tmp_path, HOME)

    def found(text):
        signals = finding.Signals(searcher, DescribedCase(text), None, searcher.lexicon.live)
        closest = max(map(signals.closeness, signals.by_number))
        return signals.heard.unheard, closest, find_similar(searcher, DescribedCase(text)).total

    heard, near, given = found("a baby shaken at night")
    unheard, far, far_given = found("a yacht lost at night in the regatta off the harbour wall")
    _, welsh, welsh_given = found("yr oedd y babi yn sâl iawn ac yn crio gyda'r nos drwy'r wythnos")
    assert heard == 0.0 < unheard < 1
    assert max(far, welsh) < FLOOR < near
    assert (given, far_given, welsh_given) == (12, 0, 12)
