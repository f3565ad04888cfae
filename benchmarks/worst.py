"""Which message takes longest? A bounded search, at random and then by breeding the dearest; run by hand.

    python -m benchmarks.worst [--rounds 30] [--each 40] [--seed 1]

Work is counted in calls of functions, so that a busy machine finds the same messages as an idle one; what is printed
last are the dearest messages, as multiples of an ordinary question of 60 characters, in calls and in time. A message
that comes out far above the others belongs into `tests/test_read_once.py`.
"""

import argparse
import random
import sys
import time
from collections.abc import Callable, Sequence
from heapq import nlargest

from bot import Bot, Context
from bot.matching.ranking import Ranker

ORDINARY = "how long does the redness last after a session on my neck?"
LONGEST = 2_000
KEPT = 12
"""So many of the dearest are bred on, and shown."""
ALPHABETS = (
    "abcdefghijklmnopqrstuvwxyz",
    "aeiou",
    "0123457@$",
    "\uac00\uac01\ud7a3",
    "\u3316\ufdfa\u3300\ufb03",
    "сколькоэтт",
    "漢字仮名",
    "\u0301\u0308\u200b\u00ad",
    "😭👍❤🙏",
    ".,;:!?…/()'-_&#",
    "\x00\x1b[31m\n\t",
    "ÀÉÎÕÜßøł",
)
JOINTS = ("", " ", "  ", ", ", ". ", "? ", "' ", "-", "\n", " and ", " or is it ", "&#39;", "'s ")


def main() -> None:
    """Search, and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--each", type=int, default=40, help="messages tried in each round")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    bot = Bot.load()
    contexts = [Context(), bot.reply("how long does the redness last").context]
    chance = random.Random(args.seed)
    words = _list_words(bot.knowledge.index.ranker)
    bot.reply("xylophoneisnowordofours")  # what is made when it is first needed is made now
    costs: dict[tuple[str, int], int] = {}
    tried = [(_invent(chance, words), chance.randrange(2)) for _ in range(args.each)]
    for number in range(args.rounds):
        for text, which in tried:
            costs[text, which] = count_calls(lambda: bot.reply(text, contexts[which]))  # noqa: B023 - called at once
        best = nlargest(KEPT, costs, key=costs.__getitem__)
        print(f"round {number + 1}: {costs[best[0]]} calls", file=sys.stderr)
        bred = [(_breed(chance, [text for text, _ in best], words), chance.randrange(2)) for _ in range(args.each // 2)]
        tried = bred + [(_invent(chance, words), chance.randrange(2)) for _ in range(args.each - len(bred))]
    usual = count_calls(lambda: bot.reply(ORDINARY)), _measure(lambda: bot.reply(ORDINARY))
    for text, which in best:
        took = _measure(lambda: bot.reply(text, contexts[which]))  # noqa: B023 - called at once
        print(f"{costs[text, which] / usual[0]:6.1f} x calls {took / usual[1]:6.1f} x time  {which} {text[:90]!r}")


def count_calls(do: Callable[[], object]) -> int:
    """Count the calls of functions."""
    calls = 0

    def note(_frame: object, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(note)
    try:
        do()
    finally:
        sys.setprofile(None)
    return calls


def _measure(do: Callable[[], object]) -> float:
    times = []
    for _ in range(3):
        start = time.process_time()
        do()
        times.append(time.process_time() - start)
    return min(times)


def _list_words(ranker: Ranker) -> list[str]:
    return sorted(word for word in ranker.vocabulary.counts if word.isalpha())


def _invent(chance: random.Random, words: Sequence[str]) -> str:
    """Make a message of one to three kinds of stretches."""
    text = ""
    for _ in range(chance.randint(1, 3)):
        make = chance.choice((_repeat, _spell, _slip, _run_together, _tell))
        text += make(chance, words) * chance.choice((1, 1, 5, 50))
    return (text * (LONGEST // max(len(text), 1) + 1))[:LONGEST] if chance.random() < 0.7 else text[:LONGEST]


def _repeat(chance: random.Random, words: Sequence[str]) -> str:
    return (chance.choice(words) + chance.choice(JOINTS)) * chance.randint(1, 200)


def _spell(chance: random.Random, _words: Sequence[str]) -> str:
    letters = chance.choice(ALPHABETS)
    joint = chance.choice(JOINTS)
    return joint.join("".join(chance.choices(letters, k=chance.randint(1, 45))) for _ in range(chance.randint(1, 200)))


def _slip(chance: random.Random, words: Sequence[str]) -> str:
    """Make words that are nearly known: one letter is wrong, or two."""
    slipped = []
    for word in chance.choices([word for word in words if len(word) > 4], k=chance.randint(1, 200)):
        letters = list(word)
        for _ in range(chance.randint(1, 2)):
            letters[chance.randrange(len(letters))] = chance.choice(ALPHABETS[0])
        slipped.append("".join(letters))
    return chance.choice(JOINTS[1:]).join(slipped)


def _run_together(chance: random.Random, words: Sequence[str]) -> str:
    size = chance.randint(2, 30)
    runs = ("".join(chance.choices(words, k=size)) for _ in range(chance.randint(1, 30)))
    return chance.choice(JOINTS).join(runs)


def _tell(chance: random.Random, words: Sequence[str]) -> str:
    return chance.choice(JOINTS[1:]).join(chance.choices(words, k=chance.randint(5, 300)))


def _breed(chance: random.Random, parents: Sequence[str], words: Sequence[str]) -> str:
    """Cross two messages, or change a stretch of one."""
    one, other = chance.choice(parents), chance.choice(parents)
    cut = chance.randrange(len(one) + 1)
    if chance.random() < 0.5:
        return (one[:cut] + other[chance.randrange(len(other) + 1) :])[:LONGEST]
    return (one[:cut] + _invent(chance, words)[: chance.randint(1, 300)] + one[cut:])[:LONGEST]


if __name__ == "__main__":
    main()
