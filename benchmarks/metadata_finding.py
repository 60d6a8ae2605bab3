"""How many planted leaks become findings: python -m benchmarks.metadata_finding FOLDER [--exiftool PATH]

FOLDER holds manifest.json, which lists for each file its leaks: a channel ('exif.gps'), and needles (bytes in hex).
A leak counts as found when a finding of a kind that fits the channel points at bytes that hold the needle (as they
stand or decompressed), or when its value says it. With exiftool the same needles are looked for in what that prints.
"""

from __future__ import annotations

import argparse
import base64
import json
import re
import struct
import subprocess
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from photoscan import formats
from photoscan.detectors import REGISTRY
from photoscan.finding import Field, Finding
from photoscan.options import ScanOptions
from photoscan.views import Views

ANY_TEXT = ("comment", "person", "place", "software", "device", "serial", "datetime", "unknown", "trailing")
KINDS = {
    "gps": ("gps",), "author": ("person",), "owner": ("person",), "regions": ("person",), "person": ("person",),
    "serial": ("serial",), "uid": ("serial",), "device_name": ("serial", "device"), "datetime": ("datetime",),
    "makernote": ("unknown", "serial", "person"), "thumb": ("thumbnail", "shadow_image"), "city": ("place",),
    "gimage": ("shadow_image",), "page": ("shadow_image",), "embedded": ("shadow_image",), "path": ANY_TEXT,
    "text": ANY_TEXT, "comment": ANY_TEXT, "docname": ANY_TEXT, "prompt": ("comment",), "name": (*ANY_TEXT, "profile"),
    "icc_device": ("profile",), "motion": ("motion",), "trailing": ("trailing", "unknown"), "private": ANY_TEXT,
    "slack": ("unknown", "trailing"), "c2pa": ("provenance", "person", "comment"), "jbrd": ("unknown", "shadow_image"),
    "url": ANY_TEXT,
}  # fmt: skip


class _Bytes:
    """Stands in for a photo where only the file's bytes count."""

    def __init__(self, data: bytes, name: str, format_: formats.Format) -> None:
        self.data, self.name, self.format = data, name, format_
        self.width, self.height, self.orientation = 4, 3, 1
        self.path: Path | None = None


def findings(path: Path) -> list[Finding]:
    """What the metadata detectors find in a file, whether or not its pixels can be decoded."""
    data = path.read_bytes()
    format_ = formats.detect(data[: formats.HEAD])
    if format_ is None:
        return []
    views = Views(_Bytes(data, path.name, format_), ScanOptions(only=("metadata",)))  # type: ignore[arg-type]
    views.photo.path = path
    return [f for detector in REGISTRY if detector.source == "metadata" for f in detector.find(views)]


def seen_in(data: bytes) -> Iterator[bytes]:
    """Bytes as they stand, inflated, and out of hex and base 64."""
    yield data
    for match in list(re.finditer(rb"\x78[\x01\x5e\x9c\xda]", data))[:50]:
        try:
            inflated = zlib.decompressobj().decompress(data[match.start() :], 1 << 24)
        except zlib.error:
            continue
        yield inflated
        if hexed := re.match(rb"\s*\w+\s+\d+\s+([0-9a-fA-F\s]+)", inflated):
            yield bytes.fromhex(b"".join(hexed[1].split()).decode())
    for match in re.finditer(rb"[A-Za-z0-9+/]{100,}", data):
        yield base64.b64decode(match[0][: len(match[0]) // 4 * 4])
    yield re.sub(rb"(?s)\xff\xe1..http://ns.adobe.com/xmp/extension/\0.{40}", b"", data)


def idat(data: bytes) -> bytes:
    """A PNG's picture data, decompressed."""
    at, parts = 8, []
    while at + 12 <= len(data):
        (length,) = struct.unpack_from(">I", data, at)
        if data[at + 4 : at + 8] == b"IDAT":
            parts.append(data[at + 8 : at + 8 + length])
        at += 12 + length
    return zlib.decompressobj().decompress(b"".join(parts))


def is_found(leak: dict[str, Any], found: list[Finding], data: bytes) -> bool:
    """Whether one finding of a fitting kind holds every needle, by place or by value."""
    container, _, what = leak["channel"].partition(".")
    kinds = {"metadata.filename"} if container == "filename" else {f"metadata.{kind}" for kind in KINDS[what]}
    needles = [bytes.fromhex(needle) for needle in leak["needles"]]
    fitting = [f for f in found if f.kind.value in kinds]
    if not needles:
        return bool(fitting)
    return any(_holds(finding, needle, data) for finding in fitting for needle in needles)


def _holds(finding: Finding, needle: bytes, data: bytes) -> bool:
    if needle in str(finding.value).encode() or needle.replace(b"\0", b"") in str(finding.value).encode():
        return True
    assert isinstance(finding.location, Field)
    places = finding.attributes.get("copies") or [finding.location.to_dict()]
    for place in places:
        if place["offset"] is None:
            continue
        if "IDAT" in place["container"] and needle in idat(data):
            return True
        region = data[place["offset"] : place["offset"] + place["length"]]
        if any(needle in view or needle.decode("latin-1").encode("utf-16-le") in view for view in seen_in(region)):
            return True
    return False


def main() -> None:
    """Print what is missed, a table, and the control."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--exiftool")
    arguments = parser.parse_args()
    rows = json.loads((arguments.folder / "manifest.json").read_text())["files"]
    total = hits = theirs = 0
    for row in rows:
        path = arguments.folder / row["file"]
        if row["kind"] == "control":
            print(f"control {row['file']}: {len(findings(path))} findings")
        if row["kind"] != "crafted":
            continue
        data, found = path.read_bytes(), findings(path)
        shown = exiftool(arguments.exiftool, path) if arguments.exiftool else {}
        for leak in row["leaks"]:
            total += 1
            hit = is_found(leak, found, data)
            hits += hit
            other = _printed(leak, shown)
            theirs += other
            if not hit:
                kinds = sorted({f.kind.value.partition(".")[2] for f in found})
                print(f"missed {leak['channel']:18} in {row['file']}  (found: {', '.join(kinds)})")
    print(f"photoscan: {hits} of {total} planted leaks are findings ({hits / total:.1%})")
    if arguments.exiftool:
        print(f"exiftool:  {theirs} of {total} are printed ({theirs / total:.1%})")


def exiftool(program: str, path: Path) -> dict[str, Any]:
    """Everything that exiftool prints of a file, embedded files included, duplicates too."""
    command = [*program.split(), "-j", "-a", "-G1", "-ee", "-u", "-U", str(path)]
    out = subprocess.run(command, capture_output=True, check=False).stdout
    rows: dict[str, Any] = json.loads(out)[0] if out else {}
    return {k: v for k, v in rows.items() if not k.startswith(("System:", "ExifTool:", "SourceFile"))}


def _printed(leak: dict[str, Any], shown: dict[str, Any]) -> bool:
    names = {key.rpartition(":")[2] for key in shown}
    if any(name in names for name in leak["exiftool"]):
        return True
    printed = json.dumps(shown)
    needles = [bytes.fromhex(needle) for needle in leak["needles"]]
    return any(n.replace(b"\0", b"").isascii() and n.replace(b"\0", b"").decode() in printed for n in needles)


if __name__ == "__main__":
    main()
