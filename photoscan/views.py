"""Views: what detectors look at, each computed on first use, at most once per photo, and shared."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from photoscan import deadline, sidecars
from photoscan.budget import LEAST_SIDE, Budget
from photoscan.geometry import Box, mirrored_box, mirrored_polygon
from photoscan.kind import Kind
from photoscan.options import ScanOptions
from photoscan.photo import Photo
from photoscan.stage import Stage, Told, nobody
from photoscan.textline import TextLine

if TYPE_CHECKING:
    from photoscan.metadata import Entry, Metadata
    from photoscan.people import Encoding
    from photoscan.pixels import Pixels
    from photoscan.unseen.transparency import Layers
    from photoscan.vision.codes import Code
    from photoscan.vision.faces import Face
    from photoscan.vision.lettering import Lettering
    from photoscan.vision.objects import Object
    from photoscan.vision.plates import Plate
    from photoscan.vision.pyramid import Pyramid

LEGIBLE, LETTERS = 0.9, 4
"""Mean character probability, and how many characters of lines that read so, from which on a cover has lettering."""
IN_CODES = 0.5
"""How much of what looks like writing may lie in codes that were decoded."""
BY_TEXT_ALONE = 0.45
"""The most that a plate is sure of which only mirrored lettering speaks."""


class Views:
    """The lazy views of one page of one photo. All coordinates are pixels of the upright page.

    `photo`: the opened photo. `options`: those of the scan. `page`: the index of the page or frame, from 0. `stage` is
    called as each costly look begins.
    Nothing is decoded, read or inferred before somebody asks; heavy libraries load then. Each view raises
    CorruptPhotoError or UnsupportedFormatError where the picture can't be decoded, ModelError or NotInstalledError
    where what it needs is not there, and OutOfTimeError where there is no time for it (`photoscan.deadline`).
    """

    def __init__(self, photo: Photo, options: ScanOptions, page: int = 0, stage: Told = nobody) -> None:
        self.photo = photo
        self.options = options
        self.page = page
        self.stage = stage

    def _begin(self, stage: Stage) -> None:
        """Something costly begins, unless there is no time for it."""
        deadline.check()
        self.stage(stage)

    @cached_property
    def metadata(self) -> Metadata:
        """Everything the file says beside its pixels (belongs to the file, not to one page)."""
        from photoscan import metadata

        self.stage("file")
        return metadata.read(self.photo.data, self.photo.format, self.photo.name)

    @cached_property
    def drawn(self) -> tuple[Entry, ...]:
        """The words that a drawing holds as text, in their order; none of a photo."""
        from photoscan.metadata import Role

        return tuple(e for e in self.metadata.entries if e.role is Role.DRAWN and isinstance(e.value, str))

    @cached_property
    def beside(self) -> tuple[Beside, ...]:
        """What each file beside the photo says of it; none where the photo is no file, or nobody wants them."""
        path = self.photo.path if self.options.sidecars else None
        there = [] if path is None else sidecars.beside(path)
        if path is None or not there:
            return ()
        from photoscan.metadata import sidecar

        return tuple(Beside(self, sidecar.read(one, path.name)) for one in there)

    @cached_property
    def pyramid(self) -> Pyramid:
        """The decoded pixels, at every scale asked for."""
        from photoscan.vision.pyramid import Pyramid

        self._begin("picture")
        return Pyramid(self.photo.pixels(self.page))

    def show_part(self, pixels: Pixels) -> None:
        """Have the page be what could be decoded of it. `pixels`: height x width x 3, uint8, blue first, upright.

        Raises nothing of its own.
        """
        from photoscan.vision.pyramid import Pyramid

        self.pyramid = Pyramid(pixels)
        self.beneath = None

    @cached_property
    def budget(self) -> Budget:
        """How much more work the page may cost, and what had to be left out of it."""
        return Budget(self.options.profile, self.pyramid.width * self.pyramid.height)

    @property
    def _strip(self) -> bool:
        """Whether it is too narrow to show faces or lettering."""
        return min(self.pyramid.width, self.pyramid.height) < LEAST_SIDE

    @property
    def pixels(self) -> Pixels:
        """The decoded pixels at their own size: height x width x 3, uint8, blue first. They can't be written to."""
        shown = self.pyramid.full.view()
        shown.flags.writeable = False
        return shown

    @cached_property
    def beneath(self) -> Beneath | None:
        """What lies under the page's transparency, if something could be made out there."""
        deadline.check()
        layers = self.photo.layers(self.page)
        return Beneath(self, layers) if layers is not None and layers.structured() else None

    @cached_property
    def uncovered(self) -> Uncovered | None:
        """The page with the contrast of covers that can be seen through raised, if lettering came out of them."""
        from photoscan.vision import covers

        if self._strip:
            return None
        deadline.check()
        found = covers.afforded(covers.of(self.pyramid), self.pyramid.width * self.pyramid.height)
        legible = [cover for cover in found if self._legible(covers.shown(self.pixels, cover))]
        return (
            Uncovered(self, covers.lifted(self.pixels, legible), [cover.box for cover in legible]) if legible else None
        )

    def _legible(self, pixels: Pixels) -> bool:
        """Whether a small part of the page is lettering beyond doubt."""
        from photoscan.vision.pyramid import Pyramid
        from photoscan.vision.reader import open_reader

        # A quick look suffices: whether it is read well is asked of the whole page.
        read = open_reader(replace(self.options, profile="fast"), self.budget).read(Pyramid(pixels))
        return sum(len(line.text) for line in read if line.confidence >= LEGIBLE) >= LETTERS

    @cached_property
    def lines(self) -> tuple[TextLine, ...]:
        """Every line of text that the chosen reader finds and whose outline fits its characters, in reading order.
        Lines that are mirrored are those of `mirror`."""
        return self._lettering.lines if self._lettering else ()

    @cached_property
    def mirror(self) -> Mirror | None:
        """The page as in a mirror, if some of its lettering is mirrored."""
        mirrored = self._lettering.mirrored if self._lettering else ()
        return Mirror(self, mirrored) if mirrored else None

    @cached_property
    def unread(self) -> tuple[Box, ...]:
        """Groups of lines that were seen and could not be read, outside of codes."""
        from photoscan.vision import lettering

        seen = self._lettering
        if seen is None:
            return ()
        found = lettering.unread(seen, self.pyramid, self.options)
        # Codes are looked for anyway where both are asked for; their bars look like letters.
        asked = found and any(self.options.wants(kind) for kind in (Kind.CODE_QR, Kind.CODE_BARCODE))
        codes = [Box.around(code.whole) for code in self.codes] if asked else []
        return tuple(box for box in found if sum(box.intersection(code) for code in codes) <= IN_CODES * box.area)

    @cached_property
    def _lettering(self) -> Lettering | None:
        from photoscan.vision import lettering

        if self._strip:
            return None
        self._begin("text")
        return lettering.read(self.pyramid, self.options, self.budget)

    @cached_property
    def faces(self) -> tuple[Face, ...]:
        """Every face, also unsure ones, after its witnesses were asked."""
        from photoscan.models import Runtime
        from photoscan.vision import face_witness, faces

        if self._strip:
            return ()
        self._begin("faces")
        found = faces.find(self.pyramid, self.options)
        return face_witness.weighed(found, self.pyramid, Runtime.of(self.options), lambda: self.objects)

    @cached_property
    def objects(self) -> tuple[Object, ...] | None:
        """What things are there, as a witness: people, animals, vehicles; None where that model isn't installed."""
        from photoscan import models
        from photoscan.models import Runtime
        from photoscan.vision import objects

        self._begin("objects")
        runtime = Runtime.of(self.options)
        return objects.find(self.pyramid, runtime) if models.has(objects.MODEL) else None

    @cached_property
    def nudity(self) -> float:
        """The score, 0 to 1, that the page is an explicit picture. Raises ModelError without its model."""
        from photoscan.models import Runtime
        from photoscan.vision import nudity

        self._begin("objects")
        return nudity.score(self.pyramid, Runtime.of(self.options))

    def years(self, face: Face) -> float | None:
        """How old a face looks, in years; None for one that isn't seen well enough.

        Raises ModelError where the model of ages is missing or damaged.
        """
        from photoscan.models import Runtime
        from photoscan.vision import face_quality
        from photoscan.vision.age import AgeJudge

        if not face_quality.shows_age(face, self.pyramid):
            return None
        return AgeJudge(Runtime.of(self.options)).years(self.pyramid, face.landmarks)

    def encoding(self, face: Face) -> Encoding | None:
        """What a face looks like in numbers, for comparing; None for one that is too small to be compared.

        Raises NotInstalledError without the extra `people`, ModelError without its model.
        """
        from photoscan.vision import encoder

        if face.box.h < encoder.SMALLEST:
            return None
        return encoder.encode(self.pyramid.full, face.landmarks)

    @cached_property
    def codes(self) -> tuple[Code, ...]:
        """Every machine-readable code."""
        from photoscan.vision import codes

        self._begin("codes")
        return codes.find(self.pyramid, self.options, self.budget)

    @cached_property
    def plates(self) -> tuple[Plate, ...]:
        """Every number plate, found by shape and by the text that was read anyway; vehicles are a witness."""
        from photoscan.vision import plates
        from photoscan.vision.objects import VEHICLES

        if self._strip:
            return ()
        seen = self.objects
        vehicles = None if seen is None else [thing for thing in seen if thing.label in VEHICLES]
        lines = self.lines
        # Codes are looked for anyway where both are asked for.
        asked = any(self.options.wants(kind) for kind in (Kind.CODE_QR, Kind.CODE_BARCODE))
        codes = [code.box for code in self.codes] if asked else []
        self._begin("plates")
        found = plates.find(self.pyramid, lines, self.options, vehicles, self.budget, codes)
        return plates.without_signs(found, vehicles, lambda: self.unread)


class OtherLook(Views):
    """A page looked at in another way than it is shown. There is one step away from what is shown, and no second."""

    def __init__(self, shown: Views) -> None:
        super().__init__(shown.photo, shown.options, shown.page, shown.stage)
        self.budget = shown.budget

    @property
    def beneath(self) -> None:
        """What lies under transparency is told by the page itself."""
        return None

    @property
    def uncovered(self) -> None:
        """Covers are looked at where they are shown."""
        return None

    @property
    def mirror(self) -> None:
        """Mirrors are looked at as they are shown."""
        return None


class Beside(Views):
    """The views of a photo whose metadata are what a file beside it says. `stated`: these."""

    def __init__(self, shown: Views, stated: Metadata) -> None:
        super().__init__(shown.photo, shown.options, shown.page, shown.stage)
        self.metadata = stated
        self.beside = ()


class Uncovered(OtherLook):
    """The views of a page with the contrast of its covers raised, all else as it is: labels stand beside covers.

    `covers`: where contrast was raised, in pixels of the page.
    """

    def __init__(self, shown: Views, pixels: Pixels, covers: list[Box]) -> None:
        super().__init__(shown)
        self._pixels = pixels
        self.covers = covers

    @cached_property
    def pyramid(self) -> Pyramid:
        """The page, its covers lifted."""
        from photoscan.vision.pyramid import Pyramid

        return Pyramid(self._pixels)

    def hidden_share(self, box: Box) -> float:
        """How much of a box is under covers, 0 to 1."""
        return max((box.coverage_by(cover) for cover in self.covers), default=0.0)


class Beneath(OtherLook):
    """The views of a page as if it had no transparency. What is shown is there as well: it says what the rest means."""

    def __init__(self, shown: Views, layers: Layers) -> None:
        super().__init__(shown)
        self.layers = layers

    @cached_property
    def pyramid(self) -> Pyramid:
        """The colours, transparent or not."""
        from photoscan.vision.pyramid import Pyramid

        return Pyramid(self.layers.colours)

    def hidden_share(self, box: Box) -> float:
        """How much of a box is not seen, 0 to 1."""
        inside = box.clipped(self.pyramid.width, self.pyramid.height)
        part = self.layers.hidden[inside.y : inside.y2, inside.x : inside.x2]
        return float(part.mean()) if part.size else 0.0


class Mirror(OtherLook):
    """The views of a page as in a mirror, for what was read in it. All coordinates are pixels of the flipped page."""

    def __init__(self, shown: Views, lines: tuple[TextLine, ...]) -> None:
        super().__init__(shown)
        self.shown = shown
        self.lines = lines

    @property
    def lines_as_shown(self) -> tuple[TextLine, ...]:
        """The mirrored lines with their places on the page; the first corner is the top left one, where a line ends."""
        width = self.pyramid.width
        placed = [(line, mirrored_polygon(line.polygon or (), width)) for line in self.lines]
        return tuple(replace(line, polygon=(*polygon[-2:], *polygon[:-2])) for line, polygon in placed)

    @cached_property
    def pyramid(self) -> Pyramid:
        """The flipped pixels."""
        from photoscan.vision.pyramid import Pyramid

        return Pyramid(self.shown.pyramid.full[:, ::-1].copy())

    @cached_property
    def faces(self) -> tuple[Face, ...]:
        """Those of the page; the first eye is the left one again."""
        width = self.pyramid.width
        found = []
        for face in self.shown.faces:
            first, second, nose, *mouth = ((width - x, y) for x, y in face.landmarks)
            landmarks = second, first, nose, *reversed(mouth)
            found.append(replace(face, box=mirrored_box(face.box, width), landmarks=landmarks))
        return tuple(found)

    @cached_property
    def objects(self) -> tuple[Object, ...] | None:
        """Those of the page."""
        seen = self.shown.objects
        width = self.pyramid.width
        return None if seen is None else tuple(replace(one, box=mirrored_box(one.box, width)) for one in seen)

    @cached_property
    def plates(self) -> tuple[Plate, ...]:
        """What lettering in a mirror makes by itself is possible at most: reflections of print are everywhere."""
        return tuple(p if p.shape else replace(p, confidence=min(p.confidence, BY_TEXT_ALONE)) for p in super().plates)

    @cached_property
    def codes(self) -> tuple[Code, ...]:
        """Those of the page: decoders read them either way."""
        width = self.pyramid.width
        return tuple(replace(code, polygon=mirrored_polygon(code.polygon, width)) for code in self.shown.codes)
