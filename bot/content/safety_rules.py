"""What must never be treated as an ordinary question? The rules of `safety.yaml`, checked and still in words.

Nothing is judged here: `bot/safety.py` compiles the rules and applies them.
"""

import re
from collections.abc import Iterator, Mapping

from bot.content import SafetyRules, Sign
from bot.content.source import Source, hint
from bot.content.tree import Node, Place, Table

TIERS = ("crisis", "emergency", "today", "clinician")
"""The most pressing first."""
SILENCERS = ("denied", "asked", "over", "past", "others", "elsewhere")
"""What can speak against a sign: it is denied, asked in general, over, long ago, somebody else's, of another cause."""
EVIDENCE = (
    *("denies", "denies_nothing", "denied_through", "breaks", "asks", "asks_nothing", "asks_after"),
    *("own", "tells", "self", "over", "over_before", "not_yet_over", "past", "present"),
    *("others", "bystander", "elsewhere", "treated", "since-laser", "idioms", "calm"),
)
"""The word families that the judgement itself refers to."""
DEEPEST = 20
"""Families that stand in each other; each is a call within a call, and a thousand were a traceback."""


def read_safety(node: Node, source: Source) -> SafetyRules:
    """Read `safety.yaml`; every fault is noted in `source`."""
    return _Reader(source).read(node)


class _Reader:
    def __init__(self, source: Source) -> None:
        self._source = source

    def read(self, node: Node) -> SafetyRules:
        names = (
            *("review", "max_length", "reach", "qualifiers", "shorthand"),
            *("ordinary", "look_alikes", "evidence", "families", "signs"),
        )
        required = [name for name in names if name != "look_alikes"]
        table = self._source.table(node, "safety.yaml", known=names, required=required)
        if "review" in table:
            self._source.table(table["review"], "review", known=("by", "role", "date"), required=("by", "role", "date"))
        evidence = self._groups(table.get("evidence"), "evidence", EVIDENCE)
        families = self._groups(table.get("families"), "families")
        self._check_names(table.get("families"))
        self._check_patterns(evidence | families, table)
        return SafetyRules(
            max_length=self._number(table.get("max_length"), "max_length"),
            reach=self._number(table.get("reach"), "reach"),
            qualifiers=self._groups(table.get("qualifiers"), "qualifiers"),
            shorthand=self._shorthand(table.get("shorthand")),
            ordinary=self._words(table.get("ordinary"), "ordinary"),
            look_alikes=self._words(table.get("look_alikes"), "look_alikes"),
            evidence=evidence,
            families=families,
            signs=self._signs(table.get("signs"), evidence | families),
        )

    def _number(self, node: Node | None, what: str) -> int:
        text = self._source.text(node, what) if node else "0"
        if text.isdecimal() and len(text) <= 4:
            return int(text)
        if node and text:
            self._source.fault(node.place, f"{what} is '{text}'; write a whole number of at most four digits")
        return 0

    def _groups(self, node: Node | None, what: str, names: tuple[str, ...] = ()) -> dict[str, tuple[str, ...]]:
        table = self._source.table(node, what, known=names, required=names) if node else {}
        return {name: self._phrases(value, f"{what}: {name}") for name, value in table.items()}

    def _phrases(self, node: Node | None, what: str) -> tuple[str, ...]:
        texts = self._source.texts(node, what) if node else ()
        for text in texts:
            if not text.value.strip():
                self._source.fault(text.place, f"an entry of {what} is empty; write a word or delete it")
        return tuple(text.value for text in texts if text.value.strip())

    def _words(self, node: Node | None, what: str) -> frozenset[str]:
        return frozenset(word for row in self._phrases(node, what) for word in row.split())

    def _shorthand(self, node: Node | None) -> Mapping[str, str]:
        table = self._source.table(node, "shorthand") if node else {}
        return {word: self._source.text(value, f"shorthand: {word}") for word, value in table.items()}

    def _signs(self, node: Node | None, families: Mapping[str, tuple[str, ...]]) -> tuple[Sign, ...]:
        table = self._source.table(node, "signs") if node else {}
        return tuple(self._sign(name, value, families) for name, value in table.items())

    def _sign(self, name: str, node: Node, families: Mapping[str, tuple[str, ...]]) -> Sign:
        what = f"sign '{name}'"
        known = ("tier", "said", "unless", "needs", "without")
        table = self._source.table(node, what, known=known, required=("tier", "said"))
        tier = self._source.text(table["tier"], f"tier of {what}") if "tier" in table else TIERS[0]
        if tier not in TIERS:
            self._source.fault(table["tier"].place, f"tier of {what} is '{tier}'; write one of {', '.join(TIERS)}")
        return Sign(
            name,
            tier,
            self._phrases(table.get("said"), f"said of {what}"),
            self._names(table["unless"], f"unless of {what}", SILENCERS) if "unless" in table else SILENCERS,
            self._names(table.get("needs"), f"needs of {what}", families),
            self._names(table.get("without"), f"without of {what}", families),
        )

    def _names(
        self, node: Node | None, what: str, known: Mapping[str, tuple[str, ...]] | tuple[str, ...]
    ) -> tuple[str, ...]:
        texts = self._source.texts(node, what) if node else ()
        for text in texts:
            if text.value not in known:
                self._source.fault(text.place, f"{what}: there is no '{text.value}'{hint(text.value, tuple(known))}")
        return tuple(text.value for text in texts if text.value in known)

    def _check_names(self, families: Node | None) -> None:
        for name, place in families.keys.items() if isinstance(families, Table) else ():
            if name in EVIDENCE:
                self._source.fault(place, f"there is evidence called '{name}' already; give the family another name")

    def _check_patterns(self, families: Mapping[str, tuple[str, ...]], table: Mapping[str, Node]) -> None:
        """Note each <family> that does not exist, or that leads back to itself."""
        for phrase, place in _texts_of([table[key] for key in ("evidence", "families", "signs") if key in table]):
            for name in REFERENCE.findall(phrase):
                if name not in families:
                    self._source.fault(place, f"'{phrase}': there is no family '{name}'{hint(name, families)}")
        looped = find_loop(families)
        if looped and "families" in table:
            self._source.fault(
                table["families"].place,
                f"family '{looped}' is made of itself, or of families more than {DEEPEST} deep;"
                f" take <{looped}> out of its words",
            )


def _texts_of(nodes: list[Node]) -> Iterator[tuple[str, Place]]:
    """Give every text below, with its place."""
    for node in nodes:
        if isinstance(node, Table):
            yield from _texts_of(list(node.entries.values()))
        elif hasattr(node, "values"):
            yield from _texts_of(list(node.values))
        else:
            yield node.value, node.place


def find_loop(families: Mapping[str, tuple[str, ...]]) -> str:
    """Give a family that is made of itself, at whatever remove, or of too many in each other; "" if there is none."""
    done: set[str] = set()

    def visit(name: str, above: tuple[str, ...]) -> str:
        if name in above or len(above) > DEEPEST:
            return name
        if name in done or name not in families:
            return ""
        inner = {below for phrase in families[name] for below in REFERENCE.findall(phrase)}
        found = next((loop for below in sorted(inner) if (loop := visit(below, (*above, name)))), "")
        done.add(name)
        return found

    return next((loop for name in families if (loop := visit(name, ()))), "")


REFERENCE = re.compile(r"<([a-z_-]+)>")
