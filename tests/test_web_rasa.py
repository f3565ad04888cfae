"""Does the channel for Rasa's front ends tell each person only what is theirs, and strangers nothing?"""

import httpx
import pytest
from web_client import BEARER, RASA, Site

from bot import Bot, Context
from bot.channels.web.rasa import LONGEST_NAME, MOST_SENDERS, SECONDS_KEPT, Contexts
from bot.channels.web.settings import Settings, SettingsError

TOKEN = RASA.rasa_token
CRISIS = "i want to kill myself"


def say(site: Site, message: str, **others: object) -> httpx.Response:
    return site.post("/webhooks/rest/webhook", {"message": message, **others}, headers=BEARER)


def read(response: httpx.Response) -> str:
    assert response.status_code == 200, response.text
    return response.json()[0]["text"]


# Who may use it


def test_it_is_off_unless_the_operator_turns_it_on(small: Bot):
    response = say(Site(small), "redness", sender="ann")
    assert response.status_code == 404
    assert response.json()["error"]["contact"]


@pytest.mark.parametrize("token", ["", " ", "short"])
def test_asvs_13_2_1_it_does_not_start_without_a_token(token: str):
    with pytest.raises(SettingsError, match="rasa_token") as caught:
        Settings(rasa=True, rasa_token=token)
    assert "short" not in str(caught.value)


def test_it_does_not_start_with_a_token_and_no_channel():
    with pytest.raises(SettingsError, match="rasa is off"):
        Settings(rasa_token=TOKEN)


def test_no_token_is_shown_with_the_settings():
    assert TOKEN not in repr(RASA)


FORGED = [
    {},
    {"authorization": ""},
    {"authorization": TOKEN},
    {"authorization": "Bearer"},
    {"authorization": "Bearer "},
    {"authorization": f"Basic {TOKEN}"},
    {"authorization": f"Bearer {TOKEN}x"},
    {"authorization": f"Bearer {TOKEN[:-1]}"},
    {"authorization": f"Bearer {TOKEN.upper()}"},
    {"authorization": "Bearer \u00ff"},
]


@pytest.mark.parametrize("headers", FORGED, ids=[str(n) for n in range(len(FORGED))])
def test_asvs_13_2_1_without_the_token_nobody_is_answered(small: Bot, headers: dict[str, str]):
    site = Site(small, RASA)
    encoded = {name: value.encode("latin-1") for name, value in headers.items()}
    response = site.post("/webhooks/rest/webhook", {"sender": "ann", "message": "redness"}, headers=encoded)
    assert response.status_code == 401
    assert response.headers["www-authenticate"] == "Bearer"
    assert response.json()["error"]["contact"]
    assert TOKEN not in response.text + site.log.getvalue()


def test_asvs_8_2_2_a_stranger_does_not_read_what_a_person_was_told(shipped: Bot):
    site = Site(shipped, RASA)
    told = read(say(site, CRISIS, sender="ann"))
    assert read(say(site, "say that again", sender="ann")) == told
    stolen = site.post("/webhooks/rest/webhook", {"sender": "ann", "message": "say that again"})
    assert stolen.status_code == 401
    assert told not in stolen.text


# Who is nobody


NOBODIES = [
    {},
    {"sender": ""},
    {"sender": " \t\n"},
    {"sender": "\u200b"},
    {"sender": "default"},
    {"sender": None},
    {"sender": 7},
    {"sender": True},
    {"sender": ["ann"]},
    {"sender": {"id": "ann"}},
    {"sender": "x" * (LONGEST_NAME + 1)},
]


@pytest.mark.parametrize("nobody", NOBODIES, ids=[str(nobody)[:30] for nobody in NOBODIES])
def test_asvs_8_2_2_nobody_has_no_context(shipped: Bot, nobody: dict[str, object]):
    site = Site(shipped, RASA)
    told = read(say(site, CRISIS, **nobody))
    response = say(site, "say that again", **nobody)
    assert read(response) == shipped.reply("say that again").text != told
    assert response.json()[0]["recipient_id"] == "default"


# What is said


def test_a_front_end_made_for_rasa_is_answered(small: Bot):
    found = say(Site(small, RASA), "will i be red afterwards", sender="ann", metadata={}).json()
    reply = small.reply("will i be red afterwards")
    buttons = [{"title": option, "payload": option} for option in reply.options]
    assert found == [{"recipient_id": "ann", "text": reply.text, "buttons": buttons}]


def test_a_sender_keeps_a_context_and_nobody_else_sees_it(small: Bot):
    site = Site(small, RASA)
    for sender in ("ann", "bob", "x" * LONGEST_NAME, "ann"):
        last = read(say(site, "zebra crossing quux", sender=sender))
    first = small.reply("zebra crossing quux")
    assert last == small.reply("zebra crossing quux", first.context).text != first.text


def test_contexts_expire_and_are_bounded():
    now = [0.0]
    contexts = Contexts(lambda: now[0])
    contexts.keep("ann", Context(topics=("cost",)))
    now[0] = SECONDS_KEPT - 1
    assert contexts.find("ann").topics == ("cost",)
    now[0] = SECONDS_KEPT
    assert contexts.find("ann") == Context()
    for number in range(MOST_SENDERS + 10):
        contexts.keep(f"sender {number}", Context())
    assert len(contexts) == MOST_SENDERS
    now[0] += SECONDS_KEPT
    contexts.keep("bob", Context())
    assert len(contexts) == 1
    assert "bob" not in repr(vars(contexts))
