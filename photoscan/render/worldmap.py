"""An offline map: outlines of countries (Natural Earth, public domain; scripts/build_world.py) and marks on them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from markupsafe import Markup

from photoscan import shipped
from photoscan.render.markup import html, joined, ours

Position = tuple[float, float]
"""Latitude and longitude in degrees (WGS 84)."""
SPAN = 500, 250
"""Width and height of the close-up, in tenths of a degree."""


def symbol() -> Markup:
    """The outlines, once a page: an SVG symbol that every map uses."""
    return html(
        '<svg class="defs" aria-hidden="true" focusable="false">'
        '<symbol id="world" viewBox="0 0 3600 1800"><path d="{}"/></symbol></svg>',
        _outlines(),
    )


def drawn(places: Sequence[Position], label: str) -> Markup:
    """A map of the world with a mark at each place, and a close-up around the first; `label` says it in words."""
    marks = [(10 * (longitude + 180), 10 * (90 - latitude)) for latitude, longitude in places]
    x, y = marks[0]
    width, height = SPAN
    left, top = min(max(0.0, x - width / 2), 3600 - width), min(max(0.0, y - height / 2), 1800 - height)
    close = joined(_mark(mx, my, 7) for mx, my in marks)
    frame = html('<rect class="frame" x="{:.1f}" y="{:.1f}" width="{}" height="{}"/>', left, top, width, height)
    return html(
        '<div class="maps" role="img" aria-label="{}">'
        '<svg class="map" viewBox="{:.1f} {:.1f} {} {}" aria-hidden="true">{}{}</svg>'
        '<svg class="map whole" viewBox="0 0 3600 1500" aria-hidden="true">{}{}{}</svg></div>',
        label,
        left,
        top,
        width,
        height,
        _world(),
        close,
        _world(),
        frame,
        joined((_mark(mx, my, 26) for mx, my in marks)),
    )


def _world() -> Markup:
    return html('<use href="#world" width="3600" height="1800"/>')


def _mark(x: float, y: float, radius: int) -> Markup:
    return html(
        '<circle class="halo" cx="{:.1f}" cy="{:.1f}" r="{}"/><circle class="mark" cx="{:.1f}" cy="{:.1f}" r="{}"/>',
        x,
        y,
        radius * 2,
        x,
        y,
        radius,
    )


@cache
def _outlines() -> Markup:
    return ours(shipped.text("render/assets/world.txt").strip())
