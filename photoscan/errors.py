"""What can go wrong, as types: each error knows its exit code and its HTTP status.

Messages name what happened and what to do about it. They never quote anything that was read out of a photo.
"""

from typing import ClassVar


class PhotoscanError(Exception):
    """The base of everything photoscan raises on purpose.

    `code` is stable and machine-readable, `exit_code` what the command line ends with,
    `http_status` what the service answers.
    """

    code: ClassVar[str] = "error"
    exit_code: ClassVar[int] = 2
    http_status: ClassVar[int] = 500


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
