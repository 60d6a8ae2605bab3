"""ScanOptions: everything a caller can choose about a scan, spelled once for every shell."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from photoscan import amounts, given, readers
from photoscan.catalog import LANGUAGES
from photoscan.engines import AUTO, CHOICES
from photoscan.errors import Phrase, TooLargeError, UsageError, phrase
from photoscan.kind import Kind, check_prefix, named
from photoscan.readers import DEFAULT, READERS

Profile = Literal["fast", "balanced", "thorough"]
FaceBackend = Literal["centerface", "face-recognition"]

PROFILES: tuple[Profile, ...] = ("fast", "balanced", "thorough")
FACE_BACKENDS: tuple[FaceBackend, ...] = ("centerface", "face-recognition")


@dataclass(frozen=True, slots=True)
class Limits:
    """What a photo may cost before it is refused.

    `max_bytes`: bytes of the file. `max_pixels`: pixels of one frame. `max_frames`: how many frames or pages.
    `by_options`: a refusal names the option of the command line that lifts the limit.

    Raises UsageError for what is no whole number of at least 1.
    """

    max_bytes: int = 256 * 1024 * 1024
    max_pixels: int = 120_000_000
    max_frames: int = 2_000
    by_options: bool = False

    def __post_init__(self) -> None:
        for name in ("max_bytes", "max_pixels", "max_frames"):
            given.whole(getattr(self, name), name, 1)
        given.flag(self.by_options, "by_options")

    def check_bytes(self, size: int, name: str) -> None:
        """Raises TooLargeError for a photo of that name whose `size`, in bytes, is more than may be.

        One more is what is read of a stream at most, so that it may have any number of them.
        """
        if size <= self.max_bytes:
            return
        limit = amounts.in_bytes(self.max_bytes)
        if size == self.max_bytes + 1:
            raise TooLargeError("problem.photo.bytes", name=name, limit=limit, lift=self._lift("--max-bytes"))
        lift = self._lift(f"--max-bytes {amounts.room_for_bytes(size)}")
        raise TooLargeError("problem.photo.size", name=name, size=amounts.in_bytes(size), limit=limit, lift=lift)

    def check_pixels(self, width: int, height: int, name: str) -> None:
        """Raises TooLargeError for a photo of that name whose `width` times `height` is more pixels than may be."""
        if (count := width * height) > self.max_pixels:
            raise TooLargeError(
                "problem.photo.pixels",
                name=name,
                width=width,
                height=height,
                size=amounts.in_pixels(count),
                limit=amounts.in_pixels(self.max_pixels),
                lift=self._lift(f"--max-pixels {amounts.room_for_pixels(count)}"),
            )

    def check_frames(self, frames: int, name: str) -> None:
        """Raises TooLargeError for a photo of that name with more `frames`, at least 0, than may be."""
        if frames > self.max_frames:
            lift = self._lift(f"--max-frames {amounts.roomy(frames)}")
            raise TooLargeError("problem.photo.frames", name=name, frames=frames, limit=self.max_frames, lift=lift)

    def _lift(self, option: str) -> Phrase | str:
        return phrase("problem.photo.lift", option=option) if self.by_options else ""


@dataclass(frozen=True, slots=True)
class ScanOptions:
    """How to scan; frozen, and compared by value.

    `profile`: how thoroughly. `ocr`: a reader of `READERS`. `face_backend`: who finds faces. `only` and `skip`: kinds
    as dotted prefixes ('metadata', 'text.phone'). `policy`: the name or the file of the policy where no `Policy` is
    given beside the options. `people`: the file of who asked to be known. `nudity`: whether
    the photo is looked at for explicit nudity. `sidecars`: whether files beside a photo that tell about it are read as
    well, where it is given by its path. `caption`: text that is shared with the
    photo. `language`: of explanations. `threads`: how many each model runs with, at least 1. `engine`: what runs
    them, one of `engines.CHOICES`. `ocr_languages`: those of Tesseract ('ara', 'tam') that read what the reader left
    unread. `limits`: what a photo may cost. `seconds`: after which no further look at it is begun, None for as long as
    it takes; what was found by then is told, and what was not looked at has the reason 'deadline'. What the file says
    is always told, with 0 nothing else.

    Raises UsageError, as it is made, for a choice that does not exist or is of another type.
    """

    profile: Profile = "balanced"
    ocr: str = DEFAULT
    face_backend: FaceBackend = "centerface"
    only: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    policy: str = "default"
    people: Path | None = None
    nudity: bool = False
    sidecars: bool = True
    caption: str | None = None
    language: str = "en"
    threads: int = 1
    engine: str = AUTO
    ocr_languages: tuple[str, ...] = ()
    limits: Limits = field(default_factory=Limits)
    seconds: float | None = None

    def __post_init__(self) -> None:
        for name, value, allowed in (
            ("profile", self.profile, PROFILES),
            ("ocr", self.ocr, tuple(READERS)),
            ("face_backend", self.face_backend, FACE_BACKENDS),
            ("language", self.language, LANGUAGES),
            ("engine", self.engine, CHOICES),
        ):
            if value not in allowed:
                raise UsageError(f"problem.option.{name}", word=value, known=", ".join(allowed))
        languages = given.words(self.ocr_languages, "ocr_languages", "('ara', 'tam')")
        for language in languages:
            readers.check_language_name(language)
        object.__setattr__(self, "ocr_languages", languages)
        for name in ("only", "skip"):
            kinds = given.words(getattr(self, name), name, "('metadata', 'face')")
            object.__setattr__(self, name, tuple(check_prefix(prefix) for prefix in kinds))
        if self.people is not None:
            object.__setattr__(self, "people", given.path(self.people, "people"))
        if self.caption is not None:
            given.a(str, self.caption, "caption")
        given.a(str, self.policy, "policy")
        given.flag(self.nudity, "nudity")
        given.flag(self.sidecars, "sidecars")
        given.whole(self.threads, "threads", 1)
        given.a(Limits, self.limits, "limits")
        given.seconds(self.seconds, "seconds")

    def wants(self, kind: str) -> bool:
        """Whether findings of a kind, by its whole name, are asked for. Raises ValueError where no kind has it."""

        asked = Kind(kind)
        if asked.card.on_request and not self.nudity:
            return False
        return (not self.only or named(asked, self.only)) and not named(asked, self.skip)
