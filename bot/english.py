"""What is plain English, and no content? Words and turns of phrase that any trade's visitors use.

All of it stands here, so that a second language is a second file. What a trade calls things is content.
"""

import re

# --- words cut short -------------------------------------------------------------------------------------------------

# What is left of the apostrophe keeps its meaning; people leave the apostrophe out, so both spellings are listed
# unless the bare one is a word of its own ("were", "well", "its", "id", "wed", "shed", "hell", "ill"). Words that are
# only misspelt do not belong here: the speller puts them right.
SHORTHAND = {
    "can't": "can not", "cant": "can not", "cannot": "can not", "cnt": "can not", "won't": "will not",
    "wont": "will not", "shan't": "shall not", "ain't": "is not", "aint": "is not", "let's": "let us",
    "lets": "let us", "i'm": "i am", "im": "i am", "ive": "i have", "youre": "you are", "youve": "you have",
    "theyre": "they are", "theyve": "they have", "weve": "we have", "hes": "he is", "shes": "she is",
    "whats": "what is", "wheres": "where is", "whos": "who is", "hows": "how is", "thats": "that is",
    "theres": "there is", "heres": "here is", "whens": "when is", "itll": "it will", "dont": "do not",
    "dnt": "do not", "doesnt": "does not", "didnt": "did not", "isnt": "is not", "arent": "are not",
    "wasnt": "was not", "werent": "were not", "hasnt": "has not", "havent": "have not", "hadnt": "had not",
    "couldnt": "could not", "shouldnt": "should not", "wouldnt": "would not", "mustnt": "must not",
    "neednt": "need not", "gonna": "going to", "gunna": "going to", "wanna": "want to", "gotta": "got to",
    "gimme": "give me", "lemme": "let me", "dunno": "do not know", "idk": "i do not know", "y'all": "you all",
    "yall": "you all", "u": "you", "ur": "your", "r": "are", "y": "why", "n": "and", "nd": "and", "w": "with",
    "wat": "what", "wot": "what", "wht": "what", "wen": "when", "b4": "before", "thru": "through", "tho": "though",
    "cos": "because", "coz": "because", "cuz": "because", "bc": "because", "abt": "about", "ppl": "people",
    "pls": "please", "plz": "please", "plse": "please", "thx": "thanks", "rn": "right now", "alot": "a lot",
    "abit": "a bit", "wk": "week", "wks": "weeks", "hr": "hour", "hrs": "hours", "min": "minutes",
    "mins": "minutes", "yr": "year", "yrs": "years", "yday": "yesterday", "yest": "yesterday", "2day": "today",
    "2nite": "tonight", "tonite": "tonight", "tmrw": "tomorrow", "tmr": "tomorrow", "tmw": "tomorrow",
    "2moro": "tomorrow", "teh": "the", "appt": "appointment", "dr": "doctor", "doc": "doctor", "temp": "temperature",
    "preg": "pregnant", "bf": "boyfriend", "gf": "girlfriend", "hubby": "husband",
}  # fmt: skip
ENDINGS = {"re": "are", "ve": "have", "ll": "will", "d": "would", "m": "am"}
"""What stands for a word after an apostrophe."""

ASKED_OF = frozenset("what where who how that there when why it he she here this everything something".split())
"""Words before which 's is short for is: "what's" is "what is", but the clinic's is no clinic is."""

SYMBOLS = {"👍": " ok ", "👌": " ok ", "🆗": " ok ", "✅": " ok ", "👎": " no ", "🙏": " thanks ", "👋": " hi "}
"""Pictures that are said in the place of a word."""

ORDINAL = re.compile(r"\d+(?:st|nd|rd|th)")

# --- words that carry little -----------------------------------------------------------------------------------------

POLITE = frozenset(
    """
    please pls plz plse kindly hi hello hey hiya heya hullo howdy greetings thanks thank thx ta cheers sorry
    um uh erm hmm er ah oh ok okay btw lol x xx xxx xo
    """.split()
)
"""Words that greet, thank or fill a pause. They are left out wherever something else is said."""

STOP = frozenset(
    """
    a an the this that these those i me my mine myself we us our you your it its he him his she her they them their
    is am are was were be been being do does did done have has had having will would shall should can could may might
    must to of in on at by for with from as and or but if so than then there here just really very also too some any
    what which who whom how when where why not no about into out up off over again get got getting go going
    want need like know tell say let make way thing things something anything one all much many more most lot bit
    now still yet ever even only own same such both each few other
    """.split()
)
"""Words of grammar more than content. They count in matching, with little weight, but not as known or unknown."""

# --- how a message leans on the one before ---------------------------------------------------------------------------

LEAD = re.compile(
    r"\s*(?:(?:(?:no|nope|nah) (?:\w+ )?(?=i meant?\b)|no|nope|nah|fine|ok|okay|alright|right|well|actually|sorry|oh"
    r"|hmm|yes|yeah|yep|thanks|thank you|cheers|great|never ?mind(?: that)?|i meant?|what i meant(?: was)?"
    r"|back to (?=the|my|that)|one more(?: thing)?|another question|hi|hiya|hello|hey"
    r"|good (?:morning|afternoon|evening|day))\b\s*)+"
)
"""Words at the start that only join a message to the one before."""

COMPARING = re.compile(r"\b(?:than|as|like) before\b")
"""A "before" that compares, and says nothing of when."""
LEADING_IN = re.compile(r"(?:and|but|so|or|what about|how about|ok|also|then|what if)\b")
POINTING = frozenset("it its that this they them those these one then".split())
"""Words that point at what was said before."""

PLACES = {
    "1": 0, "one": 0, "first": 0, "1st": 0, "a": 0, "top": 0,
    "2": 1, "two": 1, "second": 1, "2nd": 1, "b": 1, "middle": 1,
    "3": 2, "three": 2, "third": 2, "3rd": 2, "c": 2,
    "last": -1, "bottom": -1, "latter": -1, "former": 0,
}  # fmt: skip
"""Words for the place of an option."""
AROUND_PLACE = POLITE | frozenset(
    """
    the option number no one i mean meant want would like to take choose pick go with is it that yes answer and start
    begin tell me
    """.split()
)

ALL_OF_THEM = re.compile(
    r"(?:(?:i want|i would like|tell me|start with|can i have|give me|about|the answer to|answer) )?"
    r"(?:both(?: of (?:them|those|these))?|either(?: of them| one)?|any(?: of them)?"
    r"|all(?: of (?:them|those|these|it))?"
    r"|all (?:two|three)|everything|them (?:all|both)|(?P<two>(?:the )?first two(?: of them)?|the two(?: of them)?))"
)
"""What means all of what is on offer, or the first two."""
OTHER_ONE = re.compile(r"(?:(?:and|then|now|what about|how about) )*the other(?: one| question)?")
JOINS_ON = frozenset(
    """
    and but so or also then ok what about how is for with of the a an my to back it that this regarding concerning on
    as well too same question now no mean i meant again re in case go let us talk tell me more
    """.split()
)
"""Words that say no more than that the message belongs to what was said before: "and what about the swelling"."""

# --- what asks -------------------------------------------------------------------------------------------------------

ASKING = frozenset(
    """
    what how when why which who where whether is are am do does did can could will would should may might has have any
    """.split()
)
"""Words that a question opens with."""
_LED_UP_TO = r"tell me|no idea|not sure|any idea|curious|asking"
PASSED_ON = re.compile(
    r"\s*(?:\w+ ){0,4}?(?:(?:wants?|wanted|need|needs|like|love|trying) to (?:know|ask|find out|understand)"
    r"|(?:should|to|must|can i|may i|could i|i) ask|asks|asked(?: me)?|wonders?|wondered|wondering|do not know"
    rf"|(?:the )?question is|{_LED_UP_TO}) (?:also )?"
    r"(?:(?:if|whether)\s+(?=\w+ \w+)|(?=(?:what|how|when|why|which|who|where|do|does|is|are|can|will)\b))"
)
"""What stands before a question that is passed on, or led up to: "my daughter wants to know if"."""
ASKED_INSIDE = re.compile(
    r"\b(?:wonder(?:ed|ing)?|i want to know|need to know|like to know|do not know|can you|could you|question is"
    rf"|{_LED_UP_TO})\b"
)
"""What shows that a sentence asks though it does not begin so: "I have no idea how long"."""
ASSENTING = {("have", "a"), ("will", "do"), ("can", "do"), ("would", "do"), ("could", "do"), ("do", "not")}
"""What only looks as if it asked, at the start: "will do, thanks"."""
JOINING = frozenset("and but also plus or then".split())
"""Words that join one question to the next."""
LISTING = frozenset("and plus".split())
"""Those that join one thing of a list to the next."""
AFTER_JOINING = (("also",), ("then",), ("if", "so"))
"""What may follow them before the question opens."""
BEFORE_ASKING = frozenset("first second third firstly secondly also and so ok hi hello hey but".split())
"""Words that may stand before the opening word."""
ASKS = re.compile(
    r"\b(?:how|what|which|why)\b|\bor (?:not|no)\b"
    r"|\b(?:can|could|do|does|did|should|would|will|is|are|may)"
    r" (?:i|u|you|we|it|they|this|that|there|la[sz]er|the|my)\b"
)
"""What shows that a message asks, wherever it stands."""
EXCLAIMS = re.compile(r"\bwhat an?\b|\bhow (?:kind|nice|lovely|sweet|good|great|helpful|useful|wonderful|thoughtful)\b")
"""What only looks as if it asked: "what a relief", "how kind of you"."""

# --- what is not English ---------------------------------------------------------------------------------------------

# The commonest function words of the languages that visitors are likeliest to try, accents dropped as `normalise` does.
# Words that are English too are left out: those that are ("a", "me", "no", "on", "die", "hat", "man"), and "per".
FOREIGN = (
    frozenset(
        """
    el los las del que por para como cuanto cuanta cuantos cuesta dura duele puedo tengo una uno con esta este despues
    mi muy hay mas cual cuando donde porque si tratamiento piel cara resultados
    le les des du est une et avec pour dans sur mon ma mes je vous combien apres peau quand pourquoi ca cela suis
    visage coute faut sont quel quelle cher chere
    der das den dem des ein eine einen ist und nicht ich wie lange viel kostet nach mit fur auf mein meine haut wird
    kann sind tut weh habe gesicht halt ergebnis
    il lo gli della che una con quanto quanti costa dopo fa sono mio mia pelle viso ho posso piu
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
EITHER = frozenset("male pain comment sure son main cat dose permanent important normal possible".split())
"""Words that are English and something else too: they speak for neither."""
SPEAKING = STOP | frozenset("please hi hello thanks skin laser face cost hurt sun after before long often last".split())
"""Common English that is no stop word for the matcher, but speaks for English all the same."""
LOAN_WORDS = frozenset(
    "café cafés naïve fiancé fiancée décolleté décolletage cliché résumé déjà née rosé sauté".split()
)
