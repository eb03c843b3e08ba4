"""Concepts, passages, profiles and vectors over small fictional documents."""

import hashlib
import sqlite3
import sys
from collections import Counter
from contextlib import closing
from dataclasses import replace

import numpy as np
import pytest

from casereviews.index.errors import NoIndex
from casereviews.index.similar.concepts import ConceptFinder, finder
from casereviews.index.similar.passages import MAXIMUM, passages_of, windows
from casereviews.index.similar.profiles import Profiles
from casereviews.index.similar.upkeep import forget_vectors
from casereviews.index.similar.vectors import Nearest, VectorStore, _Loaded, _stretches
from casereviews.repository.errors import VocabularyError
from casereviews.repository.model import Page, PublishedDocument, Section
from casereviews.repository.vocabulary import PACKAGED, Theme, Vocabulary, plain_words
from casereviews.repository.vocabulary.plain_words import load_plain_words


def document(name, *pages, sections=(), title="A review"):
    return PublishedDocument(
        document_id=name,
        review_id=f"r-{name}",
        fields={"title": title},
        pages=tuple(Page(n, text) for n, text in enumerate(pages, 1)),
        sections=sections,
    )


class LetterEncoder:
    """Counts letters: enough to tell texts apart, and always the same."""

    key = "letters"
    dimension = 26

    def encode(self, texts):
        rows = np.zeros((len(texts), 26), np.float32)
        for row, text in zip(rows, texts, strict=True):
            for letter in text.lower():
                if "a" <= letter <= "z":
                    row[ord(letter) - 97] += 1
        return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)


def test_plain_words_and_the_fields_words_are_one_concept():
    plain = finder().count("Mum's boyfriend shook the baby; she took an overdose later")
    formal = finder().count(
        "The mother’s partner was convicted after abusive head trauma of the infant"
    )
    assert {"new_partner", "head_injury", "baby"} <= set(plain) & set(formal)
    assert "overdose" in plain
    assert "overdose" not in formal


def test_a_mention_knows_where_it_stands():
    text = "She took her own life in custody."
    mention = next(m for m in finder().mentions(text) if m.concept == "suicide")
    assert text[mention.start : mention.end] == "took her own life"


def test_a_longer_word_does_not_count_as_a_shorter_one():
    assert "dog" not in finder().count("dogma and watchdogs")


def test_plain_words_name_file_and_line_of_a_wrong_row(tmp_path):
    wrong = tmp_path / "words.csv"
    wrong.write_text("concept,weight,words\nbaby,1,baby\nbaby,1,infant\n", "utf-8")
    with pytest.raises(VocabularyError, match=r"words\.csv, line 3.*stands twice"):
        load_plain_words(wrong)


def test_passages_come_from_the_sections_that_tell_the_case():
    one = document(
        "a",
        "Contents. Terms of reference.",
        "Summary. The child was seen once. Appendix starts.",
        sections=(Section("appendix", "A", 1, 0, 1, 8), Section("summary", "S", 2, 9, 2, 33)),
    )
    assert [(p.page, p.start, p.text) for p in passages_of(one)] == [
        (2, 9, "The child was seen once.")
    ]


def test_without_sections_the_opening_pages_are_read_and_passages_are_bounded():
    page = "This is a sentence of some seven words. " * 60
    found = passages_of(document("a", *[page] * 9))
    assert len(found) == MAXIMUM
    assert all(page[p.start : p.end] == p.text for p in found)


def test_windows_cover_the_text_without_cutting_sentences():
    text = "One two three. Four five six. Seven eight nine. Ten."
    parts = [text[a:b] for a, b in windows(text, words=6)]
    assert parts == ["One two three. Four five six. ", "Seven eight nine. Ten."]


@pytest.fixture
def profiles(tmp_path):
    kept = Profiles(tmp_path, vocabulary=finder().fingerprint)
    kept.add(
        [
            document("shaken", "A baby of six weeks was shaken by the father."),
            document("stabbed", "A boy of sixteen was stabbed by members of a gang."),
            document("slept", "An infant died while bed-sharing on the sofa."),
        ],
        finder(),
    )
    kept.weigh(finder())
    yield kept
    kept.close()


def test_the_document_that_shares_rare_concepts_scores_best(profiles):
    query = finder().count("knife attack on a teenager, county lines gang")
    scores = profiles.scores(query, finder().weights)
    assert max(scores, key=scores.get) == "stabbed"
    assert {"knife", "criminal_exploitation"} <= set(profiles.shared("stabbed", query))


def test_a_removed_document_leaves_no_row_and_no_word(profiles, tmp_path):
    profiles.remove(["stabbed"])
    assert profiles.documents() == {"shaken", "slept"}
    assert profiles.scores(finder().count("knife"), finder().weights) == {}
    assert b"stabbed" not in (tmp_path / "similar.db").read_bytes()


def test_a_changed_document_is_read_again_and_an_unchanged_one_is_not(profiles):
    calls = []

    class Counting:
        weights = finder().weights

        def count(self, text):
            calls.append(text)
            return finder().count(text)

        def spoken(self, text):
            return finder().spoken(text)

    same = document("slept", "An infant died while bed-sharing on the sofa.")
    profiles.add([same, document("stabbed", "A boy drowned.")], Counting())
    assert calls == ["A review\nA boy drowned."]
    assert "drowning" in profiles.shared("stabbed", finder().count("drowned in a pond"))
    assert profiles.shared("stabbed", finder().count("a knife")) == []


SUMMARY = "Summary. A boy drowned in a pond."
AT_LENGTH = [
    document("once", SUMMARY, "He had a knife once.", "Drains and roads."),
    document("throughout", SUMMARY, "A knife was found.", "The knife again; a knife, a knife."),
    document("never", SUMMARY, "Drains and roads.", "Roads and drains."),
]
AT_LENGTH = [
    replace(one, sections=(Section("summary", "Summary", 1, 9, 1, len(SUMMARY)),))
    for one in AT_LENGTH
]


def test_of_a_whole_report_it_counts_what_it_speaks_of_beside_its_telling_passages(tmp_path):
    kept = Profiles(tmp_path, vocabulary=finder().fingerprint)
    kept.add(AT_LENGTH, finder())
    kept.weigh(finder())
    asked, weights = finder().count("a knife"), finder().weights
    assert kept.scores(asked, weights) == {}
    whole = kept.scores(asked, weights, whole=True)
    assert whole.keys() == {"once", "throughout"}
    assert whole["throughout"] > whole["once"]
    assert kept.having(asked) == {}
    assert kept.shared("throughout", asked) == []
    drowned = finder().count("he drowned")
    assert kept.scores(drowned, weights).keys() == {"once", "throughout", "never"}
    changed = replace(AT_LENGTH[2], pages=(*AT_LENGTH[2].pages[:2], Page(3, "He had a knife.")))
    kept.add([changed], finder())
    kept.weigh(finder())
    assert "never" in kept.scores(asked, weights, whole=True)
    kept.close()


def test_a_short_text_tells_as_a_whole_what_it_tells(profiles):
    asked = finder().count("a baby, a gang with a knife, a sofa")
    told = profiles.scores(asked, finder().weights)
    assert told == profiles.scores(asked, finder().weights, whole=True)


def test_profiles_of_an_earlier_version_answer_with_their_telling_passages(tmp_path):
    earlier = sqlite3.connect(tmp_path / "similar.db")
    earlier.executescript(
        "CREATE TABLE document (id TEXT PRIMARY KEY, digest TEXT, length INTEGER, norm REAL);"
        "CREATE TABLE mention (concept TEXT, document TEXT, n INTEGER, PRIMARY KEY (concept, document));"
        "INSERT INTO document VALUES ('a', 'd', 1, 1.0), ('b', 'd', 1, 1.0);"
        "INSERT INTO mention VALUES ('knife', 'a', 1); PRAGMA user_version = 1;"
    )
    earlier.close()
    with closing(Profiles(tmp_path)) as read:
        told = read.scores({"knife": 1}, finder().weights)
        assert told.keys() == {"a"}
        assert read.scores({"knife": 1}, finder().weights, whole=True) == told
    with closing(Profiles(tmp_path, vocabulary=2)) as made_anew:
        assert made_anew.documents() == set()
        made_anew.add(AT_LENGTH, finder())
        made_anew.weigh(finder())
        assert made_anew.scores({"knife": 1}, finder().weights, whole=True).keys() == {
            "once",
            "throughout",
        }


@pytest.mark.parametrize(
    "text",
    [
        "Mum’s boyfriend shook the baby; no knives, no sign of a knife. Young carers and a young carer.",
        "She took her own life. " * 3,
        "",
        "knife",
    ],
)
def test_what_is_spoken_of_is_what_is_mentioned(text):
    assert finder().spoken(text) == Counter(one.concept for one in finder().mentions(text))


def test_vectors_find_the_nearest_passage_and_forget_what_is_removed(tmp_path):
    encoder = LetterEncoder()
    store = VectorStore(tmp_path, encoder.key)
    assert store.add([document("a", "aaa abab."), document("z", "zzz zyzy.")], encoder) == 2
    nearest = store.nearest(encoder.encode(["zyz"]))
    assert max(nearest, key=lambda d: nearest[d][0].score) == "z"
    assert nearest["z"][0].page == 1
    before = {hashlib.sha256(f.read_bytes()).hexdigest() for f in store.folder.glob("*.npy")}
    store.remove(["z"])
    assert store.documents() == {"a"}
    assert list(store.nearest(encoder.encode(["zyz"]))) == ["a"]
    after = {hashlib.sha256(f.read_bytes()).hexdigest() for f in store.folder.glob("*.npy")}
    assert not before & after


class LeaningEncoder:
    """All its vectors lean one way, as those of sentence models do; what tells texts apart is small."""

    key = "leaning"
    dimension = 3

    def encode(self, texts):
        rows = [(1.0, 0.3 * text.count("sea"), 0.2 * text.count("hill")) for text in texts]
        rows = np.asarray(rows, np.float32)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@pytest.mark.parametrize(("crowd", "centred"), [(120, True), (20, False)])
def test_what_all_passages_have_in_common_counts_for_none_where_there_are_enough(
    tmp_path, crowd, centred
):
    encoder = LeaningEncoder()
    store = VectorStore(tmp_path, encoder.key)
    made = [document(f"d{n}", "The sea." if n % 2 else "A hill.") for n in range(crowd)]
    store.add(made, encoder)
    found = store.nearest(encoder.encode(["By the sea."]))
    assert found["d1"][0].score > 0.99
    assert (found["d0"][0].score < 0) is centred


def test_matches_are_those_of_every_passage_whatever_their_order_in_the_files(tmp_path):
    encoder = LetterEncoder()
    store = VectorStore(tmp_path, encoder.key)
    pages = [f"{letter * 3} {'z' * n}." for n, letter in enumerate("abcdef")]
    made = [document("many", *pages), document("one", "zzz zyzy.")]
    for one in [*made, document("a", "aaa abab.")]:
        store.add([one], encoder)
    query = encoder.encode(["zyz", "abc"])
    nearest = store.nearest(query, top=4)
    said = {row["rows"][0][0]: row for row in store._read()["segments"]}
    for name, segment in said.items():
        vectors = np.load(store.folder / segment["file"]).astype(np.float32)
        scores = (vectors @ query.T).max(axis=1)
        wanted = sorted(scores.tolist(), reverse=True)[:4]
        assert [match.score for match in nearest[name]] == pytest.approx(wanted)
        assert nearest.best[name] == nearest[name][0].score
        assert {match.document_id for match in nearest[name]} == {name}
    assert set(nearest) == set(said) == {"many", "one", "a"}


def test_stretches_of_one_document_that_stand_apart_are_all_its_own():
    rows = [("a", 1, 0, 1), ("b", 1, 0, 1), ("a", 2, 0, 1)]
    stretches = list(_stretches([row[0] for row in rows]))
    assert stretches == [(range(1), "a"), (range(1, 2), "b"), (range(2, 3), "a")]
    of_document = {"a": [range(1), range(2, 3)], "b": [range(1, 2)]}
    loaded = _Loaded(rows, np.zeros((3, 2)), np.zeros(2), frozenset("ab"), stretches, of_document)
    nearest = Nearest(loaded, np.array([0.25, 0.75, 0.5]), 3)
    assert nearest.best == {"a": 0.5, "b": 0.75}
    assert [match.page for match in nearest["a"]] == [2, 1]


def test_the_postings_of_a_concept_are_read_once_a_question(profiles):
    asked = []
    profiles._db.set_trace_callback(asked.append)
    query = finder().count("a knife in the street")
    scores = profiles.scores(query, finder().weights)
    profiles.rarity(query, finder().weights)
    assert profiles.having(query).keys() == scores.keys()
    assert sum("WHERE concept" in said for said in asked) == len(query)


def test_vectors_of_many_nights_stay_in_few_segments(tmp_path):
    encoder = LetterEncoder()
    store = VectorStore(tmp_path, encoder.key)
    for night in range(30):
        store.add([document(f"d{night}", f"night {night} of the watch.")], encoder)
    assert len(store.documents()) == 30
    assert len(list(store.folder.glob("*.npy"))) <= 13
    assert len(store.nearest(encoder.encode(["night"]))) == 30


def test_unchanged_documents_are_not_embedded_again(tmp_path):
    encoder = LetterEncoder()
    store = VectorStore(tmp_path, encoder.key)
    one = document("a", "Some words here.")
    assert store.add([one], encoder) == 1
    assert store.add([one], encoder) == 0


def test_a_row_of_plain_words_named_as_a_theme_is_one_concept_with_it():
    found = finder().count("A young carer: she looks after the little ones while mum sleeps.")
    assert found["child_young_carer"] == 2
    assert finder().weights["child_young_carer"] == 1.5


def test_a_document_of_few_concepts_does_not_beat_one_that_shares_more(tmp_path):
    kept = Profiles(tmp_path, vocabulary=finder().fingerprint)
    telling = (
        "A baby was bruised; the stepfather drank and the mother had a knife. Debt and eviction."
    )
    crowd = [document(f"c{n}", "A boy drowned in a pond.") for n in range(8)]
    kept.add([document("one", "Bruised."), document("all", telling), *crowd], finder())
    kept.weigh(finder())
    scores = kept.scores(finder().count("bruised baby, stepfather who drinks"), finder().weights)
    kept.close()
    assert scores["all"] > scores["one"] > 0


def test_profiles_of_another_vocabulary_are_made_anew(tmp_path):
    old = Profiles(tmp_path, vocabulary=1)
    old.add([document("a", "A boy drowned.")], finder())
    old.close()
    assert not Profiles.complete(tmp_path, {"a"}, vocabulary=2)
    new = Profiles(tmp_path, vocabulary=2)
    assert new.documents() == set()
    new.add([document("a", "A boy drowned.")], finder())
    assert not Profiles.complete(tmp_path, {"a"}, vocabulary=2)  # stopped before it was weighed
    new.weigh(finder())
    new.close()
    assert Profiles.complete(tmp_path, {"a"}, vocabulary=2)
    assert not Profiles.complete(tmp_path, {"a", "b"}, vocabulary=2)


@pytest.mark.parametrize("damage", ["no database", "its tables are no text"])
def test_damaged_profiles_are_named_when_read_and_made_anew_when_written(tmp_path, damage):
    path = tmp_path / "similar.db"
    if damage == "no database":
        path.write_bytes(b"no database at all" * 300)
    else:
        Profiles(tmp_path, vocabulary=1).close()
        path.write_bytes(path.read_bytes().replace(b"CREATE TABLE", b"CREATE T\xf3BLE"))
    with pytest.raises(NoIndex, match="rebuild --index"):
        Profiles(tmp_path).scores(finder().count("drowned"), finder().weights)
    mended = Profiles(tmp_path, vocabulary=1)
    assert mended.documents() == set()
    mended.close()


@pytest.mark.parametrize("damage", ["cut", "gone", "manifest", "rows"])
def test_damaged_vectors_are_named_when_read_and_made_anew_when_written(tmp_path, damage):
    encoder = LetterEncoder()
    store = VectorStore(tmp_path, encoder.key)
    store.add([document("a", "aaa abab."), document("z", "zzz zyzy.")], encoder)
    array = store.folder / "0001.npy"
    if damage == "cut":
        array.write_bytes(array.read_bytes()[:-7])
    elif damage == "gone":
        array.unlink()
    elif damage == "manifest":
        (store.folder / "vectors.json").write_text('{"last": 1, "segm', "utf-8")
    else:
        np.save(array, np.zeros((1, 26), np.float16))
    store = VectorStore(tmp_path, encoder.key)
    assert not store.complete({"a"})
    with pytest.raises(NoIndex, match="rebuild --index"):
        store.nearest(encoder.encode(["zyz"]))
    assert store.add([document("z", "zzz zyzy.")], encoder) == 1
    assert list(store.nearest(encoder.encode(["zyz"]))) == ["z"]
    assert store.complete({"z"})
    assert not store.complete({"a", "z"})


def test_vectors_that_cannot_be_read_are_dropped_when_a_report_must_go(tmp_path, monkeypatch):
    encoder = LetterEncoder()
    store = VectorStore(tmp_path, encoder.key)
    store.add([document("a", "aaa abab.")], encoder)
    monkeypatch.setitem(sys.modules, "numpy", None)  # the extra [semantic] was taken off
    forget_vectors(tmp_path, ["a"])
    assert not store.folder.exists()


@pytest.mark.parametrize(
    ("text", "not_meant"),
    [
        ("He was arrested for possession of cannabis.", "witchcraft"),
        ("A Section 47 enquiry was begun.", "mental_ill_parent"),
        ("A Section 47 enquiry was begun.", "new_birth"),
        ("She was sexually abused.", "gender"),
        ("They send a letter using the portal; users complain.", "substance"),
        ("They send a letter.", "disability"),
        ("The pupils came to school.", "position_of_trust"),
        ("A teacher came to the nursery.", "position_of_trust"),
        ("Social workers need training.", "accident"),
        ("They got into the car.", "accident"),
        ("Dad is cutting the grass.", "self_harm"),
        ("Mum has a black eye.", "ethnicity"),
        ("Grandmother looks after them.", "looked_after"),
        ("He fell asleep at the window.", "fall"),
    ],
)
def test_common_words_and_their_kin_are_not_taken_for_what_they_only_resemble(text, not_meant):
    assert not_meant not in finder().count(text)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("her brother has been touching her", "sibling_abuse"),
        ("they say she is engaged to her cousin and will be married off", "honour"),
        ("symptoms nobody else sees, tests all normal", "fabricated_illness"),
        ("stepdad comes into her room when mum is out", "harm_csa_family"),
        ("somebody is blackmailing him over naked pictures", "online"),
        ("pastor says the boy is cursed", "witchcraft"),
        ("esgeulustod", "neglect"),
        ("mae hi'n hunan-niweidio", "self_harm"),
    ],
)
def test_lay_words_tell_of_what_the_field_has_a_name_for(text, meant):
    assert meant in finder().count(text)


def test_another_theme_is_another_vocabulary_and_is_found_by_its_phrases() -> None:
    own = Vocabulary(
        (*PACKAGED.themes, Theme("child_kites", "child_factor", "Kites", ("kite flying",)))
    )
    assert finder(own) is finder(Vocabulary(own.themes))
    assert finder(own).fingerprint != finder().fingerprint
    assert finder(own).count("He went kite flying.")["child_kites"] == 1
    assert finder(own).labels["child_kites"] == "Kites"
    assert "child_kites" not in finder().count("He went kite flying.")


def test_another_weight_is_another_vocabulary(monkeypatch: pytest.MonkeyPatch) -> None:
    (first, *others) = PACKAGED.plain_words
    heavier = (replace(first, weight=first.weight + 1), *others)
    monkeypatch.setattr(plain_words, "load_plain_words", lambda: heavier)
    assert ConceptFinder(PACKAGED).fingerprint != finder().fingerprint


def test_words_with_a_tilde_are_loose(tmp_path):
    file = tmp_path / "plain.csv"
    file.write_text("concept,weight,words\npregnancy,1,pregnant|~scan\n", "utf-8")
    (row,) = load_plain_words(file)
    assert (row.phrases, row.loose) == (("pregnant", "scan"), {"scan"})


def test_what_is_told_of_some_concepts_is_what_is_told_of_them_among_all():
    text = (
        "The baby had a bruise. There was no neglect. The list names neglect, sexual abuse, physical abuse, emotional abuse and"
        " exploitation. Mother drank, and father hit her."
    )
    concepts = finder(PACKAGED)
    every = list(concepts.told(text))
    some = {one.concept for one in every[::2]}
    assert list(concepts.told(text, some)) == [one for one in every if one.concept in some]
    assert some
    assert list(concepts.told(text, ())) == []
