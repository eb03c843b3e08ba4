"""Real OpenSearch nodes on loopback, laid out from the artifacts that its makers publish for Maven.

    with nodes(2) as cluster:
        cluster.ask("GET", "/_cluster/health")

    python -m tests.opensearch_nodes DIR      lays a home out in DIR, for CASEREVIEWS_OPENSEARCH_HOME

A node wants no root, so that of a root's tests runs as nobody, in folders that nobody may enter. There is no security plugin: no sign-on and no TLS,
therefore loopback only.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from filelock import FileLock

HOME = "CASEREVIEWS_OPENSEARCH_HOME"
POM = Path(__file__).with_name("opensearch_pom.xml")
VERSION = "2.19.6"
JAVA = range(11, 24)  # 2.19 asks for 11, and for a security manager, which 24 has no more
_WAIT = 120.0
IN_MEMORY = Path("/dev/shm")
ROOM = 2_000_000_000  # bytes: the files of the largest tests take a quarter
# Nobody needs them, and some stand in the way of others.
_LEFT_OUT = (
    "lang-painless-*",
    "asm*",
    "antlr4-runtime-*",
    "error_prone*",
    "jspecify*",
    "opensearch-scripting-painless-spi-*",
)
_MODULES = {
    "transport-netty4": (
        ("netty-*", "transport-netty4-client-*"),
        "org.opensearch.transport.Netty4Plugin",
    ),
    "analysis-common": (
        ("analysis-common-*",),
        "org.opensearch.analysis.common.CommonAnalysisPlugin",
    ),
}
_MAY = """\
grant codeBase "${codebase.netty-common}" {
  permission java.io.FilePermission "/proc/sys/net/core/somaxconn", "read";
  permission java.net.SocketPermission "*", "accept,connect";
};
grant codeBase "${codebase.netty-transport}" {
  permission java.util.PropertyPermission "sun.nio.ch.bugLevel", "write";
  permission java.net.SocketPermission "*", "accept,connect";
};
"""
_LOG = """\
status = error
appender.console.type = Console
appender.console.name = console
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = [%d{ISO8601}][%-5p][%-25c{1.}] %m%n
rootLogger.level = warn
rootLogger.appenderRef.console.ref = console
"""
_OPTIONS = (
    "-Djava.security.manager=allow",
    "-Dfile.encoding=UTF-8",
    "-Djna.nosys=true",
    "-Dlog4j.shutdownHookEnabled=false",
    "-Dlog4j2.disable.jmx=true",
    "-Dio.netty.noUnsafe=true",
    "-Dio.netty.noKeySetOptimization=true",
    "-Dio.netty.recycler.maxCapacityPerThread=0",
    "-Dio.netty.allocator.numDirectArenas=0",
    "--add-opens=java.base/java.lang=ALL-UNNAMED",
    "-Dopensearch.distribution.type=tar",
    "-Dopensearch.bundled_jdk=false",
)
QUICK = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto")
"""How a node of tests starts soonest; one that is measured runs as its makers have it."""
MEASURED = ("-XX:+UseG1GC",)


def missing() -> str:
    """What this machine lacks for a node of OpenSearch, "" when it has all."""
    if not _java():
        return (
            f"no Java of {JAVA[0]} to {JAVA[-1]} is installed (apt install openjdk-17-jre-headless)"
        )
    if not shutil.which("setpriv"):
        return "setpriv is not installed (apt install util-linux)"
    said = os.environ.get(HOME)
    if said:
        return "" if _is_laid_out(Path(said)) else f"{HOME} names {said}, where none is laid out"
    if not shutil.which("mvn"):
        return "mvn is not installed (apt install maven)"
    try:
        home()
    except subprocess.SubprocessError as error:
        said = getattr(error, "stdout", None) or str(error)
        return f"OpenSearch could not be fetched: {said.strip().splitlines()[0]}"
    return ""


def home() -> Path:
    """The laid-out home, laid out now if there is none. Raises SubprocessError when its parts cannot be fetched."""
    if said := os.environ.get(HOME):
        return Path(said)
    place = open_to_all() / f"casereviews-opensearch-{VERSION}-{os.getuid()}"
    with FileLock(f"{place}.lock"):
        if not _is_laid_out(place):
            lay_out(place)
    return place


def lay_out(place: Path) -> None:
    """Fetch the parts of OpenSearch by the machine's own Maven and its settings, and lay them out. Raises SubprocessError."""
    with tempfile.TemporaryDirectory(dir=place.parent) as folder:
        made, jars = Path(folder) / "home", Path(folder) / "jars"
        subprocess.run(
            ["mvn", "-q", "-B", "-f", str(POM), "dependency:copy-dependencies",
             f"-DoutputDirectory={jars}", "-DincludeScope=runtime"],
            check=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=600,
        )  # fmt: skip
        for name in ("bin", "config", "extensions", "lib", "modules", "plugins"):
            (made / name).mkdir(parents=True)
        for pattern in _LEFT_OUT:
            for jar in jars.glob(pattern):
                jar.unlink()
        for name, (patterns, plugin) in _MODULES.items():
            module = made / "modules" / name
            module.mkdir()
            for jar in [jar for pattern in patterns for jar in jars.glob(pattern)]:
                jar.rename(module / jar.name)
            described = {
                "name": name, "description": name, "version": VERSION, "opensearch.version": VERSION,
                "java.version": "11", "classname": plugin,
            }  # fmt: skip
            lines = "".join(f"{key}={value}\n" for key, value in described.items())
            (module / "plugin-descriptor.properties").write_text(lines, "utf-8")
        netty = made / "modules" / "transport-netty4" / "plugin-security.policy"
        netty.write_text(_MAY, "utf-8")
        for jar in jars.iterdir():
            jar.rename(made / "lib" / jar.name)
        for one in (made, *made.rglob("*")):
            one.chmod(0o755 if one.is_dir() else 0o644)  # whoever runs the node reads them
        shutil.rmtree(place, ignore_errors=True)
        made.rename(place)


def _is_laid_out(place: Path) -> bool:
    return (place / "lib" / f"opensearch-{VERSION}.jar").is_file()


def _java() -> str:
    """The first Java here of a version that OpenSearch runs on, "" for none."""
    named = [os.environ.get("JAVA_HOME", ""), *sorted(map(str, Path("/usr/lib/jvm").glob("*")))]
    found = [f"{folder}/bin/java" for folder in named if folder]
    for java in (*found, shutil.which("java") or ""):
        if os.access(java, os.X_OK):
            done = subprocess.run([java, "-version"], capture_output=True, text=True, check=False)
            said = re.search(r'version "(\d+)', done.stderr)
            if said and int(said[1]) in JAVA:
                return java
    return ""


def open_to_all() -> Path:
    """A folder for what passes that every user of this machine may enter, however private this run's own is."""
    for place in (Path(tempfile.gettempdir()), Path("/tmp"), Path("/var/tmp")):
        if all(one.stat().st_mode & 0o001 for one in (place, *place.resolve().parents)):
            return place
    return Path(tempfile.gettempdir())


# ---------------------------------------------------------------- nodes


@dataclass
class Node:
    """One node. Its files are in `folder`/data; `kill`, `pause` and `resume` do what their names say, `start` brings it back."""

    name: str
    folder: Path
    http: int
    transport: int
    settings: Mapping[str, Any]
    options: Sequence[str]
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.http}"

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def pid(self) -> int:
        assert self.process is not None, f"{self.name} does not run"
        return self.process.pid

    def start(self) -> None:
        """Start it; it answers a little later."""
        for name in ("data", "logs", "config", "tmp"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        config = self.folder / "config"
        (config / "log4j2.properties").write_text(_LOG, "utf-8")
        lines = "".join(f"{key}: {json.dumps(value)}\n" for key, value in self.settings.items())
        (config / "opensearch.yml").write_text(lines, "utf-8")
        (config / "jvm.options").write_text("", "utf-8")
        as_whom: list[str] = []
        if os.getuid() == 0:
            as_whom = ["--reuid=nobody", "--regid=nogroup", "--clear-groups"]
            for place in (self.folder, *self.folder.rglob("*")):
                shutil.chown(place, "nobody", "nogroup")
        command = [
            "setpriv", *as_whom, "--pdeathsig", "KILL",
            _java(), *self.options, *_OPTIONS, f"-Djava.io.tmpdir={self.folder / 'tmp'}",
            f"-Dopensearch.path.home={home()}", f"-Dopensearch.path.conf={config}",
            "-cp", f"{home()}/lib/*", "org.opensearch.bootstrap.OpenSearch",
        ]  # fmt: skip
        with (self.folder / "out.log").open("ab") as out:
            self.process = subprocess.Popen(
                command, cwd=self.folder, stdout=out, stderr=out, stdin=subprocess.DEVNULL,
                env={"HOME": str(self.folder), "PATH": os.environ["PATH"]},
            )  # fmt: skip

    def kill(self) -> None:
        """As the power going: nothing is written any more."""
        if self.process is not None:
            self.process.kill()
            self.process.wait(30)
            self.process = None

    def pause(self) -> None:
        """From now on it holds its connections and says nothing."""
        os.kill(self.pid, signal.SIGSTOP)

    def resume(self) -> None:
        os.kill(self.pid, signal.SIGCONT)

    def said(self) -> str:
        """The end of what it logged."""
        return (self.folder / "out.log").read_text("utf-8", "replace")[-4000:]


@dataclass
class Cluster:
    """Nodes that found each other."""

    nodes: list[Node] = field(default_factory=list)

    @property
    def urls(self) -> tuple[str, ...]:
        return tuple(node.url for node in self.nodes)

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        node: Node | None = None,
        wait: float = 30,
    ) -> Any:
        """What a node says: this one, or the first that runs. Raises OSError, and HTTPError for what it refuses."""
        at = node or next(one for one in self.nodes if one.process is not None)
        data = None if body is None else json.dumps(body).encode()
        asked = urllib.request.Request(
            at.url + path, data, {"content-type": "application/json"}, method=method
        )
        with closing(urllib.request.urlopen(asked, timeout=wait)) as answer:
            said = answer.read()
        return json.loads(said) if said else None

    def wait(
        self, count: int | None = None, status: str = "green", *, within: float = _WAIT
    ) -> None:
        """Until `count` nodes (all that run) are one cluster of at least this status. Raises AssertionError with what they logged."""
        count = count or sum(node.process is not None for node in self.nodes)
        deadline = time.monotonic() + within
        path = f"/_cluster/health?wait_for_nodes={count}&wait_for_status={status}&timeout=2s"
        said: object = None
        while time.monotonic() < deadline:
            try:
                said = self.ask("GET", path, wait=10)
                if not said["timed_out"]:
                    return
            except urllib.error.HTTPError as error:
                said = error
            except OSError as error:
                said = error
                for node in self.nodes:
                    if node.process is not None and node.process.poll() is not None:
                        raise AssertionError(f"{node.name} ended:\n{node.said()}") from error
                time.sleep(0.1)
        logs = "\n".join(f"-- {node.name}\n{node.said()}" for node in self.nodes)
        raise AssertionError(
            f"no {status} cluster of {count} nodes within {within} s: {said}\n{logs}"
        )

    def manager(self) -> Node:
        """The elected one."""
        name = self.ask("GET", "/_cat/cluster_manager?format=json")[0]["node"]
        return next(node for node in self.nodes if node.name == name)


@contextmanager
def nodes(
    count: int = 1,
    *,
    heap: str = "512m",
    voters: int = 0,
    settings: Mapping[str, Any] | None = None,
    options: Sequence[str] = QUICK,
    place: Path | None = None,
) -> Iterator[Cluster]:
    """`count` nodes with data, and `voters` without, as one cluster, ready; ended and removed in any case.

    `settings` are lines of opensearch.yml for all. `place` is a folder to keep their files in; without one they are in memory, where a
    cluster's many small writes wait for no disk, or in a temporary folder when there is no room.
    """
    with ExitStack() as ending:
        if place is None:
            roomy = IN_MEMORY.is_dir() and shutil.disk_usage(IN_MEMORY).free > ROOM
            folder = tempfile.TemporaryDirectory(
                prefix="casereviews-nodes-",
                dir=IN_MEMORY if roomy else open_to_all(),
                ignore_cleanup_errors=True,
            )
            place = Path(ending.enter_context(folder))
        place.chmod(0o755)
        ports = _free_ports(2 * (count + voters))
        names = [f"n{number}" for number in range(1, count + voters + 1)]
        cluster = Cluster()
        for at, name in enumerate(names):
            http, transport = ports[2 * at : 2 * at + 2]
            own: dict[str, Any] = {
                "cluster.name": "casereviews",
                "node.name": name,
                "network.host": "127.0.0.1",
                "http.port": http,
                "transport.port": transport,
                "discovery.seed_hosts": [f"127.0.0.1:{port}" for port in ports[1::2]],
                "cluster.initial_cluster_manager_nodes": names,
                "path.data": str(place / name / "data"),
                "path.logs": str(place / name / "logs"),
                # The disk of a machine of tests may be as full as it likes.
                "cluster.routing.allocation.disk.threshold_enabled": False,
                **(settings or {}),
            }
            if at >= count:
                own["node.roles"] = ["cluster_manager"]
            sized = (f"-Xms{heap}", f"-Xmx{heap}") if at < count else ("-Xms160m", "-Xmx160m")
            node = Node(name, place / name, http, transport, own, (*sized, *options))
            ending.callback(node.kill)
            cluster.nodes.append(node)
        for node in cluster.nodes:
            node.start()
        cluster.wait()
        yield cluster


def _free_ports(count: int) -> list[int]:
    """Ports of loopback that are free now, of the kernel's choice."""
    with ExitStack() as held:
        probes = [
            held.enter_context(closing(socket.create_server(("127.0.0.1", 0))))
            for _ in range(count)
        ]
        return [probe.getsockname()[1] for probe in probes]


if __name__ == "__main__":
    lay_out(Path(sys.argv[1]).resolve())
