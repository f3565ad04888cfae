"""How does the matcher compare? One command, one run, side by side: `python -m benchmarks.run FOLDER`.

It reads intent data from FOLDER (see `data.py`), and writes `results.md` and `results.png` beside this file. With
`--largest 0` the growth part, which takes most of the time, is left out.
"""

import argparse
import datetime
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.contestants import CONTESTANTS, MEANT, OURS, YARDSTICK, Answer
from benchmarks.data import Task, misspell, read_tasks
from benchmarks.figures import Outcome, cover, miscalibrate, rate, tell_apart
from benchmarks.plot import draw

HERE = Path(__file__).parent
SIZES = (1_000, 10_000, 100_000, 1_000_000)
GROWING = (OURS, YARDSTICK, "bm25s")
# A logistic regression on 15,000 phrasings takes three minutes here, and tells little that the SVM does not.
NOT_IN_FULL = ("LogisticRegression, words and letters",)


@dataclass(frozen=True, slots=True)
class Row:
    """What one contestant reached on one task."""

    task: str
    name: str
    accuracy: float
    typos: float
    apart: float | None
    covered: float
    miss: float | None
    query: float
    fit: float


def main() -> None:
    """Measure all, write the table and the plot."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="a folder with one folder for each data set")
    parser.add_argument("--most", type=int, default=500, help="questions asked of each data set, at most")
    parser.add_argument("--sizes", nargs="*", default=["10-shot", "full"], help="5-shot, 10-shot, full")
    parser.add_argument("--only", nargs="*", default=list(CONTESTANTS), help="contestants, by name")
    parser.add_argument(
        "--largest", type=int, default=100_000, help="how far to grow: 1000 to 1000000, 0 for not at all"
    )
    parser.add_argument("--out", type=Path, default=HERE, help="where to write results.md and results.png")
    args = parser.parse_args()
    tasks = [task for task in read_tasks(args.folder, most=args.most) if task.name.split()[-1] in args.sizes]
    rows = [row for task in tasks for row in _measure_all(task, args.only)]
    source = args.folder / "clinc150" / "train-full.tsv"
    grown = _grow(source, args.largest) if source.exists() else {}
    args.out.mkdir(parents=True, exist_ok=True)
    (args.out / "results.md").write_text("\n".join(_report(rows, grown)) + "\n", encoding="utf-8")
    draw(rows, grown, args.out / "results.png")
    print("\n".join(_report(rows, grown)))


def _measure_all(task: Task, names: Sequence[str]) -> Iterator[Row]:
    for name in names:
        if not (task.name.endswith("full") and name in NOT_IN_FULL):
            yield _measure(task, name)
            print(task.name, name, file=sys.stderr)


def _measure(task: Task, name: str) -> Row:
    before = time.perf_counter()
    answer = CONTESTANTS[name](task.train)
    fit = time.perf_counter() - before
    chance = random.Random(1)
    misspelt = [(misspell(question, chance), intent) for question, intent in task.asked]
    query, clean = _ask(answer, task)
    _, typos = _ask(answer, Task(task.name, [], misspelt, []))
    return Row(
        task.name,
        name,
        accuracy=rate(clean),
        typos=rate(typos),
        apart=tell_apart(clean),
        covered=cover(clean),
        miss=miscalibrate(clean) if name in (OURS, MEANT) or "Logistic" in name else None,
        query=query,
        fit=fit,
    )


def _ask(answer: Answer, task: Task) -> tuple[float, list[Outcome]]:
    """Give the median milliseconds a question, and what came of each."""
    times: list[float] = []
    outcomes: list[Outcome] = []
    for question, right in [*task.asked, *((text, None) for text in task.out_of_scope)]:
        before = time.perf_counter()
        intent, score = answer(question)
        times.append(1000 * (time.perf_counter() - before))
        outcomes.append(Outcome(score, intent == right, right is not None))
    return median(times), outcomes


def _grow(source: Path, largest: int) -> dict[str, dict[int, dict[str, float]]]:
    """Measure contestants, each in a process of its own, as the list of phrasings grows."""
    return {name: {size: _measure_alone(name, source, size) for size in SIZES if size <= largest} for name in GROWING}


def _measure_alone(name: str, source: Path, size: int) -> dict[str, float]:
    print("growth", name, size, file=sys.stderr)
    command = [sys.executable, "-m", "benchmarks.alone", name, str(source), str(size)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=HERE.parent)
    return dict(json.loads(done.stdout))


def _report(rows: Sequence[Row], grown: dict[str, dict[int, dict[str, float]]]) -> Iterator[str]:
    today = datetime.datetime.now(tz=datetime.UTC).date()
    yield f"Measured on {today}, {os.cpu_count()} cores, Python {sys.version.split()[0]}."
    for task in dict.fromkeys(row.task for row in rows):
        yield from ("", f"### {task}", "")
        yield "| | accuracy | with typos | AUROC | cov95 | ECE | ms | x WRatio | fit s |"
        yield "|---|---|---|---|---|---|---|---|---|"
        held = [row for row in rows if row.task == task]
        yard = next((row.query for row in held if row.name == YARDSTICK), None)
        yield from (_write_row(row, yard) for row in held)
    if any(grown.values()):
        yield from _report_growth(grown)


def _write_row(row: Row, yard: float | None) -> str:
    cells = [
        row.name,
        f"{row.accuracy:.1f}",
        f"{row.typos:.1f}",
        "" if row.apart is None else f"{row.apart:.3f}",
        f"{row.covered:.1f}",
        "" if row.miss is None else f"{row.miss:.3f}",
        f"{row.query:.2f}",
        "" if yard is None else f"{row.query / yard:.3f}",
        f"{row.fit:.1f}",
    ]
    return f"| {' | '.join(cells)} |"


def _report_growth(grown: dict[str, dict[int, dict[str, float]]]) -> Iterator[str]:
    yield from ("", "### Growth: ms a question / s to learn / MB at the peak", "")
    sizes = list(grown[OURS])
    yield f"| phrasings | {' | '.join(f'{size:,}' for size in sizes)} |"
    yield "|---" * (len(sizes) + 1) + "|"
    for name, figures in grown.items():
        cells = [f"{figures[n]['query']:.2f} / {figures[n]['fit']:.1f} / {figures[n]['memory']:.0f}" for n in sizes]
        yield f"| {name} | {' | '.join(cells)} |"
    yield from (
        "",
        f"From its cache, the index of {sizes[0]:,} phrasings is ready in {grown[OURS][sizes[0]]['start']:.0f} ms.",
    )


if __name__ == "__main__":
    main()
