"""The samples: drawn photos that are part of the package (`fixtures/workshop.py` draws them)."""

from __future__ import annotations

from functools import cache

from photoscan import shipped

NAMES = (
    "class_trip",
    "holiday",
    "parcel",
    "car_malaysia",
    "identity_card",
    "whiteboard",
    "street",
    "landscape",
)
"""In the order of the page: from everyday to grave, and one in which there is nothing to find."""


def sample(name: str) -> bytes | None:
    """The JPEG file of a sample; None for a name that is none."""
    # Only what is there is remembered: names come from outside.
    return _file(name) if name in NAMES else None


@cache
def _file(name: str) -> bytes:
    return (shipped.HOME / f"workshop/samples/{name}.jpg").read_bytes()
