"""What the process for phones is told when it begins."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from photoscan.options import Limits, ScanOptions
from photoscan.scanner import Scanner
from photoscan.workshop.game import rounds
from photoscan.workshop.game.rounds import Album
from photoscan.workshop.lan.addresses import Offer

PORT = 8090
"""The port of the phones where nobody chose one and it is free: people have to type it."""
MEGABYTE = 1_000_000
LIMITS = Limits(max_bytes=25 * MEGABYTE, max_pixels=64_000_000, max_frames=200)
"""Of a photo that a phone sends: the largest that phones take by themselves."""
MOST_PUPILS = 40
MOST_BYTES = 512 * 1024 * 1024
"""Of all photos that phones have sent, and of those that are coming."""
IDLE = 3 * 3600.0
"""Seconds in which nobody does anything, after which everything is forgotten."""


@dataclass(frozen=True, slots=True)
class Settings:
    """`offers`: where to listen, best first; `port`: None for the usual one or any that is free, 0 for any.

    `scanner` can be pickled and makes the scanner in each process, `album` gives the photos of the game.
    `certificate`, `key`: files for TLS, None for none. `workers`: how many look at photos, None for as many as the
    machine bears. `idle`: seconds in which nobody does anything, after which all ends.
    """

    offers: tuple[Offer, ...]
    scanner: Callable[[], Scanner]
    language: str = "en"
    port: int | None = None
    certificate: str | None = None
    key: str | None = None
    workers: int | None = None
    idle: float = IDLE
    album: Callable[[], Album] = rounds.album

    @property
    def scheme(self) -> str:
        """That of the phones' address."""
        return "https" if self.certificate else "http"


@dataclass(frozen=True, slots=True)
class ScannerOf:
    """Makes the scanner that the page has, for phones' photos."""

    options: ScanOptions

    def __call__(self) -> Scanner:
        """The scanner."""
        return Scanner(self.options)
