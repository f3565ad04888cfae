"""Is English told from what is not?"""

import pytest

from bot import Bot
from bot.language import is_english

ENGLISH = [
    "how long does it last",
    "price per session or per area",
    "laser los angeles price",
    "𝐡𝐨𝐰 𝐥𝐨𝐧𝐠 𝐝𝐨 𝐫𝐞𝐬𝐮𝐥𝐭𝐬 𝐥𝐚𝐬𝐭",
    "hоw lоng dоes it lаst",
    "i've had it done, we've a question",
    "my décolleté",
    "café?",
    "redness",
    "123",
    "vitamin c",
    "👍",
    "ok",
    "main side effects",
    "is it sure to last",
]
FOREIGN = [
    "wie lange hält das Ergebnis?",
    "сколько это стоит",
    "Fa male?",
    "c'est douloureux ?",
    "c’est cher ?",
    "это больно",
    "多少钱",
    "cuánto cuesta",
    "kostet das viel",
    "ile to kosztuje",
]


@pytest.mark.parametrize("text", ENGLISH)
def test_english_is_read(shipped: Bot, text: str):
    assert is_english(shipped.knowledge.index.read(text))


@pytest.mark.parametrize("text", FOREIGN)
def test_another_language_is_told(shipped: Bot, text: str):
    assert not is_english(shipped.knowledge.index.read(text))
