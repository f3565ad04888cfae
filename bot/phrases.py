"""Where in a message do the words of a family stand? Misspelt, run-together and parted words are found as well.

A message becomes a Reading: its words in order, each with its sentence and clause, and the places of every family.
The grammar of a phrase: `blister*` any ending; `..` up to three words between; `4-30` a number in that range;
`<eye>` any phrase of the family; `|` the end of a sentence, or a comma; `^` the
beginning of a sentence. What a place means is no business of this file.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple
from heapq import heappop, heappush

from bot.spelling import Speller
from bot.text import normalise

GAP = 3
"""How many words `..` may stand for."""
SHORTEST_REPAIRED = 5
"""Letters from which an unknown word is taken for a misspelt one: "pus" is one slip from "bus", "puss" and "plus"."""
SHORTEST_PARTED = 9
"""Letters from which an unknown word may be several that were run together."""

SHORTEST_MEAN = 3.0
"""Letters that the parts of a run-together word have in the mean: shorter ones fit into any long word."""

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
    """Where each family stands; families that do not occur are not in it."""

    def at(self, family: str) -> tuple[Span, ...]:
        """Give the places of a family."""
        return self.places.get(family, ())

    def text(self, spans: Iterable[Span]) -> str:
        """Give the words of some places, as they were understood."""
        return " ... ".join(" ".join(self.words[start:end]) for start, end in sorted(spans))


class Phrase(NamedTuple):
    """A phrase, compiled: the names of its elements; ".." is the gap. There are ten thousand; a tuple loads fastest."""

    elements: tuple[str, ...]
    key: str
    """The element that is least likely to occur: where it is not found, the phrase is not."""
    rest: frozenset[str]
    """The elements that must occur beside the key."""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All phrases, ready to be found."""

    names: tuple[str, ...]
    """The families, parts before wholes: a family stands after those it is made of."""
    by_key: Mapping[str, tuple[tuple[int, Phrase], ...]]
    """The phrases that a place of their key makes worth looking for, each with the number of its family."""
    words: frozenset[str]
    """Words that are looked for as they are."""
    stems: frozenset[str]
    ranges: tuple[tuple[str, float, float], ...]
    shorthand: Mapping[str, tuple[str, ...]]
    ordinary: frozenset[str]
    """Words that are themselves, and neither a slip nor the beginning of a sign."""
    known: frozenset[str]
    """Words that need no repair."""
    forms: frozenset[str]
    """Words and inflections that a misspelt or run-together word may turn out to be."""
    speller: Speller
    idioms: int
    """The number of the family that is taken out of a message before anything else is looked for."""
    longest: int
    """Letters of the longest word."""


def build_lexicon(
    families: Mapping[str, tuple[str, ...]], shorthand: Mapping[str, str], ordinary: Iterable[str], idioms: str
) -> Lexicon:
    """Compile families of phrases; `idioms` names the family that is taken out of a message before the others are looked for."""
    short = {word: tuple(full.split()) for word, full in shorthand.items()}
    split = {name: [_elements(text) for text in families[name]] for name in _parts_first(families, idioms)}
    uses = Counter(element for texts in split.values() for text in texts for element in text)
    by_key: dict[str, list[tuple[int, Phrase]]] = {}
    for number, texts in enumerate(split.values()):
        for text in texts:
            phrase = _compile(text, uses)
            by_key.setdefault(phrase.key, []).append((number, phrase))
    elements = set(uses)
    plain = {e for e in elements if e[0] != "<" and e not in _MARKS and not _RANGE.fullmatch(e)}
    words = frozenset(e for e in plain if not e.endswith("*"))
    stems = frozenset(e[:-1] for e in plain if e.endswith("*"))
    known = words | set(short) | {part for full in short.values() for part in full} | set(ordinary)
    forms = frozenset(w for w in known | {s + end for s in stems for end in _ENDINGS} if len(w) >= SHORTEST_REPAIRED)
    return Lexicon(
        names=tuple(split),
        by_key={key: tuple(phrases) for key, phrases in by_key.items()},
        words=words,
        stems=stems,
        ranges=tuple((e, float(r[1]), float(r[2])) for e in elements if (r := _RANGE.fullmatch(e))),
        shorthand=short,
        ordinary=frozenset(ordinary),
        known=frozenset(known),
        forms=forms,
        speller=Speller(dict.fromkeys(sorted(forms), 1)),
        idioms=list(split).index(idioms),
        longest=max(map(len, forms)),
    )


def _elements(text: str) -> tuple[str, ...]:
    """Split one phrase into its elements; its words are made comparable like those of a message."""
    elements: list[str] = []
    for part in text.split():
        if part in _MARKS or part.startswith("<") or _RANGE.fullmatch(part):
            elements.append(part)
            continue
        star = "*" if part.endswith("*") else ""
        words = _WORD.findall(normalise(part.rstrip("*")))
        elements += words[:-1] + [words[-1] + star] if words else []
    return tuple(elements)


def _compile(elements: tuple[str, ...], uses: Mapping[str, int]) -> Phrase:
    """Choose the key: what few phrases use is taken to be rare in messages too."""
    key = min(elements, key=lambda e: (e in _MARKS, e.startswith("<"), uses[e], -len(e)))
    return Phrase(elements, key, frozenset(elements) - {key, ".."})


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
    words, sentence, comma = _split_message(message, lexicon)
    places = _find_words(words, sentence, comma, lexicon)
    before = dict(places)
    _find_families(before, lexicon, last=lexicon.idioms)
    idioms = {i for start, end in before.get(f"<{lexicon.names[lexicon.idioms]}>", ()) for i in range(start, end)}
    if idioms:
        words = ["" if i in idioms else word for i, word in enumerate(words)]
        places = _find_words(words, sentence, comma, lexicon)
    _find_families(places, lexicon, last=len(lexicon.names))
    named = {name[1:-1]: tuple(spans) for name, spans in places.items() if name[0] == "<"}
    return Reading(tuple(words), tuple(sentence), frozenset(comma), named)


def _find_families(places: dict[str, list[Span]], lexicon: Lexicon, *, last: int) -> None:
    """Find where each family up to `last` stands, parts before wholes, by the phrases whose key was found."""
    waiting: dict[int, list[Phrase]] = {}
    order: list[int] = []

    def wake(key: str) -> None:
        for number, phrase in lexicon.by_key.get(key, ()):
            if number > last:
                return
            if number not in waiting:
                waiting[number] = []
                heappush(order, number)
            waiting[number].append(phrase)

    for key in list(places):
        wake(key)
    while order:
        number = heappop(order)
        spans = {span for phrase in waiting[number] if phrase.rest <= places.keys() for span in _spans(phrase, places)}
        if spans:
            name = f"<{lexicon.names[number]}>"
            places[name] = sorted(spans)
            wake(name)


def _spans(phrase: Phrase, places: Mapping[str, list[Span]]) -> set[Span]:
    first, *rest = phrase.elements
    spans = set(places.get(first, ()))
    slack = 0
    for element in rest:
        if not spans:
            return spans
        if element == "..":
            slack = GAP
            continue
        starts: dict[int, list[int]] = {}
        for start, end in places.get(element, ()):
            starts.setdefault(start, []).append(end)
        spans = {
            (start, far) for start, end in spans for near in range(end, end + slack + 1) for far in starts.get(near, ())
        }
        slack = 0
    return spans


def _find_words(words: list[str], sentence: list[int], comma: set[int], lexicon: Lexicon) -> dict[str, list[Span]]:
    """Find where each word, stem and number stands, and where sentences begin and end."""
    begins = [i for i in range(len(words)) if i == 0 or sentence[i] != sentence[i - 1]]
    ends = sorted({*begins[1:], *comma, len(words)})
    places: dict[str, list[Span]] = {"^": [(i, i) for i in begins], "|": [(i, i) for i in ends]}
    for i, word in enumerate(words):
        here = (i, i + 1)
        if word in lexicon.words:
            places.setdefault(word, []).append(here)
        for end in () if word in lexicon.ordinary else range(3, min(len(word), lexicon.longest) + 1):
            if word[:end] in lexicon.stems:
                places.setdefault(word[:end] + "*", []).append(here)
        value = _NUMBERS.get(word) or (float(word.replace(",", ".")) if _NUMBER.fullmatch(word) else 0.0)
        if value:
            for name, low, high in lexicon.ranges:
                if low <= value <= high:
                    places.setdefault(name, []).append(here)
    return places


def _split_message(message: str, lexicon: Lexicon) -> tuple[list[str], list[int], set[int]]:
    """Give the words of a message, the sentence of each, and which stand after a comma."""
    words: list[str] = []
    sentence: list[int] = []
    comma: set[int] = set()
    number = 0
    for line in message.splitlines():
        for mark, typed in _tokens(normalise(line)):
            if mark:
                number += mark not in ",/"
                comma.update([len(words)] if mark in ",/" else [])
                continue
            full = _in_full(typed, lexicon)
            words += full
            sentence += [number] * len(full)
        number += 1
    return _repair(words, sentence, comma, lexicon)


def _tokens(text: str) -> list[tuple[str, str]]:
    """Give marks and words, in order: one of each pair is empty."""
    return [(found["mark"] or "", found["word"] or found["number"] or "") for found in _TOKEN.finditer(text)]


def _in_full(typed: str, lexicon: Lexicon) -> list[str]:
    """Write out what was cut short: "can't", "im", "she's"."""
    if typed in lexicon.shorthand:
        return list(lexicon.shorthand[typed])
    head, mark, tail = typed.partition("'")
    if not mark:
        return [typed]
    if (head + tail) in lexicon.shorthand and head + tail not in (
        "ill",
        "well",
        "were",
        "shell",
        "hell",
        "wed",
        "shed",
        "id",
    ):
        return list(lexicon.shorthand[head + tail])
    if tail == "t" and head.endswith("n"):
        return [head[:-1], "not"]
    if tail == "s":
        return [head, "is"] if head in _ARE_IS else [head]
    return [head, *_TAILS.get(tail, (tail,))]


def _repair(
    words: list[str], sentence: list[int], comma: set[int], lexicon: Lexicon
) -> tuple[list[str], list[int], set[int]]:
    """Put right what was misspelt, run together or parted."""
    out: list[str] = []
    where: list[int] = []
    commas: set[int] = set()
    skip = False
    for i, word in enumerate(words):
        if i in comma:
            commas.add(len(out))
        if skip:
            skip = False
            continue
        new = [word]
        if not _is_known(word, lexicon):
            after = words[i + 1] if i + 1 < len(words) and i + 1 not in comma and sentence[i + 1] == sentence[i] else ""
            new, skip = _put_right(word, after, lexicon)
            if (
                out
                and where[-1] == sentence[i]
                and len(out) not in commas
                and new == [word]
                and out[-1] + word in lexicon.forms
            ):
                new = [out.pop() + word]
                where.pop()
        elif (
            i + 1 < len(words)
            and i + 1 not in comma
            and sentence[i + 1] == sentence[i]
            and word not in lexicon.known
            and word + words[i + 1] in lexicon.forms
        ):
            new, skip = [word + words[i + 1]], True
        out += new
        where += [sentence[i]] * len(new)
    return out, where, commas


def _is_known(word: str, lexicon: Lexicon) -> bool:
    return word in lexicon.known or any(
        word[:end] in lexicon.stems for end in range(3, min(len(word), lexicon.longest) + 1)
    )


def _put_right(word: str, after: str, lexicon: Lexicon) -> tuple[list[str], bool]:
    """Give the words that an unknown one stands for, and whether the one after it was used up."""
    plain = word.translate(_LEET)
    if plain != word and not word.isdigit() and _is_known(plain, lexicon):
        return [plain], False
    if not word.isalpha():
        return [word], False
    single = _DOUBLED.sub(r"\1", word)
    if single != word and single in lexicon.known:
        return [single], False
    if after.isalpha() and word + after in lexicon.forms:
        return [word + after], True
    if len(word) >= SHORTEST_PARTED and (parted := part(word, lexicon)):
        return [full for one in parted for full in _in_full(one, lexicon)], False
    if near := _nearest(word, SHORTEST_REPAIRED, lexicon):
        return _in_full(near, lexicon), False
    if after.isalpha() and len(after) > 2 and (near := _nearest(word + after, SHORTEST_PARTED, lexicon)):
        return [near], True
    return [word], False


def _nearest(word: str, shortest: int, lexicon: Lexicon) -> str:
    """Give the known word that a misspelt one stands for; "" where there is none.

    The first letter must be right, or swapped with the second: it is missed in 3 % of misspellings, and "great" is
    no "treat" (Pollock and Zamora 1984).
    """
    if len(word) < shortest:
        return ""
    near = (known for known, _ in lexicon.speller.find_nearest(word) if known[0] == word[0] or known[:2] == word[1::-1])
    return next(near, "")


def part(word: str, lexicon: Lexicon) -> list[str]:
    """Part words that were run together; an empty list where too much of it would stay unknown.

    The cheapest way through the letters wins: a word costs little, and less for each letter; a stray letter costs much.
    """
    best: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, len(word) + 1):
        cheapest = (best[end - 1][0] + 4.0, end - 1)
        for start in range(max(0, end - lexicon.longest), end):
            size = end - start
            if size > 1 or word[start] in "ia":
                price = best[start][0] + (1.0 if size > 3 else 1.5 if size > 1 else 2.0)
                if price < cheapest[0] and _can_stand(word[start:end], lexicon):
                    cheapest = (price, start)
        best.append(cheapest)
    parts: list[str] = []
    end = len(word)
    while end:
        parts.append(word[best[end][1] : end])
        end = best[end][1]
    stray = sum(len(one) == 1 and one not in "ia" for one in parts)
    good = len(parts) > 1 and stray <= len(word) / 20 and len(word) / len(parts) >= SHORTEST_MEAN
    return parts[::-1] if good else []


def _can_stand(piece: str, lexicon: Lexicon) -> bool:
    return piece in lexicon.known or piece in lexicon.forms


_MARKS = frozenset({"..", "|", "^"})
_ENDINGS = ("", "s", "es", "ed", "ing")
_ARE_IS = frozenset(
    {"it", "that", "there", "what", "he", "she", "who", "where", "how", "here", "this", "everything", "something"}
)
_TAILS = {"ve": ("have",), "m": ("am",), "re": ("are",), "ll": ("will",), "d": ("would",)}
_DOUBLED = re.compile(r"(.)\1")
_LEET = str.maketrans("013457@$", "oieastas")
_TOKEN = re.compile(
    r"(?P<number>\d+(?:[.,]\d+)?(?:/10)?)|(?P<word>[^\W_][^\W_\d@$]*(?:[\d@$]+[^\W\d_]+)*(?:'[^\W\d_]+)?)|(?P<mark>[.,;:!?…/(]+)"
)
_WORD = re.compile(r"\d+(?:[.,]\d+)?(?:/10)?|[^\W_]+")
_NUMBERS = dict(
    zip(
        "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen".split(),
        map(float, range(1, 18)),
        strict=True,
    )
) | {"couple": 2.0, "few": 3.0, "several": 4.0}
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_RANGE = re.compile(r"(\d+(?:\.\d+)?)-(\d+(?:\.\d+)?)")
_REFERENCE = re.compile(r"<([a-z_-]+)>")
