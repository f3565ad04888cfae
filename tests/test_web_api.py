"""Does the HTTP API say what the Python API says, and keep nothing?"""

import json
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from web_client import JSON, Site

from bot import Bot, Context
from bot.channels.web.api import REMEMBERED, Memory
from bot.channels.web.settings import Settings
from bot.channels.web.tokens import Token, link_words, plain, read_tokens, to_html
from bot.likeness import describe_meaning


@pytest.fixture(scope="module")
def site(small: Bot) -> Site:
    return Site(small)


def test_a_reply_is_that_of_the_python_api(site: Site, small: Bot):
    found = site.ask("how much does it cost")
    tokens = found.pop("tokens")
    assert found == small.reply("how much does it cost").to_dict()
    assert tokens[0] == {"type": "title", "children": [{"type": "text", "text": "How much does it cost?"}]}


def test_a_follow_up_is_understood_by_the_context_that_travels(site: Site, small: Bot):
    first = site.ask("will i be red afterwards")
    second = site.ask("how long does redness last", first["context"])
    assert (
        second["context"]
        == small.reply("how long does redness last", small.reply("will i be red afterwards").context).context.to_dict()
    )


def test_options_sent_back_are_answered(site: Site):
    for option in site.ask("will i be red afterwards")["options"]:
        assert site.ask(option)["kind"] == "answer"


def test_no_context_may_be_said_as_null(site: Site, small: Bot):
    response = site.post("/api/reply", {"question": "redness", "context": None})
    assert response.json()["text"] == small.reply("redness").text


def test_the_same_request_gets_the_same_bytes(site: Site):
    assert site.ask("how much does it cost") == site.ask("how much does it cost")


def test_a_reply_marks_the_source_and_the_contact_line(site: Site):
    tokens = site.ask("will i be red afterwards")["tokens"]
    assert [token["type"] for token in tokens] == ["title", "paragraph", "source", "contact"]
    assert tokens[2]["ref"] == "side-effects.md#redness"


BAD_BODIES = [
    (b"", 400),
    (b"{", 400),
    (b"\xff\xfe", 400),
    ('{"question": "x"}'.encode("utf-16"), 400),
    (b'{"question": NaN}', 400),
    (b"[" * 20_000, 400),
    (b"[]", 422),
    (b"{}", 422),
    (b'{"question": 1}', 422),
    (b'{"question": "x", "contxt": {}}', 422),
    (b'{"question": "x", "context": []}', 422),
    (b'{"question": "x", "context": 0}', 422),
    (b'{"question": "x", "context": ""}', 422),
    (b'{"question": "x", "context": false}', 422),
    (b'{"question": "x", "context": {"misses": "many"}}', 422),
    (b'{"question": "x", "context": {"said": [1]}}', 422),
]


@pytest.mark.parametrize(
    ("body", "status"), BAD_BODIES, ids=[body[:40].decode("latin-1") or "empty" for body, _ in BAD_BODIES]
)
def test_a_body_that_is_not_a_turn_is_refused(site: Site, body: bytes, status: int):
    response = site.call("POST", "/api/reply", body=body, headers=JSON)
    assert response.status_code == status
    assert response.json()["error"]["code"] == "invalid"


@pytest.mark.parametrize("path", ["/api/reply", "/webhooks/rest/webhook", "/nothing/here"])
def test_every_fault_has_one_shape_and_the_contact_line(site: Site, path: str):
    response = site.call("PUT", path, body=b"x")
    assert response.status_code in (404, 405)
    assert set(response.json()["error"]) == {"code", "message", "contact"}
    assert response.json()["error"]["contact"] == "If it blisters or gets worse, contact the clinic now."


def test_a_wrong_method_is_told_the_right_one(site: Site):
    assert site.get("/api/reply").headers["allow"] == "POST"


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    question=st.text(max_size=300),
    context=st.fixed_dictionaries(
        {},
        optional={
            "topic": st.text(max_size=20),
            "unanswered": st.text(max_size=50),
            "misses": st.integers(0, 9),
            "said": st.lists(st.text(max_size=9), max_size=8),
        },
    ),
)
def test_any_question_gets_a_well_formed_reply(small: Bot, question: str, context: dict[str, object]):
    reply = Site(small).ask(question, context)
    assert reply["text"]
    assert reply["tokens"]
    assert Context.from_dict(reply["context"]).to_dict() == reply["context"]


def test_half_a_surrogate_pair_is_no_error(site: Site):
    body = b'{"question": "\\ud83d", "context": {"unanswered": "\\udc00"}}'
    assert site.call("POST", "/api/reply", body=body, headers=JSON).status_code == 200


def test_a_question_beyond_what_is_read_gets_a_curated_text(site: Site):
    assert site.ask("is it dear " * 400)["text"]


def test_topics_list_every_question_by_section_and_no_text_of_the_bot(site: Site, small: Bot):
    topics = site.get("/api/topics").json()
    listed = [question["ref"] for section in topics["sections"] for question in section["questions"]]
    assert sorted(listed) == sorted(ref for ref, answer in small.content.answers.items() if answer.section)
    assert topics["clinic"]["name"] == "Rosewood Skin Clinic"
    assert topics["starters"]
    for starter in topics["starters"]:
        assert site.ask(starter)["kind"] == "answer"


def test_health_and_readiness_say_what_runs(site: Site, small: Bot, shipped: Bot):
    assert site.get("/healthz").json() == {"status": "ok"}
    assert site.get("/readyz").json()["content"] == Site(small).get("/readyz").json()["content"]
    assert site.get("/readyz").json()["content"] != Site(shipped).get("/readyz").json()["content"]
    assert describe_meaning() == f"meaning: {site.get('/readyz').json()['meaning']}"


def test_replies_are_remembered_up_to_a_bound_and_by_digest_only():
    memory = Memory()
    for number in range(REMEMBERED + 5):
        memory.keep(b"question %d" % number, b"reply")
    assert memory.find(b"question 0") is None
    assert memory.find(b"question 9") == b"reply"
    assert "question" not in repr(vars(memory))


def test_what_was_typed_is_not_remembered(small: Bot):
    site = Site(small)
    reply = site.ask("zebra crossing quux")
    assert reply["context"]["unanswered"] == "zebra crossing quux"
    assert site.ask("zebra crossing quux") == reply


# Tokens


def test_the_clinic_s_details_can_be_followed_wherever_they_are_said(tmp_path: Path):
    folder = shutil.copytree(Path(__file__).parent / "content" / "small", tmp_path / "clinic")
    details = (
        (folder / "intents.yaml").read_text().replace('phone: ""', 'phone: "020 7946 0000"\n  email: a@b.example', 1)
    )
    (folder / "intents.yaml").write_text(details)
    site = Site(Bot.load(folder))
    linked = '<a href="tel:02079460000"'
    assert linked in site.get("/").text
    assert "tel:02079460000" in [token.get("href") for token in site.get("/api/topics").json()["help"]["children"]]
    text = Token("text", text="Write to a@b.example or call 020 7946 0000 (020 7946 0000)")
    found = link_words(
        [Token("paragraph", children=(text,))], {"020 7946 0000": "tel:1", "a@b.example": "mailto:a@b.example"}
    )
    assert plain(found) == text.text
    assert [token.href for token in found[0].children if token.href] == ["mailto:a@b.example", "tel:1", "tel:1"]


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("One.\n\nTwo.", "<p>One.</p><p>Two.</p>"),
        ("- a\n- *b*", "<ul><li>a</li><li><em>b</em></li></ul>"),
        ("1. a\n2. b", "<ol><li>a</li><li>b</li></ol>"),
        ("[call](tel:123)", '<p><a href="tel:123" rel="noreferrer">call</a></p>'),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>"),
        ("[x](data:text/html,y)", "<p>[x](data:text/html,y)</p>"),
        ("[x](/faq)", "<p>x</p>"),
        ("[x](ftp://y)", "<p>x</p>"),
        ("<img src=x onerror=alert(1)>", "<p>&lt;img src=x onerror=alert(1)&gt;</p>"),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
        ("a\\\nb", "<p>a<br>b</p>"),
        ("a\nb", "<p>a b</p>"),
        ("# not a heading", "<p># not a heading</p>"),
        ("![x](https://a.example/pixel)", '<p>!<a href="https://a.example/pixel" rel="noreferrer">x</a></p>'),
    ],
)
def test_markdown_becomes_tokens_and_never_markup(markdown: str, html: str):
    assert to_html(read_tokens(markdown)) == html


@given(st.text(max_size=200))
def test_no_text_makes_an_element_that_is_not_known(markdown: str):
    json.dumps([token.to_dict() for token in read_tokens(markdown)])
    html = to_html(read_tokens(markdown))
    for opening in html.split("<")[1:]:
        assert opening.lstrip("/").split(">")[0].split(" ")[0] in ("p", "ul", "ol", "li", "em", "strong", "a", "br")


def test_every_curated_answer_reads_as_tokens(shipped: Bot):
    for answer in shipped.content.answers.values():
        assert plain(read_tokens(answer.text)).strip(), answer.ref


def test_a_server_with_little_room_says_so_with_the_contact_line(small: Bot):
    site = Site(small, Settings(body_limit=1024))
    response = site.post("/api/reply", {"question": "x" * 2000})
    assert response.status_code == 413
    assert response.json()["error"]["contact"]
