"""Reports before outside judges: a real browser with axe-core, and the official SARIF schema.

Run by hand: `pip install playwright`, `npm install axe-core @microsoft/jest-sarif@1.0.0-beta.0`, and a Chromium. Name
them: PHOTOSCAN_CHROMIUM (the program), PHOTOSCAN_NODE_MODULES (the folder).
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.conftest import Run

pytestmark = pytest.mark.extras
MODULES = Path(os.environ.get("PHOTOSCAN_NODE_MODULES", "node_modules"))
CHROMIUM = os.environ.get("PHOTOSCAN_CHROMIUM", "/usr/bin/chromium")
PHOTOS = ("identity_card.jpg", "holiday.jpg", "landscape.jpg", "car_malaysia.jpg", "manifest.json")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield running
        running.close()


@pytest.mark.parametrize("language", ["en", "ms", "id", "pt-BR"])
@pytest.mark.parametrize("photos", [PHOTOS, PHOTOS[:1]], ids=["folder", "photo"])
def test_the_page_is_accessible_and_alone(
    photos: tuple[str, ...], language: str, browser: Any, run: Run, demo: Path, tmp_path: Path
) -> None:
    file = tmp_path / "report.html"
    run("scan", *(demo / name for name in photos), "--format", "html", "-o", file, "--lang", language, "--show-values")
    assert file.stat().st_size > 50_000
    for width, scheme in ((1280, "light"), (1280, "dark"), (360, "light")):
        context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
        page = context.new_page()
        requests: list[str] = []
        complaints: list[str] = []
        page.on("request", lambda request, to=requests: to.append(request.url))
        page.on("console", lambda message, to=complaints: to.append(message.text))
        page.goto(file.as_uri())
        assert "blur" in page.locator(".shot").first.evaluate("e => getComputedStyle(e).filter")
        page.locator(".t-show").first.check()
        assert page.locator(".shot").first.evaluate("e => getComputedStyle(e).filter") == "none"
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.evaluate((MODULES / "axe-core/axe.min.js").read_text("utf-8"))
        violations = page.evaluate("axe.run()")["violations"]
        assert [(v["id"], v["nodes"][0]["html"]) for v in violations if v["impact"] in ("serious", "critical")] == []
        assert [url for url in requests if not url.startswith(("file:", "data:"))] == []
        assert complaints == []
        context.close()


def test_switches_work_without_any_script(browser: Any, run: Run, demo: Path, tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    run("scan", demo / "identity_card.jpg", "--format", "html", "-o", file)
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(file.as_uri())
    faces = page.locator("a.b-face").first
    assert faces.is_visible()
    page.locator(".t-face").uncheck()
    assert not faces.is_visible()
    page.locator(".t-cover").check()
    assert page.locator("a.b-text rect.box").first.is_visible()
    context.close()


@pytest.mark.parametrize("show", [False, True])
def test_sarif_is_valid_by_the_official_schema(show: bool, run: Run, demo: Path) -> None:
    schema = json.loads((MODULES / "@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json").read_text("utf-8"))
    arguments = ["--show-values"] if show else []
    result = run("scan", *(demo / name for name in PHOTOS), "--format", "sarif", *arguments)
    log = json.loads(result.stdout)
    assert len(log["runs"][0]["results"]) > 5
    assert log["runs"][0]["invocations"][0]["toolExecutionNotifications"]
    jsonschema.validate(log, schema)
