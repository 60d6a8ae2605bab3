"""What can go wrong, as types: each error knows its exit code and its HTTP status.

Messages name what happened and what to do about it. They never quote anything that was read out of a photo.
"""

from __future__ import annotations

import errno
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from photoscan.catalog import has, text


@dataclass(frozen=True, slots=True)
class Phrase:
    """Something to say to people: a key of the catalogues, and what stands in its placeholders: also other phrases.

    A key that no catalogue has is a sentence as it stands.
    """

    key: str
    values: Mapping[str, object] = field(default_factory=dict)

    def text(self, language: str = "en") -> str:
        """The words in a language."""
        if not has(self.key):
            return self.key
        return text(self.key, language, **{name: _text(value, language) for name, value in self.values.items()})

    def __str__(self) -> str:
        return self.text()


@dataclass(frozen=True, slots=True)
class Phrases:
    """Several phrases in a row."""

    rows: tuple[Phrase, ...]
    between: str = "\n"

    def text(self, language: str = "en") -> str:
        """The words of all of them in a language."""
        return self.between.join(row.text(language) for row in self.rows)


def _text(value: object, language: str) -> object:
    return value.text(language) if isinstance(value, (Phrase, Phrases)) else value


def phrase(key: str, /, **values: object) -> Phrase:
    """A phrase by its key."""
    return Phrase(key, values)


def reason(error: Exception) -> Phrase:
    """Why the system refused something, without the path that it names."""
    name = errno.errorcode.get(getattr(error, "errno", None) or 0, "")
    if name in _KNOWN:
        return Phrase(f"system.{name}")
    return Phrase(getattr(error, "strerror", None) or "system.unusable")


_KNOWN = frozenset({"EACCES", "EPERM", "ENOENT", "ENOTDIR", "EISDIR", "ENOSPC", "EROFS", "EDQUOT", "ENAMETOOLONG"})
"""The refusals that there are words for: `system.<name>`."""


class PhotoscanError(Exception):
    """The base of everything photoscan raises on purpose: made of a key of the catalogues and its values.

    `code` is stable and machine-readable, `exit_code` what the command line ends with,
    `http_status` what the service answers.
    """

    code: ClassVar[str] = "error"
    exit_code: ClassVar[int] = 2
    http_status: ClassVar[int] = 500

    def __init__(self, key: str, /, **values: object) -> None:
        super().__init__(key)
        self.phrase = Phrase(key, values)

    def text(self, language: str = "en") -> str:
        """What happened and what to do about it, in `language`, or in English for one that is not known.

        Raises nothing of its own.
        """
        return self.phrase.text(language)

    def __str__(self) -> str:
        return self.text()


class UsageError(PhotoscanError):
    """The caller asked for something that makes no sense: an unknown kind, policy or option."""

    code = "usage"
    http_status = 400


class NotReadableError(PhotoscanError):
    """The bytes could not be had: no such file, a folder, no permission."""

    code = "not_readable"
    http_status = 400


class UnsupportedFormatError(PhotoscanError):
    """The bytes are not a photo in a format that photoscan knows."""

    code = "unsupported_format"
    http_status = 415


class CorruptPhotoError(PhotoscanError):
    """The format was recognised, but the content is broken."""

    code = "corrupt"
    http_status = 422


class TooLargeError(PhotoscanError):
    """The photo exceeds a limit on bytes, pixels or frames."""

    code = "too_large"
    http_status = 413


class ModelError(PhotoscanError):
    """A model is missing, damaged or could not be installed."""

    code = "model"
    http_status = 503


class NotInstalledError(PhotoscanError):
    """An optional package that the caller's choice needs is not installed."""

    code = "not_installed"
    http_status = 501


class CleaningError(PhotoscanError):
    """A clean copy could not be made, or could not be proved clean: nothing was released."""

    code = "not_cleaned"
    http_status = 422


class WorkerLostError(PhotoscanError):
    """The process that was at the job died: it was killed, or a library brought it down."""

    code = "worker_lost"
    http_status = 503


class WorkerTimeoutError(PhotoscanError):
    """The job took longer than it may; the process that was at it has been ended."""

    code = "timeout"
    http_status = 504


class TaskFailedError(PhotoscanError):
    """Something unexpected was raised in a worker process; the message names its type and place, nothing more."""

    code = "crash"
