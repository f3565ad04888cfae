"""Is the content in order? Every fault with its place, or a line that says what was checked."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from bot.content import Content, SafetyRules
from bot.content.examples import TIERS
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
    """Say what was checked, and how danger is heard."""
    phrasings = sum(len(intent.phrasings) for intent in content.intents.values())
    phrasings += sum(map(len, content.out_of_scope.values()))
    checked = f"{len(content.intents)} intents, {phrasings} phrasings, {len(content.answers)} answers checked."
    return f"No problems: {checked}\n{_tell_danger(content.safety)}"


def _tell_danger(rules: SafetyRules) -> str:
    told = f"Danger is heard by the {sum(len(sign.phrases) for sign in rules.signs)} phrases of safety.yaml"
    count = f"{len(rules.examples):,} sentences of safety/"
    if lack := rules.find_lack():
        exact = f", and the {count} word for word" if rules.examples else ""
        return f"{told} alone{exact}: {lack}."
    missing = [tier for tier in TIERS if not any(example.label == tier for example in rules.examples)]
    none = f"; it holds none of {', '.join(missing)}" if missing else ""
    return f"{told}, and by likeness to the {count}{none}."
