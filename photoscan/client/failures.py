"""What a client raises when there is no answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from photoscan.errors import PhotoscanError


class ServiceError(PhotoscanError):
    """The service could not be reached, or answered with a problem.

    `problem` is its document, empty where it could not be reached; `status` the HTTP status, 0 then; `reason` the
    problem's code, 'unreachable' then. `retry_after`: seconds after which to ask again, None where nobody said so.
    """

    code = "service"

    def __init__(
        self,
        key: str,
        /,
        status: int = 0,
        problem: Mapping[str, Any] | None = None,
        retry_after: float | None = None,
        **words: object,
    ) -> None:
        super().__init__(key, **words)
        self.status = status
        self.problem = dict(problem or {})
        self.reason = str(self.problem.get("code", "unreachable" if not status else "unknown"))
        self.retry_after = retry_after

    @property
    def unseen(self) -> bool:
        """Whether nobody has looked at the photo, mostly through no fault of its own: it may wait, or pass unseen."""
        return not self.status or self.status >= 500 or self.status == 429


def told(problem: Mapping[str, Any], status: int) -> str:
    """A problem in one line."""
    words = [str(problem[name]) for name in ("title", "detail") if problem.get(name)]
    return f"{status}: {': '.join(words) or 'no reason given'}"
