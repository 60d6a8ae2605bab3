"""Draw the pictures of the report, as a browser shows it: `python scripts/draw_report.py`.

docs/pictures/report.webp is the top of the page of one photo, report_many.webp that of several. Needs the models,
Chromium, and the development tools. The photos are the workshop's drawn samples.
"""

from __future__ import annotations

import io
import os
import shutil
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from PIL import Image  # noqa: E402
from playwright.sync_api import sync_playwright  # noqa: E402

from photoscan.cli import main as photoscan  # noqa: E402
from tests.browser import harness  # noqa: E402

SAMPLES = ROOT / "photoscan" / "workshop" / "samples"
TARGET = ROOT / "docs" / "pictures"
WIDTH, HEIGHT = 1100, 980


def main() -> None:
    """Scan the photos as a user would, and take pictures of both pages."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        os.chdir(folder)
        shutil.copytree(SAMPLES, "photos", ignore=lambda _, names: [name for name in names if ".jpg" not in name])
        shutil.copy(SAMPLES / "class_trip.jpg", ".")
        browser = playwright.chromium.launch(executable_path=harness.chromium(), args=list(harness.ARGUMENTS))
        for scanned, switch, name in (
            ("class_trip.jpg", "Show the photo", "report.webp"),
            ("photos", "Show the small pictures", "report_many.webp"),
        ):
            page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light")
            page.goto(scan(scanned).absolute().as_uri())
            page.get_by_text(switch).first.click()
            if scanned == "photos":
                page.locator("#p1 > summary").click()
            page.mouse.move(0, 0)
            with Image.open(io.BytesIO(page.screenshot())) as picture:
                picture.convert("RGB").save(TARGET / name, quality=80, method=6)
        browser.close()


def scan(name: str) -> Path:
    """The page about a photo or a folder here."""
    target = Path(name).with_suffix(".html")
    sys.argv = ["photoscan", "scan", name, "--lang", "en", "-o", str(target)]
    try:
        photoscan()
    except SystemExit as done:
        if done.code not in (0, 1):
            raise
    return target


if __name__ == "__main__":
    main()
