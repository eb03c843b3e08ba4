"""Every verb of the command line where names are missing: `python verbs.py FOLDER` prints how each ended, as JSON.

Each is a process of its own under the regime that this one is under. A verb that is not in RUNS is told as not run.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
import urllib.request
from pathlib import Path

from casereviews.search_cli.main import VERBS
from tests.crawler.faults import LIST
from tests.crawler.server import Site
from tests.test_stop_moments import routes

PROGRAM = (sys.executable, "-c", "from casereviews.search_cli.program import run; run()")
WATCHDOG = 300  # seconds: what hangs is ended, and told as ended
RUNS: dict[str, tuple[str, ...]] = {
    "refresh": ("refresh --source barnmoor",),
    "add": ("add {folder}/more.html --publisher Barnmoor --nation England",),
    "search": ("search *", "search * --facets --json", "search zebra"),
    "similar": ("similar --text fire", "similar {review}"),
    "show": ("show {review}", "show {document}", "show {review} --why"),
    "open": ("open {review} --print",),
    "new": ("new", "new --atom"),
    "export": ("export * --csv", "export * --ris", "export * --jsonl"),
    "briefing": ("briefing kettle", "briefing kettle --json"),
    "stats": ("stats --by year", "stats --quality"),
    "themes": ("themes list",),
    "saved": ("saved add one kettle", "saved list", "saved run one", "saved remove one"),
    "mark": ("mark {review} include", "mark", "mark --flow"),
    "sample": ("sample --n 1 --seed 1 --to {folder}/coding",),
    "agree": ("agree {folder}/coded.csv --differences",),
    "methods": ("methods", "methods --json"),
    "kwic": ("kwic kettle",),
    "sources": ("sources list", "sources show barnmoor", "sources check barnmoor"),
    "correct": ("correct {review} outcome=death --note p1", "correct --list"),
    "corrections": ("corrections",),
    "held": ("held",),
    "status": ("status", "status --json"),
    "doctor": ("doctor --deep", "doctor --repair"),
    "model": ("model show",),
    "completion": ("completion bash --print",),
    "backup": ("backup {folder}/copies", "backup {folder}/copies"),
    "migrate": ("migrate --remove-old",),
    "withdraw": ("withdraw {review} --reason asked --yes",),
    "rebuild": ("rebuild", "rebuild --index", "rebuild --everything"),
    "restore": (
        "--home {folder}/second restore {folder}/copies",
        "--home {folder}/second search *",
    ),
    "demo": ("--home {folder}/demo demo",),
    "serve": (),
}
"""The verbs, and what is run of each in this order; `serve` is asked by `served`."""


def ran(*arguments: str) -> tuple[int, str, str]:
    done = subprocess.run(
        [*PROGRAM, *arguments], capture_output=True, encoding="utf-8", timeout=WATCHDOG, check=False
    )
    return done.returncode, done.stdout, done.stderr


def served(home: Path) -> tuple[int, str]:
    """The status of the first page of `serve`, and what it complained of."""
    with subprocess.Popen(
        [*PROGRAM, "--home", str(home), "serve"], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        encoding="utf-8",
    ) as server:  # fmt: skip
        ending = threading.Timer(WATCHDOG, server.kill)
        ending.start()
        assert server.stdout is not None
        assert server.stderr is not None
        try:
            found = None
            while found is None and (line := server.stdout.readline()):
                found = re.search(r"http://\S+", line)
            if found is None:
                return 0, server.stderr.read()
            opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
            with opener.open(found.group(), timeout=WATCHDOG) as answer:
                status = answer.status
            server.send_signal(signal.SIGINT)
            return status, server.stderr.read()
        finally:
            server.kill()
            ending.cancel()


def main() -> None:
    folder = Path(sys.argv[1])
    home = folder / "home"
    home.mkdir()
    site = Site(routes())
    (home / "sources.toml").write_text(
        '[[source]]\nid = "barnmoor"\npublisher = "Barnmoor"\nnation = "UK-wide"\nnational = true\n'
        'family = "listing"\nscope = "child"\nstatus = "verified"\n'
        f'start_urls = ["{site.url}{LIST}"]\nhosts = ["{site.host}"]\n'
    )
    (folder / "more.html").write_text(
        "<h1>Child G: Serious Case Review</h1><p>This fictional review speaks of a kettle in the kitchen.</p>"
    )
    (folder / "coded.csv").write_text("review_id,outcome\nbarnmoor-1,death\n", "utf-8")
    os.environ |= {"CASEREVIEWS_HOME": str(home), "CASEREVIEWS_CONTACT": "trial@example.org"}
    known = {"folder": str(folder), "review": "none", "document": "none"}
    codes: dict[str, list[int]] = {}
    trouble: list[str] = []
    for verb, lines in RUNS.items():
        for line in lines:
            code, out, err = ran(*line.format_map(known).split(" "))
            codes.setdefault(verb, []).append(code)
            if code not in (0, 1) or "Traceback" in err:
                trouble.append(f"{line}: {code}: {err[-2000:]}")
            if verb == "search" and "--json" in line and code == 0:
                hit = json.loads(out)["hits"][0]
                known |= {"review": hit["review_id"], "document": hit["document_id"]}
    site.close()
    status, complaint = served(home)
    codes["serve"] = [status]
    if status != 200 or "Traceback" in complaint:
        trouble.append(f"serve: {status}: {complaint[-2000:]}")
    print(
        json.dumps({"codes": codes, "trouble": trouble, "not run": sorted(set(VERBS) - set(codes))})
    )


if __name__ == "__main__":
    main()
