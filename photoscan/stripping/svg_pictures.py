"""Pictures inside of an SVG, in 'data:' addresses (RFC 2397): each stripped as its container is, or left out."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import replace
from urllib.parse import unquote_to_bytes

from photoscan import formats
from photoscan.errors import PhotoscanError
from photoscan.formats import Format
from photoscan.patterns import pattern
from photoscan.stripping import strip
from photoscan.stripping.base import Keep

MAX_BYTES = 64 * 1024 * 1024
_ADDRESS = pattern(r"data:(?P<type>[\w/+.-]{0,60})(?P<more>(?:;[\w=\"+./-]{1,100}){0,4}),", re.IGNORECASE)
_SHOWN = frozenset((Format.JPEG, Format.PNG, Format.GIF, Format.WEBP, Format.AVIF, Format.BMP))
"""What browsers show inside of an SVG; a drawing within a drawing would need its own proof."""


def stripped_picture(address: str, keep: Keep) -> str | None:
    """The address of the picture without metadata; None where it is none that can be stripped."""
    data = content(address)
    found = formats.detect(data[: formats.HEAD]) if data else None
    if not data or found is None or found not in _SHOWN:
        return None
    try:
        copy = strip(data, found, replace(keep, statements=b"", gain_map=False)).data
    except PhotoscanError:
        return None
    return f"data:{found.row.media};base64,{base64.b64encode(copy).decode()}"


def content(address: str) -> bytes | None:
    """What an address holds; None where it is broken or too large."""
    match = _ADDRESS.match(address)
    if match is None or len(address) > MAX_BYTES:
        return None
    body = address[match.end() :]
    if "base64" not in match["more"].casefold():
        return unquote_to_bytes(body)
    packed = "".join(unquote_to_bytes(body).decode("latin-1").split()) if "%" in body else "".join(body.split())
    try:
        return base64.b64decode(packed + "=" * (-len(packed) % 4))
    except (binascii.Error, ValueError):
        return None
