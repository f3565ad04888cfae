"""Does the widget take for a reply only what is one, and keep the visitor's words whatever a server says?"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from liars import REFUSALS, REPLY, REPLY_BODIES, SILENCES, TOPICS_BODIES, Liar, Lie, change, lie_on_loopback
from playwright.sync_api import Route, expect
from stage import Stage, Visit

from bot import Kind
from bot.channels.web.pages import FOLDER

LOST = "The answer did not arrive. Your text is kept."
URGENT = "urgent"
"""What the visitor asks, and what the scripted bot answers with an alarm."""
CONTACT = "Blisters? Call 123 now."
KEPT = {"status": LOST, "field": URGENT, "again": True, "ready": True, "contact": CONTACT, "open": True}
"""What stands in the window after a question that was lost."""
DRIVE = """() => {
  const faq = document.querySelector("clinic-faq");
  const find = (selector) => faq.shadowRoot.querySelector(selector);
  const count = (selector) => faq.shadowRoot.querySelectorAll(selector).length;
  const drive = window.drive = {
    turn: (server) => faq.setAttribute("server", server),
    redraw: () => { faq.lang = faq.lang ? "" : "en"; },
    // a window that waits in vain is looked at all the same
    hear: (...names) => Promise.race([...names.map((name) => new Promise((done) => faq.addEventListener(`clinic-faq-${name}`, done, { once: true }))),
      new Promise((done) => setTimeout(done, 1500))]),
    act: async (act) => { const heard = drive.hear("answer", "error"); act(); await heard; },
    send: (question) => drive.act(() => {
      Object.assign(find(".input"), { value: question }).dispatchEvent(new Event("input"));
      find(".form").requestSubmit();
    }),
    again: () => drive.act(() => find("[part=retry]").click()),
    browse: () => drive.act(() => find("[part=browse]").click()),
    see: () => ({ status: find("[role=status]").textContent, field: find(".input").value, again: !find("[part=retry]").hidden,
      ready: !find(".send").hasAttribute("aria-disabled"), contact: find(".contact").textContent.trim(), open: !find(".panel").hidden }),
    turns: () => [count(".question"), count(".reply")],
    last: () => [...faq.shadowRoot.querySelectorAll(".reply")].at(-1)?.textContent,
  };
}"""
LOSE = """async ([lying, honest, question]) => {
  const before = drive.turns();
  drive.turn(lying);
  await drive.send(question);
  const lost = drive.see();
  drive.redraw();
  const redrawn = drive.see();
  const shown = drive.turns().map((count, n) => count - before[n]);
  drive.turn(honest);
  await drive.again();
  const first = drive.last();
  await drive.send("how much does it cost");
  return { lost, redrawn, shown, first, second: drive.last(), status: drive.see().status };
}"""
BROWSE = """async ([lying, honest, question]) => {
  const faq = document.querySelector("clinic-faq");
  drive.turn(lying);
  faq.close();
  faq.open();
  await drive.browse();
  const lost = drive.see();
  drive.redraw();
  const redrawn = drive.see();
  drive.turn(honest);
  await drive.send(question);
  return { lost, redrawn, launcher: faq.shadowRoot.querySelector(".launcher").checkVisibility(), first: drive.last() };
}"""


@dataclass
class Window:
    """A window that many lies are told to, one after the other; loaded anew after one that harmed it."""

    visit: Visit
    sent: list[str] = field(default_factory=list)
    sound: bool = False
    rounds: int = 0

    def __post_init__(self) -> None:
        self.visit.page.on("request", lambda request: self.sent.append(request.post_data or ""))

    def get_ready(self) -> None:
        self.rounds += 1
        if not self.sound or self.rounds % 16 == 0:  # a long conversation is drawn slowly
            self.visit.page.reload()
            self.visit.page.evaluate(DRIVE)
        self.sound = False
        for heard in (self.sent, self.visit.errors, self.visit.said):
            heard.clear()

    def check(self) -> None:
        """No script failed or complained."""
        assert self.visit.errors == []
        assert self.visit.said == []
        self.sound = True


@pytest.fixture(scope="module")
def liar() -> Iterator[Liar]:
    with lie_on_loopback() as found:
        yield found


@pytest.fixture(scope="module")
def loaded(stage: Stage) -> Iterator[Window]:
    with stage.visit(path="/liars") as visit:
        yield Window(visit)


@pytest.fixture(scope="module")
def loaded_without_topics(stage: Stage) -> Iterator[Window]:
    with stage.visit(path="/liars") as visit:
        yield Window(visit)


@pytest.fixture
def window(loaded: Window) -> Window:
    loaded.get_ready()
    return loaded


@pytest.fixture
def bare_window(loaded_without_topics: Window) -> Window:
    loaded_without_topics.get_ready()
    return loaded_without_topics


def check_loss(window: Window, stage: Stage, liar: Liar) -> None:
    """The words are kept and nothing else changes; asked again of an honest server, they are answered, and so is what follows."""
    found = window.visit.page.evaluate(LOSE, [liar.address, stage.server, URGENT])
    assert found["lost"] == KEPT
    assert found["redrawn"] == KEPT
    assert found["shown"] == [0, 0]
    assert "Call the clinic now." in found["first"]
    assert "It depends" in found["second"]
    assert found["status"] == ""
    assert "a.md#b" not in "".join(window.sent)  # the context of a lie
    window.check()


@pytest.mark.parametrize("name", REPLY_BODIES)
def test_hz48_what_is_no_reply_is_a_failed_send(window: Window, stage: Stage, liar: Liar, name: str):
    liar.lie = REPLY_BODIES[name]
    check_loss(window, stage, liar)


@pytest.mark.parametrize("name", REFUSALS)
def test_a_refusal_is_believed_only_in_its_agreed_form(window: Window, stage: Stage, liar: Liar, name: str):
    liar.lie = REFUSALS[name]
    check_loss(window, stage, liar)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_question_is_not_sent_on_to_another_server(window: Window, stage: Stage, liar: Liar, status: int):
    with lie_on_loopback() as other:
        other.lie = change(REPLY)
        liar.lie = Lie(b"", status=status).to(f"{other.address}/api/reply")
        check_loss(window, stage, liar)
        assert other.asked == []


@pytest.mark.parametrize("name", TOPICS_BODIES)
def test_what_are_no_topics_leave_a_window_to_ask_in(bare_window: Window, stage: Stage, liar: Liar, name: str):
    liar.lie = TOPICS_BODIES[name]
    found = bare_window.visit.page.evaluate(BROWSE, [liar.address, stage.server, URGENT])
    unread = {**KEPT, "field": "", "again": False}
    assert found["lost"] == unread
    assert found["redrawn"] == unread
    assert found["launcher"]
    assert "Call the clinic now." in found["first"]
    bare_window.check()


# The same with a keyboard, and what takes a clock


def turn_to(visit: Visit, server: str) -> None:
    visit.page.locator("clinic-faq").evaluate("(e, server) => e.setAttribute('server', server)", server)


@pytest.mark.parametrize("name", SILENCES)
def test_a_server_that_falls_silent_is_waited_for_only_so_long(stage: Stage, liar: Liar, name: str):
    liar.lie = SILENCES[name]
    with stage.visit() as visit:
        visit.page.clock.install()
        visit.open()
        turn_to(visit, liar.address)
        visit.input.fill(URGENT)
        visit.input.press("Enter")
        expect(visit.status).to_have_text("Looking for the answer …")
        visit.page.clock.fast_forward(15_000)
        expect(visit.status).to_have_text(LOST)
        expect(visit.input).to_have_value(URGENT)
        turn_to(visit, stage.server)
        visit.page.get_by_role("button", name="Try again").click()
        expect(visit.replies.first).to_contain_text("Call the clinic now.")
        assert visit.errors == []


def test_a_body_without_an_end_is_hung_up_on(stage: Stage, liar: Liar):
    liar.lie = REPLY_BODIES["no end to it"]
    with stage.visit() as visit:
        turn_to(visit, liar.address)
        liar.left.clear()
        visit.page.evaluate("async () => { await document.querySelector('clinic-faq').ask('x'); }")
        expect(visit.status).to_have_text(LOST)
        assert liar.left.wait(timeout=5)


def test_topics_that_never_came_can_be_browsed_when_the_server_is_honest(stage: Stage, liar: Liar):
    with stage.visit() as visit:
        browse = visit.page.get_by_role("button", name="Browse the questions")
        for name in ("an empty object", "a page", "a section that is null"):
            liar.lie = TOPICS_BODIES[name]
            turn_to(visit, liar.address)
            visit.launcher.click()
            browse.click()
            expect(visit.status).to_have_text(LOST)
            visit.page.keyboard.press("Escape")
        turn_to(visit, stage.server)
        visit.launcher.click()
        browse.click()
        expect(visit.page.locator("clinic-faq .section").first).to_be_visible()
        expect(visit.status).to_have_text("")


# What else can be lost


SWAP = "() => { const body = document.body.cloneNode(true); document.body.replaceWith(body); }"
ANY = {"access-control-allow-origin": "*"}


def test_a_lost_option_is_asked_again_and_the_draft_stays(stage: Stage, liar: Liar):
    liar.lie = Lie(b"{}")
    option = "Does a bigger area cost more?"
    with stage.visit() as visit:
        visit.open()
        visit.ask("how much does it cost")
        visit.input.fill("half a thought")
        turn_to(visit, liar.address)
        visit.page.get_by_role("button", name=option).click()
        expect(visit.status).to_have_text(LOST)
        visit.page.locator("clinic-faq").evaluate("(e) => { e.lang = 'de'; }")
        expect(visit.status).to_have_text(LOST)
        turn_to(visit, stage.server)
        visit.page.get_by_role("button", name=f"Try again: {option}").click()
        expect(visit.replies.nth(1)).to_contain_text("It may.")
        expect(visit.input).to_have_value("half a thought")
        expect(visit.page.locator("clinic-faq [part=retry]")).to_be_hidden()


def test_a_lost_question_can_be_mended_before_it_is_asked_again(stage: Stage, liar: Liar):
    liar.lie = Lie(b"null")
    with stage.visit() as visit:
        visit.open()
        turn_to(visit, liar.address)
        visit.input.fill("how mutch")
        visit.input.press("Enter")
        expect(visit.status).to_have_text(LOST)
        visit.input.fill("how much does it cost")
        turn_to(visit, stage.server)
        visit.page.get_by_role("button", name="Try again", exact=True).click()
        expect(visit.page.locator("clinic-faq .question")).to_have_text("You asked: how much does it cost")


def test_browsing_does_not_forget_a_lost_question(stage: Stage, liar: Liar):
    liar.lie = Lie(b"[]")
    with stage.visit() as visit:
        visit.open()
        turn_to(visit, liar.address)
        visit.input.fill(URGENT)
        visit.input.press("Enter")
        expect(visit.status).to_have_text(LOST)
        visit.page.get_by_role("button", name="Browse the questions").click()
        expect(visit.page.locator("clinic-faq .section").first).to_be_visible()
        expect(visit.status).to_have_text(LOST)
        expect(visit.page.get_by_role("button", name="Try again")).to_be_visible()


@pytest.mark.parametrize("honest", [False, True])
def test_a_question_outlives_a_body_that_is_replaced_while_it_waits(stage: Stage, honest: bool):  # noqa: FBT001 -- a case
    waiting: list[Route] = []
    with stage.visit() as visit:
        visit.open()
        visit.page.route("**/api/reply", lambda route: waiting.append(route))  # noqa: PLW0108 -- Playwright marks it
        visit.input.fill(URGENT)
        visit.input.press("Enter")
        expect(visit.status).to_have_text("Looking for the answer …")
        visit.page.evaluate(SWAP)
        expect(visit.status).to_have_text("Looking for the answer …")
        if honest:
            waiting[0].continue_()
            expect(visit.replies).to_have_count(1)
            expect(visit.status).to_have_text("")
            return
        waiting[0].fulfill(json={}, headers=ANY)
        expect(visit.status).to_have_text(LOST)
        expect(visit.input).to_have_value(URGENT)
        expect(visit.page.get_by_role("button", name="Try again")).to_be_visible()


def test_a_context_that_the_server_refuses_is_not_sent_for_ever(stage: Stage):
    poisoned = {**REPLY, "context": {"topics": 5}}
    with stage.visit() as visit:
        visit.open()
        visit.page.route("**/api/reply", lambda route: route.fulfill(json=poisoned, headers=ANY), times=1)
        visit.ask("how much does it cost")
        visit.input.fill(URGENT)
        visit.input.press("Enter")
        expect(visit.page.get_by_role("button", name="Try again")).to_be_visible()
        visit.page.get_by_role("button", name="Try again").click()
        expect(visit.replies.nth(1)).to_contain_text("Call the clinic now.")


def test_a_site_s_script_cannot_change_what_is_drawn_again(stage: Stage):
    with stage.visit() as visit:
        visit.page.evaluate(
            """async () => { const faq = document.querySelector("clinic-faq"); const reply = await faq.ask("how much does it cost");
            reply.tokens.length = 0; reply.options = null; reply.context.topics = "x"; faq.lang = "de"; }"""
        )
        expect(visit.replies).to_contain_text("It depends")
        assert visit.errors == []


def test_an_error_repeats_nothing_of_a_body(stage: Stage):
    echo = "<p>You asked: my cheek is blistering"
    with stage.visit() as visit:
        visit.page.route(
            "**/api/reply", lambda route: route.fulfill(body=echo, content_type="application/json", headers=ANY)
        )
        said = visit.page.evaluate(
            """async () => { const faq = document.querySelector("clinic-faq"); let said; faq.addEventListener("clinic-faq-error", (e) => { said = e.detail.message; });
            await faq.ask("my cheek is blistering"); return said; }"""
        )
        assert said == "the body has not the form that was agreed"


def test_hz48_a_message_that_was_not_read_in_time_stays_to_be_sent_again(stage: Stage):
    unread = {**REPLY, "kind": "fallback", "unread": True}
    with stage.visit() as visit:
        visit.open()
        visit.page.route("**/api/reply", lambda route: route.fulfill(json=unread, headers=ANY), times=1)
        visit.ask(URGENT)
        expect(visit.input).to_have_value(URGENT)
        visit.input.press("Enter")
        expect(visit.replies.nth(1)).to_contain_text("Call the clinic now.")
        expect(visit.input).to_have_value("")


# The server's own pages


@pytest.mark.parametrize(("path", "body"), [("/", "<h1>Sign in</h1>"), ("/faq", "{}")])
def test_the_pages_keep_the_question_whatever_is_said_for_a_reply(stage: Stage, path: str, body: str):
    with stage.visit() as visit:
        visit.page.goto(stage.server + path)
        visit.page.route("**/api/*", lambda route: route.fulfill(body=body, content_type="application/json"))
        visit.launcher.click()
        visit.input.fill(URGENT)
        visit.input.press("Enter")
        expect(visit.status).to_have_text(LOST)
        expect(visit.input).to_have_value(URGENT)
        expect(visit.page.locator("clinic-faq .contact")).to_contain_text("Contact the clinic now")
        visit.page.unroute("**/api/*")
        visit.page.get_by_role("button", name="Try again").click()
        expect(visit.replies.first).to_contain_text("Call the clinic now.")
        assert visit.errors == []


def test_the_demo_stands_without_its_widget(stage: Stage):
    with stage.visit() as visit:
        visit.page.route("**/clinic-faq*.js*", lambda route: route.fulfill(status=503))
        visit.page.goto(stage.server + "/")
        visit.page.get_by_role("button", name="Ask a question").click()
        visit.page.get_by_role("button", name="how many sessions").click()
        expect(visit.page.locator("clinic-faq")).to_contain_text("Contact the clinic now")
        assert visit.errors == []


# What is a reply


def test_every_reply_that_the_api_describes_is_taken(stage: Stage):
    schemas = json.loads((FOLDER.parent / "web" / "openapi.json").read_text(encoding="utf-8"))["components"]["schemas"]
    rest = {"text": "x", "href": "tel:123", "ref": "a.md#b", "children": [{"type": "text", "text": "x"}]}
    tokens = [{"type": name, **rest} for name in schemas["Token"]["properties"]["type"]["enum"]]
    longest = {
        "topics": ["a"] * 3,
        "said": ["a.md#b"] * 8,
        "options": ["a.md#b"] * 8,
        "misses": 9,
        "warned": True,
        "treated": True,
        "unanswered": "\x00" * 2_000,
    }
    kinds = list(schemas["Reply"]["properties"]["kind"]["enum"])
    others = {"blocks": [], "tokens": tokens, "options": ["?a"] * 8, "context": longest, "unread": True}
    replies = [{**REPLY, "kind": kind, **others} for kind in kinds]
    assert {*replies[0]} == {*schemas["Reply"]["properties"]}
    with stage.visit() as visit:
        visit.page.route("**/api/reply", lambda route: route.fulfill(json=replies.pop(0), headers=ANY))
        ask = "async () => (await document.querySelector('clinic-faq').ask('x'))?.kind"
        assert [visit.page.evaluate(ask) for _ in kinds] == kinds
        assert set(kinds) == {kind.value for kind in Kind}
        expect(visit.replies).to_have_count(len(kinds))
