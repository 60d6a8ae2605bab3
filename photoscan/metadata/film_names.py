"""Names of handlers and encoders in a film: which of them say nothing of a device."""

from __future__ import annotations

import re

_PLAIN_WORDS = frozenset((
    "263", "264", "265", "4", "422", "4444", "a", "aac", "alias", "and", "animation", "appl", "apple", "audio",
    "av1", "avc", "bento4", "by", "camera", "caption", "chapter", "closed", "code", "coding", "core", "created",
    "data", "datahandler", "encoder", "file", "google", "gpac", "h", "h264", "h265", "handle", "handler", "hevc",
    "hint", "hq", "inc", "iso", "jpeg", "l", "lavc", "libaom", "libaom-av1", "libsvtav1", "libvpx", "libvpx_vp9",
    "libx264", "libx265", "linear", "lt", "main", "mainconcept", "mdir", "mdta", "media", "metadata", "mono",
    "motion", "mp3", "mp4", "mp4v", "mpeg", "mpeg4", "of", "on", "opus", "pcm", "photo", "png", "produced",
    "prores", "prores_ks", "proxy", "quicktime", "raw", "smash", "soun", "sound", "soundhandle", "soundhandler",
    "stereo", "subtitle", "subtitlehandler", "subtitles", "text", "texthandler", "the", "time", "timecode",
    "timecodehandler", "track", "url", "vc", "vide", "video", "videohandle", "videohandler", "vp8", "vp9", "x264",
    "x265",
))  # fmt: skip
"""Words of handlers' and encoders' names that say nothing of a device."""


_VENDORS = frozenset((bytes(4), b"appl", b"FFMP", b"ffmp", b"mdta", b"mdir", b"    "))
"""Manufacturers of components that say nothing of a device: Apple's and ffmpeg's programs."""


def vendor(code: bytes) -> str:
    """The manufacturer that four characters name; nothing for those of programs, and for what is no name."""
    return code.decode("ascii").strip() if code not in _VENDORS and code.isascii() and _name(code) else ""


def _name(code: bytes) -> bool:
    return all(32 <= byte < 127 for byte in code) and any(map(str.isalpha, code.decode("ascii")))


def plain(words: str) -> bool:
    """Whether a name of a handler or an encoder is made of plain words, and of a version's or a date's numbers."""
    parts = re.split(r"[^0-9A-Za-z_]+", words[:200].lower().replace("lavc", "lavc "))
    return len(words) <= 200 and all(part in _PLAIN_WORDS or part.isdigit() or not part for part in parts)
