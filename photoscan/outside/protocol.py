"""What a detector from outside has to be. Nothing of ours has to be inherited."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from photoscan.detectors.base import Input
from photoscan.finding import Finding
from photoscan.kind import Kind
from photoscan.views import Views


class DetectorProtocol(Protocol):
    """A detector: three attributes and one method. `TextDetector` is a base for those that need only lines of text.

    Several threads may call it at the same time, so it must keep nothing of a photo. Import heavy libraries inside
    `find`, so that only the first photo waits for them.
    """

    @property
    def name(self) -> str:
        """What reports call it: small letters, digits, '_' and '-'; no other detector's name."""

    @property
    def kinds(self) -> Sequence[Kind]:
        """The kinds that it can find: ours, or one of its own that `register` gave. It finds no others."""

    @property
    def source(self) -> Input:
        """What it looks at: 'metadata' (asked once a file), 'pixels' or 'text' (asked once a page)."""

    def find(self, views: Views) -> Iterable[Finding]:
        """Every finding on this page; give one that is unsure a confidence below 0.5.

        Places are `Region`s in pixels of the upright page (`views.pixels`: height x width x 3, uint8, blue first), or
        `Field`s for 'metadata'. The finding's `detector` and `id` are filled in. If it raises an error, the report
        names a failure and the error's type, without its message; after NotInstalledError it says 'not installed'.
        """
