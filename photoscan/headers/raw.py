"""Cameras' RAW files: the size of the preview that stands for the photo, else that of the sensor's picture."""

from __future__ import annotations

from photoscan import raw_survey
from photoscan.headers.base import Header

MOST_BEFORE = 1 << 20
"""Bytes before which a CR3's movie box begins: it is the first behind the file type."""


def read(data: bytes) -> Header:
    """The header; without a size where the file tells none. ValueError for a CR3 that ends before it says anything."""
    sensor = raw_survey.sensor(data)
    shown = raw_survey.shown(raw_survey.previews(data), sensor)
    if shown is not None:
        return Header(shown.width, shown.height, shown.orientation or sensor.orientation)
    if sensor.width and sensor.height:
        return Header(sensor.width, sensor.height, sensor.orientation, seen=False)
    if data[4:8] == b"ftyp" and data.find(b"moov", 0, MOST_BEFORE) < 0:
        raise ValueError("a CR3 without its movie box")
    return Header(0, 0, sized=False, seen=False)
