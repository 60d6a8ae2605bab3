"""What a copy does not keep although it is no metadata: pictures, movement, HDR, a projection. Told, each by its name.

Counted by the readers of metadata, in the source and in its copy: what is in the one and not in the other is lost,
whichever stripper left it out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from photoscan.clean_phrases import note
from photoscan.errors import Phrase
from photoscan.metadata import Entry, Metadata, Role

NOTE = "clean.note.lost"
"""The note that names one loss; `what` is its phrase."""
_SIGNS = (
    ("preview", "preview"), ("stereo", "stereo"), ("gain map", "gain_map"), ("depth map", "depth"),
    ("outline", "outlines"), ("panorama", "part"), ("angle", "part"), ("burst", "burst"),
)  # fmt: skip
"""Words in what a reader says about a picture, and what is lost with it."""
_LARGE = frozenset((Role.IMAGE, Role.VIDEO))
_PLAIN = ("preview", "restoring", "live", "profile")
"""Losses that nobody sees in the copy, or that it can do without."""


def lost(before: Metadata, after: Metadata, *also: str) -> tuple[Phrase, ...]:
    """A note for everything that the copy lacks. `also`: names of losses that no reader tells."""
    gone = Counter(_counted(before)) - Counter(_counted(after))
    gone.update(also)
    return tuple(note(name, count) for name, count in gone.items())


def phrases(notes: Iterable[Phrase]) -> tuple[Phrase, ...]:
    """What is lost, of a receipt's notes."""
    return tuple(what for note in notes if note.key == NOTE and isinstance(what := note.values["what"], Phrase))


def grave(notes: Iterable[Phrase]) -> tuple[Phrase, ...]:
    """What of it should not go unasked, when there is no other file that still has it."""
    return tuple(what for what in phrases(notes) if what.key.removeprefix("clean.lost.") not in _PLAIN)


def holds_gain_map(said: Metadata) -> bool:
    """Whether there is a gain map in a file."""
    return "gain_map" in _counted(said)


def _counted(said: Metadata) -> Iterator[str]:
    """The name of everything that could get lost, one for each."""
    by_container: dict[str, list[Entry]] = {}
    for entry in said.entries:
        if entry.field in _TRACKS:
            yield "track"
        elif entry.role in _LARGE:
            by_container.setdefault(entry.container, []).append(entry)
    for container, entries in by_container.items():
        around = [row for outer, rows in by_container.items() if container.startswith(f"{outer}/") for row in rows]
        yield from (_name(entry) for entry in entries if not any(_within(entry, outer) for outer in around))
    fields = {entry.field for entry in said.entries}
    yield from (name for field, name in _FIELDS.items() if field in fields)
    boxes = {entry.container.rpartition("/")[2] for entry in said.entries}
    yield from (name for box, name in _BOXES.items() if box in boxes)
    parts = [e.field for e in said.entries if e.role is Role.UNKNOWN and e.container.endswith("/samsung")]
    yield from (name for sign, name in _PARTS for part in parts if sign in part)


_FIELDS = {
    "GPano:ProjectionType": "projection", "JPEG reconstruction data": "restoring", "ContentIdentifier": "live",
    "tag 0x935c": "layers",
}  # fmt: skip
"""Statements that stand for something that is lost with them."""
_BOXES = {"jhgm": "gain_map", "prfr": "projection", "sv3d": "projection"}
"""Boxes of JPEG XL (gain map), HEIF (projection format, ISO 23090-2) and films (Spherical Video V2)."""
_TRACKS = frozenset(("picture track", "sound track", "data track"))
"""What a film's reader calls those that nobody is shown."""
_PARTS = (("DepthMap", "depth"), ("Sound", "sound"))
"""How Samsung calls parts of its trailer that are neither a picture nor a film of a known format."""


def _within(entry: Entry, other: Entry) -> bool:
    """Whether a picture is part of another one that is lost with it."""
    return other.offset <= entry.offset and entry.offset + entry.length <= other.offset + other.length


def _name(entry: Entry) -> str:
    if entry.role is Role.VIDEO:
        return "sound" if "sound" in entry.about.split(",")[0] else "video"
    if entry.field == "further page":
        return "pages"
    return next((name for sign, name in _SIGNS if sign in entry.about), "pictures")
