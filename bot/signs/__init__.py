"""How is a sign seen in a message? The parts that `bot/safety.py` asks.

typed ─▶ phrases ─▶ evidence
(words,   (where      (what speaks
slips)    families    against a sign:
stand)      denied, asked ...)
"""
