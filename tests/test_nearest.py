"""Is the quick search for the nearest phrasing the same as one that compares all?"""

import math

from hypothesis import given
from hypothesis import strategies as st

from bot.matching.ranking import Ranker, build_ranker
from bot.matching.synonyms import Synonyms
from bot.message import read_message

WORDS = ["laser", "redness", "price", "swelling", "session", "how", "the", "long", "sun", "cream", "pain", "of"]
phrasings = st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join)
pairs = st.lists(st.tuples(phrasings, st.sampled_from(["a", "b", "c"])), min_size=1, max_size=150)


def find_terms(ranker: Ranker, question: str) -> tuple[tuple[str, float], ...]:
    return ranker.rank(read_message(question, ranker.vocabulary)).terms


def slow(ranker: Ranker, terms: dict[str, float], places: range) -> float:
    """Give the best cosine, the long way."""
    held = ranker.phrasings
    asked = {
        held.numbers[stem]: sure * held.rarity[held.numbers[stem]]
        for stem, sure in terms.items()
        if stem in held.numbers
    }
    best = 0.0
    for place in places:
        weights = {number: held.rarity[number] for number in held.words[held.starts[place] : held.starts[place + 1]]}
        dot = sum(asked.get(number, 0.0) * weight for number, weight in weights.items())
        length = math.hypot(*asked.values()) * math.hypot(*weights.values())
        best = max(best, dot / length if length else 0.0)
    return best


@given(pairs, phrasings, st.sampled_from([0.6, 1.0]))
def test_the_nearest_phrasing_of_an_intent_is_found(pairs, question, sure):
    ranker = build_ranker(pairs, Synonyms(()))
    terms = {stem: sure if number == 0 else 1.0 for number, (stem, _) in enumerate(find_terms(ranker, question))}
    asked = ranker.phrasings.weigh(terms)
    for intent in range(len(ranker.intents)):
        places = range(ranker.phrasings.begins[intent], ranker.phrasings.begins[intent + 1])
        place, likeness = ranker.phrasings.find_best(asked, intent)
        assert place in places
        assert math.isclose(likeness, slow(ranker, terms, places), abs_tol=1e-5)


@given(pairs, phrasings)
def test_the_best_intent_of_all_is_found(pairs, question):
    ranker = build_ranker(pairs, Synonyms(()))
    terms = dict(find_terms(ranker, question))
    ranked = ranker.phrasings.rank_intents(ranker.phrasings.weigh(terms))
    best = max(ranked.values(), default=0.0)
    assert math.isclose(best, slow(ranker, terms, range(len(pairs))), abs_tol=1e-5)
