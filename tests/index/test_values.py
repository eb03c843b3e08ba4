"""What may follow a field's colon: a code, or the label that people read for it."""

import pytest
from made import document, indexed

from casereviews.index.query.values import matching
from casereviews.repository.fields import SEARCHED
from casereviews.repository.vocabulary import PACKAGED

CODED = [field for field in SEARCHED if field.kind == "code" and PACKAGED.labels_of(field)]
WAYS = {
    "as read": str,
    "capitals": str.upper,
    "curly": lambda label: label.replace("'", "’"),
    "no commas": lambda label: label.replace(",", " ").replace("(", "").replace(")", ""),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("field", CODED, ids=lambda field: field.query)
def test_every_label_means_its_code_however_it_is_written(field, way):
    codes = PACKAGED.labels_of(field)
    present = [(code,) for code in codes]
    lost = [
        (label, found)
        for code, label in codes.items()
        if (found := matching(field, WAYS[way](label), present))[0] != {list(codes).index(code)}
    ]
    assert lost == []


def test_a_query_takes_every_theme_by_its_label_in_quotes(tmp_path):
    ids = list(PACKAGED.labels("theme"))
    one = indexed(tmp_path, [document("a", "Words.", themes=tuple(ids))])
    labels = PACKAGED.labels("theme").values()
    asked = [f'theme:"{label}"' for label in labels] + [
        'agency:"Courts, Cafcass and legal services"'
    ]
    assert [one.search(query).total for query in asked] == [*(1 for _ in labels), 0]


@pytest.mark.parametrize("said", ["1–5", "1-5", "1_5", "3", "1 5"])
def test_a_band_of_ages_is_asked_for_as_it_is_read(said):
    (age,) = (field for field in SEARCHED if field.query == "age")
    assert matching(age, said, [("under_1",), ("1_5",)]) == (frozenset({1}), "age:1_5")


@pytest.mark.parametrize("query", ["theme", "central", "touched", "harm"])
def test_a_theme_of_every_weight_is_asked_for_without_its_group(query):
    (field,) = (field for field in SEARCHED if field.query == query)
    found, _ = matching(field, "neglect", [("harm_fii",), ("harm_neglect",)])
    assert found == frozenset({1})
