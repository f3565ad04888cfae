"""Does a question hold a word that changes its meaning, and no phrasing of an intent does? Scores do not see it.

"Can I go in the sun before laser" is near to every phrasing with "after", and is another question.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.english import COMPARING
from bot.message import Message
from bot.words import split_words

NEGATION = "not"
LONGEST_NEGATED = 10
"""Words up to which a "not" is taken to govern what is asked; in a story it may govern anything."""
OTHER = "other-"
"""How the name of a group begins whose words make a question one about something else."""
LONGEST_OTHER = 14
"""Words up to which such a word is taken to be what is asked about; a story may only mention it."""


@dataclass(frozen=True, slots=True)
class Qualifiers:
    """The words that change a meaning, by group, and which groups the phrasings of each intent hold."""

    groups: Mapping[str, tuple[str, ...]]
    held: Mapping[str, frozenset[str]]

    def find_missing(self, message: Message, intent: str) -> tuple[str, ...]:
        """Find the groups that a message holds and an intent does not, in the order of their names."""
        words = message.words
        missing = _find_groups(words, self.groups) - self.held.get(intent, frozenset(self.groups))
        if len(words) > LONGEST_NEGATED:
            missing -= {NEGATION}
        if len(words) > LONGEST_OTHER:
            missing = frozenset(name for name in missing if not name.startswith(OTHER))
        return tuple(sorted(missing))


def build_qualifiers(groups: Mapping[str, Iterable[str]], said: Iterable[tuple[str, str]]) -> Qualifiers:
    """Note which groups the phrasings of each intent hold; `said` are the words of each phrasing, and its intent."""
    spelt = {name: tuple(f" {' '.join(split_words(word))} " for word in words) for name, words in groups.items()}
    together: dict[str, list[str]] = {}
    for text, intent in said:
        together.setdefault(intent, []).append(text)
    held = {intent: _find_groups(" ; ".join(texts).split(), spelt) for intent, texts in together.items()}
    return Qualifiers(spelt, held)


def _find_groups(words: Sequence[str], groups: Mapping[str, Iterable[str]]) -> frozenset[str]:
    text = f" {COMPARING.sub('', ' '.join(words))} "
    return frozenset(name for name, wanted in groups.items() if any(word in text for word in wanted))
