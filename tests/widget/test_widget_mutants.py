"""Would the gates notice a fault? Each mutant breaks the widget in one way, and the gate named beside it must fail."""

import re

import pytest
from gates import GATES
from playwright.sync_api import Error
from stage import SOURCE, Stage

# What is broken: the text in the source, what takes its place, the gate that must notice.
MUTANTS = {
    "launcher is a div": ('p.launcher = make("button", { type: "button",', 'p.launcher = make("div", {', "launcher_is_a_button_with_a_name"),
    "launcher says nothing of its state": ('"aria-expanded": "false", "aria-controls": "panel",', "", "launcher_is_a_button_with_a_name"),
    "launcher is named otherwise than it reads": ('"aria-label": t.launcher, click: () => (kept', '"aria-label": "Help", click: () => (kept', "launcher_is_a_button_with_a_name"),
    "launcher cannot be reached by Tab": ('class: "launcher", part', 'class: "launcher", tabindex: "-1", part', "keyboard_alone_is_enough"),
    "Enter does not send": ('if (event.key !== "Enter"', 'if (event.key !== "F9"', "keyboard_alone_is_enough"),
    "options are no buttons": ('make("button", { type: "button", class: "option"', 'make("div", { class: "option"', "keyboard_alone_is_enough"),
    "panel has no role": ('role: "dialog", ', "", "panel_is_a_dialog_beside_the_page"),
    "panel has no name": ('"aria-labelledby": "title", ', "", "panel_is_a_dialog_beside_the_page"),
    "panel is modal": ('role: "dialog", ', 'role: "dialog", "aria-modal": "true", ', "panel_is_a_dialog_beside_the_page"),
    "focus is taken at load": ("this.#show(kept.open);", "this.#show(kept.open); p.launcher.focus();", "focus_moves_only_when_asked"),
    "focus stays outside when opened": ("? panel : input).focus();", "? panel : input);", "focus_moves_only_when_asked"),
    "an answer takes focus": ('this.#emit("answer",', 'this.#parts.panel.focus(); this.#emit("answer",', "focus_moves_only_when_asked"),
    "Escape does nothing": ('event.key === "Escape"', 'event.key === "F9"', "escape_closes_and_focus_returns"),
    "focus is lost on closing": ("if (inside) this.#parts.launcher.focus();", "", "escape_closes_and_focus_returns"),
    "focus is trapped": ('if (event.key === "Escape" &&', 'if (event.key === "Tab" && kept.open) event.preventDefault(); if (event.key === "Escape" &&', "tab_leaves_the_panel"),
    "there is no log": ('role: "log", ', "", "log_is_there_first_and_only_grows"),
    "the log is written anew": ("log.append(asked);", "log.replaceChildren(...log.childNodes, asked);", "log_is_there_first_and_only_grows"),
    "urgent goes to the log": ("(urgent ? alert : log)", "log", "each_message_is_in_one_live_region"),
    "every answer is an alert": ("(urgent ? alert : log)", "alert", "each_message_is_in_one_live_region"),
    "live regions are nested": ('class: "scroller", part: "conversation", role: "group"', 'class: "scroller", part: "conversation", role: "group", "aria-live": "polite"', "each_message_is_in_one_live_region"),
    "a failure is silent": ('lost ? lost.said ?? t.offline : "";', '"";', "failure_is_said_and_the_text_is_kept"),
    "a failure loses the text": ("if (typed) kept.draft = input.value = question;", 'input.value = "";', "failure_is_said_and_the_text_is_kept"),
    "retry drops focus": ("input.focus(); // the button", "// the button", "failure_is_said_and_the_text_is_kept"),
    "nobody is said to speak": ("`${t.bot} `", '""', "speaker_is_in_the_text"),
    "grey on grey": ("--quiet: #52646a;", "--quiet: #9fb0b5;", "axe_finds_nothing"),
    "the field has no label": ('make("label", { for: "input" }', 'make("span", {}', "axe_finds_nothing"),
    "the close button has no name": ('part: "close", "aria-label": t.close,', 'part: "close",', "axe_finds_nothing"),
    "the conversation cannot be scrolled by keyboard": ('"aria-label": t.log, tabindex: "0" }', '"aria-label": t.log }', "focus_is_seen_on_every_control"),
    "no focus ring": (":focus-visible { outline: .19em solid var(--link); outline-offset: .15em; }", ":focus-visible { outline: none; }", "focus_is_seen_on_every_control"),
    "the launcher covers what has focus": ('toggle("aside", !apart)', 'toggle("aside", false)', "launcher_hides_no_focus"),
    "tiny buttons": ("min-block-size: 2.75em; padding: .45em .9em;", "min-block-size: 1em; padding: 0;", "targets_are_large_enough"),
    "a panel of fixed size": (".panel { inset: 0; inline-size: auto; block-size: auto;", ".panel { inset: auto 0 0 auto; inline-size: 24em; block-size: 600px;", "reflow_at_400_percent"),
    "a panel that clips": ("box-shadow: var(--shadow); overflow: auto; overscroll", "box-shadow: var(--shadow); overflow: hidden; overscroll", "reflow_at_400_percent"),
    "a line of fixed height": ('.notice { color: var(--quiet);', '.notice { block-size: 2.4em; overflow: hidden; color: var(--quiet);', "text_may_be_spaced"),
    "text in pixels": ("max(1rem, 16px)", "16px", "text_grows_with_the_page"),
    "text follows a small page": ("max(1rem, 16px)", "1rem", "text_grows_with_the_page"),
    "motion without asking": ("@media (prefers-reduced-motion: no-preference)", "@media all", "nothing_moves_when_motion_is_unwanted"),
    "no edges in forced colours": (".launcher, .panel, .icon, .send, .question, .card { border-color: currentColor; }", ".launcher, .panel, .icon, .send, .question, .card { border: 0; }", "forced_colours_keep_the_edges"),
    "left is left in every language": ("inset-inline-end: var(--clinic-faq-offset-inline, 1.25em);\n      inline-size", "right: 1.25em;\n      inline-size", "language_and_direction_are_followed"),
    "its language is not said": (', lang: this.lang || "en" }', " }", "language_and_direction_are_followed"),
    "markup is parsed": ('const make = (tag, attributes, ...children) => {', 'const make = (tag, attributes, ...children) => { const bad = document.createElement("i"); bad.innerHTML = "x";', "strict_policy_is_kept"),
    "a style element": ("root.adoptedStyleSheets = [sheet, this.#theme];", 'const s = document.createElement("style"); s.textContent = CSS_TEXT; document.head.append(s); root.adoptedStyleSheets = [sheet, this.#theme];', "strict_policy_is_kept"),
    "a font from elsewhere": ("this.#draw();\n    }\n\n    #fromTag", "this.#draw(); new Image().src = 'https://fonts.example/a.woff';\n    }\n\n    #fromTag", "nothing_is_stored_and_nobody_else_is_called"),
    "the conversation is stored": ("kept.turns.push(turn);", "kept.turns.push(turn); sessionStorage.setItem('turns', question);", "nothing_is_stored_and_nobody_else_is_called"),
    "the question is in the address": ("fetch(this.server + path, {", "fetch(this.server + path + (body ? '?q=' + body.question : ''), {", "nothing_is_stored_and_nobody_else_is_called"),
    "topics are fetched at load": ("this.#show(kept.open);", "this.#show(kept.open); this.#topics().catch(() => {});", "nothing_is_stored_and_nobody_else_is_called"),
    "composing sends": ("|| event.isComposing || event.keyCode === 229) return;", ") return;", "composing_does_not_send"),
    "the question is parsed": ("`${this.texts.you} `), question);", "`${this.texts.you} `)); asked.insertAdjacentHTML('beforeend', question);", "no_text_becomes_markup"),
    "any address is a link": ("if (!SCHEMES.has(url.protocol))", "if (false)", "no_text_becomes_markup"),
    "a new body ends the conversation": ("for (const turn of kept.turns) this.#append(turn);", "", "body_may_be_replaced"),
    "twice is an error": ('if (customElements.get("clinic-faq")) return;', "", "script_may_be_loaded_twice"),
    "two tags, two launchers": ("if (!first) return;", "this.hidden = false;", "script_may_be_loaded_twice"),
    "the script alone does nothing": ('else settle();', "", "script_alone_is_enough"),
    "a swapped body ends it": (" body.append(this);", "void 0;", "script_alone_is_enough"),
    "the contact line needs the server": ('if (own.join("").trim()) return own;', "", "contact_line_needs_nothing"),
    "no contact line of its own": (": [t.contact];", ": [];", "contact_line_needs_nothing"),
    "no notice": ('"aria-describedby": "status notice"', '"aria-describedby": "status"', "notice_stands_first"),
}  # fmt: skip


@pytest.mark.parametrize("name", MUTANTS)
def test_the_gate_notices(stage: Stage, name: str):
    found, put, gate, *_ = MUTANTS[name]
    assert found in SOURCE, "the widget no longer reads so: mend the mutant"
    mutant = re.sub(re.escape(found), lambda _: put, SOURCE)
    # Playwright's TimeoutError is an Error; a gate that waits in vain has noticed.
    with pytest.raises((AssertionError, Error)):
        GATES[gate](stage, mutant)


def test_every_gate_has_a_mutant():
    assert {gate for _, _, gate, *_ in MUTANTS.values()} == set(GATES)
