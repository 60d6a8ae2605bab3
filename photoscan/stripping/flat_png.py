"""PNG and APNG made flat: colours and palette entries that nothing shows, and bits that no pixel has."""

from __future__ import annotations

import io
import zlib
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from photoscan.stripping.flat import ALPHA, COLOURS, TABLES, UNUSED, flatten
from photoscan.stripping.flat_palette import Palette, parted, used_by
from photoscan.stripping.png import SIGNATURE, chunk, picture

SLACK = "slack in the picture's data"
_GREY, _PALETTE, _GREY_ALPHA, _COLOUR_ALPHA = 0, 3, 4, 6


@dataclass(slots=True)
class _Frame:
    """One picture of the file: where its chunks stand among all, its size, its compressed rows and its samples."""

    places: list[int]
    width: int
    height: int
    stream: bytes
    samples: Any = None
    changed: bool = False


def flattened(data: bytes) -> tuple[bytes, tuple[str, ...]]:
    """The file made flat, and what was there; chunks that stay are the same."""
    chunks = _chunks(data)
    header = chunks[0][1]
    depth, colour, interlaced = header[8], header[9], header[12]
    frames = _frames(chunks, header)
    ends = _ended(chunks, frames, header)
    if colour not in (_GREY, _PALETTE, _GREY_ALPHA, _COLOUR_ALPHA) or (colour == _GREY and depth >= 8):
        return (_file(chunks), ends) if ends else (data, ())
    tables = b"".join(chunk(kind, content) for kind, content in chunks if kind in (b"PLTE", b"tRNS"))
    for frame in frames:
        frame.samples = _samples(_alone(header, frame, tables), header)
    found = ends
    if colour == _PALETTE:
        found += _palette(chunks, frames)
        depth = chunks[0][1][8]
    elif colour != _GREY:
        for frame in frames:
            done = flatten(frame.samples, 255 if depth == 8 else 65535)
            frame.changed = bool(done)
            found += done
    for frame in frames:
        if frame.width * depth % 8 and depth < 8 and not frame.changed and _padded(frame, header):
            frame.changed = True
            found += (TABLES,)
    if any(frame.changed for frame in frames):
        if interlaced:
            chunks[0] = (b"IHDR", chunks[0][1][:12] + b"\0")
        for frame in frames:
            if frame.changed or interlaced:
                _put(chunks, frame, depth)
    return _file(chunks), tuple(dict.fromkeys(found))


def _file(chunks: list[tuple[bytes, bytes]]) -> bytes:
    return SIGNATURE + b"".join(chunk(kind, content) for kind, content in chunks if kind)


def _ended(chunks: list[tuple[bytes, bytes]], frames: list[_Frame], header: bytes) -> tuple[str, ...]:
    """Cut each frame's stream to its rows, as the stripper has done it for the still picture's."""
    found: tuple[str, ...] = ()
    for frame in frames:
        if chunks[frame.places[0]][0] == b"fdAT":
            size = frame.width.to_bytes(4, "big") + frame.height.to_bytes(4, "big")
            frame.stream, slack = picture(frame.stream, size + header[8:])
            if slack:
                _replace(chunks, frame, frame.stream)
                found = (SLACK,)
    return found


def _chunks(data: bytes) -> list[tuple[bytes, bytes]]:
    found, at = [], 8
    while at + 12 <= len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        found.append((data[at + 4 : at + 8], data[at + 8 : at + 8 + length]))
        at += 12 + length
    return found


def _frames(chunks: list[tuple[bytes, bytes]], header: bytes) -> list[_Frame]:
    """The still picture, and the frames of an animation."""
    size = int.from_bytes(header[:4], "big"), int.from_bytes(header[4:8], "big")
    frames: list[_Frame] = []
    moving = size
    for place, (kind, content) in enumerate(chunks):
        if kind == b"IDAT":
            frames.append(_Frame([place], *size, content))
        elif kind == b"fcTL":
            moving = int.from_bytes(content[4:8], "big"), int.from_bytes(content[8:12], "big")
        elif kind == b"fdAT":
            if frames and chunks[place - 1][0] == b"fdAT":
                frames[-1].places.append(place)
                frames[-1].stream += content[4:]
            else:
                frames.append(_Frame([place], *moving, content[4:]))
    return frames


def _alone(header: bytes, frame: _Frame, tables: bytes) -> bytes:
    """A frame as a PNG of its own."""
    head = frame.width.to_bytes(4, "big") + frame.height.to_bytes(4, "big") + header[8:]
    return SIGNATURE + chunk(b"IHDR", head) + tables + chunk(b"IDAT", frame.stream) + chunk(b"IEND", b"")


def _samples(data: bytes, header: bytes) -> NDArray[Any]:
    """H x W indices or grey levels of fewer than 8 bits, or H x W x channels, 8 or 16 bits."""
    import cv2

    depth, colour = header[8], header[9]
    if depth == 16:
        pixels: Any = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
        if pixels is None or pixels.dtype != np.uint16 or pixels.ndim != 3 or pixels.shape[2] != 4:
            raise ValueError("no 16 bits")
        return np.array(pixels[:, :, [2, 1, 0, 3] if colour == _COLOUR_ALPHA else [0, 3]])
    image = Image.open(io.BytesIO(data), formats=["PNG"])
    image.load()
    if colour == _GREY:
        # Pillow spreads two and four bits over the whole range.
        return np.asarray(image.convert("L")) // (255 // ((1 << depth) - 1))
    wanted = {_PALETTE: "P", _GREY_ALPHA: "LA", _COLOUR_ALPHA: "RGBA"}[colour]
    if image.mode != wanted:
        raise ValueError("another mode")
    return np.array(image)


def _palette(chunks: list[tuple[bytes, bytes]], frames: list[_Frame]) -> tuple[str, ...]:
    """One transparent entry, no nearly opaque ones but at soft edges, and nothing in entries that no pixel uses. Where
    that needs more entries than a palette may have, each pixel gets its own colour.
    """
    places = {kind: place for place, (kind, _) in enumerate(chunks) if kind}
    header, colours = chunks[0][1], chunks[places[b"PLTE"]][1]
    alphas = chunks[places[b"tRNS"]][1] if b"tRNS" in places else b""
    palette = Palette.of(colours, alphas, 1 << header[8])
    samples = [frame.samples for frame in frames]
    moved = parted(palette, samples)
    if moved is None:
        return _each_its_own(chunks, frames, palette)
    for frame, changed in zip(frames, moved, strict=True):
        frame.changed = changed
    found = [COLOURS] if any(moved) else []
    used = used_by(samples)
    plain, clear = palette.written(used)
    if plain != colours:
        found.append(UNUSED)
        chunks[places[b"PLTE"]] = (b"PLTE", plain)
    if clear != alphas:
        found.append(ALPHA)
        if b"tRNS" in places:
            chunks[places[b"tRNS"]] = (b"tRNS" if clear else b"", clear)
    for name in (b"bKGD", b"hIST"):
        if name in places and (name == b"hIST" or chunks[places[name]][1][0] not in used):
            chunks[places[name]] = (b"", b"")
    return tuple(found)


def _each_its_own(chunks: list[tuple[bytes, bytes]], frames: list[_Frame], palette: Palette) -> tuple[str, ...]:
    """The same picture without a palette, made flat; chunks that speak of one go."""
    header = chunks[0][1]
    chunks[0] = (b"IHDR", header[:8] + bytes((8, _COLOUR_ALPHA)) + header[10:])
    for place, (kind, _) in enumerate(chunks):
        if kind in (b"PLTE", b"tRNS", b"bKGD", b"hIST", b"sBIT"):
            chunks[place] = (b"", b"")
    found: tuple[str, ...] = ()
    for frame in frames:
        frame.samples, frame.changed = palette.entries[frame.samples], True
        found += flatten(frame.samples, 255)
    return found


def _padded(frame: _Frame, header: bytes) -> bool:
    """Whether bits behind the last pixel of a row are not zero (or can't be told, as where rows are interlaced)."""
    if header[12]:
        return True
    rows = zlib.decompress(frame.stream)
    return rows != b"".join(b"\0" + row for row in _rows(frame.samples, header[8]))


def _put(chunks: list[tuple[bytes, bytes]], frame: _Frame, depth: int) -> None:
    stream = _coded(_rows(frame.samples, depth), 1 if frame.samples.ndim == 2 else frame.samples.shape[2] * depth // 8)
    _replace(chunks, frame, stream)


def _replace(chunks: list[tuple[bytes, bytes]], frame: _Frame, stream: bytes) -> None:
    """Another stream for a frame, in one chunk."""
    kind, content = chunks[frame.places[0]]
    chunks[frame.places[0]] = (kind, stream if kind == b"IDAT" else content[:4] + stream)
    for place in frame.places[1:]:
        chunks[place] = (b"", b"")
    if len(frame.places) > 1:
        del frame.places[1:]
        _renumber(chunks)


def _renumber(chunks: list[tuple[bytes, bytes]]) -> None:
    """The sequence numbers of an animation without the gaps that joined chunks leave."""
    number = 0
    for place, (kind, content) in enumerate(chunks):
        if kind in (b"fcTL", b"fdAT"):
            chunks[place] = (kind, number.to_bytes(4, "big") + content[4:])
            number += 1


def _rows(samples: NDArray[Any], depth: int) -> list[bytes]:
    """The bytes of each row; bits behind the last pixel are zero."""
    if depth == 16:
        return [row.astype(">u2").tobytes() for row in samples]
    if depth == 8:
        return [row.tobytes() for row in samples]
    height, width = samples.shape
    each = 8 // depth
    padded = np.zeros((height, -(-width // each) * each), np.uint8)
    padded[:, :width] = samples
    groups = padded.reshape(height, -1, each)
    packed = np.zeros(groups.shape[:2], np.uint8)
    for place in range(each):
        packed |= groups[:, :, place] << (8 - depth * (place + 1))
    return [row.tobytes() for row in packed]


def _coded(rows: list[bytes], step: int) -> bytes:
    """A zlib stream of rows, each with the filter of three (ISO 15948, 9.2) that leaves the smallest differences.

    `step`: bytes from a sample to the one on its left; 1 where neighbours say nothing (palettes), then none is used.
    """
    packer, out = zlib.compressobj(6), []
    above = np.zeros(len(rows[0]) if rows else 0, np.uint8)
    for raw in rows:
        row = np.frombuffer(raw, np.uint8)
        choices = [row]
        if step > 1:
            left = np.concatenate([row[:step], row[step:] - row[:-step]])
            choices += [left, row - above]
        costs = [int(np.abs(choice.view(np.int8).astype(np.int16)).sum()) for choice in choices]
        best = costs.index(min(costs))
        out.append(packer.compress(bytes((best,)) + choices[best].tobytes()))
        above = row
    return b"".join([*out, packer.flush()])
