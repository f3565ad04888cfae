"""Is a start ever broken, or a file left behind, when those who write the cache are killed? Ends with 1 if so.

A writer writes the same 3 MB again and again, as many as for the content that ships, until it is killed with -9 at a
moment drawn by chance. Then comes the next start, and all that a killed writer can leave is looked for.

    python benchmarks/kills.py [--kills 1000] [--seed 1]
"""

import argparse
import os
import random
import signal
import sys
import tempfile
import time
from pathlib import Path

from bot import Bot
from bot.cache import write_whole

SMALL = Path(__file__).parent.parent / "tests" / "content" / "small"
NAME = "0" * 64 + ".json"
DATA = b"0123456789abcdef" * (3_000_000 // 16)
LONGEST = 0.03
"""Seconds until a writer is killed, at most; it has written a few times by then."""


def main() -> int:
    """Kill writers, start after each, tell what was found."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place, "cache")
        os.environ["CLINIC_FAQ_CACHE"] = str(folder)
        said = Bot.load(SMALL).reply("redness")
        kept = {folder / NAME, *folder.iterdir()}
        middle = faults = 0
        for _ in range(options.kills):
            _kill_a_writer(folder, chance.uniform(0, LONGEST))
            middle += not kept.issuperset(folder.iterdir())
            right = Bot.load(SMALL).reply("redness") == said
            faults += not (right and kept.issuperset(folder.iterdir()) and _is_whole(folder / NAME))
    print(
        f"{options.kills} kills, {middle} in the middle of a write: {faults} broken starts, files torn or left behind"
    )
    return int(faults > 0)


def _kill_a_writer(folder: Path, after: float) -> None:
    writer = os.fork()  # a copy of this process is there at once; a new one would first import everything
    if writer == 0:
        opened = os.open(folder, os.O_RDONLY)
        while True:
            write_whole(NAME, DATA, opened)
    time.sleep(after)
    os.kill(writer, signal.SIGKILL)
    os.waitpid(writer, 0)


def _is_whole(path: Path) -> bool:
    return not path.exists() or path.read_bytes() == DATA


if __name__ == "__main__":
    sys.exit(main())
