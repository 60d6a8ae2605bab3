"""JPEG 2000 (ISO 15444-1): boxes beside the codestream, and comments inside it."""

from __future__ import annotations

from photoscan.metadata import exif, icc, iptc, sniff, tail, xmp
from photoscan.metadata.block import Block
from photoscan.metadata.boxes import Box, boxes
from photoscan.metadata.entry import Collector, Role
from photoscan.metadata.ifd import text

MAX_SEGMENTS = 10_000
_DECODING = frozenset((b"jP  ", b"ftyp", b"ihdr", b"bpcc", b"pclr", b"cmap", b"cdef", b"res ", b"rreq"))
_XMP = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
_EXIF = b"JpgTiffExif->JP2"
_IPTC = bytes.fromhex("33c7a4d2b81d4723a0baf1a3e097ad38")
_PHOTOSHOP = bytes.fromhex("2c4c0100850440b9a03e562148d6dfeb")


def walk(block: Block, path: str, found: Collector) -> None:
    """Every box that decoding does not need."""
    if block.data.startswith(b"\xff\x4f"):
        _codestream(block, path, found)
        return
    end = 0
    for box in boxes(block.data):
        end = box.end
        with found.guarded(f"{path}/{box.name}"):
            _box(block, box, path, found)
    tail.read(block, end, path, found)


def _box(block: Block, box: Box, path: str, found: Collector) -> None:
    content = block.cut(box.body, box.end)
    if box.kind == b"jp2h":
        for inner in boxes(block.data, box.body, box.end):
            if inner.kind == b"colr" and block.data[inner.body] == 2:
                icc.read(block.cut(inner.body + 3, inner.end), f"{path}/icc", found)
            elif inner.kind != b"colr" and inner.kind not in _DECODING:
                found.unknown(block, f"{path}/{inner.name}", start=inner.body, end=inner.end)
    elif box.kind == b"jp2c":
        _codestream(content, path, found)
    elif box.kind == b"uuid":
        _uuid(content, path, found)
    elif box.kind == b"xml ":
        xmp.read(content, f"{path}/xml", found)
    elif box.kind not in _DECODING:
        found.unknown(content, f"{path}/{box.name}", about=sniff.words(content.data, 0, len(content.data)))


def _uuid(content: Block, path: str, found: Collector) -> None:
    kind, body = content.data[:16], content.cut(16)
    if kind == _XMP:
        xmp.read(body, f"{path}/xmp", found)
    elif kind == _EXIF:
        exif.read(body.cut(6 if body.data.startswith(b"Exif\0\0") else 0), f"{path}/exif", found)
    elif kind == _IPTC:
        iptc.read(body, f"{path}/iptc", found)
    elif kind == _PHOTOSHOP:
        iptc.read_resources(body, f"{path}/photoshop", found)
    elif body.data[:4] in (b"II*\0", b"MM\0*"):
        exif.read(body, f"{path}/exif", found)
    else:
        found.unknown(content, f"{path}/uuid")


def _codestream(content: Block, path: str, found: Collector) -> None:
    """Comments (COM) of the main header, which ends where the first tile part begins."""
    data, at = content.data, 2
    for _ in range(MAX_SEGMENTS):
        marker, length = data[at : at + 2], int.from_bytes(data[at + 2 : at + 4], "big")
        if len(marker) < 2 or marker == b"\xff\x90" or length < 2:
            return
        if marker == b"\xff\x64":
            words = text(data[at + 6 : at + 2 + length])
            # Encoders sign their work: 'Kakadu-v8.0', 'Created by OpenJPEG version 2.5.0'.
            signed = words.startswith(("Kakadu", "Created by OpenJPEG", "Created by: JasPer", "Kdu-"))
            found.add(content, f"{path}/COM", "Software" if signed else "Comment", words, at + 6, at + 2 + length,
                      Role.TECHNICAL if signed else Role.TAG)  # fmt: skip
        at += 2 + length
