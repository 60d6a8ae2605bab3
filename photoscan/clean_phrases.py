"""Sentences of receipts, plans and refusals: keys of the catalogues, never a value that was read in a photo."""

from __future__ import annotations

from photoscan.errors import CleaningError, Phrase


def clean_phrase(key: str, /, **values: object) -> Phrase:
    """A sentence by its key below `clean.`."""
    return Phrase(f"clean.{key}", values)


def note(name: str, count: int = 1) -> Phrase:
    """The note that names one loss of a copy's (keys below `clean.lost.`)."""
    return clean_phrase("note.lost", what=clean_phrase(f"lost.{name}", count=count))


def part_of(kept: Phrase) -> str:
    """The part that a sentence below `clean.kept.` tells of: a word of KEEPABLE, 'position' or 'faces'."""
    return kept.key.removeprefix("clean.kept.")


def named(kept: Phrase) -> Phrase:
    """The same in a word or two."""
    part = part_of(kept)
    return clean_phrase(f"keeps.position.{kept.values['coarseness']}" if part == "position" else f"keeps.{part}")


class RefusedError(CleaningError):
    """There is no copy; the reason is a key below `clean.refused.`."""

    def __init__(self, key: str, /, **values: object) -> None:
        super().__init__(f"clean.refused.{key}", **values)
