"""A real server: nginx's validators, compressed pages, redirects, limits and certificates, over two nights."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from casereviews.crawler.options import CrawlOptions
from casereviews.crawler.outcome import CrawlOutcome
from casereviews.crawler.process.crawl import run_crawl
from casereviews.crawler.sources import Source
from casereviews.repository.home import Home
from casereviews.repository.record import Record
from tests.crawler.certificates import authority, leaf
from tests.crawler.faults import links, list_page
from tests.crawler.server import pdf

pytestmark = [
    pytest.mark.live,
    pytest.mark.skipif(shutil.which("nginx") is None, reason="nginx is not installed here"),
]
CONFIGURATION = """
{user}daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log; worker_processes 1;
events {{ worker_connections 64; }}
http {{
  access_log {folder}/access.log; client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2;
  fastcgi_temp_path {folder}/t3; uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
  types {{ text/html html; application/pdf pdf; text/plain txt; }}
  gzip on; gzip_min_length 1; gzip_types text/html;
  limit_conn_zone $binary_remote_addr zone=one:1m;
  server {{
    listen 127.0.0.1:{port}; root {folder}/site; index index.html;
    limit_conn one 1; limit_conn_status 429;
    location /old/ {{ return 301 /reviews/; }}
    location /download/ {{ default_type application/pdf; alias {folder}/site/f/; }}
  }}
  server {{
    listen 127.0.0.1:{tls_port} ssl; root {folder}/site; index index.html;
    ssl_certificate {certificate}; ssl_certificate_key {key};
  }}
}}
"""


@dataclass
class Nginx:
    """A running nginx; `site` is what it serves."""

    site: Path
    url: str
    tls_url: str
    ca: Path


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def nginx(tmp_path: Path) -> Iterator[Nginx]:
    folder = tmp_path / "nginx"
    (folder / "site" / "reviews").mkdir(parents=True)
    (folder / "site" / "f").mkdir()
    trusted, certificate, key = authority(tmp_path, "ours")
    pair = leaf(tmp_path, "nginx", certificate, key)
    port, tls_port = _free_port(), _free_port()
    configuration = folder / "nginx.conf"
    configuration.write_text(
        CONFIGURATION.format(
            folder=folder,
            user="user root root; " if os.geteuid() == 0 else "",
            port=port,
            tls_port=tls_port,
            certificate=pair.certificate,
            key=pair.key,
        )
    )
    server = subprocess.Popen(
        ["nginx", "-c", str(configuration), "-p", str(folder)], stderr=subprocess.DEVNULL
    )
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", tls_port)) == 0:
                break
        time.sleep(0.05)
    yield Nginx(
        folder / "site",
        f"http://127.0.0.1:{port}",
        f"https://127.0.0.1:{tls_port}",
        trusted.certificate,
    )
    server.terminate()
    server.wait(10)


def crawl(home: Home, source: Source, options: CrawlOptions) -> CrawlOutcome:
    with Record.open(home, write=True) as record:
        run = record.begin_run("refresh", options.now or "")
        record.put_source(source.info)
    return run_crawl(home, [source], run_id=run, options=options, progress=lambda _: None)[
        source.id
    ]


def test_two_nights_over_a_real_server(nginx: Nginx, tmp_path: Path) -> None:
    home = Home(tmp_path / "home").create()
    host = nginx.url.removeprefix("http://")
    source = Source("ng", "Ng", "England", "listing", (nginx.url + "/old/",), (host,))
    options = CrawlOptions(delay=0.01, now="2027-03-01T02:00:00Z")
    listed = [*links(3), ("/download/4.pdf", "Child K review")]
    (nginx.site / "reviews" / "index.html").write_text(list_page(listed))
    for n in (1, 2, 3, 4):
        (nginx.site / "f" / f"{n}.pdf").write_bytes(pdf(f"nginx {n}"))
    first = crawl(home, source, options)
    (nginx.site / "f" / "2.pdf").write_bytes(pdf("changed and longer"))
    second = crawl(home, source, options)
    # nginx allows one connection at a time here and answers 429 to a second one.
    assert (first.ended, first.complete, first.files_new, dict(first.errors)) == (
        "finished",
        True,
        4,
        {},
    )
    assert (second.complete, second.files_changed, second.files_same, second.files_new) == (
        True,
        1,
        3,
        0,
    )
    assert second.received < 1000


def test_a_certificate_is_verified_and_a_corporate_authority_is_trusted(
    nginx: Nginx, tmp_path: Path
) -> None:
    host = nginx.tls_url.removeprefix("https://")
    source = Source("ng", "Ng", "England", "listing", (nginx.tls_url + "/reviews/",), (host,))
    (nginx.site / "reviews" / "index.html").write_text(list_page(links(1)))
    (nginx.site / "f" / "1.pdf").write_bytes(pdf("tls"))
    options = CrawlOptions(delay=0.01, now="2027-03-01T02:00:00Z", retries=0)
    refused = crawl(Home(tmp_path / "a").create(), source, options)
    trusted = crawl(
        Home(tmp_path / "b").create(), source, replace(options, ca_bundle=str(nginx.ca))
    )
    assert refused.start_errors == ("tls",)
    assert (trusted.complete, trusted.files_new) == (True, 1)
