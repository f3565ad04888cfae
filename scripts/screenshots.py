"""What does it look like? Takes every picture in docs/screenshots anew, from the content that ships.

    scripts/install-browser && python scripts/screenshots.py [--content DIR] [--all DIR]

With --all, every state at every size goes to DIR as well, for whoever changes the looks.
"""

import argparse
import io
import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from playwright.sync_api import Browser, Page, sync_playwright

from bot import Bot
from bot.channels.web.app import create_app
from bot.channels.web.lines import make_writer
from bot.channels.web.settings import Settings

DOCS = Path(__file__).parent.parent / "docs" / "screenshots"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
SIZES: dict[str, dict[str, object]] = {
    "desktop": {"viewport": {"width": 1280, "height": 860}},
    "dark": {"viewport": {"width": 1280, "height": 860}, "color_scheme": "dark"},
    "phone": {
        "viewport": {"width": 390, "height": 780},
        "device_scale_factor": 2,
        "has_touch": True,
        "is_mobile": True,
    },
    "forced": {"viewport": {"width": 760, "height": 800}, "forced_colors": "active"},
    "small": {"viewport": {"width": 320, "height": 256}},
}
KEPT = {
    "desktop-demo": "demo",
    "desktop-answer": "answer",
    "dark-answer": "dark",
    "desktop-faq": "faq",
    "desktop-embed": "embed",
    "phone-open": "phone-open",
    "phone-answer": "phone-answer",
    "phone-urgent": "phone-urgent",
    "phone-browse": "phone-browse",
}
"""Which of all pictures the documentation shows, and its name there."""


@contextmanager
def serve(content: str) -> Iterator[str]:
    """Serve for as long as the block lasts; give the address."""
    plenty = Settings(rate_client="100000/minute", rate_network="200000/minute", rate_total="200000/minute")
    app = create_app(Bot.load(content or None), plenty, write=make_writer(io.StringIO()))
    server = uvicorn.Server(uvicorn.Config(app, port=0, lifespan="off", log_level="critical", ws="none"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


def ask(page: Page, question: str) -> None:
    """Ask and wait for the reply."""
    count = page.locator(".reply").count()
    page.get_by_label("Your question").fill(question)
    page.get_by_label("Your question").press("Enter")
    page.locator(".reply").nth(count).wait_for()


def visit(browser: Browser, server: str, size: str, take: Callable[[Page, str], None]) -> None:
    """Walk through every state at one size."""
    context = browser.new_context(reduced_motion="reduce", **SIZES[size])  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(server)
    take(page, "demo")
    page.locator("clinic-faq .launcher").click()
    page.locator(".section").first.wait_for(state="attached")
    take(page, "open")
    for state, question in (
        ("answer", "how long will i be red for afterwards"),
        ("unsure", "sun and swelling"),
        ("unknown", "do you take my insurance"),
        ("clinician", "can i have it done while pregnant"),
        ("handoff", "can i talk to a person"),
        ("crisis", "i want to end my life"),
        ("urgent", "my cheek is blistering since the treatment"),
    ):
        ask(page, question)
        take(page, state)
    page.get_by_role("button", name="Browse the questions").click()
    page.locator("summary").nth(2).click()
    take(page, "browse")
    page.get_by_role("button", name="Back to the conversation").click()
    context.set_offline(True)
    page.get_by_label("Your question").fill("how much does it cost")
    page.get_by_label("Your question").press("Enter")
    page.get_by_role("button", name="Try again").wait_for()
    take(page, "offline")
    context.set_offline(False)
    for name in ("faq", "embed"):
        page.goto(f"{server}/{name}")
        page.locator("clinic-faq .launcher").wait_for()
        take(page, name)
    context.close()


def main() -> None:
    """Take all pictures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--content", default="")
    parser.add_argument("--all", type=Path)
    options = parser.parse_args()
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not chromium:
        sys.exit("Chromium is not installed; run scripts/install-browser")
    DOCS.mkdir(parents=True, exist_ok=True)
    if options.all:
        options.all.mkdir(parents=True, exist_ok=True)

    with sync_playwright() as playwright, serve(options.content) as server:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        for size in SIZES:

            def take(page: Page, state: str, size: str = size) -> None:
                name = f"{size}-{state}"
                if name in KEPT:
                    page.screenshot(path=DOCS / f"{KEPT[name]}.png", caret="hide")
                if options.all:
                    page.screenshot(path=options.all / f"{name}.png", caret="hide")

            visit(browser, server, size, take)
        browser.close()


if __name__ == "__main__":
    main()
