"""Does the server hold against those who mean harm, and fail safe? Named after OWASP ASVS 5.0 and our hazards."""

import ast
import asyncio
import io
import json
import re
import tomllib
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from limits import parse_many
from web_client import BEARER, JSON, RASA, Site

from bot import Bot, Context, Reply
from bot.channels.web.addresses import find_client, list_names, read_address, read_networks
from bot.channels.web.headers import PAGE
from bot.channels.web.lines import make_writer
from bot.channels.web.rates import REST, Counter
from bot.channels.web.settings import Settings, SettingsError

WEB = Path(__file__).parent.parent / "bot" / "channels" / "web"
PAGES = ("/", "/faq", "/embed")
SMALL = Path(__file__).parent / "content" / "small"
TYPED = "my name is Zyxwv Qponm"
CONTACT = "If it blisters or gets worse, contact the clinic now."


@pytest.fixture(scope="module")
def site(small: Bot) -> Site:
    return Site(small)


class Broken(Bot):
    """A bot with a bug, whose exception quotes what was typed."""

    def reply(self, question: str, context: Context | None = None) -> Reply:  # noqa: ARG002 -- it never gets so far
        raise ValueError(question)


# Output and input


def test_asvs_1_2_10_nothing_is_exported_as_a_spreadsheet(site: Site):
    assert not [path for path in _routes() if "csv" in site.get(path).headers["content-type"]]


def test_asvs_1_3_12_the_server_reads_no_visitor_s_text_with_a_pattern():
    with_patterns = {path.name for path in WEB.glob("*.py") if "re" in _imports(path)}
    assert with_patterns == {"settings.py"}


def test_asvs_4_1_1_every_text_names_its_character_set(site: Site):
    for path in _routes():
        kind = site.get(path).headers["content-type"]
        assert kind.startswith(("application/json", "image/svg+xml")) or kind.endswith("charset=utf-8"), path


# Too much


def test_asvs_2_4_1_a_client_that_asks_too_much_is_told_to_wait(small: Bot):
    site = Site(small, Settings(rate_client="3/minute"))
    statuses = [site.post("/api/reply", {"question": "x"}).status_code for _ in range(5)]
    assert statuses == [200, 200, 200, 429, 429]


def test_hz39_a_refusal_carries_the_contact_line_and_the_wait(small: Bot):
    site = Site(small, Settings(rate_client="1/minute"))
    site.post("/api/reply", {"question": "x"})
    refused = site.post("/api/reply", {"question": "my face is burning"})
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    assert refused.json()["error"]["contact"] == CONTACT


def test_hz39_one_client_does_not_use_up_the_turn_of_another(small: Bot):
    site = Site(small, Settings(rate_client="1/minute"))
    assert site.post("/api/reply", {"question": "x"}, client="192.0.2.1").status_code == 200
    assert site.post("/api/reply", {"question": "x"}, client="192.0.2.1").status_code == 429
    assert site.post("/api/reply", {"question": "x"}, client="192.0.2.2").status_code == 200


def test_hz39_all_clients_together_have_a_limit(small: Bot):
    site = Site(small, Settings(rate_total="2/minute"))
    statuses = [site.post("/api/reply", {"question": "x"}, client=f"192.0.2.{n}").status_code for n in range(4)]
    assert statuses == [200, 200, 429, 429]


def test_hz39_the_clinic_s_own_address_does_not_block_itself(small: Bot):
    site = Site(small, Settings(rate_client="1/minute", shared_addresses=("192.0.2.0/28",)))
    assert [site.post("/api/reply", {"question": "x"}).status_code for _ in range(3)] == [200, 200, 200]


def test_hz39_pages_and_health_are_served_at_any_rate(small: Bot):
    site = Site(small, Settings(rate_client="1/minute", rate_total="1/minute"))
    assert {site.get(path).status_code for path in ("/", "/faq", "/healthz", "/readyz") for _ in range(3)} == {200}


def test_asvs_15_2_2_costly_input_is_refused_before_it_is_read(small: Bot):
    site = Site(small, Settings(body_limit=1024))
    announced = site.call("POST", "/api/reply", body=b"x" * 5000, headers=JSON)
    assert announced.status_code == 413
    assert announced.json()["error"]["contact"] == CONTACT
    odd = site.call("POST", "/api/reply", body=b"{}", headers={**JSON, "content-length": "-1"})
    assert odd.status_code == 413


@pytest.mark.parametrize(
    "unit", ["laser ", "a", "a b ", "\u200b", "how long does the redness last ", "((((", "\U0001f600"]
)
def test_hz38_long_and_repeated_input_gets_a_reply(site: Site, unit: str):
    for size in (500, 2_000, 5_000):
        assert site.ask((unit * size)[:size])["text"]


# Who may ask


def test_asvs_3_4_2_only_listed_origins_may_read(small: Bot):
    site = Site(small, Settings(allowed_origins=("https://clinic.example",)))
    response = site.post("/api/reply", {"question": "x"}, headers={"origin": "https://clinic.example"})
    assert response.headers["access-control-allow-origin"] == "https://clinic.example"
    assert response.headers["vary"] == "Origin"
    assert "access-control-allow-credentials" not in response.headers


OTHER_ORIGINS = [
    "https://clinic.example.evil.example",
    "https://evil.example",
    "http://clinic.example",
    "https://clinic.example:444",
    "https://CLINIC.example",
    "https://sub.clinic.example",
    "https://clinic.example/",
    "null",
    "file://",
]


@pytest.mark.parametrize("origin", OTHER_ORIGINS)
def test_hz41_another_origin_is_refused_and_gets_no_permission(small: Bot, origin: str):
    site = Site(small, Settings(allowed_origins=("https://clinic.example",)))
    asked = site.post("/api/reply", {"question": "x"}, headers={"origin": origin})
    wished = site.call("OPTIONS", "/api/reply", headers={"origin": origin, "access-control-request-method": "POST"})
    for response in (asked, wished):
        assert response.status_code == 403
        assert "access-control-allow-origin" not in response.headers
        assert response.json()["error"]["contact"] == CONTACT


def test_hz41_a_preflight_of_a_listed_origin_is_granted(small: Bot):
    site = Site(small, Settings(allowed_origins=("https://clinic.example",), allow_credentials=True))
    headers = {
        "origin": "https://clinic.example",
        "access-control-request-method": "POST",
        "access-control-request-headers": "content-type",
    }
    response = site.call("OPTIONS", "/api/reply", headers=headers)
    assert response.status_code == 204
    assert response.headers["access-control-allow-methods"] == "GET, POST"
    assert response.headers["access-control-allow-headers"] == "content-type"
    assert response.headers["access-control-allow-credentials"] == "true"


def test_hz41_an_origin_that_was_granted_leaves_nothing_for_the_next(small: Bot):
    site = Site(small, Settings(allowed_origins=("https://a.example", "https://b.example")))
    for origin in ("https://a.example", "https://b.example", "https://a.example"):
        assert site.get("/api/topics", origin=origin).headers["access-control-allow-origin"] == origin
    assert "access-control-allow-origin" not in site.get("/api/topics").headers


def test_hz41_a_wildcard_with_credentials_is_refused_at_start():
    with pytest.raises(SettingsError, match="name the sites"):
        Settings(allowed_origins=("*",), allow_credentials=True)


def test_hz41_a_wildcard_never_echoes_an_origin(small: Bot):
    response = Site(small, Settings(allowed_origins=("*",))).get("/api/topics", origin="https://x.example")
    assert response.headers["access-control-allow-origin"] == "*"


def test_the_server_s_own_pages_may_ask(site: Site):
    own = {"origin": "http://faq.example"}
    assert site.post("/api/reply", {"question": "x"}, headers=own).status_code == 200
    proxied = {"origin": "https://outside.example", "sec-fetch-site": "same-origin"}
    assert site.post("/api/reply", {"question": "x"}, headers=proxied).status_code == 200
    crossing = {"origin": "http://faq.example", "sec-fetch-site": "cross-site"}
    assert site.post("/api/reply", {"question": "x"}, headers=crossing).status_code == 403


BEHIND = Settings(trusted_proxies=("10.0.0.1",))
NAMED = Settings(public_url="https://clinic.example:8443/help")
OWN = [
    (BEHIND, "10.0.0.1", {"origin": "https://faq.example", "x-forwarded-proto": "https"}, 200),
    (BEHIND, "10.0.0.1", {"origin": "https://faq.example", "x-forwarded-proto": "http, HTTPS"}, 200),
    (BEHIND, "10.0.0.1", {"origin": "http://faq.example", "x-forwarded-proto": "https"}, 403),
    (BEHIND, "10.0.0.1", {"origin": "https://faq.example", "x-forwarded-proto": "gopher"}, 403),
    (BEHIND, "10.0.0.1", {"origin": "https://evil.example", "x-forwarded-proto": "https"}, 403),
    (BEHIND, "203.0.113.9", {"origin": "https://faq.example", "x-forwarded-proto": "https"}, 403),
    (BEHIND, "10.0.0.1", {"origin": "https://faq.example"}, 403),
    (NAMED, "203.0.113.9", {"origin": "https://clinic.example:8443"}, 200),
    (NAMED, "203.0.113.9", {"origin": "https://clinic.example"}, 403),
    (NAMED, "203.0.113.9", {"origin": "http://clinic.example:8443"}, 403),
    (NAMED, "203.0.113.9", {"origin": "https://clinic.example:8443", "sec-fetch-site": "cross-site"}, 403),
    (Settings(public_url="https://Clinic.example:443"), "203.0.113.9", {"origin": "https://clinic.example"}, 200),
]


@pytest.mark.parametrize(("settings", "peer", "headers", "status"), OWN)
def test_hz41_the_server_s_own_pages_may_ask_behind_https_from_an_old_browser(
    small: Bot, settings: Settings, peer: str, headers: dict[str, str], status: int
):
    site = Site(small, settings)
    assert site.post("/api/reply", {"question": "x"}, headers=headers, client=peer).status_code == status


@pytest.mark.parametrize("path", ["/api/reply/", "/faq/", "/healthz/", "/faq//"])
def test_asvs_4_1_2_no_one_is_sent_to_where_the_host_header_says(site: Site, path: str):
    response = site.get(path, host="evil.example")
    assert response.status_code == 404
    assert "location" not in response.headers
    assert "evil.example" not in response.text


@pytest.mark.parametrize(
    "kind",
    [
        "",
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "application/json; charset=utf-16",
        "text/plain; application/json",
    ],
)
def test_asvs_3_5_2_a_request_that_needs_no_preflight_is_refused(site: Site, kind: str):
    for path in ("/api/reply", "/webhooks/rest/webhook"):
        body, headers = b'{"question": "x", "message": "x"}', {**BEARER, "content-type": kind}
        response = Site(site.bot, RASA).call("POST", path, body=body, headers=headers)
        assert response.status_code == 415


# What a browser may do


@pytest.mark.parametrize("path", PAGES)
def test_asvs_3_4_3_pages_run_their_own_scripts_only(site: Site, path: str):
    policy = site.get(path).headers["content-security-policy"]
    assert policy == PAGE
    for directive in (
        "default-src 'none'",
        "object-src 'none'",
        "base-uri 'none'",
        "require-trusted-types-for 'script'",
    ):
        assert directive in policy
    assert "unsafe" not in policy
    assert not re.search(r"<[^>]+\s(on\w+|style)=", site.get(path).text)


def test_asvs_3_4_4_no_response_is_sniffed(site: Site):
    assert {site.get(path).headers["x-content-type-options"] for path in (*_routes(), "/nothing")} == {"nosniff"}


def test_asvs_3_4_6_no_response_is_framed(site: Site):
    for path in (*_routes(), "/nothing"):
        assert "frame-ancestors 'none'" in site.get(path).headers["content-security-policy"]


def test_asvs_14_3_2_what_visitors_get_is_not_kept(site: Site):
    reply = site.post("/api/reply", {"question": "x"})
    refused = site.call("POST", "/api/reply", body=b"", headers={})
    for response in (reply, refused, site.get("/api/topics"), site.get("/"), site.get("/nothing")):
        assert response.headers["cache-control"] == "no-store"
        assert "set-cookie" not in response.headers


def test_https_is_insisted_on_where_the_operator_says_so(small: Bot):
    assert "strict-transport-security" in Site(small, Settings(public_url="https://faq.example")).get("/").headers
    assert "strict-transport-security" not in Site(small).get("/").headers


# Who is asking


@pytest.mark.parametrize(
    ("peer", "forwarded", "proxies", "client"),
    [
        ("203.0.113.9", "198.51.100.1", (), "203.0.113.9"),
        ("203.0.113.9", "198.51.100.1", ("10.0.0.0/8",), "203.0.113.9"),
        ("10.0.0.1", "198.51.100.1", ("10.0.0.0/8",), "198.51.100.1"),
        ("10.0.0.1", "1.2.3.4, 198.51.100.1", ("10.0.0.0/8",), "198.51.100.1"),
        ("10.0.0.1", "198.51.100.1, 10.0.0.2", ("10.0.0.0/8",), "198.51.100.1"),
        ("10.0.0.1", "nonsense", ("10.0.0.0/8",), "10.0.0.1"),
        ("10.0.0.1", "", ("10.0.0.0/8",), "10.0.0.1"),
        ("10.0.0.1", "10.0.0.3", ("10.0.0.0/8",), "10.0.0.3"),
        ("::1", "2001:db8::5", ("::1",), "2001:db8::5"),
    ],
)
def test_asvs_4_1_3_the_client_is_named_by_a_trusted_proxy_only(
    peer: str, forwarded: str, proxies: tuple[str, ...], client: str
):
    scope = {"type": "http", "client": (peer, 1), "headers": [(b"x-forwarded-for", forwarded.encode())]}
    assert str(find_client(scope, read_networks(proxies)).address) == client


def test_asvs_15_3_4_a_forged_address_escapes_no_limit(small: Bot):
    site = Site(small, Settings(rate_client="2/minute"))
    forged = [
        {"x-forwarded-for": f"198.51.100.{n}", "x-real-ip": f"198.51.100.{n}", "forwarded": f"for=198.51.100.{n}"}
        for n in range(4)
    ]
    assert [site.post("/api/reply", {"question": "x"}, headers=headers).status_code for headers in forged] == [
        200,
        200,
        429,
        429,
    ]


def test_hz40_a_forged_address_blocks_nobody_else(small: Bot):
    site = Site(small, Settings(rate_client="1/minute", trusted_proxies=("10.0.0.1",)))
    for _ in range(3):
        site.post("/api/reply", {"question": "x"}, headers={"x-forwarded-for": "198.51.100.7"}, client="203.0.113.66")
    through = site.post("/api/reply", {"question": "x"}, headers={"x-forwarded-for": "198.51.100.7"}, client="10.0.0.1")
    assert through.status_code == 200


def test_a_client_cannot_escape_within_its_own_network():
    names = {list_names(read_address(text))[0] for text in ("2001:db8:1:2:3::4", "2001:db8:1:2:ffff::1")}
    assert names == {"2001:db8:1:2::/64"}


# What is written down, and what is not


def test_asvs_14_2_1_nothing_that_was_typed_is_in_an_address(site: Site):
    assert site.get("/api/reply?question=x").status_code == 405
    described = json.loads((WEB / "openapi.json").read_text())
    assert not [path for path, item in described["paths"].items() if "{" in path or "parameters" in json.dumps(item)]


def test_asvs_14_2_7_nothing_that_was_typed_outlives_the_reply(
    small: Bot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    site = Site(small, RASA)
    site.ask(TYPED)
    assert site.post("/webhooks/rest/webhook", {"sender": TYPED, "message": "hello"}, headers=BEARER).status_code == 200
    assert list(tmp_path.iterdir()) == []
    assert "Zyxwv" not in site.log.getvalue()


def test_asvs_16_2_2_times_are_utc(small: Bot):
    site = Site(small)
    site.get("/healthz")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", str(site.lines()[0]["time"]))


def test_asvs_16_2_5_a_line_tells_what_happened_and_nothing_of_who_or_what(small: Bot):
    site = Site(small)
    headers = {
        "referer": "https://x.example/Zyxwv",
        "user-agent": "Zyxwv",
        "cookie": "a=Zyxwv",
        "origin": "https://zyxwv.example",
    }
    site.post("/api/reply?q=Zyxwv", {"question": TYPED, "context": {"unanswered": TYPED}}, headers=headers)
    site.post("/Zyxwv/Qponm", {"question": TYPED})
    site.call("ZYXWV", "/", body=b"")
    assert "zyxwv" not in site.log.getvalue().lower()
    assert "192.0.2.1" not in site.log.getvalue()
    assert [(line["method"], line["route"], line["status"]) for line in site.lines()] == [
        ("POST", "/api/reply", 403),
        ("POST", "other", 404),
        ("other", "/", 405),
    ]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=st.text(st.characters(blacklist_categories=("Cs",)), max_size=30), question=st.text(max_size=60))
def test_asvs_16_4_1_no_input_can_forge_a_line(small: Bot, path: str, question: str):
    site = Site(small)
    site.post("/" + quote(path, safe=""), {"question": question})
    site.post("/api/reply", {"question": question})
    text = site.log.getvalue()
    assert len(site.lines()) == 2
    assert text.isascii()
    assert all(letter.isprintable() or letter == "\n" for letter in text)


def test_hz32_a_line_break_in_a_value_stays_in_its_line():
    stream = io.StringIO()
    make_writer(stream)({"event": 'a\r\n{"forged": 1}\u2028\u0085\x1b[31m'})
    assert len(stream.getvalue().splitlines()) == 1
    assert stream.getvalue().isascii()


def test_hz36_no_page_names_where_a_visitor_came_from(site: Site):
    assert {site.get(path).headers["referrer-policy"] for path in _routes()} == {"no-referrer"}


# When something fails


def test_asvs_16_5_1_an_error_tells_nothing_of_the_inside():
    response = Site(Broken.load(SMALL)).post("/api/reply", {"question": TYPED})
    assert response.status_code == 500
    assert set(response.json()["error"]) == {"code", "message", "contact"}
    for inside in ("ValueError", "Traceback", "Zyxwv", ".py"):
        assert inside not in response.text


def test_asvs_16_5_2_requests_are_counted_here_when_redis_is_gone(small: Bot):
    pytest.importorskip("redis", reason="the extra 'redis' is not installed: pip install 'clinic-faq[redis]'")
    site = Site(small, Settings(rate_client="2/minute", rate_storage="redis://127.0.0.1:1"))
    statuses = [site.post("/api/reply", {"question": "x"}).status_code for _ in range(4)]
    assert statuses == [200, 200, 429, 429]
    assert [line for line in site.lines() if line["event"] == "rate_storage"]


def test_asvs_16_5_3_a_fault_ends_in_the_contact_line_and_never_in_an_answer():
    site = Site(Broken.load(SMALL), RASA)
    for path, values in (
        ("/api/reply", {"question": "x"}),
        ("/webhooks/rest/webhook", {"sender": "a", "message": "x"}),
    ):
        found = site.post(path, values, headers=BEARER).json()
        assert found["error"]["contact"] == CONTACT
        assert "kind" not in found


def test_asvs_16_5_4_what_nobody_caught_is_caught_at_last_and_written_down_without_its_words():
    site = Site(Broken.load(SMALL))
    site.post("/api/reply", {"question": TYPED})
    error, request = site.lines()
    assert error["error"] == "ValueError"
    assert any("test_web_security.py" in place for place in error["at"])
    assert request["status"] == 500
    assert "Zyxwv" not in site.log.getvalue()


def test_asvs_15_1_2_every_dependency_is_pinned_and_says_why():
    text = (WEB.parent.parent.parent / "pyproject.toml").read_text()
    extras = tomllib.loads(text)["project"]["optional-dependencies"]
    for name in extras["web"] + extras["redis"]:
        assert re.fullmatch(r"[A-Za-z-]+==[\d.]+", name)
        assert re.search(rf'"{re.escape(name)}",\s+# \w+', text), name


def test_redis_is_left_alone_for_a_while_after_it_failed():
    pytest.importorskip("redis", reason="the extra 'redis' is not installed: pip install 'clinic-faq[redis]'")
    now, lines = [0.0], []
    counter = Counter("redis://127.0.0.1:1", lines.append, lambda: now[0])

    async def hit_at(*moments: float) -> None:
        for now[0] in moments:
            await counter.hit(parse_many("9/minute"), "someone")

    asyncio.run(hit_at(0, 1, REST - 1, REST, REST + 1))
    assert len(lines) == 2


def _routes() -> list[str]:
    return [
        "/",
        "/faq",
        "/embed",
        "/api/topics",
        "/healthz",
        "/readyz",
        "/clinic-faq.js",
        "/pages.js",
        "/pages.css",
        "/favicon.svg",
        "/openapi.json",
    ]


def _imports(path: Path) -> set[str]:
    nodes = ast.walk(ast.parse(path.read_text()))
    return {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
