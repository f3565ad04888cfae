"""What have people said? The sentences of `safety/`, a file for each tier: examples, and what is held out.

Any of the files may be missing, and all of them: then danger is heard by the phrases of `safety.yaml` alone.
"""

import math
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.content import EXAMPLES, ORDINARY, Example, SafetyRules
from bot.content.source import Source, hint
from bot.content.tree import Items, Node, Place, Table, Text
from bot.text import flatten

TIERS = ("crisis", "emergency", "today", "clinician")
"""The most pressing first."""
HELD_OUT = ("crisis", "violence", "emergency", "medical", "today", "clinician", ORDINARY)
"""What the sentences of `safety/held_out.yaml` are filed under."""
MOST_EXAMPLES = 50_000
"""Sentences in all, eight times what ships: each is learned from."""
_FILES = {label: f"{EXAMPLES}/{label}.yaml" for label in (*TIERS, ORDINARY, "held_out")}
_NO_SENTENCE = frozenset("yes no y n true false on off null none ~".split())
"""What YAML takes for something else elsewhere, and what would raise a sign whenever it is said by itself."""


@dataclass(frozen=True, slots=True)
class _Group:
    """The sentences under one heading of one file."""

    file: str
    name: str
    place: Place
    texts: tuple[Text, ...]


class ExampleReader:
    """One reading of `safety/`: it remembers which sentence stands where."""

    def __init__(self, source: Source, longest: int) -> None:
        self._source = source
        self._longest = longest
        self._claimed: dict[str, tuple[_Group, Place]] = {}
        self._look_round()

    def read_examples(self, signs: Mapping[str, str]) -> tuple[Example, ...]:
        """Read what is learned from; `signs` are names and their tiers, "" where one cannot be told.

        What is ordinary stands under headings of the writer's own.
        """
        found = []
        for label in (*TIERS, ORDINARY):
            for group in self._groups(_FILES[label]):
                if label != ORDINARY and signs:
                    self._check_sign(group, label, signs)
                sign = "" if label == ORDINARY else group.name
                found += [Example(text.value, label, sign) for text in self._keep(group)]
        return tuple(found)

    def read_held_out(self) -> tuple[Example, ...]:
        """Read what is never learned from."""
        found = []
        for group in self._groups(_FILES["held_out"]):
            if group.name not in HELD_OUT:
                wrong = f"'{group.name}' is no heading of this file; write one of {', '.join(HELD_OUT)}"
                self._source.fault(group.place, wrong)
            found += [Example(text.value, group.name, "") for text in self._keep(group)]
        return tuple(found)

    def check_held_out(self, held_out: tuple[Example, ...], rules: SafetyRules) -> None:
        """Note where there are too few to measure a share by: of fewer, not one could be taken for a sign."""
        there = sum(example.label == ORDINARY for example in held_out)
        least = min(min(s.alarm, s.careful, s.clinician) for s in (rules.shares, rules.words_alone))
        needed = math.ceil(round(1 / least, 6))
        if there < needed:
            wrong = f"{there} sentences stand under '{ORDINARY}', and a share of {100 * least:g} in a hundred"
            told = f"{wrong} is measured by {needed:,} or more; add some, or raise the share in safety.yaml"
            self._source.fault(Place(_FILES["held_out"], 0), told)

    def _look_round(self) -> None:
        """Note what looks like a file of sentences, and would not be read."""
        folder = self._source.folder / EXAMPLES
        if os.path.lexists(folder) and not folder.is_dir():
            self._source.fault(Place(EXAMPLES, 0), "this is no folder; put the files with sentences in one")
            return
        names = sorted(path.name for path in folder.glob("*") if path.suffix.lower() in (".yaml", ".yml"))
        for name in names:
            if f"{EXAMPLES}/{name}" not in _FILES.values() and not name.startswith("."):
                known = [path.removeprefix(f"{EXAMPLES}/") for path in _FILES.values()]
                self._source.fault(Place(f"{EXAMPLES}/{name}", 0), f"no file of this name is read{hint(name, known)}")

    def _groups(self, file: str) -> Iterator[_Group]:
        if not os.path.lexists(self._source.folder / file):
            return
        root = self._source.read_yaml(file)
        for name, value in (self._source.table(root, file) if root else {}).items():
            if isinstance(value, Items) and not value.values:
                self._source.fault(value.place, f"'{name}' has no sentences; write one or delete the heading")
            yield _Group(file, name, _place_of(name, value, root), self._source.texts(value, f"'{name}'"))

    def _check_sign(self, group: _Group, tier: str, signs: Mapping[str, str]) -> None:
        if signs.get(group.name) in (tier, ""):
            return
        if group.name in signs:
            other = signs[group.name]
            wrong = f"sign '{group.name}' is of tier '{other}' in safety.yaml; move its sentences to {_FILES[other]}"
            self._source.fault(group.place, f"{wrong}, or change its tier")
            return
        fitting = sorted(name for name in signs if signs[name] == tier)
        told = hint(group.name, fitting) or "; add it there, or put its sentences under one that there is"
        self._source.fault(group.place, f"no sign in safety.yaml is called '{group.name}'{told}")

    def _keep(self, group: _Group) -> Iterator[Text]:
        """Give the sentences of a group that are some, and stand nowhere else."""
        for text in group.texts:
            if wrong := self._find_wrong(text.value, group):
                self._source.fault(text.place, wrong)
            elif self._claim(text, group):
                yield text

    def _find_wrong(self, sentence: str, group: _Group) -> str:
        """Say what is wrong with a sentence by itself; "" if nothing is."""
        if not flatten(sentence):
            return f"a sentence under '{group.name}' is empty; write one or delete the line"
        if group.name != ORDINARY and group.file != _FILES[ORDINARY] and not _is_sentence(sentence):
            return f"'{sentence}' under '{group.name}' is no sentence; write what somebody said, or delete the line"
        if len(sentence) > self._longest:
            return (
                f"a sentence under '{group.name}' has {len(sentence):,} characters, and no message of more than "
                f"{self._longest:,} is read (max_length); shorten it"
            )
        return ""

    def _claim(self, text: Text, group: _Group) -> bool:
        """Note where a sentence stands; that it stands twice is a fault."""
        if len(self._claimed) >= MOST_EXAMPLES:
            self._source.stop(text.place, f"there are more than {MOST_EXAMPLES:,} sentences; take some out")
        other, first = self._claimed.setdefault(flatten(text.value), (group, text.place))
        if first is text.place:
            return True
        where = f"line {first.line}" if first.path == text.place.path else f"{first.path}:{first.line}"
        self._source.fault(text.place, _tell_twice(text.value, group, other, where))
        return False


def _is_sentence(text: str) -> bool:
    """Say whether a sign may be heard in a text: what is ordinary may be anything, a number or a bare yes."""
    return any(map(str.isalpha, text)) and flatten(text) not in _NO_SENTENCE


def _tell_twice(sentence: str, group: _Group, other: _Group, where: str) -> str:
    quoted = f"'{sentence[:60]}{'...' if len(sentence) > 60 else ''}'"
    if _FILES["held_out"] in (group.file, other.file) and group.file != other.file:
        return f"{quoted} is an example too ({where}); what is held out is never learned from, so keep one"
    if (group.file, group.name) == (other.file, other.name):
        return f"{quoted} stands there twice, first on {where}; delete one"
    return f"{quoted} stands under '{other.name}' too ({where}); keep it under one"


def _place_of(name: str, value: Node, root: Node | None) -> Place:
    return root.keys[name] if isinstance(root, Table) else value.place
