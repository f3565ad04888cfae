"""What do people ask? The intents of `intents.yaml` with their phrasings, and the topics that are out of scope.

No phrasing belongs to two of them: that would be two answers to one question.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import replace

from bot.content import Answer, Intent, Recovery
from bot.content.answers import Answers
from bot.content.source import Source, hint
from bot.content.templates import TemplateError, expand
from bot.content.tree import Items, Node, Place, Table, Text
from bot.text import normalise

MOST_PHRASINGS = 20_000
"""Phrasings in all, four times what ships: each is compared with others when they are learned."""
OUT_OF_SCOPE = "out-of-scope/"
"""How the name of a topic begins that the article does not answer."""


class IntentReader:
    """One reading of the intents: it remembers which phrasing was claimed by which intent, and where."""

    def __init__(
        self,
        answers: Answers,
        topics: Mapping[str, tuple[str, ...]],
        aspects: Mapping[str, tuple[str, ...]],
        source: Source,
    ) -> None:
        self._answers = answers
        self._topics = topics
        self._aspects = aspects
        self._source = source
        self._cells: dict[tuple[str, str], str] = {}
        self._claimed: dict[str, tuple[str, Place]] = {}

    def read_intents(self, node: Node | None) -> Mapping[str, Intent]:
        """Read `intents:`, and check that every ordinary answer is led to."""
        table = self._source.table(node, "intents") if node else {}
        if isinstance(node, Table) and not table:
            self._source.fault(node.place, "intents is empty; add what people ask")
        intents = {name: self._intent(name, value, node) for name, value in table.items()}
        used = {intent.answer for intent in intents.values()}
        for ref, place in self._answers.places.items():
            if intents and self._answers.by_ref[ref].section and ref not in used:
                self._source.fault(place, f"no intent leads to '{ref}'; add one to intents.yaml or delete the answer")
        return {name: self._with_next(intent, table[name], intents) for name, intent in intents.items()}

    def read_out_of_scope(self, node: Node | None) -> Mapping[str, tuple[str, ...]]:
        """Read `out_of_scope:`: phrasings by topic."""
        table = self._source.table(node, "out_of_scope") if node else {}
        return {
            OUT_OF_SCOPE + name: self._phrasings(OUT_OF_SCOPE + name, value, f"out-of-scope topic '{name}'")
            for name, value in table.items()
        }

    def _intent(self, name: str, node: Node, parent: Node | None) -> Intent:
        if not _NAME.fullmatch(name):
            place = parent.keys[name] if isinstance(parent, Table) else node.place
            self._source.fault(place, f"'{name}' is no name; write it like 'sun-how-long', in a-z, 0-9 and '-'")
        what = f"intent '{name}'"
        known = ("answer", "phrasings", "topic", "aspect", "next")
        table = self._source.table(node, what, known=known, required=("answer", "phrasings"))
        ref = self._ref(table["answer"], what) if "answer" in table else ""
        topic = self._named(table["topic"], "topic", what, self._topics) if "topic" in table else ""
        aspects = self._sides(table["aspect"], name, topic) if "aspect" in table else ()
        own = self._title(name, ref)
        phrasings = self._phrasings(name, table["phrasings"], what) if "phrasings" in table else ()
        return Intent(name, ref, own + phrasings, topic, aspects, ())

    def _ref(self, node: Node, what: str) -> str:
        ref = self._source.text(node, f"answer of {what}")
        if isinstance(node, Text) and ref not in self._answers.by_ref:
            self._source.fault(node.place, f"there is no answer '{ref}'{hint(ref, self._answers.by_ref)}")
        return ref

    def _named(self, node: Node, kind: str, what: str, known: Mapping[str, tuple[str, ...]]) -> str:
        name = self._source.text(node, f"{kind} of {what}")
        if isinstance(node, Text) and name not in known:
            self._source.fault(node.place, f"there is no {kind} '{name}'{hint(name, known)}")
            return ""
        return name

    def _sides(self, node: Node, name: str, topic: str) -> tuple[str, ...]:
        """Read which sides of its topic an intent is: one, or a list; no two intents are the same side of one."""
        what = f"intent '{name}'"
        if not topic:
            self._source.fault(node.place, f"{what} has an aspect and no topic; name what it is a side of")
        sides = node.values if isinstance(node, Items) else (node,)
        aspects = tuple(filter(None, (self._named(side, "aspect", what, self._aspects) for side in sides)))
        for aspect in aspects:
            owner = self._cells.setdefault((topic, aspect), name)
            if owner != name:
                wrong = f"'{aspect}' of '{topic}' is the intent '{owner}' already"
                self._source.fault(node.place, f"{wrong}; name another aspect, or none, for '{name}'")
        return aspects

    def _title(self, name: str, ref: str) -> tuple[str, ...]:
        """Give the title of an ordinary answer: an option that is sent back is a phrasing like any other."""
        answer = self._answers.by_ref.get(ref)
        if not answer or not answer.section or not self._claim(answer.title, name, self._answers.places[ref]):
            return ()
        return (answer.title,)

    def _claim(self, phrasing: str, name: str, place: Place) -> bool:
        """Give a phrasing to an intent; False if the intent has it, and a fault if another one has it."""
        if len(self._claimed) >= MOST_PHRASINGS:
            self._source.stop(place, f"there are more than {MOST_PHRASINGS:,} phrasings; write fewer alternatives")
        owner, first = self._claimed.setdefault(comparable(phrasing), (name, place))
        if owner != name:
            where = f"line {first.line}" if first.path == place.path else f"{first.path}:{first.line}"
            self._source.fault(place, f"'{phrasing}' is a phrasing of '{owner}' too ({where}); keep it under one")
        return first is place

    def _phrasings(self, name: str, node: Node, what: str) -> tuple[str, ...]:
        if isinstance(node, Items) and not node.values:
            self._source.fault(node.place, f"{what} has no phrasings; write at least one way of asking")
        return tuple(
            phrasing
            for entry in self._source.texts(node, f"phrasings of {what}")
            for phrasing in self._expand(entry, what)
            if self._is_new(phrasing, name, entry)
        )

    def _expand(self, entry: Text, what: str) -> tuple[str, ...]:
        if not any(map(str.isalnum, entry.value)):
            self._source.fault(entry.place, f"a phrasing of {what} is empty; write one or delete the line")
            return ()
        try:
            return expand(entry.value)
        except TemplateError as error:
            self._source.fault(entry.place, f"'{entry.value}' cannot be read: {error}")
            return ()

    def _is_new(self, phrasing: str, name: str, entry: Text) -> bool:
        if self._claim(phrasing, name, entry.place):
            return True
        owner, first = self._claimed[comparable(phrasing)]
        if (
            owner == name
            and first.path == entry.place.path
            and first.line != entry.place.line
            and phrasing == entry.value
        ):
            self._source.fault(entry.place, f"'{phrasing}' stands there twice, first on line {first.line}; delete one")
        return False

    def _with_next(self, intent: Intent, node: Node, intents: Mapping[str, Intent]) -> Intent:
        if not isinstance(node, Table) or "next" not in node.entries:
            return intent
        what = f"next of intent '{intent.name}'"
        names = self._source.texts(node.entries["next"], what)
        answer = self._answers.by_ref.get(intent.answer)
        most = 2 if answer and answer.section else 4
        if len(names) > most:
            self._source.fault(names[most].place, f"{what} names {len(names)} intents; name {most} at the most")
        for name in names:
            if name.value not in intents:
                self._source.fault(name.place, f"there is no intent '{name.value}'{hint(name.value, intents)}")
            elif name.value == intent.name:
                self._source.fault(name.place, f"{what} names the intent itself; name another")
        return replace(intent, next=tuple(intents[name.value].answer for name in names if name.value in intents))


def read_synonyms(node: Node | None, source: Source) -> tuple[tuple[str, ...], ...]:
    """Read `synonyms:`: groups of words that mean the same; no word in two groups."""
    groups = []
    seen: dict[str, int] = {}
    for group in source.items(node, "synonyms") if node else ():
        words = source.texts(group, "a synonym group")
        if isinstance(group, Items) and len(words) < 2:
            source.fault(group.place, "a synonym group needs two words or more; add one or delete the line")
        for word in words:
            line = seen.setdefault(comparable(word.value), word.place.line)
            if line != word.place.line:
                source.fault(word.place, f"'{word.value}' is in the synonyms of line {line} too; keep it in one")
        groups.append(tuple(word.value for word in words))
    return tuple(groups)


def read_qualifiers(node: Node | None, source: Source) -> dict[str, tuple[str, ...]]:
    """Read `qualifiers:`: words that make it another question, by group."""
    groups = {}
    for name, value in (source.table(node, "qualifiers") if node else {}).items():
        words = source.texts(value, f"qualifiers '{name}'")
        if isinstance(value, Items) and not words:
            source.fault(
                value.place, f"qualifiers '{name}' has no words; write the words that make it another question"
            )
        for word in words:
            if not comparable(word.value):
                source.fault(word.place, f"a word of qualifiers '{name}' is empty; write one or delete it")
        groups[name] = tuple(word.value for word in words)
    return groups


def read_topics(node: Node | None, source: Source) -> dict[str, tuple[str, ...]]:
    """Read `topics:`: what intents are about, with the words that name it."""
    topics = {}
    for name, value in (source.table(node, "topics") if node else {}).items():
        words = source.texts(value, f"topic '{name}'")
        if isinstance(value, Items) and not words:
            source.fault(value.place, f"topic '{name}' has no words; write the words that name it, the plain one first")
        topics[name] = tuple(word.value for word in words) or (name,)
    return topics


def read_aspects(node: Node | None, source: Source) -> dict[str, tuple[str, ...]]:
    """Read `aspects:`: the sides of a topic, with ways of asking for them; no way stands under two."""
    aspects = {}
    seen: dict[str, int] = {}
    for name, value in (source.table(node, "aspects") if node else {}).items():
        ways = source.texts(value, f"aspect '{name}'")
        if isinstance(value, Items) and not ways:
            source.fault(value.place, f"aspect '{name}' has no words; write ways of asking for it, the plain one first")
        for way in ways:
            line = seen.setdefault(comparable(way.value), way.place.line)
            if line != way.place.line:
                source.fault(way.place, f"'{way.value}' is a way of asking on line {line} too; keep one of them")
        aspects[name] = tuple(way.value for way in ways) or (name,)
    return aspects


def read_otherwise(
    node: Node | None, aspects: Collection[str], intents: Collection[str], source: Source
) -> dict[str, str]:
    """Read `otherwise:`: what a side is asked of where none of the last topics has it."""
    table = source.table(node, "otherwise", known=tuple(aspects)) if node else {}
    meant = {aspect: source.text(value, f"otherwise of '{aspect}'") for aspect, value in table.items()}
    for aspect, name in meant.items():
        if name not in intents:
            source.fault(table[aspect].place, f"there is no intent '{name}'{hint(name, intents)}")
    return meant


def read_recovery(node: Node | None, topics: Mapping[str, tuple[str, ...]], source: Source) -> Recovery:
    """Read `recovery:`: what says that the treatment was had, and the topics that are offered from then on."""
    if node is None:
        return Recovery()
    table = source.table(node, "recovery", known=("said", "topics"), required=("said", "topics"))
    said = source.texts(table["said"], "said of recovery") if "said" in table else ()
    offered = source.texts(table["topics"], "topics of recovery") if "topics" in table else ()
    for topic in offered:
        if topic.value not in topics:
            source.fault(topic.place, f"there is no topic '{topic.value}'{hint(topic.value, topics)}")
    return Recovery(tuple(text.value for text in said), tuple(text.value for text in offered))


def read_for_people(node: Node | None, out_of_scope: Collection[str], source: Source) -> frozenset[str]:
    """Read `for_people:`: subjects of `out_of_scope:` that only people can deal with."""
    names = source.texts(node, "for_people") if node else ()
    known = [name.removeprefix(OUT_OF_SCOPE) for name in out_of_scope]
    for name in names:
        if name.value not in known:
            wrong = f"there is no subject '{name.value}' in out_of_scope{hint(name.value, known)}"
            source.fault(name.place, wrong)
    return frozenset(OUT_OF_SCOPE + name.value for name in names)


def read_refusals(
    node: Node | None, out_of_scope: Collection[str], answers: Mapping[str, Answer], source: Source
) -> dict[str, str]:
    """Read `refusals:`: texts of the bot's own for subjects of `out_of_scope:`."""
    known = [name.removeprefix(OUT_OF_SCOPE) for name in out_of_scope]
    own = [ref for ref, answer in answers.items() if not answer.section]
    refusals = {}
    table = source.table(node, "refusals", known=tuple(known)) if node else {}
    for name, value in table.items():
        ref = source.text(value, f"the refusal of '{name}'")
        if isinstance(value, Text) and ref not in own:
            source.fault(value.place, f"there is no text '{ref}' of the bot's own{hint(ref, own)}")
        refusals[OUT_OF_SCOPE + name] = ref
    return refusals


def comparable(phrasing: str) -> str:
    """Give what makes two phrasings the same one: letters and digits, however they are typed.

    >>> comparable("Does it  HURT?")
    'does it hurt'
    """
    return " ".join(_NO_WORD.sub(" ", normalise(phrasing).replace("'", "")).split())


_NO_WORD = re.compile(r"[^\w]+")
_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
