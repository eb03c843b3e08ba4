"""The vocabulary of a home: one object, light, the same in every process, and known by its digest."""

from __future__ import annotations

import pickle
import subprocess
import sys
from pathlib import Path

import pytest

from casereviews.repository.errors import VocabularyError
from casereviews.repository.home import Home
from casereviews.repository.vocabulary import PACKAGED, Vocabulary, load_vocabulary

HEADER = "theme_id,group,label,phrases\n"
KITES = "child_kites,child_factor,Kites,kite flying\n"


def vocabulary(folder: Path, rows: str = KITES) -> Vocabulary:
    home = Home(folder)
    home.themes_csv.write_text(HEADER + rows, "utf-8")
    return load_vocabulary(home)


def test_a_home_without_themes_of_its_own_has_the_packaged_vocabulary(tmp_path: Path) -> None:
    assert load_vocabulary(Home(tmp_path)) is PACKAGED
    assert vocabulary(tmp_path, "harm_neglect,,,\n") is PACKAGED


def test_codes_come_with_the_labels_people_read(tmp_path: Path) -> None:
    own = vocabulary(tmp_path, KITES + "harm_wasps,harm_type,Wasps,wasp sting\n")
    assert own.labels("theme")["child_kites"] == "Kites"
    assert own.labels("theme")["harm_wasps"] == own.labels("harm")["harm_wasps"] == "Wasps"
    assert "child_kites" not in own.labels("harm")
    assert set(own.labels("agency")).isdisjoint(own.labels("theme"))
    assert PACKAGED.labels("agency")["agency_police"] == "Police"
    assert "child_kites" not in PACKAGED.labels("theme")
    assert PACKAGED.labels("review_type")["scr"] == "Serious Case Review"
    assert PACKAGED.labels("outcome")["serious_harm"] == "serious harm"
    with pytest.raises(KeyError):
        PACKAGED.labels("colour")


def test_the_digest_tells_one_vocabulary_from_another_and_not_one_spelling(tmp_path: Path) -> None:
    own = vocabulary(tmp_path)
    spelt = vocabulary(tmp_path, ' child_kites ,child_factor,"Kites", kite  flying \n\n')
    other = vocabulary(tmp_path, KITES.replace("flying", "building"))
    assert own.digest == spelt.digest
    assert own == spelt
    assert len({PACKAGED.digest, own.digest, other.digest}) == 3


def test_it_goes_to_child_processes_as_it_is(tmp_path: Path) -> None:
    own = vocabulary(tmp_path)
    there = pickle.loads(pickle.dumps(own))
    assert (there, there.digest, there.themes) == (own, own.digest, own.themes)


def test_a_wrong_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(VocabularyError, match=r"themes\.csv, line 2: no group 'kites'"):
        vocabulary(tmp_path, KITES.replace("child_factor", "kites"))


def test_it_needs_the_standard_library_only_and_reads_no_theme_before_it_is_asked() -> None:
    script = (
        "import sys\nfrom casereviews.repository.vocabulary import PACKAGED, themes\n"
        "print(themes._packaged.cache_info().currsize,"
        " {'sqlalchemy', 'whoosh', 'scrapy', 'ahocorasick_rs', 'Stemmer'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.stdout == "0 set()\n", done.stderr
