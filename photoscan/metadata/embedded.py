"""Pictures and videos inside a photo: told as parts, then walked for metadata of their own."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module

from photoscan.formats import Format
from photoscan.metadata import sniff, standards
from photoscan.metadata.block import Block
from photoscan.metadata.entry import Collector, Role
from photoscan.metadata.jpeg_marks import frame_size


def walk(block: Block, format_: Format, path: str, found: Collector) -> None:
    """Every entry of one picture file."""
    with found.guarded(path):
        import_module(f"photoscan.metadata.{format_.row.metadata}").walk(block, path, found)


def part(block: Block, path: str, field: str, role: Role, found: Collector, about: str = "") -> None:
    """Tell a part that holds a picture or a video, and what its own metadata says."""
    format_ = sniff.picture(block.data)
    seen = describe(block, format_)
    index = len(found.entries)
    found.add(block, path, field, block.data[:64], 0, None, role, ", ".join(filter(None, (about, seen))))
    if found.depth >= found.MAX_DEPTH or found.parts >= found.MAX_PARTS:
        found.warn("more embedded pictures than are looked at")
        return
    found.depth += 1
    found.parts += 1
    if format_ is not None:
        walk(block, format_, f"{path}/{format_.value}", found)
    elif sniff.video(block.data):
        with found.guarded(path):
            standards.read("video", block, f"{path}/video", found)
    found.depth -= 1
    _name_gain_map(index, found)


def _name_gain_map(index: int, found: Collector) -> None:
    """A picture whose own XMP speaks of gains or depths is a map, which shows the scene all the same."""
    fields = {entry.field.partition(":")[0] for entry in found.entries[index + 1 :]}
    gains = fields & {"hdrgm", "HDRGainMap", "GainMapMetadata"}
    word = "gain map" if gains else "depth map" if "apdi" in fields else ""
    if word and index < len(found.entries):
        entry = found.entries[index]
        found.entries[index] = replace(entry, about=f"{word}, {entry.about}")


def describe(block: Block, format_: Format | None) -> str:
    """'JPEG picture, 160 x 120', as far as the beginning tells."""
    size = None
    if format_ is Format.JPEG:
        size = frame_size(block.data)
    elif format_ is Format.PNG:
        size = int.from_bytes(block.data[16:20], "big"), int.from_bytes(block.data[20:24], "big")
    look = sniff.words(block.data, 0, len(block.data))
    return f"{look}, {size[0]} x {size[1]}" if size else look
