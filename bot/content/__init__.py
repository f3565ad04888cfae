"""What may be asked, and what may be said? The values that are read from a content folder, checked.

All judgement about the files is made when they are loaded (`load.py`): what is here needs no check later.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

INTENTS, SAFETY, ANSWERS = "intents.yaml", "safety.yaml", "answers"
PACKAGE = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True)
class Answer:
    """One curated text."""

    ref: str
    """`costs.md#area`: the file in `answers/`, and the anchor."""
    title: str
    """The question that it answers, as it is shown to the reader."""
    section: str
    """The heading of the article's section that it comes from; "" for what the bot says about itself."""
    text: str
    """Markdown: paragraphs, lists, emphasis, strong, links."""


@dataclass(frozen=True, slots=True)
class Intent:
    """One thing people want to know."""

    name: str
    answer: str
    """The ref of the answer that it leads to."""
    phrasings: tuple[str, ...]
    """Ways of asking for it; templates are expanded, and the answer's title is the first."""
    topic: str
    """What it is about; a follow-up like "how long?" is looked up among the intents of one topic. "" for none."""
    next: tuple[str, ...]
    """Refs of the answers that a reader is likely to want next; at most two."""


@dataclass(frozen=True, slots=True)
class Clinic:
    """The clinic's details, as they are shown; "" where not filled in."""

    emergency: str
    """The emergency numbers, for the urgent texts."""
    helplines: str
    """Whom to call in a crisis."""
    name: str = ""
    phone: str = ""
    email: str = ""
    hours: str = ""
    address: str = ""
    website: str = ""


@dataclass(frozen=True, slots=True)
class Sign:
    """One thing to look out for."""

    name: str
    tier: str
    said: tuple[str, ...]
    """Patterns; the grammar stands at the top of `safety.yaml`."""
    unless: tuple[str, ...]
    """Which of the SILENCERS hold for it."""
    needs: tuple[str, ...]
    """Families of which the message must hold one word each, wherever it stands."""
    without: tuple[str, ...]
    """Families of which the sentence may hold no word."""


@dataclass(frozen=True, slots=True)
class SafetyRules:
    """All of `safety.yaml`."""

    max_length: int
    """The longest message that is read, in characters."""
    reach: int
    """How many words may stand between the two sides of a `+`."""
    qualifiers: Mapping[str, tuple[str, ...]]
    """Words that change what a question means, by group: a match whose phrasing lacks them is not the question's."""
    shorthand: Mapping[str, str]
    """How words are cut short in chat, and what they stand for."""
    ordinary: frozenset[str]
    """Words that are spelt right, however near they come to a sign."""
    look_alikes: frozenset[str]
    """Words that only begin like a sign."""
    evidence: Mapping[str, tuple[str, ...]]
    """Phrases by family; there is one family for each name of EVIDENCE."""
    families: Mapping[str, tuple[str, ...]]
    """Phrases by family: what a clinician would call the same thing."""
    signs: tuple[Sign, ...]


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


def find_folder(folder: Path | None = None) -> Path:
    """Find a content folder; without a name, the content that ships.

    A wheel carries it inside the package, a checkout has it at the top.
    """
    carried = PACKAGE / "shipped"
    return folder or (carried if carried.is_dir() else PACKAGE.parent)
