"""Who asks: a page of this server and programs without pages, or another page that is open in the same browser."""

from __future__ import annotations

from starlette.datastructures import Headers


def is_foreign(headers: Headers) -> bool:
    """Whether a browser asks for a page of another origin. `headers`: of the request, its Host already found right.

    Browsers tell it by Sec-Fetch-Site (Fetch Metadata, W3C); those that don't know it still send Origin with whatever
    changes something. Programs send neither.
    """
    if headers.get("sec-fetch-site") in ("cross-site", "same-site"):
        return True
    origin = headers.get("origin")
    return origin is not None and origin.partition("://")[2].lower() != headers.get("host", "").lower()
