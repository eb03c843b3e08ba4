"""What is shown is what must be, in the record and in the index; what was withdrawn is nowhere."""

from __future__ import annotations

from benchmarks.nights400.homes import Homes
from benchmarks.nights400.known import Key, Truth, former_words
from benchmarks.nights400.left import left_of
from casereviews.repository.record import Record


class Shown:
    """Looks at a home as it is after a night."""

    def __init__(self, truth: Truth, homes: Homes) -> None:
        self.truth = truth
        self.homes = homes

    def documents(self) -> dict[Key, tuple[str, str, str, str]]:
        """Paper -> (id, visibility, availability, title), as the record has them; two documents of one paper are told."""
        found: dict[Key, tuple[str, str, str, str]] = {}
        with Record.open(self.homes.collection.home) as record:
            for one in record.documents():
                owner = self.truth.paper_at.get(one.file_url or "")
                if owner is None:
                    if one.visibility != "withdrawn":
                        self.truth.say(
                            f"a document of no paper: {one.file_url} {one.title} {one.visibility}"
                        )
                    continue
                key = self.truth.key(*owner)
                if key in found and "withdrawn" not in (one.visibility, found[key][1]):
                    self.truth.say(f"two documents of one paper: {one.file_url}, {found[key]}")
                if key not in found or one.visibility != "withdrawn":
                    found[key] = (one.id, one.visibility, one.availability, one.title or "")
        return found

    def look(self) -> None:
        """After a night: nothing is late, and what is shown is what must be."""
        documents = self.documents()
        for board, paper, known in self.truth.papers():
            key = self.truth.key(board, paper)
            late = [one for one in known.awaited if one.until < self.truth.night]
            if late:
                self.truth.say(
                    f"{key} {paper.path}: {late[0].kind} was not told until night {late[0].until}"
                )
                known.awaited.clear()
            if known.first_seen is None:
                continue
            found = documents.get(key)
            shown = found is not None and found[1] == "shown"
            right = {known.visible, known.before} if known.awaited else {known.visible}
            if shown not in right:
                self.truth.say(
                    f"{key} {paper.path}: shown {shown} ({found}), must be {known.visible}"
                )
                known.visible = known.before = shown

    def check_index(self) -> None:
        """The index has what the record shows; each of it is found by its own word, and by none of an edition before it."""
        collection = self.homes.collection
        with Record.open(collection.home) as record:
            documents = record.documents()
        shown = {one.id for one in documents if one.visibility == "shown"}
        for board, paper, known in self.truth.papers():
            if known.awaited or known.first_seen is None:
                continue
            word = paper.edition.mark.split()[0]
            found = bool(collection.search(word).hits)
            if found != known.visible:
                self.truth.say(
                    f"{paper.name} ({board.shape}): searching its word finds {found}, shown {known.visible}"
                )
            old = [one for one in former_words(paper) if collection.search(one).hits]
            if old:
                self.truth.say(f"{paper.name} ({board.shape}): old words of it are found: {old}")
        indexed = {one.id for one in documents} & set(collection.shown_ids())
        self.truth.counts["shown at last"] = len(shown)
        if indexed != shown:
            self.truth.say(
                f"the index has {len(indexed - shown)} documents that are not shown, and lacks {len(shown - indexed)}"
            )

    def check_nothing_is_left(self) -> None:
        """No file of the home or of its backup has anything of what was withdrawn; true when a backup was made since."""
        for place, word in left_of(self.truth.gone_words, (self.homes.home, self.homes.backup)):
            self.truth.say(f"STILL THERE: {word} in {place}")
