"""Which known words may a misspelt word stand for? It looks where neighbours can be; it never scans all words."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from functools import cached_property
from itertools import chain

from rapidfuzz import process
from rapidfuzz.distance import OSA

# A word of up to three letters is one slip away from a dozen others ("sun", "son", "fun"): repairing it does harm.
SHORTEST = 4
# Two slips are looked for in long words only, and only where the first letter was hit: writers rarely miss that one
# (Pollock and Zamora 1984: 3.3 % of misspellings; Kukich 1992).
SHORTEST_FOR_TWO = 8
MOST_READINGS = 3
SHORTEST_PARTED, SHORTEST_ALONE = 16, 8
"""Letters from which an unknown word, or a message without spaces, may be more than two that were run together."""
LONGEST_PIECE = 16
SHORTEST_MEAN, SHORTEST_MEAN_ALONE = 3.0, 2.2
"""Letters that the parts of a run-together word have in the mean: shorter ones fit into any long word. A message
without spaces is no long word."""
MOST_STRAY = 1 / 8
"""So many letters of a message without spaces may belong to no word; of a long word, half as many."""
STRAY = 4.0
"""What a letter costs that belongs to no word, where a word costs one to two."""


class Speller:
    """The known words, ready to be searched for the neighbours of an unknown one.

    `beside` are words that nothing is taken for a slip of, but that may be run together with others.
    """

    def __init__(self, counts: Mapping[str, int], *, beside: Collection[str] = ()) -> None:
        self._counts = counts
        self._beside = beside

    def find_nearest(self, word: str) -> tuple[tuple[str, float], ...]:
        """Give known words one slip away (two for long words), the nearest first, each with its likeness from 0 to 1.

        A slip is a letter left out, put in, swapped with its neighbour, or mistyped. Ties go to the commoner word.
        """
        if len(word) < SHORTEST or not word.isalpha():
            return ()
        near = dict.fromkeys(self._one_slip(word), 1)
        if not near and len(word) >= SHORTEST_FOR_TWO:
            near = dict.fromkeys(self._two_slips(word), 2)
        ranked = sorted(near, key=lambda known: (near[known], -self._counts[known], known))
        return tuple((known, 1 - near[known] / max(len(word), len(known))) for known in ranked[:MOST_READINGS])

    def part(self, word: str, *, alone: bool = False) -> list[str]:
        """Part a word that was run together from known ones; an empty list where too much of it stays unknown.

        Two known words come first, the pair whose rarer half is commonest; then any number, by the cheapest way through
        the letters: a long word costs least, a stray letter most. `alone` says that it is a message without spaces.
        """
        halves = [
            [word[:at], word[at:]]
            for at in range(2, len(word) - 1)
            if word[:at] in self._counts and word[at:] in self._counts
        ]
        if halves or len(word) < (SHORTEST_ALONE if alone else SHORTEST_PARTED):
            return max(halves, key=lambda pair: min(self._counts[half] for half in pair), default=[])
        parts = self._walk(word)
        stray = sum(len(piece) == 1 and piece not in "ia" for piece in parts)
        share, mean = (MOST_STRAY, SHORTEST_MEAN_ALONE) if alone else (MOST_STRAY / 2, SHORTEST_MEAN)
        return parts if stray <= len(word) * share and len(word) / len(parts) >= mean and len(parts) > 1 else []

    def _walk(self, word: str) -> list[str]:
        """Give the cheapest way through the letters."""
        prices = self._prices
        best: list[tuple[float, int]] = [(0.0, 0)]
        for end in range(1, len(word) + 1):
            cheapest = best[end - 1][0] + (2.0 if word[end - 1] in "ia" else STRAY), end - 1
            for start in range(max(0, end - LONGEST_PIECE), end - 1):
                if price := prices.get(word[start:end]):
                    cheapest = min(cheapest, (best[start][0] + price, start))
            best.append(cheapest)
        parts: list[str] = []
        end = len(word)
        while end:
            parts.append(word[best[end][1] : end])
            end = best[end][1]
        return parts[::-1]

    @cached_property
    def _prices(self) -> dict[str, float]:
        """What it costs to take some letters for a word; a word with an ending is one too."""
        forms = (word + ending for word in self._counts if len(word) > 3 for ending in ("s", "ed", "ing"))
        return {piece: 1.0 if len(piece) > 3 else 1.5 for piece in chain(self._counts, self._beside, forms)}

    def _one_slip(self, word: str) -> list[str]:
        """Look where words meet that lost a letter each (a deletion neighbourhood; Garbe's SymSpell)."""
        meeting = set(self._by_deletion.get(word, ()))
        for shorter in _deletions(word):
            meeting.update(self._by_deletion.get(shorter, ()))
            if shorter in self._counts:
                meeting.add(shorter)
        return [known for known in meeting if OSA.distance(word, known, score_cutoff=1) <= 1]

    def _two_slips(self, word: str) -> list[str]:
        found: list[str] = []
        for length in range(len(word) - 2, len(word) + 3):
            block = self._by_start.get((word[0], length), ())
            hits = process.extract(word, block, scorer=OSA.distance, score_cutoff=2, limit=None)
            found += [known for known, _, _ in hits]
        return found

    @cached_property
    def _by_deletion(self) -> dict[str, list[str]]:
        table: defaultdict[str, list[str]] = defaultdict(list)
        for known in self._counts:
            if len(known) >= SHORTEST - 1 and known.isalpha():
                for shorter in _deletions(known):
                    table[shorter].append(known)
        return dict(table)

    @cached_property
    def _by_start(self) -> dict[tuple[str, int], list[str]]:
        table: defaultdict[tuple[str, int], list[str]] = defaultdict(list)
        for known in self._counts:
            if known.isalpha():
                table[known[0], len(known)].append(known)
        return dict(table)


def _deletions(word: str) -> set[str]:
    return {word[:at] + word[at + 1 :] for at in range(len(word))}
