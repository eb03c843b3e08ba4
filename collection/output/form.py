"""What a form of output says of itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from casereviews.collection.output.answer import Answer


@dataclass(frozen=True, slots=True)
class Form:
    """A form of output, asked for by `--name`.

    `help` ends "Print ...". `of` says which verbs offer it: "rows" those with rows or records, "records" those whose records are
    hits or reviews, "" those that name it. `render` gives the text piece by piece: lines that the printer ends, or with
    `ends_lines` pieces that end themselves. `streamed`: no more than one record is needed at a time. `cites`: the best pages of
    a hit are given with its review. `abstracts`: an abstract of the report's own sentences is given too. `extension` is that of a file of it.
    """

    name: str
    help: str
    of: str
    extension: str
    render: Callable[[Answer], Iterator[str]]
    streamed: bool = False
    cites: bool = False
    ends_lines: bool = False
    abstracts: bool = False

    @property
    def parameter(self) -> str:
        """The name of its option as a parameter of a verb."""
        return f"as_{self.name.replace('-', '_')}"

    def text(self, answer: Answer) -> str:
        """The whole as the text of a file."""
        end = "" if self.ends_lines else "\n"
        return "".join(piece + end for piece in self.render(answer))
