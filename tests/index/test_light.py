"""Searching stays light: none of the heavy libraries is loaded."""

import subprocess
import sys
from pathlib import Path

CODE = """
import sys
sys.path.insert(0, {tests!r})
from pathlib import Path
from made import HOME, document, indexed
indexed(Path(sys.argv[1]), [document("a", "unsafe sleep")])
for name in [n for n in sys.modules if n.split(".")[0] in ("index", "whoosh")]:
    pass
from casereviews.index.search import open_index
searcher = open_index(Path(sys.argv[1]), HOME)
assert searcher.search("sleep* OR LAC", filters={{"scope": ["child"]}}).total == 1
heavy = {{"scrapy", "twisted", "sqlalchemy", "numpy", "lxml", "pypdfium2", "alembic", "rich", "click", "opensearchpy", "psycopg", "boto3"}}
print(sorted(heavy & set(sys.modules)))
"""


def test_searching_loads_no_scrapy_twisted_sqlalchemy_numpy_or_client_of_a_server(tmp_path):
    code = CODE.format(tests=str(Path(__file__).parent))
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_whoosh_is_imported_without_a_web_client_and_the_real_one_still_works():
    code = (
        "import sys, casereviews.index.search\n"
        "assert not {'urllib.request', 'ssl', 'http.client'} & set(sys.modules)\n"
        "import urllib.request\n"
        "print(callable(urllib.request.urlopen))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "True"
