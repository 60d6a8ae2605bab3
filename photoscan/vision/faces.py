"""Finding faces of all sizes, also on photos that lie on their side or upside down.

CenterFace looks at the picture at several scales; what it sees is joined without duplicates. A cheap look at the
picture in all four turns tells whether its faces stand upright in another one: if so, that one is searched as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import atan2, degrees, hypot

import numpy as np

from photoscan.geometry import Box, Point
from photoscan.models import Runtime
from photoscan.options import Profile, ScanOptions
from photoscan.vision.centerface import STRIDE, CenterFace
from photoscan.vision.face_looks import Warm, is_cut, ladder, mark, whole, without_plain, worth_a_look
from photoscan.vision.pyramid import Pyramid
from photoscan.vision.turns import point_back, turned, turned_size

SHOWN_SCORE = 0.3
"""Scores from here on are shown."""
SHOWN_SCORE_LARGE = 0.25
LARGE_FACE = 32
"""Faces from this height on (pixels) can be recognised, and few things of that size look like one: they are shown from
a lower score on."""
CONFIDENCE = {0.25: 0.12, 0.35: 0.25, 0.4: 0.4, 0.43: 0.5, 0.5: 0.75, 0.6: 0.92, 0.8: 0.99, 1.0: 0.995}
CONFIDENCE_TINY = {0.25: 0.08, 0.35: 0.15, 0.4: 0.3, 0.5: 0.5, 0.55: 0.6, 0.6: 0.8, 0.7: 0.95, 0.8: 0.99, 1.0: 0.995}
"""Score to confidence: the share of real faces among boxes of about that score in crowds (WIDER FACE, 72 photos), for
faces below TINY_FACE pixels of height on its own: at a score of .45 two in five of these are labelled. Not every
real face is: the figures are floors, and these lie a little above them."""
TINY_FACE = 16
SAME_IOU = 0.3
INSIDE = 0.75
"""A box of which this much lies inside a surer one is the same face."""
TOUCHING_SCORE, TOUCHING_IOU, TOUCHING_SIZES, TOUCHING_APART = 0.6, 0.5, 1.6, 0.4
"""Two sure faces that overlap less than that, of nearly one size, with eyes and noses so many widths apart, touch."""
TURN_LOOK = {"balanced": 640, "thorough": 1024}
"""By profile: long side of the look for turned faces."""
TURNED_IF = 1.5
"""How many times as much of a picture's faces another turn must show: faces on their side score less, or are lost."""
STANDING_SCORE, STANDING_ANGLE = 0.85, 30
"""A face of this score whose eyes lie level within so many degrees, the mouth below them, tells that the photo stands
upright: of 309 looks at crowds that lay on their side or their head none showed one, of upright crowds half do."""
SURE_SCORE = 0.5
LESS_SURE = 0.2
"""Taken off the score of a face that is turned otherwise than most: weak ones of these are false."""


@dataclass(frozen=True, slots=True)
class Face:
    """One face. `box` in upright-photo pixels; `score` is the network's, `confidence` calibrated, both 0..1.

    `landmarks`: eyes, nose, mouth corners, left to right as seen when the face stands upright, in upright-photo pixels.
    """

    box: Box
    score: float
    confidence: float
    landmarks: tuple[Point, ...]
    backend: str = "CenterFace"
    doubt: str = ""
    """What spoke against it, for an expert."""

    @property
    def reason(self) -> str:
        """What made this a face, for an expert."""
        return f"{self.backend} score {self.score:.2f}" + (f"; {self.doubt}" if self.doubt else "")

    @property
    def angle(self) -> int:
        """Degrees by which the face is turned clockwise, -179 to 180, by the line between the eyes."""
        (x1, y1), (x2, y2) = self.landmarks[:2]
        return round(degrees(atan2(y2 - y1, x2 - x1)))


def find(pyramid: Pyramid, options: ScanOptions) -> tuple[Face, ...]:
    """Every face from about 8 pixels on, surest first, by the backend that the options name."""
    if options.face_backend == "face-recognition":
        return _by_face_recognition(pyramid)
    finder = _Finder(Runtime.of(options), options.profile)
    return _distinct(finder.in_all_turns(pyramid) if options.profile in TURN_LOOK else finder.upright(pyramid))


def calibrated(score: float, height: float = LARGE_FACE) -> float:
    """Confidence from the network's score and the face's height in pixels: .5 at a score of .43, of tiny ones .5."""
    table = CONFIDENCE_TINY if height < TINY_FACE else CONFIDENCE
    return float(np.interp(score, list(table), list(table.values())))


def _by_face_recognition(pyramid: Pyramid) -> tuple[Face, ...]:
    """The library gives no score: its faces count as sure as its measured precision of .95 allows."""
    from photoscan.vision import dlib_faces

    return tuple(Face(box, 1.0, 0.95, marks, "dlib HOG") for box, marks in dlib_faces.detect(pyramid.full))


@dataclass(frozen=True, slots=True)
class _Seen:
    """What one look showed: faces in pixels of the whole picture, where the look was warm, and its size in pixels."""

    faces: list[Face]
    warm: Warm
    long_side: int


@dataclass(frozen=True, slots=True)
class _Finder:
    """CenterFace on a whole picture: how its network is run, and how closely the picture is looked at."""

    runtime: Runtime
    profile: Profile

    def upright(self, pyramid: Pyramid) -> list[Face]:
        """The faces that stand upright in a picture, at all scales of the profile; the same face perhaps several
        times."""
        return self._looked(pyramid)[0]

    def _looked(self, pyramid: Pyramid) -> tuple[list[Face], dict[int, _Seen]]:
        """The same, with what each look showed, by its long side."""
        found: list[Face] = []
        seen: dict[int, _Seen] = {}
        for look in ladder(pyramid.long_side, self.profile):
            here = self._one_scale(pyramid, look.long_side, seen.get(look.after))
            seen[look.long_side] = here
            factor = pyramid.long_side / look.long_side
            found += [face for face in here.faces if look.smallest <= face.box.h / factor <= look.largest]
        return found, seen

    def _one_scale(self, pyramid: Pyramid, long_side: int, coarser: _Seen | None = None) -> _Seen:
        """What a look shows: everywhere, or where a coarser one says that it may show more."""
        width, height = pyramid.size_at(long_side)
        factor = pyramid.long_side / long_side
        parts = whole(width, height) if coarser is None else _called_for(coarser, pyramid, long_side)
        warm = np.zeros((-(-height // STRIDE), -(-width // STRIDE)), np.bool_)
        if not parts:
            return _Seen([], warm, long_side)
        found = []
        network, pixels = CenterFace(self.runtime), pyramid.at(long_side)
        for part in parts:
            raw = network.detect(pixels[part.y : part.y2, part.x : part.x2], SHOWN_SCORE_LARGE)
            mark(warm, raw.heat, part)
            for (x, y, w, h), score, landmarks in zip(raw.boxes, raw.scores, raw.landmarks, strict=True):
                edges = (x + part.x, y + part.y, x + part.x + w, y + part.y + h)
                if coarser is not None and is_cut(edges, part, width, height):
                    continue
                box = Box.from_edges(*(float(edge) * factor for edge in edges))
                points = tuple((float(px), float(py)) for px, py in (landmarks + np.array([part.x, part.y])) * factor)
                found.append(_face(box.clipped(pyramid.width, pyramid.height), float(score), points))
        return _Seen([face for face in found if face.box.area], warm, long_side)

    def in_all_turns(self, pyramid: Pyramid) -> list[Face]:
        """Faces that stand upright in the picture, or in the picture turned by a quarter, a half or three quarters.

        The picture is searched as it is. Where no sure face stands upright, a cheap look is taken in all turns: when
        the faces of another turn outweigh those that the same look shows without turning, that turn is searched as
        well. The profile `thorough` takes that look always, and also tells single faces that lie otherwise.
        """
        found, looks = self._looked(pyramid)
        thorough = self.profile == "thorough"
        if not thorough and any(_stands(face) for face in found):
            return found
        long_side = min(pyramid.long_side, TURN_LOOK[self.profile])
        small = Pyramid(pyramid.at(long_side))
        upright = looks.get(long_side) or self._one_scale(small, long_side)
        if not (thorough or upright.warm.any()):
            return found
        seen = {turn: self._one_scale(Pyramid(turned(small.full, turn)), long_side).faces for turn in (1, 2, 3)}
        weights = {turn: _weight(faces) for turn, faces in {0: upright.faces, **seen}.items()}
        best = max(weights, key=lambda turn: weights[turn])
        if weights[best] > TURNED_IF * weights[0]:
            found = [_less_sure(face) for face in found]
            found += _back(self.upright(Pyramid(turned(pyramid.full, best))), best, pyramid)
        if thorough:
            factor = pyramid.long_side / long_side
            for turn in (1, 2, 3):
                alone = _back(seen[turn], turn, small)
                found += [_less_sure(replace(f, box=f.box.scaled(factor), landmarks=_scaled(f, factor))) for f in alone]
        return found


def _called_for(coarser: _Seen, pyramid: Pyramid, long_side: int) -> list[Box]:
    """The windows of a look of that size that a coarser look calls for."""
    shrunk = coarser.long_side / pyramid.long_side
    left = without_plain(coarser.warm, ((face.box.scaled(shrunk), face.score) for face in coarser.faces))
    return worth_a_look(left, long_side / coarser.long_side, *pyramid.size_at(long_side))


def _stands(face: Face) -> bool:
    """Whether a sure face stands upright, by its eyes and by its mouth."""
    (x1, y1), (x2, y2), _, (x3, y3), (x4, y4) = face.landmarks
    lean = degrees(atan2((x3 + x4 - x1 - x2) / 2, (y3 + y4 - y1 - y2) / 2))
    return face.score >= STANDING_SCORE and max(abs(face.angle), abs(lean)) <= STANDING_ANGLE


def _weight(faces: Sequence[Face]) -> float:
    """How much the sure faces of one look say for its turn."""
    return sum(f.score for f in _distinct(faces) if f.score >= SURE_SCORE)


def _back(faces: Iterable[Face], turn: int, picture: Pyramid) -> list[Face]:
    """Faces in a picture turned by quarter turns, in pixels of the picture as it is."""
    size = turned_size(picture.width, picture.height, turn)
    found = []
    for face in faces:
        corners = [(face.box.x, face.box.y), (face.box.x2, face.box.y2)]
        box = Box.around(point_back(corner, turn, *size) for corner in corners)
        found.append(replace(face, box=box, landmarks=tuple(point_back(p, turn, *size) for p in face.landmarks)))
    return found


def _face(box: Box, score: float, landmarks: tuple[Point, ...]) -> Face:
    return Face(box, score, calibrated(score, box.h), landmarks)


def _less_sure(face: Face) -> Face:
    return _face(face.box, face.score - LESS_SURE, face.landmarks)


def _scaled(face: Face, factor: float) -> tuple[Point, ...]:
    return tuple((x * factor, y * factor) for x, y in face.landmarks)


def _distinct(found: Sequence[Face]) -> tuple[Face, ...]:
    """Of boxes on one face the surest; of weak ones those that are large enough to be shown."""
    kept: list[Face] = []
    for face in sorted(found, key=lambda f: -f.score):
        if face.score < (SHOWN_SCORE_LARGE if face.box.h >= LARGE_FACE else SHOWN_SCORE):
            continue
        if not any(_same(face, other) for other in kept):
            kept.append(face)
    return tuple(kept)


def _same(a: Face, b: Face) -> bool:
    overlap = a.box.iou(b.box) > SAME_IOU or a.box.intersection(b.box) > INSIDE * min(a.box.area, b.box.area)
    return overlap and not _touching(a, b)


def _touching(a: Face, b: Face) -> bool:
    """Cheek to cheek: two faces, though their boxes overlap as those of one do."""
    if min(a.score, b.score) < TOUCHING_SCORE or a.box.iou(b.box) > TOUCHING_IOU:
        return False
    small, large = sorted((a.box, b.box), key=lambda box: box.h)
    (x1, y1), (x2, y2) = _middle(a), _middle(b)
    return large.h <= TOUCHING_SIZES * small.h and hypot(x2 - x1, y2 - y1) >= TOUCHING_APART * min(small.w, large.w)


def _middle(face: Face) -> Point:
    """Of eyes and nose."""
    (x1, y1), (x2, y2), (x3, y3) = face.landmarks[:3]
    return (x1 + x2 + x3) / 3, (y1 + y2 + y3) / 3
