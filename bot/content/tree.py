"""What tree does a YAML text stand for? Lists, tables and texts, each with its line; here alone PyYAML is known.

YAML is taken as a row of events, not as loaded values: a loaded dict has no lines, drops a duplicate key without a
word, and turns "no" into False. Here every scalar stays the text that was written. Aliases, anchors, tags and merging
are refused: with them a few lines stand for millions, or for something else than is written.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import yaml

from bot.content.letters import drop, find_unseen, name_unseen

DEEPEST = 12
"""So deep may lists and tables stand in each other; what ships needs four.

The C parser goes as deep as the text does, and takes the square of it in time; PyYAML's `compose` calls itself for each
level, and ended the process somewhere between 20,000 and 100,000 of them.
"""


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands."""

    path: str
    """As seen from the content folder."""
    line: int
    """Counted from 1; 0 for the file as a whole."""


@dataclass(frozen=True, slots=True)
class Text:
    """One value."""

    value: str
    place: Place


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    values: "tuple[Node, ...]"
    place: Place


@dataclass(frozen=True, slots=True)
class Table:
    """Keys with their values."""

    entries: "Mapping[str, Node]"
    keys: Mapping[str, Place]
    """Where each key stands."""
    place: Place


Node = Text | Items | Table


def read_tree(text: str, start: Place, fault: Callable[[Place, str], None]) -> Node | None:
    """Give the tree of a text that begins at a place; None, with the fault noted, if it stands for none."""
    try:
        return _Reader(text, start, fault).read()
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line if error.problem_mark else 0
        what = f"this is not YAML: {error.problem}; check indent, quotes and colons"
    except _NotTakenError as error:
        line, what = error.line, str(error)
    fault(Place(start.path, start.line + line), what)
    return None


class _NotTakenError(Exception):
    """The text is YAML of a kind that is not taken, and no tree can be made of it."""

    def __init__(self, event: yaml.Event, message: str) -> None:
        self.line = _line_of(event)
        super().__init__(message)


class _Reader:
    """One reading of a text's events, one after the other."""

    def __init__(self, text: str, start: Place, fault: Callable[[Place, str], None]) -> None:
        self._rows = text.split("\n")
        self._start = start
        self._fault = fault
        self._whole = True
        # The C parser is ten times as fast, where it was built.
        self._events: Iterator[yaml.Event] = yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))

    def read(self) -> Node | None:
        """Give the tree of the only document; an empty table if there is none, None if an alias stands for a part."""
        root: Node | None = None
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent) and root:
                raise _NotTakenError(event, "a second document begins here; keep one, without a line '---' in it")
            if isinstance(event, yaml.NodeEvent):
                root = self._node(event, 1)
        return (root or Table({}, {}, self._start)) if self._whole else None

    def _node(self, event: yaml.Event, depth: int) -> Node:
        self._refuse_marks(event)
        if depth > DEEPEST and isinstance(event, yaml.CollectionStartEvent):
            raise _NotTakenError(event, f"lists and tables stand more than {DEEPEST} deep here; write it flatter")
        if isinstance(event, yaml.SequenceStartEvent):
            return Items(tuple(self._node(item, depth + 1) for item in self._inner()), self._place(event))
        if isinstance(event, yaml.MappingStartEvent):
            return self._table(event, depth)
        return self._text(event)

    def _inner(self) -> Iterator[yaml.Event]:
        """Give the events that begin what stands in a list or table, up to its end."""
        for event in self._events:
            if isinstance(event, yaml.CollectionEndEvent):
                return
            yield event

    def _table(self, event: yaml.Event, depth: int) -> Table:
        entries: dict[str, Node] = {}
        keys: dict[str, Place] = {}
        inner = self._inner()
        for key_event in inner:
            key = self._node(key_event, depth + 1)
            value = self._node(next(inner), depth + 1)
            name = self._name(key, key_event, keys)
            if name is not None:
                entries[name], keys[name] = value, key.place
        return Table(entries, keys, self._place(event))

    def _name(self, key: Node, event: yaml.Event, keys: Mapping[str, Place]) -> str | None:
        """Give a key's name; None, with the fault noted, if it is none."""
        if not isinstance(key, Text):
            self._fault(key.place, f"a key is {kind_of(key)}; write one word")
        elif key.value in keys:
            first = keys[key.value].line
            self._fault(key.place, f"duplicate key '{key.value}', first on line {first}; merge the two or rename one")
        elif key.value == "<<" and _is_plain(event):
            self._fault(key.place, "'<<' merges tables in YAML, which is not done here; write out what it stands for")
        else:
            return key.value
        return None

    def _text(self, event: yaml.Event) -> Text:
        place = self._place(event)
        if isinstance(event, yaml.AliasEvent):
            self._whole = False
            self._fault(place, f"'*{event.anchor}' is an alias in YAML; write out what it stands for{_QUOTE}")
        value = str(event.value) if isinstance(event, yaml.ScalarEvent) else ""
        if unseen := find_unseen(value.replace("\n", " ")):
            self._fault(place, f"a text holds {name_unseen(unseen[0])}; take it out of the quotes")
            value = drop(value, unseen)
        if _is_plain(event):
            self._refuse_cut(event, place)
        return Text(value, place)

    def _refuse_marks(self, event: yaml.Event) -> None:
        """Note what else than a value stands there: it looks like a part of the text, and is none."""
        if isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent):
            if event.anchor:
                self._fault(self._place(event), f"'&{event.anchor}' is an anchor in YAML; take it out{_QUOTE}")
            if event.tag:
                tag = event.tag.replace("tag:yaml.org,2002:", "!!")
                self._fault(self._place(event), f"'{tag}' is a tag in YAML; take it out{_QUOTE}")

    def _refuse_cut(self, event: yaml.Event, place: Place) -> None:
        """Note a text that ends at "#2": YAML takes the rest for a comment."""
        line, column = (event.end_mark.line, event.end_mark.column) if event.end_mark else (0, 0)
        row = self._rows[line] if line < len(self._rows) else ""  # the end of a file may be a line of its own
        if found := _CUT.match(row, column):
            self._fault(place, f"'{found[1]}' is cut off as a comment; put the whole text in quotes")

    def _place(self, event: yaml.Event) -> Place:
        return Place(self._start.path, self._start.line + _line_of(event))


def kind_of(node: Node) -> str:
    """Say what stands there in place of what should."""
    if isinstance(node, Text):
        return f"the text '{node.value[:30]}'" if node.value else "empty"
    return "a list" if isinstance(node, Items) else "a table"


def _line_of(event: yaml.Event) -> int:
    return event.start_mark.line if event.start_mark else 0


def _is_plain(event: yaml.Event) -> bool:
    return isinstance(event, yaml.ScalarEvent) and bool(event.implicit[0])


_QUOTE = ", or put the whole text in quotes"
_CUT = re.compile(r"[ \t]+(#[^\s#].*)")
