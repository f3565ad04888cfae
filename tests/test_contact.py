"""Does every reply end in the line that it should, and do texts about danger stand in the content alone?"""

import ast
import json
import re
import shutil
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path

import pytest
from conftest import SMALL, TESTS
from web_client import Site

from bot import Block, Bot, ContentError, Context, ContextError, Kind, Part, Reply
from bot.channels.chat import say
from bot.channels.markdown import Look
from bot.channels.web.api import mark_parts
from bot.channels.web.catalogue import make_catalogue
from bot.channels.web.pages import FOLDER, make_fallback, write_script
from bot.content.load import load_content
from bot.decide import Contact, Decision, decide, sign_off
from bot.safety import Alert, Band, Tier
from bot.turn import read_turn

ROOT = TESTS.parent
TOLD = Context(warned=True)
PHONE, BOOKING = "020 7946 0000", "https://clinic.example/book?from=bot"


def copy_clinic(folder: Path, *, of: Path = SMALL, phone: str = "", booking: str = "") -> Path:
    """Copy a clinic, with details of its own."""
    for part in ("answers", "safety"):
        shutil.copytree(of / part, folder / part)
    shutil.copy(of / "safety.yaml", folder)
    intents = re.sub("^  (phone|booking): .*\n", "", (of / "intents.yaml").read_text(), flags=re.MULTILINE)
    details = f'clinic:\n  phone: "{phone}"\n  booking: "{booking}"'
    (folder / "intents.yaml").write_text(re.sub("^clinic:.*", lambda _: details, intents, count=1, flags=re.MULTILINE))
    return folder


@pytest.fixture(scope="module")
def reachable(tmp_path_factory: pytest.TempPathFactory) -> Bot:
    """Give the small clinic with a phone and a page for appointments."""
    return Bot.load(copy_clinic(tmp_path_factory.mktemp("reachable"), phone=PHONE, booking=BOOKING))


def last_line(reply: Reply, bot: Bot) -> Contact:
    """Say which line a reply ends in, from its text alone."""
    texts = {contact: bot.content.answers[f"safety.md#{contact}"].text for contact in (Contact.FULL, Contact.SHORT)}
    return next((contact for contact, text in texts.items() if reply.text.endswith(text)), Contact.NONE)


FIRST_AND_LATER = [
    ("will i be red afterwards", Contact.FULL, Contact.FULL),
    ("how much does it cost", Contact.SHORT, Contact.SHORT),
    ("qwerty", Contact.FULL, Contact.SHORT),
    ("!!!", Contact.FULL, Contact.SHORT),
    ("can i talk to a person", Contact.FULL, Contact.SHORT),
    ("i am pregnant", Contact.FULL, Contact.FULL),
    ("hello", Contact.NONE, Contact.NONE),
    ("", Contact.NONE, Contact.NONE),
    ("i have blisters", Contact.NONE, Contact.NONE),
    ("i want to kill myself", Contact.NONE, Contact.NONE),
    ("x" * 3000, Contact.FULL, Contact.FULL),
]


@pytest.mark.parametrize(("question", "first", "later"), FIRST_AND_LATER, ids=[q[:20] for q, *_ in FIRST_AND_LATER])
def test_a_reply_ends_in_the_line_of_its_kind(reachable: Bot, question: str, first: Contact, later: Contact):
    for context, expected in ((None, first), (TOLD, later)):
        reply = reachable.reply(question, context)
        assert last_line(reply, reachable) is expected
        assert reply.text == "\n\n".join(block.markdown for block in reply.blocks)
        assert (reply.blocks[-1].part.value == expected.value) is bool(reply.contact)
        assert reply.to_dict()["contact"] == reply.contact


def test_one_answer_about_the_body_is_enough_for_the_full_line(reachable: Bot):
    reply = reachable.reply("how much does it cost and will i be red afterwards?")
    assert {answer.ref for answer in reply.answers} == {"costs.md#cost", "side-effects.md#redness"}
    assert last_line(reply, reachable) is Contact.FULL


@pytest.mark.parametrize(
    ("ref", "line"), [("safety.md#careful", Contact.FULL), ("safety.md#careful-crisis", Contact.SHORT)]
)
@pytest.mark.parametrize("context", [Context(), TOLD])
def test_what_may_be_a_sign_has_a_line_and_what_may_be_despair_hears_of_no_blisters(
    small: Bot, ref: str, line: Contact, context: Context
):
    assert sign_off(Decision(Kind.CLINICIAN, (ref,)), small.content, context).contact is line


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ("my skin feels odd", ("safety.md#careful",)),
        ("wie lange ist die Haut danach noch rot?", ("safety.md#careful", "bot.md#not-english")),
    ],
)
def test_what_may_be_a_sign_in_another_language_is_also_told_what_is_understood(
    small: Bot, question: str, says: tuple[str, ...]
):
    alert = Alert(Tier.TODAY, "blisters", question, "today", Band.CAREFUL)
    turn = read_turn(small.knowledge.index.read(question), Context(), small.knowledge, None)
    assert decide(alert, turn, small.content, Context(), small.policy).says == says


@pytest.mark.parametrize(("phone", "booking"), [("", ""), (PHONE, ""), ("", BOOKING)])
def test_an_ordinary_answer_names_the_clinic_only_where_it_can_be_reached(tmp_path: Path, phone: str, booking: str):
    """Else the same sentence would stand under every answer, and tell nothing."""
    bot = Bot.load(copy_clinic(tmp_path / "clinic", phone=phone, booking=booking))
    reply = bot.reply("how much does it cost")
    assert bool(reply.contact) == bool(phone or booking)
    assert (phone or booking) in reply.contact


MISSES = [
    "qwerty",
    "zxcvb",
    "!!!",
    "can it remove a tattoo",
    "czy zabieg laserowy jest bolesny?",
    "can i talk to a person",
]


@pytest.mark.parametrize("name", ["small", "reachable", "shipped"])
def test_hz01_every_fallback_says_to_contact_the_clinic_also_when_it_is_repeated(
    name: str, request: pytest.FixtureRequest
):
    bot: Bot = request.getfixturevalue(name)
    context = Context()
    for question in [*MISSES, *MISSES, "say that again", "again"]:
        reply = bot.reply(question, context)
        context = reply.context
        if reply.kind in (Kind.FALLBACK, Kind.HANDOFF, Kind.CLINICIAN):
            assert re.search(r"worr|blister", reply.contact)
            assert re.search(r"contact the\s+clinic", reply.contact, re.IGNORECASE)
    assert context.warned


@pytest.mark.parametrize("ref", ["bot.md#none-of-these", "bot.md#empty", "bot.md#fallback", "bot.md#fallback-again"])
def test_hz01_what_had_no_answer_has_its_line_when_it_is_said_again(shipped: Bot, ref: str):
    reply = shipped.reply("say that again", Context(said=(ref,)))
    assert reply.blocks[0].text == shipped.content.answers[ref].text
    assert last_line(reply, shipped) is Contact.FULL


class TestAConversation:
    def test_is_told_once_when_to_contact_the_clinic(self, reachable: Bot):
        lines, context = [], None
        for question in ["hello", "qwerty", "how much does it cost", "zxcvb", "thanks", "redness", "zxcvb"]:
            reply = reachable.reply(question, context)
            lines.append(last_line(reply, reachable))
            context = reply.context
        full, short, none = Contact.FULL, Contact.SHORT, Contact.NONE
        assert lines[:4] == [none, full, short, short]
        assert lines[5:] == [full, short]

    def test_is_told_by_an_urgent_text_and_not_by_one_for_a_crisis(self, small: Bot):
        for question, told in (("i have blisters", True), ("i want to kill myself", False)):
            after = small.reply(question).context
            assert after.warned is told
            assert (last_line(small.reply("qwerty", after), small) is Contact.SHORT) is told

    def test_keeps_what_it_was_told_as_json(self, small: Bot):
        after = small.reply("qwerty").context
        assert Context.from_dict(json.loads(json.dumps(after.to_dict()))) == after
        assert small.reply("hello", after).context.warned

    def test_of_before_there_was_a_short_line_is_told_in_full(self, small: Bot):
        old = {"topic": "cost", "said": ["costs.md#cost"], "options": [], "misses": 1, "unanswered": ""}
        assert last_line(small.reply("qwerty", Context.from_dict(old)), small) is Contact.FULL

    @pytest.mark.parametrize("value", ["yes", 1, None, []])
    def test_says_yes_or_no_to_having_been_told(self, value: object):
        with pytest.raises(ContextError, match="context: warned must be true or false"):
            Context.from_dict({"warned": value})
        with pytest.raises(TypeError, match="context: warned is"):
            Context(warned=value)  # type: ignore[arg-type]


class TestTheChannels:
    def test_mark_the_full_line_and_the_short_one(self, reachable: Bot):
        site = Site(reachable)
        full, short = site.ask("redness"), site.ask("how much does it cost")
        assert [reply["tokens"][-1]["type"] for reply in (full, short)] == ["contact", "contact-short"]
        assert [sum(t["type"].startswith("contact") for t in reply["tokens"]) for reply in (full, short)] == [1, 1]

    def test_part_the_line_without_looking_for_it(self, small: Bot):
        """The same words in the middle of a text are a text like any other."""
        line = small.content.answers["safety.md#contact"].text
        catalogue = make_catalogue(small.content)
        said, last = Block(Part.NOTICE, line), Block(Part.CONTACT, line)
        reply = Reply(Kind.FALLBACK, (said, last), (), (), Context())
        assert [token.type for token in mark_parts(reply, catalogue)] == ["paragraph", "contact"]
        reply = Reply(Kind.FALLBACK, (said,), (), (), Context())
        assert [token.type for token in mark_parts(reply, catalogue)] == ["paragraph"]

    def test_can_follow_the_phone_and_the_page_for_appointments(self, reachable: Bot):
        tokens = json.dumps(Site(reachable).ask("can i talk to a person", TOLD.to_dict())["tokens"])
        assert tokens.count('"href": "tel:02079460000"') == 2, "among the clinic's details, and in the line"
        assert f'"href": "{BOOKING}"' in tokens

    def test_let_the_short_line_step_back_in_a_terminal(self, reachable: Bot):
        looks = [{span.look for span in say(reachable.reply(q)).blocks[-1].spans} for q in ("is it dear", "redness")]
        assert looks == [{Look.SOFT}, {Look.PLAIN}]

    def test_name_the_page_for_appointments_where_a_person_is_asked_for(self, tmp_path: Path):
        bot = Bot.load(copy_clinic(tmp_path / "clinic", of=ROOT, booking=BOOKING))
        for question, context in (("can i talk to a person", None), ("can it remove a tattoo", Context(misses=1))):
            reply = bot.reply(question, context)
            assert (reply.kind, f"- Appointments: {BOOKING}" in reply.blocks[0].text) == (Kind.HANDOFF, True)


class TestTheContent:
    @pytest.mark.parametrize(
        "address",
        [
            *("clinic.example/book", "javascript:alert(1)", "https://", "https:///book", "https://a b.example"),
            *("call us", "mailto:a@clinic.example", "https://clinic.example/(book)", "https://clinic.example/*book*"),
        ],
    )
    def test_takes_only_an_address_for_appointments(self, tmp_path: Path, address: str):
        folder = copy_clinic(tmp_path / "clinic", booking=address)
        line = next(
            n for n, row in enumerate((folder / "intents.yaml").read_text().splitlines(), 1) if "booking:" in row
        )
        with pytest.raises(ContentError) as caught:
            load_content(folder)
        assert str(caught.value) == (
            f"intents.yaml:{line}: clinic: booking is '{address}'; "
            "give the address of a page, such as https://clinic.example/book"
        )

    @pytest.mark.parametrize("address", ["https://a.example", "http://localhost:8000/x", "https://a.example/b_c?d=e#f"])
    def test_takes_any_address_for_appointments(self, tmp_path: Path, address: str):
        assert load_content(copy_clinic(tmp_path / "clinic", booking=address)).clinic.booking == address

    def test_says_where_nothing_would_be_left_of_a_text(self, tmp_path: Path):
        folder = copy_clinic(tmp_path / "clinic")
        texts = folder / "answers" / "safety.md"
        kept = texts.read_text()
        texts.write_text(re.sub(r"(?<=\{#contact-short\}\n\n).*\n", "Call {phone}.\n", kept))
        assert texts.read_text() != kept
        texts.write_text(re.sub(r"- (Phone|Book): .*\n", "", texts.read_text()))
        with pytest.raises(ContentError, match="each line of it needs a detail of the clinic that is empty"):
            load_content(folder)


# Texts about danger stand in answers/ alone.

DANGER = re.compile(
    r"worried about|worried\?|worries you|emergency (number|department|services?)|in an emergency|"
    r"contact (?:the|your) clinic|(?:call|ring|phone|tell) (?:the|your|a|an|us|999|911|112|for)\b|"
    r"(?:ask|see) (?:the|your|a) (?:clinic\b|clinician|doctor|nurse|gp\b)|"
    r"ambulance|blister|fever|helpline |get help|samaritans|\b(?:999|911|112|116 123|988)\b",
    re.IGNORECASE,
)


def find_python_texts(path: Path) -> Iterator[str]:
    """Give the strings of a file, without what only says what its parts are for."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    aside = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in aside:
            yield node.value


def find_script_texts(path: Path) -> Iterator[str]:
    """Give the lines of a script without its comments."""
    code = re.sub(r"/\*.*?\*/|(?<![:\"'`/])//[^\n]*", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    yield from code.splitlines()


def find_page_texts(path: Path) -> Iterator[str]:
    """Give what is read on a page, with what is read aloud; what visitors are shown to ask is theirs."""
    html = re.sub(r"<button[^>]*data-ask.*?</button>", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    yield " ".join(re.sub(r"<[^>]*>", " ", html).split())
    yield from re.findall(r'(?:aria-label|title|alt|placeholder|content)="([^"]*)"', html)


FINDERS: dict[str, Callable[[Path], Iterator[str]]] = {
    ".py": find_python_texts,
    ".js": find_script_texts,
    ".html": find_page_texts,
}
PROGRAM = sorted(path for path in (ROOT / "bot").rglob("*.*") if path.suffix in FINDERS)


@pytest.mark.parametrize("path", PROGRAM, ids=[str(path.relative_to(ROOT)) for path in PROGRAM])
def test_a_text_about_danger_stands_in_the_content_alone(path: Path):
    assert [text for text in FINDERS[path.suffix](path) if DANGER.search(text)] == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.py", 'def f():\n    """Call the clinic."""\n    return f"Worried? Contact the clinic{x}."'),
        ("a.py", 'LINE = "In an emergency call " + number'),
        ("a.js", '// Worried?\nconst T = { contact: "Worried about your skin?" };'),
        ("a.js", 'const T = { contact: "https://x.example/ Call your local emergency number." };'),
        ("a.html", "<p>Blisters? Call us.</p>"),
        ("a.html", '<aside aria-label="When to contact the clinic">'),
    ],
)
def test_such_a_text_is_found(tmp_path: Path, name: str, text: str):
    (tmp_path / name).write_text(text)
    found = [text for text in FINDERS[Path(name).suffix](tmp_path / name) if DANGER.search(text)]
    assert len(found) == 1


def test_the_page_the_tag_and_the_script_say_what_the_content_says(tmp_path: Path):
    folder = copy_clinic(tmp_path / "clinic", phone=PHONE)
    texts = folder / "answers" / "safety.md"
    texts.write_text(
        texts.read_text()
        .replace("Worried? Contact the clinic now.\n", "- Sore? Ring *us* now.\n\n")
        .replace("Worried? Contact your clinic now.", 'Sore? Ring "them" now.')
    )
    site = Site(Bot.load(folder))
    said = (
        'Sore? Ring <em>us</em> now. Call <a href="tel:02079460000" rel="noreferrer">020 7946 0000</a>. In an emergency'
    )
    assert said in site.get("/faq").text
    assert said in unescape(re.search(r"<code id=.snippet.>(.*?)</code>", site.get("/embed").text, re.DOTALL)[1])
    assert 'contact: "Sore? Ring \\"them\\" now."' in site.get("/clinic-faq.js").text


def test_a_script_with_another_text_is_another_file_to_a_browser(tmp_path: Path):
    """It is kept for a year under its address, which therefore changes with its bytes."""
    folder = copy_clinic(tmp_path / "clinic")
    before = Site(Bot.load(folder)).get("/")
    texts = folder / "answers" / "safety.md"
    texts.write_text(texts.read_text().replace("Contact your clinic now.", "Ring them."))
    after = Site(Bot.load(folder))
    sources = [re.search(r'src="([^"]+)" integrity="([^"]+)"', page.text).groups() for page in (before, after.get("/"))]
    assert len({src for src, _ in sources}) == len({integrity for _, integrity in sources}) == 2
    assert "Ring them." in after.get(f"/{sources[1][0]}").text


def test_the_script_says_nothing_of_danger_by_itself():
    source = (FOLDER / "clinic-faq.js").read_text(encoding="utf-8")
    assert source.count('contact: ""') == 1
    assert write_script("") == source


def test_the_tag_in_the_documents_is_the_one_that_is_written(tmp_path: Path):
    catalogue = make_catalogue(load_content(copy_clinic(tmp_path / "clinic", of=ROOT, phone=PHONE)))
    written = re.sub(r' rel="[^"]*"', "", make_fallback(catalogue, "https://faq.clinic.example"))
    text = (ROOT / "docs" / "embedding.md").read_text(encoding="utf-8")
    assert written in " ".join(re.search(r"<clinic-faq>(.*?)<script", text, re.DOTALL)[1].split())
