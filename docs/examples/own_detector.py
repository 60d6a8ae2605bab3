"""A detector of one's own, for text: `python docs/examples/own_detector.py PHOTO...`.

As a package that others can install: docs/examples/photoscan-keys.
"""

import re
import sys
from collections.abc import Iterable, Sequence

from photoscan import (
    Card,
    Kind,
    Report,
    Scanner,
    ScanOptions,
    Severity,
    TextDetector,
    TextLine,
    TextMatch,
    register,
)

MEMBER = register(
    Card(
        "text.member_number",
        Severity.MEDIUM,
        "length",
        # Of a family that is there already, so margin, colour and icon are.
        Kind("text.phone").family,
        texts={
            "en": {
                "title": "Library card number",
                "why": "It opens somebody's account at the library.",
                "do": "Hide the number.",
            }
        },
    )
)
_NUMBER = re.compile(r"\bLIB-(\d{4})-(\d{3})\b")


class MemberDetector(TextDetector):
    """Numbers of library cards: LIB-, four digits, and three that are their check sum. Reads captions as well."""

    name = "library"
    kinds = (MEMBER,)

    def match(self, lines: Sequence[TextLine]) -> Iterable[TextMatch]:
        """Every number of each line; one with a wrong check sum may be misread, so it is only possible."""
        for i, line in enumerate(lines):
            for found in _NUMBER.finditer(line.text):
                right = sum(int(digit) * 37 for digit in found[1]) % 1000 == int(found[2])
                yield TextMatch(MEMBER, (i,), found[0], 0.95 if right else 0.3, "the form of a library card number")


def look(photo: str, scanner: Scanner) -> Report:
    """The report; the detector's outcome stands beside those of the others."""
    return scanner.scan(photo)


def main() -> None:
    """Say what library cards give away."""
    scanner = Scanner(ScanOptions(only=("text",)), detectors=[MemberDetector()])
    for name in sys.argv[1:]:
        for finding in look(name, scanner).findings:
            print(f"{name}: {finding.kind}, {finding.value_masked}: {finding.explanation}")


if __name__ == "__main__":
    main()
