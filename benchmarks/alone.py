"""What does one contestant weigh by itself? Started as a process of its own by `run.py`; prints one line of JSON.

Usage: python -m benchmarks.alone CONTESTANT TRAIN_TSV COUNT
"""

import json
import sys
import time
from pathlib import Path
from statistics import median

from benchmarks.contestants import CONTESTANTS, OURS
from benchmarks.data import grow, thin
from bot.index import build_index

# As many questions as tell a median; one costs the slowest contestant three seconds at a million phrasings.
QUESTIONS = {1_000: 200, 10_000: 100, 100_000: 40, 1_000_000: 15}


def main() -> None:
    """Learn from COUNT phrasings, answer some questions, tell time and memory."""
    name, path, size = sys.argv[1:]
    count = int(size)
    rows = [line.split("\t") for line in Path(path).read_text(encoding="utf-8").splitlines()]
    pairs = [(text, intent) for text, intent in rows]
    grown = grow(pairs, count)
    before = time.perf_counter()
    answer = CONTESTANTS[name](grown)
    fit = time.perf_counter() - before
    times = []
    for question, _ in thin(pairs, QUESTIONS.get(count, 100)):
        start = time.perf_counter()
        answer(f"{question} then")
        times.append(time.perf_counter() - start)
    figures = {"fit": fit, "query": 1000 * median(times), "memory": _peak(), "start": _start(name, grown)}
    print(json.dumps(figures))


def _peak() -> float:
    """Give the most memory held at once, in MB. `getrusage` would count what the parent held before the start."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


def _start(name: str, pairs: list[tuple[str, str]]) -> float:
    """Give the milliseconds until an index is ready from its cache; other contestants keep none."""
    if name != OURS:
        return 0.0
    if len(pairs) > 4_000:
        return 0.0
    memory = _Memory()
    build_index(pairs, memory=memory)
    before = time.perf_counter()
    build_index(pairs, memory=memory)
    return 1000 * (time.perf_counter() - before)


class _Memory(dict[str, str]):
    """Keeps what was learned as the cache does, without the disk."""

    def find(self, key: str) -> object:
        return json.loads(self[key]) if key in self else None

    def keep(self, key: str, value: object) -> None:
        self[key] = json.dumps(value)


if __name__ == "__main__":
    main()
