"""How is no text encoded twice? What an encoder gave is remembered, for as long as one turn or one learning lasts."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from bot.meaning import Encoder, Vectors


class Once:
    """An encoder that remembers. It holds what was typed: it is made for a turn, and goes with it."""

    def __init__(self, encoder: "Encoder") -> None:
        self._encoder = encoder
        self._known: dict[str, Vectors] = {}

    def encode(self, texts: Sequence[str]) -> "Vectors":
        """Give a vector of length 1 for each text."""
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        if new:
            self._known.update(zip(new, self._encoder.encode(new), strict=True))
        return np.array([self._known[text] for text in texts], np.float32)
