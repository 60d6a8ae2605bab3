"""Photo: the bytes of one photo, what its header says, and its upright pixels on demand."""

from __future__ import annotations

import hashlib
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from photoscan import formats, headers
from photoscan.errors import UnsupportedFormatError
from photoscan.formats import Format
from photoscan.options import Limits
from photoscan.photo_source import PhotoSource, shown_name, taken
from photoscan.report import PhotoInfo

if TYPE_CHECKING:
    from PIL.Image import Image

    from photoscan.pixels import Pixels
    from photoscan.unseen.transparency import Layers


class Photo:
    """One photo. `orientation` is EXIF's, 1..8, applied once by `pixels`.

    `width` and `height` are upright pixels; 0 for an SVG, which has no size of its own. `whole`: False where its header
    tells that the file ends early, `seen`: False for a camera's RAW file without a preview that stands for the photo,
    of which neither pixels nor a copy can be had. `path` is where the file lies, None for bytes and streams. `limits`:
    those that it was opened with. `huge`: it has more pixels than they allow to be decoded.
    """

    path: Path | None = None

    def __init__(self, data: bytes, name: str, limits: Limits, decodes: bool = True) -> None:
        self.data = data
        self.name = name
        self.limits = limits
        found = formats.of(data)
        if found is None:
            from photoscan.other_formats import looks

            looks_like = looks(data[: formats.HEAD])
            raise UnsupportedFormatError("problem.photo.none", name=name, looks=looks_like)
        self.format: Format = found
        header = headers.read(data, found)
        self.orientation = header.orientation
        self.frames = header.frames
        self.whole = header.whole
        self.seen = header.seen
        sideways = header.orientation >= 5
        self.width = header.height if sideways else header.width
        self.height = header.width if sideways else header.height
        self.huge = self.width * self.height > limits.max_pixels
        if decodes:
            self.check_pixels()
        limits.check_frames(self.frames, name)

    @staticmethod
    def open(
        source: PhotoSource | Image,
        limits: Limits | None = None,
        name: str | None = None,
        decodes: bool = True,
    ) -> Photo:
        """Open a photo without decoding it.

        `source`: a path, the file's bytes in any form, a binary stream (read to its end), a PIL image or an array as
        `PIL.Image.fromarray` takes it (a PNG of its pixels is looked at).
        `decodes`: whether its pixels are to be looked at; of a photo whose metadata alone are, no number of pixels is
        too large. Raises NotReadableError, for what is none of these as well, UnsupportedFormatError,
        CorruptPhotoError or TooLargeError.
        """
        limits = limits or Limits()
        data, path = taken(source, limits, name)
        photo = Photo(data, shown_name(source, name), limits, decodes)
        photo.path = path
        return photo

    def check_pixels(self) -> None:
        """Raise TooLargeError for a photo that has more pixels than may be decoded."""
        self.limits.check_pixels(self.width, self.height, self.name)

    @cached_property
    def sha256(self) -> str:
        """The hash of the file's bytes, in hex."""
        return hashlib.sha256(self.data).hexdigest()

    @cached_property
    def preview_alone(self) -> bool:
        """Whether what can be decoded is a preview in front of the photo itself, as in a camera's RAW file."""
        from photoscan import tiff_survey

        return self.format is Format.TIFF and tiff_survey.is_preview(self.data)

    @property
    def strippable(self) -> bool:
        """Whether a copy without metadata can be made, the picture untouched."""
        return self.format.strippable and not self.preview_alone

    def developed(self) -> Photo:
        """The full-size JPEG in a camera's RAW file as a photo of its own; any other photo is itself.

        Its hash is that of the file it lies in: it is what people see of that. Raises UnsupportedFormatError where the
        file holds none.
        """
        if not self.format.row.raw:
            return self
        from photoscan import raw_survey

        if not self.seen:
            raise UnsupportedFormatError("problem.photo.raw_small", format=self.format.row.title)
        inner = Photo(raw_survey.upright(self.data), self.name, self.limits)
        inner.path, inner.sha256 = self.path, self.sha256
        return inner

    def pixels(self, page: int = 0) -> Pixels:
        """Upright pixels of a page: height x width x 3, uint8, blue first, transparent parts over white.

        `page`: the index of the page or frame, from 0.
        Raises CorruptPhotoError, or UnsupportedFormatError for a format whose metadata alone can be read.
        """
        if not self.format.decodable:
            key = "film" if self.format.row.film else "undecodable"
            raise UnsupportedFormatError(f"problem.photo.{key}", format=self.format.row.title)
        if not self.seen:
            raise UnsupportedFormatError("problem.photo.raw_small", format=self.format.row.title)
        self.check_pixels()
        from photoscan import decode

        return decode.upright(self.data, self.format, self.orientation, page)

    @property
    def animated(self) -> bool:
        """Whether its frames are shown one after the other, unlike a document's pages."""
        return self.frames > 1 and "pages" not in self.format.row.keeps

    def sample(self, count: int) -> tuple[int, ...]:
        """Indices of so many frames of an animation, rising: the first, the last, and those that are least alike.

        `count`: at least 2, else ValueError. All frames where there are no more.
        """
        self.check_pixels()
        from photoscan.decode import survey

        return survey.sample(self.data, self.format, self.frames, self.width * self.height, count)

    def part(self) -> tuple[Pixels, float | None] | None:
        """What can be decoded of a first page that ends early: upright pixels, and how much of it is there, 0 to .99.

        None for the share of a picture that is there as a whole, but only coarsely; None altogether where nothing of it
        can be decoded. Raises nothing of its own.
        """
        from photoscan import decode

        return decode.part(self.data, self.format, self.orientation)

    def item(self, number: int) -> Pixels:
        """Another picture of a HEIF file, as it is coded or upright: height x width x 3 pixels, uint8, blue first.

        `number`: its item_ID in the file (ISO 14496-12), at least 1.
        Raises CorruptPhotoError for a picture that can't be decoded, or of another container.
        """
        from photoscan import decode

        return decode.item(self.data, self.format, number)

    def layers(self, page: int = 0) -> Layers | None:
        """A page's upright colours without its transparency, and its alpha; None where all of it is opaque.

        `page`: the index of the page or frame, from 0.
        Raises CorruptPhotoError for a page that can't be decoded.
        """
        self.check_pixels()
        from photoscan.unseen import transparency

        return transparency.layers(self.data, self.format, self.orientation, page)

    def info(self) -> PhotoInfo:
        """What the report says of the photo."""
        size = self.width or None, self.height or None
        return PhotoInfo(self.name, self.sha256, len(self.data), self.format.value, *size)
