"""What things are in the picture: people, animals, vehicles and the like, by NanoDet-g. A witness for the detectors.

The model is optional (models/object-detector/README.md). Method: GFL, https://arxiv.org/abs/2006.04388; the distances
from a cell's middle to the four sides are expectations over bins.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from photoscan import repeated
from photoscan.geometry import Box
from photoscan.models import Runtime
from photoscan.vision.pyramid import Pyramid

MODEL = "object-detector"
SIDE = 416
STRIDES = (8, 16, 32)
BINS = 11
MEAN = np.array([103.53, 116.28, 123.675], np.float32)
DEVIATION = np.array([57.375, 57.12, 58.395], np.float32)
"""Of the channels, blue first."""
SHOWN = 0.2
"""Objects from this confidence on are told; who uses them asks for more."""
NMS_IOU = 0.6
_COCO = """
person,bicycle,car,motorcycle,airplane,bus,train,truck,boat,traffic light,fire hydrant,stop sign,parking meter,bench,
bird,cat,dog,horse,sheep,cow,elephant,bear,zebra,giraffe,backpack,umbrella,handbag,tie,suitcase,frisbee,skis,snowboard,
sports ball,kite,baseball bat,baseball glove,skateboard,surfboard,tennis racket,bottle,wine glass,cup,fork,knife,spoon,
bowl,banana,apple,sandwich,orange,broccoli,carrot,hot dog,pizza,donut,cake,chair,couch,potted plant,bed,dining table,
toilet,tv,laptop,mouse,remote,keyboard,cell phone,microwave,oven,toaster,sink,refrigerator,book,clock,vase,scissors,
teddy bear,hair drier,toothbrush"""
CLASSES = tuple(name.strip() for name in _COCO.split(","))
"""The 80 kinds of COCO, in the order of the outputs."""
ANIMALS = frozenset(CLASSES[CLASSES.index("bird") : CLASSES.index("giraffe") + 1])
VEHICLES = frozenset({"bicycle", "car", "motorcycle", "bus", "train", "truck"})
"""Those of the road, and trains, which it takes long vehicles for."""


@dataclass(frozen=True, slots=True)
class Object:
    """One thing: its kind (one of CLASSES), how sure (0 to 1, the network's score), where (upright-photo pixels)."""

    label: str
    confidence: float
    box: Box


def find(pyramid: Pyramid, runtime: Runtime) -> tuple[Object, ...]:
    """The things in the picture, surest first. ModelError where the model is damaged or lacking."""
    factor = SIDE / pyramid.long_side
    small = pyramid.at(SIDE)
    height, width = small.shape[:2]
    # The picture keeps its proportions, the rest of the square is the mean colour: .96 of 45 plates lie on a vehicle
    # told at .3 or more, and .91 of 198 faces in crowds on a person; of a picture stretched to the square .91 and .87.
    batch = np.zeros((1, 3, SIDE, SIDE), np.float32)
    batch[0, :, :height, :width] = ((small.astype(np.float32) - MEAN) / DEVIATION).transpose(2, 0, 1)
    network = runtime.network(MODEL)
    answers = repeated.once(lambda: tuple(network.run(batch).values()), [small], "objects", runtime)
    found = {value.shape[1:]: value[0] for value in answers}
    boxes, scores = [], []
    for stride in STRIDES:
        cells = (SIDE // stride) ** 2
        boxes.append(_boxes(found[cells, 4 * BINS], stride))
        scores.append(found[cells, len(CLASSES)])
    return _told(np.concatenate(boxes), np.concatenate(scores), factor, pyramid)


def _boxes(shares: NDArray[np.float32], stride: int) -> NDArray[np.float32]:
    """x1, y1, x2, y2 of each cell, in pixels of the square."""
    raw = np.exp(shares.reshape(-1, 4, BINS) - shares.reshape(-1, 4, BINS).max(axis=2, keepdims=True))
    distances = (raw * np.arange(BINS)).sum(axis=2) / raw.sum(axis=2) * stride
    across = SIDE // stride
    cells = np.arange(across * across)
    x, y = (cells % across + 0.5) * stride, (cells // across + 0.5) * stride
    left, top, right, bottom = distances.T
    return np.stack([x - left, y - top, x + right, y + bottom], axis=1).astype(np.float32)


def _told(
    boxes: NDArray[np.float32], scores: NDArray[np.float32], factor: float, pyramid: Pyramid
) -> tuple[Object, ...]:
    """Those that are sure enough, each once in its class."""
    cells, kinds = np.where(scores >= SHOWN)
    sure = scores[cells, kinds]
    corners = boxes[cells] / factor
    rows = [(float(a), float(b), float(c - a), float(d - b)) for a, b, c, d in corners]
    kept = cv2.dnn.NMSBoxesBatched(rows, sure.tolist(), kinds.tolist(), SHOWN, NMS_IOU) if rows else ()
    objects = []
    for i in np.asarray(kept, np.int64).flatten():
        box = Box.from_edges(*(float(v) for v in corners[i])).clipped(pyramid.width, pyramid.height)
        if box.area:
            objects.append(Object(CLASSES[kinds[i]], float(sure[i]), box))
    return tuple(sorted(objects, key=lambda thing: -thing.confidence))
