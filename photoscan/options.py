"""ScanOptions: everything a caller can choose about a scan, spelled once for every shell."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from photoscan.catalog import LANGUAGES
from photoscan.errors import UsageError
from photoscan.kind import Kind, check_prefix, named

Profile = Literal["fast", "balanced", "thorough"]
OcrEngine = Literal["ppocr", "easyocr", "tesseract"]
FaceBackend = Literal["centerface", "face-recognition"]

PROFILES: tuple[Profile, ...] = ("fast", "balanced", "thorough")
OCR_ENGINES: tuple[OcrEngine, ...] = ("ppocr", "easyocr", "tesseract")
FACE_BACKENDS: tuple[FaceBackend, ...] = ("centerface", "face-recognition")


@dataclass(frozen=True, slots=True)
class Limits:
    """What a photo may cost before it is refused: bytes of the file, pixels of one frame, frames."""

    max_bytes: int = 256 * 1024 * 1024
    max_pixels: int = 120_000_000
    max_frames: int = 2_000


@dataclass(frozen=True, slots=True)
class ScanOptions:
    """How to scan. `only` and `skip` hold kinds as dotted prefixes; `threads` is per model session.

    Raises UsageError for a choice that does not exist.
    """

    profile: Profile = "balanced"
    ocr: OcrEngine = "ppocr"
    face_backend: FaceBackend = "centerface"
    only: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    policy: str = "default"
    people: Path | None = None
    caption: str | None = None
    language: str = "en"
    threads: int = 1
    limits: Limits = field(default_factory=Limits)

    def __post_init__(self) -> None:
        for name, value, allowed in (
            ("profile", self.profile, PROFILES),
            ("ocr", self.ocr, OCR_ENGINES),
            ("face_backend", self.face_backend, FACE_BACKENDS),
            ("language", self.language, LANGUAGES),
        ):
            if value not in allowed:
                raise UsageError(f"problem.option.{name}", word=value, known=", ".join(allowed))
        for prefix in (*self.only, *self.skip):
            check_prefix(prefix)

    def wants(self, kind: str) -> bool:
        """Whether findings of a kind are asked for."""

        asked = Kind(kind)
        return (not self.only or named(asked, self.only)) and not named(asked, self.skip)
