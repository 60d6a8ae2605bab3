"""Faces that one look alone found, asked about again: is there a person or an animal, and do other looks see a face?

CenterFace takes dogs, lamps and balls for faces, with scores like those of real faces that are turned or blurred. Two
witnesses tell them apart: what the object network sees there, and CenterFace itself on the face alone, at other sizes
and mirrored. What they speak against is told as possible, never dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import cv2
import numpy as np

from photoscan.geometry import Box
from photoscan.models import Runtime
from photoscan.vision.centerface import CenterFace
from photoscan.vision.faces import Face
from photoscan.vision.objects import ANIMALS, Object
from photoscan.vision.pyramid import Pyramid

LIKELY = 0.5
SURE_SCORE = 0.85
"""Faces of this score need no witness: of 145 ordinary photos none had anything else that scored above .75."""
SMALLEST = 24
"""Pixels: smaller faces are below what the object network sees, and what enlarging helps."""
DOUBTED = 0.4
"""The most that a doubted face is sure."""
COVERS = 0.5
"""Share of the face that an object has to cover."""
ANIMAL, PERSON, SEEN_PERSON = 0.3, 0.3, 0.2
"""Confidence from which an animal counts against a face, a person somewhere in the picture for there being people, and
a person over the face for the face."""
SURE_FACE = 0.8
"""Score of a face that shows that there are people in the picture."""
AGREED_ALONE, AGREED_ON_ANIMAL, UNSEEN = 0.45, 0.75, 0.12
"""Mean score of the other looks: below the first a face on its own is doubted, below the second one on an animal, below
the third any. Real faces of 24 pixels and more in crowds had .19 and more, headlights, boats, ropes and sundials .17
and less, dogs .28 to .52."""
LOOKS = ((24, False), (40, False), (40, True), (72, False))
"""Size of the face in pixels, and whether the picture is mirrored."""
AROUND = 1.6
"""What is looked at: so many sides of the face from its middle."""
SAME_IOU = 0.35
LOWEST = 0.05


def weighed(
    faces: Sequence[Face], pyramid: Pyramid, runtime: Runtime, things: Callable[[], Sequence[Object] | None]
) -> tuple[Face, ...]:
    """The faces with what the witnesses say; `things` is asked only where there is an unsure face, and may not know."""
    if not any(_unsure(face) for face in faces):
        return tuple(faces)
    seen = things()
    objects = seen or ()
    people = any(face.score >= SURE_FACE for face in faces)
    people |= any(thing.label == "person" and thing.confidence >= PERSON for thing in objects)
    return tuple(_weighed(face, people, objects, pyramid, runtime) if _unsure(face) else face for face in faces)


def _unsure(face: Face) -> bool:
    return face.confidence >= LIKELY and face.score < SURE_SCORE and face.box.h >= SMALLEST


def _weighed(face: Face, people: bool, objects: Sequence[Object], pyramid: Pyramid, runtime: Runtime) -> Face:
    person = _over(face.box, objects, frozenset({"person"}))
    animal = _over(face.box, objects, ANIMALS)
    on_animal = animal is not None and animal.confidence >= ANIMAL and animal.confidence > _confidence(person)
    alone = _confidence(person) < SEEN_PERSON and not people
    agreed = agreement(face, pyramid, runtime)
    if on_animal and animal is not None and agreed < AGREED_ON_ANIMAL:
        return _doubted(face, f"on a {animal.label} ({animal.confidence:.2f}) and no person")
    if alone and agreed < AGREED_ALONE:
        return _doubted(face, f"no person there, other looks {agreed:.2f}")
    return _doubted(face, f"other looks {agreed:.2f}") if agreed < UNSEEN else face


def _over(box: Box, objects: Sequence[Object], labels: frozenset[str]) -> Object | None:
    """The surest of these things that covers the face."""
    found = (t for t in objects if t.label in labels and t.box.intersection(box) >= COVERS * box.area)
    return max(found, key=_confidence, default=None)


def _confidence(thing: Object | None) -> float:
    return thing.confidence if thing is not None else 0.0


def _doubted(face: Face, why: str) -> Face:
    return replace(face, confidence=min(face.confidence, DOUBTED), doubt=why)


def agreement(face: Face, pyramid: Pyramid, runtime: Runtime) -> float:
    """Mean score (0 to 1) with which CenterFace finds the same face when it looks at nothing else, at other sizes."""
    side = max(face.box.w, face.box.h)
    x, y = face.box.x + face.box.w / 2, face.box.y + face.box.h / 2
    reach = AROUND * side
    area = Box.from_edges(x - reach, y - reach, x + reach, y + reach).clipped(pyramid.width, pyramid.height)
    crop = pyramid.full[area.y : area.y2, area.x : area.x2]
    target = replace(face.box, x=face.box.x - area.x, y=face.box.y - area.y)
    network = CenterFace(runtime)
    scores = []
    for size, mirrored in LOOKS:
        factor = size / side
        width, height = (max(8, round(length * factor)) for length in (area.w, area.h))
        method = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
        small = cv2.resize(crop, (width, height), interpolation=method)
        raw = network.detect(np.ascontiguousarray(small[:, ::-1]) if mirrored else small, LOWEST)  # type: ignore[arg-type]
        best = 0.0
        for (left, top, w, h), score in zip(raw.boxes / factor, raw.scores, strict=True):
            x1 = area.w - left - w if mirrored else left
            if Box.from_edges(float(x1), float(top), float(x1 + w), float(top + h)).iou(target) > SAME_IOU:
                best = max(best, float(score))
        scores.append(best)
    return sum(scores) / len(scores)
