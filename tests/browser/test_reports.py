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


def visible(page: Any) -> list[str]:
    """The photos of a list that can be seen, by their ids."""
    ids = "photos => photos.filter(e => e.checkVisibility()).map(e => e.id)"
    found: list[str] = page.locator("details.photo").evaluate_all(ids)
    return found


def test_a_list_unfolds_and_filters_by_the_keyboard_without_any_script(
    browser: Any, reports: list[Report], tmp_path: Path
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(write(tmp_path / "report.html", reports, "en"))
    assert visible(page) == ["p1", "p2", "p3", "p4"]
    stages = page.locator("details.photo .body")
    assert [stages.nth(n).is_visible() for n in range(4)] == [True, False, False, False]
    page.locator("#p2 > summary").press("Enter")
    assert stages.nth(1).is_visible()

    levels = [row.split("of-")[1].split()[0] for row in page.locator("details.photo").evaluate_all(CLASSES)]
    page.locator(f".only-{levels[0]}").press("Space")
    assert visible(page) == [f"p{n}" for n, level in enumerate(levels, 1) if level == levels[0]]
    page.get_by_role("button", name="Show all photos").press("Enter")
    assert visible(page) == ["p1", "p2", "p3", "p4"]
    assert not page.locator(".shown").is_visible()

    page.locator(".kinds > summary").press("Enter")
    page.locator(".only-metadata-gps").check()
    (holiday,) = visible(page)
    assert "holiday" in page.locator(f"#{holiday} > summary").inner_text()
    assert page.locator(".shown").is_visible()
    page.locator(f".only-{levels[0]}").check()
    assert visible(page) == ([holiday] if levels[int(holiday[1:]) - 1] == levels[0] else [])
    context.close()


CLASSES = "photos => photos.map(e => e.className)"


def test_small_pictures_are_blurred_until_they_are_asked_for(page: Any, reports: list[Report], tmp_path: Path) -> None:
    page.goto(write(tmp_path / "report.html", reports, "en"))
    blurs = "images => images.map(e => getComputedStyle(e).filter)"
    thumbs = page.locator("img.thumb")
    assert thumbs.count() == 3
    assert set(thumbs.evaluate_all(blurs)) == {"blur(7px)"}
    page.locator(".t-thumbs").check()
    assert set(thumbs.evaluate_all(blurs)) == {"none"}


def test_all_is_open_on_paper(page: Any, reports: list[Report], tmp_path: Path) -> None:
    page.goto(write(tmp_path / "report.html", reports, "en"))
    folded = page.locator("details:not([open]) > :not(summary)")
    rows = "parts => parts.filter(e => getComputedStyle(e).display != 'none').map(e => e.checkVisibility())"
    assert not any(folded.evaluate_all(rows))
    page.emulate_media(media="print")
    shown = folded.evaluate_all(rows)
    assert len(shown) > 9
    assert all(shown)
