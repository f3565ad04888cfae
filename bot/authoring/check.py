"""Is the content in order? Every fault with its place, or a line that says what was checked."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from bot.content import Content
from bot.content.load import load_content
from bot.errors import ContentError, Problem


def find_problems(folder: Path | None) -> tuple[Content | None, tuple[Problem, ...]]:
    """Read a content folder: the content if it is in order, the problems if it is not."""
    try:
        return load_content(folder), ()
    except ContentError as error:
        return None, error.problems


def name_problems(problems: tuple[Problem, ...], folder: Path | None) -> Iterator[str]:
    """Give a line for each problem, its file named so that an editor opens it from here."""
    for problem in problems:
        inside = folder is not None and problem.path != str(folder)
        path = str(folder / problem.path) if folder and inside else problem.path
        yield str(replace(problem, path=path))


def summarise(content: Content) -> str:
    """Say what was checked."""
    phrasings = sum(len(intent.phrasings) for intent in content.intents.values())
    phrasings += sum(map(len, content.out_of_scope.values()))
    return (
        f"No problems: {len(content.intents)} intents, {phrasings} phrasings, {len(content.answers)} answers checked."
    )
