"""Where in a message do the words of a family stand? A family that is made of others is found after them.

A family is what a clinician would call the same thing. The grammar of its phrases: `blister*` any ending; `..` up to
three words between; `4-30` a number in that range; `<eye>` any phrase of that family; `|` the end of a sentence, or a
comma; `^` the beginning of a sentence. What a place means is no business of this file.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from heapq import heappop, heappush

from bot.content import SafetyRules
from bot.signs.typed import Dictionary, Typed, build_dictionary, read_words, split_words

GAP = 3
"""How many words `..` may stand for."""

Phrase = tuple[str, ...]
"""The elements of a phrase; ".." is the gap."""
Span = tuple[int, int]
"""First word, and the word after the last."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One message, read."""

    words: tuple[str, ...]
    sentence: tuple[int, ...]
    """The number of each word's sentence."""
    comma: frozenset[int]
    """Words that stand after a comma."""
    places: Mapping[str, tuple[Span, ...]]
    """Where each family stands, in order; families that do not occur are not in it."""

    def at(self, family: str) -> tuple[Span, ...]:
        """Give the places of a family."""
        return self.places.get(family, ())

    def text(self, spans: Iterable[Span]) -> str:
        """Give the words of some places, as they were understood."""
        return " ... ".join(" ".join(self.words[start:end]) for start, end in sorted(set(spans)))


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All phrases, ready to be found."""

    names: tuple[str, ...]
    """The families, parts before wholes: a family stands after those it is made of."""
    by_key: Mapping[str, str]
    """The phrases that a place of their key makes worth looking for, one a line: number of the family, elements.

    The key is the element of a phrase that is least likely to occur: where it is not found, the phrase is not. There
    are ten thousand phrases, of which a message needs a few: they stay text, which loads at once, until they are.
    """
    words: frozenset[str]
    """Words that are looked for as they are."""
    ranges: tuple[tuple[str, float, float], ...]
    look_alikes: frozenset[str]
    """Words that only begin like one that is looked for."""
    dictionary: Dictionary
    idioms: int
    """The number of the family that is taken out of a message before anything else is looked for."""


def build_lexicon(families: Mapping[str, tuple[str, ...]], rules: SafetyRules, *, idioms: str) -> Lexicon:
    """Compile families of phrases; `idioms` names the family that is taken out of a message first."""
    split = {name: [_elements(text) for text in families[name]] for name in _parts_first(families, idioms)}
    uses = Counter(element for texts in split.values() for text in texts for element in text)
    by_key: dict[str, list[str]] = {}
    for number, texts in enumerate(split.values()):
        for text in texts:
            by_key.setdefault(_choose_key(text, uses), []).append(" ".join((str(number), *text)))
    plain = {e for e in uses if e[0] != "<" and e not in _MARKS and not _RANGE.fullmatch(e)}
    words = frozenset(e for e in plain if not e.endswith("*"))
    stems = frozenset(e[:-1] for e in plain if e.endswith("*"))
    return Lexicon(
        names=tuple(split),
        by_key={key: "\n".join(phrases) for key, phrases in by_key.items()},
        words=words,
        ranges=tuple((e, float(r[1]), float(r[2])) for e in uses if (r := _RANGE.fullmatch(e))),
        look_alikes=rules.look_alikes,
        dictionary=build_dictionary(words, stems, rules.shorthand, rules.ordinary | rules.look_alikes),
        idioms=list(split).index(idioms),
    )


def _elements(text: str) -> Phrase:
    """Split one phrase into its elements; its words are made comparable like those of a message."""
    elements: list[str] = []
    for part in text.split():
        if part in _MARKS or part.startswith("<") or _RANGE.fullmatch(part):
            elements.append(part)
            continue
        words = split_words(part.rstrip("*"))
        elements += [*words[:-1], words[-1] + "*" * part.endswith("*")] if words else []
    return tuple(elements)


def _choose_key(phrase: Phrase, uses: Mapping[str, int]) -> str:
    """Choose the key: what few phrases use is taken to be rare in messages too."""
    return min(phrase, key=lambda e: (e in _MARKS, e.startswith("<"), uses[e], -len(e)))


def _parts_first(families: Mapping[str, tuple[str, ...]], first: str) -> list[str]:
    order: dict[str, None] = {}

    def visit(name: str) -> None:
        if name in order:
            return
        for phrase in families[name]:
            for below in _REFERENCE.findall(phrase):
                visit(below)
        order[name] = None

    for name in (first, *families):
        visit(name)
    return list(order)


def read(message: str, lexicon: Lexicon) -> Reading:
    """Read one message."""
    typed = read_words(message, lexicon.dictionary)
    before = _find_words(typed, lexicon)
    _find_families(before, lexicon, last=lexicon.idioms)
    idioms = {i for start, end in before.get(f"<{lexicon.names[lexicon.idioms]}>", ()) for i in range(start, end)}
    typed = Typed(tuple("" if i in idioms else w for i, w in enumerate(typed.words)), typed.sentence, typed.comma)
    places = _find_words(typed, lexicon)
    _find_families(places, lexicon, last=len(lexicon.names))
    named = {name[1:-1]: tuple(spans) for name, spans in places.items() if name[0] == "<"}
    return Reading(typed.words, typed.sentence, typed.comma, named)


def _find_words(typed: Typed, lexicon: Lexicon) -> dict[str, list[Span]]:
    """Find where each word, stem and number stands, and where sentences begin and end."""
    words, sentence = typed.words, typed.sentence
    begins = [i for i in range(len(words)) if i == 0 or sentence[i] != sentence[i - 1]]
    ends = sorted({*begins[1:], *typed.comma, len(words)})
    places: dict[str, list[Span]] = {"^": [(i, i) for i in begins], "|": [(i, i) for i in ends]}
    for i, word in enumerate(words):
        for name in _names(word, lexicon):
            places.setdefault(name, []).append((i, i + 1))
    return places


def _names(word: str, lexicon: Lexicon) -> list[str]:
    """Give the elements that a word can stand for."""
    names = [word] if word in lexicon.words else []
    begins = [len(word)] if word in lexicon.look_alikes else range(3, len(word) + 1)
    names += [word[:end] + "*" for end in begins if word[:end] in lexicon.dictionary.stems]
    value = _NUMBERS.get(word) or (float(word.replace(",", ".")) if _NUMBER.fullmatch(word) else 0.0)
    return names + [name for name, low, high in lexicon.ranges if low <= value <= high] if value else names


def _find_families(places: dict[str, list[Span]], lexicon: Lexicon, *, last: int) -> None:
    """Find where each family up to `last` stands, parts before wholes, by the phrases whose key was found."""
    waiting: dict[int, list[Phrase]] = {}
    order: list[int] = []

    def wake(key: str) -> None:
        for line in lexicon.by_key.get(key, "").splitlines():
            family, *phrase = line.split(" ")
            number = int(family)
            if number > last:
                return
            if number not in waiting:
                waiting[number] = []
                heappush(order, number)
            waiting[number].append(tuple(phrase))

    for key in list(places):
        wake(key)
    while order:
        number = heappop(order)
        spans = {span for phrase in waiting[number] if _can_stand(phrase, places) for span in _spans(phrase, places)}
        if spans:
            name = f"<{lexicon.names[number]}>"
            places[name] = sorted(spans)
            wake(name)


def _can_stand(phrase: Phrase, places: Mapping[str, list[Span]]) -> bool:
    return all(element in places or element == ".." for element in phrase)


def _spans(phrase: Phrase, places: Mapping[str, list[Span]]) -> set[Span]:
    """Find the places of one phrase: each element must begin where the one before ends, or within a gap."""
    first, *rest = phrase
    spans = set(places.get(first, ()))
    slack = 0
    for element in rest:
        if element == "..":
            slack = GAP
            continue
        starts: dict[int, list[int]] = {}
        for start, end in places[element]:
            starts.setdefault(start, []).append(end)
        spans = {(a, far) for a, b in spans for near in range(b, b + slack + 1) for far in starts.get(near, ())}
        slack = 0
    return spans


_MARKS = frozenset({"..", "|", "^"})
_UP_TO_SEVENTEEN = (
    *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven"),
    *("twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen"),
)
_NUMBERS = {word: float(value) for value, word in enumerate(_UP_TO_SEVENTEEN, 1)} | {
    "couple": 2.0,
    "few": 3.0,
    "several": 4.0,
}
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_RANGE = re.compile(r"(\d+(?:\.\d+)?)-(\d+(?:\.\d+)?)")
_REFERENCE = re.compile(r"<([a-z_-]+)>")
