"""What must never be treated as an ordinary question? `safety.yaml`, checked, and with it the sentences of `safety/`.

Nothing is judged here: `bot/safety.py` does that.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from bot.content import EXAMPLES, SAFETY, SafetyRules, Shares, Sign
from bot.content.examples import TIERS, ExampleReader
from bot.content.source import Source, hint
from bot.content.tree import Items, Node, Place, Table, Text
from bot.english import POLITE, STOP
from bot.words import split_words, stem

SILENCERS = ("denied", "asked", "over", "past", "others", "elsewhere")
"""What speaks against a phrase: it is denied, asked in general, over, long ago, somebody else's, of another cause."""
EVIDENCE = (
    *("denies", "denies_nothing", "denied_through", "breaks", "asks", "asks_after", "tells", "over", "not_over"),
    *("past", "present", "others", "bystander", "elsewhere", "treated", "worse"),
)
"""The lists of phrases that the judgement itself refers to."""
SHARES = ("alarm", "careful", "clinician")
MOST_SHARE = 50.0
"""In a hundred: with more, every second harmless message would be taken for a sign."""
MOST_LENGTH = 4000
"""Characters of a message; no longer one is read, whatever a content says."""
MOST_PHRASES = 2000
"""Phrases of all signs, five times what ships: a clinician must be able to read them."""
LONGEST_PHRASE = 100
"""Characters; the longest that ships has 32. What is longer is a sentence, and is found in no other message."""
ANSWERS = "safety.md"


def read_safety(source: Source, refs: Iterable[str]) -> SafetyRules:
    """Read `safety.yaml` and `safety/`; every fault is noted in `source`. `refs` are the texts that there are."""
    root = source.read_yaml(SAFETY)
    rules = _RulesReader(source, frozenset(refs)).read(root) if root else SafetyRules()
    reader = ExampleReader(source, rules.max_length)
    examples = reader.read_examples({sign.name: sign.tier for sign in rules.signs})
    held_out = reader.read_held_out()
    if held_out and isinstance(root, Table) and "shares" not in root.entries:
        source.fault(
            root.place, f"{SAFETY} has no 'shares', and {EXAMPLES}/held_out.yaml is measured by them; add them"
        )
    elif held_out:
        reader.check_held_out(held_out, rules)
    return replace(rules, examples=examples, held_out=held_out)


@dataclass(frozen=True, slots=True)
class _List:
    """A list of phrases, and what may stand in it."""

    what: str
    telling: bool = False
    """Its phrases must hold a word that is not common: whatever they stand in is taken for a sign."""


class _RulesReader:
    """One reading of `safety.yaml`: it remembers which phrase was claimed by which sign, and where."""

    def __init__(self, source: Source, refs: frozenset[str]) -> None:
        self._source = source
        self._texts = tuple(sorted(ref.partition("#")[2] for ref in refs if ref.startswith(f"{ANSWERS}#")))
        self._claimed: dict[tuple[str, ...], tuple[str, _List, Place]] = {}

    def read(self, node: Node) -> SafetyRules:
        known = ("review", "max_length", "shares", "signs", "evidence")
        table = self._source.table(node, SAFETY, known=known, required=("review", "signs", "evidence"))
        if "review" in table:
            self._source.table(table["review"], "review", known=("by", "role", "date"), required=("by", "role", "date"))
        plain = SafetyRules()
        shares, alone = self._all_shares(table.get("shares"), plain.shares)
        return SafetyRules(
            max_length=self._length(table["max_length"]) if "max_length" in table else plain.max_length,
            shares=shares,
            words_alone=alone,
            evidence=self._evidence(table.get("evidence")),
            signs=self._signs(table.get("signs")),
        )

    # --- numbers ------------------------------------------------------------------------------------------------------

    def _length(self, node: Node) -> int:
        text = self._source.text(node, "max_length")
        number = int(text) if re.fullmatch("[0-9]{1,6}", text) else 0
        if isinstance(node, Text) and not 0 < number <= MOST_LENGTH:
            self._source.fault(node.place, f"max_length is '{text}'; write a whole number from 1 to {MOST_LENGTH}")
        return min(number, MOST_LENGTH) or SafetyRules().max_length

    def _all_shares(self, node: Node | None, plain: Shares) -> tuple[Shares, Shares]:
        """Read `shares:`, and those for words alone, which are the same where none are given."""
        if node is None:
            return plain, plain
        table = self._source.table(node, "shares", known=(*SHARES, "words_alone"), required=SHARES)
        shares = self._shares(table, "shares", plain)
        if "words_alone" not in table:
            return shares, shares
        what = "shares: words_alone"
        alone = self._source.table(table["words_alone"], what, known=SHARES, required=SHARES)
        return shares, self._shares(alone, what, plain)

    def _shares(self, table: Mapping[str, Node], what: str, plain: Shares) -> Shares:
        read = {name: self._share(table[name], f"{what}: {name}") for name in SHARES if name in table}
        found = {name: share for name, share in read.items() if share}
        if found.get("careful", MOST_SHARE) < found.get("alarm", 0.0):
            wrong = f"{what}: careful is {found['careful']:g}, less than the {found['alarm']:g} of alarm"
            self._source.fault(table["careful"].place, f"{wrong}; what alarms counts in both, so write as much or more")
        return replace(plain, **{name: share / 100 for name, share in found.items()})

    def _share(self, node: Node, what: str) -> float:
        """Give a share in a hundred; 0, with the fault noted, where it is none."""
        text = self._source.text(node, what)
        number = float(text) if _NUMBER.fullmatch(text) else 0.0
        if 0 < number <= MOST_SHARE:
            return number
        if isinstance(node, Text):
            wrong = f"{what} is '{text}'; write how many of a hundred, above 0 and at most {MOST_SHARE:g}"
            self._source.fault(node.place, wrong)
        return 0.0

    # --- lists of phrases ---------------------------------------------------------------------------------------------

    def _evidence(self, node: Node | None) -> Mapping[str, tuple[str, ...]]:
        table = self._source.table(node, "evidence", known=EVIDENCE) if node else {}
        for name in EVIDENCE:
            if isinstance(node, Table) and name not in table:
                self._source.fault(node.place, f"evidence has no '{name}'; add it, or '{name}: []' for none")
        kept = {name: self._phrases(table[name], _List(f"evidence: {name}")) for name in EVIDENCE if name in table}
        return {name: tuple(text.value for text in kept.get(name, ())) for name in EVIDENCE}

    def _phrases(self, node: Node, of: _List) -> tuple[Text, ...]:
        """Give the phrases of a list that can be found in a message, each once."""
        kept: dict[tuple[str, ...], Text] = {}
        for text in self._source.texts(node, of.what):
            words = tuple(split_words(text.value))
            if wrong := _find_wrong(text.value, words, of):
                self._source.fault(text.place, wrong)
            elif words in kept:
                first = kept[words].place.line
                self._source.fault(text.place, f"{of.what} has '{text.value}' twice, first on line {first}; delete one")
            else:
                kept[words] = text
        return tuple(kept.values())

    # --- signs --------------------------------------------------------------------------------------------------------

    def _signs(self, node: Node | None) -> tuple[Sign, ...]:
        table = self._source.table(node, "signs") if node else {}
        signs = [self._sign(name, value, node) for name, value in table.items()]
        tiers = {sign.tier for sign in signs}
        for tier in TIERS:
            if isinstance(node, Table) and tier not in tiers and "" not in tiers:
                self._source.fault(node.place, f"no sign is of tier '{tier}'; add one, so that it can be heard")
        return tuple(sorted(signs, key=lambda sign: ("", *TIERS).index(sign.tier)))

    def _sign(self, name: str, node: Node, parent: Node | None) -> Sign:
        what = f"sign '{name}'"
        if not _NAME.fullmatch(name) and isinstance(parent, Table):
            self._source.fault(
                parent.keys[name], f"'{name}' is no name; write it like 'deep-burn', in a-z, 0-9 and '-'"
            )
        known = ("tier", "text", "source", "unless", "phrases", "alone")
        table = self._source.table(node, what, known=known, required=("tier", "source", "phrases"))
        tier = self._tier(table.get("tier"), what)
        return Sign(
            name,
            tier,
            self._text(table["text"], what) if "text" in table else tier,
            self._origin(table["source"], what) if "source" in table else "",
            self._silencers(table["unless"], what) if "unless" in table else SILENCERS,
            self._own(name, table.get("phrases"), _List(f"phrases of {what}", telling=True)),
            self._own(name, table.get("alone"), _List(f"alone of {what}")),
        )

    def _tier(self, node: Node | None, what: str) -> str:
        """Give a sign's tier; "", with the fault noted, where it is none."""
        tier = self._source.text(node, f"tier of {what}") if node else ""
        if isinstance(node, Text) and tier not in TIERS:
            self._source.fault(node.place, f"tier of {what} is '{tier}'; write one of {', '.join(TIERS)}")
        return tier if tier in TIERS else ""

    def _text(self, node: Node, what: str) -> str:
        anchor = self._source.text(node, f"text of {what}")
        if isinstance(node, Text) and anchor not in self._texts:
            missing = f"text of {what} is '{anchor}', and answers/{ANSWERS} has no '{{#{anchor}}}'"
            self._source.fault(node.place, f"{missing}{hint(anchor, self._texts) or '; add it there'}")
        return anchor

    def _origin(self, node: Node, what: str) -> str:
        source = self._source.text(node, f"source of {what}").strip()
        if isinstance(node, Text) and not source:
            self._source.fault(node.place, f"source of {what} is empty; say who published that it is a sign")
        return source

    def _silencers(self, node: Node, what: str) -> tuple[str, ...]:
        texts = self._source.texts(node, f"unless of {what}")
        for text in texts:
            if text.value not in SILENCERS:
                wrong = f"unless of {what} names '{text.value}', which speaks against nothing"
                self._source.fault(text.place, f"{wrong}{hint(text.value, SILENCERS)}")
        return tuple(text.value for text in texts if text.value in SILENCERS)

    def _own(self, name: str, node: Node | None, of: _List) -> tuple[str, ...]:
        """Give the phrases of a sign; that it has none is a fault, and so is one that another sign has."""
        if isinstance(node, Items) and not node.values:
            self._source.fault(node.place, f"{of.what} is empty; write what people say who have it")
        phrases = self._phrases(node, of) if node else ()
        for text in phrases:
            self._claim(text, name, of)
        return tuple(text.value for text in phrases)

    def _claim(self, text: Text, name: str, of: _List) -> None:
        """Give a phrase to a sign, whatever its endings: that is how it is found."""
        stems = tuple(map(stem, split_words(text.value)))
        owner, where, place = self._claimed.setdefault(stems, (name, of, text.place))
        if len(self._claimed) > MOST_PHRASES:
            self._source.stop(text.place, f"there are more than {MOST_PHRASES:,} phrases; write what they share")
        if owner != name or where != of:
            told = f"'{text.value}' in {of.what} stands in {where.what} too (line {place.line})"
            self._source.fault(text.place, f"{told}; keep it in one")


def _find_wrong(phrase: str, words: Collection[str], of: _List) -> str:
    """Say what is wrong with a phrase by itself; "" if nothing is."""
    if not phrase.strip():
        return f"an entry of {of.what} is empty; write a phrase or delete it"
    if len(phrase) > LONGEST_PHRASE:
        return f"'{phrase}' in {of.what} has {len(phrase):,} characters; {LONGEST_PHRASE} are the most"
    if not words:
        return f"'{phrase}' in {of.what} holds no word; write words as people type them"
    if of.telling and not any(word.isalpha() for word in words):
        return f"'{phrase}' in {of.what} holds figures only; write words with it, or put it under 'alone'"
    if of.telling and all(word in _COMMON for word in words):
        return f"'{phrase}' in {of.what} holds common words only, and stands in any message; write more of it"
    return ""


_COMMON = STOP | POLITE | {"yes", "true", "false", "null"}
_NUMBER = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?")
_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
