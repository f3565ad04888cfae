"""What can a browser look at? A demo, all questions on one page, the snippet to embed, and the widget's files.

Everything is made once, when the server starts: a page is bytes, and no page depends on who asks.
"""

import base64
import gzip
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from html import escape
from pathlib import Path
from string import Template

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot import Answer, __version__
from bot.channels.web.catalogue import LANGUAGE, Catalogue, Section
from bot.channels.web.headers import OF_A_PAGE
from bot.channels.web.settings import Settings
from bot.channels.web.tokens import read_tokens, to_html

FOLDER = Path(__file__).parent.parent / "widget"
WIDGET = f"clinic-faq-{__version__}.js"
"""The path of the script. It is linked with a query that changes with its bytes: what a browser keeps stays true."""
FOREVER = "public, max-age=31536000, immutable"
SUBJECT = "laser skin tightening"


@dataclass(frozen=True)
class File:
    """Bytes that are served as they are."""

    body: bytes
    media_type: str
    headers: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def packed(self) -> bytes:
        """The body for clients that take gzip; the same bytes every time."""
        return gzip.compress(self.body, mtime=0)

    @cached_property
    def digest(self) -> str:
        """What tells this file from another under its name."""
        return hashlib.sha256(self.body).hexdigest()[:32]

    async def serve(self, request: Request) -> Response:
        """Answer a GET."""
        packs = takes_gzip(",".join(request.headers.getlist("accept-encoding")))
        tag = f'"{self.digest}-gzip"' if packs else f'"{self.digest}"'
        headers = {"vary": "Accept-Encoding", "etag": tag, **self.headers}
        if has_tag(",".join(request.headers.getlist("if-none-match")), tag):
            return Response(status_code=304, headers=headers)
        if not packs:
            return Response(self.body, headers=headers, media_type=self.media_type)
        return Response(self.packed, headers={**headers, "content-encoding": "gzip"}, media_type=self.media_type)


class Pages:
    """The routes of all that can be looked at."""

    def __init__(self, catalogue: Catalogue, settings: Settings) -> None:
        self._catalogue = catalogue
        self._url = settings.public_url.rstrip("/")
        script = write_script(catalogue.offline).encode()
        self._integrity = make_integrity(script)
        self._script = f"{WIDGET}?{hashlib.sha256(script).hexdigest()[:8]}"
        open_to_all = {"access-control-allow-origin": "*", "cross-origin-resource-policy": "cross-origin"}
        kept = {**open_to_all, "cache-control": FOREVER}
        files = {
            "/": self._page("demo", "Demo"),
            "/faq": self._page("faq", "Questions and answers"),
            "/embed": self._page("embed", "Put it on your site"),
            f"/{WIDGET}": File(script, "text/javascript", kept),
            "/clinic-faq.js": File(script, "text/javascript", {**open_to_all, "cache-control": "no-cache"}),
            "/pages.js": File((FOLDER / "pages.js").read_bytes(), "text/javascript"),
            "/pages.css": File((FOLDER / "pages.css").read_bytes(), "text/css"),
            "/favicon.svg": File((FOLDER / "favicon.svg").read_bytes(), "image/svg+xml"),
            "/openapi.json": File(
                (Path(__file__).parent / "openapi.json").read_bytes(), "application/json", open_to_all
            ),
        }
        self.routes = [Route(path, file.serve) for path, file in files.items()]
        self.public = frozenset({f"/{WIDGET}", "/clinic-faq.js", "/openapi.json"})
        """What a page of any site may load."""

    def _page(self, name: str, title: str) -> File:
        clinic = self._catalogue.clinic.name or "Your clinic"
        values = {
            "clinic": escape(clinic),
            "title": escape(f"{title} · {clinic}"),
            "subject": SUBJECT,
            "language": LANGUAGE,
            "version": __version__,
            "widget": self._script,
            "integrity": self._integrity,
            "contact": to_html(self._catalogue.contact),
            "contact_title": escape(self._catalogue.contact_title),
            "fallback": make_fallback(self._catalogue),
        }
        extra = {
            "demo": lambda: {"count": str(sum(len(section.answers) for section in self._catalogue.sections))},
            "faq": lambda: {
                "contents": _list_contents(self._catalogue.sections),
                "sections": "".join(_write_section(section, self._catalogue) for section in self._catalogue.sections),
                "data": make_linked_data(self._catalogue),
            },
            "embed": lambda: {
                "snippet": escape(make_snippet(self._catalogue, self._url, self._script, self._integrity))
            },
        }[name]()
        body = Template(_read(name)).substitute(values | extra)
        whole = Template(_read("page")).substitute(values | {"body": body, "here": name})
        return File(whole.encode(), "text/html", OF_A_PAGE)


def takes_gzip(accepted: str) -> bool:
    """Read Accept-Encoding; what is named there counts before the `*` that stands for all the others.

    >>> takes_gzip("br, gzip;q=0.5"), takes_gzip("gzip;q=0, *")
    (True, False)
    """
    wanted = dict(map(_read_coding, accepted.lower().split(",")))
    return wanted.get("gzip", wanted.get("x-gzip", wanted.get("*", False)))


def has_tag(sent: str, tag: str) -> bool:
    """Read If-None-Match: whether the client has the file already."""
    return any(part.strip().removeprefix("W/") in (tag, "*") for part in sent.split(","))


def _read_coding(part: str) -> tuple[str, bool]:
    name, _, parameter = part.partition(";")
    weight = parameter.strip().removeprefix("q=") or "1"
    return name.strip(), weight.replace(".", "", 1).isdecimal() and float(weight) > 0


def write_script(offline: str) -> str:
    """Write the widget's script: of the texts on danger it has none of its own, and carries that of the content."""
    source = (FOLDER / "clinic-faq.js").read_text(encoding="utf-8")
    return source.replace('contact: ""', f"contact: {json.dumps(offline)}")


def make_integrity(script: bytes) -> str:
    """Give the hash that a browser holds the script to (Subresource Integrity)."""
    return "sha384-" + base64.b64encode(hashlib.sha384(script).digest()).decode()


def make_fallback(catalogue: Catalogue, server: str = "") -> str:
    """Write what stands where the widget cannot: whom to call, and a link to all answers."""
    page = f"{server}/faq" if server else "faq"
    return f'{to_html(catalogue.help.children)} <a href="{escape(page)}">All questions and answers</a>'


def make_snippet(catalogue: Catalogue, url: str, script: str, integrity: str) -> str:
    """Write the one tag that a site pastes; its content is what people without JavaScript see."""
    server = url or "https://YOUR-SERVER"
    return (
        f"<clinic-faq>\n  {make_fallback(catalogue, server)}\n"
        f'  <script defer src="{escape(server)}/{script}" crossorigin="anonymous"\n'
        f'    integrity="{integrity}"></script>\n</clinic-faq>'
    )


def make_linked_data(catalogue: Catalogue) -> str:
    """Write the questions as schema.org FAQPage; nothing in it can end the element that it stands in."""
    questions = [
        {
            "@type": "Question",
            "name": answer.title,
            "acceptedAnswer": {"@type": "Answer", "text": to_html(read_tokens(_whole(answer, catalogue)))},
        }
        for section in catalogue.sections
        for answer in section.answers
    ]
    data = {"@context": "https://schema.org", "@type": "FAQPage", "inLanguage": LANGUAGE, "mainEntity": questions}
    return json.dumps(data).replace("<", "\\u003c")


def make_anchor(ref: str) -> str:
    """Give the place of an answer on the page.

    >>> make_anchor("costs.md#area")
    'costs--area'
    """
    return ref.replace(".md#", "--")


def _whole(answer: Answer, catalogue: Catalogue) -> str:
    return f"{answer.text}\n\n{catalogue.contact_line}" if answer.ref in catalogue.with_contact else answer.text


def _list_contents(sections: tuple[Section, ...]) -> str:
    items = (f'<li><a href="#section-{n}">{escape(section.title)}</a></li>' for n, section in enumerate(sections, 1))
    return f"<ol>{''.join(items)}</ol>"


def _write_section(section: Section, catalogue: Catalogue) -> str:
    number = catalogue.sections.index(section) + 1
    answers = "".join(map(_write_answer, section.answers))
    needs_contact = any(answer.ref in catalogue.with_contact for answer in section.answers)
    contact = f'<div class="contact">{to_html(catalogue.contact)}</div>' if needs_contact else ""
    heading = f'<h2 id="section-{number}">{escape(section.title)}</h2>'
    return f'<section aria-labelledby="section-{number}">{heading}{contact}{answers}</section>'


def _write_answer(answer: Answer) -> str:
    text = to_html(read_tokens(answer.text))
    anchor, title = escape(make_anchor(answer.ref)), escape(answer.title)
    return f'<article class="answer" id="{anchor}"><h3>{title}</h3>{text}</article>'


def _read(name: str) -> str:
    return (FOLDER / f"{name}.html").read_text(encoding="utf-8")
