"""Words side by side and near each other: the quick ways give what the plain ones give."""

from hypothesis import given
from hypothesis import strategies as st

from casereviews.index.query.proximity import chain_ends, chains, least_gap, sequence_places, within

PLACES = st.sets(st.integers(0, 900), max_size=500).map(sorted)
FEW = st.sets(st.integers(0, 60), max_size=12).map(sorted)
GROUP = st.tuples(FEW, st.integers(1, 3))


@given(st.lists(PLACES, min_size=1, max_size=4))
def test_a_sequence_stands_where_each_word_follows_the_one_before(lists):
    sets = [set(each) for each in lists]
    plain = [at for at in range(-4, 901) if all(at + n in each for n, each in enumerate(sets))]
    assert sequence_places(list(enumerate(lists))) == plain


def near(a, b, distance):
    (start, length), (other, other_length) = a, b
    return (
        1 <= other - (start + length - 1) <= distance
        or 1 <= start - (other + other_length - 1) <= distance
    )


def each(item):
    return {(place, length) for places, length in item for place in places}


@given(st.lists(st.lists(GROUP, min_size=1, max_size=2), min_size=2, max_size=3), st.integers(1, 9))
def test_a_chain_closes_where_each_item_is_near_the_one_before(items, distance):
    reached = each(items[0])
    for item in items[1:]:
        reached = {b for b in each(item) if any(near(a, b, distance) for a in reached)}
    assert each(chain_ends(items, distance)) == reached
    kept = chains(items, distance)
    assert each(kept[-1]) == reached
    assert all(bool(each(item)) == bool(reached) for item in kept)


@given(FEW, FEW)
def test_the_least_gap_is_the_least_difference(one, other):
    differences = [max(abs(a - b), 1) for a in one for b in other]
    assert least_gap(one, other) == min(differences, default=1 << 30)


@given(FEW, st.integers(1, 3))
def test_within_keeps_what_lies_wholly_in_a_range(places, length):
    ranges = [(5, 20), (20, 33), (50, 51)]
    plain = [
        place for place in places if any(a <= place and place + length <= b for a, b in ranges)
    ]
    assert within((places, length), ranges) == (plain, length)
