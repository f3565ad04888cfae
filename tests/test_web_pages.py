"""Do the pages and files of the server arrive as a browser asks for them?"""

import pytest
from web_client import Site

from bot import Bot
from bot.channels.web.pages import WIDGET

FILES = ("/", "/faq", "/embed", "/clinic-faq.js", f"/{WIDGET}", "/pages.js", "/pages.css", "/openapi.json")


@pytest.fixture(scope="module")
def site(small: Bot) -> Site:
    return Site(small)


ACCEPTED = [
    ("gzip", True),
    ("GZIP", True),
    ("br, gzip;q=0.5", True),
    ("gzip ; Q=1.0", True),
    ("x-gzip", True),
    ("*", True),
    ("br, *;q=0.1", True),
    ("", False),
    ("identity", False),
    ("gzip;q=0", False),
    ("gzip; q=0.000", False),
    ("gzip;q=0, *", False),
    ("*;q=0", False),
    ("gzip;q=much", False),
    ("gzip;q=nan", False),
    ("gzipped", False),
    ("br", False),
]


@pytest.mark.parametrize(("accepted", "packed"), ACCEPTED)
def test_gzip_is_sent_to_those_who_take_it(site: Site, accepted: str, packed: bool):  # noqa: FBT001 -- a table
    response = site.get("/faq", accept_encoding=accepted)
    assert response.headers.get("content-encoding", "") == ("gzip" if packed else "")
    assert "Accept-Encoding" in response.headers["vary"]
    assert b"</html>" in response.content


@pytest.mark.parametrize("path", FILES)
def test_a_file_that_a_browser_has_is_not_sent_again(site: Site, path: str):
    first = site.get(path, accept_encoding="identity")
    tag = first.headers["etag"]
    again = site.get(path, accept_encoding="identity", if_none_match=tag)
    assert (again.status_code, again.content) == (304, b"")
    for name in ("etag", "vary", "cache-control", "content-security-policy"):
        assert again.headers[name] == first.headers[name]
    assert again.headers.get("access-control-allow-origin") == first.headers.get("access-control-allow-origin")
    assert not {"content-type", "content-encoding", "content-length"} & set(again.headers)


@pytest.mark.parametrize("form", ["{}", "W/{}", '"other", {}', '"a,b" ,{}', "*"])
def test_a_tag_is_known_however_it_is_sent(site: Site, form: str):
    tag = site.get("/clinic-faq.js", accept_encoding="identity").headers["etag"]
    sent = form.format(tag)
    assert site.get("/clinic-faq.js", accept_encoding="identity", if_none_match=sent).status_code == 304


@pytest.mark.parametrize("form", ['"other"', "", "W/", '"', "{}x", "no tag"])
def test_another_tag_gets_the_file(site: Site, form: str):
    tag = site.get("/clinic-faq.js", accept_encoding="identity").headers["etag"]
    response = site.get("/clinic-faq.js", accept_encoding="identity", if_none_match=form.format(tag))
    assert (response.status_code, response.headers["etag"]) == (200, tag)


def test_a_packed_file_has_a_tag_of_its_own(site: Site):
    plain = site.get("/clinic-faq.js", accept_encoding="identity")
    packed = site.get("/clinic-faq.js", accept_encoding="gzip")
    assert plain.headers["etag"] != packed.headers["etag"]
    assert plain.content == packed.content
    assert site.get("/clinic-faq.js", accept_encoding="identity", if_none_match=packed.headers["etag"]).is_success


def test_files_have_the_same_tag_on_every_server(small: Bot):
    tags = {Site(small).get("/clinic-faq.js", accept_encoding="gzip").headers["etag"] for _ in range(2)}
    assert len(tags) == 1


def test_a_head_gets_the_headers_only(site: Site):
    response = site.call("HEAD", "/clinic-faq.js", headers={"accept-encoding": "identity"})
    assert response.headers["etag"] == site.get("/clinic-faq.js", accept_encoding="identity").headers["etag"]
    assert response.status_code == 200
