"""Which numbers of a line are somebody's or something's already, so that a shape alone makes them nothing else."""

from __future__ import annotations

from photoscan.textual import accounts, labelled_numbers
from photoscan.textual.phone_labels import calls

SURE = 0.5
"""From this confidence on a number is what it was found to be."""


def claimed(line: str, above: str = "") -> list[tuple[int, int]]:
    """Where numbers stand that a label or a check makes an identity, a device or an account; a label decides first."""
    numbers = labelled_numbers.find_all(line, above)
    spans = [(n.start, n.end) for n in numbers if n.labelled or n.confidence >= SURE]
    return spans + [(a.start, a.end) for a in accounts.find(line, above) if a.confidence >= SURE]


def names_another(before: str) -> bool:
    """Whether a text ends in a label that calls a number somebody's or something's: 'Staff ID:', 'No. KP'.

    The name of an office alone does not: its telephone number stands behind it as well.
    """
    return labelled_numbers.ends_in_label(before) and not calls(before)
