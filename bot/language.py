"""Is this English? Asked before any matching: a fuzzy match on a foreign sentence is an answer to nobody's question.

Words of grammar give a language away within a few words, where a statistical detector needs a sentence and megabytes.
"""

import unicodedata

from bot.english import EITHER, FOREIGN, LOAN_WORDS, SPEAKING
from bot.message import Message


def is_english(message: Message) -> bool:
    """Say whether a message can be read as English; what is too short to tell can."""
    words = [word.typed for word in message.spelt if any(letter.isalpha() for letter in word.typed)]
    if _is_other_script(message, len(words)):
        return False
    foreign = sum(word in FOREIGN for word in words)
    if foreign and not _speaks_english(message):
        return False
    foreign += sum(word not in LOAN_WORDS for word in message.accented)
    english = sum(word in SPEAKING for word in words)
    return foreign < 2 or foreign <= english or foreign < len(words) / 4


def _speaks_english(message: Message) -> bool:
    """Say whether any word is known that is not a word of another language too."""
    return any(
        word.known and not word.repair and len(word.typed) > 1 and word.typed not in FOREIGN | EITHER
        for word in message.spelt
    )


def _is_other_script(message: Message, words: int) -> bool:
    """Say whether most words hold no Latin letter; one Cyrillic letter in a Latin word is a disguise, no language."""
    whole = sum(
        not any(unicodedata.name(letter, "").startswith("LATIN") for letter in word) for word in message.accented
    )
    return 2 * whole > words
