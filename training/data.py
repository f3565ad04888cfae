"""What does the encoder learn from? The examples of danger and the phrasings of what is asked, as rows of one kind."""

import re
from dataclasses import dataclass

from bot.content import ORDINARY, Content
from bot.examples import label
from bot.knowledge import pair_phrasings
from bot.matching.confidence import is_tried

_END = re.compile(r"(?<=[.!?;\n])\s+")


@dataclass(frozen=True, slots=True)
class Row:
    """A text to learn from."""

    text: str
    label: str
    """A tier, "violence" or "ordinary"."""
    intent: str = ""
    """What it asks for; "" for what is only held against danger, and for phrasings that the confidence is fitted on."""


def make_rows(content: Content) -> list[Row]:
    """Give all that is learned from, in the order of the files.

    Every sentence of an ordinary story is ordinary itself: read by itself it must alarm nobody.
    """
    rows = [Row(example.text, label(example)) for example in content.safety.examples]
    rows += [Row(part, ORDINARY) for row in rows if row.label == ORDINARY for part in split_story(row.text)]
    rows += [Row(phrasing, ORDINARY, "" if is_tried(phrasing) else name) for phrasing, name in pair_phrasings(content)]
    return list({row.text: row for row in reversed(rows)}.values())[::-1]


def split_story(text: str) -> list[str]:
    """Give the sentences of a text that has several, of three words and more."""
    parts = [part.strip() for part in _END.split(text) if len(part.split()) > 2]
    return parts if len(parts) > 1 else []
