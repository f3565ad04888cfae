"""What may be asked, and what may be said? The values that are read from a content folder, checked.

All judgement about the files is made when they are loaded (`load.py`): what is here needs no check later.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

INTENTS, SAFETY, EXAMPLES, ANSWERS = "intents.yaml", "safety.yaml", "safety", "answers"
ORDINARY = "ordinary"
"""The label of an example that is no sign."""
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
    source: str = ""
    """Where it comes from, as it is shown: the words of the file for its section, or the section's heading."""


@dataclass(frozen=True, slots=True)
class Intent:
    """One thing people want to know."""

    name: str
    answer: str
    """The ref of the answer that it leads to."""
    phrasings: tuple[str, ...]
    """Ways of asking for it; templates are expanded, and the answer's title is the first."""
    topic: str
    """What it is about. "" for none."""
    aspects: tuple[str, ...]
    """Which sides of the topic: "how long?" after an answer on redness is the intent of the two."""
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
    booking: str = ""
    """Where an appointment is made: an address on the web."""


@dataclass(frozen=True, slots=True)
class Sign:
    """One thing to look out for: a red flag, a life in danger, or what a clinician must answer."""

    name: str
    tier: str
    text: str
    """The anchor in `answers/safety.md` of what is said."""
    source: str
    """Who published that it is a sign."""
    unless: tuple[str, ...]
    """What may speak against its phrases; all six kinds where the file names none."""
    phrases: tuple[str, ...]
    """What always raises it, whatever is learned: the floor."""
    alone: tuple[str, ...]
    """What raises it where a message says nothing else."""


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence that somebody wrote."""

    text: str
    label: str
    """The tier that it stands under, or "ordinary"; of what is held out, "violence" and "medical" too."""
    sign: str
    """The sign that it stands under; "" for what is ordinary or held out."""


@dataclass(frozen=True, slots=True)
class Shares:
    """How many harmless messages may be taken for a sign, each as a share from 0 to 1."""

    alarm: float = 0.005
    careful: float = 0.03
    """Those that alarm are among them."""
    clinician: float = 0.03


@dataclass(frozen=True, slots=True)
class SafetyRules:
    """All of `safety.yaml` and `safety/`, of which any file may be missing."""

    max_length: int = 2000
    """The longest message that is read, in characters."""
    shares: Shares = Shares()
    words_alone: Shares = Shares()
    """The same where there is no encoder: words by themselves tell less."""
    evidence: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """What may speak against a phrase: plain phrases, by kind."""
    signs: tuple[Sign, ...] = ()
    """The most pressing first."""
    examples: tuple[Example, ...] = ()
    """What is learned from."""
    held_out: tuple[Example, ...] = ()
    """What is never learned from, and sets how sure a reading must be."""

    def find_lack(self) -> str:
        """Say what is not there for likeness to examples to be told, so that phrases alone are heard; "" if all is."""
        if all(example.label == ORDINARY for example in self.examples):
            return f"{EXAMPLES}/ holds no example of danger"
        if all(example.label != ORDINARY for example in self.held_out):
            return f"{EXAMPLES}/held_out.yaml holds no ordinary sentence to measure likeness by"
        return ""


@dataclass(frozen=True, slots=True)
class Recovery:
    """How somebody is known who has had the treatment, and what is offered to them."""

    said: tuple[str, ...] = ()
    """Plain phrases that say it was had."""
    topics: tuple[str, ...] = ()
    """What is offered from then on, before anything else."""


@dataclass(frozen=True, slots=True)
class Content:
    """All that was read from the files, checked."""

    clinic: Clinic
    intents: Mapping[str, Intent]
    """By name: those with an answer from the article, and small talk, which leads to a text in `bot.md`."""
    topics: Mapping[str, tuple[str, ...]]
    """What intents are about: topic -> the words that name it, the plain one first."""
    aspects: Mapping[str, tuple[str, ...]]
    """Which side of a topic is asked: aspect -> ways of asking for it that name no topic, the plain one first."""
    otherwise: Mapping[str, str]
    """The intent that an aspect means where none of the last topics has it."""
    recovery: Recovery
    out_of_scope: Mapping[str, tuple[str, ...]]
    """Phrasings by topic; the name begins with OUT_OF_SCOPE."""
    for_people: frozenset[str]
    """Subjects out of scope that only the clinic's people can deal with: whoever asks gets their details at once."""
    refusals: Mapping[str, str]
    """The text of `bot.md` or `safety.md` that is said to a subject out of scope, where it has one of its own."""
    answers: Mapping[str, Answer]
    """By ref, with the clinic's details filled in."""
    with_contact: frozenset[str]
    """Refs of the answers that the contact line must follow."""
    safety: SafetyRules
    synonyms: tuple[tuple[str, ...], ...]
    """Words and expressions of one meaning; the first of each is the plain one."""
    qualifiers: Mapping[str, tuple[str, ...]]
    """Words that change what a question means, by group: a match whose phrasing lacks them is not the question's."""

    def is_ordinary(self, intent: str) -> bool:
        """Say whether a name is that of an intent which leads to an answer from the article."""
        return intent in self.intents and bool(self.answers[self.intents[intent].answer].section)


def find_folder(folder: Path | None = None) -> Path:
    """Find a content folder; without a name, the content that ships.

    A wheel carries it inside the package, a checkout has it at the top.
    """
    carried = PACKAGE / "shipped"
    return folder or (carried if carried.is_dir() else PACKAGE.parent)
