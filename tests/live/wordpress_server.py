"""A real WordPress on loopback: Debian's files, PHP's own server, a MariaDB of its own; all of it in one folder."""

from __future__ import annotations

import json
import re
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.crawler.server import PDF

WORDPRESS = Path("/usr/share/wordpress")
HERE = Path(__file__).parent
CONFIG = """<?php
define( 'DB_NAME', 'wordpress' ); define( 'DB_USER', 'root' ); define( 'DB_PASSWORD', '' );
define( 'DB_HOST', 'localhost:{socket}' ); define( 'DB_CHARSET', 'utf8mb4' ); define( 'DB_COLLATE', '' );
define( 'WP_HTTP_BLOCK_EXTERNAL', true ); define( 'DISABLE_WP_CRON', true ); define( 'AUTOMATIC_UPDATER_DISABLED', true );
define( 'WP_DEBUG', false );
$table_prefix = 'wp_';
if ( ! defined( 'ABSPATH' ) ) {{ define( 'ABSPATH', __DIR__ . '/' ); }}
require_once ABSPATH . 'wp-settings.php';
"""


def missing() -> str:
    """What this machine lacks for a real WordPress, "" when it has all."""
    if not (WORDPRESS / "wp-load.php").is_file():
        return "WordPress is not installed (apt install wordpress)"
    for program in ("php", "mariadbd", "mariadb-install-db", "mariadb"):
        if not shutil.which(program):
            return f"{program} is not installed (apt install php-cli php-mysql mariadb-server)"
    modules = subprocess.run(["php", "-m"], capture_output=True, text=True, check=False).stdout
    return "" if "mysqli" in modules else "PHP has no mysqli (apt install php-mysql)"


@dataclass(frozen=True)
class WordPress:
    """The running site. `requests` are its access log's lines, oldest first."""

    root: Path
    url: str
    log: Path

    def step(self, name: str) -> Any:
        """Run a step of site.php; its own docstring names them."""
        done = subprocess.run(
            ["php", "site.php", self.url, name],
            cwd=self.root,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr + done.stdout
        return json.loads(done.stdout.splitlines()[-1])

    def requests(self) -> list[str]:
        """Paths asked for so far."""
        said = self.log.read_text(encoding="utf-8", errors="replace")
        return re.findall(r"\]: (?:GET|HEAD) (\S+)", said)  # behind it a 404 says why


@contextmanager
def wordpress(
    folder: Path, parts: str = "wordpress", papers: Mapping[str, bytes] | None = None
) -> Iterator[WordPress]:
    """Install and serve WordPress in `folder`; everything is stopped at the end.

    `parts` is the folder beside this module with the site's steps, its theme and its must-use plugins; `papers` are the PDFs
    that its steps publish, by name.
    """
    own = HERE / parts
    with _database(folder) as place:
        root = folder / "site"
        shutil.copytree(WORDPRESS, root, symlinks=False)
        (root / "wp-config.php").write_text(CONFIG.format(socket=place), encoding="utf-8")
        shutil.copytree(
            own / "theme", root / "wp-content" / "themes" / "kestrel", dirs_exist_ok=True
        )
        if (own / "mu-plugins").is_dir():
            shutil.copytree(own / "mu-plugins", root / "wp-content" / "mu-plugins")
        shutil.copy(own / "site.php", root)
        (root / "papers").mkdir()
        for name, body in (papers or {}).items():
            (root / "papers" / f"{name}.pdf").write_bytes(body)
        (root / "report.pdf").write_bytes(PDF.replace(b"fictional", b"fictional WORDS"))
        (root / "wp-content" / "uploads").mkdir(exist_ok=True)
        with closing(socket.create_server(("127.0.0.1", 0))) as probe:
            port = probe.getsockname()[1]
        log = folder / "access.log"
        with log.open("wb") as out:
            server = subprocess.Popen(
                ["php", "-S", f"127.0.0.1:{port}", "-t", str(root)], stdout=out, stderr=out
            )
            try:
                site = WordPress(root, f"http://127.0.0.1:{port}", log)
                _wait_for(f"{site.url}/readme.html")
                yield site
            finally:
                server.terminate()
                server.wait(timeout=10)


@contextmanager
def _database(folder: Path) -> Iterator[Path]:
    data, place = folder / "db", folder / "db.sock"
    subprocess.run(
        [
            "mariadb-install-db",
            "--no-defaults",
            f"--datadir={data}",
            "--auth-root-authentication-method=normal",
            "--skip-test-db",
        ],
        check=True,
        capture_output=True,
    )
    options = [f"--datadir={data}", f"--socket={place}", "--skip-networking", "--user=root"]
    log = (folder / "db.log").open("wb")
    daemon = subprocess.Popen(["mariadbd", "--no-defaults", *options], stdout=log, stderr=log)
    try:
        deadline = time.monotonic() + 60
        create = [
            "mariadb",
            "--no-defaults",
            f"--socket={place}",
            "-uroot",
            "-e",
            "create database wordpress",
        ]
        while subprocess.run(create, capture_output=True, check=False).returncode:
            assert daemon.poll() is None, "MariaDB ended"
            assert time.monotonic() < deadline, "MariaDB did not start"
            time.sleep(0.1)
        yield place
    finally:
        daemon.terminate()
        daemon.wait(timeout=30)
        log.close()


def _wait_for(url: str) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return
        except (urllib.error.URLError, ConnectionError):
            assert time.monotonic() < deadline, "PHP's server did not start"
            time.sleep(0.05)
