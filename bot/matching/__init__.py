"""How does a question find its intent? The parts that `bot/index.py` builds and `bot/match.py` asks.

words ─▶ vocabulary ─▶ features ─▶ ranking ─▶ confidence
(repairs,      (words,     (weights, learned; nearest phrasing)
synonyms)      pairs, kin)
"""
