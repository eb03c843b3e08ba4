"""The demo's sheet that was coded by hand, with the ids that its reviews have in a home: what `agree` reads.

    casereviews --home HOME demo
    python -m benchmarks.coding HOME > sheet.csv
    casereviews --home HOME agree sheet.csv

`coded_by_hand/demo.csv` names a review by the path of its report's address: every home mints ids of its own. It was drawn with
`sample --n 40 --by year,nation --seed 17`; `coded_by_hand/coder_notes.md` is how its coder read the codebook.
"""

from __future__ import annotations

import argparse
import csv
import sys
from pathlib import Path
from urllib.parse import urlsplit

from casereviews import Collection

CODED = Path(__file__).parent / "coded_by_hand" / "demo.csv"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("home", type=Path)
    with Collection(parser.parse_args().home) as collection:
        ids = {
            urlsplit(one.url).path: review.review_id
            for review in collection.reviews()
            for one in review.documents
            if one.url
        }
    with CODED.open(encoding="utf-8", newline="") as file:
        rows = [
            {"review_id": ids.get(row.pop("path"), "not-in-this-home"), **row}
            for row in csv.DictReader(file)
        ]
    writer = csv.DictWriter(sys.stdout, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)


if __name__ == "__main__":
    main()
