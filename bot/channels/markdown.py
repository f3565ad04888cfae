"""What does a Markdown text say to someone who reads it in a terminal? Text goes in, blocks of spans come out.

Only what answers are written in is known: paragraphs, lists, emphasis, strong, links, `code`, headings. Whatever else
stands in a text is shown as it was written; no word of it is lost. Nothing leaves this file that could steer a
terminal.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from bot.text import printable


class Look(StrEnum):
    """How a span is set apart. Each must be readable without it."""

    PLAIN = "plain"
    STRONG = "strong"
    EMPHASIS = "emphasis"
    SOFT = "soft"
    NUMBER = "number"
    ALERT = "alert"


@dataclass(frozen=True, slots=True)
class Span:
    """Some text of one look; free of control characters, and without line breaks."""

    text: str
    look: Look = Look.PLAIN

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", printable(_BLANK.sub(" ", self.text)))


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph or an entry of a list."""

    spans: tuple[Span, ...]
    marker: str = ""
    """What stands before its first line, `- ` or `2. `; the other lines are indented by as much."""
    tight: bool = False
    """Whether it stands right below the block before, without an empty line."""


def paragraph(text: str, look: Look = Look.PLAIN, *, tight: bool = False) -> Paragraph:
    """Make a block of a text that is no Markdown."""
    return Paragraph((Span(text, look),), tight=tight)


def entries(texts: Iterable[str], *, numbered: bool = False) -> tuple[Paragraph, ...]:
    """Make a list of texts that are no Markdown; the first entry stands apart from what is above it."""
    return tuple(
        Paragraph((Span(text),), marker=f"{number}. " if numbered else "- ", tight=number > 1)
        for number, text in enumerate(texts, 1)
    )


def read_markdown(text: str) -> tuple[Paragraph, ...]:
    """Read a text into blocks."""
    return tuple(block for chunk in _GAP.split(text.strip("\n")) for block in _read_chunk(chunk))


def restyle(blocks: Iterable[Paragraph], look: Look) -> tuple[Paragraph, ...]:
    """Give every span the same look."""
    return tuple(
        Paragraph(tuple(Span(span.text, look) for span in block.spans), block.marker, block.tight) for block in blocks
    )


def _read_chunk(chunk: str) -> Iterator[Paragraph]:
    """Read the lines between two empty ones: a paragraph, a list, or the one right below the other."""
    for number, (marker, text) in enumerate(_gather(chunk.split("\n"))):
        if text:
            yield Paragraph(tuple(_read_spans(text)), marker, tight=number > 0)


def _gather(rows: Iterable[str]) -> list[tuple[str, str]]:
    """Join the lines that belong together: each paragraph or entry with its marker."""
    gathered: list[tuple[str, list[str]]] = []
    broken = True
    for row in rows:
        entry, heading = _ENTRY.match(row), _HEADING.match(row)
        if heading:
            gathered.append(("", [f"**{_strip_hashes(row[heading.end() :])}**"]))
        elif entry:
            gathered.append(("- " if entry[1] in "-*+" else f"{entry[1]} ", [row[entry.end() :].strip()]))
        elif broken:
            gathered.append(("", [row.strip()]))
        else:
            gathered[-1][1].append(row.strip())
        broken = bool(heading) or row.endswith(("  ", "\\"))
    return [(marker, " ".join(filter(None, parts)).removesuffix("\\").rstrip()) for marker, parts in gathered]


def _strip_hashes(heading: str) -> str:
    return heading.rstrip("#").rstrip(" \t") or "#"


def _read_spans(text: str) -> Iterator[Span]:
    """Read emphasis and the like; a paragraph that is emphasis from end to end, like a source, steps back."""
    aside = _ASIDE.fullmatch(text)
    if aside:
        yield from _inline(aside[1], Look.SOFT)
        return
    yield from _inline(text, Look.PLAIN)


def _inline(text: str, look: Look) -> Iterator[Span]:
    at = 0
    for mark in _find_marks(text):
        if mark.start > at:
            yield Span(text[at : mark.start], look)
        yield from _show(mark, look)
        at = mark.end
    if at < len(text):
        yield Span(text[at:], look)


@dataclass(frozen=True, slots=True)
class _Mark:
    """Something in a text that is set apart."""

    kind: str
    inner: str
    """What is shown of it."""
    start: int
    end: int
    url: str = ""


def _find_marks(text: str) -> Iterator[_Mark]:
    """Give what is set apart, from left to right.

    What begins and never ends is looked for once: where there is no end behind one beginning, there is none behind a
    later one. Else a text of nothing but beginnings would be read once for each of them.
    """
    endless: set[str] = set()
    at = 0
    while found := _INLINE.search(text, at):
        mark = _read_mark(found, endless)
        if mark:
            yield mark
        at = mark.end if mark else found.start() + 1


def _read_mark(found: re.Match[str], endless: set[str]) -> _Mark | None:
    kind = found.lastgroup or ""
    if kind == "url":
        return _Mark(kind, found["label"], found.start(), found.end(), found["url"])
    if kind not in _ENDS:
        return _Mark(kind, found[kind], found.start(), found.end())
    # What is set apart has one character at least.
    end = None if kind in endless else _ENDS[kind].search(found.string, found.end() + 1)
    if end is None:
        endless.add(kind)
        return None
    stop = end.end() - (2 if kind == "strong" else 1)
    return _Mark(kind, found.string[found.end() : stop], found.start(), end.end())


def _show(mark: _Mark, look: Look) -> Iterator[Span]:
    match mark.kind:
        case "strong":
            yield from _inline(mark.inner, Look.STRONG)
        case "star" | "line":
            yield from _inline(mark.inner, Look.EMPHASIS if look is Look.PLAIN else look)
        case "url":
            yield from _inline(mark.inner, look)
            shown = mark.url.removeprefix("mailto:").removeprefix("tel:")
            if shown != mark.inner:
                yield Span(f" ({shown})", look)
        case _:
            yield Span(mark.inner, look)


_GAP = re.compile(r"\n(?:[ \t]*\n)+")
_BLANK = re.compile(r"[\s\x85\u2028\u2029]", re.ASCII)  # a no-break space stays one
_ENTRY = re.compile(r" {0,3}([-*+]|\d{1,3}[.)])[ \t]+(?=\S)")
_HEADING = re.compile(r"#{1,6}[ \t]+(?=\S)")
_ASIDE = re.compile(r"\*((?![\s*])[^*]*(?<![\s*]))\*")
_INLINE = re.compile(
    r"\\(?P<escaped>[!-/:-@\[-`{-~])"
    r"|`(?P<code>[^`]+)`"
    r"|(?P<strong>\*\*(?=\S))"
    r"|(?P<star>\*(?![\s*]))"
    r"|(?P<line>(?<!\w)_(?![\s_]))"
    r"|\[(?P<label>[^\[\]]+)\]\((?P<url>[^()\s]+)\)"
    r"|<(?P<bare>https?://[^<>\s]+)>"
)
_ENDS = {
    "strong": re.compile(r"(?<=\S)\*?\*\*"),
    "star": re.compile(r"(?<![\s*])\*(?!\*)"),
    "line": re.compile(r"(?<![\s_])_(?!\w)"),
}
"""Where what one of the three begins may end."""
