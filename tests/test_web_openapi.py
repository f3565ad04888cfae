"""Is the description of the API true? Schemathesis calls the app with what it allows, and with what it does not."""

import io
import json
import re
from dataclasses import replace
from pathlib import Path

import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import AuthContext, Case
from web_client import BEARER, RASA, Site

from bot import Bot, Context, Kind, __version__
from bot.channels.web import settings as web_settings
from bot.channels.web.app import LIMITED, create_app
from bot.channels.web.lines import make_writer

FILE = Path(web_settings.__file__).parent / "openapi.json"
DESCRIBED = json.loads(FILE.read_text())
SMALL = Bot.load(Path(__file__).parent / "content" / "small")
# Room for any body: Schemathesis takes a refusal for its size (413) for no refusal; the limit has tests of its own.
ROOMY = replace(RASA, body_limit=10_000_000)
schema = schemathesis.openapi.from_asgi("/openapi.json", create_app(SMALL, ROOMY, write=make_writer(io.StringIO())))


@schema.auth()
class Token:
    """What it sends where a token is asked for; it tries without, too."""

    def get(self, case: Case, context: AuthContext) -> str:  # noqa: ARG002 -- the same for all
        return BEARER["authorization"]

    def set(self, case: Case, data: str, context: AuthContext) -> None:  # noqa: ARG002 -- as above
        case.headers["authorization"] = data


@schema.parametrize()
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_server_does_what_its_description_says(case: Case):
    case.call_and_validate()


def test_the_description_is_served_as_it_stands():
    assert Site(SMALL).get("/openapi.json").content == FILE.read_bytes()


def test_the_description_names_this_version():
    assert DESCRIBED["info"]["version"] == __version__


def test_the_description_names_every_path_that_is_no_page():
    paths = set(DESCRIBED["paths"])
    assert paths >= LIMITED
    assert paths - LIMITED == {"/healthz", "/readyz", "/openapi.json"}


def test_the_description_knows_every_kind_of_reply_and_all_of_a_context():
    schemas = DESCRIBED["components"]["schemas"]
    assert schemas["Reply"]["properties"]["kind"]["enum"] == [kind.value for kind in Kind]
    assert set(schemas["Context"]["properties"]) == set(Context().to_dict())


def test_the_description_knows_every_code_of_a_fault():
    sources = "".join(path.read_text() for path in FILE.parent.glob("*.py"))
    codes = set(re.findall(r'(?:Fault\([a-z0-9]+, |make_fault_body\()"(\w+)"', sources))
    described = DESCRIBED["components"]["schemas"]["Error"]["properties"]["error"]["properties"]["code"]["enum"]
    assert codes == set(described)
