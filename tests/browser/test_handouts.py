"""Pages to print in a real browser: accessible, within their width, and alone."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import Any

import pytest

from photoscan.handouts import html, lessons, sheets
from tests.browser.harness import assert_accessible
from tests.properties import sample

EVERY = list(product((*(sheet.name for sheet in sheets.sheets("en")), "index", "certificates"), lessons.languages()))
TRIED = [("plan-13-17", "pt-BR"), ("worksheet-13-17", "ms"), ("phones", "id"), ("index", "en"), ("certificates", "en")]


def made(name: str, language: str) -> bytes:
    every = {sheet.name: sheet for sheet in sheets.sheets(language)}
    if name == "index":
        return html.index(every.values(), "certificates", True, language)
    if name == "certificates":
        each = sheets.certificates(every["certificate"], ["Ana", "W" * 80])
        return html.certificates(every["certificate"], each, language)
    return html.page(every[name], language)


@pytest.mark.parametrize(("name", "language"), sample(TRIED, EVERY))
def test_a_page_to_print_is_accessible(name: str, language: str, page: Any, tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_bytes(made(name, language))
    page.goto(file.as_uri())
    assert page.locator("html").get_attribute("lang") == language
    assert_accessible(page)
