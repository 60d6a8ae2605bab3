"""Cameras' RAW files: the size of the preview that stands for the photo, else that of the sensor's picture."""

from __future__ import annotations

from photoscan import raw_survey
from photoscan.headers.base import Header


def read(data: bytes) -> Header:
    """The header; without a size where the file tells none."""
    sensor = raw_survey.sensor(data)
    shown = raw_survey.shown(raw_survey.previews(data), sensor)
    if shown is not None:
        return Header(shown.width, shown.height, shown.orientation or sensor.orientation)
    if sensor.width and sensor.height:
        return Header(sensor.width, sensor.height, sensor.orientation, seen=False)
    return Header(0, 0, sized=False, seen=False)
