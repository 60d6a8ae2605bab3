"""HTML reports in a real browser: accessible, alone, blurred until asked, and their switches work without a script."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import Any

import pytest

from photoscan import preview
from photoscan.catalog import LANGUAGES
from photoscan.options import ScanOptions
from photoscan.photo import Photo
from photoscan.render import RenderOptions, renderer
from photoscan.report import Report
from photoscan.risk import assess
from photoscan.scanner import Scanner
from tests.browser.harness import assert_accessible
from tests.properties import sample

PHOTOS = ("identity_card.jpg", "holiday.jpg", "landscape.jpg", "manifest.json")
"""Something in the picture, a position, nothing, and no photo at all."""


@pytest.fixture(scope="module")
def reports(demo: Path, browser: Any) -> list[Report]:
    """Scanned once, and not at all where there is no browser: what a photo shows is the same in every language."""
    scanner = Scanner(ScanOptions())
    return [scanner.scan(demo / name) for name in PHOTOS]


def write(path: Path, reports: list[Report], language: str, show_values: bool = True) -> str:
    """A page of these reports; its address."""

    def picture(report: Report, longest: int) -> bytes | None:
        return None if report.error else preview.jpeg(Photo.open(report.photo.path), longest)

    policy = Scanner(ScanOptions()).policy
    told = [assess(report, policy, language) for report in reports]
    options = RenderOptions(show_values=show_values, language=language, picture=picture)
    path.write_text("".join(renderer("html")(options).render(told)), "utf-8")
    return path.as_uri()


@pytest.mark.parametrize(
    ("kind", "language"), sample([("photo", "en"), ("folder", "pt-BR")], product(("photo", "folder"), LANGUAGES))
)
def test_a_report_is_accessible(kind: str, language: str, page: Any, reports: list[Report], tmp_path: Path) -> None:
    page.goto(write(tmp_path / "report.html", reports[: 1 if kind == "photo" else len(PHOTOS)], language))
    assert page.locator("html").get_attribute("lang") == language
    assert_accessible(page)


def test_pictures_are_blurred_until_they_are_asked_for(page: Any, reports: list[Report], tmp_path: Path) -> None:
    page.goto(write(tmp_path / "report.html", reports[:1], "en"))
    picture = page.locator(".shot").first
    assert "blur" in picture.evaluate("e => getComputedStyle(e).filter")
    page.locator(".t-show").first.check()
    assert picture.evaluate("e => getComputedStyle(e).filter") == "none"


def test_switches_work_without_any_script(browser: Any, reports: list[Report], tmp_path: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(write(tmp_path / "report.html", reports[:1], "en"))
    faces = page.locator("a.b-face").first
    assert faces.is_visible()
    page.locator(".t-face").uncheck()
    assert not faces.is_visible()
    page.locator(".t-cover").check()
    assert page.locator("a.b-text rect.box").first.is_visible()
    context.close()
