"""The JPEGs in a camera's RAW file: what the one says that stands for the photo, and that there are others."""

from __future__ import annotations

from photoscan import raw_survey
from photoscan.formats import Format
from photoscan.metadata import embedded
from photoscan.metadata.block import Block
from photoscan.metadata.entry import Collector, Role

PATH = "preview"


class Parts:
    """All JPEGs of a file. `shown`: that which stands for the photo, None where none is large enough."""

    def __init__(self, data: bytes) -> None:
        self.all = raw_survey.previews(data)
        self.shown = raw_survey.shown(self.all, raw_survey.sensor(data))

    @property
    def spans(self) -> list[tuple[int, int]]:
        """Where each begins and ends."""
        return [(one.start, one.end) for one in self.all]

    def tell(self, block: Block, path: str, found: Collector) -> None:
        """What the metadata of the shown one says, and every other as a part, unless a reader did so already."""
        told = {entry.offset for entry in found.entries if entry.role in (Role.THUMBNAIL, Role.IMAGE)}
        for one in self.all:
            place = block.place(one.start, one.end)[0]
            if one == self.shown and place in told:  # in a maker note, whose reader can't know
                found.entries[:] = [e for e in found.entries if e.offset != place or e.role is not Role.THUMBNAIL]
            elif one == self.shown:
                embedded.walk(block.cut(one.start, one.end), Format.JPEG, f"{path}/{PATH}", found)
            elif place not in told:
                embedded.part(block.cut(one.start, one.end), path, "Thumbnail", Role.THUMBNAIL, found)
