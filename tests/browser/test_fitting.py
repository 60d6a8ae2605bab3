"""The measure itself: what it calls unfit, and what it doesn't."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.fitting import unfit

LONG = "Kebertanggungjawaban"
FITS = {
    "a line": f"<p>{LONG} {LONG}</p>",
    "in a narrow box that breaks it": f"<p style='width:4rem;overflow-wrap:anywhere'>{LONG}</p>",
    "in a box that grows": f"<button style='padding:1rem'>{LONG}</button>",
    "in a box that scrolls down": f"<div style='height:2rem;overflow:auto'>{'<p>more</p>' * 9}</div>",
    "for screen readers alone": f"<div style='width:1px;overflow:hidden;clip-path:inset(50%)'>{LONG}</div>",
    "not shown": f"<div style='display:none'><p style='width:9px'>{LONG}</p></div>",
    "hidden": f"<p style='width:9px;visibility:hidden'>{LONG}</p>",
    "something hidden over an edge": (
        f"<div style='width:4rem;overflow:hidden'><b style='visibility:hidden'>{LONG}</b></div>"
    ),
    "a short name in a field": "<input type=text value=Ana>",
    "a choice": f"<select><option>{LONG}</select>",
}
UNFIT = {
    "over its box": f"<p style='width:4rem'>{LONG}</p>",
    "over its button": f"<button style='width:4rem;white-space:nowrap'>{LONG}</button>",
    "in a word inside": f"<button style='width:4rem'><span>{LONG}</span></button>",
    "cut by an ellipsis": f"<p style='width:4rem;overflow:hidden;text-overflow:ellipsis'>{LONG}</p>",
    "cut below": "<div style='height:2rem;overflow:hidden'><p>one</p><p>two</p><p>three</p></div>",
    "to be scrolled sideways": f"<div style='width:4rem;overflow-x:auto'>{LONG}</div>",
    "out of the window": f"<p style='position:absolute;left:350px;white-space:nowrap'>{LONG}</p>",
    "out on the left": f"<p style='position:absolute;left:-20px;width:30rem'>{LONG}</p>",
    "a long name in a field": f"<input type=text style='width:4rem' value={LONG}>",
    "a hint in a field": f"<input type=text style='width:4rem' placeholder={LONG}>",
    "a choice": f"<select style='width:4rem'><option>{LONG}</select>",
}


@pytest.fixture(scope="module")
def blank(browser: Any) -> Any:
    return browser.new_page(viewport={"width": 400, "height": 300})


def show(page: Any, body: str) -> None:
    page.set_content(f"<!DOCTYPE html><body style='margin:8px;font:16px sans-serif'>{body}")


@pytest.mark.parametrize("case", FITS)
def test_what_fits_is_not_told(case: str, blank: Any) -> None:
    show(blank, FITS[case])
    assert unfit(blank) == []


@pytest.mark.parametrize("case", UNFIT)
def test_what_does_not_fit_is_told_with_its_text(case: str, blank: Any) -> None:
    show(blank, UNFIT[case])
    told = unfit(blank)
    assert told
    assert any(LONG in line or "three" in line or "scrolls" in line for line in told)
