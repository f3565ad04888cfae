"""Where did each value stand? Files are read here, and only here, into values that know their file and line.

YAML is taken as a tree of nodes, not as loaded values: a loaded dict has no lines, drops a duplicate key without a
word, and turns "no" into False. Here every scalar stays the text that was written. Faults are collected, so that a
writer sees all of them at once.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import Problem

if TYPE_CHECKING:
    import yaml


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


@dataclass(frozen=True, slots=True)
class Section:
    """One `## Title {#anchor}` of a Markdown file, with the text below it."""

    title: str
    anchor: str
    text: str
    place: Place
    """Where the heading stands."""
    first_line: int
    """The line on which the text begins."""

    def line(self, offset: int) -> Place:
        """Give the place of one line of the text, counted from 1."""
        return Place(self.place.path, self.first_line + offset - 1)


@dataclass(frozen=True, slots=True)
class Source:
    """The files of one content folder, and the faults found in them so far."""

    folder: Path
    problems: list[Problem] = field(default_factory=list)

    def fault(self, place: Place, message: str) -> None:
        """Note one fault and go on."""
        self.problems.append(Problem(place.path, place.line, message))

    def read_yaml(self, path: str) -> Node | None:
        """Give the tree of a YAML file; None, with the fault noted, if it cannot be read."""
        text = self._read(path)
        return None if text is None else self._parse(path, text, first_line=1)

    def read_markdown(self, path: str) -> "tuple[Node | None, tuple[Section, ...]]":
        """Give the front matter and the sections of a Markdown file."""
        text = self._read(path)
        if text is None:
            return None, ()
        front, body, first_line = _split_front_matter(text)
        if front is None:
            self.fault(Place(path, 1), "the file does not begin with its front matter; begin with a line '---'")
        table = None if front is None else self._parse(path, front, first_line=2)
        return table, tuple(self._sections(path, body, first_line))

    def text(self, node: Node, what: str) -> str:
        """Give the text of a node that must be one; "" and a fault for a list or table."""
        if isinstance(node, Text):
            return node.value
        self.fault(node.place, f"{what} is {_kind(node)}; write one text")
        return ""

    def items(self, node: Node, what: str) -> tuple[Node, ...]:
        """Give the values of a list; none and a fault for anything else."""
        if isinstance(node, Items):
            return node.values
        self.fault(node.place, f"{what} is {_kind(node)}; write a list, one '- ' a line")
        return ()

    def texts(self, node: Node, what: str) -> tuple[Text, ...]:
        """Give the texts of a list of texts, each with its place."""
        found = []
        for item in self.items(node, what):
            if isinstance(item, Text):
                found.append(item)
                continue
            hint = "put it in quotes, since [ begins a list in YAML" if isinstance(item, Items) else "write one text"
            self.fault(item.place, f"an entry of {what} is {_kind(item)}; {hint}")
        return tuple(found)

    def table(
        self, node: Node, what: str, *, known: Collection[str] = (), required: Collection[str] = ()
    ) -> Mapping[str, Node]:
        """Give the entries of a table; with `known`, every other key is a fault; so is a `required` one that lacks."""
        if not isinstance(node, Table):
            self.fault(node.place, f"{what} is {_kind(node)}; write 'key: value' lines")
            return {}
        for key in node.entries:
            if known and key not in known:
                self.fault(node.keys[key], f"unknown key '{key}'{hint(key, known)}")
        for key in required:
            if key not in node.entries:
                self.fault(node.place, f"{what} has no '{key}'; add it")
        return node.entries

    def _read(self, path: str) -> str | None:
        try:
            return (self.folder / path).read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
        except FileNotFoundError:
            self.fault(Place(path, 0), f"the file is not there; the folder {self.folder} must hold it")
        except UnicodeDecodeError as error:
            line = error.object[: error.start].count(b"\n") + 1
            self.fault(Place(path, line), "a byte here is not UTF-8; save the file as UTF-8")
        except OSError as error:
            self.fault(
                Place(path, 0), f"the file cannot be read ({error.strerror}); check what it is and who may read it"
            )
        return None

    def _parse(self, path: str, text: str, *, first_line: int) -> Node | None:
        import yaml  # noqa: PLC0415 - half of what is imported at a start, and not needed where a cache was found

        try:  # the C parser is ten times as fast, where it was built
            root = yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line if error.problem_mark else 0
            self.fault(
                Place(path, line + first_line), f"this is not YAML: {error.problem}; check indent, quotes and colons"
            )
            return None
        except yaml.YAMLError:
            line = next((i for i, row in enumerate(text.split("\n")) if _UNPRINTABLE.search(row)), 0)
            self.fault(Place(path, line + first_line), "this line holds a control character; delete it")
            return None
        except RecursionError:
            self.fault(Place(path, 0), "the file nests too deeply; write it flatter")
            return None
        if root is None:
            return Table({}, {}, Place(path, first_line))
        return self._node(root, path, first_line)

    def _node(self, node: "yaml.Node", path: str, first_line: int) -> Node:
        place = Place(path, node.start_mark.line + first_line)
        kind = getattr(node, "id", "scalar")
        if kind == "sequence":
            return Items(tuple(self._node(item, path, first_line) for item in node.value), place)
        if kind == "mapping":
            return self._table(node, path, first_line, place)
        return Text(str(node.value), place)

    def _table(self, node: "yaml.Node", path: str, first_line: int, place: Place) -> Table:
        entries: dict[str, Node] = {}
        keys: dict[str, Place] = {}
        for key_node, value in node.value:
            key = self._node(key_node, path, first_line)
            if not isinstance(key, Text):
                self.fault(key.place, f"a key is {_kind(key)}; write one word")
                continue
            if key.value in entries:
                first = keys[key.value].line
                self.fault(
                    key.place, f"duplicate key '{key.value}', first on line {first}; merge the two or rename one"
                )
                continue
            entries[key.value] = self._node(value, path, first_line)
            keys[key.value] = key.place
        return Table(entries, keys, place)

    def _sections(self, path: str, body: str, first_line: int) -> Iterator[Section]:
        rows = body.split("\n")
        heads = [i for i, row in enumerate(rows) if row.startswith("#")]
        before = rows[: heads[0]] if heads else rows
        for i, row in enumerate(before):
            if row.strip():
                self.fault(
                    Place(path, i + first_line),
                    "text stands before the first heading; put it under '## Title {#anchor}'",
                )
                break
        for head, end in pairwise([*heads, len(rows)]):
            section = self._section(rows[head:end], Place(path, head + first_line))
            if section:
                yield section

    def _section(self, rows: list[str], place: Place) -> Section | None:
        match = _HEADING.fullmatch(rows[0].rstrip())
        if not match:
            self.fault(place, f"'{rows[0].strip()}' is no heading of an answer; write '## Title {{#anchor}}'")
            return None
        start = next((i for i, row in enumerate(rows[1:], 1) if row.strip()), None)
        if start is None:
            self.fault(place, f"'{match['title']}' has no text; write what the bot says below it")
            return None
        return Section(match["title"], match["anchor"], "\n".join(rows[start:]).strip(), place, place.line + start)


_HEADING = re.compile(r"## +(?P<title>\S.*?) +\{#(?P<anchor>[a-z][a-z0-9-]*)\}")
_UNPRINTABLE = re.compile(r"[^\t\n\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def hint(word: str, known: Collection[str]) -> str:
    """Say what a word that is not known may have meant: `; did you mean 'phrasings'?`, or which ones there are."""
    near = get_close_matches(word, list(known), n=1)
    if near:
        return f"; did you mean '{near[0]}'?"
    return f"; known are {', '.join(sorted(known))}" if len(known) <= 6 else ""


def _kind(node: Node) -> str:
    if isinstance(node, Text):
        return f"the text '{node.value[:30]}'" if node.value else "empty"
    return "a list" if isinstance(node, Items) else "a table"


def _split_front_matter(text: str) -> tuple[str | None, str, int]:
    """Give the front matter, the body, and the line on which the body begins."""
    rows = text.split("\n")
    if rows[0].rstrip() != "---":
        return None, text, 1
    end = next((i for i, row in enumerate(rows[1:], 1) if row.rstrip() == "---"), None)
    if end is None:
        return None, text, 1
    return "\n".join(rows[1:end]), "\n".join(rows[end + 1 :]), end + 2
