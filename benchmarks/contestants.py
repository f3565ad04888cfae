"""Who is measured? Each contestant learns from phrasings, then names an intent and how sure it is; all by default.

A contestant imports what it needs when it learns, so that one can be measured alone: its start, its memory.
"""

from collections.abc import Callable, Sequence
from functools import partial

Pair = tuple[str, str]
# One letter is a word too; the default leaves it out.
_WORD = r"\b\w+\b"
Answer = Callable[[str], tuple[str, float]]


def learn_ours(pairs: Sequence[Pair], *, meant: bool = False) -> Answer:
    """Learn with this project's matcher, by words alone or by words and meaning; its confidence is the score."""
    from bot.index import build_index  # noqa: PLC0415 - what one imports must not count for another
    from bot.match import find_match  # noqa: PLC0415 - what one imports must not count for another
    from bot.meaning import find_encoder  # noqa: PLC0415 - what one imports must not count for another

    index = build_index(pairs, encoder=find_encoder() if meant else None)

    def answer(question: str) -> tuple[str, float]:
        match = find_match(question, index)
        if not match.candidates:
            return "", 0.0
        intent, _, _phrasing = match.candidates[0]
        return str(intent), match.confidence

    return answer


def learn_ratio(scorer: str) -> Callable[[Sequence[Pair]], Answer]:
    """Make a contestant of one of RapidFuzz's scorers: the nearest phrasing decides."""

    def learn(pairs: Sequence[Pair]) -> Answer:
        from rapidfuzz import fuzz, process  # noqa: PLC0415 - what one imports must not count for another

        ratio = getattr(fuzz, scorer)
        phrasings = [phrasing for phrasing, _ in pairs]

        def answer(question: str) -> tuple[str, float]:
            _, score, place = process.extractOne(question, phrasings, scorer=ratio)
            return pairs[place][1], score / 100

        return answer

    return learn


def learn_bm25(pairs: Sequence[Pair]) -> Answer:
    """Rank phrasings by BM25; the first decides."""
    import bm25s  # noqa: PLC0415 - what one imports must not count for another

    ranker = bm25s.BM25()
    ranker.index(bm25s.tokenize([phrasing for phrasing, _ in pairs], show_progress=False), show_progress=False)

    def answer(question: str) -> tuple[str, float]:
        tokens = bm25s.tokenize(question, show_progress=False, return_ids=False)
        places, scores = ranker.retrieve(tokens, k=1, show_progress=False)
        return pairs[int(places[0][0])][1], float(scores[0][0])

    return answer


def learn_svm(pairs: Sequence[Pair]) -> Answer:
    """Learn a linear support vector machine on words and letters (scikit-learn)."""
    from sklearn.svm import LinearSVC  # noqa: PLC0415 - what one imports must not count for another

    return _learn_linear(pairs, LinearSVC())


def learn_logistic(pairs: Sequence[Pair]) -> Answer:
    """Learn a logistic regression on words and letters (scikit-learn)."""
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - what one imports must not count for another

    return _learn_linear(pairs, LogisticRegression(C=20, max_iter=300))


def _learn_linear(pairs: Sequence[Pair], classifier: object) -> Answer:
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415 - what one imports must not count for another
    from sklearn.pipeline import make_pipeline, make_union  # noqa: PLC0415 - what one imports must not count for another

    words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, token_pattern=_WORD)
    letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True)
    model = make_pipeline(make_union(words, letters), classifier)
    model.fit([phrasing for phrasing, _ in pairs], [intent for _, intent in pairs])
    decide = model.predict_proba if hasattr(model, "predict_proba") else model.decision_function

    def answer(question: str) -> tuple[str, float]:
        scores = decide([question])[0]
        place = int(scores.argmax())
        return str(model.classes_[place]), float(scores[place])

    return answer


OURS = "clinic-faq"
MEANT = "clinic-faq, with meaning"
YARDSTICK = "RapidFuzz WRatio"
CONTESTANTS: dict[str, Callable[[Sequence[Pair]], Answer]] = {
    OURS: learn_ours,
    MEANT: partial(learn_ours, meant=True),
    YARDSTICK: learn_ratio("WRatio"),
    "RapidFuzz token_set_ratio": learn_ratio("token_set_ratio"),
    "RapidFuzz token_sort_ratio": learn_ratio("token_sort_ratio"),
    "bm25s": learn_bm25,
    "LinearSVC, words and letters": learn_svm,
    "LogisticRegression, words and letters": learn_logistic,
}
