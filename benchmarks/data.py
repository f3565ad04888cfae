"""What is measured on? Folders of `text<TAB>intent` lines; typing errors and longer lists are made of them, by seed."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

Pair = tuple[str, str]
_Row = TypeVar("_Row")
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
# Each word of four letters or more is misspelt with this chance: once in a question of ordinary length.
TYPO_CHANCE = 0.15


@dataclass(frozen=True, slots=True)
class Task:
    """One data set at one size."""

    name: str
    train: list[Pair]
    asked: list[Pair]
    """Questions and the intents that are right."""
    out_of_scope: list[str]


def read_tasks(folder: Path, *, most: int) -> Iterator[Task]:
    """Read every data set of a folder, in each size; of the questions take at most so many, evenly spread."""
    for place in sorted(path for path in folder.iterdir() if path.is_dir()):
        asked = thin(_read_pairs(_choose(place, ("test.tsv", "valid.tsv"))), most)
        other = _choose(place, ("out-of-scope-test.txt", "out-of-scope-valid.txt"))
        out_of_scope = thin(other.read_text(encoding="utf-8").splitlines(), most) if other.exists() else []
        for size in ("5-shot", "10-shot", "full"):
            train = place / f"train-{size}.tsv"
            if train.exists():
                yield Task(f"{place.name} {size}", _read_pairs(train), asked, out_of_scope)


def thin(rows: Sequence[_Row], most: int) -> list[_Row]:
    """Take at most so many rows, evenly spread."""
    return [rows[number * len(rows) // most] for number in range(most)] if len(rows) > most else list(rows)


def misspell(text: str, chance: random.Random) -> str:
    """Misspell some words: two letters swapped, one left out, one doubled, or a neighbouring key."""
    return " ".join(
        _slip(word, chance) if len(word) >= 4 and chance.random() < TYPO_CHANCE else word for word in text.split(" ")
    )


def grow(pairs: Sequence[Pair], count: int) -> list[Pair]:
    """Make a list of any length: the phrasings again and again, each time with one to three words replaced."""
    chance = random.Random(1)
    words = sorted({word for phrasing, _ in pairs for word in phrasing.split()})
    grown = list(pairs[:count])
    while len(grown) < count:
        phrasing, intent = pairs[len(grown) % len(pairs)]
        parts = phrasing.split()
        for _ in range(chance.randint(1, 3)):
            parts[chance.randrange(len(parts))] = chance.choice(words)
        grown.append((" ".join(parts), intent))
    return grown


def _choose(place: Path, names: Sequence[str]) -> Path:
    """Take the test split where there is one, else the validation split."""
    return next((place / name for name in names if (place / name).exists()), place / names[-1])


def _read_pairs(path: Path) -> list[Pair]:
    rows = (line.split("\t") for line in path.read_text(encoding="utf-8").splitlines())
    return [(text, intent) for text, intent in rows]


def _slip(word: str, chance: random.Random) -> str:
    at = chance.randrange(len(word) - 1)
    kind = chance.choice(("swap", "drop", "double", "neighbour"))
    if kind == "swap":
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    if kind == "drop":
        return word[:at] + word[at + 1 :]
    if kind == "double":
        return word[:at] + word[at] + word[at:]
    return word[:at] + _neighbour(word[at], chance) + word[at + 1 :]


def _neighbour(letter: str, chance: random.Random) -> str:
    row = next((row for row in _ROWS if letter in row), letter)
    at = row.index(letter)
    return chance.choice((row[max(at - 1, 0) : at] + row[at + 1 : at + 2]) or letter)
