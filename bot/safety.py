"""Is this message more than an ordinary question? A red flag, a crisis or a personal medical matter raises an Alert.

Each sign that is found stands unless there is evidence against that very sign: it is denied, asked about in general,
over, somebody else's, or of another cause. What plays a sign down is no evidence, and nothing outside safety.yaml
counts: no score, no earlier turn. The most pressing sign decides.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from bot.content import SafetyRules, Sign
from bot.signs.evidence import Evidence, overlaps
from bot.signs.phrases import Lexicon, Reading, Span, build_lexicon, read


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


class Pattern(NamedTuple):
    """One way in which a sign shows: phrases that stand near each other, and phrases that stand anywhere.

    There are thousands; a tuple loads fastest.
    """

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
    lexicon = build_lexicon(families, rules, idioms="idioms")
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
    search = _Search(reading, Evidence(reading, reach=safety.reach), safety.reach)
    for number, pattern in _worth_looking_at(reading, safety):
        sign = safety.signs[number]
        if found := search.find(sign, pattern):
            return Alert(Tier(sign.tier), sign.name, reading.text(found))
    return None


def tells_of_body(message: str, safety: Safety) -> bool:
    """Tell whether a message speaks of somebody's own body, now, whatever it says of it."""
    return _tells(read(message, safety.lexicon))


def suspect(message: str, safety: Safety) -> Alert | None:
    """Take what is told of a treated body for a sign, though no rule knows it; None where it is told calmly.

    For messages that ask nothing: somebody who only tells what they see after a treatment should be seen.
    """
    reading = read(message, safety.lexicon)
    treated = reading.at("treated") or reading.at("since-laser")
    told = reading.at("tells") or reading.at("since-laser") or reading.at("present")
    if not (told and treated and _tells(reading)) or reading.at("calm") or reading.at("elsewhere"):
        return None
    return Alert(Tier.TODAY, "told-of-treated-skin", reading.text(treated[:1]))


def _tells(reading: Reading) -> bool:
    return bool(reading.at("own")) and any(reading.at(family) for family in ("symptom", "part", "wound"))


def _worth_looking_at(reading: Reading, safety: Safety) -> list[tuple[int, Pattern]]:
    """Give the patterns of which the smallest family occurs, those of the most pressing sign first."""
    found = [entry for family in reading.places for entry in safety.patterns.get(family, ())]
    return sorted(found, key=lambda entry: entry[0])


@dataclass(frozen=True, slots=True)
class _Search:
    """The search for signs in one message."""

    reading: Reading
    evidence: Evidence
    reach: int

    def find(self, sign: Sign, pattern: Pattern) -> tuple[Span, ...]:
        """Give the places where a sign shows and no evidence speaks against it; () if there are none."""
        if not all(part in self.reading.places for part in (*pattern.near, *pattern.anywhere)):
            return ()
        if not all(self._has(need) for need in sign.needs):
            return ()
        parts = [
            [span for span in self.reading.at(part) if i not in pattern.shown or self._stands(span, sign)]
            for i, part in enumerate(pattern.near)
        ]
        return next(self._together(parts, ()), ())

    def _has(self, need: str) -> bool:
        return self.evidence.is_told(need) if need == "own" else need in self.reading.places

    def _stands(self, span: Span, sign: Sign) -> bool:
        """Tell whether nothing speaks against a sign at this place."""
        silenced = any(self.evidence.speaks_against(span, silencer) for silencer in sign.unless)
        return not silenced and not any(self.evidence.is_in_sentence(family, span) for family in sign.without)

    def _together(self, parts: list[list[Span]], found: tuple[Span, ...]) -> Iterator[tuple[Span, ...]]:
        """Give the places of all parts that stand near each other, in any order."""
        if not parts:
            yield found
            return
        for span in self._around(parts[0], found[-1]) if found else parts[0]:
            if not overlaps(span, found):
                yield from self._together(parts[1:], (*found, span))

    def _around(self, spans: list[Span], other: Span) -> Iterator[Span]:
        """Give the places within reach of another one, in its clause."""
        clause = self.evidence.clause
        for span in spans[bisect_left(spans, (other[0] - self.reach - LONGEST, 0)) :]:
            if span[0] > other[1] + self.reach:
                return
            if other[0] - span[1] <= self.reach and clause[span[0]] == clause[other[0]]:
                yield span


LONGEST = 16
"""Words that the longest phrase can cover: how far back a place can begin that ends within reach."""
