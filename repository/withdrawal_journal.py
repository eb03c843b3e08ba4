"""What a withdrawal that was begun still has to do: `withdrawal.json`, written before anything is taken out, removed when all is.

While it is there the withdrawal is unfinished: what reads the home refuses and says so, and the next command that writes goes on with
it. It names what must go, and is itself the last thing that goes.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from casereviews.repository.errors import HomeError, WithdrawalUnfinished
from casereviews.repository.home import Home
from casereviews.repository.tombstone_file import TombstoneFile
from casereviews.repository.whole_files import write_whole

FINISH = "`casereviews doctor --repair` (as every command that writes) finishes it"


@dataclass(frozen=True, slots=True)
class Journal:
    """One withdrawal: whole documents and single versions (document id, number) that go, why and when.

    `remaining` are documents of the same reviews that stay, `heirs` pairs of a document that goes and the one that its review's ids go to
    ("" for none), `lessened` those that are described again. `names` are its ids, titles and
    addresses; those that nothing else has (`sought`), `phrases` and `words` that only its text had and `hashes`, its files, are looked
    for at the end. `redacted` are the names that leave what pages say of others. `digests` are further tombstones (kind, source id, document id, value) under the home's
    `key`. `kept_addresses` are addresses of documents that stay which name what only a version that goes said. `marks` are the ids under which people marked its reviews.
    """

    reason: str
    at: str
    documents: tuple[str, ...]
    versions: tuple[tuple[str, int], ...] = ()
    remaining: tuple[str, ...] = ()
    heirs: tuple[tuple[str, str], ...] = ()
    reviews: tuple[str, ...] = ()
    lessened: tuple[str, ...] = ()
    hashes: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    sought: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    redacted: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    key: str = ""
    digests: tuple[tuple[str, str, str, str], ...] = ()
    kept_addresses: tuple[str, ...] = ()

    def write(self, home: Home) -> None:
        """Keep it, on the disk."""
        import msgspec

        write_whole(home.withdrawal_json, msgspec.json.encode(self))


def begun(home: Home) -> Journal | None:
    """The withdrawal that was begun and is not finished; None when there is none. Raises HomeError when its file is damaged."""
    path = home.withdrawal_json
    try:
        said = path.read_bytes()
    except FileNotFoundError:
        return None
    import msgspec

    try:
        return msgspec.json.decode(said, type=Journal)
    except ValueError as error:
        raise HomeError(
            f"{path} is damaged ({error}): withdraw again what it speaks of, after removing the file"
        ) from None


def end(home: Home) -> None:
    """All of it is done."""
    path: Path = home.withdrawal_json
    path.unlink(missing_ok=True)


def refuse_unfinished(home: Home, known: str, what: str) -> None:
    """Raise WithdrawalUnfinished while a withdrawal is unfinished, or when `what` ("record", "index") does not know of all of them.

    `known` is the digest of the tombstones outside the record that it knows.
    """
    if home.withdrawal_json.exists():
        raise WithdrawalUnfinished(f"a withdrawal in {home.root} is not finished: {FINISH}")
    outside = TombstoneFile.of(home).digest()
    if outside and outside != known:
        raise WithdrawalUnfinished(
            f"the {what} of {home.root} is older than a withdrawal and is not read, so the withdrawal is not finished: {FINISH}"
        )
