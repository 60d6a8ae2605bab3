"""What codes say where their payload is written out: in a caption, or printed beside the code."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import ClassVar

from photoscan.detectors.base import TextDetector, TextMatch
from photoscan.kind import Kind
from photoscan.textline import TextLine
from photoscan.textual import written_codes
from photoscan.textual.written_codes import WrittenCode

_KINDS = {
    "password": Kind.TEXT_SECRET,
    "secret": Kind.TEXT_SECRET,
    "phone": Kind.TEXT_PHONE,
    "email": Kind.TEXT_EMAIL,
    "address": Kind.TEXT_ADDRESS,
    "birth_date": Kind.TEXT_BIRTH_DATE,
    "name": Kind.TEXT_PERSON,
    "key": Kind.TEXT_BANK_ACCOUNT,
    "account": Kind.TEXT_BANK_ACCOUNT,
    "booking": Kind.TEXT_TRACKING,
}
"""The kind of each part of a payload; other parts (a network's name, a town, a seat) say little by themselves."""
_SEVERAL = frozenset(("phone", "email"))


class WrittenCodeDetector(TextDetector):
    """One finding for each part of a payload. Its lines are of a form of their own: other text detectors leave them."""

    name: ClassVar[str] = "written_code"
    kinds: ClassVar[tuple[Kind, ...]] = (*dict.fromkeys(_KINDS.values()), Kind.TEXT_HANDLE, Kind.TEXT_MEDICAL)
    reads_codes: ClassVar[bool] = True

    def match(self, lines: Sequence[TextLine]) -> Iterable[TextMatch]:
        """The parts of every payload."""
        for code in written_codes.find([line.text for line in lines]):
            reason = f"a code's payload written out ({code.payload.sort})"
            for kind, value, confidence in _parts(code):
                yield TextMatch(kind, code.lines, value, confidence, reason)


def _parts(code: WrittenCode) -> Iterator[tuple[Kind, str, float]]:
    sort, parts = code.payload.sort, code.payload.parts
    if sort == "health_certificate":
        yield Kind.TEXT_MEDICAL, code.text, 0.9
    if sort == "authenticator" and "secret" not in parts:
        yield Kind.TEXT_SECRET, code.text, 0.9  # an export of several accounts holds its secrets in one block
    for name, part in parts.items():
        if not part or name not in _KINDS:
            continue
        kind = _KINDS[name]
        if sort == "authenticator" and name == "account":
            part = part.rpartition(":")[2]
            kind = Kind.TEXT_EMAIL if "@" in part else Kind.TEXT_HANDLE
        # Who is paid is a firm as often as a person.
        confidence = 0.45 if sort == "payment" and name == "name" else 0.9
        for value in part.split(", ") if name in _SEVERAL else (part,):
            yield kind, value.strip(), confidence
