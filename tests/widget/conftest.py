"""What the widget's tests share: one browser, one server, one site. Without Chromium they are skipped, and say so."""

from collections.abc import Iterator

import pytest

pytest.importorskip("playwright", reason="Playwright is not installed: pip install '.[dev]'")

pytest.register_assert_rewrite("gates", "stage")

from playwright.sync_api import sync_playwright  # noqa: E402 -- only where it is installed
from stage import CHROMIUM, FLAGS, SMALL, Stage, set_stage  # noqa: E402 -- as above


@pytest.fixture(scope="session")
def stage() -> Iterator[Stage]:
    if not CHROMIUM:
        pytest.skip("Chromium is not installed: run scripts/install-browser, or apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        with set_stage(browser, SMALL) as found:
            yield found
        browser.close()
