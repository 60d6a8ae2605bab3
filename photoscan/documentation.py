"""Where the documentation site is published, so that findings can lead to the page of their kind.

No address is built in, since photoscan has no public one: whoever publishes the site names it, in `[project.urls]` of
pyproject.toml (`Documentation`, which an installation carries in its metadata) or in an environment variable.
"""

from __future__ import annotations

import os
from importlib import metadata
from urllib.parse import urlsplit

from photoscan.errors import UsageError
from photoscan.kind import Kind

VARIABLE = "PHOTOSCAN_DOCS"
"""Environment variable with the address of the site's folder `docs/`; it wins over the package's own."""


def page(kind: Kind) -> str | None:
    """The absolute address of a kind's page; None where nobody said where the site is published.

    Raises UsageError when the environment names something that is no absolute address.
    """
    named = os.environ.get(VARIABLE)
    if named:
        parts = urlsplit(named)
        if parts.scheme not in ("https", "http", "file") or not (parts.netloc or parts.scheme == "file"):
            raise UsageError("problem.documentation", variable=VARIABLE)
    base = named or _published()
    return f"{base.rstrip('/')}/{path(kind)}" if base else None


def path(kind: Kind) -> str:
    """Where a kind's page lies below the site's folder `docs/`."""
    return f"kinds/{kind.value}.html"


def _published() -> str | None:
    try:
        rows = metadata.metadata("photoscan").get_all("Project-URL") or []
    except metadata.PackageNotFoundError:  # run from a checkout that is not installed
        return None
    urls = dict(row.split(", ", 1) for row in rows if ", " in row)
    return urls.get("Documentation")
