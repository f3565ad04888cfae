"""How is the encoder that ships run? A sentence transformer of six layers (MiniLM), in whole numbers of eight bits.

After Wang et al. 2020 (MiniLM) and Reimers and Gurevych 2019 (Sentence-BERT): the vector of a text is the mean of its
pieces' vectors. How it was made, and what it must not be used for, stands in MODEL.md.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from onnxruntime import InferenceSession, SessionOptions
from tokenizers import Tokenizer

from bot.meaning import WIDTH, BrokenFileError

if TYPE_CHECKING:
    from bot.meaning import Vectors

WINDOW = 254
"""Pieces that are read together; a longer text is read window by window, and none of it is left out."""


class MiniLM:
    """The encoder; safe to share between threads."""

    def __init__(self, model: Path, tokenizer: Path) -> None:
        """Open the files.

        Raises:
            BrokenFileError: one of them is not what was made, or they do not fit each other.
        """
        self._session = _open_model(model)
        self._tokenizer, self._begin, self._end = _open_tokenizer(tokenizer)
        try:
            tried = self.encode(["Does it read?"])
        except Exception:  # noqa: BLE001 - the runtime has many errors of its own
            raise BrokenFileError(model, f"does not work with {tokenizer.name}") from None
        if tried.shape != (1, WIDTH) or not np.isfinite(tried).all():
            raise BrokenFileError(model, "gives no vectors")

    def encode(self, texts: Sequence[str]) -> "Vectors":
        """Give a vector of length 1 for each text, as rows of WIDTH numbers."""
        sums = np.array([sum(map(self._add_up, self._windows(text))) for text in texts], np.float32)
        sums = sums.reshape(len(texts), WIDTH)
        unit: Vectors = sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-9)
        return unit

    def _windows(self, text: str) -> Iterator[list[int]]:
        clean = text.encode("utf-8", "replace").decode()  # a lone surrogate is no text
        ids = self._tokenizer.encode(clean, add_special_tokens=False).ids
        for first in range(0, max(len(ids), 1), WINDOW):
            yield [self._begin, *ids[first : first + WINDOW], self._end]

    def _add_up(self, window: Sequence[int]) -> "Vectors":
        """Give the sum of the vectors of a window's pieces.

        One window at a time: in whole numbers of eight bits a text's vector would depend on its neighbours in a batch,
        and beside a long one a short one would cost as much.
        """
        ids = np.array([window], np.int64)
        (sums,) = self._session.run(["sums"], {"ids": ids, "mask": np.ones_like(ids)})
        return np.asarray(sums[0], np.float32)


def _open_model(path: Path) -> InferenceSession:
    options = SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1  # the server has threads of its own
    try:
        return InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception:  # noqa: BLE001 - the runtime has many errors of its own
        raise BrokenFileError(path) from None


def _open_tokenizer(path: Path) -> tuple[Tokenizer, int, int]:
    """Open the tokenizer; give it with the numbers of the pieces that begin and end a text."""
    try:
        tokenizer = Tokenizer.from_file(str(path))
    except Exception:  # noqa: BLE001 - it raises nothing more exact
        raise BrokenFileError(path) from None
    begin, end = tokenizer.token_to_id("[CLS]"), tokenizer.token_to_id("[SEP]")
    if begin is None or end is None:
        raise BrokenFileError(path, "is another tokenizer's")
    return tokenizer, begin, end
