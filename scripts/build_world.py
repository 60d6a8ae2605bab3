"""Make photoscan/render/assets/world.txt, the outlines of countries for the offline map.

`python scripts/build_world.py countries-110m.json`: a TopoJSON file of the npm package world-atlas (its outlines are
Natural Earth's, public domain). Writes one SVG path in tenths of a degree: x = 10 (longitude + 180), y = 10 (90 -
latitude); in that grid a line of the outlines is never more than half a unit off.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

TARGET = Path(__file__).parent.parent / "photoscan/render/assets/world.txt"
Point = tuple[int, int]
WORLD = 3600
"""The map's width."""


def decoded(topology: dict[str, Any]) -> list[list[Point]]:
    """The arcs as points of the grid: TopoJSON writes quantised differences."""
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((round(10 * (x * sx + tx + 180)), round(10 * (90 - y * sy - ty))))
        arcs.append(points)
    return arcs


def rings(geometries: list[dict[str, Any]], arcs: list[list[Point]]) -> Iterator[list[Point]]:
    """Every ring of every country; an arc's number is negated where it runs backwards."""
    for geometry in geometries:
        polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
        for ring in (ring for polygon in polygons for ring in polygon):
            points: list[Point] = []
            for number in ring:
                part = arcs[number] if number >= 0 else arcs[~number][::-1]
                points += [p for i, p in enumerate(part) if not (i == 0 and points)]
            yield from laid_flat(points)


def laid_flat(ring: list[Point]) -> Iterator[list[Point]]:
    """A ring of the globe as rings of the map: where it crosses the antimeridian it goes on, and is drawn twice."""
    flat, turn = [ring[0]], 0
    for (before, _), (x, y) in pairwise(ring):
        turn += WORLD * ((x - before < -WORLD / 2) - (x - before > WORLD / 2))
        flat.append((x + turn, y))
    (start, _), (end, _) = flat[0], flat[-1]
    if abs(end - start) > WORLD / 2:
        # Antarctica goes round the pole: close it along the lower edge.
        flat += [(end, WORLD // 2), (start, WORLD // 2)]
    for shift in (-WORLD, 0, WORLD):
        moved = [(x + shift, y) for x, y in flat]
        if min(moved)[0] < WORLD and max(moved)[0] > 0:
            yield moved


def path(all_rings: Iterator[list[Point]]) -> str:
    """One SVG path: absolute starts, relative lines."""
    words = []
    for ring in all_rings:
        x, y = ring[0]
        words.append(f"M{x},{y}l")
        steps = []
        for nx, ny in ring[1:]:
            if (nx, ny) != (x, y):
                steps.append(f"{nx - x},{ny - y}")
                x, y = nx, ny
        if len(steps) > 2:
            words[-1] += " ".join(steps) + "z"
        else:
            words.pop()
    return "".join(words)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python scripts/build_world.py countries-110m.json")
    source = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(path(rings(source["objects"]["countries"]["geometries"], decoded(source))) + "\n", "utf-8")
    sys.stdout.write(f"{TARGET}: {TARGET.stat().st_size} bytes\n")
