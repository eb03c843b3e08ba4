"""The documents' own nginx site before two workers and a replica: names, sessions of the proxy, and what a withdrawal leaves nowhere."""

from __future__ import annotations

import os
import re
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest

from casereviews import Collection
from casereviews.repository.home import Home
from tests.crawler.certificates import authority, leaf
from tests.web.page_server import page_server

pytestmark = [
    pytest.mark.live,
    pytest.mark.skipif(shutil.which("nginx") is None, reason="nginx is not installed here"),
    pytest.mark.skipif(shutil.which("rsync") is None, reason="rsync is not installed here"),
    pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed here"),
]
ROOT = Path(__file__).parents[2]
SITE = ROOT / "docs" / "serving" / "nginx.conf"
REPLICATE = ROOT / "docs" / "serving" / "replicate.sh"
AROUND = """
{user}daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log; worker_processes 1;
events {{ worker_connections 64; }}
http {{
  client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
  uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
  include {folder}/site.conf;
}}
"""
PEOPLE = {"ana": "a-fictional-word", "bo": "another-word"}
WATCHDOG = 60


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def site(folder: Path, port: int, servers: list[str], certificate: Path, key: Path) -> None:
    """The documents' site with this machine's names in the places that people change."""
    changed = {
        r"server 127\.0\.0\.1:8000;": " ".join(f"server {one};" for one in servers),
        r"listen 443 ssl;": f"listen 127.0.0.1:{port} ssl;",
        r"/etc/ssl/reviews\.example\.org\.pem": str(certificate),
        r"/etc/ssl/private/reviews\.example\.org\.key": str(key),
        r"/var/log/nginx/casereviews\.log": f"{folder}/access.log",
        r"/etc/nginx/casereviews\.users": f"{folder}/users",
    }
    text = SITE.read_text("utf-8")
    for pattern, instead in changed.items():
        text, times = re.subn(pattern, instead, text)
        assert times == 1, pattern
    (folder / "site.conf").write_text(text, "utf-8")
    lines = []
    for name, word in PEOPLE.items():
        hashed = subprocess.run(
            ["openssl", "passwd", "-apr1", word], capture_output=True, text=True, check=True
        )
        lines.append(f"{name}:{hashed.stdout.strip()}\n")
    (folder / "users").write_text("".join(lines), "utf-8")


@dataclass
class Served:
    """The site as people reach it; behind it a home and its replica."""

    url: str
    servers: list[str]
    home: Home
    replica: Path
    folder: Path
    trusted: ssl.SSLContext

    def ask(self, path: str, *, name: str = "ana", **headers: str) -> httpx2.Response:
        with httpx2.Client(
            verify=self.trusted, auth=(name, PEOPLE[name]), timeout=WATCHDOG
        ) as client:
            return client.get(self.url + path, headers=headers)

    def replicate(self) -> None:
        subprocess.run(["sh", REPLICATE, self.home.root, self.replica], check=True)


@pytest.fixture
def served(built: Home, tmp_path: Path) -> Iterator[Served]:
    folder = tmp_path / "nginx"
    folder.mkdir()
    folder.chmod(0o755)
    trusted, certificate, key = authority(tmp_path, "ours")
    pair = leaf(tmp_path, "site", certificate, key)
    home, replica = Home(tmp_path / "home"), tmp_path / "replica"
    shutil.copytree(built.root, home.root)
    port = free_port()
    url = f"https://127.0.0.1:{port}"
    ours = Served(
        url, [], home, replica, folder, ssl.create_default_context(cafile=trusted.certificate)
    )
    ours.replicate()
    options = (
        "--name",
        f"127.0.0.1:{port}",
        "--behind-proxy",
        "127.0.0.1",
        "--user-header",
        "X-User",
    )
    with ExitStack() as running:
        for root, workers in ((home.root, "2"), (replica / "current", "1")):
            at = free_port()
            running.enter_context(
                page_server(root, "--port", str(at), "--workers", workers, *options)
            )
            ours.servers.append(f"127.0.0.1:{at}")
        site(folder, port, ours.servers, pair.certificate, pair.key)
        user = "user root root; " if os.geteuid() == 0 else ""
        (folder / "nginx.conf").write_text(AROUND.format(folder=folder, user=user), "utf-8")
        subprocess.run(["nginx", "-t", "-q", "-c", folder / "nginx.conf"], check=True)
        nginx = running.enter_context(subprocess.Popen(["nginx", "-c", folder / "nginx.conf"]))
        running.callback(nginx.terminate)
        _answering(port)
        yield ours


def _answering(port: int) -> None:
    end = time.monotonic() + WATCHDOG
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            assert time.monotonic() < end
            time.sleep(0.02)


def test_people_come_in_by_the_proxy_alone_and_what_is_withdrawn_is_on_no_replica(
    served: Served,
) -> None:
    # both servers answer in turn, each for whoever nginx let in
    answers = [served.ask("/?q=neglect", name=name) for name in ("ana", "bo") * 3]
    assert {one.status_code for one in answers} == {200}
    assert "casereviews" not in {cookie for one in answers for cookie in one.cookies}
    # nobody comes in by a name of their own making, nor past nginx
    stranger = httpx2.get(served.url, verify=served.trusted, headers={"x-user": "ana"})
    assert stranger.status_code == 401
    for server in served.servers:
        assert httpx2.get(f"http://{server}/").status_code in (403, 421)
    # what is typed is in no log
    log = (served.folder / "access.log").read_text("utf-8")
    assert " GET / 200" in log
    assert "neglect" not in log
    # a withdrawal is on no replica when it was pushed
    with Collection(served.home, warn=lambda _: None) as collection:
        hit = collection.search("sofa OR sleep").hits[0]
        paths = [
            f"/review/{hit.review_id}",
            f"/read/{hit.document_id}/2",
            f"/original/{hit.document_id}",
        ]
        assert [served.ask(path).status_code for path in paths * 2] == [200] * 6
        kept = collection.document(hit.document_id).sha256
        assert [*served.replica.rglob(f"*{kept}*")]
        collection.withdraw(hit.review_id, reason="in a test")
    served.replicate()
    assert {served.ask(path).status_code for path in paths * 2} == {404}
    assert hit.review_id not in served.ask("/?q=*").text
    assert len([*served.replica.glob("copy-*")]) == 1
    assert not [*served.replica.rglob(f"*{kept}*")]
