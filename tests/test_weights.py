"""Do the weights tell intents apart, and does the confidence mean what it says?"""

import math
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.matching.confidence import Case, calibrate, fit
from bot.matching.features import make_features
from bot.matching.ranking import build_ranker
from bot.matching.synonyms import Synonyms
from bot.matching.weights import Task, learn


def test_what_is_learned_ranks_every_phrasing_right():
    vectors = [((0, 1), (0.6, 0.8)), ((0, 2), (0.6, 0.8)), ((0, 3), (0.6, 0.8))]
    rows = learn(Task(vectors, [0, 1, 2], features=4, intents=3))
    for (features, values), owner in zip(vectors, range(3), strict=True):
        scores = [sum(rows[f].get(i, 0.0) * v for f, v in zip(features, values, strict=True)) for i in range(3)]
        assert max(range(3), key=scores.__getitem__) == owner


def test_a_feature_of_many_phrasings_is_learned_like_one_of_few():
    pair = [((0, 1), (0.8, 0.6)), ((0, 2), (0.8, 0.6))]
    few = learn(Task(pair * 4, [0, 1] * 4, features=3, intents=2))
    many = learn(Task(pair * 30, [0, 1] * 30, features=3, intents=2))
    assert few[1][0] > 0 > few[1][1]
    assert many[1][0] > 0 > many[1][1]
    assert math.isclose(few[0][0], few[0][1], abs_tol=0.2)


words = st.lists(st.sampled_from(["how", "long", "redness", "~x", "price"]), max_size=8)


@given(words)
def test_a_feature_is_never_surer_than_its_words(stems):
    features = make_features([(stem, 0.5) for stem in stems])
    assert all(0 < weight <= 0.5 for weight in features.values())


def test_confidence_follows_what_was_right():
    cases = [
        Case((strength / 50, 0.5), right=turn < 20 * strength / 50, in_scope=True)
        for strength in range(51)
        for turn in range(20)
    ]
    curve = fit(cases)
    assert curve.read((0.9, 0.5)) == pytest.approx(0.9, abs=0.08)
    assert curve.read((0.1, 0.5)) == pytest.approx(0.1, abs=0.08)


def test_too_few_phrasings_give_no_curve():
    assert calibrate([("one", "a"), ("two", "b")], partial(build_ranker, synonyms=Synonyms(())), (), {}) is None
