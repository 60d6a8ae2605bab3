"""A browser for tests of pages. Without one they are skipped aloud; with PHOTOSCAN_REQUIRE_BROWSER set they fail."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser import harness
from tests.browser.harness import Watch


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A running Chromium. One a module: while Playwright's loop runs, no other loop can in this thread."""
    why = harness.missing()
    if why is not None:
        if os.environ.get(harness.NEEDED):
            pytest.fail(f"pages can't be tested: {why}")
        pytest.skip(f"pages are not tested: {why}")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=harness.chromium(), args=list(harness.ARGUMENTS))
        yield running
        running.close()


@pytest.fixture
def served() -> str | None:
    """The address that pages may talk to, such as 'http://127.0.0.1:8000'. To be overridden where one is served."""
    return None


@pytest.fixture
def context(browser: Any, served: str | None) -> Iterator[Any]:
    """A browser context that nothing is left of, whose test fails for any complaint or request to a stranger."""
    opened = browser.new_context(viewport={"width": 1280, "height": 800}, accept_downloads=True)
    opened.set_default_timeout(10_000)
    watch = Watch(opened, served)
    yield opened
    opened.close()
    watch.verify()


@pytest.fixture
def page(context: Any) -> Any:
    """An empty page of that context."""
    return context.new_page()


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """A skipped browser is told in its own line, so that nobody takes silence for a pass."""
    if any("tests/browser/" in report.nodeid for report in terminalreporter.stats.get("skipped", [])):
        line = f"PAGES WERE NOT TESTED IN A BROWSER: {harness.missing()}"
        terminalreporter.write_line(line, red=True, bold=True)
