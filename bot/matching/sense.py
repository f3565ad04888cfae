"""Which intents is a text near to in its meaning? Vectors of the phrasings are kept, and one row of weights an intent.

An intent's score is the cosine of its nearest phrasing and what a linear classifier says, learned in one step by least
squares (ridge regression on the intents as 1 and -1; Hoerl and Kennard 1970). On the validation splits of BANKING77,
CLINC150 and HWU64 with 10 phrasings an intent either alone orders intents worse than both, and both with the words
better than any two.
"""

import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from bot.meaning import Vectors

    Small = npt.NDArray[np.int8]

RIDGE = 1.0
"""What holds the weights back; 0.1 costs HWU64 two points, 3 costs BANKING77 one."""
STEPS = 127
"""A number of a vector is kept in one byte, in so many steps on either side of 0; the greatest fills them."""


@dataclass(frozen=True, slots=True, eq=False)
class Sense:
    """What the phrasings mean."""

    vectors: "Vectors"
    """One row a phrasing, of length 1, in the order of the intents."""
    begins: "npt.NDArray[np.int64]"
    """The phrasings of intent i stand from begins[i] on."""
    weights: "Vectors"
    """One row an intent, and in the last column what speaks for it whatever is asked."""
    kept: "Small"
    """The vectors, as they are kept."""

    def score(self, vector: "Vectors") -> list[float]:
        """Give what speaks for each intent: -2 to about 2."""
        import numpy as np  # noqa: PLC0415 - there only with the extra `meaning`

        nearest = np.maximum.reduceat(self.vectors @ vector, self.begins)
        scores: list[float] = (nearest + self.weights[:, :-1] @ vector + self.weights[:, -1]).tolist()
        return scores

    def find_nearest(self, vector: "Vectors", first: int, last: int) -> tuple[int, float]:
        """Give the nearest of the phrasings from first up to last, and its cosine, -1 to 1; the first of equals."""
        cosines = self.vectors[first:last] @ vector
        at = int(cosines.argmax())
        return first + at, float(cosines[at])

    def to_plain(self) -> dict[str, object]:
        """Give what JSON can hold: the bytes, as base64."""
        return {
            "vectors": binascii.b2a_base64(self.kept.tobytes(), newline=False).decode(),
            "weights": binascii.b2a_base64(self.weights.tobytes(), newline=False).decode(),
        }


def learn_sense(vectors: "Vectors", begins: Sequence[int]) -> Sense:
    """Learn from the vectors of the phrasings; those of intent i stand from begins[i] to begins[i + 1]."""
    import numpy as np  # noqa: PLC0415 - there only with the extra `meaning`

    greatest = np.maximum(np.abs(vectors).max(axis=1, keepdims=True), 1e-9)
    kept = np.round(vectors * (STEPS / greatest)).astype(np.int8)
    known = _grow(kept)
    owners = np.repeat(np.arange(len(begins) - 1), np.diff(begins))
    goals = np.where(owners[:, None] == np.arange(len(begins) - 1), 1.0, -1.0)
    rows = np.hstack([known, np.ones((len(known), 1))])
    weights = np.linalg.solve(rows.T @ rows + RIDGE * np.eye(rows.shape[1]), rows.T @ goals).T
    return Sense(known, np.array(begins[:-1]), np.ascontiguousarray(weights, np.float32), kept)


def recall_sense(plain: object, begins: Sequence[int]) -> Sense:
    """Take what was learned from the same phrasings before.

    Raises:
        ValueError: it is nothing of the kind.
    """
    import numpy as np  # noqa: PLC0415 - there only with the extra `meaning`

    match plain:
        case {"vectors": str(vectors), "weights": str(weights)}:
            kept = np.frombuffer(binascii.a2b_base64(vectors), np.int8)
            rows = np.frombuffer(binascii.a2b_base64(weights), np.float32)
        case _:
            raise ValueError("no vectors of phrasings")
    width, odd = divmod(len(kept), begins[-1])
    if odd or not width or len(rows) != (len(begins) - 1) * (width + 1) or not np.isfinite(rows).all():
        raise ValueError("the vectors are not those of these phrasings")
    kept = kept.reshape(-1, width)
    return Sense(_grow(kept), np.array(begins[:-1]), rows.reshape(-1, width + 1), kept)


def _grow(kept: "Small") -> "Vectors":
    """Give vectors of length 1 of those that are kept."""
    import numpy as np  # noqa: PLC0415 - there only with the extra `meaning`

    whole = kept.astype(np.float32)
    unit: Vectors = whole / np.maximum(np.linalg.norm(whole, axis=1, keepdims=True), 1e-9)
    return unit
