"""What did the writer mean to type? Words cut short are written out, and slips of the keyboard put right.

A word that is known, or begins as a known one may, is never touched. Sentences and commas are kept, since what is
denied or asked reaches no further.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import inf

from bot.spelling import Speller
from bot.text import normalise

SHORTEST_REPAIRED = 5
"""Letters from which an unknown word is taken for a misspelt one: "pus" is one slip from "bus", "puss" and "plus"."""
SHORTEST_PARTED = 8
"""Letters from which an unknown word may be several that were run together."""
SHORTEST_JOINED = 9
"""Letters that two words must have together to be taken for one that was parted and misspelt as well."""
SHORTEST_MEAN = 3.0
"""Letters that the parts of a run-together word have in the mean: shorter ones fit into any long word."""
SHORTEST_MEAN_OF_ALL = 2.2
"""The same where a whole message holds no space: then it is no long word."""
MOST_STRAY = 8
"""In a message without spaces, one letter in so many may belong to no word; in one long word, half as many."""
STRAY = 4.0
"""What a letter costs that belongs to no word, where a word costs one to two."""


@dataclass(frozen=True, slots=True)
class Typed:
    """The words of a message, as they were meant."""

    words: tuple[str, ...]
    sentence: tuple[int, ...]
    """The number of each word's sentence."""
    comma: frozenset[int]
    """Words that stand after a comma."""


@dataclass(frozen=True, slots=True)
class Dictionary:
    """The words that can be read."""

    stems: frozenset[str]
    """How words may begin that end in any way."""
    shorthand: Mapping[str, tuple[str, ...]]
    known: frozenset[str]
    """Words that need no repair."""
    forms: frozenset[str]
    """Words and inflections that a misspelt or run-together word may turn out to be."""
    speller: Speller
    longest: int
    """Letters of the longest form."""


def build_dictionary(
    words: frozenset[str], stems: frozenset[str], shorthand: Mapping[str, str], ordinary: Iterable[str]
) -> Dictionary:
    """Make a dictionary of the words that are looked for and those that only must not be changed."""
    short = {word: tuple(full.split()) for word, full in shorthand.items()}
    known = words | set(short) | {part for full in short.values() for part in full} | set(ordinary)
    inflected = {stem + ending for stem in stems if not stem.endswith("e") for ending in ("s", "es", "ed", "ing")}
    inflected |= {stem + ending for stem in stems if stem.endswith("e") for ending in ("s", "d")}
    forms = frozenset(word for word in known | inflected | stems if len(word) >= SHORTEST_REPAIRED)
    # Of two that are as near, a word that was written down is likelier than one that was made, and that than a stem.
    likely = {word: 3 if word in known else 2 if word in inflected else 1 for word in sorted(forms)}
    return Dictionary(stems, short, frozenset(known), forms, Speller(likely), max(map(len, forms), default=0))


def read_words(message: str, dictionary: Dictionary) -> Typed:
    """Read the words of a message."""
    reader = _Reader(dictionary, spaced=len(message.split()) > 1)
    for line in message.splitlines():
        for found in _TOKEN.finditer(normalise(line)):
            reader.take(found["mark"] or "", found["word"] or found["number"] or "")
        reader.take(".", "")
    return reader.repaired()


def split_words(text: str) -> list[str]:
    """Split a text of the content into words like those of a message.

    >>> split_words("Can't see: 7/10")
    ['can', 't', 'see', '7/10']
    """
    return _WORD.findall(normalise(text))


class _Reader:
    """One reading: words are taken as they stand, and put right when all are there."""

    def __init__(self, dictionary: Dictionary, *, spaced: bool) -> None:
        self._dictionary = dictionary
        self._spaced = spaced
        self._words: list[tuple[str, int, bool]] = []
        self._sentence = 0
        self._comma = False

    def take(self, mark: str, word: str) -> None:
        """Take the next mark or word."""
        if mark:
            self._comma = mark in _COMMAS
            self._sentence += not self._comma
            return
        for full in self._in_full(word):
            self._words.append((full, self._sentence, self._comma))
            self._comma = False

    def repaired(self) -> Typed:
        """Give the words, put right."""
        words: list[str] = []
        sentence: list[int] = []
        comma: set[int] = set()
        rest = iter(range(len(self._words)))
        for i in rest:
            word, number, after_comma = self._words[i]
            if after_comma:
                comma.add(len(words))
            following = self._following(i)
            new, used_up = self._put_right(word, following)
            if used_up:
                next(rest)
            if (
                new == [word]
                and words
                and not after_comma
                and sentence[-1] == number
                and self._is_tail(words[-1], word)
            ):
                new = [words.pop() + word]
                sentence.pop()
            words += new
            sentence += [number] * len(new)
        return Typed(tuple(words), tuple(sentence), frozenset(comma))

    def _following(self, i: int) -> str:
        """Give the word that goes on where a word was parted; "" at the end of a sentence or before a comma."""
        if i + 1 == len(self._words):
            return ""
        word, number, after_comma = self._words[i + 1]
        return "" if after_comma or number != self._words[i][1] else word

    def _is_tail(self, before: str, word: str) -> bool:
        return not self._is_known(word) and before + word in self._dictionary.forms

    def _in_full(self, typed: str) -> list[str]:
        """Write out what was cut short: "can't", "im", "she's"."""
        shorthand = self._dictionary.shorthand
        head, mark, tail = typed.partition("'")
        whole = head + tail
        if whole in shorthand and not (mark and whole in _OTHER_WITHOUT_MARK):
            return list(shorthand[whole])
        if tail == "t" and head.endswith("n"):
            return [head[:-1], "not"]
        if tail == "s":
            return [head, "is"] if head in _MAY_BE else [head]
        return [head, *_TAILS.get(tail, (tail,))] if mark else [typed]

    def _put_right(self, word: str, following: str) -> tuple[list[str], bool]:
        """Give the words that a word stands for, and whether the one after it was used up."""
        known, forms = self._dictionary.known, self._dictionary.forms
        if word not in known and following and word + following in forms:
            return [word + following], True
        if self._is_known(word):
            return [word], False
        if near := self._respelt(word):
            return [full for one in near for full in self._in_full(one)], False
        if len(following) > 2 and word.isalpha() and (whole := self._nearest(word + following, SHORTEST_JOINED)):
            return [whole], True
        return [word], False

    def _respelt(self, word: str) -> list[str]:
        """Give the words that an unknown one stands for by itself; an empty list where there are none."""
        plain = word.translate(_LEET)
        if not word.isdigit() and self._is_known(plain):
            return [plain]
        if not word.isalpha():
            return []
        single = _DOUBLED.sub(r"\1", word)
        if single in self._dictionary.known:
            return [single]
        mean = SHORTEST_MEAN if self._spaced else SHORTEST_MEAN_OF_ALL
        if len(word) >= SHORTEST_PARTED and (parted := part(word, self._dictionary, shortest_mean=mean)):
            return parted
        near = self._nearest(word, SHORTEST_REPAIRED)
        return [near] if near else []

    def _is_known(self, word: str) -> bool:
        return word in self._dictionary.known or _is_inflected(word, self._dictionary.stems)

    def _nearest(self, word: str, shortest: int) -> str:
        """Give the known word that a misspelt one stands for; "" where there is none.

        The first letter must be right, or swapped with the second: it is missed in 3 % of misspellings, and "great"
        is no "treat" (Pollock and Zamora 1984).
        """
        if len(word) < shortest:
            return ""
        near = self._dictionary.speller.find_nearest(word)
        return next((known for known, _ in near if known[0] == word[0] or known[:2] == word[1::-1]), "")


def _is_inflected(word: str, stems: frozenset[str]) -> bool:
    """Tell whether a word is a stem with an ending: a short stem with a long one ("pain-killer") is another word."""
    return any(word[:end] in stems and (end > 5 or len(word) - end < 5) for end in range(3, len(word) + 1))


def part(word: str, dictionary: Dictionary, *, shortest_mean: float = SHORTEST_MEAN) -> list[str]:
    """Part words that were run together; an empty list where too much of it would stay unknown.

    The cheapest way through the letters wins: a long word costs least, a stray letter most. `shortest_mean` is how many
    letters the parts must have in the mean.
    """
    best: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, len(word) + 1):
        starts = range(max(0, end - dictionary.longest), end)
        ways = [(best[start][0] + _cost(word[start:end], dictionary), start) for start in starts]
        best.append(min(ways))
    parts: list[str] = []
    end = len(word)
    while end:
        parts.append(word[best[end][1] : end])
        end = best[end][1]
    stray = sum(len(piece) == 1 and piece not in "ia" for piece in parts)
    most = len(word) / (2 * MOST_STRAY if shortest_mean == SHORTEST_MEAN else MOST_STRAY)
    good = len(parts) > 1 and stray <= most and len(word) / len(parts) >= shortest_mean
    return parts[::-1] if good else []


def _cost(piece: str, dictionary: Dictionary) -> float:
    """Give what it costs to take some letters for a word."""
    if len(piece) == 1:
        return 2.0 if piece in "ia" else STRAY
    if piece not in dictionary.known and piece not in dictionary.forms:
        return inf
    return 1.0 if len(piece) > 3 else 1.5


_COMMAS = frozenset({",", "/", "(", ",,"})
_MAY_BE = frozenset(
    {"it", "that", "there", "what", "he", "she", "who", "where", "how", "here", "this", "everything", "something"}
    | {"skin", "face", "neck", "chin", "cheek", "jaw", "eye", "lip", "mouth", "arm", "leg", "area", "patch", "spot"}
    | {"pain", "swelling", "redness", "mark", "lump", "tongue", "throat", "heart", "pulse", "voice", "temperature"}
)
"""Words after which "'s" is "is" and not whose it is."""
_TAILS = {"ve": ("have",), "m": ("am",), "re": ("are",), "ll": ("will",), "d": ("would",)}
_OTHER_WITHOUT_MARK = frozenset({"ill", "well", "were", "shell", "hell", "wed", "shed", "id"})
"""Words that the apostrophe turns into another: "I'll" is not "ill"."""
_DOUBLED = re.compile(r"(.)\1")
_LEET = str.maketrans("013457@$", "oieastas")
_TOKEN = re.compile(
    r"(?P<number>\d+(?:[.,]\d+)?(?:/10)?)"
    r"|(?P<word>[^\W_][^\W_\d@$]*(?:[\d@$]+[^\W\d_]+)*(?:'[^\W\d_]+)?)"
    r"|(?P<mark>[.,;:!?…/(]+)"
)
_WORD = re.compile(r"\d+(?:[.,]\d+)?(?:/10)?|[^\W_]+")
