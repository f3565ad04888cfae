"""Which questions get another reply than at a revision of git? Both are asked: the files of then, and those of now.

Where the revision holds the program too, it is the program of then that answers with the content of then; else the one
of now does.
"""

import io
import json
import os
import subprocess
import sys
import tarfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.content import PACKAGE, Content
from bot.errors import BotError

MOST_ASKED = 2_000
"""Questions that are asked where none are named: phrasings, evenly spread; both programs take some seconds for them."""


@dataclass(frozen=True, slots=True)
class Change:
    """A question, and what was made of it then and now: the kind of the reply and the refs in it."""

    question: str
    then: str
    now: str


def list_questions(content: Content) -> list[str]:
    """Give every title, and phrasings beside them, each once."""
    titles = [answer.title for answer in content.answers.values() if answer.section]
    phrasings = [phrasing for intent in content.intents.values() for phrasing in intent.phrasings]
    phrasings += [phrasing for several in content.out_of_scope.values() for phrasing in several]
    spread = phrasings[:: max(1, -(-len(phrasings) // MOST_ASKED))]
    return list(dict.fromkeys([*titles, *spread]))


def find_changes(revision: str, folder: Path, questions: Sequence[str]) -> Iterator[Change]:
    """Ask the questions of a revision of a content folder and of the folder as it is.

    Raises:
        BotError: the folder is not in git, there is no such revision, or what was there cannot answer.
    """
    top = Path(_git(folder, "rev-parse", "--show-toplevel").decode().strip())
    inside = folder.resolve().relative_to(top.resolve())
    with TemporaryDirectory(prefix="clinic-faq-") as name:
        before = Path(name)
        commit = _git(top, "rev-parse", "--verify", "--end-of-options", f"{revision}^{{commit}}").decode().strip()
        archive = _git(top, "archive", "--format=tar", commit)
        with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
            tar.extractall(before, filter="data")
        program = before if (before / "bot" / "__main__.py").exists() else PACKAGE.parent
        then = _ask_all(program, before / inside, questions)
    now = _ask_all(PACKAGE.parent, folder, questions)
    for question, old, new in zip(questions, then, now, strict=True):
        if old != new:
            yield Change(question, old, new)


def _git(folder: Path, *arguments: str) -> bytes:
    command = ["git", "-C", str(folder), *arguments]
    try:
        done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603 - no shell, and no option of ours
    except OSError:
        raise BotError("clinic-faq: diff needs git, and there is none; install it") from None
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines() or ["it says nothing"]
        raise BotError(f"clinic-faq: git cannot give that revision of {folder}: {said[0]}")
    return done.stdout


def _ask_all(program: Path, folder: Path, questions: Sequence[str]) -> list[str]:
    """Ask a program questions about a content, each by itself."""
    command = [sys.executable, "-m", "bot", "--content", str(folder.resolve()), "ask", "-"]
    lines = "".join(f"{' '.join(question.split())}\n" for question in questions)
    done = subprocess.run(  # noqa: S603 - the program of the working tree, or of a revision that was asked for
        command,
        input=lines.encode(),
        capture_output=True,
        check=False,
        cwd=program,
        env={**os.environ, "PYTHONPATH": str(program)},
    )
    replies = done.stdout.decode().splitlines()
    if done.returncode or len(replies) != len(questions):
        said = done.stderr.decode(errors="replace").strip().splitlines() or ["it says nothing"]
        raise BotError(f"clinic-faq: the content of {folder} cannot be asked: {said[-1]}")
    return [_name(json.loads(reply)) for reply in replies]


def _name(reply: Mapping[str, object]) -> str:
    """Name a reply: its kind, and the refs of what it says."""
    match reply:
        case {"kind": str(kind), "context": {"said": [*said]}}:
            return " ".join([kind, *map(str, said)])
        case _:
            raise BotError("clinic-faq: the program of that revision answers in another shape; name a later one")


def describe(changes: Sequence[Change], asked: int, revision: str) -> Iterator[str]:
    """Give the lines that are shown."""
    for change in changes:
        yield f"{change.question}\n  then: {change.then}\n  now:  {change.now}"
    yield f"{len(changes)} of {asked} questions get another reply than at {revision}."
