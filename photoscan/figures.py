"""Whose body a face may be: figures of people as the object network sees them, and faces."""

from __future__ import annotations

from collections.abc import Iterable

from photoscan.geometry import Box

UPPER = 0.6
"""Share of a figure, from above, in which its face would be."""
NARROWEST = 0.08
"""Share of a figure's width that its own face has at least; a smaller one is of somebody further away."""


def has_face(figure: Box, faces: Iterable[Box]) -> bool:
    """Whether one of these faces may be the figure's own. All boxes in pixels of one picture."""
    for face in faces:
        x, y = face.x + face.w / 2, face.y + face.h / 2
        above = figure.x <= x <= figure.x2 and figure.y <= y <= figure.y + UPPER * figure.h
        if above and face.w >= NARROWEST * figure.w:
            return True
    return False
