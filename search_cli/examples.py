"""An example or two of every command, for the end of its `--help`."""

from __future__ import annotations

from collections.abc import Mapping

import click

EXAMPLES: Mapping[str, tuple[str, ...]] = {
    "demo": ("demo", "--home ~/try-it demo --keep-serving"),
    "refresh": ("refresh --due --budget 4h", "refresh --source hampshire"),
    "add": ("add report.pdf --publisher hampshire --title 'Child X: Serious Case Review'",),
    "search": (
        "search '\"unsafe sleep\" age:under_1' --nation England",
        "search 'infant NEAR/8 bruis*' --year 2018..2024 --log searches.jsonl",
    ),
    "similar": ("similar", "similar < described.txt", "similar hampshire-7k3f9q"),
    "show": ("show hampshire-7k3f9q", "show hampshire-7k3f9q --page 12"),
    "open": ("open hampshire-7k3f9q --page 12", "open hampshire-7k3f9q --web --print"),
    "new": ("new --since 2026-03-01", "new --kind removed --csv"),
    "export": ("export --jsonl > reviews.jsonl", "export neglect --nation Wales --ris > wales.ris"),
    "stats": ("stats --by theme --by year", "stats --by year --within 'unsafe sleep' --svg a.svg"),
    "saved": ("saved add sleep '\"unsafe sleep\"' --nation England", "saved run sleep --new"),
    "saved add": ("saved add sleep '\"unsafe sleep\"' --nation England",),
    "saved list": ("saved list",),
    "saved remove": ("saved remove sleep",),
    "saved run": ("saved run sleep --new", "saved run sleep --ris > sleep.ris"),
    "saved batch": ("saved batch queries.txt --csv > counts.csv",),
    "mark": (
        "mark hampshire-7k3f9q exclude --reason 'no infant'",
        "mark --csv > marks-to-share.csv",
        "mark --flow",
    ),
    "kwic": ("kwic was not brought --nation Wales", "kwic 'start again syndrome' --csv"),
    "sources": ("sources list --coverage", "sources check hampshire"),
    "sources list": ("sources list --nation Wales --family wordpress", "sources list --failing"),
    "sources show": ("sources show hampshire",),
    "sources check": ("sources check hampshire",),
    "sources probe": ("sources probe https://www.example.org/reviews/",),
    "correct": ("correct hampshire-7k3f9q outcome=serious_harm --note 'page 4 says so'",),
    "held": ("held", "held release m7wemyx4gcntz"),
    "held release": ("held release m7wemyx4gcntz",),
    "withdraw": ("withdraw hampshire-7k3f9q --reason 'the board asked'",),
    "rebuild": ("rebuild", "rebuild --index"),
    "status": ("status --failing",),
    "doctor": ("doctor", "doctor --deep", "doctor --repair"),
    "model": ("model show",),
    "model show": ("model show",),
    "model use": ("model use /path/to/all-MiniLM-L6-v2",),
    "model forget": ("model forget",),
    "model fetch": ("model fetch",),
}


def with_examples(command: click.Command, words: str) -> click.Command:
    """The command, and those below it, with their examples after the options."""
    lines = EXAMPLES.get(words, ())
    if lines:
        shown = "\n".join(f"  casereviews {line}" for line in lines)
        command.epilog = f"\b\n{'Example' if len(lines) == 1 else 'Examples'}:\n{shown}"
    if isinstance(command, click.Group):
        for name, inner in command.commands.items():
            with_examples(inner, f"{words} {name}")
    return command
