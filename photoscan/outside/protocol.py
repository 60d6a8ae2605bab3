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

    It is asked from several threads at a time, so it keeps nothing of a photo; heavy libraries are best imported in
    `find`, where the first photo pays for them.
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
        """Every finding on this page, what is unsure with a confidence below .5.

        Places are `Region`s in pixels of the upright page (`views.pixels`: height x width x 3, uint8, blue first), or
        `Field`s for 'metadata'. The finding's `detector` and `id` are filled in. What it raises is told as a failure,
        by its type alone; NotInstalledError as 'not installed'.
        """
