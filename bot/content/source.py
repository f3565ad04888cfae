"""Where did each value stand? Files are read here, and only here, into values that know their file and line.

Faults are collected, so that a writer sees all of them at once.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from itertools import pairwise
from pathlib import Path
from typing import NoReturn

from bot.content.files import MOST_IN_ALL, FileError, read_file
from bot.content.letters import drop, find_unseen, name_unseen
from bot.content.tree import Items, Node, Place, Table, Text, kind_of, read_tree
from bot.errors import ContentError, Problem

MOST_PROBLEMS = 500
"""After so many the reading ends: nobody mends more at once, and guessing what each meant takes time."""
LONGEST_MESSAGE = 400
"""Characters of a message; what it quotes may be of any length."""
LONGEST_TITLE = 200
"""Characters of a heading; the longest that ships has 70."""
LONGEST_TEXT = 10_000
"""Characters of an answer, which should have 90 words."""


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
    sizes: list[int] = field(default_factory=list)
    """Bytes of each file that was read."""

    def fault(self, place: Place, message: str) -> None:
        """Note one fault, once for its line, and go on, unless there are too many."""
        problem = Problem(place.path, place.line, _shorten(message))
        if problem not in self.problems:
            self.problems.append(problem)
        if len(self.problems) >= MOST_PROBLEMS:
            self.stop(place, f"there are {MOST_PROBLEMS} problems by now, and no more are looked for; mend some first")

    def stop(self, place: Place, message: str) -> NoReturn:
        """Note a fault after which there is no point in going on.

        Raises:
            ContentError: always.
        """
        raise ContentError([*self.problems, Problem(place.path, place.line, _shorten(message))])

    def read_yaml(self, path: str) -> Node | None:
        """Give the tree of a YAML file; None, with the fault noted, if it cannot be read."""
        text = self._read(path)
        return None if text is None else read_tree(text, Place(path, 1), self.fault)

    def read_markdown(self, path: str) -> "tuple[Node | None, tuple[Section, ...]]":
        """Give the front matter and the sections of a Markdown file."""
        text = self._read(path)
        if text is None:
            return None, ()
        front, body, first_line = _split_front_matter(text)
        if front is None:
            self.fault(Place(path, 1), "the file does not begin with its front matter; begin with a line '---'")
        table = None if front is None else read_tree(front, Place(path, 2), self.fault)
        return table, tuple(self._sections(path, body, first_line))

    def text(self, node: Node, what: str) -> str:
        """Give the text of a node that must be one; "" and a fault for a list or table."""
        if isinstance(node, Text):
            return node.value
        self.fault(node.place, f"{what} is {kind_of(node)}; write one text")
        return ""

    def items(self, node: Node, what: str) -> tuple[Node, ...]:
        """Give the values of a list; none and a fault for anything else."""
        if isinstance(node, Items):
            return node.values
        self.fault(node.place, f"{what} is {kind_of(node)}; write a list, one '- ' a line")
        return ()

    def texts(self, node: Node, what: str) -> tuple[Text, ...]:
        """Give the texts of a list of texts, each with its place."""
        found = []
        for item in self.items(node, what):
            if isinstance(item, Text):
                found.append(item)
                continue
            reason = "[ begins a list" if isinstance(item, Items) else "a colon and a space make a table"
            self.fault(item.place, f"an entry of {what} is {kind_of(item)}; put it in quotes, since {reason} in YAML")
        return tuple(found)

    def table(
        self, node: Node, what: str, *, known: Collection[str] = (), required: Collection[str] = ()
    ) -> Mapping[str, Node]:
        """Give the entries of a table; with `known`, every other key is a fault; so is a `required` one that lacks."""
        if not isinstance(node, Table):
            self.fault(node.place, f"{what} is {kind_of(node)}; write 'key: value' lines")
            return {}
        for key in node.entries:
            if known and key not in known:
                self.fault(node.keys[key], f"unknown key '{key}'{hint(key, known) or '; take it out'}")
        for key in required:
            if key not in node.entries:
                self.fault(node.place, f"{what} has no '{key}'; add it")
        return node.entries

    def _read(self, path: str) -> str | None:
        try:
            data = read_file(self.folder / path)
            self._count(path, len(data))
            return self._clean(path, data.decode("utf-8-sig").replace("\r\n", "\n"))
        except FileNotFoundError:
            self.fault(Place(path, 0), f"the file is not there; the folder {self.folder} must hold it")
        except UnicodeDecodeError as error:
            line = error.object[: error.start].count(b"\n") + 1
            self.fault(Place(path, line), "a byte here is not UTF-8; save the file as UTF-8")
        except FileError as error:
            self.fault(Place(path, 0), str(error))
        except OSError as error:
            self.fault(
                Place(path, 0), f"the file cannot be read ({error.strerror}); check what it is and who may read it"
            )
        return None

    def _count(self, path: str, size: int) -> None:
        self.sizes.append(size)
        if sum(self.sizes) > MOST_IN_ALL:
            self.stop(Place(path, 0), f"with this file there are more than {MOST_IN_ALL:,} bytes in all; take some out")

    def _clean(self, path: str, text: str) -> str:
        """Note each line with a character that is not seen, and take it out, so that the rest can be looked at."""
        rows = text.split("\n")
        for i, row in enumerate(rows):
            if unseen := find_unseen(row):
                self.fault(Place(path, i + 1), f"this line holds {name_unseen(unseen[0])}; delete it")
                rows[i] = drop(row, unseen)
        return "\n".join(rows)

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
        if len(rows[0]) > LONGEST_TITLE:
            self.fault(place, f"a heading has {len(rows[0]):,} characters; {LONGEST_TITLE} are the most")
            return None
        match = _HEADING.fullmatch(rows[0].rstrip())
        if not match:
            self.fault(place, f"'{rows[0].strip()}' is no heading of an answer; write '## Title {{#anchor}}'")
            return None
        start = next((i for i, row in enumerate(rows[1:], 1) if row.strip()), None)
        if start is None:
            self.fault(place, f"'{match['title']}' has no text; write what the bot says below it")
            return None
        text = "\n".join(rows[start:]).strip()
        if len(text) > LONGEST_TEXT:
            self.fault(
                place, f"'{match['title']}' has a text of {len(text):,} characters; {LONGEST_TEXT:,} are the most"
            )
            return None
        return Section(match["title"], match["anchor"], text, place, place.line + start)


_HEADING = re.compile(r"## +(?P<title>\S.*?) +\{#(?P<anchor>[a-z][a-z0-9-]*)\}")


def hint(word: str, known: Collection[str]) -> str:
    """Say what a word that is not known may have meant: `; did you mean 'phrasings'?`, or which ones there are."""
    near = get_close_matches(word, list(known), n=1) if len(word) <= 60 and len(known) <= MOST_PROBLEMS else ()
    if near:
        return f"; did you mean '{near[0]}'?"
    return f"; known are {', '.join(sorted(known))}" if 0 < len(known) <= 8 else ""


def _shorten(message: str) -> str:
    """Leave out the middle of a message that quotes too much; what would be right stands at its end."""
    half = LONGEST_MESSAGE // 2
    return message if len(message) <= LONGEST_MESSAGE else f"{message[:half]} ... {message[-half:]}"


def _split_front_matter(text: str) -> tuple[str | None, str, int]:
    """Give the front matter, the body, and the line on which the body begins."""
    rows = text.split("\n")
    if rows[0].rstrip() != "---":
        return None, text, 1
    end = next((i for i, row in enumerate(rows[1:], 1) if row.rstrip() == "---"), None)
    if end is None:
        return None, text, 1
    return "\n".join(rows[1:end]), "\n".join(rows[end + 1 :]), end + 2
