"""HEIC and AVIF (ISO 14496-12, 23008-12): metadata items, further pictures, private boxes, motion video, slack."""

from __future__ import annotations

from photoscan.metadata import icc, jumbf, quicktime, sniff, tail, xmp
from photoscan.metadata.block import Block
from photoscan.metadata.boxes import Box, boxes, find
from photoscan.metadata.embedded import part
from photoscan.metadata.entry import Collector, Role
from photoscan.metadata.heif_items import Items

_STRUCTURE = frozenset((b"ftyp", b"styp", b"mdat", b"moov", b"wide", b"moof", b"sidx", b"mfra"))
_META = frozenset((b"hdlr", b"pitm", b"iloc", b"iinf", b"iref", b"iprp", b"idat", b"dinf", b"grpl", b"iprp"))
_PROPERTIES = frozenset((
    b"hvcC", b"av1C", b"avcC", b"jpgC", b"lhvC", b"vvcC", b"ispe", b"pixi", b"irot", b"imir", b"clap", b"pasp", b"clli",
    b"mdcv", b"auxC", b"a1op", b"a1lx", b"lsel", b"rloc", b"cclv", b"amve", b"oinf", b"tols", b"rref", b"scal", b"ster",
    b"colr", b"free", b"iscl", b"cmin", b"cmex", b"ndwt", b"reve", b"altt", b"aebr", b"wbbr", b"fobr", b"afbr", b"dobr",
    b"pano", b"subs", b"tmap", b"\0\0\0\0",
))  # fmt: skip
_ALTERNATIVE_TEXT = frozenset((b"altt", b"udes"))
_C2PA = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")
_XMP = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
SMALLEST_GAP = 8


def walk(block: Block, path: str, found: Collector) -> None:
    """Top-level boxes, then the items that `meta` names, then the bytes that no item uses."""
    end = 0
    movie = False
    payload: list[Box] = []
    items = None
    for box in boxes(block.data):
        end = box.end
        if box.kind == b"meta":
            with found.guarded(f"{path}/meta"):
                items = _meta(block, box, path, found)
        elif box.kind == b"moov":
            movie = True
            with found.guarded(f"{path}/moov"):
                _movie(block, box, path, found)
        elif box.kind == b"mdat":
            payload.append(box)
        elif box.kind not in _STRUCTURE:
            with found.guarded(f"{path}/{box.name}"):
                _box(block, box, path, found)
    if items is not None and not movie:
        for box in payload:
            for start, stop in items.unused(box.body, box.end):
                if stop - start >= SMALLEST_GAP:
                    found.unknown(block, f"{path}/mdat", "bytes that no item uses", start, stop)
    if items is None and not movie:
        found.warn("no picture in the file")
    if end < len(block.data) and block.data[end + 4 : end + 8] in _STRUCTURE | {b"meta"}:
        found.warn("a box is longer than the file")
    tail.read(block, end, path, found)


def _box(block: Block, box: Box, path: str, found: Collector) -> None:
    content = block.cut(box.body, box.end)
    name = f"{path}/{box.name}"
    if box.kind == b"mpvd":
        part(content, name, "motion photo video", Role.VIDEO, found)
    elif box.kind == b"sefd":
        tail.read(content, 0, path, found)
    elif box.kind == b"jumb":
        jumbf.read(block.cut(box.start, box.end), f"{path}/jumbf", found)
    elif box.kind == b"uuid" and content.data.startswith(_C2PA):
        inner = content.data.find(b"jumb") - 4
        jumbf.read(content.cut(inner if inner > 0 else 16), f"{path}/jumbf", found)
    elif box.kind == b"uuid" and content.data.startswith(_XMP):
        xmp.read(content.cut(16), f"{path}/xmp", found)
    else:
        found.unknown(content, name, about=sniff.words(content.data, 0, len(content.data)))


def _movie(block: Block, box: Box, path: str, found: Collector) -> None:
    """An image sequence is the photo itself; anything else is a video beside it."""
    kinds = quicktime.kinds_of(block.data, box)
    if set(kinds) - quicktime.PICTURE_TRACKS:
        about = f"video: {', '.join(dict.fromkeys(kinds))}"
        found.add(block, f"{path}/moov", "motion video", block.data[box.start : box.start + 64], box.start, box.end,
                  Role.VIDEO, about)  # fmt: skip
    quicktime.movie(block, box, f"{path}/moov", found)


def _meta(block: Block, meta: Box, path: str, found: Collector) -> Items:
    data = block.data
    start = meta.body + 4
    for box in boxes(data, start, meta.end):
        if box.kind == b"hdlr":
            name = block.cut(box.body + 24, box.end)
            if len(name.data.strip(b"\0")) > 1:
                found.add(name, f"{path}/hdlr", "HandlerName", name.data.strip(b"\0"), role=Role.TECHNICAL)
        elif box.kind not in _META:
            _box(block, box, f"{path}/meta", found)
    if container := find(data, (b"iprp", b"ipco"), start, meta.end):
        for box in boxes(data, container.body, container.end):
            _property(block, box, path, found)
    items = Items(block, start, meta.end)
    items.tell(path, found)
    return items


def _property(block: Block, box: Box, path: str, found: Collector) -> None:
    content = block.cut(box.body, box.end)
    if box.kind == b"colr" and content.data[:4] in (b"prof", b"rICC"):
        with found.guarded(f"{path}/icc"):
            icc.read(content.cut(4), f"{path}/icc", found)
    elif box.kind in _ALTERNATIVE_TEXT:
        words = " ".join(part.decode("utf-8", "replace") for part in content.data[4:].split(b"\0") if part)
        found.add(content, f"{path}/{box.name}", "Description", words)
    elif box.kind not in _PROPERTIES:
        found.unknown(content, f"{path}/{box.name}")
