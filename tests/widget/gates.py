"""What must the widget pass, whoever changes it? Each gate is one function that takes the stage and raises on a fault.

The mutants in `test_widget_mutants.py` break the widget on purpose: a gate that does not notice is no gate.
"""

from collections.abc import Callable
from inspect import isfunction

from playwright.sync_api import Route, expect
from stage import OFFLINE, SCRIPTED, Stage, Visit

Gate = Callable[[Stage, str], None]
STRICT = "default-src 'none'; script-src {server}; connect-src {server}; require-trusted-types-for 'script'"
PHONE = {"viewport": {"width": 320, "height": 256}}
DESKTOP = {"viewport": {"width": 1100, "height": 800}}

BOX = "(e) => { const b = e.getBoundingClientRect(); return [b.left, b.top, b.right, b.bottom]; }"
REACHED = """(e) => { e.scrollIntoView({ block: "center" }); const b = e.getBoundingClientRect();
  let hit = document.elementFromPoint((b.left + b.right) / 2, (b.top + b.bottom) / 2);
  while (hit?.shadowRoot) { const inner = hit.shadowRoot.elementFromPoint((b.left + b.right) / 2, (b.top + b.bottom) / 2); if (!inner || inner === hit) break; hit = inner; }
  return hit === e || e.contains(hit); }"""
LIVE = """() => { const found = []; const walk = (root) => { for (const e of root.querySelectorAll("*")) {
  if (e.matches("[aria-live],[role=log],[role=status],[role=alert]")) found.push(e); if (e.shadowRoot) walk(e.shadowRoot); } };
  walk(document); return found; }"""


def launcher_is_a_button_with_a_name(stage: Stage, script: str = "") -> None:
    with stage.visit(script=script) as visit:
        launcher = visit.page.get_by_role("button", name="Ask a question")
        expect(launcher).to_have_attribute("aria-expanded", "false")
        expect(launcher).to_have_attribute("aria-controls", "panel")
        assert launcher.inner_text().strip() in (launcher.get_attribute("aria-label") or launcher.inner_text())
        launcher.click()
        expect(launcher).to_have_attribute("aria-expanded", "true")


def keyboard_alone_is_enough(stage: Stage, script: str = "") -> None:
    with stage.visit(script=script, reduced_motion="no-preference") as visit:
        for key in ("Enter", "Space"):
            visit.page.locator("#before").focus()
            visit.page.keyboard.press("Tab")
            assert "launcher" in visit.focused()
            visit.page.keyboard.press(key)
            expect(visit.panel).to_be_visible()
            visit.page.keyboard.press("Escape")
        visit.page.keyboard.press("Enter")
        visit.page.keyboard.type("how much does it cost")
        visit.page.keyboard.press("Enter")
        expect(visit.replies.first).to_contain_text("It depends")
        visit.page.keyboard.press("Shift+Tab")
        visit.page.keyboard.press("Shift+Tab")
        assert visit.focused() == "option"
        visit.page.keyboard.press("Enter")
        expect(visit.replies.nth(1)).to_contain_text("It may.")


def panel_is_a_dialog_beside_the_page(stage: Stage, script: str = "") -> None:
    with stage.visit(script=script, **DESKTOP) as visit:
        visit.open()
        dialog = visit.page.get_by_role("dialog", name="Questions and answers")
        expect(dialog).to_be_visible()
        assert dialog.get_attribute("aria-modal") is None
        visit.page.locator("#before").click()
        assert visit.focused() == "before"
        expect(dialog).to_be_visible()


def focus_moves_only_when_asked(stage: Stage, script: str = "") -> None:
    with stage.visit(script=script) as visit:
        assert visit.focused() == "body"
        visit.open()
        assert visit.focused() == "input"
        visit.ask("how much does it cost")
        assert visit.focused() == "input"
        visit.page.locator("clinic-faq .option:visible").first.click()
        expect(visit.replies).to_have_count(2)
        assert visit.focused() == "option"


def escape_closes_and_focus_returns(stage: Stage, script: str = "") -> None:
    with stage.visit(script=script) as visit:
        visit.open()
        visit.page.keyboard.press("Escape")
        expect(visit.panel).to_be_hidden()
        assert "launcher" in visit.focused()
        visit.open()
        visit.page.get_by_role("button", name="Close").click()
        assert "launcher" in visit.focused()


def tab_leaves_the_panel(stage: Stage, script: str = "") -> None:
    with stage.visit(script=script) as visit:
        visit.open()
        for _ in range(12):
            visit.page.keyboard.press("Tab")
            if visit.focused() == "after":
                return
        raise AssertionError("Tab does not reach what comes after the widget")


def log_is_there_first_and_only_grows(stage: Stage, script: str = "") -> None:
    with stage.visit(script=script) as visit:
        visit.open()
        log = visit.page.get_by_role("log", name="Conversation").first
        expect(log).to_be_attached()
        log.evaluate(
            """(e) => { window.removed = 0; window.added = 0; new MutationObserver((all) => { for (const one of all) {
            removed += one.removedNodes.length; added += one.addedNodes.length; } }).observe(e, { childList: true, subtree: true }); }"""
        )
        visit.ask("how much does it cost")
        visit.ask("how long does redness last")
        assert visit.page.evaluate("() => [added, removed]") == [4, 0]


def each_message_is_in_one_live_region(stage: Stage, script: str = "") -> None:
    with stage.visit(script=script) as visit:
        visit.open()
        for question, role in (
            ("how much does it cost", "log"),
            ("urgent", "alert"),
            ("redness", "log"),
            ("crisis", "alert"),
        ):
            reply = visit.ask(question)
            around = """(e) => { const found = []; for (let p = e; p; p = p.parentElement)
              if (p.matches("[aria-live],[role=log],[role=status],[role=alert]")) found.push(p.getAttribute("role")); return found; }"""
            assert reply.evaluate(around) == [role]
            asked = visit.page.locator("clinic-faq .question").last
            assert asked.evaluate(around) == ["log"]
        texts = visit.page.evaluate(f"() => ({LIVE})().map((e) => e.textContent)")
        assert sum("Do not wait." in text for text in texts) == 1


def failure_is_said_and_the_text_is_kept(stage: Stage, script: str = "") -> None:
    with stage.visit(script=script) as visit:
        visit.open()
        visit.context.set_offline(True)
        visit.input.fill("how much does it cost")
        visit.input.press("Enter")
        expect(visit.status).to_contain_text("Your text is kept.")
        expect(visit.input).to_have_value("how much does it cost")
        assert "status" in (visit.input.get_attribute("aria-describedby") or "")
        visit.context.set_offline(False)
        visit.page.get_by_role("button", name="Try again").click()
        expect(visit.replies.first).to_contain_text("It depends")
        expect(visit.status).to_have_text("")
        expect(visit.input).to_have_value("")
        assert visit.focused() == "input"
        expect(visit.page.locator("clinic-faq .question")).to_have_count(1)


def speaker_is_in_the_text(stage: Stage, script: str = "") -> None:
    with stage.visit(script=script) as visit:
        visit.open()
        reply = visit.ask("how much does it cost")
        assert (visit.page.locator("clinic-faq .question").first.text_content() or "").startswith("You asked: ")
        assert (reply.text_content() or "").startswith("Answer: ")
        assert (visit.ask("urgent").text_content() or "").startswith("Answer: Urgent")


def axe_finds_nothing(stage: Stage, script: str = "") -> None:
    with stage.visit(script=script, **DESKTOP) as visit:
        assert visit.axe() == []
        visit.open()
        visit.ask("how much does it cost")
        visit.ask("urgent")
        assert visit.axe() == []


def focus_is_seen_on_every_control(stage: Stage, script: str = "") -> None:
    with stage.visit(script=script, **DESKTOP) as visit:
        visit.open()
        visit.ask("how much does it cost")
        for selector in (
            ".launcher",
            ".icon",
            ".option:visible",
            ".input",
            ".send",
            ".small:visible",
            ".contact a",
            ".source a",
            ".scroller",
        ):
            control = visit.page.locator(f"clinic-faq {selector}").first
            control.scroll_into_view_if_needed()
            visit.page.keyboard.press("Shift")  # what is focused by script shows its ring if the keyboard was used last
            visit.page.locator("#after").evaluate("(e) => e.focus({ preventScroll: true })")
            before = _shot(visit, selector)
            control.evaluate("(e) => e.focus({ preventScroll: true })")
            assert _shot(visit, selector) != before, selector


def launcher_hides_no_focus(stage: Stage, script: str = "") -> None:
    with stage.visit(script=script, **DESKTOP) as visit:
        left, top, _, _ = visit.launcher.evaluate(BOX)
        visit.page.evaluate(
            "([x, y]) => Object.assign(document.getElementById('after').style, { position: 'fixed', left: `${x + 9}px`, top: `${y + 9}px` })",
            [left, top],
        )
        visit.page.keyboard.press("Shift")
        visit.page.locator("#after").focus()
        assert visit.page.locator("#after").evaluate(REACHED)
        visit.page.locator("#before").focus()
        expect(visit.launcher).to_be_visible()


def targets_are_large_enough(stage: Stage, script: str = "") -> None:
    with stage.visit(script=script, **DESKTOP) as visit:
        sizes = [_size(visit, ".launcher", 0)]
        visit.open()
        visit.ask("how much does it cost")
        visit.page.get_by_role("button", name="Browse the questions").click()
        for selector in (".icon", ".send", ".input", ".small:visible", "summary"):
            sizes += [_size(visit, selector, n) for n in range(visit.page.locator(f"clinic-faq {selector}").count())]
        visit.page.get_by_role("button", name="Back to the conversation").click()
        sizes.append(_size(visit, ".option:visible", 0))
        assert [size for size in sizes if min(size[1:]) < 44] == []
        links = [_size(visit, ".contact a", 0), _size(visit, ".source a", 0)]
        assert [link for link in links if link[2] < 24] == []


def reflow_at_400_percent(stage: Stage, script: str = "") -> None:
    with stage.visit(script=script, **PHONE) as visit:
        visit.open()
        visit.ask("how much does it cost")
        left, top, right, bottom = visit.panel.evaluate(BOX)
        assert (left, top) >= (0, 0)
        assert right <= 320
        assert bottom <= 256
        assert visit.panel.evaluate("(e) => e.scrollWidth <= e.clientWidth")
        assert visit.page.evaluate("() => document.documentElement.scrollWidth <= 320")
        for selector in (".input", ".send", ".icon", ".option:visible", ".contact a", ".small:visible"):
            assert visit.page.locator(f"clinic-faq {selector}").first.evaluate(REACHED), selector
        clipped = """(e) => { for (let p = e.parentElement; p; p = p.parentElement)
          if (/hidden|clip/.test(getComputedStyle(p).overflow) && p.scrollHeight > p.clientHeight + 1) return true; return false; }"""
        assert not visit.input.evaluate(clipped)


def text_may_be_spaced(stage: Stage, script: str = "") -> None:
    with stage.visit(script=script, **DESKTOP) as visit:
        visit.open()
        visit.ask("how much does it cost")
        visit.page.locator("clinic-faq").evaluate(
            """(e) => { const s = new CSSStyleSheet(); s.replaceSync("* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } p { margin-block-end: 2em !important }");
            e.shadowRoot.adoptedStyleSheets = [...e.shadowRoot.adoptedStyleSheets, s]; }"""
        )
        for selector in ("button:visible", ".title", ".notice", ".question", ".reply", ".contact"):
            for box in visit.page.locator(f"clinic-faq {selector}").all():
                assert box.evaluate(
                    "(e) => e.scrollWidth <= e.clientWidth + 1 && e.scrollHeight <= e.clientHeight + 1"
                ), selector
        assert visit.page.locator("clinic-faq .send").evaluate(REACHED)


def text_grows_with_the_page(stage: Stage, script: str = "") -> None:
    with stage.visit(script=script, **DESKTOP) as visit:
        visit.open()
        size = "(e) => parseFloat(getComputedStyle(e).fontSize)"
        small = visit.input.evaluate(size)
        visit.page.evaluate("() => { document.documentElement.style.fontSize = '200%'; }")
        assert visit.input.evaluate(size) == 2 * small
        assert visit.page.locator("clinic-faq .send").evaluate(REACHED)
        visit.page.evaluate("() => { document.documentElement.style.fontSize = '62.5%'; }")
        assert visit.input.evaluate(size) == small


def nothing_moves_when_motion_is_unwanted(stage: Stage, script: str = "") -> None:
    with stage.visit(script=script) as visit:
        visit.page.evaluate(
            """() => { window.moved = []; for (const kind of ["animationstart", "transitionrun"])
            document.querySelector("clinic-faq").shadowRoot.addEventListener(kind, (e) => moved.push(kind)); }"""
        )
        visit.open()
        visit.ask("how much does it cost")
        visit.page.locator("clinic-faq .option:visible").first.hover()
        visit.page.keyboard.press("Escape")
        assert visit.page.evaluate("() => moved") == []


def forced_colours_keep_the_edges(stage: Stage, script: str = "") -> None:
    with stage.visit(script=script, forced_colors="active", **DESKTOP) as visit:
        visit.open()
        visit.ask("urgent")
        style = "(e) => { const s = getComputedStyle(e); return [s.borderTopStyle, s.borderTopColor, parseFloat(s.borderTopWidth)]; }"
        for selector in (".launcher", ".panel", ".send", ".input", ".urgent .card"):
            kind, colour, width = visit.page.locator(f"clinic-faq {selector}").evaluate(style)
            assert kind == "solid", selector
            assert "0)" not in colour.split(",")[-1] or colour.startswith("rgb("), selector
            assert width >= 1, selector
        assert visit.page.locator("clinic-faq .urgent .card").evaluate(style)[2] >= 3
        assert "solid" in str(visit.input.evaluate("(e) => getComputedStyle(e).outlineStyle"))


def language_and_direction_are_followed(stage: Stage, script: str = "") -> None:
    with stage.visit(script=script, lang="ar", direction="rtl", attributes='lang="ar"', **DESKTOP) as visit:
        visit.open()
        visit.ask("how much does it cost")
        left, _, right, _ = visit.panel.evaluate(BOX)
        assert left < 1100 - right
        region = visit.page.locator("clinic-faq [role=region]")
        expect(region).to_have_attribute("lang", "ar")
        expect(visit.replies.first).to_have_attribute("lang", "en")
        assert visit.replies.first.locator(".body").evaluate("(e) => getComputedStyle(e).direction") == "ltr"
    with stage.visit(script=script, lang="de") as visit:
        expect(visit.page.locator("clinic-faq [role=region]")).to_have_attribute("lang", "en")


def strict_policy_is_kept(stage: Stage, script: str = "") -> None:
    policy = STRICT.format(server=stage.server)
    with stage.visit(script=script, policy=policy) as visit:
        visit.open()
        visit.ask("how much does it cost")
        visit.ask("markup")
        visit.page.get_by_role("button", name="Browse the questions").click()
        assert visit.violations() == []
        assert visit.errors == []


def nothing_is_stored_and_nobody_else_is_called(stage: Stage, script: str = "") -> None:
    with stage.visit(script=script) as visit:
        assert [url for url in visit.list_requests() if "/api/" in url] == []
        visit.open()
        visit.ask("how much does it cost")
        stored = "async () => [localStorage.length, sessionStorage.length, document.cookie, (await indexedDB.databases()).length]"
        assert visit.page.evaluate(stored) == [0, 0, "", 0]
        assert visit.context.cookies() == []
        assert [url for url in visit.list_requests() if not url.startswith((stage.server, stage.site))] == []
        assert [url for url in visit.requests if "cost" in url or "?" in url] == []


def composing_does_not_send(stage: Stage, script: str = "") -> None:
    with stage.visit(script=script) as visit:
        visit.open()
        visit.input.fill("koho")
        visit.input.evaluate(
            """(e) => { e.dispatchEvent(new CompositionEvent("compositionstart"));
            e.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", isComposing: true, bubbles: true, cancelable: true })); }"""
        )
        visit.input.press("Shift+Enter")
        assert visit.input.input_value() == "koho\n"
        assert [url for url in visit.list_requests() if "reply" in url] == []


def no_text_becomes_markup(stage: Stage, script: str = "") -> None:
    payloads = [
        "<img src=x onerror=boom()>", "<script>boom()</script>", "<svg onload=boom()>", "javascript:boom()", "\"><b>x", "{{7*7}}",
        "<iframe srcdoc='<script>parent.boom()</script>'>", "<a href=javascript:boom()>x</a>", "<style>*{display:none}</style>",
        "&lt;img src=x onerror=boom()&gt;", "<!--", "]]>", "<math><mi//xlink:href='data:x,boom()'>", "${boom()}", "<template><p>",
    ]  # fmt: skip
    tag = f"<clinic-faq><a href='javascript:boom()'>Call</a> us<script defer src='{stage.server}/clinic-faq.js'></script></clinic-faq>"
    with stage.visit(script=script, tag=tag) as visit:
        visit.page.evaluate("() => { window.booms = 0; window.boom = () => { booms += 1; }; }")
        visit.open()
        expect(visit.page.locator("clinic-faq .contact")).to_have_text("Call us")
        expect(visit.page.locator("clinic-faq .contact a")).to_have_count(0)
        for payload in payloads:
            visit.ask(payload)
            asked = visit.page.locator("clinic-faq .question").last
            assert (asked.text_content() or "").endswith(payload)
            assert asked.evaluate("(e) => e.querySelectorAll('*').length") == 1
        reply = visit.ask("markup")
        expect(reply).to_contain_text(SCRIPTED["markup"].text.split("]")[0])
        assert reply.evaluate("(e) => e.querySelectorAll('img, a, b').length") == 0
        assert visit.page.evaluate("() => booms") == 0


def body_may_be_replaced(stage: Stage, script: str = "") -> None:
    with stage.visit(script=script) as visit:
        visit.open()
        visit.ask("how much does it cost")
        visit.input.fill("half a thought")
        visit.page.evaluate("() => { const body = document.body.cloneNode(true); document.body.replaceWith(body); }")
        expect(visit.panel).to_be_visible()
        expect(visit.replies).to_have_count(1)
        expect(visit.input).to_have_value("half a thought")
        visit.page.keyboard.press("Escape")
        expect(visit.panel).to_be_hidden()
        visit.open()
        visit.ask("redness")


def script_may_be_loaded_twice(stage: Stage, script: str = "") -> None:
    src = f"{stage.server}/clinic-faq.js"
    tags = f"<clinic-faq>a</clinic-faq><script defer src='{src}'></script><script defer src='{src}?again'></script><clinic-faq>b</clinic-faq>"
    with stage.visit(script=script, tag=tags) as visit:
        expect(visit.launcher).to_have_count(1)
        assert visit.errors == []
        visit.open()
        visit.ask("how much does it cost")
        visit.page.locator("clinic-faq").first.evaluate("(e) => e.remove()")
        expect(visit.launcher).to_have_count(1)
        expect(visit.replies).to_have_count(1)


def script_alone_is_enough(stage: Stage, script: str = "") -> None:
    tag = "<p>no tag</p>"
    with stage.visit(
        script=script, tag=tag, head=f"<script defer src='{stage.server}/clinic-faq.js'></script>"
    ) as visit:
        visit.open()
        visit.ask("how much does it cost")
        visit.page.evaluate("() => document.body.replaceChildren(document.createElement('main'))")
        expect(visit.replies).to_have_count(1)
        visit.page.evaluate("() => document.body.replaceWith(document.createElement('body'))")
        expect(visit.replies).to_have_count(1)


def contact_line_needs_nothing(stage: Stage, script: str = "") -> None:
    with stage.visit(script=script, java_script_enabled=False) as visit:
        expect(visit.page.get_by_text("Blisters?")).to_be_visible()
        expect(visit.page.get_by_role("link", name="123")).to_have_attribute("href", "tel:123")
    with stage.visit(script=script) as visit:
        visit.page.route("**/api/**", _abort)
        visit.launcher.click()
        contact = visit.page.locator("clinic-faq .contact")
        expect(contact).to_contain_text("Blisters? Call 123 now.")
        expect(contact.get_by_role("link", name="123")).to_have_attribute("href", "tel:123")
    with stage.visit(
        script=script, tag=f"<clinic-faq><script defer src='{stage.server}/clinic-faq.js'></script></clinic-faq>"
    ) as visit:
        visit.page.route("**/api/**", _abort)
        visit.launcher.click()
        expect(visit.page.locator("clinic-faq .contact")).to_have_text(OFFLINE)


def notice_stands_first(stage: Stage, script: str = "") -> None:
    with stage.visit(script=script) as visit:
        visit.launcher.click()
        notice = visit.page.get_by_text("This is a program, not a clinician.")
        expect(notice).to_be_visible()
        expect(notice).to_contain_text("do not type personal details")
        assert "notice" in (visit.input.get_attribute("aria-describedby") or "")


def _abort(route: Route) -> None:
    route.abort()


def _size(visit: Visit, selector: str, number: int) -> tuple[str, float, float]:
    box = visit.page.locator(f"clinic-faq {selector}").nth(number).bounding_box()
    assert box, selector
    return selector, round(box["width"], 1), round(box["height"], 1)


def _shot(visit: Visit, selector: str) -> bytes:
    left, top, right, bottom = visit.page.locator(f"clinic-faq {selector}").first.evaluate(BOX)
    clip = {"x": max(0, left - 6), "y": max(0, top - 6), "width": right - left + 12, "height": bottom - top + 12}
    return visit.page.screenshot(clip=clip, caret="hide", animations="disabled")  # type: ignore[arg-type]


GATES: dict[str, Gate] = {
    name: found
    for name, found in globals().copy().items()
    if isfunction(found) and found.__module__ == __name__ and not name.startswith("_")
}
