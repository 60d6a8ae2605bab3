"""Sentences of receipts, plans and refusals: keys of the catalogues, never a value that was read in a photo."""

from __future__ import annotations

from photoscan.errors import CleaningError, Phrase


def said(key: str, /, **values: object) -> Phrase:
    """A sentence by its key below `clean.`."""
    return Phrase(f"clean.{key}", values)


class RefusedError(CleaningError):
    """There is no copy; the reason is a key below `clean.refused.`."""

    def __init__(self, key: str, /, **values: object) -> None:
        super().__init__(f"clean.refused.{key}", **values)
