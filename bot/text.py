"""When are two texts the same to a reader? This is the one place where text is made comparable.

`normalise` undoes how a text was typed or disguised, and nothing else; what the words mean is no business of this file.
The person's own text is never changed: what is normalised is compared, and is not shown.
"""

import re
import unicodedata
from html import unescape

# CSI, OSC and the two-character escape sequences of ECMA-48: a colour code must not become the letters "[1m".
_ESCAPES = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b[@-Z\\^_]|\x9b[0-?]*[ -/]*[@-~]")
_CAMEL = re.compile(r"(?<!\S)[A-Z]?[a-z]+(?:[A-Z][a-z]+){2,}")
_SPELT_OUT = re.compile(r"(?<!\w)[^\W\d_](?:[ .\-_*][^\W\d_]){2,}(?!\w)")
_STRETCHED = re.compile(r"([a-z])\1{2,}")
_APOSTROPHES = str.maketrans(dict.fromkeys("\u2018\u2019\u201a\u201b\u02bc\u02b9\u2032\u00b4\uff07", "'"))

# Letters that are taken for a Latin one (after Unicode TS #39, confusables.txt): Cyrillic, Greek, Armenian, Cherokee,
# small capitals, phonetic letters, letters with a stroke. Left the Latin letter, right its look-alikes in lower case.
_LOOK_ALIKES = str.maketrans(
    {
        alike: latin
        for latin, alikes in {
            "a": "аαɑᴀ", "b": "вьβʙƀ", "c": "сϲᴄ", "d": "ԁɗđᴅд", "e": "еєεᴇ", "f": "ꜰ", "g": "ɡցɢ",
            "h": "һнհɦħʜ", "i": "іιıɩɪᎥɨи", "j": "јϳᴊ", "k": "кκᴋ", "l": "ӏłʟ", "m": "мᴍ", "n": "пηոɴ",
            "o": "оοσօøᴏ", "p": "рρᴘ", "q": "ԛզ", "r": "гʀ", "s": "ѕꜱ", "t": "тτᴛŧ", "u": "υսʋᴜʉ",
            "v": "ѵνᴠ", "w": "ԝωᴡ", "x": "хχ", "y": "уγүყʏ", "z": "ᴢ",
        }.items()
        for alike in alikes
    }
)  # fmt: skip


def flatten(text: str) -> str:
    """Give a text without what does not tell two apart: case, how much space stands between words, how it ends.

    >>> flatten("It  BURNS!")
    'it burns'
    """
    return " ".join(text.casefold().split()).rstrip(".!? ")


def normalise(text: str) -> str:
    r"""Undo how a text was typed: case, width, look-alike and invisible letters, accents, quotes, spacing.

    >>> normalise("ＨＯＷ  long?")
    'how long?'
    >>> normalise("bli\u200bs\xadters")
    'blisters'
    >>> normalise("MyFaceIsHot")
    'my face is hot'
    >>> normalise("p u s, soooo red")
    'pus, soo red'
    """
    if not (text.isascii() and text.isprintable()):
        text = _fold(text)
    if not (text.isascii() and text.islower()):
        text = _CAMEL.sub(_split_camel, text).casefold().translate(_LOOK_ALIKES)
    text = _SPELT_OUT.sub(lambda run: re.sub(r"[ .\-_*]", "", run.group()), " ".join(text.split()))
    return _STRETCHED.sub(r"\1\1", text)


def _fold(text: str) -> str:
    """Undo what plain ASCII cannot hold: escape sequences, width, accents, invisible letters."""
    text = unicodedata.normalize("NFKD", _ESCAPES.sub(" ", text)).translate(_APOSTROPHES)
    return text.translate({ord(letter): _visible(letter) for letter in set(text)})


def clean(text: str) -> str:
    r"""Resolve character references, join surrogates, and take out what cannot be shown or encoded; keep line breaks.

    >>> clean("what&rsquo;s\x00the\u200b cost\ud83d")
    'what’s the cost'
    """
    if text.isascii() and text.isprintable() and "&" not in text:
        return text
    text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
    text = _ESCAPES.sub(" ", _REFERENCE.sub(lambda found: unescape(found.group()), text))
    shown = {ord(letter): _showable(letter) for letter in set(text)}
    return "\n".join(line.translate(shown) for line in text.splitlines())


_REFERENCE = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,31}\d{0,2});")


def _showable(letter: str) -> str:
    """Give the letter as it is, a space for what parts words unseen, nothing for what is not seen."""
    if letter.isprintable():
        return letter
    return " " if unicodedata.category(letter) in ("Cc", "Zs") else ""


def printable(text: str) -> str:
    r"""Take out what could steer a terminal, a log or the direction of writing; keep line breaks.

    >>> printable("a\x1b[31mb\u202ec\n")
    'abc\n'
    """
    text = _ESCAPES.sub("", text)
    return "".join(letter for letter in text if letter == "\n" or unicodedata.category(letter) not in _UNSEEN)


def _split_camel(run: re.Match[str]) -> str:
    """Part words that were run together; "bLiStErS" is one word in odd case, so the parts must be long enough."""
    parts = re.findall(r"[A-Z]?[a-z]+", run.group())
    return " ".join(parts) if len(run.group()) >= max(10, 2.5 * len(parts)) else run.group()


# Control, format (zero-width, direction), surrogate, private and unassigned; line and paragraph separators.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
# Combining marks, and letters that are blank on the screen: Hangul fillers, the Braille blank, the Mongolian separator.
_DROPPED = frozenset({"Cf", "Mn", "Me", "Cs", "Cn", "Co"})
_BLANK = frozenset("\u115f\u1160\u3164\uffa0\u2800\u180e\u17b4\u17b5")


def _visible(letter: str) -> str:
    """Give the letter as it is, a space for a control character or separator, nothing for what is not seen."""
    if letter.isascii() and letter.isprintable():
        return letter
    category = unicodedata.category(letter)
    if category in _DROPPED or letter in _BLANK:
        return ""
    return " " if category in ("Cc", "Zl", "Zp", "Zs") else letter
