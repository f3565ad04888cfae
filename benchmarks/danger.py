"""How much of what people say of danger is heard? Counted by writer and class, as a Markdown table; run by hand.

    python -m benchmarks.danger [FOLDER] [--floors]

FOLDER holds a file for each writer (`tests/safety/blind`): sentences by what they are, as in `safety/held_out.yaml`,
which is counted beside them, though the thresholds were set on its ordinary ones. Each is heard with the encoder and
without it. The times are CPU milliseconds of a whole reply. `--floors` prints instead what `tests/safety/floors.yaml`
holds; the rows of `blind/` are counted, and never looked at.
"""

import argparse
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from statistics import median

import yaml

from bot import Bot
from bot.decide import is_urgent
from bot.likeness import measure
from bot.safety import Alert, Band, build_safety, find_danger

ROOT = Path(__file__).parent.parent
BLIND = ROOT / "tests" / "safety" / "blind"
HELD_OUT = ROOT / "safety" / "held_out.yaml"
READERS = ("both", "words")
"""Meaning and words together, and what is read where the extra `meaning` is not installed."""


class Heard(StrEnum):
    """What comes of a message; the most pressing first."""

    ALARM = "alarm"
    CAREFUL = "careful"
    CLINICIAN = "clinician"
    NOTHING = "nothing"


FIGURES: Mapping[str, frozenset[Heard]] = {
    "alarm": frozenset({Heard.ALARM}),
    "careful": frozenset({Heard.ALARM, Heard.CAREFUL}),
    "clinician": frozenset({Heard.CAREFUL, Heard.CLINICIAN}),
    "quiet": frozenset({Heard.CAREFUL, Heard.CLINICIAN, Heard.NOTHING}),
    "nothing": frozenset({Heard.NOTHING}),
}
"""What is counted: the urgent text; that, or the contact line first; a reply of the kind `clinician`; no alarm; nothing
beside an ordinary answer."""
DUE: Mapping[str, tuple[str, ...]] = {"clinician": ("clinician",), "ordinary": ("quiet", "nothing")}
"""The figures that must be high for a class; for every other it is the two of DANGER."""
DANGER = ("alarm", "careful")

Counts = Mapping[str, Counter[Heard]]
"""What came of the messages of each class."""


def main() -> None:
    """Count, and print what was counted."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=BLIND)
    parser.add_argument(
        "--floors", action="store_true", help="print floors instead: what is counted now, less its room"
    )
    args = parser.parse_args()
    bots = make_readers(Bot.load())
    if args.floors:
        print("\n".join(write_floors(count_all(list_writers(args.folder), bots))))
        return
    counts = count_all([*list_writers(args.folder), HELD_OUT], bots)
    print("\n".join([*write_table(counts), "", *write_times(bots)]))


def list_writers(folder: Path) -> list[Path]:
    """Give the files of a folder, one for each writer."""
    return sorted(folder.glob("*.yaml"))


def count_all(paths: Iterable[Path], bots: Mapping[str, Bot]) -> dict[str, dict[str, Counts]]:
    """Count what comes of each file, by reader and by the name of the file."""
    return {reader: {path.stem: count(path, bot) for path in paths} for reader, bot in bots.items()}


def make_readers(bot: Bot) -> dict[str, Bot]:
    """Give the bot, and one that reads words alone, as where the extra `meaning` is not installed."""
    knowledge = bot.knowledge
    alone = replace(knowledge.safety.likeness, encoder=None, heads=None)
    alone = replace(alone, **measure(alone, bot.content.safety.held_out, knowledge.index.read))
    index = replace(knowledge.index, encoder=None)
    frames = replace(knowledge.frames, aspects=replace(knowledge.frames.aspects, encoder=None))
    safety = build_safety(bot.content.safety, alone)
    words = Bot(replace(knowledge, index=index, frames=frames, safety=safety), bot.policy)
    return dict(zip(READERS, (bot, words), strict=True))


def count(path: Path, bot: Bot) -> Counts:
    """Count what comes of each sentence of a file."""
    groups: Mapping[str, Iterable[object]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {name: Counter(hear(str(text), bot) for text in texts) for name, texts in groups.items() if texts}


def hear(text: str, bot: Bot) -> Heard:
    """Say what comes of one message, said first in a conversation."""
    return judge(find_danger(bot.knowledge.index.read(text), bot.knowledge.safety).alert)


def judge(alert: Alert | None) -> Heard:
    """Say what comes of an alert."""
    if alert is None:
        return Heard.NOTHING
    if is_urgent(alert):
        return Heard.ALARM
    return Heard.CAREFUL if alert.band is Band.CAREFUL else Heard.CLINICIAN


def figure(name: str, heard: Counter[Heard]) -> int:
    """Give how many messages count for a figure."""
    return sum(heard[outcome] for outcome in FIGURES[name])


# --- floors -----------------------------------------------------------------------------------------------------------


def room(total: int) -> int:
    """Give by how many messages a figure may move: two of a hundred, but one at least."""
    return max(1, total // 50)


def write_floors(counts: Mapping[str, Mapping[str, Counts]]) -> Iterator[str]:
    """Give the lines of the file of floors."""
    yield "# Of so many messages of each writer and class (`of`), at least so many must be heard for what they are."
    yield "# Made by `python -m benchmarks.danger --floors`: what was counted, less two in a hundred, and one at least."
    for reader, writers in counts.items():
        yield f"\n{reader}:"
        for writer, classes in writers.items():
            yield f"  {writer}:"
            for name, heard in classes.items():
                total = heard.total()
                least = [f"{due}: {max(0, figure(due, heard) - room(total))}" for due in DUE.get(name, DANGER)]
                yield f"    {name}: {{of: {total}, {', '.join(least)}}}"


# --- tables -----------------------------------------------------------------------------------------------------------


def write_table(counts: Mapping[str, Mapping[str, Counts]]) -> Iterator[str]:
    """Give the rows of a table: each writer and class, then each class of all writers but the one held out."""
    figures = ("alarm", "careful", "clinician", "nothing")
    yield "| Writer | Class | Messages | " + " | ".join(f"{LABELS[name]}" for name in figures) + " |"
    yield "|---|---|---|" + "---|" * len(figures)
    for writer, classes in {**counts["both"], "*all blind*": {}}.items():
        of = {reader: counts[reader].get(writer) or add_up(counts[reader]) for reader in READERS}
        for name in classes or of["both"]:
            cells = [
                " / ".join(_share(figure(column, of[reader][name]), of[reader][name].total()) for reader in READERS)
                for column in figures
            ]
            yield f"| {writer} | {name} | {of['both'][name].total()} | " + " | ".join(cells) + " |"


LABELS = {
    "alarm": "alarm %, with the encoder / words alone",
    "careful": "alarm or careful",
    "clinician": "careful or clinician",
    "nothing": "none of them",
}


def add_up(writers: Mapping[str, Counts]) -> Counts:
    """Add up the blind writers."""
    total: dict[str, Counter[Heard]] = {}
    for writer, classes in writers.items():
        for name, heard in classes.items() if writer != HELD_OUT.stem else ():
            total[name] = total.get(name, Counter()) + heard
    return total


def _share(part: int, whole: int) -> str:
    return f"{100 * part / max(whole, 1):.0f}"


STORY = (
    "I had my second session on the jowls three weeks ago and the lady at the desk was very kind about the parking. "
    "My sister would like to come along next time. How long does one appointment take? "
)
"""A story of 194 characters that alarms nobody: what alarms is answered sooner."""


def write_times(bots: Mapping[str, Bot]) -> Iterator[str]:
    """Give the rows of a table of CPU times."""
    yield "| A message of | with the encoder, ms | words alone, ms |"
    yield "|---|---|---|"
    for length in (200, 2_000):
        text = (STORY * 11)[:length]
        cells = [f"{time_reply(text, bot):.0f}" for bot in bots.values()]
        yield f"| {length:,} characters | " + " | ".join(cells) + " |"


def time_reply(text: str, bot: Bot) -> float:
    """Give the CPU milliseconds of a reply: the median of eleven, after one that does not count."""
    times = []
    for _ in range(12):
        start = time.process_time()
        bot.reply(text)
        times.append(1000 * (time.process_time() - start))
    return median(times[1:])


if __name__ == "__main__":
    main()
