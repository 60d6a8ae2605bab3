"""What this computer's processor can do that decides how networks are run."""

from __future__ import annotations

import hashlib
import platform
from functools import cache
from pathlib import Path

CPUINFO = Path("/proc/cpuinfo")
FIRST = 16_384
"""Characters that hold the first core."""
BF16 = frozenset({"avx512_bf16", "amx_bf16"})
"""Linux's names of x86 instructions that multiply in bfloat16."""


@cache
def flags() -> frozenset[str]:
    """The features of an x86 processor by Linux's names; empty where nobody tells."""
    try:
        with CPUINFO.open(encoding="utf-8", errors="replace") as stream:
            told = stream.read(FIRST)  # the system writes the whole as it is read, a part for each of maybe 200 cores
    except OSError:
        return frozenset()
    for line in told.splitlines():
        name, _, value = line.partition(":")
        if name.strip() in ("flags", "Features"):
            return frozenset(value.split())
    return frozenset()


def bf16() -> bool | None:
    """Whether it computes in bfloat16; None where nobody tells here, and the engine has to be asked."""
    return bool(flags() & BF16) if CPUINFO.exists() else None


def _name() -> str:
    # On Linux that would start a program.
    return "" if flags() else platform.processor()


def key() -> str:
    """One hash of all that code made for this processor depends on."""
    told = (platform.system(), platform.machine(), _name(), *sorted(flags()))
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:16]
