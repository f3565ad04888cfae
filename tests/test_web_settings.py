"""Are the server's settings checked before it serves?"""

import argparse

import pytest

from bot.channels.web.serve import add_arguments
from bot.channels.web.settings import Settings, SettingsError


def test_settings_have_defaults_that_serve_a_small_clinic():
    settings = Settings.read({})
    assert settings == Settings()
    assert settings.host == "127.0.0.1"
    assert settings.allowed_origins == ()


def test_the_environment_is_read_and_flags_win():
    environment = {"CLINIC_FAQ_WEB_PORT": "9000", "CLINIC_FAQ_WEB_HOST": "0.0.0.0", "PATH": "/bin"}  # noqa: S104 -- as text
    settings = Settings.read(environment, {"port": "9001", "host": None})
    assert (settings.host, settings.port) == ("0.0.0.0", 9001)  # noqa: S104 -- as above


def test_lists_are_read_with_commas():
    settings = Settings.read({"CLINIC_FAQ_WEB_ALLOWED_ORIGINS": "https://a.example, http://b.example:8000"})
    assert settings.allowed_origins == ("https://a.example", "http://b.example:8000")


FAULTS = [
    ({"RATE_CLEINT": "1/second"}, "CLINIC_FAQ_WEB_RATE_CLEINT is no setting; did you mean CLINIC_FAQ_WEB_RATE_CLIENT?"),
    ({"PORT": "eighty"}, "port is 'eighty'; give a number"),
    ({"PORT": "70000"}, "port is '70000'; give a number from 0 to 65535"),
    ({"ALLOW_CREDENTIALS": "true"}, "allow_credentials is 'true'; give yes or no"),
    ({"RATE_CLIENT": "many"}, "rate_client is 'many'; give a limit such as 30/minute;300/hour"),
    ({"RATE_TOTAL": "0/minute"}, "rate_total is '0/minute'; give a limit such as 30/minute;300/hour"),
    (
        {"RATE_CLIENT": "200/minute"},
        "rate_network is '300/minute;3000/hour'; give 400/minute or more: "
        "rate_client is 200/minute, and a /56 has half of a network",
    ),
    ({"RATE_STORAGE": "mongodb://db"}, "rate_storage is 'mongodb://db'; give memory:// or redis://HOST"),
    (
        {"TRUSTED_PROXIES": "proxy.local"},
        "trusted_proxies is 'proxy.local'; give a network such as 10.0.0.0/8 or 127.0.0.1",
    ),
    (
        {"RASA": "yes", "RASA_TOKEN": "a secret of no use"},
        "rasa is on, and without a secret anyone could read what others were told; "
        "give rasa_token 16 or more letters, digits and signs, without a space",
    ),
    ({"BODY_LIMIT": "10"}, "body_limit is '10'; give 1024 or more: a question must fit"),
    ({"BODY_SECONDS": "0"}, "body_seconds is '0.0'; give more than 0"),
    ({"HEADER_SECONDS": "-1"}, "header_seconds is '-1.0'; give more than 0"),
    ({"REPLY_SECONDS": "0"}, "reply_seconds is '0.0'; give more than 0"),
    ({"CONNECTION_LIMIT": "0"}, "connection_limit is '0'; give 1 or more"),
    ({"CONNECTION_CLIENT": "0"}, "connection_client is '0'; give 1 or more"),
    ({"PUBLIC_URL": "faq.example"}, "public_url is 'faq.example'; give an address such as https://faq.example"),
    (
        {"ALLOWED_ORIGINS": "*", "ALLOW_CREDENTIALS": "yes"},
        "allowed_origins is '*' and allow_credentials is on: any site could act for a visitor; name the sites",
    ),
]


@pytest.mark.parametrize(("given", "message"), FAULTS, ids=[next(iter(given)) for given, _ in FAULTS])
def test_a_setting_that_cannot_be_used_is_refused_with_a_remedy(given: dict[str, str], message: str):
    with pytest.raises(SettingsError) as caught:
        Settings.read({f"CLINIC_FAQ_WEB_{name}": value for name, value in given.items()})
    assert str(caught.value) == message


@pytest.mark.parametrize(
    "origin",
    [
        "null",
        "clinic.example",
        "https://clinic.example/",
        "https://Clinic.example",
        "https://a.example:443",
        "file://x",
        "https://*.a.example/x",
    ],
)
def test_an_origin_must_be_written_as_a_browser_writes_it(origin: str):
    with pytest.raises(SettingsError, match="give an origin such as"):
        Settings(allowed_origins=(origin,))


def test_a_wildcard_without_credentials_is_allowed():
    assert Settings(allowed_origins=("*",)).allowed_origins == ("*",)


def test_every_setting_has_a_flag_with_help():
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    flags = vars(parser.parse_args(["--rate-client", "5/second"]))
    assert Settings.read({}, flags).rate_client == "5/second"
    assert set(flags) == set(Settings.__slots__)
    assert parser.format_help().count("VALUE") >= len(flags)
