"""Is this English? Asked before any matching: a fuzzy match on a foreign sentence is an answer to nobody's question.

Words of grammar give a language away within a few words, where a statistical detector needs a sentence and megabytes.
"""

import re
import unicodedata

from bot.text import normalise
from bot.words import STOP

# The commonest function words of the languages that visitors are likeliest to try, accents dropped as `normalise` does.
# Words that are English too ("a", "me", "no", "on", "die", "hat", "man", "pain", "comment") are left out.
_FOREIGN = (
    frozenset(
        """
    el los las del que por para como cuanto cuanta cuantos cuesta dura duele puedo tengo una uno con esta este despues
    mi muy hay mas cual cuando donde porque si tratamiento piel cara resultados
    le les des du est une et avec pour dans sur mon ma mes je vous combien apres peau quand pourquoi ca cela suis
    visage coute faut sont quel quelle
    der das den dem des ein eine einen ist und nicht ich wie lange viel kostet nach mit fur auf mein meine haut wird
    kann sind tut weh habe gesicht hält halt ergebnis
    il lo gli della che per una con quanto quanti costa dopo fa sono mio mia pelle viso ho posso piu
    o os da das do dos em um uma com quanto custa depois meu minha nao pele rosto doi tenho posso
    ile kosztuje czy boli jak dlugo jest nie sie na po skora twarz zabieg mam moge przy
    ne kadar bu bir icin ve mi sonra yuzum cilt var acir nasil surer sure
    het een niet en van voor hoe lang hoeveel kost doet huid mijn na ik kan wat duurt pijn
    cat costa dureaza doare dupa piele este sunt meu mea
    hur lange kostar det och inte min jag efter hud gor ont
    kolik stoji jak dlouho boli po kuze
    quant hvad koster hvor lenge huden
    skolko stoit eto posle bolno
    magkano masakit ba ang mga gaano katagal
    bao nhieu dau khong sau
    berapa apakah sakit harga setelah kulit
    kitna kya hai kaise dard mein ke baad kab tak nahi
    """.split()
    )
    - STOP
    - frozenset(
        "do man on me so for in to a i we am us as he her was cat ho ma pain ma sure mi na o sau hat da".split()
    )
)

# Common English that is no stop word for the matcher, but speaks for English all the same.
_ENGLISH = STOP | frozenset("please hi hello thanks skin laser face cost hurt sun after before long often last".split())

_WORD = re.compile(r"[^\W\d_]+")


def is_english(text: str) -> bool:
    """Say whether a text can be read as English; what is too short to tell can.

    >>> is_english("how long does it last"), is_english("wie lange hält das Ergebnis?"), is_english("сколько это стоит")
    (True, False, False)
    >>> is_english("café?"), is_english("redness"), is_english("123")
    (True, True, True)
    """
    if _is_other_script(text):
        return False
    words = _WORD.findall(normalise(text))
    foreign = sum(word in _FOREIGN for word in words) + _count_accented(text)
    english = sum(word in _ENGLISH for word in words)
    return foreign < 2 or foreign <= english or foreign < len(words) / 4


def _is_other_script(text: str) -> bool:
    """Say whether most letters are not Latin; one Cyrillic letter in a Latin word is a disguise, not a language."""
    letters = [letter for letter in unicodedata.normalize("NFKC", text) if letter.isalpha()]
    latin = sum(unicodedata.name(letter, "").startswith(("LATIN", "FULLWIDTH LATIN")) for letter in letters)
    words = _WORD.findall(unicodedata.normalize("NFKC", text))
    whole = sum(not any(unicodedata.name(c, "").startswith("LATIN") for c in word) for word in words)
    return bool(letters) and 2 * latin < len(letters) and 2 * whole > len(words)


def _count_accented(text: str) -> int:
    """Count words with letters that English does without."""
    words = _WORD.findall(unicodedata.normalize("NFC", text).casefold())
    return sum(any(letter > "\x7f" for letter in word) and word not in _LOAN_WORDS for word in words)


_LOAN_WORDS = frozenset(
    "café cafés naïve fiancé fiancée décolleté décolletage cliché résumé déjà née rosé sauté".split()
)
