"""What does a message say? It is read once, here, into a value that every stage takes; nobody splits it again.

Words cut short are written out, disguises undone, slips put right. Sentences and commas are kept, since what is denied
or asked reaches no further.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from operator import attrgetter
from typing import NamedTuple

from bot.english import SHORTHAND, SYMBOLS
from bot.text import clean, normalise
from bot.vocabulary import Vocabulary
from bot.words import LONGEST_WORD, find_tokens, spell_out, stem

LONGEST = 4_000
"""Letters of the longest text that is read, as typed and once normalised: NFKD makes up to eighteen letters of one."""
MOST_REPAIRS = 60
"""Unknown words, each counted once, that are looked for among the known ones: repairing is the dearest step a word can
need, and a text with more of them is another language, not misspelt."""
MOST_PARTED = 500
"""Letters of a message that are parted into words where they stand without spaces."""


class Word(NamedTuple):
    """One word of a message, as it was understood."""

    text: str
    stem: str
    sentence: int
    """The number of its sentence."""
    after_comma: bool
    typed: str
    """What was typed for it, made comparable; "" for what belongs to the typed word before."""
    known: bool = True
    """Whether the content or the language knows it."""
    sure: float = 1.0
    """How sure the repair is, 0 to 1."""
    repair: tuple[str, str] | None = None
    """The repair that it comes from: as typed, as understood."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message, or a part of one, read."""

    text: str
    """As typed, untouched."""
    length: int
    """Letters as typed, or once normalised, whichever are more. From LONGEST on nothing else is read."""
    sentences: tuple[str, ...] = ()
    """As typed, without what cannot be shown or encoded; character references resolved."""
    spelt: tuple[Word, ...] = ()
    """The words with all that is known of each; what follows is told of them."""
    words: tuple[str, ...] = ()
    """As understood: written out, disguises undone, slips put right."""
    stems: tuple[str, ...] = ()
    sentence: tuple[int, ...] = ()
    """Which of `sentences` each word stands in."""
    commas: frozenset[int] = frozenset()
    """Words that stand after a comma."""
    unknown: tuple[str, ...] = ()
    """Words that neither the content nor the language knows, and no repair explains; each once."""
    repairs: tuple[tuple[str, str], ...] = ()
    """Words as typed and as they were understood: ("swolen", "swollen"); each once."""
    accented: tuple[str, ...] = ()
    """Words as typed that hold other letters than a to z, in lower case: they tell of other languages."""

    @property
    def said(self) -> str:
        """The words, a sentence a line: what turns of phrase are looked for in."""
        return "\n".join(" ".join(self.words[start:end]) for start, end in self.bounds())

    @property
    def mended(self) -> str:
        """What it says, for a reader of meaning: as typed, but in plain words where slips or letters were put right."""
        return " ".join(self.words) if self.words and (self.repairs or not self.text.isascii()) else self.text

    def bounds(self) -> list[tuple[int, int]]:
        """Give the first word of each sentence that holds any, and the word after its last."""
        starts = [at for at in range(len(self.words)) if not at or self.sentence[at] != self.sentence[at - 1]]
        return list(pairwise([*starts, len(self.words)]))

    def part(self, start: int, end: int) -> "Message":
        """Give the words from start to end as a message of their own; a sentence that is not whole is told in words."""
        return self.pick(range(start, end))

    def pick(self, places: Iterable[int]) -> "Message":
        """Give some of the words as a message of their own."""
        kept = [self.spelt[at] for at in places]
        whole = {number: len(list(words)) for number, words in groupby(self.sentence)}
        sentences: list[str] = []
        words: list[Word] = []
        for number, group in groupby(kept, attrgetter("sentence")):
            held = list(group)
            as_typed = len(held) == whole[number]
            sentences.append(self.sentences[number] if as_typed else " ".join(word.text for word in held))
            words += [word._replace(sentence=len(sentences) - 1) for word in held]
        return _make_message(" ".join(sentences), sentences, words)


def join(*messages: Message) -> Message:
    """Give what several messages say, one after the other, as one."""
    sentences: list[str] = []
    words: list[Word] = []
    for message in messages:
        words += [word._replace(sentence=word.sentence + len(sentences)) for word in message.spelt]
        sentences += message.sentences
    return _make_message(" ".join(sentences), sentences, words)


def _make_message(
    text: str, sentences: Sequence[str], words: Sequence[Word], *, length: int = 0, accented: tuple[str, ...] = ()
) -> Message:
    return Message(
        text=text,
        length=length or len(text),
        sentences=tuple(sentences),
        spelt=tuple(words),
        words=tuple([word.text for word in words]),
        stems=tuple([word.stem for word in words]),
        sentence=tuple([word.sentence for word in words]),
        commas=frozenset([at for at, word in enumerate(words) if word.after_comma]),
        unknown=tuple(dict.fromkeys([word.text for word in words if not word.known])),
        repairs=tuple(dict.fromkeys([word.repair for word in words if word.repair])),
        accented=accented,
    )


def read_message(text: str, vocabulary: Vocabulary) -> Message:
    """Read a message, once. One that is longer than LONGEST is not read, and says how long it is."""
    if len(text) > LONGEST:
        return Message(text, len(text))
    sentences = split_sentences(clean(text))
    plain = [normalise(sentence.translate(_SYMBOLS)) for sentence in sentences]
    length = max(len(text), sum(map(len, plain)))
    if length > LONGEST:
        return Message(text, length)
    reader = _Reader(vocabulary, alone=len(text.split()) == 1)
    words = [word for number, sentence in enumerate(plain) for word in reader.read(number, sentence)]
    return _make_message(text, sentences, words, length=length, accented=_find_accented(text))


_SYMBOLS = str.maketrans(SYMBOLS)
_END = re.compile(
    r"(?<=[.!?;:…])\s+|(?<=[!?])(?=\w)|(?<=[^\W\d_]{3}[.;])(?=[^\W\d_]{3})|(?:^|\s+)\(?\d{1,2}\)\s*(?=[^\W\d_])"
)


def split_sentences(text: str) -> list[str]:
    r"""Part a clean text into its sentences.

    >>> split_sentences("No blisters.But it hurts! Ask dr. who at 3.30\nok")
    ['No blisters.', 'But it hurts!', 'Ask dr.', 'who at 3.30', 'ok']
    """
    parts = (part.strip() for line in text.splitlines() for part in _END.split(line))
    return [part for part in parts if part]


def _find_accented(text: str) -> tuple[str, ...]:
    if text.isascii():
        return ()
    words = _LETTERS.findall(unicodedata.normalize("NFKC", text).casefold())
    return tuple(word for word in words if not word.isascii())


_LETTERS = re.compile(r"[^\W\d_]+")
_LEET = str.maketrans("013457@$", "oieastas")
_DOUBLED = re.compile(r"(.)\1")


class _Reader:
    """Reads the sentences of one message; what a word was found to stand for is kept while it is read."""

    def __init__(self, vocabulary: Vocabulary, *, alone: bool) -> None:
        self._vocabulary = vocabulary
        self._alone = alone
        self._found: dict[str, tuple[list[str], float]] = {}
        self._letters = MOST_PARTED

    def read(self, number: int, sentence: str) -> list[Word]:
        """Read a normalised sentence."""
        typed = [
            word for token, after_comma in find_tokens(sentence) for word in self._write_out(token, number, after_comma)
        ]
        words: list[Word] = []
        rest = iter(range(len(typed)))
        for at in rest:
            word = typed[at]
            after = typed[at + 1].text if at + 1 < len(typed) and not typed[at + 1].after_comma else ""
            if self._is_parted(word.text, after):
                next(rest)
                words += self._replace(word, [word.text + after], f"{word.text} {after}")
            else:
                words += self._take(word)
        return words

    def _write_out(self, token: str, number: int, after_comma: bool) -> list[Word]:  # noqa: FBT001 - as it was found
        if token.isalpha() and token not in SHORTHAND:
            return [Word(token, self._root(token), number, after_comma, token)]
        if plain := self._undo_leet(token):
            return [Word(plain, self._root(plain), number, after_comma, token, repair=(token, plain))]
        texts = spell_out(token)
        only_parted = len(texts) > 1 and token.split("'") == texts
        typed = texts if only_parted else [token] + [""] * (len(texts) - 1)
        return [
            Word(text, self._root(text), number, after_comma and not at, typed[at]) for at, text in enumerate(texts)
        ]

    def _root(self, word: str) -> str:
        return self._vocabulary.stems.get(word) or stem(word)

    def _undo_leet(self, token: str) -> str:
        """Give the word that figures stand for letters in; "" where they are figures ("day5") or give no word."""
        if token.isalpha() or len(token) > LONGEST_WORD:
            return ""
        plain = token.translate(_LEET)
        if not plain.isalpha() or token.isdecimal() or len(plain) < 3:
            return ""
        inside = token.strip("0123456789$@")
        if len(inside) < len(token) and self._vocabulary.holds(inside):
            return ""
        knows = self._vocabulary.holds if inside.isalpha() else self._vocabulary.knows
        return plain if knows(plain) else ""

    def _is_parted(self, word: str, after: str) -> bool:
        """Say whether two words are one that was parted ("sun block"): one of them is no word by itself."""
        stems = self._vocabulary.stems
        return bool(after) and (word not in stems or after not in stems) and word + after in stems

    def _take(self, word: Word) -> list[Word]:
        """Take a word as it is, or put it right."""
        text = word.text
        if text not in self._found and (word.repair or self._vocabulary.knows(text)):
            return [word]
        if text not in self._found:
            self._found[text] = self._repair(text)
        texts, sure = self._found[text]
        if not texts:
            return [word._replace(known=not text.isalpha())]
        return self._replace(word, texts, text, sure)

    def _replace(self, word: Word, texts: list[str], typed: str, sure: float = 1.0) -> list[Word]:
        """Put the words that it stands for in the place of a word."""
        first = word._replace(sure=sure, repair=(typed, " ".join(texts)))
        others = first._replace(typed="", after_comma=False)
        return [(others if at else first)._replace(text=text, stem=self._root(text)) for at, text in enumerate(texts)]

    def _repair(self, word: str) -> tuple[list[str], float]:
        """Give the words that an unknown one stands for, and how sure that is; no words where there are none."""
        speller = self._vocabulary.speller
        if not (word.isascii() and word.isalpha()) or len(self._found) >= MOST_REPAIRS:
            return [], 1.0
        if len(word) <= LONGEST_WORD:
            if (single := _DOUBLED.sub(r"\1", word)) in self._vocabulary.stems:
                return [single], 1.0
            if near := speller.find_nearest(word):
                return [near[0][0]], near[0][1]
        self._letters -= len(word)
        return (speller.part(word, alone=self._alone) if self._letters >= 0 else []), 1.0
