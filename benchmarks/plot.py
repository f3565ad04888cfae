"""How do the figures look? Accuracy side by side, and time as the phrasings grow."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import matplotlib as mpl

mpl.use("Agg")
import matplotlib.pyplot as plt

if TYPE_CHECKING:
    from benchmarks.run import Row


def draw(rows: "Sequence[Row]", grown: dict[str, dict[int, dict[str, float]]], path: Path) -> None:
    """Draw both into one picture."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(13, 5), layout="constrained")
    tasks = list(dict.fromkeys(row.task for row in rows))
    names = list(dict.fromkeys(row.name for row in rows))
    for number, name in enumerate(names):
        held = [(tasks.index(row.task), row.typos) for row in rows if row.name == name]
        left.barh(
            [place + 0.8 * number / len(names) for place, _ in held],
            [value for _, value in held],
            height=0.8 / len(names),
            label=name,
        )
    left.set(title="accuracy with typos, %", yticks=[place + 0.4 for place in range(len(tasks))], yticklabels=tasks)
    left.invert_yaxis()
    left.legend(fontsize=7, loc="upper center", bbox_to_anchor=(0.5, -0.08), ncols=4)
    for name, figures in grown.items():
        right.loglog(list(figures), [figure["query"] for figure in figures.values()], marker="o", label=name)
    right.set(title="milliseconds a question", xlabel="phrasings")
    if grown:
        right.legend(fontsize=7)
    figure.savefig(path, dpi=110)
