"""Which words does a text hold? Text goes in, words come out; what they mean to an intent is no business of this file.

The same words must come out of a phrasing and of the question that repeats it in other dress: contracted or spelt out,
with or without greeting, British or American, singular or plural.
"""

import re
from collections.abc import Sequence

from bot.text import normalise

# A longer message is cut in the middle: what is asked stands at its start or at its end, and a story costs no more
# time.
LONGEST_TEXT = 4000
MOST_WORDS = 160

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")

# What is left of the apostrophe keeps its meaning; people leave the apostrophe out, so both spellings are listed
# unless the bare one is a word of its own ("were", "well", "its", "id", "wed", "shed", "hell", "ill").
_CONTRACTIONS = {
    "can't": "can not", "cant": "can not", "cannot": "can not", "won't": "will not", "wont": "will not",
    "shan't": "shall not", "ain't": "is not", "aint": "is not", "let's": "let us", "lets": "let us",
    "i'm": "i am", "im": "i am", "ive": "i have", "youre": "you are", "youve": "you have", "theyre": "they are",
    "whats": "what is", "wheres": "where is", "whos": "who is", "hows": "how is", "thats": "that is",
    "theres": "there is", "whens": "when is", "dont": "do not", "doesnt": "does not", "didnt": "did not",
    "isnt": "is not", "arent": "are not", "wasnt": "was not", "werent": "were not", "hasnt": "has not",
    "havent": "have not", "hadnt": "had not", "couldnt": "could not", "shouldnt": "should not",
    "wouldnt": "would not", "mustnt": "must not", "neednt": "need not", "gonna": "going to", "wanna": "want to",
    "gotta": "got to", "gimme": "give me", "lemme": "let me", "u": "you", "ur": "your", "r": "are",
    "y'all": "you all", "yall": "you all", "y": "why", "wat": "what", "wht": "what",
    "thru": "through", "tho": "though",
    "cos": "because", "cuz": "because", "tmrw": "tomorrow", "tmr": "tomorrow", "teh": "the", "appt": "appointment",
}  # fmt: skip
_ENDINGS = {"n't": "not", "'s": "is", "'re": "are", "'ve": "have", "'ll": "will", "'d": "would", "'m": "am"}
_ASKED_OF = "what where who how that there when why it he she here"
_POLITE = """
    please pls plz plse kindly hi hello hey hiya heya hullo howdy greetings thanks thank thx ta cheers sorry
    um uh erm hmm er ah oh ok okay btw lol
"""
_STOP = """
    a an the this that these those i me my mine myself we us our you your it its he him his she her they them their
    is am are was were be been being do does did done have has had having will would shall should can could may might
    must to of in on at by for with from as and or but if so than then there here just really very also too some any
    what which who whom how when where why not no about into out up off over again get got getting go going
    want need like know tell say let make way thing things something anything one all much many more most lot bit
    now still yet ever even only own same such both each few other
"""

ASKED_OF = frozenset(_ASKED_OF.split())
"""Words before which 's is short for is: "what's" is "what is", but the clinic's is no clinic is."""

POLITE = frozenset(_POLITE.split())
"""Words that greet, thank or fill a pause. They are left out wherever something else is said."""

STOP = frozenset(_STOP.split())
"""Words of grammar more than content. They count in matching, with little weight, but not as known or unknown."""


def split_words(text: str) -> list[str]:
    """Give the words of a text in order, contractions spelt out.

    >>> split_words("What's my Balance? I can't see it")
    ['what', 'is', 'my', 'balance', 'i', 'can', 'not', 'see', 'it']
    """
    if len(text) > LONGEST_TEXT:
        text = text[: LONGEST_TEXT // 2] + " " + text[-LONGEST_TEXT // 2 :]
    spelt: list[str] = []
    for word in _WORD.findall(normalise(text)):
        if word in _CONTRACTIONS:
            spelt += _CONTRACTIONS[word].split()
        elif "'" in word:
            spelt += _spell_out(word)
        else:
            spelt.append(word)
    if len(spelt) > MOST_WORDS:
        return spelt[: MOST_WORDS // 2] + spelt[-MOST_WORDS // 2 :]
    return spelt


def _spell_out(word: str) -> list[str]:
    """Part a word at its apostrophe: "isn't" is "is not", "what's" is "what is", "clinic's" is "clinic"."""
    if word.endswith("n't"):
        return [word[:-3], "not"]
    head, _, tail = word.partition("'")
    ending = _ENDINGS.get("'" + tail, "")
    if tail == "s" and head not in ASKED_OF:
        ending = ""
    return [part for part in (head, ending) if part]


def drop_polite(words: Sequence[str]) -> list[str]:
    """Leave out greetings, thanks and pauses, unless the text says nothing else.

    >>> drop_polite(["hi", "thank", "you", "is", "it", "safe", "please"])
    ['is', 'it', 'safe']
    >>> drop_polite(["thank", "you"])
    ['thank', 'you']
    """
    kept: list[str] = []
    previous = ""
    for word in words:
        if word not in POLITE and not (word == "you" and previous == "thank"):
            kept.append(word)
        previous = word
    return kept if any(word not in STOP for word in kept) else list(words)


def stem(word: str) -> str:
    """Cut a word back to what its forms share; British and American spellings share it too.

    >>> [stem(w) for w in ("charges", "charging", "charged", "charge")]
    ['charg', 'charg', 'charg', 'charg']
    >>> stem("tightening") == stem("tighten"), stem("colour") == stem("colors"), stem("organize") == stem("organised")
    (True, True, True)
    """
    if len(word) <= 3 or not word.isascii():
        return word
    word = _cut_plural(word)
    word = _cut_ending(word)
    if len(word) > 4 and word.endswith("e"):
        word = word[:-1]
    if len(word) > 5 and word.endswith("our"):
        word = word[:-3] + "or"
    if word.endswith(("iz", "yz")):
        word = word[:-1] + "s"
    if len(word) > 3 and word.endswith("y"):
        word = word[:-1] + "i"
    return word


def _cut_plural(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes", "zes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def _cut_ending(word: str) -> str:
    for ending in ("ing", "ed", "ly"):
        root = word[: -len(ending)]
        if word.endswith(ending) and len(root) >= 3 and any(vowel in root for vowel in "aeiouy"):
            if root[-1] == root[-2] and root[-1] not in "lsz" and ending != "ly":
                return root[:-1]
            return root
    return word


STOP_STEMS = frozenset(map(stem, STOP)) | STOP
"""The stop words as they look once stemmed."""
