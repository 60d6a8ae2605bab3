"""Whether a container is well: `python -m photoscan.service.health`, which its image asks every so often.

Of a container that serves, that is what /readyz answers; of any other one, whether its models are whole.
"""

from __future__ import annotations

import http.client
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

PATIENCE = 5.0
"""Seconds that the service may take to answer."""
_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}
"""Addresses to listen on that nobody can ask, and those that are asked instead."""
_MAIN = Path("/proc/1/cmdline")


def is_serving(words: Sequence[str]) -> bool:
    """Whether a command line is one of `photoscan serve`, without a command of its own about keys."""
    programs = [place for place, word in enumerate(words) if Path(word).name == "photoscan"]
    commands = [word for word in words[programs[0] + 1 :] if not word.startswith("-")] if programs else []
    return commands[:1] == ["serve"] and not {"add-key", "change-key", "remove-key", "list-keys"} & {*commands}


def address(words: Sequence[str], environ: Mapping[str, str]) -> tuple[str, int]:
    """Host and port of the service with this command line and these variables; ValueError for a port that is none."""
    host = _given("--host", words) or environ.get("PHOTOSCAN_SERVE_HOST") or "127.0.0.1"
    port = _given("--port", words) or environ.get("PHOTOSCAN_SERVE_PORT") or "8000"
    return _EVERYWHERE.get(host, host), int(port)


def is_ready(host: str, port: int, seconds: float = PATIENCE) -> bool:
    """Whether the service there says within so many seconds that it can look at photos now."""
    connection = http.client.HTTPConnection(host, port, timeout=seconds)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def main() -> int:
    """The exit status: 0 for a container that is well, 1 otherwise."""
    words = [os.fsdecode(word) for word in _MAIN.read_bytes().split(b"\0")]
    if is_serving(words):
        return int(not is_ready(*address(words, os.environ)))
    return int(subprocess.run([sys.executable, "-m", "photoscan", "models", "verify"], check=False).returncode != 0)


def _given(option: str, words: Sequence[str]) -> str | None:
    """The value of an option, as the last of `--port 8000` and `--port=8000` gives it; None where it is not given."""
    found = None
    for place, word in enumerate(words):
        if word == option and place + 1 < len(words):
            found = words[place + 1]
        elif word.startswith(f"{option}="):
            found = word.removeprefix(f"{option}=")
    return found


if __name__ == "__main__":
    sys.exit(main())
