"""Which words does a text hold? Text goes in, words come out; what they mean to an intent is no business of this file.

The same words must come out of a phrasing and of the question that repeats it in other dress: contracted or spelt out,
with or without greeting, British or American, singular or plural.
"""

import re
from collections.abc import Iterator, Sequence

from bot.english import ASKED_OF, ENDINGS, ORDINAL, POLITE, SHORTHAND, STOP
from bot.text import normalise

LONGEST_WORD = 40
"""Letters of the longest word that is looked at by its letters; a longer one is no word, or many run together."""

_TOKEN = re.compile(
    r"(?P<word>\d+[.,]\d+(?:/10)?|\d+/10(?!\d)|[^\W_]+(?:['@$][^\W_]+)*(?:\$(?!\w))?)|(?P<comma>[,/()+|])"
)
_PIECES = re.compile(r"\d+|[^\W\d_]+")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?(?:/10)?")


def find_tokens(text: str) -> Iterator[tuple[str, bool]]:
    """Give what a normalised text holds between spaces and marks, and whether a comma stands before it."""
    after_comma = False
    for found in _TOKEN.finditer(text):
        if word := found["word"]:
            yield word, after_comma
        after_comma = not word


def split_words(text: str) -> list[str]:
    """Give the words of a text in order, contractions spelt out.

    >>> split_words("What's my Balance? I can't see it")
    ['what', 'is', 'my', 'balance', 'i', 'can', 'not', 'see', 'it']
    """
    return [word for token, _ in find_tokens(normalise(text)) for word in spell_out(token)]


def spell_out(token: str) -> list[str]:
    """Write out what was cut short, and part figures from letters.

    >>> spell_out("isn't"), spell_out("what's"), spell_out("clinic's"), spell_out("spf50"), spell_out("2nd")
    (['is', 'not'], ['what', 'is'], ['clinic'], ['spf', '50'], ['2nd'])
    """
    if full := SHORTHAND.get(token):
        return full.split()
    if token.isalpha() or _NUMBER.fullmatch(token) or ORDINAL.fullmatch(token):
        return [token]
    head, mark, tail = token.partition("'")
    if not mark:
        return _PIECES.findall(token)
    if tail == "t" and head.endswith("n"):
        return [head[:-1], "not"]
    if tail == "s":
        return [*spell_out(head), "is"] if head in ASKED_OF else spell_out(head)
    return [*spell_out(head), *([ENDINGS[tail]] if tail in ENDINGS else spell_out(tail))]


def find_spoken(words: Sequence[str]) -> list[int]:
    """Give the places of what is left without greetings, thanks and pauses; all, if the text says nothing else."""
    kept = [
        at
        for at, word in enumerate(words)
        if word not in POLITE and not (word == "you" and at and words[at - 1] == "thank")
    ]
    return kept if any(words[at] not in STOP for at in kept) else list(range(len(words)))


def drop_polite(words: Sequence[str]) -> list[str]:
    """Leave out greetings, thanks and pauses, unless the text says nothing else.

    >>> drop_polite(["hi", "thank", "you", "is", "it", "safe", "please"])
    ['is', 'it', 'safe']
    >>> drop_polite(["thank", "you"])
    ['thank', 'you']
    """
    return [words[at] for at in find_spoken(words)]


def stem(word: str) -> str:
    """Cut a word back to what its forms share; British and American spellings share it too.

    >>> [stem(w) for w in ("charges", "charging", "charged", "charge")]
    ['charg', 'charg', 'charg', 'charg']
    >>> stem("tightening") == stem("tighten"), stem("colour") == stem("colors"), stem("organize") == stem("organised")
    (True, True, True)
    """
    if not 3 < len(word) <= LONGEST_WORD or not word.isascii():
        return word
    word = _cut_plural(word)
    word = _cut_ending(word)
    if len(word) > 4 and word.endswith("e"):
        word = word[:-1]
    if len(word) > 5 and word.endswith("our"):
        word = word[:-3] + "or"
    if word.endswith(("iz", "yz")):
        word = word[:-1] + "s"
    if len(word) > 3 and word.endswith("y"):
        word = word[:-1] + "i"
    return word


def _cut_plural(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes", "zes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def _cut_ending(word: str) -> str:
    for ending in ("ing", "ed", "ly"):
        root = word[: -len(ending)]
        if word.endswith(ending) and len(root) >= 3 and any(vowel in root for vowel in "aeiouy"):
            if root[-1] == root[-2] and root[-1] not in "lsz" and ending != "ly":
                return root[:-1]
            return root
    return word


STOP_STEMS = frozenset(map(stem, STOP)) | STOP
"""The stop words as they look once stemmed."""
