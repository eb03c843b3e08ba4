"""Each event is told once: by the record, by `new`, by the feed."""

from __future__ import annotations

import re

from benchmarks.nights400.homes import Homes
from benchmarks.nights400.known import SOON, Awaited, Key, Truth
from casereviews.repository.record import Record
from casereviews.repository.record.outcome import Event


class Told:
    """Hears what is told and takes it against what is awaited."""

    def __init__(self, truth: Truth, homes: Homes) -> None:
        self.truth = truth
        self.homes = homes
        self.last_event = 0
        self.paper_of: dict[str, Key] = {}
        """By the id of its document, which is all that is left of it after a withdrawal."""
        self.tonight: tuple[int, set[int]] = (-1, set())
        """A night, and the events of its runs."""

    def listen(self) -> None:
        """Take the new events, one by one, against what is awaited."""
        with Record.open(self.homes.collection.home) as record:
            events = record.events(after=self.last_event)
            urls = {
                one.id: one.file_url
                for one in record.documents(ids={e.document_id for e in events})
            }
        for event in events:
            self.last_event = event.id
            owner = self.truth.paper_at.get(urls.get(event.document_id) or "")
            key = self.truth.key(*owner) if owner else self.paper_of.get(event.document_id)
            if key is None:
                self.truth.say(f"an event of no paper: {event.kind} {event.document_id}")
                continue
            self.paper_of[event.document_id] = key
            self.hear(key, event)

    def hear(self, key: Key, event: Event) -> None:
        """One event of one paper."""
        known = self.truth.known[key]
        kind = event.kind
        known.told[kind] += 1
        self.truth.counts[f"event: {kind}"] += 1
        if known.awaited and known.awaited[0].kind == kind:
            known.awaited.pop(0)
            if kind == "new":
                known.first_seen = known.edition_since = self.truth.night
                board = next(one for one in self.truth.boards if one.shape == key[0])
                if board.keeps_back(key[1]):
                    # It is told, and shown without its text, before its file comes (OPERATIONS).
                    known.awaited.insert(0, Awaited("file_arrived", self.truth.night + SOON))
                    known.before = True
            if kind == "changed_text":
                known.edition_since = self.truth.night
            return
        ahead = ", ".join(one.kind for one in known.awaited) or "nothing"
        self.truth.say(f"{key}: told {kind} (count {event.count}, {event.became}), awaited {ahead}")

    def check_run(self, run_id: int, *, feed_too: bool) -> None:
        """`new` tells what happened in the run, the feed what happened in the night, each once."""
        collection = self.homes.collection
        with Record.open(collection.home) as record:
            happened = {one.id for one in record.events(run_id=run_id)}
        if self.tonight[0] != self.truth.night:
            self.tonight = (self.truth.night, set())
        self.tonight[1].update(happened)
        told = [one.id for one in collection.news()]
        if sorted(told) != sorted(happened):
            self.truth.say(f"`new` tells {sorted(told)} of {sorted(happened)}")
        feed = (collection.home.feeds / "new.atom").read_text("utf-8")
        entries = re.findall(r"<entry>.*?<id>(.*?)</id>", feed, re.S)
        if feed_too and not len(entries) == len(set(entries)) == len(self.tonight[1]):
            with Record.open(collection.home) as record:
                runs = [(one.id, one.verb, one.status) for one in record.runs(limit=4)]
                last = [(one.id, one.kind, one.run_id) for one in record.events()[-8:]]
            self.truth.say(
                f"the feed has {len(entries)} entries, {len(set(entries))} of them different, of {len(self.tonight[1])} events; {runs} {last} {entries}"
            )
