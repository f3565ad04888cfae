"""How are phrasings kept so that a question finds them fast? They go in once; nothing is changed afterwards."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from bot.confidence import Curve, calibrate
from bot.ranking import Ranker, build_ranker
from bot.vocabulary import Synonyms


@dataclass(frozen=True, slots=True, eq=False)
class Index:
    """Phrasings and their intents, ready to be searched."""

    ranker: Ranker
    curve: Curve | None
    """None where there were too few phrasings to measure a confidence."""
    out_of_scope: frozenset[str]
    """Intents whose being best means that the question should not be answered."""


def build_index(
    pairs: Iterable[tuple[str, str]],
    *,
    synonyms: Iterable[Sequence[str]] = (),
    out_of_scope: Collection[str] = (),
) -> Index:
    """Build an index from pairs of phrasing and intent.

    `synonyms` are lists of words that mean the same. `out_of_scope` names the intents that hold what must not be
    answered.
    """
    pairs = list(pairs)
    same = Synonyms(synonyms)
    return Index(build_ranker(pairs, same), calibrate(pairs, same, out_of_scope), frozenset(out_of_scope))
