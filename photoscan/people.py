"""People who asked to be known: their names and what their faces look like in numbers, in one private file.

The file holds no photo. An encoding is 128 numbers by the dlib ResNet (models/face-encoder/README.md): faces of one
person lie near each other. Nearness is a hint that somebody looks like a person, never proof of who it is.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from math import dist, isfinite
from pathlib import Path
from typing import Any

from photoscan.addresses import refuse_address
from photoscan.errors import NotReadableError, UsageError, reason
from photoscan.files import write_atomically

Encoding = tuple[float, ...]

LENGTH = 128
ALIKE = 0.52
"""Distance up to which two faces look alike. In 48 photos of 12 people: each within .50 of another photo of the same
person, none within .61 of anybody else's; of 218 strangers in crowds none within .54 of these people."""
VERSION = 1
ENCODER = "dlib-resnet-v1"
MAX_BYTES = 64 * 1024 * 1024
LONGEST_NAME = 100

_carried: dict[Path, bytes] = {}
"""Files that came here from another computer, held in memory: they lie on no disk of this one."""


@dataclass(frozen=True, slots=True)
class Person:
    """One person. `consents`: agreed to be shown; `encodings`: one for each photo that was given."""

    name: str
    child: bool = False
    consents: bool = False
    encodings: tuple[Encoding, ...] = field(default=(), repr=False)

    def distance(self, encoding: Encoding) -> float:
        """The distance to the most similar of this person's photos; infinite without any."""
        return min((dist(encoding, own) for own in self.encodings), default=float("inf"))


@dataclass(frozen=True, slots=True)
class People:
    """Everybody in a file, by name in the order they were added."""

    persons: tuple[Person, ...] = ()

    def __iter__(self) -> Iterator[Person]:
        return iter(self.persons)

    def find(self, name: str) -> Person | None:
        """The person of that name, whatever the case of its letters."""
        return next((p for p in self.persons if p.name.casefold() == name.casefold()), None)

    def alike(self, encoding: Encoding) -> tuple[Person, float] | None:
        """Who looks most like that face, with the distance; None when nobody looks like it."""
        near = [(person.distance(encoding), i) for i, person in enumerate(self.persons)]
        distance, i = min(near, default=(float("inf"), 0))
        return (self.persons[i], distance) if distance <= ALIKE else None

    def with_photos(
        self, name: str, encodings: tuple[Encoding, ...], child: bool | None = None, consents: bool | None = None
    ) -> People:
        """A copy with more photos of a person, who is added when not known yet; None leaves a choice as it is.

        Raises UsageError for a name that can't be one.
        """
        name = " ".join(name.split())
        if not name or len(name) > LONGEST_NAME or not name.isprintable():
            raise UsageError("problem.people.name", longest=LONGEST_NAME)
        known = self.find(name) or Person(name)
        new = replace(
            known,
            child=known.child if child is None else child,
            consents=known.consents if consents is None else consents,
            encodings=known.encodings + encodings,
        )
        if known not in self.persons:
            return People((*self.persons, new))
        return People(tuple(new if person is known else person for person in self.persons))

    def without(self, name: str) -> People:
        """A copy without a person; UsageError when there is none of that name."""
        person = self.find(name)
        if person is None:
            raise UsageError("problem.people.nobody")
        return People(tuple(p for p in self.persons if p is not person))


def content(file: Path) -> bytes:
    """What a file holds, up to a byte more than it may. Raises NotReadableError."""
    if file in _carried:
        return _carried[file]
    refuse_address(file)
    try:
        with file.open("rb") as stream:
            return stream.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        raise NotReadableError("problem.unreadable", path=file, why=reason(error)) from None


def carry(data: bytes) -> Path:
    """Hold a file's content that came from another computer; the path under which this process reads it."""
    file = Path(f"people carried {hashlib.sha256(data).hexdigest()}")
    _carried[file] = data
    return file


def read(file: Path) -> People:
    """The people in a file. Raises NotReadableError, or UsageError when it is not such a file."""
    data = content(file)
    try:
        if len(data) > MAX_BYTES:
            raise ValueError
        rows = json.loads(data)
        if rows["version"] != VERSION or rows["encoder"] != ENCODER:
            raise UsageError("problem.people.version", path=file)
        people = People(tuple(_person(row) for row in rows["people"]))
    except (ValueError, KeyError, TypeError, RecursionError):
        raise UsageError("problem.people.file", path=file) from None
    return people


def write(file: Path, people: People) -> None:
    """Write the file whole or not at all, readable by its owner only; NotReadableError when that fails."""
    rows = [
        {
            "name": person.name,
            "child": person.child,
            "consents": person.consents,
            "encodings": [[round(value, 6) for value in encoding] for encoding in person.encodings],
        }
        for person in people
    ]
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise NotReadableError("problem.unmakeable", path=file.parent, why=reason(error)) from None
    text = json.dumps({"version": VERSION, "encoder": ENCODER, "people": rows}, ensure_ascii=False)
    write_atomically(file, text.encode() + b"\n", 0o600)


def _person(row: dict[str, Any]) -> Person:
    name, child, consents = row["name"], row["child"], row["consents"]
    encodings = tuple(tuple(float(value) for value in encoding) for encoding in row["encodings"])
    sound = all(len(encoding) == LENGTH and all(map(isfinite, encoding)) for encoding in encodings)
    if not (isinstance(name, str) and isinstance(child, bool) and isinstance(consents, bool) and sound):
        raise ValueError
    return Person(name, child, consents, encodings)
