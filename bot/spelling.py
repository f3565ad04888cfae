"""Which known words may a misspelt word stand for? It looks where neighbours can be; it never scans all words."""

from collections import defaultdict
from collections.abc import Mapping
from functools import cached_property

from rapidfuzz import process
from rapidfuzz.distance import OSA

# A word of up to three letters is one slip away from a dozen others ("sun", "son", "fun"): repairing it does harm.
SHORTEST = 4
# Two slips are looked for in long words only, and only where the first letter was hit: writers rarely miss that one
# (Pollock and Zamora 1984: 3.3 % of misspellings; Kukich 1992).
SHORTEST_FOR_TWO = 8
MOST_READINGS = 3


class Speller:
    """The known words, ready to be searched for the neighbours of an unknown one."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        self._counts = counts

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

    def split(self, word: str) -> tuple[str, str] | None:
        """Part a word that was run together from two known ones; the pair whose rarer half is commonest wins."""
        halves = [
            (word[:at], word[at:])
            for at in range(2, len(word) - 1)
            if word[:at] in self._counts and word[at:] in self._counts
        ]
        return max(halves, key=lambda pair: min(self._counts[part] for part in pair), default=None)

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
