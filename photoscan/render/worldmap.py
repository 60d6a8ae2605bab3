"""An offline map: outlines of countries (Natural Earth, public domain; scripts/build_world.py) and marks on them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from html import escape
from importlib import resources

Place = tuple[float, float]
"""Latitude and longitude in degrees (WGS 84)."""
SPAN = 500, 250
"""Width and height of the close-up, in tenths of a degree."""


def symbol() -> str:
    """The outlines, once a page: an SVG symbol that every map uses."""
    return (
        '<svg class="defs" aria-hidden="true" focusable="false">'
        f'<symbol id="world" viewBox="0 0 3600 1800"><path d="{_outlines()}"/></symbol></svg>'
    )


def drawn(places: Sequence[Place], label: str) -> str:
    """A map of the world with a mark at each place, and a close-up around the first; `label` says it in words."""
    marks = [(10 * (longitude + 180), 10 * (90 - latitude)) for latitude, longitude in places]
    x, y = marks[0]
    width, height = SPAN
    left, top = min(max(0.0, x - width / 2), 3600 - width), min(max(0.0, y - height / 2), 1800 - height)
    close = "".join(_mark(mx, my, 7) for mx, my in marks)
    frame = f'<rect class="frame" x="{left:.1f}" y="{top:.1f}" width="{width}" height="{height}"/>'
    return (
        f'<div class="maps" role="img" aria-label="{escape(label, quote=True)}">'
        f'<svg class="map" viewBox="{left:.1f} {top:.1f} {width} {height}" aria-hidden="true">{_world()}{close}</svg>'
        f'<svg class="map whole" viewBox="0 0 3600 1500" aria-hidden="true">{_world()}{frame}'
        f"{''.join(_mark(mx, my, 26) for mx, my in marks)}</svg></div>"
    )


def _world() -> str:
    return '<use href="#world" width="3600" height="1800"/>'


def _mark(x: float, y: float, radius: int) -> str:
    return (
        f'<circle class="halo" cx="{x:.1f}" cy="{y:.1f}" r="{radius * 2}"/>'
        f'<circle class="mark" cx="{x:.1f}" cy="{y:.1f}" r="{radius}"/>'
    )


@cache
def _outlines() -> str:
    return resources.files("photoscan").joinpath("render/assets/world.txt").read_text("ascii").strip()
