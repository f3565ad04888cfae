"""Does the widget ask its own server and work, whatever a page calls its elements? A name can hide what a node has."""

import re
from collections.abc import Iterator

import pytest
from liars import REPLY, Liar, change, lie_on_loopback
from stage import SOURCE, Stage, Visit

DOCUMENT = (
    "createElement",
    "createElementNS",
    "createTextNode",
    "addEventListener",
    "removeEventListener",
    "querySelector",
)
"""What the widget has read of the document itself, before any of it was hidden here."""
NODE = ("nodeName", "tagName", "textContent", "children", "attributes", "href", "data", "append", "remove")
"""What a form gives a field in place of."""
GLOBALS = (
    "clinicFaq",
    "ClinicFaq",
    "script",
    "home",
    "kept",
    "server",
    "fetch",
    "location",
    "customElements",
    "Text",
    "URL",
)
ELEMENTS = {
    "image": '<img alt="" name="{name}" src="{evil}/x.png">',
    "form": '<form name="{name}" action="{evil}/"><input name="src" value="{evil}/x.js"></form>',
    "frame": '<iframe title="x" name="{name}" src="{evil}/x.html"></iframe>',
    "object": '<object id="{name}" data="{evil}/x.js"></object>',
    "embed": '<embed name="{name}" src="{evil}/x.js">',
}  # fmt: skip
# Playwright's own script is lost on such pages too, so that what a visitor does is done by events.
USE = """async (question) => {
  const find = Document.prototype.querySelector.bind(document);
  const faq = find("clinic-faq");
  const own = (selector) => faq.shadowRoot?.querySelector(selector);
  own(".launcher").click();
  const heard = new Promise((done) => { faq.addEventListener("clinic-faq-answer", done); faq.addEventListener("clinic-faq-error", done); });
  own(".input").value = question;
  own(".form").requestSubmit();
  await Promise.race([heard, new Promise((done) => setTimeout(done, 1500))]);
  faq.lang = "de";
  const opened = !own(".panel").hidden;
  const reply = own(".reply")?.textContent ?? "";
  faq.shadowRoot.querySelector(".input").dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true, composed: true }));
  const found = { opened, reply, contact: own(".contact").textContent.trim(), closed: own(".panel").hidden };
  const parent = faq.parentElement;
  faq.remove();
  parent.append(faq);
  return found;
}"""


@pytest.fixture(scope="module")
def evil() -> Iterator[Liar]:
    with lie_on_loopback() as found:
        found.lie = change(REPLY)
        yield found


@pytest.fixture(scope="module")
def shared(stage: Stage) -> Iterator[Visit]:
    with stage.visit(path="/names") as visit:
        yield visit


def check_use(visit: Visit, stage: Stage, evil: Liar, before: str, tag: str) -> None:
    """Put the page on the site, use the window, and see who was asked."""
    for heard in (visit.errors, visit.said, visit.requests, evil.asked):
        heard.clear()
    stage.host.pages["/names"] = (f"<!doctype html><title>x</title><body>{before}{tag}</body>", "")
    visit.page.goto(f"{stage.site}/names")
    found = visit.page.evaluate(USE, "how much does it cost")
    assert found["opened"]
    assert "It depends" in found["reply"]
    assert "call 123" in found["contact"].lower()
    assert found["closed"]
    assert [url for url in visit.requests if "/api/" in url and not url.startswith(f"{stage.server}/api/")] == []
    assert [asked for asked in evil.asked if "/api/" in asked] == []
    assert visit.errors == []


def make_tag(stage: Stage, inside: str = "Call <a href='tel:123'>123</a>") -> str:
    return f"<clinic-faq>{inside}<script defer src='{stage.server}/clinic-faq.js'></script></clinic-faq>"


@pytest.mark.parametrize("element", ELEMENTS)
def test_asvs_3_2_3_no_element_of_the_page_says_whom_to_ask(shared: Visit, stage: Stage, evil: Liar, element: str):
    before = ELEMENTS[element].format(name="currentScript", evil=evil.address)
    check_use(shared, stage, evil, before, make_tag(stage))


@pytest.mark.parametrize("name", DOCUMENT)
def test_asvs_3_2_3_no_name_hides_what_the_document_has(shared: Visit, stage: Stage, evil: Liar, name: str):
    before = ELEMENTS["image"].format(name=name, evil=evil.address)
    check_use(shared, stage, evil, before, make_tag(stage))


@pytest.mark.parametrize("name", ["childNodes", "nodeType"])
def test_no_field_hides_what_its_form_has(shared: Visit, stage: Stage, evil: Liar, name: str):
    fields = "".join(f"<input name='{hidden}'>" for hidden in (name, *NODE))
    form = f"<form>{fields}Call <a href='tel:123'>123</a></form>"
    check_use(shared, stage, evil, form.replace("123", "9"), make_tag(stage, form))


def test_no_id_stands_for_a_part_of_the_widget(shared: Visit, stage: Stage, evil: Liar):
    before = "".join(
        f"<a id={name} name={name} href='{evil.address}/'>x</a><form id={name} action='{evil.address}/'></form>"
        for name in GLOBALS
    )
    check_use(shared, stage, evil, before, make_tag(stage))


def test_the_widget_reads_the_document_only_where_no_name_reaches():
    code = re.sub(r"//.*|/\*[\s\S]*?\*/", "", SOURCE)
    assert re.findall(r"\bdocument\b(?!,| \?)[^;]*", code) == []


def test_a_form_that_takes_focus_may_hide_where_it_stands(shared: Visit, stage: Stage, evil: Liar):
    form = "<form tabindex=0 id=f><input name='getBoundingClientRect'></form>"
    check_use(shared, stage, evil, form, make_tag(stage))
    shared.page.evaluate("() => document.getElementById('f').focus()")
    assert shared.errors == []


@pytest.mark.parametrize("name", ["body", "querySelector", "readyState", "addEventListener", "createElement"])
def test_the_script_alone_works_whatever_the_page_names(shared: Visit, stage: Stage, evil: Liar, name: str):
    before = ELEMENTS["image"].format(name=name, evil=evil.address)
    src = f"<script src='{stage.server}/clinic-faq.js'></script>"
    stage.host.pages["/names"] = (f"<!doctype html><title>x</title><body>{before}{src}<p id=last></body>", "")
    shared.errors.clear()
    shared.page.goto(f"{stage.site}/names")
    assert shared.page.evaluate("() => document.getElementById('last').nextElementSibling.localName") == "clinic-faq"
    assert shared.errors == []
