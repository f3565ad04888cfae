"""Is this message more than an ordinary question? A red flag, a crisis or a personal medical matter raises an Alert.

Each sign that is found stands unless there is evidence against that very sign: it is denied, asked about in general,
over, somebody else's, or of another cause. What plays a sign down is no evidence, and nothing outside safety.yaml
counts: no score, no earlier turn. The most pressing sign decides.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.content import SafetyRules, Sign
from bot.phrases import Lexicon, Reading, Span, build_lexicon, read


class Tier(StrEnum):
    """How pressing it is; the most pressing first."""

    CRISIS = "crisis"
    EMERGENCY = "emergency"
    TODAY = "today"
    CLINICIAN = "clinician"


@dataclass(frozen=True, slots=True)
class Alert:
    """What the safety rules found."""

    tier: Tier
    sign: str
    """The name of the sign in `safety.yaml`."""
    words: str
    """The words of the message that show it, as they were understood: with slips of the keyboard put right."""

    @property
    def ref(self) -> str:
        """Which curated text is said."""
        return f"safety.md#{self.tier}"

    @property
    def kind(self) -> str:
        """What the reply is: crisis, urgent or clinician."""
        return "urgent" if self.tier in (Tier.EMERGENCY, Tier.TODAY) else str(self.tier)


@dataclass(frozen=True, slots=True)
class Pattern:
    """One way in which a sign shows: phrases that stand near each other, and phrases that stand anywhere."""

    near: tuple[str, ...]
    anywhere: tuple[str, ...]
    shown: frozenset[int]
    """Which of them are the sign itself; the others only tell that it is reported."""
    key: str
    """The smallest of its families: where it is not found, the pattern is not."""


@dataclass(frozen=True, slots=True)
class Safety:
    """The rules, compiled."""

    max_length: int
    reach: int
    lexicon: Lexicon
    signs: tuple[Sign, ...]
    """The most pressing first; within a tier, in the order of the file."""
    patterns: Mapping[str, tuple[tuple[int, Pattern], ...]]
    """The patterns that the presence of a family makes worth looking at, each with the number of its sign."""


def build_safety(rules: SafetyRules) -> Safety:
    """Compile the rules."""
    families = dict(rules.evidence) | dict(rules.families)
    signs = sorted(rules.signs, key=lambda sign: list(Tier).index(Tier(sign.tier)))
    patterns: dict[str, list[tuple[int, Pattern]]] = {}
    for number, sign in enumerate(signs):
        for said in sign.said:
            pattern = _compile_pattern(said, rules, families)
            patterns.setdefault(pattern.key, []).append((number, pattern))
    lexicon = build_lexicon(families, rules.shorthand, rules.ordinary, idioms="idioms")
    by_key = {key: tuple(found) for key, found in patterns.items()}
    return Safety(rules.max_length, rules.reach, lexicon, tuple(signs), by_key)


def _compile_pattern(said: str, rules: SafetyRules, families: dict[str, tuple[str, ...]]) -> Pattern:
    near, *anywhere = said.split("&")
    names = [_name(part, families) for part in (*near.split("+"), *anywhere)]
    shown = frozenset(i for i, name in enumerate(names) if name not in rules.evidence)
    here = len(names) - len(anywhere)
    key = min(names, key=lambda name: len(families[name]))
    return Pattern(tuple(names[:here]), tuple(names[here:]), shown, key)


def _name(part: str, families: dict[str, tuple[str, ...]]) -> str:
    """Give the family that stands for one part of a pattern; a bare phrase becomes a family of its own."""
    part = " ".join(part.split())
    if part.startswith("<") and part.endswith(">") and part.count("<") == 1:
        return part[1:-1]
    families.setdefault(f"={part}", (part,))
    return f"={part}"


def find_alert(question: str, safety: Safety) -> Alert | None:
    """Look for the most pressing sign in the whole of a message."""
    reading = read(question, safety.lexicon)
    view = _View(reading, safety.reach)
    for number, pattern in _worth_looking_at(reading, safety):
        sign = safety.signs[number]
        if hit := view.find_standing(sign, pattern):
            return Alert(Tier(sign.tier), sign.name, reading.text(hit))
    return None


def _worth_looking_at(reading: Reading, safety: Safety) -> list[tuple[int, Pattern]]:
    """Give the patterns of which the smallest family occurs, those of the most pressing sign first."""
    found = [entry for family in reading.places for entry in safety.patterns.get(family, ())]
    return sorted(found, key=lambda entry: entry[0])


class _View:
    """What the evidence in one message says about each sign."""

    def __init__(self, reading: Reading, reach: int) -> None:
        self._reading = reading
        self._reach = reach
        self._clause = _number_clauses(reading)
        self._through = _covered(reading.at("denied_through"))
        self._empty = _covered(reading.at("denies_nothing"))
        self._denying = _covered(reading.at("denies")) - self._empty
        self._asks = [ask for ask in reading.at("asks") if not _overlaps(ask, reading.at("asks_nothing"))]
        self._known: dict[tuple[str, Span], bool] = {}
        self._checks: dict[str, Callable[[Span], bool]] = {
            "denied": self._is_denied,
            "asked": self._is_asked,
            "over": self._is_over,
            "past": self._is_past,
            "others": self._is_of_others,
            "elsewhere": self._is_elsewhere,
        }

    def find_standing(self, sign: Sign, pattern: Pattern) -> tuple[Span, ...]:
        """Give a place where a sign shows and no evidence speaks against it; () if there is none."""
        places = self._reading.places
        if not all(part in places for part in (*pattern.near, *pattern.anywhere)):
            return ()
        if not all(self._has(need) for need in sign.needs):
            return ()
        near = [self._standing(part, i in pattern.shown, sign) for i, part in enumerate(pattern.near)]
        return next(self._near(near, ()), ()) if all(near) else ()

    def _standing(self, part: str, is_sign: bool, sign: Sign) -> list[Span]:
        """Give the places of one part of a pattern that count."""
        spans = self._reading.at(part)
        return [span for span in spans if not (is_sign and self._speaks_against(span, sign))]

    def _speaks_against(self, span: Span, sign: Sign) -> bool:
        return any(self._speaks(name, span) for name in sign.unless) or any(
            self._in_sentence(family, span) for family in sign.without
        )

    def _speaks(self, name: str, span: Span) -> bool:
        if (name, span) not in self._known:
            self._known[name, span] = self._checks[name](span)
        return self._known[name, span]

    def _has(self, family: str) -> bool:
        if family == "own":
            asked = self._reading.at("asks")
            return any(not _overlaps(own, asked) for own in self._reading.at("own"))
        return bool(self._reading.at(family))

    def _near(self, parts: list[list[Span]], hit: tuple[Span, ...]) -> Iterator[tuple[Span, ...]]:
        """Give the places of all parts that stand near each other, in any order."""
        if not parts:
            yield hit
            return
        for span in parts[0] if not hit else self._around(parts[0], hit[-1]):
            if not _overlaps(span, hit):
                yield from self._near(parts[1:], (*hit, span))

    def _around(self, spans: list[Span], other: Span) -> Iterator[Span]:
        first = bisect_left(spans, (other[0] - self._reach - 6, 0))
        for span in spans[first:]:
            if span[0] > other[1] + self._reach:
                return
            near = span[0] - other[1] <= self._reach and other[0] - span[1] <= self._reach
            if near and self._clause[span[0]] == self._clause[other[0]]:
                yield span

    def _is_denied(self, span: Span) -> bool:
        """Is it said not to be there? "No" governs what follows it in one list, and nothing after that."""
        words, empty, denying = self._reading.words, self._empty, self._denying
        i = span[0] - 1
        while i >= 0 and self._reading.sentence[i] == self._reading.sentence[span[0]]:
            if i + 1 in self._reading.comma and not self._in_list(i + 1):
                break
            if i in denying:
                return True
            if i in empty or not (i in self._through or (words[i] == "and" and self._ends(span[1]))):
                break
            i -= 1
        after = span[1]
        return (
            after in denying
            and not self._ends(after)
            and after not in self._reading.comma
            and self._ends(after + 1)
            and self._same_sentence(after, span)
        )

    def _in_list(self, start: int) -> bool:
        """Does a list go on from here to an "or"?"""
        words = self._reading.words
        for i in range(start, len(words)):
            if words[i] in ("or", "nor", "neither"):
                return True
            if i not in self._through:
                return False
        return False

    def _ends(self, i: int) -> bool:
        """Does a sentence, or a part of it, end before this word?"""
        words, sentence = self._reading.words, self._reading.sentence
        return (
            i >= len(words)
            or i in self._reading.comma
            or sentence[i] != sentence[i - 1]
            or self._clause[i] != self._clause[i - 1]
        )

    def _is_asked(self, span: Span) -> bool:
        """Is it asked or imagined in general, with nothing between that tells of one's own skin?"""
        asks = [ask for ask in self._asks if ask[0] < span[0] and ask[1] <= span[1]]
        asks = [
            ask for ask in asks if self._clause[ask[0]] == self._clause[span[0]] and span[0] - ask[1] <= 2 * self._reach
        ]
        own = self._reading.at("tells")
        if any(not any(ask[1] <= tale[0] <= span[0] for tale in own) for ask in asks[-1:]):
            return True
        after = [
            ask
            for ask in self._reading.at("asks_after")
            if ask[0] >= span[1] and self._same_sentence(ask[0], span) and ask[0] - span[1] <= self._reach
        ]
        told = any(self._same_sentence(tale[0], span) and not _overlaps(tale, self._reading.at("asks")) for tale in own)
        return bool(after) and not told

    def _is_over(self, span: Span) -> bool:
        """Has it gone?"""
        still = (*self._reading.at("not_yet_over"), *self._reading.at("denies"))
        for over in self._reading.at("over"):
            near = 0 <= over[0] - span[1] <= self._reach and self._clause[over[0]] == self._clause[span[0]]
            if near and not any(over[0] - 3 <= s[0] < over[1] and s[0] >= span[0] - 3 for s in still):
                return True
        for over in self._reading.at("over_before"):
            if (
                0 <= span[0] - over[1] <= 2
                and self._clause[over[0]] == self._clause[span[0]]
                and not any(0 <= over[0] - s[1] <= 2 for s in still)
            ):
                return True
        return False

    def _is_past(self, span: Span) -> bool:
        """Was it long ago?"""
        return self._in_sentence("past", span) and not self._in_sentence("present", span)

    def _is_of_others(self, span: Span) -> bool:
        """Is it what happened to somebody else, once?"""
        tellers = [
            other for other in self._reading.at("others") if other[1] <= span[0] and self._same_sentence(other[0], span)
        ]
        if not tellers or self._in_sentence("bystander", span) or self._in_sentence("present", span):
            return False
        since = tellers[-1][0]
        return not any(
            since <= own[0] <= span[1] + 3 for own in self._reading.at("self") if self._same_sentence(own[0], span)
        )

    def _is_elsewhere(self, span: Span) -> bool:
        """Is it of another cause, with no word of the treatment?"""
        return self._in_sentence("elsewhere", span) and not self._in_sentence("treated", span)

    def _in_sentence(self, family: str, span: Span) -> bool:
        return any(self._same_sentence(other[0], span) for other in self._reading.at(family))

    def _same_sentence(self, i: int, span: Span) -> bool:
        return self._reading.sentence[i] == self._reading.sentence[span[0]]


def _number_clauses(reading: Reading) -> list[int]:
    """Give each word the number of its clause: a part of a sentence between words like "but"."""
    breaks = {start for start, _ in reading.at("breaks")}
    numbers: list[int] = []
    for i, sentence in enumerate(reading.sentence):
        new = i > 0 and (i in breaks or sentence != reading.sentence[i - 1])
        numbers.append((numbers[-1] if numbers else 0) + new)
    return numbers


def _covered(spans: tuple[Span, ...]) -> frozenset[int]:
    return frozenset(i for start, end in spans for i in range(start, end))


def _overlaps(span: Span, others: tuple[Span, ...]) -> bool:
    return any(span[0] < end and start < span[1] for start, end in others)
