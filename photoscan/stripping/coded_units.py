"""Units inside coded pictures that carry messages instead of pixels: HEVC's SEI, AV1's metadata and padding.

Encoders sign their work in them; decoders of still pictures ignore them.
"""

from __future__ import annotations

_HEVC_PARAMETERS = (32, 33, 34)
_HEVC_SEI = (39, 40)
"""NAL unit types (ITU-T H.265, table 7-1)."""
_OBU_SEQUENCE, _OBU_METADATA, _OBU_PADDING = 1, 5, 15
"""OBU types (AV1 specification, 6.2.2)."""
_T35 = 4
"""metadata_type of registered user data."""


def hevc_configuration(content: bytes) -> bytes:
    """An HEVCDecoderConfigurationRecord with parameter sets only (ISO 14496-15); IndexError when it ends early."""
    arrays = []
    at = 23
    for _ in range(content[22]):
        start, kind = at, content[at] & 0x3F
        units = int.from_bytes(content[at + 1 : at + 3], "big")
        at += 3
        for _ in range(units):
            at += 2 + int.from_bytes(content[at : at + 2], "big")
        if at > len(content):
            raise IndexError("configuration ends early")
        if kind in _HEVC_PARAMETERS:
            arrays.append(content[start:at])
    return content[:22] + bytes((len(arrays),)) + b"".join(arrays)


def hevc_picture(data: bytes, width: int) -> bytes:
    """NAL units, each behind its length of `width` bytes, without SEI; as it is when it can't be taken apart."""
    kept, at = [], 0
    while at + width < len(data):
        end = at + width + int.from_bytes(data[at : at + width], "big")
        if end > len(data):
            return data
        if data[at + width] >> 1 & 0x3F not in _HEVC_SEI:
            kept.append(data[at:end])
        at = end
    return b"".join(kept) if at == len(data) else data


def av1_configuration(content: bytes) -> bytes:
    """An AV1CodecConfigurationRecord with its sequence header only."""
    return content[:4] + b"".join(unit for kind, _, unit in _obus(content[4:]) if kind == _OBU_SEQUENCE)


def av1_picture(data: bytes) -> bytes:
    """OBUs without registered user data and padding; as it is when it can't be taken apart."""
    units = _obus(data)
    if sum(len(unit) for _, _, unit in units) != len(data):
        return data
    return b"".join(
        unit for kind, body, unit in units
        if kind != _OBU_PADDING and not (kind == _OBU_METADATA and body[:1] == bytes((_T35,)))
    )  # fmt: skip


def _obus(data: bytes) -> list[tuple[int, bytes, bytes]]:
    """(type, payload, whole unit) of each; stops where one makes no sense."""
    found = []
    at = 0
    while at < len(data):
        start, head = at, data[at]
        at += 2 if head & 4 else 1
        length, shift = 0, 0
        if head & 2:
            while at < len(data):
                byte = data[at]
                length |= (byte & 0x7F) << shift
                at, shift = at + 1, shift + 7
                if not byte & 0x80 or shift > 56:
                    break
        else:
            length = len(data) - at
        if at + length > len(data):
            break
        found.append((head >> 3 & 15, data[at : at + length], data[start : at + length]))
        at += length
    return found
