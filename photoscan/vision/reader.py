"""A text reader, opened: one object that carries its row of the table, its threads and how closely it looks."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from importlib import import_module
from typing import NamedTuple

from photoscan.budget import Budget
from photoscan.models import Runtime
from photoscan.options import Profile, ScanOptions
from photoscan.readers import READERS, Row
from photoscan.textline import TextLine
from photoscan.vision.pyramid import Pyramid


class Page(NamedTuple):
    """What a reader made of a photo: the legible lines in reading order, and outlines of which it could make no text,
    with what it made of them."""

    lines: tuple[TextLine, ...]
    illegible: tuple[TextLine, ...] = ()


@dataclass(frozen=True, slots=True)
class Reader(ABC):
    """What every reader carries: what is known of it, how networks are run, the profile, what may be spent, and
    the languages of Tesseract that were asked for."""

    row: Row
    runtime: Runtime
    profile: Profile
    budget: Budget = field(default_factory=Budget, compare=False)
    languages: tuple[str, ...] = ()

    @abstractmethod
    def read(self, pyramid: Pyramid) -> tuple[TextLine, ...]:
        """Every legible line in reading order, polygons in pixels of the full picture.

        Raises NotInstalledError where what it needs is not there, ModelError without its models.
        """

    def page(self, pyramid: Pyramid) -> Page:
        """The lines, and what else was outlined where the reader tells it. Raises what `read` raises."""
        return Page(self.read(pyramid))


def open_reader(options: ScanOptions, budget: Budget | None = None) -> Reader:
    """The reader that the options name, with what is left to the page.

    Cheap: networks are opened with the first picture and kept by the process.
    """
    row = READERS[options.ocr]
    module, _, name = row.opens.partition(":")
    spent = budget or Budget(options.profile)
    reader = getattr(import_module(module), name)
    opened: Reader = reader(row, Runtime.of(options), options.profile, spent, options.ocr_languages)
    return opened
