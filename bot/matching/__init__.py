"""How does a message find its intent? The parts that `bot/index.py` builds and `bot/match.py` asks.

message ─▶ synonyms ─▶ features ─▶ ranking ─▶ confidence
                       (words,     (weights, learned; nearest phrasing)
                       pairs, kin)
"""
