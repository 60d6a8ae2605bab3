"""On what terms a client speaks to a service: where, with which key, and how long it goes on asking."""

from __future__ import annotations

import os
import ssl
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import photoscan
from photoscan.client.questions import header
from photoscan.errors import UsageError

KEY_VARIABLE = "PHOTOSCAN_API_KEY"
"""The environment variable that holds the API key where none is given."""
KEPT = 32
"""Connections that a client keeps at most while they are not in use."""
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Terms:
    """See `Client`. `path`: what stands before every route; `headers`: what every request carries."""

    scheme: str
    host: str
    port: int
    path: str
    headers: dict[str, str] = field(repr=False)
    timeout: float
    retries: int
    patience: float

    def trust(self) -> ssl.SSLContext | None:
        """Whose certificates are believed: those that the system believes. None without TLS."""
        if self.scheme != "https":
            return None
        context = ssl.create_default_context()
        context.set_alpn_protocols(["http/1.1"])
        return context


def agree(url: str, key: str | None, timeout: float, retries: int, patience: float) -> Terms:
    """Terms with the service at an address. UsageError for an address or a key that can't be one."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    if parts.scheme not in _PORTS or not parts.hostname:
        raise UsageError("problem.client.address", example="http://127.0.0.1:8000", url=url)
    key = key if key is not None else os.environ.get(KEY_VARIABLE)
    # As small as it can be, and the same from each client.
    headers = {
        "accept": "application/json", "accept-encoding": "identity", "user-agent": f"photoscan/{photoscan.__version__}",
    }  # fmt: skip
    if key:
        # A key that was read from a file often ends with its line.
        headers["authorization"] = f"Bearer {header('key', key.strip())}"
    where = parts.scheme, parts.hostname, port or _PORTS[parts.scheme], parts.path.rstrip("/")
    return Terms(*where, headers, timeout, retries, patience)
