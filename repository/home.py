"""The home folder: where everything that is collected lives.

home/
  home.json            id of this home, minted once
  record.db            precious: sightings, fetches, documents, versions, ids, events (migrated); both may be on a server instead (`stores`)
  derived.db           disposable: readings, facts, groups (deleted and made again)
  tombstones.jsonl     precious: digests of what was withdrawn, also outside record.db
  withdrawal.json      only while a withdrawal is unfinished: what is still to do
  purge-owed           only while text that nobody should see, read by an older version, may be left in freed pages or the index
  archive/ab/abcdef…   files by SHA-256
  index/               generations, CURRENT
  logs/  reports/  feeds/  models/
  crawl-memory.db      disposable: what pages said last time, robots.txt
  ocr/                 recognised pages of scans that are not done yet
  places.json          only while the home is, in part or of before, elsewhere than at its stores: where
  exports.jsonl        which exports were made, and by digests which documents were in each
  sources.toml  themes.csv  corrections.toml  saved.toml  marks.csv  config.toml   what people edit
  lock  lock.json      held by the one writer, and who that is
  seals.json           how the databases were left by the last writer
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

from casereviews.repository.errors import HomeDamaged, HomeError
from casereviews.repository.whole_files import remove, write_whole

_ID = re.compile(r"[\w.-]{1,64}")
_NO_ID = (
    "restore it from a backup, or run `casereviews doctor --repair`, which gives the home a new id"
)


@dataclass(frozen=True, slots=True)
class Home:
    """A home folder; `root` need not exist until `create` is called."""

    root: Path

    @property
    def record_db(self) -> Path:
        return self.root / "record.db"

    @property
    def derived_db(self) -> Path:
        return self.root / "derived.db"

    @property
    def tombstones(self) -> Path:
        return self.root / "tombstones.jsonl"

    @property
    def withdrawal_json(self) -> Path:
        return self.root / "withdrawal.json"

    @property
    def purge_owed(self) -> Path:
        """Files whose covered text an older version had read (SHA-256, a line each): there from before they are read anew until nothing
        of the older readings is left anywhere."""
        return self.root / "purge-owed"

    @property
    def archive(self) -> Path:
        return self.root / "archive"

    @property
    def index(self) -> Path:
        return self.root / "index"

    @property
    def crawl_memory(self) -> Path:
        """What the crawler remembers between nights; may be deleted at any time."""
        return self.root / "crawl-memory.db"

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    @property
    def reports(self) -> Path:
        return self.root / "reports"

    @property
    def feeds(self) -> Path:
        return self.root / "feeds"

    @property
    def lock(self) -> Path:
        return self.root / "lock"

    @property
    def holder(self) -> Path:
        """Who holds the lock; there while somebody does, and after a kill until the next writer."""
        return self.root / "lock.json"

    @property
    def seals(self) -> Path:
        """How the last writer left the databases."""
        return self.root / "seals.json"

    @property
    def sources_toml(self) -> Path:
        return self.root / "sources.toml"

    @property
    def themes_csv(self) -> Path:
        return self.root / "themes.csv"

    @property
    def corrections_toml(self) -> Path:
        return self.root / "corrections.toml"

    @property
    def saved_toml(self) -> Path:
        return self.root / "saved.toml"

    @property
    def marks_csv(self) -> Path:
        return self.root / "marks.csv"

    @property
    def exports_jsonl(self) -> Path:
        """Which exports were made, for a withdrawal to name."""
        return self.root / "exports.jsonl"

    @property
    def places_json(self) -> Path:
        """Where else the home still is; there only while it is."""
        return self.root / "places.json"

    @property
    def config_toml(self) -> Path:
        return self.root / "config.toml"

    @property
    def may_name_servers(self) -> bool:
        """Whether config.toml may name servers (`casereviews.repository.stores`), seen without reading TOML: most homes have none, and
        each search asks."""
        try:
            return b"stores" in self.config_toml.read_bytes().replace(
                b"\0", b""
            )  # it may be in UTF-16
        except (FileNotFoundError, NotADirectoryError):
            return False
        except OSError:
            return True  # told by who reads it

    @property
    def edited(self) -> list[Path]:
        """What cannot be made again beside record.db and archive, as far as it is there: the home's id, tombstones, exports, other places, and what people edit."""
        found = [
            *self.root.glob("*.toml"),
            *self.root.glob("*.csv"),
            self.tombstones,
            self.exports_jsonl,
            self.places_json,
            self.root / "home.json",
        ]
        return sorted(path for path in found if path.is_file())

    @property
    def exists(self) -> bool:
        return (self.root / "home.json").is_file()

    @property
    def id(self) -> str:
        """The id minted when the home was made; raises HomeError when there is no home here."""
        marker = self.root / "home.json"
        try:
            found = json.loads(marker.read_text("utf-8"))["id"]
            if isinstance(found, str) and _ID.fullmatch(found):
                return found
        except (FileNotFoundError, NotADirectoryError):
            if self.record_db.exists():
                raise HomeDamaged(f"{marker} is missing: {_NO_ID}") from None
            raise HomeError(
                f"{self.root} is not a casereviews home yet: run `casereviews refresh` or `casereviews demo` first"
            ) from None
        except OSError as error:
            raise HomeDamaged(f"{marker} cannot be read ({error.strerror}): {_NO_ID}") from error
        except (ValueError, LookupError, TypeError, RecursionError):
            pass
        raise HomeDamaged(f"{marker} is damaged: {_NO_ID}")

    @property
    def is_demo(self) -> bool:
        """True when the demo made this home."""
        try:
            return bool(json.loads((self.root / "home.json").read_text("utf-8"))["demo"])
        except (OSError, ValueError, LookupError, TypeError, RecursionError):
            return False

    def give_new_id(self) -> None:
        """Write home.json anew, for a home that lost it; its index bears the old id."""
        import uuid  # here: searching makes no home

        marker = self.root / "home.json"
        remove(marker)
        write_whole(marker, json.dumps({"id": uuid.uuid4().hex, "demo": False}) + "\n")

    def create(self, *, demo: bool = False) -> Home:
        """Make the folder and its id unless they are there; returns self. Raises HomeError when it cannot be written."""
        try:
            # For its owner only: what is collected here was taken down elsewhere, or is searched for in confidence.
            self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
            for folder in (self.archive, self.index, self.logs, self.reports, self.feeds):
                folder.mkdir(exist_ok=True)
            marker = self.root / "home.json"
            if not marker.exists() and not self.record_db.exists():
                import uuid  # here: searching makes no home

                write_whole(marker, json.dumps({"id": uuid.uuid4().hex, "demo": demo}) + "\n")
        except OSError as error:
            raise HomeError(
                f"cannot write to {self.root} ({error.strerror}): choose another folder with --home"
            ) from error
        return self
