"""Which of our languages a request wants."""

from __future__ import annotations

from photoscan.catalog import LANGUAGES
from photoscan.errors import phrase
from photoscan.languages import spoken
from photoscan.service.problem import ProblemError

MOST = 32
"""Languages of one header that are looked at."""


def known_language(lang: str | None) -> None:
    """The problem 'usage' for a language that is asked for and not ours."""
    if lang is not None and lang not in LANGUAGES:
        raise ProblemError("usage", phrase("serve.detail.language", names=", ".join(LANGUAGES)))


def negotiated(accept_language: str | None) -> str | None:
    """The best of our languages by an Accept-Language header (RFC 9110, 12.5.4); None where it names none."""
    wanted: list[tuple[float, int, str]] = []
    for place, part in enumerate((accept_language or "").split(",")[:MOST]):
        tag, _, weight = part.strip().partition(";")
        ours = spoken(tag.strip())
        if ours is not None and (quality := _quality(weight)) > 0:
            wanted.append((-quality, place, ours))
    return min(wanted)[2] if wanted else None


def _quality(weight: str) -> float:
    name, _, value = weight.strip().partition("=")
    if name.strip().lower() != "q":
        return 1.0
    try:
        quality = float(value)
    except ValueError:
        return 0.0
    return quality if 0 <= quality <= 1 else 0.0
