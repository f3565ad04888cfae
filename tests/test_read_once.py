"""Is each message read once, whatever comes of it, and is no message dear?"""

import pytest

import bot.message
import bot.words
from benchmarks.worst import count_calls
from bot import Bot, Kind
from bot.language import is_english
from bot.match import find_match
from bot.turn import drop_lead, find_units

ORDINARY = "how long does the redness last after a session on my neck?"


@pytest.fixture
def texts(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """Write down which texts are normalised and split."""
    seen: dict[str, list[str]] = {"normalise": [], "find_tokens": [], "split_words": []}

    def watch(module: object, name: str, key: str) -> None:
        real = getattr(module, name)

        def watched(text: str) -> object:
            seen[key].append(text)
            return real(text)

        monkeypatch.setattr(module, name, watched)

    watch(bot.message, "normalise", "normalise")
    watch(bot.message, "find_tokens", "find_tokens")
    watch(bot.words, "normalise", "split_words")
    return seen


@pytest.mark.parametrize(
    ("before", "message", "sentences"),
    [
        ("", "how much is it", ["how much is it"]),
        ("how long does redness last", "and is it common?", ["and is it common?"]),
        ("how long does the redness last", "and the swelling", ["and the swelling"]),
        (
            "",
            "Does it hurt? How much is it, and will it last?",
            ["does it hurt?", "how much is it, and will it last?"],
        ),
    ],
)
def test_a_message_is_normalised_and_split_once(shipped: Bot, texts, before: str, message: str, sentences: list[str]):
    context = shipped.reply(before).context if before else None
    for seen in texts.values():
        seen.clear()
    shipped.reply(message, context)
    assert [text.lower() for text in texts["normalise"]] == sentences
    assert texts["find_tokens"] == sentences
    assert texts["split_words"] == []


WORST = {
    "one letter that becomes six": "my skin is dry on my cheek " + "\u3316" * 1970,
    "letters that become eighteen": "\ufdfa\u3316\ufb03' " * 400,
    "syllables that become letters": "\uac01\uac71 " * 660,
    "syllables in one word": "\uac01" * 660,
    "words run together": "withamountplateletcrowsendsunblockcancellationablativehandprimeprotect" * 28,
    "a long run of words": "withamountplateletcrowsendsunblockcancellationablativehandprimeprotect" * 7,
    "letters one by one": "a b c d " * 250,
    "letters between commas": "a," * 1000,
    "one question after the other": "is it? " * 285,
    "questions joined": "and is it " * 200,
    "words nearly known": " ".join(f"swel{a}en red{b}ess" for a in "abcdefgh" for b in "abcdefghij")[:2000],
    "words that nobody knows": " ".join(f"{a}{b}qxzwvkj" for a in "bcdfghjklmnp" for b in "bcdfghjklmnpqrst")[:2000],
    "words as long as any": "qwertyuiopasdfghjklzxcvbnmqwertyuiopasdf " * 48,
    "pictures": "\U0001f62d" * 2000,
    "marks": "?!.,;:'" * 285,
    "references": "&#39;&amp;" * 200,
    "invisible letters": "a\u200b\u0301" * 666,
    "figures for letters": "h0w l0ng 1s 5w3ll1ng " * 95,
}


@pytest.mark.parametrize("text", WORST.values(), ids=WORST)
def test_hz38_no_message_takes_more_than_fifty_times_an_ordinary_one(shipped: Bot, text: str):
    def read(message: str) -> None:
        understood = shipped.knowledge.index.read(message[:2000])
        find_units(drop_lead(understood))
        is_english(understood)
        find_match(understood, shipped.knowledge.index)

    for message in (ORDINARY, text):
        read(message)  # what is made when it is first needed is made now
    assert count_calls(lambda: read(text)) <= 50 * count_calls(lambda: read(ORDINARY))


def test_hz08_what_is_too_long_once_normalised_is_refused_and_not_cut(shipped: Bot):
    for letter, count in (("\u3316", 400), ("\ufdfa", 150), ("\uac01", 700)):
        text = "my skin is dry on my cheek " + letter * count
        assert len(text) < 2000
        reply = shipped.reply(text)
        assert reply.kind is Kind.FALLBACK
        assert reply.context.said == ("bot.md#too-long",)
