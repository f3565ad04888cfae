"""Which words mean the same to this bot? Each list is one meaning, and its first word stands for it."""

from collections.abc import Iterable, Sequence

from bot.matching.features import Term
from bot.words import split_words, stem


class Synonyms:
    """The words that stand for one another."""

    def __init__(self, groups: Iterable[Sequence[str]]) -> None:
        self.groups = tuple(tuple(group) for group in groups)
        self._plain: dict[tuple[str, ...], str] = {}
        spelt = [[split_words(synonym) for synonym in group] for group in self.groups]
        self.words = frozenset(word for group in spelt for words in group for word in words)
        """The words that they are made of."""
        for group in spelt:
            keys = [tuple(map(stem, words)) for words in group]
            for key in filter(None, keys):
                self._plain.setdefault(key, "_".join(keys[0]))
        self._longest: dict[str, int] = {}
        for first, *others in self._plain:
            self._longest[first] = max(self._longest.get(first, 0), 1 + len(others))

    def merge(self, terms: Sequence[Term]) -> Sequence[Term]:
        """Put the plain word in the place of each of its synonyms; the longest synonym first."""
        if not self._plain:
            return terms
        merged: list[Term] = []
        at = 0
        while at < len(terms):
            term, size = self._merge_at(terms, at) if terms[at][0] in self._longest else (terms[at], 1)
            merged.append(term)
            at += size
        return merged

    def _merge_at(self, terms: Sequence[Term], at: int) -> tuple[Term, int]:
        for size in range(min(self._longest[terms[at][0]], len(terms) - at), 0, -1):
            run = terms[at : at + size]
            if plain := self._plain.get(tuple(stem for stem, _ in run)):
                return (plain, min(sure for _, sure in run)), size
        return terms[at], 1
