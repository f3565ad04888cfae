"""What does the widget do for a visitor, and for the site that embeds it?"""

import gzip
import json
import re
from html import unescape

import pytest
from gates import DESKTOP, GATES, STRICT
from playwright.sync_api import Route, expect
from stage import SOURCE, Stage

from bot import __version__
from bot.channels.web.pages import WIDGET, make_integrity

BARE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Bare</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><body>{src}</body></html>"""
OF_THE_HOST = ("landmark-one-main", "page-has-heading-one")
"""What axe asks of a page, and a widget must not give it: a main landmark, a first heading."""
SEND_READY = "(e) => e.shadowRoot.querySelector('.send').getAttribute('aria-disabled') === null"


# One file


def test_the_widget_weighs_at_most_12_kilobytes():
    assert len(gzip.compress(SOURCE.encode())) <= 12 * 1024


def test_the_widget_names_this_version():
    assert SOURCE.startswith(f"/*! clinic-faq {__version__} ")


def test_the_widget_has_no_way_to_parse_markup_or_to_store():
    for way in (
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "DOMParser",
        "document.write",
        "eval(",
        "Function(",
        "Storage",
        "cookie",
        "indexedDB",
        "srcdoc",
    ):
        assert way not in SOURCE


# A page with nothing but the tag


def test_a_bare_page_under_a_strict_policy_lets_a_visitor_ask_by_keyboard(stage: Stage):
    policy = STRICT.format(server=stage.server)
    with stage.visit(html=BARE, policy=policy, path="/bare") as visit:
        expect(visit.launcher).to_be_visible()
        assert visit.axe(without=OF_THE_HOST) == []
        assert (
            visit.page.evaluate("async () => localStorage.length + sessionStorage.length + document.cookie.length") == 0
        )
        visit.page.keyboard.press("Tab")
        visit.page.keyboard.press("Enter")
        visit.page.keyboard.type("how much does it cost")
        visit.page.keyboard.press("Enter")
        expect(visit.replies.first).to_contain_text("It depends")
        assert visit.axe(without=OF_THE_HOST) == []
        assert visit.violations() == []
        assert visit.errors == []
        assert {url.split("/")[2] for url in visit.requests} == {stage.site.split("/")[2], stage.server.split("/")[2]}


# Looks


LOOKS = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "forced": {"forced_colors": "active"},
    "more contrast": {"contrast": "more"},
}


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
@pytest.mark.parametrize("name", LOOKS)
def test_axe_finds_nothing_closed_open_and_browsing(stage: Stage, name: str, direction: str):
    options = LOOKS[name]
    with stage.visit(direction=direction, **options, **DESKTOP) as visit:
        assert visit.axe() == []
        visit.open()
        for question in ("how much does it cost", "redness", "clinician", "urgent", "crisis", "handoff"):
            visit.ask(question)
        assert visit.axe() == []
        visit.page.get_by_role("button", name="Browse the questions").click()
        visit.page.locator("clinic-faq summary").first.click()
        assert visit.axe() == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_is_readable_whatever_accent_is_chosen(stage: Stage, scheme: str):
    with stage.visit(color_scheme=scheme, **DESKTOP) as visit:
        visit.open()
        visit.ask("how much does it cost")
        for accent in ("#ffee00", "#ffffff", "#000000", "#ff0000", "#00ff00", "#0000ff", "#808080", "hotpink"):
            visit.page.locator("clinic-faq").evaluate("(e, accent) => e.setAttribute('accent', accent)", accent)
            assert visit.axe(only=("color-contrast",)) == [], accent


def test_an_accent_that_is_no_colour_is_left_aside(stage: Stage):
    with stage.visit(attributes='accent="red} * { display: none"') as visit:
        expect(visit.launcher).to_be_visible()
        assert visit.launcher.evaluate("(e) => getComputedStyle(e).backgroundColor") == "rgb(15, 106, 102)"


def test_a_site_sets_colours_by_variables_and_reaches_parts(stage: Stage):
    head = "<style>clinic-faq { --clinic-faq-accent: #7a3b6d; --clinic-faq-z: 7 } clinic-faq::part(title) { font-size: 30px }</style>"
    with stage.visit(head=head) as visit:
        visit.open()
        assert visit.launcher.evaluate("(e) => getComputedStyle(e).backgroundColor") == "rgb(122, 59, 109)"
        assert visit.panel.evaluate("(e) => getComputedStyle(e).zIndex") == "7"
        assert visit.page.locator("clinic-faq .title").evaluate("(e) => getComputedStyle(e).fontSize") == "30px"


def test_a_site_s_own_styles_do_not_reach_in(stage: Stage):
    head = "<style>* { color: yellow !important; font-family: cursive } html { color: red } a { color: white !important }</style>"
    with stage.visit(head=head) as visit:
        visit.open()
        visit.ask("how much does it cost")
        assert visit.replies.first.evaluate("(e) => getComputedStyle(e).color") == "rgb(29, 43, 46)"
        assert (
            visit.page.locator("clinic-faq .contact a").first.evaluate("(e) => getComputedStyle(e).color")
            != "rgb(255, 255, 255)"
        )


# Words


def test_every_word_of_the_widget_can_be_replaced(stage: Stage):
    with stage.visit() as visit:
        visit.page.evaluate(
            "() => { const e = document.querySelector('clinic-faq'); e.texts = Object.fromEntries(Object.keys(e.texts).map((key) => [key, `§${key}§`])); }"
        )
        visit.launcher.click()
        visit.page.get_by_label("§label§").fill("urgent")
        visit.page.get_by_label("§label§").press("Enter")
        visit.replies.first.wait_for()
        snapshot = visit.panel.aria_snapshot()
        for content in ("urgent", "Call the clinic now.", "Do not wait.", "Blisters? Call", "123", "now."):
            snapshot = snapshot.replace(content, "")
        words = re.sub(r"§\w+§", "", snapshot)
        roles = {
            "dialog",
            "heading",
            "button",
            "group",
            "log",
            "alert",
            "paragraph",
            "list",
            "listitem",
            "text",
            "textbox",
            "strong",
            "link",
            "status",
            "level",
            "active",
            "url",
            "tel",
            "expanded",
        }
        assert set(re.findall(r"[A-Za-z]+", words)) - roles == set()


def test_texts_are_read_from_the_tag_and_a_wrong_name_is_told(stage: Stage):
    said: list[str] = []
    with stage.visit(
        attributes='texts=\'{{"launcher": "Fragen", "send": "Los"}}\''.replace("{{", "{").replace("}}", "}")
    ) as visit:
        visit.page.on("console", lambda message: said.append(message.text))
        expect(visit.page.get_by_role("button", name="Fragen")).to_be_visible()
        visit.page.evaluate("() => { document.querySelector('clinic-faq').texts = { lable: 'x' }; }")
        expect(visit.launcher).to_be_visible()
        assert said == ['clinic-faq: there is no text named "lable"']


# Use


def test_questions_can_be_browsed_without_typing(stage: Stage):
    with stage.visit() as visit:
        visit.open()
        visit.page.get_by_role("button", name="Browse the questions").click()
        visit.page.get_by_text("Costs of Laser Skin Tightening Procedures").click()
        visit.page.get_by_role("button", name="Does a bigger area cost more?").click()
        expect(visit.replies.first).to_contain_text("It may.")
        expect(visit.page.locator("clinic-faq #list")).to_be_hidden()


def test_a_reply_names_its_source_on_the_page_of_all_answers(stage: Stage):
    with stage.visit() as visit:
        visit.open()
        source = visit.ask("how much does it cost").locator(".source a")
        assert source.get_attribute("href") == f"{stage.server}/faq#costs--cost"
        assert source.get_attribute("rel") == "noopener noreferrer"
        expect(source).to_contain_text("Costs of Laser Skin Tightening Procedures")


def test_a_person_is_reached_by_a_card_with_the_clinic_s_details(stage: Stage):
    with stage.visit() as visit:
        visit.open()
        card = visit.ask("handoff").locator(".card")
        expect(card.get_by_role("heading", name="Talk to the clinic")).to_be_visible()
        expect(card).to_contain_text("Monday to Friday, nine to five")


def test_the_site_s_scripts_can_open_ask_and_listen(stage: Stage):
    with stage.visit() as visit:
        visit.page.evaluate(
            """() => { window.heard = []; for (const name of ["open", "close", "answer", "error"])
            document.addEventListener(`clinic-faq-${name}`, (e) => heard.push([name, e.detail ?? null])); }"""
        )
        kind = visit.page.evaluate(
            "async () => (await document.querySelector('clinic-faq').ask('how much does it cost')).kind"
        )
        assert kind == "answer"
        visit.context.set_offline(True)
        assert visit.page.evaluate("() => document.querySelector('clinic-faq').ask('again')") is None
        visit.page.evaluate("() => document.querySelector('clinic-faq').close()")
        heard = visit.page.evaluate("() => heard")
        assert [name for name, _ in heard] == ["open", "answer", "error", "close"]
        assert heard[1][1] == {"kind": "answer", "answers": ["costs.md#cost"]}
        assert "again" not in json.dumps(heard)


def test_the_context_goes_back_with_the_next_question(stage: Stage):
    sent: list[dict[str, object]] = []
    with stage.visit() as visit:
        visit.page.on(
            "request", lambda request: sent.append(request.post_data_json) if request.method == "POST" else None
        )
        visit.open()
        visit.ask("how much does it cost")
        visit.ask("redness")
        assert "context" not in sent[0]
        assert sent[1]["context"]["topics"] == ["cost"]


FAILURES = [
    (
        429,
        '{"error": {"code": "too_many", "message": "Please wait a moment.", "contact": "x"}}',
        "Please wait a moment.",
    ),
    (
        413,
        '{"error": {"code": "too_large", "message": "That message is too long.", "contact": "x"}}',
        "That message is too long.",
    ),
    (502, "<h1>Bad gateway</h1>", "The answer did not arrive."),
    (503, "", "The answer did not arrive."),
]


@pytest.mark.parametrize(("status", "body", "said"), FAILURES, ids=[str(status) for status, _, _ in FAILURES])
def test_a_refusal_is_said_in_its_own_words_and_the_text_is_kept(stage: Stage, status: int, body: str, said: str):
    def refuse(route: Route) -> None:
        kind = "application/json" if body.startswith("{") else "text/html"
        route.fulfill(status=status, body=body, content_type=kind, headers={"access-control-allow-origin": "*"})

    with stage.visit() as visit:
        visit.open()
        visit.page.route("**/api/reply", refuse)
        visit.input.fill("redness")
        visit.input.press("Enter")
        expect(visit.status).to_contain_text(said)
        expect(visit.input).to_have_value("redness")
        expect(visit.page.locator("clinic-faq .contact")).to_contain_text("Blisters? Call 123 now.")
        assert visit.page.locator("clinic-faq").evaluate(SEND_READY)


def test_a_second_question_waits_for_the_first(stage: Stage):
    waiting: list[Route] = []
    with stage.visit() as visit:
        visit.open()
        visit.page.route("**/api/reply", lambda route: waiting.append(route))  # noqa: PLW0108 -- Playwright marks it
        visit.input.fill("redness")
        visit.input.press("Enter")
        expect(visit.status).to_have_text("Looking for the answer …")
        visit.input.press("Enter")
        expect(visit.page.get_by_role("button", name="Send")).to_have_attribute("aria-disabled", "true")
        assert len(waiting) == 1
        waiting[0].continue_()
        expect(visit.replies).to_have_count(1)


def test_browsing_offline_says_so_and_works_later(stage: Stage):
    with stage.visit() as visit:
        visit.context.set_offline(True)
        visit.launcher.click()
        visit.page.get_by_role("button", name="Browse the questions").click()
        expect(visit.status).to_contain_text("did not arrive")
        visit.context.set_offline(False)
        visit.page.get_by_role("button", name="Browse the questions").click()
        expect(visit.page.locator("clinic-faq .section").first).to_be_visible()


# Security and safety, by their ids


def test_asvs_3_2_2_what_the_server_sends_is_shown_as_text(stage: Stage):
    hostile = {
        "kind": "answer",
        "text": "x",
        "contact": "",
        "answers": [],
        "options": ["<img src=x onerror=boom()>"],
        "context": {"topics": []},
        "tokens": [
            {"type": "paragraph", "children": [{"type": "text", "text": "<script>boom()</script>"}]},
            {"type": "link", "href": "javascript:boom()", "children": [{"type": "text", "text": "a"}]},
            {"type": "link", "href": "  JaVaScRiPt:boom()", "children": [{"type": "text", "text": "b"}]},
            {"type": "link", "href": "data:text/html,x", "children": [{"type": "text", "text": "c"}]},
            {"type": "source", "ref": "javascript:boom()//", "children": [{"type": "text", "text": "d"}]},
        ],
    }
    with stage.visit() as visit:
        visit.page.evaluate("() => { window.booms = 0; window.boom = () => { booms += 1; }; }")
        visit.open()
        headers = {"access-control-allow-origin": "*"}
        visit.page.route("**/api/reply", lambda route: route.fulfill(json=hostile, headers=headers))
        reply = visit.ask("x")
        assert reply.evaluate("(e) => e.querySelectorAll('script, img').length") == 0
        links = reply.locator("a").evaluate_all("(all) => all.map((a) => a.href)")
        assert [link for link in links if not link.startswith(f"{stage.server}/faq#")] == []
        assert visit.page.evaluate("() => booms") == 0


def test_asvs_14_3_3_and_hz36_a_browser_stores_nothing(stage: Stage):
    GATES["nothing_is_stored_and_nobody_else_is_called"](stage, "")


def test_asvs_1_2_1_and_hz30_no_payload_runs_or_makes_an_element(stage: Stage):
    GATES["no_text_becomes_markup"](stage, "")


def test_hz34_the_notice_asks_for_no_personal_details(stage: Stage):
    GATES["notice_stands_first"](stage, "")


def test_the_short_line_is_drawn_lighter_than_the_full_one(stage: Stage):
    with stage.visit() as visit:
        visit.open()
        full = visit.ask("redness").locator(".worry")
        expect(full).to_have_text("If it blisters or gets worse, contact the clinic now.")
        short = visit.ask("short").locator(".reach")
        expect(short).to_have_text("Call 123.")
        edges, sizes = zip(
            *(
                line.evaluate("(e) => [getComputedStyle(e).borderLeftWidth, parseFloat(getComputedStyle(e).fontSize)]")
                for line in (full, short)
            ),
            strict=True,
        )
        assert (edges[0] > "0px", edges[1]) == (True, "0px")
        assert sizes[0] > sizes[1]
        assert visit.axe() == []


def test_hz48_the_contact_line_needs_neither_script_nor_server(stage: Stage):
    GATES["contact_line_needs_nothing"](stage, "")


def test_hz49_an_urgent_reply_is_announced_once_and_takes_no_focus(stage: Stage):
    with stage.visit() as visit:
        visit.open()
        visit.ask("urgent")
        alert = visit.page.get_by_role("alert").filter(has_text="Call the clinic now.")
        expect(alert).to_have_count(1)
        assert visit.focused() == "input"
        assert visit.axe() == []


TRANSCRIPT = """\
- dialog "Questions and answers":
  - heading "Questions and answers" [level=2]
  - button "Close"
  - group "Conversation":
    - paragraph: This is a program, not a clinician. Please do not type personal details such as your name or date of birth.
    - log "Conversation": "You asked: urgent"
    - alert:
      - text: "Answer:"
      - heading "Urgent" [level=3]
      - paragraph:
        - strong: Call the clinic now.
      - list:
        - listitem: Do not wait.
    - log "Conversation"
    - alert
  - status
  - text: Your question
  - button "Browse the questions"
  - textbox "Your question"
  - button "Send"
  - paragraph:
    - text: Blisters? Call
    - link "123":
      - /url: tel:123
    - text: now."""


def test_hz50_it_says_first_that_it_is_no_clinician(stage: Stage):
    with stage.visit() as visit:
        visit.open()
        visit.ask("urgent")
        expect(visit.panel).to_match_aria_snapshot(TRANSCRIPT)
        assert not re.search(r"\b(Dr|Doctor|I think)\b", SOURCE)


# The server's own pages


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/", "/faq", "/embed"])
def test_the_pages_are_accessible_and_keep_their_policy(stage: Stage, path: str, scheme: str):
    with stage.visit(color_scheme=scheme, viewport={"width": 390, "height": 800}) as visit:
        visit.page.goto(stage.server + path)
        expect(visit.launcher).to_be_visible()
        assert visit.axe() == []
        assert visit.violations() == []
        assert visit.errors == []
        assert visit.page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


def test_the_demo_asks_for_the_visitor(stage: Stage):
    with stage.visit(**DESKTOP) as visit:
        visit.page.goto(stage.server + "/")
        visit.page.get_by_role("button", name="how many sessions").click()
        expect(visit.replies).to_have_count(1)


def test_all_questions_stand_on_one_page_with_structured_data(stage: Stage):
    with stage.visit(java_script_enabled=False) as visit:
        visit.page.goto(stage.server + "/faq")
        expect(visit.page.get_by_role("heading", level=3)).to_have_count(5)
        data = json.loads(visit.page.locator("script[type='application/ld+json']").text_content() or "")
        assert data["@type"] == "FAQPage"
        assert data["mainEntity"][0]["name"] == "How much does it cost?"
        burns = next(item for item in data["mainEntity"] if item["name"].startswith("Will my skin be red"))
        assert "contact the clinic now" in burns["acceptedAnswer"]["text"]


def test_the_snippet_works_where_it_is_pasted(stage: Stage):
    with stage.visit(**DESKTOP) as visit:
        visit.page.goto(stage.server + "/embed")
        visit.page.get_by_role("button", name="Plum").click()
        visit.page.get_by_label("Words on the button").fill('Fragen & "mehr"')
        visit.page.get_by_label("Light or dark").select_option("dark")
        snippet = visit.page.locator("#snippet").text_content() or ""
        assert visit.violations() == []
    assert f"{stage.server}/{WIDGET}" in snippet
    assert f'integrity="{make_integrity(SOURCE.encode())}"' in snippet
    with stage.visit(
        tag=snippet.replace("{", "{{").replace("}", "}}").replace("{{", "{").replace("}}", "}"),
        policy=STRICT.format(server=stage.server),
    ) as visit:
        expect(visit.page.get_by_role("button", name='Fragen & "mehr"')).to_be_visible()
        assert visit.launcher.evaluate("(e) => getComputedStyle(e).backgroundColor") == "rgb(122, 59, 109)"
        visit.open()
        visit.ask("how much does it cost")
        assert visit.violations() == []


def test_a_script_that_was_tampered_with_does_not_run(stage: Stage):
    src = f'<script defer src="{stage.server}/{WIDGET}" crossorigin="anonymous" integrity="{make_integrity(SOURCE.encode())}"></script>'
    tag = f"<clinic-faq>Call us{src}</clinic-faq>"
    with stage.visit(tag=tag, script=SOURCE + "\n// tampered") as visit:
        expect(visit.launcher).to_have_count(0)
        expect(visit.page.get_by_text("Call us")).to_be_visible()


def test_the_preview_follows_the_choice_at_once(stage: Stage):
    with stage.visit(**DESKTOP) as visit:
        visit.page.goto(stage.server + "/embed")
        visit.page.locator("#accent").fill("#a2482f")
        assert visit.launcher.evaluate("(e) => getComputedStyle(e).backgroundColor") == "rgb(162, 72, 47)"
        assert 'accent="#a2482f"' in unescape(visit.page.locator("#snippet").text_content() or "")
