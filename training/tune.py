"""How is the encoder fitted? The pretrained sentence encoder learns danger and questions together, from the same rows.

The vector of a text is the mean of its pieces' vectors, brought to length 1 (Reimers and Gurevych 2019). On it stand
five heads, each a logistic regression, and one point for each intent, which the vectors of its phrasings come near to.
"""

import math
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch.nn import functional
from transformers import AutoModel, AutoTokenizer, PreTrainedTokenizerBase

HEADS = {
    "alarm": {"crisis", "violence", "emergency", "today"},
    "crisis": {"crisis"},
    "violence": {"violence"},
    "emergency": {"emergency"},
    "clinician": {"clinician"},
}
"""The labels that each head says yes to."""
SCALE = 20.0
"""What a cosine counts in a choice among intents; the usual temperature of 0.05 (Gao et al. 2021, SimCSE)."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How it is fitted."""

    passes: int = 8
    batch: int = 32
    length: int = 128
    """Pieces of a text that are read; ten in a thousand rows are longer."""
    rate: float = 6e-5
    head_rate: float = 2e-3
    dropout: float = 0.1
    intents: float = 0.3
    """The weight of the choice among intents beside the heads; without it vectors lose what they knew of questions."""
    seed: int = 0


class Reader(torch.nn.Module):
    """The encoder with its heads."""

    def __init__(self, base: Path, intents: int, dropout: float) -> None:
        super().__init__()
        self.encoder = AutoModel.from_pretrained(base, dtype=torch.float32)
        self.heads = torch.nn.Linear(self.encoder.config.hidden_size, len(HEADS))
        self.intents = torch.nn.Parameter(0.05 * torch.randn(max(intents, 1), self.encoder.config.hidden_size))
        self.dropout = dropout

    def encode(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Give the vectors of length 1 of a batch."""
        hidden = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state
        return functional.normalize((hidden * mask.unsqueeze(-1)).sum(1), dim=1)

    def score(self, vectors: torch.Tensor) -> torch.Tensor:
        """Give the logits of the heads."""
        return self.heads(functional.dropout(SCALE * vectors, self.dropout, self.training))

    def choose(self, vectors: torch.Tensor) -> torch.Tensor:
        """Give what speaks for each intent."""
        return SCALE * vectors @ functional.normalize(self.intents, dim=1).T


def tune(
    base: Path,
    rows: Sequence[tuple[str, str, str]],
    settings: Settings,
    *,
    device: str = "cpu",
    start: Mapping[str, torch.Tensor] | None = None,
    tell: Callable[[str], None] = print,
) -> Reader:
    """Fit the encoder in `base` to rows of text, label and intent ("" for none), or go on from fitted weights."""
    torch.manual_seed(settings.seed)
    dice = random.Random(settings.seed)
    tokenizer = AutoTokenizer.from_pretrained(base)
    names = sorted({intent for _, _, intent in rows if intent})
    reader = Reader(base, len(names), settings.dropout)
    batches = _Batches(tokenizer, rows, names, settings, device)
    if start is not None:
        kept = {name: value.float() for name, value in start.items() if name != "intents"}
        reader.load_state_dict(kept, strict=False)
    reader.to(device)
    if start is not None:
        batches.place_intents(reader)
    groups = [
        {"params": reader.encoder.parameters(), "lr": settings.rate},
        {"params": [*reader.heads.parameters(), reader.intents], "lr": settings.head_rate},
    ]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01, fused=True)
    steps = settings.passes * math.ceil(len(rows) / settings.batch)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: _rate(step, steps))
    for number in range(settings.passes):
        reader.train()
        order = batches.shuffle(dice)
        total = sum(_step(reader, batches.make(batch), settings, optimizer, schedule) for batch in order)
        tell(f"pass {number + 1} of {settings.passes}: loss {total / len(order):.4f}")
    return reader.eval()


def _rate(step: int, steps: int) -> float:
    """Warm up for a tenth of the steps, then go down to a fiftieth."""
    return min(1.0, (step + 1) / (0.1 * steps)) * max(0.02, 1 - step / steps)


def _step(
    reader: Reader,
    batch: Sequence[torch.Tensor],
    settings: Settings,
    optimizer: torch.optim.Optimizer,
    schedule: torch.optim.lr_scheduler.LRScheduler,
) -> float:
    ids, mask, gold, intent = batch
    with torch.autocast(ids.device.type, dtype=torch.bfloat16, enabled=_has_bfloat16(ids.device.type)):
        vectors = reader.encode(ids, mask)
    vectors = vectors.float()
    loss = functional.binary_cross_entropy_with_logits(reader.score(vectors), gold)
    if settings.intents and (intent >= 0).any():
        loss = loss + settings.intents * functional.cross_entropy(reader.choose(vectors), intent, ignore_index=-1)
    optimizer.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(reader.parameters(), 1.0)
    optimizer.step()
    schedule.step()
    return float(loss.detach())


def _has_bfloat16(device: str) -> bool:
    """Say whether half the numbers' width is half the time; where it is only imitated it is fifteen times as much."""
    return device != "cpu" or bool(torch.cpu.get_capabilities().get("amx_bf16"))


class _Batches:
    """The rows as numbers, in batches of about the same length."""

    def __init__(
        self,
        tokenizer: PreTrainedTokenizerBase,
        rows: Sequence[tuple[str, str, str]],
        names: Sequence[str],
        settings: Settings,
        device: str,
    ) -> None:
        number = {name: at for at, name in enumerate(names)}
        self._ids = [tokenizer(text, truncation=True, max_length=settings.length)["input_ids"] for text, _, _ in rows]
        self._gold = [[float(label in labels) for labels in HEADS.values()] for _, label, _ in rows]
        self._intent = [number.get(intent, -1) for _, _, intent in rows]
        self._size = settings.batch
        self._device = device

    def shuffle(self, dice: random.Random) -> list[list[int]]:
        alike = sorted(range(len(self._ids)), key=lambda row: len(self._ids[row]) + 8 * dice.random())
        batches = [alike[first : first + self._size] for first in range(0, len(alike), self._size)]
        dice.shuffle(batches)
        return batches

    def place_intents(self, reader: Reader) -> None:
        """Put each intent amid the vectors of its phrasings: since the weights were fitted, some came and some went."""
        asked = sorted((row for row, number in enumerate(self._intent) if number >= 0), key=lambda r: len(self._ids[r]))
        sums = torch.zeros_like(reader.intents)
        with torch.no_grad():
            for first in range(0, len(asked), self._size):
                ids, mask, _, intent = self.make(asked[first : first + self._size])
                sums.index_add_(0, intent, reader.eval().encode(ids, mask))
            reader.intents.copy_(functional.normalize(sums, dim=1))

    def make(self, batch: Sequence[int]) -> tuple[torch.Tensor, ...]:
        ids = [self._ids[row] for row in batch]
        width = max(map(len, ids))
        return (
            torch.tensor([[*row, *[0] * (width - len(row))] for row in ids], device=self._device),
            torch.tensor([[1] * len(row) + [0] * (width - len(row)) for row in ids], device=self._device),
            torch.tensor([self._gold[row] for row in batch], device=self._device),
            torch.tensor([self._intent[row] for row in batch], device=self._device),
        )
