"""Where does the widget play in tests? In the system's Chromium, on a page of one origin, with the server on another."""

import io
import shutil
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import axe_playwright_python
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Error, Locator, Page, Route, expect
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp

from bot import Block, Bot, Context, Kind, Part, Reply
from bot.channels.web.app import create_app
from bot.channels.web.lines import make_writer
from bot.channels.web.pages import WIDGET, write_script
from bot.channels.web.settings import Settings
from bot.content.load import load_content

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
FLAGS += ["--disable-component-update", "--disable-sync"]
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SMALL = Path(__file__).parent.parent / "content" / "small"
OFFLINE = load_content(SMALL).answers["safety.md#help-offline"].text
SOURCE = write_script(OFFLINE)
"""The widget's script, as the small clinic serves it."""


def say(kind: Kind, *blocks: Block, options: tuple[str, ...] = ()) -> Reply:
    return Reply(kind, blocks, (), options, Context())


# What the bot says in these tests where its kind matters and not its matching.
SCRIPTED: Mapping[str, Reply] = {
    "urgent": say(Kind.URGENT, Block(Part.URGENT, "**Call the clinic now.**\n\n- Do not wait.")),
    "crisis": say(Kind.CRISIS, Block(Part.URGENT, "Please talk to someone now: *the helpline*.")),
    "clinician": say(
        Kind.CLINICIAN, Block(Part.NOTICE, "Only your clinician can say that."), options=("How much does it cost?",)
    ),
    "handoff": say(
        Kind.HANDOFF, Block(Part.NOTICE, "These people can help.\n\n- Open: Monday to Friday, nine to five")
    ),
    "short": say(Kind.ANSWER, Block(Part.NOTICE, "It depends."), Block(Part.CONTACT_SHORT, "Call 123.")),
    "markup": say(
        Kind.FALLBACK,
        Block(Part.NOTICE, "<img src=x onerror=alert(1)> [x](javascript:alert(1)) **ok**"),
        options=("<b>x</b>",),
    ),
}


class ScriptedBot(Bot):
    """A real bot, which says a fixed text of each kind when asked for it by name."""

    def reply(self, question: str, context: Context | None = None) -> Reply:
        return SCRIPTED.get(question) or super().reply(question, context)


@contextmanager
def serve(app: ASGIApp) -> Iterator[str]:
    """Serve on a free port of loopback for as long as the block lasts; give the address."""
    server = uvicorn.Server(
        uvicorn.Config(app, port=0, lifespan="off", log_level="critical", ws="none", proxy_headers=False)
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(timeout=10)


@dataclass
class Host:
    """A site that embeds the widget: pages by path, with the policy that each is served under."""

    pages: dict[str, tuple[str, str]] = field(default_factory=dict)

    async def page(self, request: Request) -> Response:
        html, policy = self.pages.get(request.url.path, ("", ""))
        headers = {"content-security-policy": policy} if policy else {}
        return Response(html, 200 if html else 404, headers=headers, media_type="text/html")

    def app(self) -> Starlette:
        app = Starlette()
        app.add_route("/{path:path}", self.page)
        return app


HTML = """<!doctype html><html lang="{lang}" dir="{dir}"><head><meta charset="utf-8"><title>A clinic's page</title>
<meta name="viewport" content="width=device-width, initial-scale=1">{head}</head>
<body><main><h1>A clinic's page</h1><p><a id="before" href="#before">A link before</a></p></main>{tag}
<footer><a id="after" href="#after">A link after</a></footer></body></html>"""
SHUT = "<p>Blisters? Call <a href='tel:123'>123</a> now.</p>"


@dataclass
class Visit:
    """A visitor on a page with the widget."""

    page: Page
    context: BrowserContext
    requests: list[str]
    errors: list[str]
    said: list[str]
    """What scripts wrote to the console; the browser's own lines on the network are not among it."""

    @property
    def launcher(self) -> Locator:
        return self.page.locator("clinic-faq .launcher")

    @property
    def panel(self) -> Locator:
        return self.page.get_by_role("dialog")

    @property
    def input(self) -> Locator:
        return self.page.get_by_label("Your question")

    @property
    def status(self) -> Locator:
        return self.page.locator("clinic-faq [role=status]")

    @property
    def replies(self) -> Locator:
        return self.page.locator("clinic-faq .reply")

    def open(self) -> "Visit":
        self.launcher.click()
        self.page.locator("clinic-faq .section").first.wait_for(state="attached")
        return self

    def ask(self, question: str) -> Locator:
        """Ask by keyboard and wait for the reply."""
        count = self.replies.count()
        self.input.fill(question)
        self.input.press("Enter")
        reply = self.replies.nth(count)
        reply.wait_for()
        return reply

    def list_requests(self) -> list[str]:
        """Give what was asked for until now. The browser tells of a request a moment after it was made, and of ours last."""
        self.page.evaluate("() => fetch(location.href).then((response) => response.text())")
        return self.requests

    def focused(self) -> str:
        """Describe what has focus, through shadow roots."""
        return str(
            self.page.evaluate(
                """() => { let e = document.activeElement; while (e?.shadowRoot?.activeElement) e = e.shadowRoot.activeElement;
                return e === document.body ? "body" : e.id || e.getAttribute("class"); }"""
            )
        )

    def violations(self) -> list[str]:
        return list(self.page.evaluate("() => window.violations"))

    def axe(self, *, without: tuple[str, ...] = (), only: tuple[str, ...] = ()) -> list[str]:
        """Give what axe finds wrong, each with its place; `only` names rules, where the others are not in question."""
        if not self.page.evaluate("() => 'axe' in window"):
            self.page.evaluate(AXE)
        run = {"type": "rule", "values": only} if only else {"type": "tag", "values": AXE_TAGS}
        options = {
            "runOnly": run,
            "rules": {rule: {"enabled": False} for rule in without},
            "resultTypes": ["violations"],
        }
        found = self.page.evaluate("(options) => axe.run(document, options)", options)
        return [
            f"{rule['id']}: {node['target']} {node['failureSummary']}"
            for rule in found["violations"]
            for node in rule["nodes"]
        ]


@dataclass
class Stage:
    """A browser, a server and a site, shared by all tests."""

    browser: Browser
    server: str
    site: str
    host: Host

    @contextmanager
    def visit(
        self,
        *,
        tag: str = "",
        head: str = "",
        lang: str = "en",
        direction: str = "ltr",
        policy: str = "",
        html: str = "",
        path: str = "/",
        script: str = "",
        attributes: str = "",
        **options: object,
    ) -> Iterator[Visit]:
        """Put a page on the site and open it; `script` takes the place of the widget's own."""
        src = f'<script defer src="{self.server}/{WIDGET}"></script>'
        tag = tag or f"<clinic-faq {attributes}>{SHUT}{src}</clinic-faq>"
        html = html or HTML
        self.host.pages[path] = (html.format(tag=tag, head=head, lang=lang, dir=direction, src=src), policy)
        context = self.browser.new_context(**{"reduced_motion": "reduce", **options})  # type: ignore[arg-type]
        patience = 700 if script else 5_000  # milliseconds; a mutant is waited for in vain
        context.set_default_timeout(patience)
        context.set_default_navigation_timeout(15_000)
        expect.set_options(timeout=patience)
        page = context.new_page()
        requests: list[str] = []
        errors: list[str] = []
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text) if message.args else None)
        page.on("request", lambda request: requests.append(request.url))
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.add_init_script(
            "window.violations = []; document.addEventListener('securitypolicyviolation', (e) => violations.push(`${e.violatedDirective} ${e.blockedURI}`));"
        )
        if script:
            page.route("**/clinic-faq*.js*", lambda route: _give(route, script))
        page.goto(self.site + path)
        try:
            yield Visit(page, context, requests, errors, said)
        finally:
            context.close()


def _give(route: Route, script: str) -> None:
    route.fulfill(body=script, content_type="text/javascript")


@contextmanager
def set_stage(browser: Browser, folder: Path) -> Iterator[Stage]:
    """Start the site and the server that it may use."""
    host = Host()
    with serve(host.app()) as site:
        much, more = "1000000/minute", "2000000/minute"
        plenty = Settings(allowed_origins=(site,), rate_client=much, rate_network=more, rate_total=more)
        app = create_app(ScriptedBot.load(folder), plenty, write=make_writer(io.StringIO()))
        with serve(app) as server:
            yield Stage(browser, server, site, host)


__all__ = ["CHROMIUM", "FLAGS", "OFFLINE", "SCRIPTED", "SMALL", "SOURCE", "Error", "Stage", "Visit", "set_stage"]
