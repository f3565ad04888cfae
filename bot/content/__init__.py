"""What may be asked, and what may be said? `intents.yaml`, `safety.yaml` and `answers/` become one checked Content.

All judgement about the files is made in this package, once: what has loaded needs no check later. Every fault is
reported, not only the first, each as `file:line: what is wrong, and what would be right`.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.content.answers import ANSWERS, Answer, read_answers
from bot.content.clinic import Clinic, read_clinic
from bot.content.intents import Intent, IntentReader, read_synonyms, read_topics
from bot.content.safety_rules import SafetyRules, read_safety
from bot.content.source import Place, Source
from bot.errors import ContentError

INTENTS, SAFETY = "intents.yaml", "safety.yaml"
PACKAGE = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True)
class Content:
    """All that was read from the files, checked."""

    clinic: Clinic
    intents: Mapping[str, Intent]
    """By name: those with an answer from the article, and small talk, which leads to a text in `bot.md`."""
    topics: Mapping[str, tuple[str, ...]]
    """What intents are about: topic -> the words that name it, the plain one first."""
    out_of_scope: Mapping[str, tuple[str, ...]]
    """Phrasings by topic; the name begins with OUT_OF_SCOPE."""
    answers: Mapping[str, Answer]
    """By ref, with the clinic's details filled in."""
    with_contact: frozenset[str]
    """Refs of the answers that the contact line must follow."""
    safety: SafetyRules
    synonyms: tuple[tuple[str, ...], ...]
    """Words and expressions of one meaning; the first of each is the plain one."""

    def is_ordinary(self, intent: str) -> bool:
        """Say whether a name is that of an intent which leads to an answer from the article."""
        return intent in self.intents and bool(self.answers[self.intents[intent].answer].section)


def load_content(folder: Path | None = None) -> Content:
    """Read and check a content folder; without one, the content that ships with the package.

    Raises:
        ContentError: with every problem that was found.
    """
    source = Source(folder or _shipped())
    if not source.folder.is_dir():
        missing = Place(str(source.folder), 0)
        source.fault(missing, "there is no such folder; name one that holds intents.yaml, safety.yaml and answers/")
        raise ContentError(source.problems)
    content = _read_content(source)
    if source.problems:
        raise ContentError(source.problems)
    return content


def _shipped() -> Path:
    """Find the content: a wheel carries it inside the package, a checkout has it at the top."""
    carried = PACKAGE / "shipped"
    return carried if carried.is_dir() else PACKAGE.parent


def _read_content(source: Source) -> Content:
    root = source.read_yaml(INTENTS)
    known = ("clinic", "synonyms", "topics", "intents", "out_of_scope")
    table = source.table(root, INTENTS, known=known, required=("clinic", "intents")) if root else {}
    clinic = read_clinic(table.get("clinic"), source)
    answers = read_answers(clinic, source)
    topics = read_topics(table.get("topics"), source)
    reader = IntentReader(answers, topics, source)
    intents = reader.read_intents(table.get("intents"))
    out_of_scope = reader.read_out_of_scope(table.get("out_of_scope"))
    rules = source.read_yaml(SAFETY)
    if rules is None:
        raise ContentError(source.problems)
    return Content(
        clinic=clinic,
        intents=intents,
        topics=topics,
        out_of_scope=out_of_scope,
        answers=answers.by_ref,
        with_contact=answers.with_contact,
        safety=read_safety(rules, source),
        synonyms=read_synonyms(table.get("synonyms"), source),
    )


def make_digest(folder: Path | None = None) -> str:
    """Give the SHA-256 of a content folder's files, in hex: the same for the same content, wherever it stands."""
    folder = folder or _shipped()
    whole = hashlib.sha256()
    for path in (folder / INTENTS, folder / SAFETY, *sorted((folder / ANSWERS).glob("*.md"))):
        if path.is_file():
            text = path.read_bytes()
            whole.update(f"{path.name} {len(text)}\n".encode() + text)
    return whole.hexdigest()
