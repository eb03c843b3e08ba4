"""The words of a cluster's index, and its columns: forms of a word, words that begin so, words like another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from casereviews.index.analysis import kin
from casereviews.index.opensearch.mapping import LONGEST, MOST, WORDS
from casereviews.index.opensearch.store import ClusterStore
from casereviews.index.positions import Range
from casereviews.index.storage.lexicon import ColumnLexicon, Kept

_KEPT = 20_000  # questions whose words are kept
_SOUGHT = 64  # letters that are sought within words: a cluster refuses patterns that are too long


class ClusterLexicon(ColumnLexicon):
    """What one state of a cluster knows of words and columns. `expect` says which families are asked for next."""

    def __init__(self, store: ClusterStore, kept: Kept | None = None) -> None:
        super().__init__(store, kept)
        self._cluster = store
        self._asked: dict[tuple[str, str], list[str]] = {}

    def expect(self, families: Iterable[str]) -> None:
        """Fetch the forms of all these families by one question."""
        missing = {one for one in families if ("kin", one) not in self._asked}
        if len(missing) < 2:
            return
        found: dict[str, list[str]] = {one: [] for one in missing}
        for form in self._found({"terms": {"kin": sorted(one[:LONGEST] for one in missing)}}):
            if (family := kin(form)) in found:
                found[family].append(form)
        self._asked.update((("kin", family), forms) for family, forms in found.items())

    def forms(self, family: str) -> Sequence[str]:
        """All words of the index whose family this is."""
        found = self._words("kin", family, {"term": {"kin": family[:LONGEST]}})
        return [form for form in found if kin(form) == family]

    def is_family(self, terms: Sequence[str]) -> str | None:
        """The family whose forms these are, all of them; None when they are not one family."""
        families = {kin(term) for term in terms}
        if len(families) != 1:
            return None
        (family,) = families
        return family if set(self.forms(family)) == set(terms) else None

    def beginning(self, prefix: str) -> Sequence[str]:
        """All words that begin so."""
        found = self._words("begins", prefix, {"prefix": {"begins": prefix[:LONGEST]}})
        return [form for form in found if form.startswith(prefix)]

    def _ending(self, piece: str) -> Sequence[str]:
        found = self._words("tail", piece, {"prefix": {"tail": piece[::-1][:LONGEST]}})
        return [form for form in found if form.endswith(piece)]

    def _containing(self, piece: str) -> Sequence[str]:
        some = piece[:_SOUGHT]
        plain = "".join(f"\\{letter}" if letter in "*?\\" else letter for letter in some)
        found = self._words("in", some, {"wildcard": {"begins": f"*{plain}*"}})
        return [form for form in found if piece in form]

    def _every(self) -> Sequence[str]:
        return self._words("", "", {"match_all": {}})

    def _words(self, field: str, asked: str, query: dict[str, object]) -> list[str]:
        key = (field, asked)
        if key not in self._asked:
            if len(self._asked) >= _KEPT:
                self._asked.clear()
            self._asked[key] = self._found(query)
        return self._asked[key]

    def _found(self, query: dict[str, object]) -> list[str]:
        """The words that a question finds, in order."""
        body = {
            "size": MOST,
            "query": {"bool": {"filter": [query]}},
            "track_total_hits": False,
            "_source": False,
            "stored_fields": "_none_",
            "sort": ["begins"],
        }
        said = self._cluster.view.search(WORDS, body, only="hits.hits.sort")
        found = [hit["sort"][0] for hit in said.get("hits", {}).get("hits", ())]
        if any(len(one) >= LONGEST for one in found):  # of a monstrous word only its source has all
            for name in ("sort", "stored_fields"):
                del body[name]
            said = self._cluster.view.search(
                WORDS, {**body, "_source": ["form"]}, only="hits.hits._source"
            )
            found = [hit["_source"]["form"] for hit in said["hits"]["hits"]]
        return sorted(found)

    def ranges_of(self, section: str, number: int) -> Sequence[Range]:
        """Where a document has sections of a kind: what its row says."""
        row = self._cluster.document(number)
        if row is None:
            return ()
        return [(start, end) for start, end in row.layout["sections"].get(section, ())]
