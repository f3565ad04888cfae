"""How do blocks reach the eye? Wrapped to the width, painted as far as the terminal can; everything shown goes here."""

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from itertools import groupby
from shutil import get_terminal_size
from typing import TextIO

from bot.channels.markdown import Look, Paragraph, Span

WIDEST = 88
"""Columns; longer lines are hard to follow with the eye."""
NARROWEST = 10
"""Columns below which wrapping would only make it worse."""

Row = tuple[Span, ...]


class Paint(Enum):
    """What the terminal is trusted with."""

    NOTHING = auto()
    """Text only: a pipe, a dumb terminal, a screen reader."""
    BRIGHTNESS = auto()
    """Bold and faint, but no colour: NO_COLOR."""
    COLOUR = auto()


@dataclass(frozen=True, slots=True)
class Screen:
    """Where a conversation is shown."""

    write: Callable[[str], None]
    width: Callable[[], int]
    """Columns, asked anew each time, since a window can be resized; 0 for lines of any length."""
    paint: Paint = Paint.NOTHING

    def show(self, blocks: Iterable[Paragraph]) -> None:
        """Show blocks, and an empty line below them."""
        rows = lay_out(blocks, self.width())
        if rows:
            self.write("".join(self._draw(row) + "\n" for row in [*rows, ()]))

    def alert(self, blocks: Iterable[Paragraph]) -> None:
        """Show what must not be overlooked: set between two lines, which needs no colour."""
        rule = (Span(("=" if self.paint is Paint.NOTHING else "━") * (self.width() or 60), Look.ALERT),)
        loud = tuple(Paragraph(tuple(_louder(span) for span in b.spans), b.marker, b.tight) for b in blocks)
        rows = [rule, *lay_out(loud, self.width()), rule, ()]
        self.write("".join(self._draw(row) + "\n" for row in rows))

    def _draw(self, row: Row) -> str:
        codes = _CODES[self.paint]
        return "".join(f"{codes[s.look]}{s.text}\x1b[0m" if codes.get(s.look) else s.text for s in row)


_LOUD = {Look.PLAIN: Look.STRONG, Look.EMPHASIS: Look.STRONG, Look.SOFT: Look.STRONG}
_CODES: Mapping[Paint, Mapping[Look, str]] = {
    Paint.NOTHING: {},
    Paint.BRIGHTNESS: {Look.STRONG: "\x1b[1m", Look.SOFT: "\x1b[2m", Look.EMPHASIS: "\x1b[3m", Look.ALERT: "\x1b[1m"},
    Paint.COLOUR: {
        Look.STRONG: "\x1b[1m",
        Look.SOFT: "\x1b[2m",
        Look.EMPHASIS: "\x1b[3m",
        Look.NUMBER: "\x1b[36m",
        Look.ALERT: "\x1b[1;31m",
    },
}


def open_screen(stream: TextIO, environ: Mapping[str, str] = os.environ, *, plain: bool = False) -> Screen:
    """Make a screen of a stream, as its terminal and the environment allow."""

    def write(text: str) -> None:
        stream.write(text)
        stream.flush()

    tty = stream.isatty()
    paint = Paint.NOTHING if plain else choose_paint(environ, tty=tty)
    return Screen(write, lambda: find_width(environ, tty=tty), paint)


def choose_paint(environ: Mapping[str, str], *, tty: bool, platform: str = sys.platform) -> Paint:
    """Choose by NO_COLOR, then FORCE_COLOR, then what the terminal says of itself."""
    dumb = is_dumb(environ) or (platform == "win32" and not environ.keys() & {"WT_SESSION", "TERM"})
    if environ.get("NO_COLOR"):
        return Paint.BRIGHTNESS if tty and not dumb else Paint.NOTHING
    if forced := environ.get("FORCE_COLOR"):
        return Paint.NOTHING if forced in ("0", "false") else Paint.COLOUR
    return Paint.COLOUR if tty and not dumb else Paint.NOTHING


def is_dumb(environ: Mapping[str, str]) -> bool:
    """Tell whether the terminal can only write one character after the other."""
    return environ.get("TERM", "").lower() in ("dumb", "unknown")


def find_width(environ: Mapping[str, str], *, tty: bool) -> int:
    """Give the columns to write in: COLUMNS, or the terminal's, but no wider than is read with ease; 0 in a pipe."""
    given = environ.get("COLUMNS", "")
    named = int(given) if given.isdecimal() and len(given) <= 9 else None  # Python refuses numbers of 5,000 digits
    if not tty and named is None:
        return 0
    columns = named or get_terminal_size().columns
    return max(NARROWEST, min(columns, WIDEST))


def lay_out(blocks: Iterable[Paragraph], width: int) -> list[Row]:
    """Wrap blocks into rows of at most so many columns; 0 for no limit. A web address is never broken."""
    rows: list[Row] = []
    for block in blocks:
        if rows and not block.tight:
            rows.append(())
        indent = measure(block.marker)
        room = max(1, width - indent) if width else sys.maxsize
        for number, row in enumerate(_wrap(block.spans, room)):
            before = Span(" " * indent if number else block.marker, Look.NUMBER)
            rows.append((before, *row) if indent else row)
    return rows


def measure(text: str) -> int:
    """Give the columns that a text takes: two for a wide character, none for one that sits on the one before.

    >>> measure("skin"), measure("皮膚"), measure("e\u0301"), measure("⚠\ufe0f"), measure("👩🏿‍🔧")
    (4, 4, 1, 2, 2)
    """
    if text.isascii():
        return len(text)
    from wcwidth import width  # noqa: PLC0415 - its tables take as long to import as an answer to find; most is ASCII

    return width(text)


def _wrap(spans: Sequence[Span], room: int) -> Iterator[Row]:
    row: list[Span] = []
    used = 0
    for word in _split_words(spans, room):
        columns = _measure_all(word)
        if row and used + 1 + columns > room:
            yield tuple(_join(row))
            row, used = [], 0
        if row:
            row.append(Span(" ", row[-1].look if row[-1].look is word[0].look else Look.PLAIN))
            used += 1
        row.extend(word)
        used += columns
    if row:
        yield tuple(_join(row))


def _split_words(spans: Iterable[Span], room: int) -> Iterator[Row]:
    """Part spans at the spaces; a word may hold several spans ("*this*,"), and one that is too long is cut."""
    word: list[Span] = []
    for span in spans:
        for number, part in enumerate(span.text.split(" ")):
            if number and word:
                yield from _cut(word, room)
                word = []
            if part:
                word.append(replace(span, text=part))
    if word:
        yield from _cut(word, room)


def _cut(word: Sequence[Span], room: int) -> Iterator[Row]:
    if _measure_all(word) <= room or "://" in "".join(span.text for span in word):
        yield tuple(word)
        return
    row: list[Span] = []
    used = 0
    for span in word:
        for sign in _split_signs(span.text, room):
            columns = measure(sign)
            if row and used + columns > room:
                yield tuple(_join(row))
                row, used = [], 0
            row.append(replace(span, text=sign))
            used += columns
    yield tuple(_join(row))


def _split_signs(text: str, room: int) -> Iterator[str]:
    """Part a text into what a reader takes for one sign; one that is wider than the room, into its characters."""
    if text.isascii():
        yield from text
        return
    from wcwidth import iter_graphemes  # noqa: PLC0415 - as above

    for sign in iter_graphemes(text):
        yield from (sign,) if measure(sign) <= room else sign


def _measure_all(spans: Iterable[Span]) -> int:
    return measure("".join(span.text for span in spans))


def _join(row: Iterable[Span]) -> Iterator[Span]:
    """Make one span of neighbours with the same look."""
    for look, spans in groupby(row, key=lambda span: span.look):
        yield Span("".join(span.text for span in spans), look)


def _louder(span: Span) -> Span:
    return replace(span, look=_LOUD.get(span.look, span.look))
