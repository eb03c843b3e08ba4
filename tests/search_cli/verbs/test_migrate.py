"""`migrate`, and what the other verbs say of a home whose archive is in a bucket."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests import fake_s3
from tests.fake_s3 import Bucket
from tests.repository.archives import bucket, keys, our_server
from tests.search_cli.verbs.conftest import Runner

__all__ = ["bucket", "keys", "our_server"]


@pytest.fixture
def servers(bucket: Bucket, tmp_path: Path) -> str:
    path = tmp_path / "servers.toml"
    path.write_text(
        f'[stores]\narchive = "s3://{fake_s3.BUCKET}/kept"\narchive_endpoint = "{bucket.endpoint}"\n'
    )
    return str(path)


def test_it_says_what_it_brought_what_it_left_and_how_that_goes(
    change: Runner, servers: str
) -> None:
    went = change("migrate", "--to", servers)
    assert went.exit_code == 0
    assert went.stdout == "archive: 7 files brought\n"
    left = f"{change.home.root / 'archive'}"
    assert f"still there, and out of a withdrawal's reach: {left}" in went.stderr
    assert change("migrate", "--to", servers).stdout == "everything is there already\n"
    assert change.json("status")["totals"]["elsewhere"].startswith("1 copies of before")
    (found,) = (one for one in change.json("doctor") if one["check"] == "places")
    assert found["state"] == "warning"
    assert left in found["detail"]
    took = change("migrate", "--remove-old", "--yes")
    assert took.stdout == f"taken away: {left}\n"
    assert change("migrate", "--remove-old", "--yes").stdout == "nothing was left anywhere\n"
    back = json.loads(change("migrate", "--to", "folder", "--json").stdout)
    assert back == {
        "moved": ["archive"],
        "files": 7,
        "rows": 0,
        "documents": 0,
        "reviews": 0,
        "lacking": [],
        "left": ["s3://reviews/kept"],
        "left_behind": [],
    }


def test_one_of_its_two_ways_must_be_said(change: Runner, servers: str) -> None:
    assert change("migrate").exit_code == 2
    assert change("migrate", "--to", servers, "--remove-old").exit_code == 2
    asked = change("migrate", "--to", "nowhere.toml")
    assert asked.exit_code == 2
    assert "nowhere.toml is no file: name one with a table [stores]" in asked.stderr


def test_status_tells_how_servers_are_and_ends_with_3_when_one_is_not(
    change: Runner, servers: str, bucket: Bucket
) -> None:
    assert "stores" not in change.json("status")
    change.ok("migrate", "--to", servers)
    (archive,) = change.json("status")["stores"]
    assert archive["state"] == "well"
    assert archive["details"] == {"files": 7}
    assert archive["size"] == sum(map(len, bucket.bodies()))
    assert archive["address"] == f"s3://reviews/kept at {bucket.endpoint}"
    bucket.there = False
    told = change("status", "--json")
    assert told.exit_code == 3
    said = json.loads(told.stdout)
    (archive,) = said["stores"]
    assert archive["state"] == "wrong"
    assert "bucket" in archive["trouble"]
    assert fake_s3.SECRET not in told.output


def test_a_withdrawal_says_what_is_left_elsewhere_and_ends_with_3(
    change: Runner, servers: str, bucket: Bucket
) -> None:
    change.ok("migrate", "--to", servers)
    review = change.review("Child Q (March 2021)")
    done = change("withdraw", review, "--reason", "x", "--yes", "--json")
    assert done.exit_code == 3
    said = json.loads(done.stdout)
    stays = {one["store"]: one for one in said["left_behind"] if one["until"] is None}
    assert "`casereviews migrate --remove-old` takes it away" in stays["archive"]["what_to_do"]
    assert all("migrate --remove-old" in line for line in said["remains"])
    assert f"STAYS: archive: a copy of before, {change.home.root / 'archive'}" in done.stderr
    looked = change("doctor", "--json")
    assert looked.exit_code == 3
    (found,) = (one for one in json.loads(looked.stdout) if one["check"] == "places")
    assert (found["state"], "withdrawn since" in found["detail"]) == ("wrong", True)
    change.ok("migrate", "--remove-old", "--yes")
    assert "places" not in {one["check"] for one in change.json("doctor")}


def test_a_home_in_its_folder_leaves_nothing_behind(change: Runner) -> None:
    review = change.review("Child Q (March 2021)")
    done = change("withdraw", review, "--reason", "x", "--yes", "--json")
    assert done.exit_code == 0
    assert json.loads(done.stdout)["left_behind"] == []


def test_a_withdrawal_that_a_server_interrupts_is_told_and_finished_later(
    change: Runner, servers: str, bucket: Bucket
) -> None:
    change.ok("migrate", "--to", servers)
    change.ok("migrate", "--remove-old", "--yes")
    review = change.review("Child Q (March 2021)")
    bucket.refuse["DELETE"] = [(403, "AccessDenied")] * 30
    done = change("withdraw", review, "--reason", "x", "--yes")
    assert done.exit_code == 3
    assert "the withdrawal is begun and not finished" in done.stderr
    refused = change("search", "child")
    assert refused.exit_code == 3
    assert "a withdrawal" in refused.stderr
    bucket.refuse.clear()
    finished = change("rebuild")
    assert "finished the withdrawal of 2 documents that was begun before" in finished.stderr
    assert change("search", "child").exit_code == 0


def test_doctor_looks_for_what_was_withdrawn_where_it_can_and_names_where_it_cannot(
    change: Runner, servers: str, bucket: Bucket, tmp_path: Path
) -> None:
    change.ok("migrate", "--to", servers)
    change.ok("migrate", "--remove-old", "--yes")
    kept = dict(bucket.versions)
    change("withdraw", change.review("Child Q (March 2021)"), "--reason", "x", "--yes")
    (words := tmp_path / "words.txt").write_text(
        "professional curiosity\n\n  clumsiness \n", encoding="utf-8"
    )

    def looked(*more: str) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for one in json.loads(change("doctor", "--json", *more).stdout):
            if one["check"] == "withdrawn":
                found.setdefault(one["state"], []).append(one["detail"])
        return found

    assert looked() == {}
    assert "objects in s3://reviews/kept/" in looked("--deep")["well"][0]
    assert any("disks of the server" in one for one in looked("--deep")["warning"])
    wrong = looked("--for", str(words))["wrong"]
    assert not any("professional curiosity" in one for one in wrong), "it was withdrawn"
    assert any("clumsiness" in one and "index" in one for one in wrong)
    assert any("clumsiness" in one and "the files in s3://reviews/kept/" in one for one in wrong)
    gone = next(key for key in kept if key not in bucket.versions)
    bucket.versions[gone] = kept[gone]
    assert any(gone.rpartition("/")[2] in one for one in looked("--deep")["wrong"])
