"""What codes say where their payload is written out: in a caption, or printed beside the code."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import ClassVar

from photoscan.detectors.base import TextDetector, TextMatch
from photoscan.kind import Kind, Severity
from photoscan.textline import TextLine
from photoscan.textual import written_codes
from photoscan.textual.payloads import Payload, money

_KINDS = {
    "password": Kind.TEXT_SECRET,
    "secret": Kind.TEXT_SECRET,
    "phone": Kind.TEXT_PHONE,
    "email": Kind.TEXT_EMAIL,
    "address": Kind.TEXT_ADDRESS,
    "birth_date": Kind.TEXT_BIRTH_DATE,
    "name": Kind.TEXT_PERSON,
    "payer": Kind.TEXT_PERSON,
    "key": Kind.TEXT_BANK_ACCOUNT,
    "account": Kind.TEXT_BANK_ACCOUNT,
    "booking": Kind.TEXT_TRACKING,
}
"""The kind of each part of a payload; other parts (a network's name, a town, a seat) say little by themselves."""
_SEVERAL = frozenset(("phone", "email"))
_ONLY = {
    "link": frozenset(("phone", "account", "email")),
    "place": frozenset[str](),
}
"""Parts that tell something of a person, where a payload's other parts are a link's own parameters."""
_OPENS = frozenset(("esim", "device_setup", "log_in"))
"""Sorts of which the whole text lets somebody in."""


class WrittenCodeDetector(TextDetector):
    """One finding for each part of a payload. Its lines are of a form of their own: other text detectors leave them."""

    name: ClassVar[str] = "written_code"
    kinds: ClassVar[tuple[Kind, ...]] = (*dict.fromkeys(_KINDS.values()), Kind.TEXT_HANDLE, Kind.TEXT_MEDICAL)
    reads_codes: ClassVar[bool] = True

    def match(self, lines: Sequence[TextLine]) -> Iterable[TextMatch]:
        """The parts of every payload."""
        for code in written_codes.find([line.text for line in lines]):
            reason = f"a code's payload written out ({code.payload.sort})"
            if code.payload.sort in _OPENS:
                yield TextMatch(Kind.TEXT_SECRET, code.lines, code.text, 0.9, reason)
            for kind, value, confidence in _parts(code.payload, code.text):
                yield TextMatch(kind, code.lines, value, confidence, reason)

    def match_in_code(self, said: Payload, text: str) -> Iterable[TextMatch]:
        """The parts of a payload; a coin's address is told as the code that it is. Raises nothing of its own."""
        if said.sort == "payment" and said.severity is Severity.MEDIUM:
            return
        for kind, value, confidence in _parts(said, text):
            yield TextMatch(kind, (0,), value, confidence, f"a part of the payload ({said.sort})")


def _parts(said: Payload, text: str) -> Iterator[tuple[Kind, str, float]]:
    sort, parts = said.sort, said.parts
    if sort == "health_certificate":
        yield Kind.TEXT_MEDICAL, text, 0.9
    if sort == "authenticator" and "secret" not in parts:
        yield Kind.TEXT_SECRET, text, 0.9  # an export of several accounts holds its secrets in one block
    for name, part in parts.items():
        if not part or name not in _KINDS or name not in _ONLY.get(sort, _KINDS):
            continue
        if (kind := _kind(said, name, part)) is None:
            continue
        if kind is Kind.TEXT_HANDLE or (sort == "authenticator" and name == "account"):
            part = part.rpartition(":")[2]
        # Who is paid is a firm as often as a person.
        confidence = 0.45 if sort == "payment" and name == "name" else 0.9
        for value in part.split(", ") if name in _SEVERAL else (part,):
            yield kind, value.strip(), confidence


def _kind(said: Payload, name: str, part: str) -> Kind | None:
    """The kind of a part; None where it is none by itself."""
    if name == "account" and (said.sort == "authenticator" or part.startswith("@")):
        return Kind.TEXT_EMAIL if "@" in part.lstrip("@") else Kind.TEXT_HANDLE
    if name == "key" and said.sort == "payment":
        sort = money.paid_to(said.scheme, part)
        return _KINDS[sort] if sort else None
    if name == "key":
        return None
    return _KINDS[name]
