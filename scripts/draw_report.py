"""Draw docs/pictures/report.webp, the top of a report as a browser shows it: `python scripts/draw_report.py`.

Needs the models, Chromium, and the development tools. The photo is one of the workshop's drawn samples.
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

PHOTO = ROOT / "photoscan" / "workshop" / "samples" / "class_trip.jpg"
TARGET = ROOT / "docs" / "pictures" / "report.webp"
WIDTH, HEIGHT = 1100, 980


def main() -> None:
    """Scan the photo as a user would, and take a picture of the page."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        os.chdir(folder)
        shutil.copy(PHOTO, ".")
        sys.argv = ["photoscan", "scan", PHOTO.name, "--format", "html", "--lang", "en", "-o", "report.html"]
        try:
            photoscan()
        except SystemExit as done:
            if done.code not in (0, 1):
                raise
        browser = playwright.chromium.launch(executable_path=harness.chromium(), args=list(harness.ARGUMENTS))
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light")
        page.goto(Path("report.html").absolute().as_uri())
        page.get_by_text("Show the photo").first.click()
        TARGET.parent.mkdir(exist_ok=True)
        with Image.open(io.BytesIO(page.screenshot())) as picture:
            picture.convert("RGB").save(TARGET, quality=80, method=6)
        browser.close()


if __name__ == "__main__":
    main()
