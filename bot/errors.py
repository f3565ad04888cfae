"""What can go wrong? Every error raised on purpose is here; a traceback of any other kind is a bug in our code.

BotError
├── ContentError      the content cannot be used; carries every Problem found, not only the first
└── ContextError      what was handed back as a context is none
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One fault in the content."""

    path: str
    """The file, as seen from the content folder: `answers/costs.md`."""
    line: int
    """Counted from 1; 0 where the fault has no line (a file that is not there)."""
    message: str
    """What is wrong, and what would be right."""

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else self.path
        return f"{place}: {self.message}".replace("\n", r"\n")  # one line, whatever is quoted


class BotError(Exception):
    """The base of every error of this package."""


class ContentError(BotError):
    """The content has problems. `problems` holds all of them, in the order of file and line."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(map(str, self.problems)))


class ContextError(BotError):
    """What was handed back as a context is none; the message says which value, and what it must be."""
